"""Who is paged about a critical alert, and since when somebody sees to it."""

import sqlalchemy as sa
from alembic import op

import mentoring.models

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("staff_tasks", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("accepted_at", mentoring.models.UtcDateTime(timezone=True), nullable=True)
        )
    with op.batch_alter_table("dues", schema=None) as batch_op:
        batch_op.add_column(sa.Column("task_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(
            batch_op.f("fk_dues_task_id"), "staff_tasks", ["task_id"], ["id"]
        )
        batch_op.create_index(batch_op.f("ix_dues_task_id"), ["task_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("dues", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_dues_task_id"))
        batch_op.drop_constraint(batch_op.f("fk_dues_task_id"), type_="foreignkey")
        batch_op.drop_column("task_id")
    with op.batch_alter_table("staff_tasks", schema=None) as batch_op:
        batch_op.drop_column("accepted_at")
