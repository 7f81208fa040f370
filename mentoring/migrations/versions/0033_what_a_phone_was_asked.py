"""What is open or put aside on a phone is looked up by the phone, in a step of a call as well."""

from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(op.f("ix_conversations_phone_id"), "conversations", ["phone_id"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_conversations_phone_id"), table_name="conversations")
