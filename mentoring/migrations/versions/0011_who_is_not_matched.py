"""Who is not to be brought together."""

import sqlalchemy as sa
from alembic import op

import mentoring.models

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "match_bars",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("protege_id", sa.Integer(), nullable=False),
        sa.Column("mentor_id", sa.Integer(), nullable=False),
        sa.Column(
            "reason",
            sa.Enum(
                "protege_request",
                "mentor_request",
                "family",
                "competitor",
                "staff",
                name="barreason",
                native_enum=False,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("actor", sa.String(length=200), nullable=False),
        sa.Column("at", mentoring.models.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["mentor_id"], ["people.id"], name=op.f("fk_match_bars_mentor_id")),
        sa.ForeignKeyConstraint(
            ["protege_id"], ["people.id"], name=op.f("fk_match_bars_protege_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_match_bars")),
        sa.UniqueConstraint(
            "protege_id", "mentor_id", name=op.f("uq_match_bars_protege_id_mentor_id")
        ),
    )
    with op.batch_alter_table("match_bars", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_match_bars_mentor_id"), ["mentor_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("match_bars", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_match_bars_mentor_id"))

    op.drop_table("match_bars")
