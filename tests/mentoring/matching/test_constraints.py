"""What must hold for a pair: each constraint fails alone, and says what would change it."""

from dataclasses import replace
from typing import Any

import pytest

from mentoring.matching.candidates import Apart, pool_of
from mentoring.matching.constraints import CONSTRAINTS
from mentoring.models import BarReason, Mode, PersonState
from mentoring.programme import Programme
from tests.mentoring.matching.people import judged, mentor, picks, protege


def test_two_who_fit_in_everything_fail_nothing(programme: Programme) -> None:
    assert judged(protege(), mentor(), programme).failed == ()


def test_the_constraints_are_h1_to_h9() -> None:
    assert [each.id for each in CONSTRAINTS] == [f"H{number}" for number in range(1, 10)]


@pytest.mark.parametrize(
    ("failed", "mine", "theirs", "said", "change"),
    [
        ("H1", {"state": PersonState.OFFERED}, {}, "Rosa1 is offered", "is declined or runs out"),
        ("H1", {"agreed": False}, {}, "Rosa1 has not agreed", "Rosa1 agrees to take part."),
        ("H1", {}, {"state": PersonState.SCREENING}, "Luis1 is screening", "Screening of Luis1"),
        ("H1", {}, {"state": PersonState.ON_BREAK}, "Luis1 is on break", "comes back from the"),
        ("H2", {}, {"taken": 1}, "The one place of Luis1 is taken.", "Luis1 takes one more"),
        ("H2", {}, {"places": 3, "taken": 3}, "All 3 places of Luis1", "A match of Luis1 ends."),
        (
            *("H3", {"language": "fr", "languages": frozenset({"fr"})}, {}),
            *("Rosa1 speaks French, Luis1 speaks English", "find a language"),
        ),
        (
            *("H4", {"mode": Mode.TEXT, "crosses_modes": False}, {}),
            *("it does not suit Rosa1", "would also like the other's way"),
        ),
        ("H4", {"phone_id": 7}, {"phone_id": 7}, "They share one phone", "has another number"),
        ("H5", {"hours": "1"}, {}, "They have no hour a week at which", "evenings by the clock"),
        ("H5", {"zone": None}, {}, "The time zone of Rosa1 is not known.", "Ask Rosa1"),
        ("H7", {"safety_case": True}, {}, "A case of safety about Rosa1", "The case is closed."),
        ("H7", {}, {"safety_case": True}, "A case of safety about Luis1", "The case is closed."),
    ],
)
def test_one_thing_that_fails_is_named_with_what_would_change_it(
    programme: Programme,
    *,
    failed: str,
    mine: dict[str, Any],
    theirs: dict[str, Any],
    said: str,
    change: str,
) -> None:
    (found,) = judged(protege(**mine), mentor(**theirs), programme).failed

    assert found.id == failed
    assert said in found.words
    assert change in found.change


@pytest.mark.parametrize("why", [*BarReason, *Apart])
def test_who_is_kept_apart_is_not_suggested(programme: Programme, why: BarReason | Apart) -> None:
    one, other = protege(), mentor()
    (found,) = judged(one, other, programme, {(one.id, other.id): why}).failed

    # A recent no is told apart, for staff may pick the two all the same.
    assert found.id == ("H9" if why is Apart.DECLINED else "H6")
    assert found.words.endswith(".")


def test_a_tick_between_two_says_nothing_about_others(programme: Programme) -> None:
    one, other = protege(), mentor()
    apart = {(one.id, other.id): BarReason.FAMILY}

    assert picks(pool_of([one, protege(2)], [other], apart), programme) == {"P02": "M01"}


def test_an_organization_may_keep_to_its_communities(programme: Programme) -> None:
    strict = replace(programme, matching=replace(programme.matching, same_community_only=True))
    far = mentor(community="Est")
    (found,) = judged(protege(), far, strict).failed

    assert found.id == "H8"
    assert judged(protege(), far, programme).failed == ()


def test_texts_and_calls_go_together_unless_it_does_not_suit_one_of_them(
    programme: Programme,
) -> None:
    texts = protege(mode=Mode.TEXT)

    assert judged(texts, mentor(), programme).failed == ()
    assert judged(texts, mentor(mode=Mode.BOTH, crosses_modes=False), programme).failed == ()
    assert judged(texts, mentor(crosses_modes=False), programme).failed != ()


# Evenings of New York and Phoenix share two hours a day in winter, of Halifax and Phoenix one.
@pytest.mark.parametrize(
    ("zone", "mode", "fits"),
    [
        ("America/New_York", Mode.VOICE, True),
        ("America/Halifax", Mode.VOICE, False),
        ("America/Halifax", Mode.TEXT, True),
        ("America/St_Johns", Mode.TEXT, False),
    ],
)
def test_so_many_hours_a_week_are_needed_and_fewer_where_both_text(
    programme: Programme, zone: str, mode: Mode, fits: bool
) -> None:
    rules = replace(programme.matching, shared_slots=8, shared_slots_texting=7)
    strict = replace(programme, matching=rules)
    seen = judged(protege(zone="America/Phoenix", mode=mode), mentor(zone=zone, mode=mode), strict)

    assert [each.id for each in seen.failed] == ([] if fits else ["H5"])


def test_by_default_two_hours_are_needed_and_one_where_both_text(programme: Programme) -> None:
    assert programme.matching.shared_slots == 2
    assert programme.matching.shared_slots_texting == 1
