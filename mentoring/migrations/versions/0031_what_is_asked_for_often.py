"""What is asked for with every text and call is found by an index, however much there is.

SQLite uses an index of only some rows where a statement holds its very words, and ours say
`lasting IS 1`.
"""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None

_UNSETTLED = sa.text("status IN ('queued', 'sending', 'uncertain')")
_INVITED = sa.text("invitation_id IS NOT NULL")


def upgrade() -> None:
    op.create_index(
        "ix_deliveries_thread_due",
        "deliveries",
        ["to_phone_id", "from_line_id", "id"],
        unique=False,
        postgresql_where=_UNSETTLED,
        sqlite_where=_UNSETTLED,
    )
    op.create_index(
        "ix_deliveries_invited",
        "deliveries",
        ["invitation_id"],
        unique=False,
        postgresql_where=_INVITED,
        sqlite_where=_INVITED,
    )
    _index_open_conversations("lasting IS 1 AND status = 'open'")


def downgrade() -> None:
    _index_open_conversations("lasting AND status = 'open'")
    op.drop_index("ix_deliveries_invited", table_name="deliveries")
    op.drop_index("ix_deliveries_thread_due", table_name="deliveries")


def _index_open_conversations(condition: str) -> None:
    if op.get_bind().dialect.name != "sqlite":
        return
    op.drop_index("uq_conversations_lasting_open", table_name="conversations")
    op.create_index(
        "uq_conversations_lasting_open",
        "conversations",
        ["phone_id"],
        unique=True,
        sqlite_where=sa.text(condition),
    )
