"""The talks of a pair, and the dues that are about one"""

import sqlalchemy as sa
from alembic import op

import mentoring.models

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_COUNTING = sa.text("state NOT IN ('moved', 'cancelled')")


def upgrade() -> None:
    op.create_table(
        "talks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("match_id", sa.Integer(), nullable=False),
        sa.Column("at", mentoring.models.UtcDateTime(timezone=True), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "planned",
                "reminded",
                "ringing",
                "held",
                "missed",
                "moved",
                "cancelled",
                name="talkstate",
                native_enum=False,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("booked_by_id", sa.Integer(), nullable=True),
        sa.Column("ring_first_id", sa.Integer(), nullable=True),
        sa.Column("ring_next_id", sa.Integer(), nullable=True),
        sa.Column("contact_id", sa.Integer(), nullable=True),
        sa.Column("created_at", mentoring.models.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["booked_by_id"], ["people.id"], name=op.f("fk_talks_booked_by_id")
        ),
        sa.ForeignKeyConstraint(["contact_id"], ["contacts.id"], name=op.f("fk_talks_contact_id")),
        sa.ForeignKeyConstraint(["match_id"], ["matches.id"], name=op.f("fk_talks_match_id")),
        sa.ForeignKeyConstraint(
            ["ring_first_id"], ["people.id"], name=op.f("fk_talks_ring_first_id")
        ),
        sa.ForeignKeyConstraint(
            ["ring_next_id"], ["people.id"], name=op.f("fk_talks_ring_next_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_talks")),
    )
    with op.batch_alter_table("talks", schema=None) as batch_op:
        batch_op.create_index(
            "uq_talks_match_id_at_counting",
            ["match_id", "at"],
            unique=True,
            postgresql_where=_COUNTING,
            sqlite_where=_COUNTING,
        )

    with op.batch_alter_table("dues", schema=None) as batch_op:
        batch_op.add_column(sa.Column("talk_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(batch_op.f("fk_dues_talk_id"), "talks", ["talk_id"], ["id"])
        batch_op.create_index(batch_op.f("ix_dues_talk_id"), ["talk_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("dues", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_dues_talk_id"))
        batch_op.drop_constraint(batch_op.f("fk_dues_talk_id"), type_="foreignkey")
        batch_op.drop_column("talk_id")

    with op.batch_alter_table("talks", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_talks_match_id_at_counting", postgresql_where=_COUNTING, sqlite_where=_COUNTING
        )

    op.drop_table("talks")
