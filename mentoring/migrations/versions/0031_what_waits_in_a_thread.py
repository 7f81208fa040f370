"""What waits in one thread is found without a look at all that ever left in it."""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None

_UNSETTLED = sa.text("status IN ('queued', 'sending', 'uncertain')")


def upgrade() -> None:
    op.create_index(
        "ix_deliveries_thread_due",
        "deliveries",
        ["to_phone_id", "from_line_id", "id"],
        unique=False,
        postgresql_where=_UNSETTLED,
        sqlite_where=_UNSETTLED,
    )


def downgrade() -> None:
    op.drop_index("ix_deliveries_thread_due", table_name="deliveries")
