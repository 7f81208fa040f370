"""What `bridgeline due` tells of talks."""

from datetime import timedelta

import pytest

from mentoring.calendar.outlook import outlook
from mentoring.calendar.talks import book_talk, cancel_talks
from mentoring.db import Session
from mentoring.models import Match
from tests.make import NOW, make_lines, make_match


@pytest.fixture
def match(session: Session) -> Match:
    make_lines(session)
    return make_match(session)


def of_talks(session: Session) -> list[tuple[str, str]]:
    return [(each.what, each.why) for each in outlook(session, now=NOW, days=2)]


def test_it_names_the_reminder_the_talk_and_the_look_back(session: Session, match: Match) -> None:
    talk = book_talk(session, match.id, at=NOW + timedelta(days=1.5), booked_by=None, now=NOW)
    assert talk is not None
    talk.ring_first_id = match.sides[0].person_id
    session.flush()

    told = of_talks(session)

    assert [what for what, why in told if why == "their plan"] == [
        "both are reminded of their talk",
        "who asked for it is rung for a talk",
        "it is looked whether they have talked",
    ]


def test_it_says_nothing_of_a_talk_that_is_called_off(session: Session, match: Match) -> None:
    at, by = NOW + timedelta(days=1.5), match.sides[0].person
    book_talk(session, match.id, at=at, booked_by=by, now=NOW)
    assert "one of them chose this time" in [why for _, why in of_talks(session)]

    cancel_talks(session, match.id, now=NOW)

    assert "one of them chose this time" not in [why for _, why in of_talks(session)]
