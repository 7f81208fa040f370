"""Each rule of oversight has a second opinion, which misses an alert that was not opened."""

from collections.abc import Callable, Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from app.simulation.coordinator import Coordinator
from app.simulation.oracles import Claim
from app.simulation.simulate import START
from app.simulation.somebody import NEVER, Somebody
from app.simulation.tempers import PROMPT
from app.simulation.world import World, open_world
from mentoring.db import Session
from mentoring.models import MatchState, Person, Role, Severity, StaffTask
from tests.app.match_story import DAY, Story

ROSA, LUIS = "+15155550131", "+15155550112"


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    with open_world(START, seed=1) as opened:
        yield opened


@pytest.fixture(scope="module")
def cast(world: World) -> tuple[Coordinator, Somebody, Somebody, int]:
    """Rosa and Luis, who are matched, and Charlotte."""
    rosa, luis = (
        Somebody(
            number, name, role, ZoneInfo("America/Chicago"), PROMPT, world.emulator.phone(number)
        )
        for number, name, role in ((ROSA, "Rosa", Role.PROTEGE), (LUIS, "Luis", Role.MENTOR))
    )
    coordinator = Coordinator(world, [rosa, luis])
    for who in (rosa, luis):
        coordinator.add(who)
    match_id, _ = coordinator.open_match(rosa, luis)
    return coordinator, rosa, luis, match_id


@pytest.fixture
def story(world: World, cast: tuple[Coordinator, Somebody, Somebody, int]) -> Story:
    return Story(world, cast)


@pytest.fixture
def session(world: World) -> Iterator[Session]:
    """A look at the tables of which nothing stays."""
    with world.parts.db.transaction() as opened, opened.begin_nested() as look:
        yield opened
        look.rollback()


def never_talked(story: Story) -> None:
    del story


def still_never_talked(story: Story) -> None:
    story.closes("O1", 9)
    story.closes("O1", 12)


def quiet(story: Story) -> None:
    story.meet()


def quiet_by_their_plan(story: Story) -> None:
    story.meet()
    for who in (story.rosa, story.luis):
        story.says(who, "plan", "GP3", "week", 2)
        story.says(who, "plan_confirm", "GP7", "yes", 3)


def silent_for_long_still(story: Story) -> None:
    story.meet()
    story.closes("O4", 48)


def silent_twice(story: Story) -> None:
    story.meet(1)
    story.closes("O3", 39)
    story.meet(40)


def one_waits(story: Story) -> None:
    story.texts(story.rosa, 1, 2, 3)


def calls_fail(story: Story) -> None:
    for day in (1, 2, 3):
        story.is_rung(story.luis, day, "no-answer")


def texts_fail(story: Story) -> None:
    story.texts(story.rosa, 1, 2, arrived=False)


def is_unhappy(story: Story) -> None:
    story.says(story.rosa, "checkin", "CK1", "2", 3)


def is_less_happy(story: Story) -> None:
    story.says(story.rosa, "checkin", "CK1", "5", 1)
    story.says(story.rosa, "checkin", "CK1", "3", 3)


def talks_too_little(story: Story) -> None:
    story.says(story.luis, "checkin", "CK2", "little", 1)
    story.says(story.luis, "checkin", "CK2", "much", 3)


def asks_for_a_person(story: Story) -> None:
    story.rosa.asked_for_staff.append(START + DAY)


def wants_a_call(story: Story) -> None:
    story.says(story.rosa, "checkin", "CK4", "yes", 3)


def never_answers(story: Story) -> None:
    story.luis.acted = []
    story.is_asked(story.luis, day=3, on=3.1)
    story.is_asked(story.luis, day=14, on=14.1)


def never_answers_late_questions(story: Story) -> None:
    """The plan was open till day 12, so the check-in of day 3 came after it."""
    story.luis.acted = [START + 4 * DAY]
    story.is_asked(story.luis, day=3, on=12)
    story.is_asked(story.luis, day=14, on=20)


def is_never_asked(story: Story) -> None:
    story.luis.acted = []


def is_not_understood(story: Story) -> None:
    story.rosa.not_understood.append(START + DAY)


def has_no_plan(story: Story) -> None:
    story.meet()


def still_has_no_plan(story: Story) -> None:
    story.meet()
    story.closes("O15", 17)


def was_dealt_with_before(story: Story) -> None:
    story.meet()
    story.closes("O15", 10)


def wants_another_rhythm(story: Story) -> None:
    story.meet()
    story.says(story.rosa, "plan", "GP3", "week", 2)
    story.says(story.luis, "plan", "GP3", "month", 3)


def speaks_of_money(story: Story) -> None:
    story.rosa.sayings.append((START + 2 * DAY, ("O13",)))


def opts_out(story: Story) -> None:
    story.rosa.stops.append((START + 2 * DAY, NEVER))


def texts_all_day(story: Story) -> None:
    story.texts(story.rosa, *(2 + place / 1000 for place in range(81)))


def calls_at_night(story: Story) -> None:
    story.luis.likes_calls = True
    story.calls(story.rosa, 2.5, 2.51)


def calls_all_day(story: Story) -> None:
    story.calls(story.rosa, *(2 + place / 1000 for place in range(7)))


def talks_all_day(story: Story) -> None:
    story.talk(2, hours=3.1)


def shares_a_number(story: Story) -> None:
    story.luis.shared_number.append(START + 2 * DAY)


