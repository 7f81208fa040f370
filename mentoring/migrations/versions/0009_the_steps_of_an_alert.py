"""Which step of an alert is due: of a worry the first contact, then a plan, then the outcome."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Of every alert that is open by now the first step counts.
    with op.batch_alter_table("staff_tasks", schema=None) as batch_op:
        batch_op.add_column(sa.Column("step", sa.Integer(), nullable=False, server_default="0"))
    with op.batch_alter_table("staff_tasks", schema=None) as batch_op:
        batch_op.alter_column("step", server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("staff_tasks", schema=None) as batch_op:
        batch_op.drop_column("step")
