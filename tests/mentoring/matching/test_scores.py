"""The eight parts of the score, one after the other."""

from dataclasses import fields, replace
from typing import Any

import pytest

from mentoring.matching.rules import Weights
from mentoring.matching.scores import PARTS
from mentoring.models import Mode
from mentoring.programme import Programme
from tests.mentoring.matching.people import judged, mentor, protege

ALL = ("A", "B", "C")


def test_the_parts_give_a_hundred_points_together() -> None:
    assert sum(part.most(Weights()) for part in PARTS) == 100
    assert {part.id for part in PARTS} == {field.name for field in fields(Weights)}


def test_two_who_fit_in_everything_have_a_hundred(programme: Programme) -> None:
    seen = judged(protege(), mentor(), programme)

    assert seen.score == sum(part.points for part in seen.parts) == 100


@pytest.mark.parametrize(
    ("part", "mine", "theirs", "points"),
    [
        ("Topics", {"topics": ALL}, {"topics": ALL}, 35),
        ("Topics", {"topics": ALL}, {"topics": ("A",)}, 18),  # the first one counts double: 2 of 4
        ("Topics", {"topics": ALL}, {"topics": ("C", "H")}, 9),
        ("Topics", {"topics": ALL}, {"topics": ("H",)}, 0),
        ("Topics", {"topics": ()}, {"topics": ("H",)}, 18),
        ("Topics", {"topics": ()}, {"topics": ()}, 18),
        ("Business", {"sectors": {"food"}}, {"sectors": {"food", "office"}}, 15),
        ("Business", {"sectors": {"food"}}, {"sectors": {"shop"}}, 8),
        ("Business", {"sectors": {"food"}}, {"sectors": {"media"}}, 0),
        ("Business", {"sectors": set()}, {"sectors": {"media"}}, 8),
        ("Business", {"sectors": {"food"}}, {"sectors": set()}, 8),
        ("Stage", {"stage": 3}, {"years": 2}, 10),
        ("Stage", {"stage": 4}, {"years": 2}, 4),
        ("Stage", {"stage": 4}, {"years": 3}, 10),
        ("Stage", {"stage": 4}, {"years": 1}, 0),
        ("Stage", {"stage": 0}, {"years": 4}, 4),
        ("Stage", {"stage": 2}, {"years": 0}, 4),
        ("Time", {"hours": "3"}, {"hours": "3"}, 10),
        ("Time", {"hours": ""}, {"hours": ""}, 10),
        ("Time", {"hours": "1"}, {"hours": "3"}, 0),
        ("Mode and pace", {"mode": Mode.VOICE}, {"mode": Mode.BOTH}, 10),
        ("Mode and pace", {"mode": None}, {"mode": Mode.TEXT}, 10),
        ("Mode and pace", {"mode": Mode.VOICE}, {"mode": Mode.TEXT}, 4),
        ("Mode and pace", {}, {"welcomes_slow": False}, 6),
        ("Mode and pace", {}, {"lessons": frozenset({"OM1"})}, 6),
        ("Mode and pace", {}, {"lessons": frozenset({"OM3"}), "welcomes_slow": True}, 10),
        ("Way of working", {"way": {"plan", "brief"}}, {"way": {"plan", "brief"}}, 10),
        ("Way of working", {"way": {"plan", "brief"}}, {"way": {"try", "brief"}}, 7),
        ("Way of working", {"way": {"plan", "brief"}}, {"way": {"try", "chatty"}}, 3),
        (
            *("Way of working", {"way": {"plan", "brief", "gentle"}}),
            *({"way": {"try", "chatty", "straight"}}, 0),
        ),
        ("Way of working", {"way": {"plan"}}, {}, 10),
        ("Lived experience", {}, {}, 5),
        ("Lived experience", {"wants_lived_experience": True}, {}, 0),
        (
            *("Lived experience", {"wants_lived_experience": True}),
            *({"shares_lived_experience": True}, 5),
        ),
        ("Place", {"community": "North"}, {"community": "North"}, 5),
        ("Place", {"community": "North"}, {"community": "Est"}, 0),
        ("Place", {"community": ""}, {"community": ""}, 0),
    ],
)
def test_each_part(
    programme: Programme, part: str, mine: dict[str, Any], theirs: dict[str, Any], points: int
) -> None:
    seen = judged(protege(**_frozen(mine)), mentor(**_frozen(theirs)), programme)
    (found,) = [each for each in seen.parts if each.title == part]

    assert found.points == points
    assert found.words.endswith(".")
    assert 0 <= found.points <= found.most


@pytest.mark.parametrize(
    ("part", "mine"),
    [
        ("Topics", {"topics": ()}),
        ("Business", {"sectors": frozenset()}),
        ("Stage", {"stage": 0}),
        ("Time", {"hours": ""}),
        ("Mode and pace", {"mode": None}),
        ("Way of working", {"way": frozenset()}),
    ],
)
def test_staff_read_what_was_not_asked_yet(
    programme: Programme, part: str, mine: dict[str, Any]
) -> None:
    seen = judged(protege(**mine), mentor(), programme)

    assert "not asked yet" in next(each.words for each in seen.parts if each.title == part)


def test_fewer_hours_than_plenty_give_their_share(programme: Programme) -> None:
    # Evenings of Halifax and of Phoenix share seven hours a week.
    rules = replace(programme.matching, plenty_of_slots=14)
    seen = judged(
        protege(zone="America/Phoenix"),
        mentor(zone="America/Halifax"),
        replace(programme, matching=rules),
    )

    assert next(each.points for each in seen.parts if each.title == "Time") == 5


def _frozen(facts: dict[str, Any]) -> dict[str, Any]:
    return {k: frozenset(v) if isinstance(v, set) else v for k, v in facts.items()}
