"""Whoever answers a phone may say that it is a wrong number: then nothing of ours goes there.

Of numbers that are out of use already only the carrier has said so.
"""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("phones", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("disowned", sa.Boolean(), nullable=False, server_default=sa.false())
        )
    with op.batch_alter_table("phones", schema=None) as batch_op:
        batch_op.alter_column("disowned", server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("phones", schema=None) as batch_op:
        batch_op.drop_column("disowned")
