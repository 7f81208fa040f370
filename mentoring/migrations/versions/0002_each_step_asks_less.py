"""What lets each step of a call ask the database less: numbered codes, notes announced later"""

import sqlalchemy as sa
from alembic import op

import mentoring.models

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_NUMBERS = (
    ("protege_numbers", "people", "P"),
    ("mentor_numbers", "people", "M"),
    ("match_numbers", "matches", "K"),
)
_OPEN = sa.text("ended_at IS NULL")
_UNANNOUNCED = sa.text("announced_at IS NULL AND sent_at IS NOT NULL")


def upgrade() -> None:
    for numbers, table, letter in _NUMBERS:
        op.create_table(
            numbers,
            sa.Column("id", sa.Integer(), nullable=False),
            sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{numbers}")),
        )
        given = sa.table(table, sa.column("code", sa.String()))
        number = sa.cast(sa.func.substr(given.c.code, 2), sa.Integer())
        old = sa.select(number).where(sa.func.substr(given.c.code, 1, 1) == letter)
        op.execute(sa.insert(sa.table(numbers, sa.column("id"))).from_select(["id"], old))
    if op.get_bind().dialect.name == "postgresql":
        for numbers, _, _ in _NUMBERS:
            counter = sa.func.pg_get_serial_sequence(numbers, "id")
            rows = sa.table(numbers, sa.column("id", sa.Integer()))
            newest = sa.select(sa.func.max(rows.c.id))
            op.execute(sa.select(sa.func.setval(counter, newest.scalar_subquery())))
        # Tables made by the first step today have none of these; SQLite's older ones keep theirs,
        # which do no harm there.
        op.execute("ALTER TABLE contacts DROP CONSTRAINT IF EXISTS fk_contacts_line_id")
        op.execute("ALTER TABLE deliveries DROP CONSTRAINT IF EXISTS fk_deliveries_from_line_id")
    with op.batch_alter_table("call_legs", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("asked_at", mentoring.models.UtcDateTime(timezone=True), nullable=True)
        )
        batch_op.create_index(
            "ix_call_legs_open",
            ["started_at"],
            unique=False,
            postgresql_where=_OPEN,
            sqlite_where=_OPEN,
        )
        batch_op.create_index(batch_op.f("ix_call_legs_parent_sid"), ["parent_sid"], unique=False)
    with op.batch_alter_table("recordings", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("announced_at", mentoring.models.UtcDateTime(timezone=True), nullable=True)
        )
        batch_op.create_index(batch_op.f("ix_recordings_call_sid"), ["call_sid"], unique=False)
        batch_op.create_index(
            "ix_recordings_unannounced",
            ["sent_at"],
            unique=False,
            postgresql_where=_UNANNOUNCED,
            sqlite_where=_UNANNOUNCED,
        )
    # Whoever a note was left for before today has been told already.
    op.execute("UPDATE recordings SET announced_at = sent_at WHERE sent_at IS NOT NULL")


def downgrade() -> None:
    with op.batch_alter_table("recordings", schema=None) as batch_op:
        batch_op.drop_index("ix_recordings_unannounced")
        batch_op.drop_index(batch_op.f("ix_recordings_call_sid"))
        batch_op.drop_column("announced_at")
    with op.batch_alter_table("call_legs", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_call_legs_parent_sid"))
        batch_op.drop_index("ix_call_legs_open")
        batch_op.drop_column("asked_at")
    for numbers, _, _ in _NUMBERS:
        op.drop_table(numbers)
