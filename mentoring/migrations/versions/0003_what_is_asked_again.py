"""What is asked again: texts without a report, and moments that outlive every process"""

import sqlalchemy as sa
from alembic import op

import mentoring.models

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_TO_ASK = sa.text("ask_at IS NOT NULL")


def upgrade() -> None:
    op.create_table(
        "marks",
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("at", mentoring.models.UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_marks")),
    )
    with op.batch_alter_table("deliveries", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("ask_at", mentoring.models.UtcDateTime(timezone=True), nullable=True)
        )
        batch_op.create_index(
            "ix_deliveries_to_ask",
            ["ask_at"],
            unique=False,
            postgresql_where=_TO_ASK,
            sqlite_where=_TO_ASK,
        )
    # Texts that were left without a report before today are asked about as well.
    op.execute("UPDATE deliveries SET ask_at = claimed_at WHERE status IN ('accepted', 'sent')")


def downgrade() -> None:
    with op.batch_alter_table("deliveries", schema=None) as batch_op:
        batch_op.drop_index("ix_deliveries_to_ask")
        batch_op.drop_column("ask_at")
    op.drop_table("marks")
