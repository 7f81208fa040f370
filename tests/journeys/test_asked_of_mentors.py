"""What a mentor is asked about themselves after a match: thanks by name, and help for others."""

from mentoring.models import Mode, Role
from tests.journeys.cast import KIM, LUIS, ROSA
from tests.journeys.ending import close, got
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
