"""The wording as staff have edited it, and which edition an answer was given to."""

import sqlalchemy as sa
from alembic import op

import mentoring.models

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

_PLACE = ["prompt", "language", "community"]
# One edition of a place is live, and one is being drafted.
_ALONE = ("live", "draft")


def upgrade() -> None:
    op.create_table(
        "wording_editions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("prompt", sa.String(length=200), nullable=False),
        sa.Column("language", sa.String(length=200), nullable=False),
        sa.Column("community", sa.String(length=200), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        *(
            sa.Column(name, sa.Text(), nullable=False)
            for name in ("voice", "text", "short", "keys", "retry")
        ),
        sa.Column("labels", sa.JSON(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                *("draft", "live", "replaced", "rolled_back"),
                name="editionstate",
                native_enum=False,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("note", sa.String(length=200), nullable=False),
        sa.Column("actor", sa.String(length=200), nullable=False),
        sa.Column("at", mentoring.models.UtcDateTime(timezone=True), nullable=False),
        sa.Column("live_at", mentoring.models.UtcDateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wording_editions")),
        sa.UniqueConstraint(
            *_PLACE, "version", name=op.f("uq_wording_editions_prompt_language_community_version")
        ),
    )
    with op.batch_alter_table("wording_editions", schema=None) as batch_op:
        batch_op.create_index("ix_wording_editions_state", ["state"], unique=False)
        for state in _ALONE:
            batch_op.create_index(
                f"uq_wording_editions_{state}",
                _PLACE,
                unique=True,
                postgresql_where=sa.text(f"state = '{state}'"),
                sqlite_where=sa.text(f"state = '{state}'"),
            )

    op.create_table(
        "wording_reviews",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("prompt", sa.String(length=200), nullable=False),
        sa.Column("language", sa.String(length=200), nullable=False),
        sa.Column("fingerprint", sa.String(length=200), nullable=False),
        sa.Column("actor", sa.String(length=200), nullable=False),
        sa.Column("at", mentoring.models.UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wording_reviews")),
        sa.UniqueConstraint(
            *("prompt", "language", "fingerprint"),
            name=op.f("uq_wording_reviews_prompt_language_fingerprint"),
        ),
    )
    op.create_table(
        "wording_stamps",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("stamp", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wording_stamps")),
    )
    for table in ("answers", "consents"):
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.add_column(sa.Column("edition_id", sa.Integer(), nullable=True))
            batch_op.create_foreign_key(
                batch_op.f(f"fk_{table}_edition_id"), "wording_editions", ["edition_id"], ["id"]
            )


def downgrade() -> None:
    for table in ("answers", "consents"):
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.drop_constraint(batch_op.f(f"fk_{table}_edition_id"), type_="foreignkey")
            batch_op.drop_column("edition_id")

    op.drop_table("wording_stamps")
    op.drop_table("wording_reviews")
    op.drop_table("wording_editions")
