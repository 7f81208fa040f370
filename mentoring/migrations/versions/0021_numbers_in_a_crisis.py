"""Edited wordings name whom to call in danger by placeholders, as the shipped ones do now.

An edit that names the numbers of another country keeps them, no longer fits and is left out, as its
page says: what came with the programme is said in its place, with the numbers of the set-up.
"""

import re
from collections.abc import Callable

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

_PLACEHOLDERS = {"911": "{emergency}", "988": "{crisis}"}
_FORMS = ("voice", "text", "short", "keys", "retry")
# What was shipped with one of the numbers in it. No other wording could hold them.
_NAMING = (
    *("V-EMERG", "T-C6", "T-HELP", "T-WORRY", "T-OM5", "T-OM5L", "T-OM5N"),
    *("T-N1", "T-N2", "T-X1", "T-X2"),
)

_EDITIONS = sa.table(
    "wording_editions",
    sa.column("id", sa.Integer),
    sa.column("prompt", sa.String),
    *(sa.column(name, sa.Text) for name in _FORMS),
    sa.column("labels", sa.JSON),
)


def upgrade() -> None:
    numbers = re.compile(r"\b(?:911|988)\b")
    _rewrite(lambda words: numbers.sub(lambda found: _PLACEHOLDERS[found[0]], words))


def downgrade() -> None:
    numbers = {placeholder: number for number, placeholder in _PLACEHOLDERS.items()}
    named = re.compile("|".join(map(re.escape, numbers)))
    _rewrite(lambda words: named.sub(lambda found: numbers[found[0]], words))


def _rewrite(change: Callable[[str], str]) -> None:
    """Change the words of every edition about danger, in whatever state it is."""
    connection = op.get_bind()
    for row in connection.execute(
        sa.select(_EDITIONS).where(_EDITIONS.c.prompt.in_(_NAMING))
    ).all():
        forms = {name: change(getattr(row, name)) for name in _FORMS}
        labels = [change(label) for label in row.labels]
        connection.execute(
            sa.update(_EDITIONS).where(_EDITIONS.c.id == row.id).values(**forms, labels=labels)
        )
