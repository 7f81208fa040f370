"""What lets each step of a call ask the database less: counted codes, notes announced later"""

import sqlalchemy as sa
from alembic import op

import mentoring.models

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_OPEN = sa.text("ended_at IS NULL")
_UNANNOUNCED = sa.text("announced_at IS NULL AND sent_at IS NOT NULL")


def upgrade() -> None:
    op.create_table(
        "code_counters",
        sa.Column("letter", sa.String(length=200), nullable=False),
        sa.Column("newest", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("letter", name=op.f("pk_code_counters")),
    )
    op.execute(
        "INSERT INTO code_counters (letter, newest)"
        " SELECT substr(code, 1, 1), max(CAST(substr(code, 2) AS INTEGER))"
        " FROM (SELECT code FROM people UNION ALL SELECT code FROM matches) AS codes"
        " GROUP BY substr(code, 1, 1)"
    )
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
    op.drop_table("code_counters")
