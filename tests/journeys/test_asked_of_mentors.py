"""What a mentor is asked about themselves after a match: thanks by name, and help for others."""

from datetime import timedelta

from mentoring.models import Mode, Role
from tests.journeys.cast import ELLEN, KIM, LUIS, ROSA, person_at
from tests.journeys.ending import close, got, invitations
from tests.town import MAIN, PAIRS, Town


def two_matches_end(town: Town, *, mode: Mode = Mode.TEXT) -> None:
    """Luis has had two proteges, and both matches end on one day."""
    luis = town.person(Role.MENTOR, "Luis", LUIS, mode=mode)
    for line, name, number in ((PAIRS[0], "Rosa", ROSA), (PAIRS[1], "Kim", KIM)):
        match = town.match(town.person(Role.PROTEGE, name, number, mode=Mode.TEXT), luis)
        town.texts(number, line, "Hi")
        town.texts(LUIS, line, "Hi")
        close(town, match)


def test_a_mentor_who_reads_texts_only_is_asked_for_no_call(town: Town) -> None:
    two_matches_end(town)
    town.days_pass(110, until=lambda: "tell new mentors" in got(town, LUIS)[-1])

    assert "Could you tell new mentors what helped you, in a few texts?" in got(town, LUIS)[-1]
    town.texts(LUIS, MAIN, "1")

    assert [task.words for task in town.tasks() if task.rule == "peer guide"] == [
        "M01 would tell new mentors what helped, in a few texts: no call."
    ]
    assert not [body for body in got(town, LUIS) if "short call" in body]


def test_a_mentor_who_also_talks_is_asked_for_one_short_call(town: Town) -> None:
    two_matches_end(town, mode=Mode.BOTH)
    town.days_pass(110, until=lambda: "tell new mentors" in got(town, LUIS)[-1])

    assert "what helped you, on one short call?" in got(town, LUIS)[-1]


def test_a_mentor_who_has_answered_is_not_asked_the_same_by_the_next_end(town: Town) -> None:
    two_matches_end(town)
    asked: list[str] = []
    for _ in range(120):
        before = len(got(town, LUIS))
        town.days_pass(1)
        for body in got(town, LUIS, before):
            if "thank you by name" in body or "tell new mentors" in body:
                asked.append("name" if "name" in body else "help")
                town.texts(LUIS, MAIN, "2")

    assert asked == ["name", "help"]


def test_a_year_later_a_mentor_may_be_thanked_again_and_is_not_asked_for_help_again(
    town: Town,
) -> None:
    two_matches_end(town)
    for _ in range(120):
        before = len(got(town, LUIS))
        town.days_pass(1)
        if any("name" in body or "tell new" in body for body in got(town, LUIS, before)):
            town.texts(LUIS, MAIN, "2")
    town.emulator.advance(timedelta(days=366).total_seconds())
    town.settle()
    ellen = town.person(Role.PROTEGE, "Ellen", ELLEN, mode=Mode.TEXT)
    match = town.match(ellen, person_at(town, LUIS))
    town.texts(ELLEN, PAIRS[0], "Hi")
    town.texts(LUIS, PAIRS[0], "Hi")
    close(town, match)
    town.days_pass(60)

    assert len(invitations(town, "thanks_name")) == 2
    assert len(invitations(town, "peer_guide")) == 1
