"""What waits for its moment: dues and invitations; plans; automated calls; alerts"""

import sqlalchemy as sa
from alembic import op

import mentoring.models

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "invitations",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("flow", sa.String(length=200), nullable=False),
        sa.Column("match_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "waiting",
                "asked",
                "answered",
                "lapsed",
                "cancelled",
                name="invitationstate",
                native_enum=False,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("due_at", mentoring.models.UtcDateTime(timezone=True), nullable=False),
        sa.Column("asked_at", mentoring.models.UtcDateTime(timezone=True), nullable=True),
        sa.Column("settled_at", mentoring.models.UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["match_id"], ["matches.id"], name=op.f("fk_invitations_match_id")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_invitations_person_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitations")),
        sa.UniqueConstraint(
            "match_id",
            "person_id",
            "flow",
            "number",
            name=op.f("uq_invitations_match_id_person_id_flow_number"),
        ),
    )
    with op.batch_alter_table("invitations", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_invitations_person_id_state"), ["person_id", "state"], unique=False
        )

    op.create_table(
        "dues",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("invite", "calendar", "plan", name="duekind", native_enum=False, length=24),
            nullable=False,
        ),
        sa.Column("match_id", sa.Integer(), nullable=True),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("invitation_id", sa.Integer(), nullable=True),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("due_at", mentoring.models.UtcDateTime(timezone=True), nullable=False),
        sa.Column("faults", sa.Integer(), nullable=False),
        sa.Column("dedupe_key", sa.String(length=200), nullable=False),
        sa.Column("created_at", mentoring.models.UtcDateTime(timezone=True), nullable=False),
        sa.Column("done_at", mentoring.models.UtcDateTime(timezone=True), nullable=True),
        sa.Column("outcome", sa.String(length=200), nullable=True),
        sa.ForeignKeyConstraint(
            ["invitation_id"], ["invitations.id"], name=op.f("fk_dues_invitation_id")
        ),
        sa.ForeignKeyConstraint(["match_id"], ["matches.id"], name=op.f("fk_dues_match_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_dues_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dues")),
        sa.UniqueConstraint("dedupe_key", name=op.f("uq_dues_dedupe_key")),
    )
    with op.batch_alter_table("dues", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_dues_invitation_id"), ["invitation_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_dues_match_id"), ["match_id"], unique=False)
        batch_op.create_index(
            "ix_dues_waiting",
            ["due_at", "id"],
            unique=False,
            postgresql_where=sa.text("done_at IS NULL"),
            sqlite_where=sa.text("done_at IS NULL"),
        )

    op.create_table(
        "plans",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("match_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("rhythm", sa.String(length=200), nullable=False),
        sa.Column("slot", sa.String(length=200), nullable=False),
        sa.Column("zone", sa.String(length=200), nullable=False),
        sa.Column("reply", sa.String(length=200), nullable=False),
        sa.Column("goal_answer_id", sa.Integer(), nullable=True),
        sa.Column("target", sa.String(length=200), nullable=True),
        sa.Column("proposed_at", mentoring.models.UtcDateTime(timezone=True), nullable=False),
        sa.Column("protege_agreed_at", mentoring.models.UtcDateTime(timezone=True), nullable=True),
        sa.Column("mentor_agreed_at", mentoring.models.UtcDateTime(timezone=True), nullable=True),
        sa.Column("ended_at", mentoring.models.UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["goal_answer_id"], ["answers.id"], name=op.f("fk_plans_goal_answer_id")
        ),
        sa.ForeignKeyConstraint(["match_id"], ["matches.id"], name=op.f("fk_plans_match_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plans")),
        sa.UniqueConstraint("match_id", "version", name=op.f("uq_plans_match_id_version")),
    )
    with op.batch_alter_table("deliveries", schema=None) as batch_op:
        batch_op.add_column(sa.Column("flow", sa.String(length=200), nullable=True))
        batch_op.add_column(sa.Column("match_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("invitation_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(
            batch_op.f("fk_deliveries_invitation_id"), "invitations", ["invitation_id"], ["id"]
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_deliveries_match_id"), "matches", ["match_id"], ["id"]
        )

    with op.batch_alter_table("conversations", schema=None) as batch_op:
        batch_op.add_column(sa.Column("invitation_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(
            batch_op.f("fk_conversations_invitation_id"), "invitations", ["invitation_id"], ["id"]
        )

    with op.batch_alter_table("staff_tasks", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "severity",
                sa.Enum(
                    "low",
                    "medium",
                    "high",
                    "critical",
                    name="severity",
                    native_enum=False,
                    length=24,
                ),
                nullable=True,
            )
        )
        batch_op.add_column(sa.Column("owner_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("open_key", sa.String(length=200), nullable=True))
        batch_op.create_unique_constraint(batch_op.f("uq_staff_tasks_open_key"), ["open_key"])
        batch_op.create_foreign_key(
            batch_op.f("fk_staff_tasks_owner_id"), "staff", ["owner_id"], ["id"]
        )


def downgrade() -> None:
    with op.batch_alter_table("staff_tasks", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_staff_tasks_owner_id"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("uq_staff_tasks_open_key"), type_="unique")
        batch_op.drop_column("open_key")
        batch_op.drop_column("owner_id")
        batch_op.drop_column("severity")

    with op.batch_alter_table("conversations", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_conversations_invitation_id"), type_="foreignkey")
        batch_op.drop_column("invitation_id")

    with op.batch_alter_table("deliveries", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_deliveries_match_id"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("fk_deliveries_invitation_id"), type_="foreignkey")
        batch_op.drop_column("invitation_id")
        batch_op.drop_column("match_id")
        batch_op.drop_column("flow")

    op.drop_table("plans")
    with op.batch_alter_table("dues", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_dues_waiting",
            postgresql_where=sa.text("done_at IS NULL"),
            sqlite_where=sa.text("done_at IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_dues_match_id"))
        batch_op.drop_index(batch_op.f("ix_dues_invitation_id"))

    op.drop_table("dues")
    with op.batch_alter_table("invitations", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_invitations_person_id_state"))

    op.drop_table("invitations")
