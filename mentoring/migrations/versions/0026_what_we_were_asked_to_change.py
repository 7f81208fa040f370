"""What people asked us to change is kept with what came of it, and words that may be quoted."""

import sqlalchemy as sa
from alembic import op

from mentoring.models import UtcDateTime

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

_time = UtcDateTime(timezone=True)
_words = sa.String(length=200)


def upgrade() -> None:
    op.create_table(
        "feedback",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("answer_id", sa.Integer(), nullable=True),
        sa.Column("heard_in", sa.String(length=24), nullable=False),
        sa.Column("words_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("words_index", sa.LargeBinary(length=32), nullable=True),
        sa.Column("action", _words, nullable=False),
        sa.Column("task_id", sa.Integer(), nullable=False),
        sa.Column("written_by", _words, nullable=False),
        sa.Column("written_at", _time, nullable=False),
        sa.Column("changed", _words, nullable=True),
        sa.Column("done_at", _time, nullable=True),
        sa.Column("key", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_feedback_person_id")),
        sa.ForeignKeyConstraint(["answer_id"], ["answers.id"], name=op.f("fk_feedback_answer_id")),
        sa.ForeignKeyConstraint(["task_id"], ["staff_tasks.id"], name=op.f("fk_feedback_task_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feedback")),
        *_each_once("feedback", "answer_id", "words_index", "task_id", "key"),
    )
    op.create_index(op.f("ix_feedback_person_id"), "feedback", ["person_id"], unique=False)
    op.create_index(op.f("ix_feedback_done_at"), "feedback", ["done_at"], unique=False)
    op.create_table(
        "quotes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("words_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("words_index", sa.LargeBinary(length=32), nullable=True),
        sa.Column("named_as", _words, nullable=False),
        sa.Column("permitted_on", sa.Date(), nullable=False),
        sa.Column("how", sa.String(length=24), nullable=False),
        sa.Column("taken_by", _words, nullable=False),
        sa.Column("written_at", _time, nullable=False),
        sa.Column("withdrawn_at", _time, nullable=True),
        sa.Column("key", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_quotes_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quotes")),
        *_each_once("quotes", "words_index", "key"),
    )
    op.create_index(op.f("ix_quotes_person_id"), "quotes", ["person_id"], unique=False)
    op.create_index(op.f("ix_quotes_permitted_on"), "quotes", ["permitted_on"], unique=False)


def _each_once(table: str, *columns: str) -> list[sa.UniqueConstraint]:
    return [sa.UniqueConstraint(each, name=op.f(f"uq_{table}_{each}")) for each in columns]


def downgrade() -> None:
    op.drop_table("quotes")
    op.drop_table("feedback")
