"""People as matching sees them, with plain defaults: two who fit in everything."""

from collections.abc import Mapping
from typing import Any

from mentoring.matching.candidates import Apart, Candidate, Pool, pool_of
from mentoring.matching.judged import Judged
from mentoring.matching.suggest import suggestions_for
from mentoring.matching.whole_plan import plan_for
from mentoring.models import BarReason, Mode, PersonState, Role
from mentoring.programme import Programme

_COMMON: dict[str, Any] = {
    "agreed": True,
    "language": "en",
    "languages": frozenset({"en"}),
    "mode": Mode.VOICE,
    "zone": "America/Chicago",
    "hours": "3",
    "topics": ("A", "B"),
    "sectors": frozenset({"food"}),
    "community": "North",
}


def protege(number: int = 1, **facts: Any) -> Candidate:
    """Return a protege who waits."""
    usual: dict[str, Any] = {"id": number, "phone_id": number, "name": f"Rosa{number}"}
    known = usual | _COMMON | {"state": PersonState.WAITING, "stage": 2} | facts
    return Candidate(code=f"P{number:02d}", role=Role.PROTEGE, **known)


def mentor(number: int = 1, **facts: Any) -> Candidate:
    """Return a mentor with one open place."""
    own = 500 + number
    usual: dict[str, Any] = {"id": own, "phone_id": own, "name": f"Luis{number}"}
    known = usual | _COMMON | {"state": PersonState.AVAILABLE, "years": 4, "places": 1} | facts
    return Candidate(code=f"M{number:02d}", role=Role.MENTOR, **known)


def judged(
    one: Candidate,
    other: Candidate,
    programme: Programme,
    apart: Mapping[tuple[int, int], BarReason | Apart] | None = None,
) -> Judged:
    """Return what staff see of one mentor for one protege, whether it fits or not."""
    pool = pool_of([one], [other], apart)
    found = suggestions_for(one, pool, None, programme)
    (seen,) = found.top + found.near_misses
    return seen


def picks(pool: Pool, programme: Programme) -> dict[str, str]:
    """Return whom the plan picks for whom."""
    return dict(plan_for(pool, programme).picks)
