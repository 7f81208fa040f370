"""Finding the newest texts to a phone, and the calls that wait, without looking at all texts."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_WAITING_CALLS = "kind = 'call' AND status IN ('queued', 'sending', 'uncertain')"


def upgrade() -> None:
    with op.batch_alter_table("deliveries", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_deliveries_to_phone_id_created_at"),
            ["to_phone_id", "created_at"],
            unique=False,
        )
        batch_op.create_index(
            "ix_deliveries_calls_due",
            ["not_before"],
            unique=False,
            postgresql_where=sa.text(_WAITING_CALLS),
            sqlite_where=sa.text(_WAITING_CALLS),
        )


def downgrade() -> None:
    with op.batch_alter_table("deliveries", schema=None) as batch_op:
        batch_op.drop_index("ix_deliveries_calls_due")
        batch_op.drop_index(batch_op.f("ix_deliveries_to_phone_id_created_at"))
