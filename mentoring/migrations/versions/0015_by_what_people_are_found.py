"""Phones are found by the last four digits of their number as well."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("phones", schema=None) as batch_op:
        batch_op.add_column(sa.Column("ending_index", sa.LargeBinary(length=32), nullable=True))
        batch_op.create_index(batch_op.f("ix_phones_ending_index"), ["ending_index"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("phones", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_phones_ending_index"))
        batch_op.drop_column("ending_index")
