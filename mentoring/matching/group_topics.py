"""On what a mentor without a match could talk in a group call (T-W4)."""

from sqlalchemy import bindparam, select

from mentoring.db import Session
from mentoring.languages import in_each
from mentoring.matching.reading import candidate_of
from mentoring.matching.words import TOPICS
from mentoring.models import Person, PlannedNeed

_ANYTHING = in_each(en="running a business", es="su negocio", fr="la vie d'affaires")

_NEEDS = select(PlannedNeed.code, PlannedNeed.waiting).where(
    PlannedNeed.kind == "topic", PlannedNeed.code.in_(bindparam("codes", expanding=True))
)


def topic_to_talk_on(session: Session, mentor: Person) -> str:
    """Return, in words, which topic of a mentor most people wait for by the kept plan.

    Of topics for which as many wait, the one that the mentor named first.
    """
    own = [topic for topic in candidate_of(mentor).topics if topic in TOPICS]
    if not own:
        return _ANYTHING
    waiting = {row.code: row.waiting for row in session.columns(_NEEDS, {"codes": own})}
    return TOPICS[max(own, key=lambda topic: waiting.get(topic, 0))]
