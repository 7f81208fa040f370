"""Who is joining and has said that their phone gets no texts is marked, as new answers are."""

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None

_people = sa.table("people", sa.column("id"), sa.column("state"), sa.column("profile", sa.JSON()))
_answers = sa.table("answers", *(sa.column(name) for name in ("person_id", "question", "value")))
_consents = sa.table(
    "consents",
    *(sa.column(name) for name in ("person_id", "part")),
    sa.column("agreed", sa.Boolean()),
)
_MARK = "without_texts"


def upgrade() -> None:
    bind = op.get_bind()
    refused = sa.exists().where(
        _answers.c.person_id == _people.c.id, _answers.c.question == "C0", _answers.c.value == "no"
    )
    agreed = sa.exists().where(
        _consents.c.person_id == _people.c.id, _consents.c.part == "C1", _consents.c.agreed
    )
    joining = sa.select(_people.c.id, _people.c.profile).where(
        _people.c.state.in_(["consenting", "intake"]), refused, ~agreed
    )
    for person_id, profile in bind.execute(joining).all():
        marked = {**(profile or {}), _MARK: "yes"}
        bind.execute(sa.update(_people).where(_people.c.id == person_id).values(profile=marked))


def downgrade() -> None:
    # The mark says what they said, whoever reads it.
    pass
