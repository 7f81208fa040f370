"""What was put aside on a phone is looked up by the phone, in a step of a call as well."""

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None

_ASIDE = sa.text("effect = 'aside'")


def upgrade() -> None:
    op.create_index(
        "ix_conversations_aside",
        "conversations",
        ["phone_id"],
        unique=False,
        postgresql_where=_ASIDE,
        sqlite_where=_ASIDE,
    )


def downgrade() -> None:
    op.drop_index("ix_conversations_aside", table_name="conversations")
