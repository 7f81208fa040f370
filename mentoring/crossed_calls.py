"""Two who want each other at the same time: who waits and rings again, and who is rung.

Whoever asks first waits, whoever asks second is told to hang up, and is rung then. Both look while
they hold the row of the match, so one of the two is always the first. The first one waits as well
for somebody who is in our menu and may want anything: it is where people are before they call. No
wait lasts for long, and after the last one there is a voice note.
"""

from datetime import datetime, timedelta

from sqlalchemy import and_, bindparam, exists, or_, select
from sqlalchemy.orm import aliased

from mentoring.contacts import believed, is_in_our_menu
from mentoring.db import Session
from mentoring.effects import CONNECT
from mentoring.models import (
    CallLeg,
    Contact,
    ContactKind,
    Delivery,
    Outcome,
    UtcDateTime,
)
from mentoring.not_rung import NotRung
from mentoring.routing import Route
from mentoring.rows import change_row_of

# The first ring of a call on a direct route. Each turn of a conversation has two numbers more.
DIRECT = 1
# So often in a row a caller waits some ten seconds. Who was told to hang up must be rung, so for
# them a caller waits until their line is free.
WAITS = {NotRung.WITH_US: 2, NotRung.COMING: 4}

# What a wait leaves behind when its caller has turned to our staff.
_DECIDED = (NotRung.BUSY.value,)
_LATELY = timedelta(minutes=2)
# By then a wait is over, and what came of it is in the log.
_A_WAIT = timedelta(seconds=30)

_their_try, _their_next = aliased(Contact), aliased(Contact)
_OF_THEIRS = select(_their_try.id).where(
    _their_try.match_id == bindparam("match_id"),
    _their_try.from_person_id == bindparam("callee_id"),
    _their_try.kind == ContactKind.CALL,
)
# The call of that try is not over, and has made no other try since.
_IS_ON = exists(
    select(CallLeg.id).where(CallLeg.call_sid == _their_try.source_sid, CallLeg.ended_at.is_(None))
)
_WENT_ON = exists(
    select(_their_next.id).where(
        _their_next.source_sid == _their_try.source_sid,
        _their_next.attempt > _their_try.attempt,
    )
)
_since = bindparam("lately", type_=UtcDateTime())
_RINGS_OR_WAITS = _OF_THEIRS.where(
    or_(
        and_(_their_try.outcome == Outcome.ATTEMPTED, _their_try.started_at > _since),
        and_(
            _their_try.reason.in_([why.value for why in WAITS]),
            _their_try.ended_at > bindparam("just_now", type_=UtcDateTime()),
            _IS_ON,
            ~_WENT_ON,
        ),
    )
)
_WAS_TOLD_TO_HANG_UP = _OF_THEIRS.where(
    _their_try.reason == NotRung.CROSSING.value, _their_try.ended_at > _since
)
# The service rings the callee for a talk, and that call will go on to this caller.
_RUNG_FOR_TALK = exists(
    select(Contact.id)
    .join(Delivery, Delivery.contact_id == Contact.id)
    .where(
        Contact.match_id == bindparam("match_id"),
        Contact.kind == ContactKind.SERVICE,
        Contact.to_person_id == bindparam("callee_id"),
        Contact.ended_at.is_(None),
        Contact.started_at > _since,
        Delivery.flow.startswith(CONNECT),
    )
)
# Conditions on the other side, whose parameters `about` gives.
IS_COMING = exists(_WAS_TOLD_TO_HANG_UP.where(_IS_ON))
IS_CALLING_ME = exists(_RINGS_OR_WAITS) | and_(_RUNG_FOR_TALK, ~IS_COMING)
_AFTER_RING = select(exists(_WAS_TOLD_TO_HANG_UP), is_in_our_menu())


def about(session: Session, route: Route, *, now: datetime) -> dict[str, object]:
    """Return the parameters of all that is asked about the other side before they are rung."""
    return {
        "match_id": route.match.id,
        "callee_id": route.other.person_id,
        "lately": now - _LATELY,
        "just_now": now - _A_WAIT,
        **believed(session, route.other.phone_id, now=now),
    }


def why_wait(waited: int, *, is_coming: bool, is_in_menu: bool) -> NotRung | None:
    """Return why a caller waits for somebody who is busy now, if it is worth it.

    `waited` counts how often they have waited in a row.
    """
    for why, holds in ((NotRung.COMING, is_coming), (NotRung.WITH_US, is_in_menu)):
        if holds and waited < WAITS[why]:
            return why
    return None


def is_waiting(contact: Contact) -> bool:
    """Tell whether the caller waits, and has rung nobody yet."""
    return contact.outcome is Outcome.NOT_RUNG and contact.reason in WAITS


def waits_after_ring(session: Session, contact: Contact, route: Route, *, now: datetime) -> bool:
    """The other side was rung in vain: tell whether that was because they are calling as well.

    A phone that calls is busy to most carriers; to some it does not answer, or its voicemail does.
    That the caller waits now is written down, for the other side asks about it when they call, and
    is decided once, however often we are told. After the second ring nobody waits.
    """
    if has_waited(contact):
        return True
    was_busy = contact.outcome is Outcome.BUSY
    is_in_vain = was_busy or contact.outcome in (Outcome.NO_ANSWER, Outcome.FAILED)
    if not is_in_vain or not is_first(contact.attempt) or contact.reason in _DECIDED:
        return False
    wanted = about(session, route, now=now)
    if not was_busy:
        wanted["lately"] = contact.started_at
    is_coming, is_in_menu = session.columns(_AFTER_RING, wanted).one()
    why = why_wait(0, is_coming=is_coming, is_in_menu=is_in_menu and was_busy)
    if why is not None:
        contact.reason = why.value
    return why is not None


def has_waited(contact: Contact) -> bool:
    """Tell whether the other side was rung in vain, and the caller waits to ring them again."""
    return contact.outcome is not Outcome.NOT_RUNG and contact.reason in WAITS


def wait_no_more(session: Session, contact_id: int) -> None:
    """The caller has turned to our staff: the other side must not hang up to be rung by them."""
    change_row_of(session, Contact, contact_id, reason=NotRung.BUSY.value)


def first_attempt(turn: int) -> int:
    """Return the number of the first ring in a turn: the same turn told twice rings once."""
    return 2 * (turn + 1)


def is_first(attempt: int) -> bool:
    """Tell whether an attempt is the first ring of its turn, or of a call on a direct route."""
    return attempt % 2 == 0 or attempt == DIRECT


def second_attempt(first: int) -> int:
    """Return the number of the ring that follows a first one which was busy."""
    return DIRECT + 2 if first == DIRECT else first + 1
