"""What the file for business counselling says of one client."""

from collections.abc import Sequence
from datetime import UTC, date, datetime

import pytest

from mentoring.models import Role
from mentoring.reports.counselling import clients_of
from mentoring.reports.facts import Facts, Pair, Reply, Someone
from mentoring.reports.periods import Period
from tests.make import CHICAGO

ROSA, LUIS = 1, 2
OPENED = datetime(2026, 2, 1, 17, tzinfo=UTC)


def said(*answers: tuple[str, str, int]) -> Facts:
    """Return the facts of a year about Rosa, who answered (question, value, month)."""
    rosa = Someone(
        id=ROSA,
        code="P01",
        role=Role.PROTEGE,
        state="matched",
        state_since=OPENED,
        created_at=OPENED,
        groups={"mode": "voice", "community": ""},
        stage="3",
        topics=(),
        joined_by="voice",
        moves=(),
    )
    pair = Pair(1, "K01", ROSA, LUIS, OPENED, None, None, (), (), ())
    replies: Sequence[Reply] = [
        Reply(question, value, datetime(2026, month, 9, tzinfo=UTC), ROSA, 1, None, "text")
        for question, value, month in answers
    ]
    return Facts(
        period=Period(date(2026, 1, 1), date(2026, 7, 1)),
        zone=CHICAGO,
        now=OPENED,
        term_days=182,
        people={ROSA: rosa},
        pairs={1: pair},
        offers={},
        replies=replies,
        asked=(),
        tries={},
        concerns=(),
        calls=(),
        calls_for_a_person=(),
        lost=(),
        notes=(),
        training=(),
        costs=None,
    )


@pytest.mark.parametrize(
    ("answers", "is_open"),
    [
        ((), True),
        ((("PB1", "2", 1),), False),
        ((("PB1", "2", 1), ("CS5", "open", 3)), True),
        # A year after one match she has ended another one: that is how it is now.
        ((("FU12", "yes", 2), ("CS5", "closed", 5)), False),
        ((("FU6", "closed", 2), ("FU12", "not_yet", 3), ("CS5", "open", 6)), True),
        # What was said after the period belongs to a later file.
        ((("FU6", "yes", 5), ("FU12", "closed", 8)), True),
    ],
)
def test_in_business_is_what_was_said_last(
    answers: Sequence[tuple[str, str, int]], is_open: bool
) -> None:
    (client,) = clients_of(said(*answers), None)

    assert client.in_business is is_open
