"""What is asked for with every text and call is found by an index, however much there is.

An index of only some rows is used where a statement holds its very words: ours say `lasting IS 1`
on SQLite and `lasting IS true` on PostgreSQL, and both read all conversations with each text.
"""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None

_UNSETTLED = "status IN ('queued', 'sending', 'uncertain')"
# Each new index: its name, its table, its columns, and of which rows, if not of all.
_NEW = (
    ("ix_deliveries_thread_due", "deliveries", ("to_phone_id", "from_line_id", "id"), _UNSETTLED),
    ("ix_deliveries_invited", "deliveries", ("invitation_id",), "invitation_id IS NOT NULL"),
    ("ix_conversations_invited", "conversations", ("invitation_id",), "invitation_id IS NOT NULL"),
    ("ix_recordings_match_id", "recordings", ("match_id",), None),
    ("ix_talks_match_id", "talks", ("match_id",), None),
    ("ix_consents_person_id", "consents", ("person_id",), None),
    ("ix_invitations_flow_number", "invitations", ("flow", "number"), None),
)


def upgrade() -> None:
    for name, table, columns, rows in _NEW:
        only = sa.text(rows) if rows else None
        op.create_index(
            name, table, list(columns), unique=False, postgresql_where=only, sqlite_where=only
        )
    _index_open_conversations(
        postgresql="lasting IS true AND status = 'open'", sqlite="lasting IS 1 AND status = 'open'"
    )


def downgrade() -> None:
    before = "lasting AND status = 'open'"
    _index_open_conversations(postgresql=before, sqlite=before)
    for name, table, *_ in reversed(_NEW):
        op.drop_index(name, table_name=table)


def _index_open_conversations(*, postgresql: str, sqlite: str) -> None:
    op.drop_index("uq_conversations_lasting_open", table_name="conversations")
    op.create_index(
        "uq_conversations_lasting_open",
        "conversations",
        ["phone_id"],
        unique=True,
        postgresql_where=sa.text(postgresql),
        sqlite_where=sa.text(sqlite),
    )
