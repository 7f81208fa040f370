"""How somebody is taken on: checks, references, decisions, and questions before there is a match."""

import sqlalchemy as sa
from alembic import op

import mentoring.models

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def _word(*members: str, name: str) -> sa.Enum:
    return sa.Enum(*members, name=name, native_enum=False, length=24)


def upgrade() -> None:
    op.create_table(
        "screening_checks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("item", sa.String(length=200), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("how", _word("call", "text", "in_person", name="how"), nullable=False),
        sa.Column("actor", sa.String(length=200), nullable=False),
        sa.Column("words_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("at", mentoring.models.UtcDateTime(timezone=True), nullable=False),
        sa.Column("key", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_screening_checks_person_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_screening_checks")),
        sa.UniqueConstraint("key", name=op.f("uq_screening_checks_key")),
        sa.UniqueConstraint("person_id", "item", name=op.f("uq_screening_checks_person_id_item")),
    )
    op.create_table(
        "person_references",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("name_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("number_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("agreed", sa.String(length=200), nullable=False),
        sa.Column("added_by", sa.String(length=200), nullable=False),
        sa.Column("added_at", mentoring.models.UtcDateTime(timezone=True), nullable=False),
        sa.Column("asked_at", mentoring.models.UtcDateTime(timezone=True), nullable=True),
        sa.Column("answered_at", mentoring.models.UtcDateTime(timezone=True), nullable=True),
        sa.Column("answered_by", sa.String(length=200), nullable=True),
        sa.Column("verdict", _word("good", "doubts", name="verdict"), nullable=True),
        sa.Column("words_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("key", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_person_references_person_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person_references")),
        sa.UniqueConstraint("key", name=op.f("uq_person_references_key")),
    )
    with op.batch_alter_table("person_references", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_person_references_person_id"), ["person_id"], unique=False
        )

    op.create_table(
        "decisions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column(
            "outcome",
            _word("eligible", "referred", "declined", name="decisionoutcome"),
            nullable=False,
        ),
        sa.Column(
            "reason",
            _word(
                *("fits", "other_service", "not_yet", "outside", "references", "checks"),
                *("conduct", "other"),
                name="decisionreason",
            ),
            nullable=False,
        ),
        sa.Column("actor", sa.String(length=200), nullable=False),
        sa.Column("words_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("at", mentoring.models.UtcDateTime(timezone=True), nullable=False),
        sa.Column("key", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_decisions_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decisions")),
        sa.UniqueConstraint("key", name=op.f("uq_decisions_key")),
    )
    with op.batch_alter_table("decisions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_decisions_person_id"), ["person_id"], unique=False)

    with op.batch_alter_table("invitations", schema=None) as batch_op:
        batch_op.alter_column("match_id", existing_type=sa.Integer(), nullable=True)
        batch_op.create_index(
            "uq_invitations_without_match",
            ["person_id", "flow", "number"],
            unique=True,
            postgresql_where=sa.text("match_id IS NULL"),
            sqlite_where=sa.text("match_id IS NULL"),
        )


def downgrade() -> None:
    # What was asked of somebody without a match has no place in the older table.
    for table in ("dues", "deliveries", "conversations"):
        op.execute(
            f"UPDATE {table} SET invitation_id = NULL WHERE invitation_id IN"  # noqa: S608
            " (SELECT id FROM invitations WHERE match_id IS NULL)"
        )
    op.execute("DELETE FROM invitations WHERE match_id IS NULL")
    with op.batch_alter_table("invitations", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_invitations_without_match",
            postgresql_where=sa.text("match_id IS NULL"),
            sqlite_where=sa.text("match_id IS NULL"),
        )
        batch_op.alter_column("match_id", existing_type=sa.Integer(), nullable=False)

    with op.batch_alter_table("decisions", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_decisions_person_id"))

    op.drop_table("decisions")
    with op.batch_alter_table("person_references", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_person_references_person_id"))

    op.drop_table("person_references")
    op.drop_table("screening_checks")
