"""What staff set about the programme, whether it is live, and how each line stands."""

import sqlalchemy as sa
from alembic import op

import mentoring.models

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    editions = op.create_table(
        "programme_editions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("follows", sa.Integer(), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("live", sa.Boolean(), nullable=False),
        sa.Column("what", sa.String(length=200), nullable=False),
        sa.Column("actor", sa.String(length=200), nullable=False),
        sa.Column("at", mentoring.models.UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_programme_editions")),
        sa.UniqueConstraint("follows", name=op.f("uq_programme_editions_follows")),
    )
    with op.batch_alter_table("lines", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("checked_at", mentoring.models.UtcDateTime(timezone=True), nullable=True)
        )
        batch_op.add_column(sa.Column("fault", sa.String(length=200), nullable=True))
    with op.batch_alter_table("deliveries", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_deliveries_created_at"), ["created_at"], unique=False)

    # Whoever has lines already has been answering calls: that must not stop with this release.
    lines = sa.table("lines", sa.column("created_at", mentoring.models.UtcDateTime(timezone=True)))
    since = op.get_bind().scalar(sa.select(sa.func.min(lines.c.created_at)))
    if since is not None:
        was_live = {"follows": 0, "facts": {}, "live": True, "actor": "upgrade", "at": since}
        op.bulk_insert(editions, [{**was_live, "what": "was live before there was a set-up"}])


def downgrade() -> None:
    with op.batch_alter_table("deliveries", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_deliveries_created_at"))
    with op.batch_alter_table("lines", schema=None) as batch_op:
        batch_op.drop_column("fault")
        batch_op.drop_column("checked_at")

    op.drop_table("programme_editions")
