"""The last talk of a match is a talk like any other: a row of `talks` that says so, one at a time."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_COUNTING = sa.text("is_last AND state NOT IN ('moved', 'cancelled', 'missed')")


def upgrade() -> None:
    # Whatever was planned until now is none; a last talk that waits as a due alone ends as it began.
    with op.batch_alter_table("talks", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("is_last", sa.Boolean(), nullable=False, server_default=sa.false())
        )
    with op.batch_alter_table("talks", schema=None) as batch_op:
        batch_op.alter_column("is_last", server_default=None)
        batch_op.create_index(
            "uq_talks_match_id_last",
            ["match_id"],
            unique=True,
            postgresql_where=_COUNTING,
            sqlite_where=_COUNTING,
        )


def downgrade() -> None:
    with op.batch_alter_table("talks", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_talks_match_id_last", postgresql_where=_COUNTING, sqlite_where=_COUNTING
        )
        batch_op.drop_column("is_last")