CASES: list[tuple[Callable[[Story], None], str, float]] = [
    (never_talked, "O1", 9),
    (never_talked, "O1", 12),
    (still_never_talked, "O1", 21),
    (quiet, "O2", 24),
    (quiet_by_their_plan, "O2", 13),
    (quiet, "O3 or O4", 38),
    (quiet, "O4", 48),
    (silent_for_long_still, "O4", 64),
    (silent_twice, "O4", 77),
    (one_waits, "O5", 8),
    (calls_fail, "O6", 5),
    (texts_fail, "O6", 7),
    (is_unhappy, "O7", 5),
    (is_less_happy, "O7", 5),
    (talks_too_little, "O7", 5),
    (asks_for_a_person, "O8", 3),
    (wants_a_call, "O8", 5),
    (never_answers, "O9", 29),
    (never_answers_late_questions, "O9", 35),
    (is_never_asked, "O9", 43),
    (is_not_understood, "O14", 3),
    (has_no_plan, "O15", 16),
    (still_has_no_plan, "O15", 33),
    (was_dealt_with_before, "O15", 26),
    (wants_another_rhythm, "O15", 5),
    (speaks_of_money, "O13", 4),
    (opts_out, "O16", 4),
    (texts_all_day, "O19", 4.5),
    (calls_at_night, "O19", 4.5),
    (calls_all_day, "O19", 4.5),
    (talks_all_day, "O19", 4.5),
    (shares_a_number, "O20", 4),
]


def alert(session: Session, claim: Claim, *, opened: datetime, done: datetime | None) -> None:
    """Write down an alert of the rule, about the same match or person."""
    person_id = None
    if claim.who is not None:
        person_id = session.scalars(select(Person.id).where(Person.code == claim.who.code)).one()
    session.add(
        StaffTask(
            rule=claim.rules[0],
            words="-",
            severity=Severity.LOW,
            match_id=None if claim.who else claim.bond.match_id,
            person_id=person_id,
            dedupe_key=f"{claim.rules}{claim.who and claim.who.code}{claim.since}{opened}",
            opened_at=opened,
            due_at=opened,
            done_at=done,
        )
    )
    session.flush()


@pytest.mark.parametrize(
    ("happens", "rule", "day"),
    CASES,
    ids=[f"{rule} {happens.__name__}" for happens, rule, _ in CASES],
)
def test_an_alert_that_was_not_opened_is_missed_and_one_that_was_is_not(
    story: Story, session: Session, happens: Callable[[Story], None], rule: str, day: float
) -> None:
    happens(story)

    missing = story.missing(session, day)
    claims = story.claims(day)

    wanted = f"{rule} should have been opened"
    assert [words for words in missing if words.startswith(wanted)] != [], missing
    for claim in claims:
        # One that was dealt with before it came true is about something else.
        alert(session, claim, opened=START - 2 * DAY, done=START - DAY)
    assert story.missing(session, day) == missing
    for claim in claims:
        alert(session, claim, opened=claim.since, done=None)
    assert story.missing(session, day) == []


def is_new(story: Story) -> None:
    del story


def is_answered(story: Story) -> None:
    story.texts(story.rosa, 1, 2, 3)
    story.texts(story.luis, 4)
    story.bond.state = MatchState.EARLY


def is_reached_once(story: Story) -> None:
    for day, status in ((1, "no-answer"), (2, "completed"), (3, "busy"), (4, "no-answer")):
        story.is_rung(story.luis, day, status)


def rests(story: Story) -> None:
    story.bond.state = MatchState.PAUSED


def is_asked_late_and_may_answer(story: Story) -> None:
    """Two weeks after day 14 all has been tried, but not since the question was asked."""
    story.meet(1)
    story.meet(20)
    for who in (story.rosa, story.luis):
        story.says(who, "plan", "GP3", "two_weeks", 4)
        story.says(who, "plan_confirm", "GP7", "yes", 4)
    story.luis.acted = [START + 2 * DAY]
    story.is_asked(story.luis, day=3, on=12)
    story.is_asked(story.luis, day=14, on=20)


def has_just_agreed_on_a_plan(story: Story) -> None:
    """Ten days are too long for it, but they did not count before."""
    story.meet()
    for who, day in ((story.rosa, 2), (story.luis, 12.5)):
        story.says(who, "plan", "GP3", "week", 2)
        story.says(who, "plan_confirm", "GP7", "yes", day)


def test_what_both_say_of_money_is_one_alert(story: Story, session: Session) -> None:
    speaks_of_money(story)
    alert(session, story.claims(4)[0], opened=START + 2 * DAY, done=None)
    story.luis.sayings.append((START + 3 * DAY, ("O13",)))
    assert story.missing(session, 5) == []


@pytest.mark.parametrize(
    ("happens", "day"),
    [
        (has_just_agreed_on_a_plan, 13),
        *((is_new, 7), (is_answered, 12), (is_reached_once, 6), (rests, 60)),
        *((is_asked_late_and_may_answer, 33), (was_dealt_with_before, 18)),
    ],
)
def test_what_gives_no_cause_is_not_missed(
    story: Story, session: Session, happens: Callable[[Story], None], day: float
) -> None:
    happens(story)
    assert story.missing(session, day) == []


def test_what_the_phones_show_is_put_together(story: Story, world: World) -> None:
    """Two who text are in contact as soon as both texts have been seen on the other phone."""
    story.rosa.phone.text(story.rosa.line, "Good morning, Luis")
    world.emulator.advance(60)
    story.luis.phone.text(story.luis.line, "Good morning, Rosa")
    world.emulator.advance(60)
    now = world.clock.now()
    seen = [(text.at, who, text) for who in (story.luis, story.rosa) for text in who.phone.texts]
    for _, who, text in sorted(seen, key=lambda each: each[0]):
        story.witness.saw_text(who, text)
    assert [wrote.arrived for wrote in story.bond.wrote] == [True, True]
    assert story.bond.surely_in_contact(now) == [story.bond.wrote[1].at]
