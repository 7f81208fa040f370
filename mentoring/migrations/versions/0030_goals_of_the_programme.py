"""The programme has goals, each with a target, an owner, a day, and what came of it."""

import sqlalchemy as sa
from alembic import op

from mentoring.models import UtcDateTime

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

_time = UtcDateTime(timezone=True)
_words = sa.String(length=200)


def upgrade() -> None:
    op.create_table(
        "goals",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("words", _words, nullable=False),
        sa.Column("target", _words, nullable=False),
        sa.Column("measure", _words, nullable=True),
        sa.Column("owner_id", sa.Integer(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("set_by", _words, nullable=False),
        sa.Column("set_at", _time, nullable=False),
        sa.Column("outcome", sa.String(length=24), nullable=True),
        sa.Column("result", _words, nullable=True),
        sa.Column("done_at", _time, nullable=True),
        sa.ForeignKeyConstraint(["owner_id"], ["staff.id"], name=op.f("fk_goals_owner_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_goals")),
        sa.UniqueConstraint("words", "due_on", name=op.f("uq_goals_words_due_on")),
    )
    op.create_index(op.f("ix_goals_due_on"), "goals", ["due_on"], unique=False)


def downgrade() -> None:
    op.drop_table("goals")
