"""Staff note a talk in which a mentor got tips, with its minutes: it counts as training.

Of earlier talks that is not known.
"""

import sqlalchemy as sa
from alembic import op

import mentoring.models

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "training_talks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column(
            "how",
            sa.Enum("call", "text", "in_person", name="how", native_enum=False, length=24),
            nullable=False,
        ),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("actor", sa.String(length=200), nullable=False),
        sa.Column("at", mentoring.models.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_training_talks_person_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_training_talks")),
        sa.UniqueConstraint(
            "person_id",
            "held_on",
            "how",
            name=op.f("uq_training_talks_person_id_held_on_how"),
        ),
    )


def downgrade() -> None:
    op.drop_table("training_talks")
