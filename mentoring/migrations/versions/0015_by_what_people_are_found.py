"""Numbers are found by four digits, staff have passkeys, and references are asked by text."""

import sqlalchemy as sa
from alembic import op

import mentoring.models

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("phones", schema=None) as batch_op:
        batch_op.add_column(sa.Column("ending_index", sa.LargeBinary(length=32), nullable=True))
        batch_op.create_index(batch_op.f("ix_phones_ending_index"), ["ending_index"], unique=False)

    with op.batch_alter_table("person_references", schema=None) as batch_op:
        batch_op.add_column(sa.Column("phone_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("zone", sa.String(length=200), nullable=True))
        batch_op.add_column(
            sa.Column("texted_at", mentoring.models.UtcDateTime(timezone=True), nullable=True)
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_person_references_phone_id"), "phones", ["phone_id"], ["id"]
        )
        batch_op.create_index(
            batch_op.f("ix_person_references_phone_id"), ["phone_id"], unique=False
        )

    op.create_table(
        "passkeys",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("credential_id", sa.LargeBinary(), nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("sign_count", sa.BigInteger(), nullable=False),
        sa.Column("created_at", mentoring.models.UtcDateTime(timezone=True), nullable=False),
        sa.Column("used_at", mentoring.models.UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["staff_accounts.id"], name=op.f("fk_passkeys_account_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_passkeys")),
        sa.UniqueConstraint("credential_id", name=op.f("uq_passkeys_credential_id")),
    )
    with op.batch_alter_table("passkeys", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_passkeys_account_id"), ["account_id"], unique=False)

    op.create_table(
        "passkey_challenges",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("challenge", sa.LargeBinary(length=64), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("made_at", mentoring.models.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["staff_accounts.id"], name=op.f("fk_passkey_challenges_account_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_passkey_challenges")),
        sa.UniqueConstraint("challenge", name=op.f("uq_passkey_challenges_challenge")),
    )


def downgrade() -> None:
    op.drop_table("passkey_challenges")
    with op.batch_alter_table("passkeys", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_passkeys_account_id"))

    op.drop_table("passkeys")
    with op.batch_alter_table("person_references", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_person_references_phone_id"))
        batch_op.drop_constraint(batch_op.f("fk_person_references_phone_id"), type_="foreignkey")
        batch_op.drop_column("texted_at")
        batch_op.drop_column("zone")
        batch_op.drop_column("phone_id")

    with op.batch_alter_table("phones", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_phones_ending_index"))
        batch_op.drop_column("ending_index")
