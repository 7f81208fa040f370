"""Which way a try takes depends on what a person may be reached by, and on what they like."""

from datetime import datetime, timedelta

import pytest

from mentoring.calendar.asking_hours import asking_hours
from mentoring.calendar.ladders import LADDERS, Reach, Rung, Way, way_for
from mentoring.calendar.talks import ASKED_BEFORE
from mentoring.flows import FLOWS
from mentoring.hours import next_opening
from mentoring.models import Person
from mentoring.programme import Programme
from tests.make import CHICAGO, chicago

BOTH = Reach(texts=True, calls=True, prefers_calls=False)
TALKS = Reach(texts=True, calls=True, prefers_calls=True)
READS = Reach(texts=True, calls=False, prefers_calls=False)
LANDLINE = Reach(texts=False, calls=True, prefers_calls=True)
NOBODY = Reach(texts=False, calls=False, prefers_calls=True)


@pytest.mark.parametrize(
    ("way", "reach", "taken"),
    [
        (Way.PREFERRED, BOTH, Way.TEXT),
        (Way.PREFERRED, TALKS, Way.CALL),
        (Way.PREFERRED, READS, Way.TEXT),
        (Way.PREFERRED, LANDLINE, Way.CALL),
        (Way.PREFERRED, NOBODY, None),
        (Way.TEXT, TALKS, Way.TEXT),
        (Way.TEXT, LANDLINE, None),
        (Way.ANNOUNCE, TALKS, Way.ANNOUNCE),
        # Nothing is announced to whom nobody will call, nor by text to a landline.
        (Way.ANNOUNCE, READS, None),
        (Way.ANNOUNCE, LANDLINE, None),
        (Way.CALL, TALKS, Way.CALL),
        # Whoever reads texts is reminded once more instead.
        (Way.CALL, READS, Way.TEXT),
        (Way.CALL, NOBODY, None),
        (Way.STAFF, NOBODY, Way.STAFF),
        (Way.GIVE_UP, BOTH, Way.GIVE_UP),
    ],
)
def test_a_try_takes_a_way_that_is_open(way: Way, reach: Reach, taken: Way | None) -> None:
    assert way_for(Rung(timedelta(), way), reach) is taken


@pytest.mark.parametrize("reach", [BOTH, TALKS, READS, LANDLINE, NOBODY])
@pytest.mark.parametrize("flow", LADDERS)
def test_nobody_gets_more_than_two_calls_and_two_reminders(flow: str, reach: Reach) -> None:
    ways = [way_for(rung, reach) for rung in LADDERS[flow].rungs]

    assert ways.count(Way.CALL) <= 2
    assert ways.count(Way.TEXT) <= 3, "the question and two reminders"


# What is asked around a talk gives way to other questions soon: no staff come after it.
OF_TALKS = {"talk_check", "talk_missed", "nudge", *ASKED_BEFORE}


def test_what_is_asked_around_a_talk_is_asked_once() -> None:
    for flow in OF_TALKS:
        ways = [rung.way for rung in LADDERS[flow].rungs]
        assert ways[0] is Way.PREFERRED
        assert set(ways[1:]) <= {Way.GIVE_UP}


@pytest.mark.parametrize("flow", sorted(set(LADDERS) - OF_TALKS))
def test_every_ladder_leads_to_an_end_after_a_week_at_least(flow: str) -> None:
    rungs = LADDERS[flow].rungs

    assert rungs[-1].way in (Way.STAFF, Way.GIVE_UP)
    assert rungs[-1].after >= timedelta(days=7)
    assert [rung.after for rung in rungs] == sorted(rung.after for rung in rungs)


# Evenings begin at five; 4 is the weekend.
@pytest.mark.parametrize(
    ("flow", "chosen", "opens"),
    [
        ("checkin", "3", chicago(3, 9, 17)),
        ("proposal_protege", "3", chicago(3, 7, 17)),
        ("proposal_mentor", "3", chicago(3, 7, 17)),
        ("match_news", "3", chicago(3, 7, 17)),
        ("first_talk", "3", chicago(3, 7, 17)),
        ("first_talk", "", chicago(3, 7, 10)),
        ("first_talk", "34", chicago(3, 7, 10)),
        # These go by the clock of a talk, and cannot wait for the evening.
        ("talk_reminder", "3", chicago(3, 7, 10)),
        ("text_reminder", "3", chicago(3, 7, 10)),
        ("new_time", "3", chicago(3, 7, 10)),
        ("text_new_time", "3", chicago(3, 7, 10)),
        ("talk_missed", "3", chicago(3, 7, 10)),
    ],
)
def test_on_a_saturday_at_ten_what_cannot_wait_comes_in_the_hours_that_a_person_chose(
    flow: str, chosen: str, opens: datetime
) -> None:
    person = Person(profile={"hours": chosen})
    hours = asking_hours(flow, person, Programme())
    assert next_opening(chicago(3, 7, 10), CHICAGO, hours) == opens


@pytest.mark.parametrize("flow", ["proposal_protege", "match_news", "first_talk"])
def test_what_cannot_wait_does_not_wait_for_the_weekend(flow: str) -> None:
    hours = asking_hours(flow, Person(profile={"hours": "4"}), Programme())
    assert next_opening(chicago(3, 3, 10), CHICAGO, hours) == chicago(3, 3, 10)


def test_every_ladder_belongs_to_a_conversation() -> None:
    assert set(LADDERS) <= set(FLOWS)
