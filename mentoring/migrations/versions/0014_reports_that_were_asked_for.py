"""Reports that were asked for, with their figures."""

import sqlalchemy as sa
from alembic import op

import mentoring.models

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "report_runs",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("community", sa.String(length=200), nullable=False),
        sa.Column("asked_by", sa.String(length=200), nullable=False),
        sa.Column("asked_at", mentoring.models.UtcDateTime(timezone=True), nullable=False),
        sa.Column("done_at", mentoring.models.UtcDateTime(timezone=True), nullable=True),
        sa.Column("figures", sa.JSON(none_as_null=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_runs")),
        sa.UniqueConstraint(
            "since", "until", "community", name=op.f("uq_report_runs_since_until_community")
        ),
    )


def downgrade() -> None:
    op.drop_table("report_runs")
