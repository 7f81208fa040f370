"""What was typed into a form is kept for an hour when the session of whoever typed it has ended."""

import sqlalchemy as sa
from alembic import op

from mentoring.models import UtcDateTime

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "unsent_forms",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("browser_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("kept_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("form_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("key", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["staff_accounts.id"],
            name=op.f("fk_unsent_forms_account_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unsent_forms")),
        sa.UniqueConstraint("key", name=op.f("uq_unsent_forms_key")),
    )
    with op.batch_alter_table("unsent_forms", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_unsent_forms_account_id"), ["account_id"])
        batch_op.create_index(batch_op.f("ix_unsent_forms_browser_hash"), ["browser_hash"])


def downgrade() -> None:
    with op.batch_alter_table("unsent_forms", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_unsent_forms_browser_hash"))
        batch_op.drop_index(batch_op.f("ix_unsent_forms_account_id"))
    op.drop_table("unsent_forms")
