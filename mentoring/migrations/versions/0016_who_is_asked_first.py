"""Proposals, which ask both before a match, and the plan of matching as it was made last."""

import sqlalchemy as sa
from alembic import op

import mentoring.models

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

_OPEN = sa.text("settled_at IS NULL")


def _word(*members: str, name: str) -> sa.Enum:
    return sa.Enum(*members, name=name, native_enum=False, length=24)


def _moment(name: str, *, nullable: bool = True) -> sa.Column[object]:
    return sa.Column(name, mentoring.models.UtcDateTime(timezone=True), nullable=nullable)


def upgrade() -> None:
    op.create_table(
        "proposals",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("protege_id", sa.Integer(), nullable=False),
        sa.Column("mentor_id", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            _word(
                *("draft", "proposed_to_protege", "proposed_to_mentor", "accepted", "declined"),
                *("lapsed", "withdrawn"),
                name="proposalstate",
            ),
            nullable=False,
        ),
        sa.Column("actor", sa.String(length=200), nullable=False),
        sa.Column("override_reason", sa.String(length=200), nullable=True),
        sa.Column("score", sa.Integer(), nullable=False),
        sa.Column("said", sa.JSON(), nullable=False),
        _moment("created_at", nullable=False),
        _moment("sent_at"),
        sa.Column("protege_invitation_id", sa.Integer(), nullable=True),
        sa.Column("mentor_invitation_id", sa.Integer(), nullable=True),
        _moment("protege_said_at"),
        _moment("mentor_said_at"),
        _moment("settled_at"),
        sa.Column("ended_by", _word("protege", "mentor", name="role"), nullable=True),
        sa.Column("reason", sa.String(length=200), nullable=True),
        sa.Column("match_id", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposals")),
        *(
            sa.ForeignKeyConstraint([column], [target], name=op.f(f"fk_proposals_{column}"))
            for column, target in (
                ("protege_id", "people.id"),
                ("mentor_id", "people.id"),
                ("protege_invitation_id", "invitations.id"),
                ("mentor_invitation_id", "invitations.id"),
                ("match_id", "matches.id"),
            )
        ),
        *(
            sa.UniqueConstraint(column, name=op.f(f"uq_proposals_{column}"))
            for column in ("protege_invitation_id", "mentor_invitation_id", "match_id")
        ),
    )
    with op.batch_alter_table("proposals", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_proposals_protege_id"), ["protege_id"])
        batch_op.create_index(batch_op.f("ix_proposals_mentor_id"), ["mentor_id"])
        batch_op.create_index(
            "uq_proposals_protege_open",
            ["protege_id"],
            unique=True,
            postgresql_where=_OPEN,
            sqlite_where=_OPEN,
        )
    op.create_table(
        "planned_matches",
        sa.Column("protege_id", sa.Integer(), nullable=False),
        sa.Column("mentor_id", sa.Integer(), nullable=True),
        sa.Column("top", sa.JSON(), nullable=False),
        _moment("waits_since", nullable=False),
        sa.Column("fits_nobody", sa.Boolean(), nullable=False),
        sa.Column("language", sa.String(length=200), nullable=False),
        sa.Column("hours", sa.String(length=200), nullable=False),
        sa.Column("topic", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("protege_id", name=op.f("pk_planned_matches")),
        *(
            sa.ForeignKeyConstraint(
                [column], ["people.id"], name=op.f(f"fk_planned_matches_{column}")
            )
            for column in ("protege_id", "mentor_id")
        ),
    )
    with op.batch_alter_table("planned_matches", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_planned_matches_waits_since"), ["waits_since"])

    op.create_table(
        "planned_needs",
        sa.Column("kind", sa.String(length=200), nullable=False),
        sa.Column("code", sa.String(length=200), nullable=False),
        sa.Column("waiting", sa.Integer(), nullable=False),
        sa.Column("places", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("kind", "code", name=op.f("pk_planned_needs")),
    )


def downgrade() -> None:
    op.drop_table("planned_needs")
    op.drop_table("planned_matches")
    # Nobody of the older release could answer these questions.
    op.execute("DELETE FROM dues WHERE kind IN ('proposal', 'match_plan')")
    op.drop_table("proposals")
