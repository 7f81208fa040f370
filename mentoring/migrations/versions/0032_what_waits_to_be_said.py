"""Whoever takes no texts is told at their next call; what they are to be told waits in a table."""

import sqlalchemy as sa
from alembic import op

from mentoring.models import UtcDateTime

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None

_time = UtcDateTime(timezone=True)
_WAITING = sa.text("said_at IS NULL")


def upgrade() -> None:
    op.create_table(
        "spoken_notices",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("match_id", sa.Integer(), nullable=True),
        sa.Column("prompt", sa.String(length=200), nullable=False),
        sa.Column("words_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("dedupe_key", sa.String(length=200), nullable=False),
        sa.Column("made_at", _time, nullable=False),
        sa.Column("said_at", _time, nullable=True),
        sa.Column("key", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["match_id"], ["matches.id"], name=op.f("fk_spoken_notices_match_id")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_spoken_notices_person_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_spoken_notices")),
        sa.UniqueConstraint("dedupe_key", name=op.f("uq_spoken_notices_dedupe_key")),
        sa.UniqueConstraint("key", name=op.f("uq_spoken_notices_key")),
    )
    op.create_index(
        "ix_spoken_notices_waiting",
        "spoken_notices",
        ["person_id"],
        unique=False,
        postgresql_where=_WAITING,
        sqlite_where=_WAITING,
    )
    op.create_index(op.f("ix_spoken_notices_made_at"), "spoken_notices", ["made_at"], unique=False)


def downgrade() -> None:
    op.drop_table("spoken_notices")
