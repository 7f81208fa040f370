"""Pages answer at once: who came near is kept beside who fits, and what is open has an index."""

import sqlalchemy as sa
from alembic import op

import mentoring.models

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

_INDEXED = (
    ("staff_tasks", ("person_id",)),
    ("staff_tasks", ("match_id",)),
    ("staff_tasks", ("opened_at",)),
    ("audit_entries", ("entity", "entity_id")),
    ("people", ("state",)),
)


def _name(table: str, columns: tuple[str, ...]) -> str:
    return op.f(f"ix_{table}_{'_'.join(columns)}")


def upgrade() -> None:
    # The plan is worked out again every night, and one without these would tell half of it.
    _forget_the_plan()
    with op.batch_alter_table("planned_matches", schema=None, recreate="always") as batch_op:
        batch_op.add_column(sa.Column("near", sa.JSON(), nullable=False))
        batch_op.add_column(
            sa.Column("worked_out_at", mentoring.models.UtcDateTime(timezone=True), nullable=False)
        )
    with op.batch_alter_table("staff_tasks", schema=None) as batch_op:
        batch_op.create_index(
            "ix_staff_tasks_open",
            ["rule"],
            unique=False,
            postgresql_where=sa.text("done_at IS NULL"),
            sqlite_where=sa.text("done_at IS NULL"),
        )
    for table, columns in _INDEXED:
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.create_index(_name(table, columns), list(columns), unique=False)


def downgrade() -> None:
    for table, columns in reversed(_INDEXED):
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.drop_index(_name(table, columns))
    with op.batch_alter_table("staff_tasks", schema=None) as batch_op:
        batch_op.drop_index("ix_staff_tasks_open")
    with op.batch_alter_table("planned_matches", schema=None) as batch_op:
        batch_op.drop_column("worked_out_at")
        batch_op.drop_column("near")


def _forget_the_plan() -> None:
    op.execute(sa.delete(sa.table("planned_matches")))
    marks = sa.table("marks", sa.column("name"))
    op.execute(sa.delete(marks).where(marks.c.name == "matches planned"))
