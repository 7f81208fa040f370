"""How a call went is kept: answers that were not understood, where it ended, how long a talk was.

Of earlier calls that is not known: their conversations count no answers, and no end is kept.
"""

import sqlalchemy as sa
from alembic import op

import mentoring.models

revision = "0024"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "call_ends",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("call_sid", sa.String(length=200), nullable=False),
        sa.Column("conversation_id", sa.Integer(), nullable=False),
        sa.Column("flow", sa.String(length=200), nullable=False),
        sa.Column("question", sa.String(length=200), nullable=False),
        sa.Column("effect", sa.String(length=200), nullable=True),
        sa.Column("heard", sa.Integer(), nullable=False),
        sa.Column("misheard", sa.Integer(), nullable=False),
        sa.Column("at", mentoring.models.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversations.id"], name=op.f("fk_call_ends_conversation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_call_ends")),
        sa.UniqueConstraint("call_sid", name=op.f("uq_call_ends_call_sid")),
    )
    with op.batch_alter_table("call_ends", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_call_ends_conversation_id"), ["conversation_id"], unique=False
        )
    with op.batch_alter_table("conversations", schema=None) as batch_op:
        for name in ("heard", "misheard"):
            batch_op.add_column(sa.Column(name, sa.Integer(), nullable=False, server_default="0"))
    with op.batch_alter_table("conversations", schema=None) as batch_op:
        for name in ("heard", "misheard"):
            batch_op.alter_column(name, server_default=None)
    with op.batch_alter_table("screening_checks", schema=None) as batch_op:
        batch_op.add_column(sa.Column("minutes", sa.Integer(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("screening_checks", schema=None) as batch_op:
        batch_op.drop_column("minutes")
    with op.batch_alter_table("conversations", schema=None) as batch_op:
        batch_op.drop_column("misheard")
        batch_op.drop_column("heard")
    op.drop_table("call_ends")
