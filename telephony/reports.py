"""What became of a text that the carrier took, told by its callback or found out by asking."""

from datetime import datetime, timedelta
from uuid import UUID

from mentoring import outbox
from mentoring.db import Session
from mentoring.models import Delivery, LineType
from mentoring.outbox import Setback
from mentoring.setbacks import learn_from_failure
from mentoring.trouble import pause_sending
from mentoring.unreported import await_line_check
from telephony.carrier import CarrierError
from telephony.reactions import Reaction, ReactionName, reaction_for

# These words of the carrier mean that a text will not arrive.
LOST = ("undelivered", "failed")
# What a carrier calls for that has a fault of its own.
FAULT = reaction_for(None, 500)
_GOLDEN = (5**0.5 - 1) / 2

_SETBACKS = {
    ReactionName.OPTED_OUT: Setback.OPTED_OUT,
    ReactionName.LANDLINE: Setback.LANDLINE,
    ReactionName.NUMBER_INVALID: Setback.NUMBER_BAD,
    ReactionName.CONFIG_ALERT: Setback.OURS_TO_MEND,
    ReactionName.SPAM_FILTERED: Setback.OURS_TO_MEND,
    ReactionName.BLOCKED: Setback.OURS_TO_MEND,
}


def take_report(
    session: Session,
    key: UUID,
    *,
    sid: str,
    tries: int,
    status: str,
    code: int | None,
    now: datetime,
) -> None:
    """Take what the carrier says of one attempt, in any order and however often."""
    changed = outbox.take_status(
        session, key, sid=sid, tries=tries, status=status, code=code, now=now
    )
    if changed is not None and status in LOST:
        follow_loss(session, session.get_one(Delivery, changed), code, now=now)


def follow_loss(session: Session, delivery: Delivery, code: int | None, *, now: datetime) -> None:
    """A text was taken and lost: learn from it, tell its sender, try again where that helps."""
    reaction = reaction_for(code)
    if reaction.whole_account:
        until = pause_sending(session, code=code, words=reaction.staff_words, now=now)
        if outbox.send_again(session, delivery, retry_at=until):
            return
    wait = reaction.wait_before(delivery.attempts)
    learn(session, delivery, reaction, tried_again=wait is not None, now=now)
    if wait is not None:
        outbox.send_again(session, delivery, retry_at=now + wait)


def learn(
    session: Session,
    delivery: Delivery,
    reaction: Reaction,
    *,
    tried_again: bool = False,
    now: datetime,
) -> None:
    """Draw what there is to be learnt from a lost text; a line that is in doubt is asked about."""
    in_doubt = reaction.name is ReactionName.CHECK_LINE
    if not (in_doubt and await_line_check(session, delivery, now=now)):
        conclude(session, delivery, reaction, tried_again=tried_again, now=now)


def conclude(
    session: Session,
    delivery: Delivery,
    reaction: Reaction,
    *,
    tried_again: bool = False,
    now: datetime,
) -> None:
    """Mark the phone, tell the sender and ask staff, by all that is known now.

    A text that is `tried_again` may still arrive: until then its number is not out of use.
    """
    setback = setback_of(reaction)
    if tried_again and setback is Setback.NUMBER_BAD:
        setback = Setback.GIVE_UP
    is_landline = delivery.to_phone.line_type is LineType.LANDLINE
    if reaction.name is ReactionName.CHECK_LINE and is_landline:
        setback = Setback.LANDLINE
    learn_from_failure(
        session,
        delivery,
        setback,
        words=reaction.staff_words,
        tried_again=tried_again,
        now=now,
    )


def judge(
    error: CarrierError, tries: int, delivery_id: int, now: datetime
) -> tuple[Setback, datetime | None]:
    """Return what an error calls for, and when to try again if it does."""
    if error.processed == "maybe":
        return Setback.UNCERTAIN, None
    wait = error.reaction.wait_before(tries)
    if wait is not None:
        return Setback.RETRY, now + _spread(wait, delivery_id)
    return setback_of(error.reaction), None


def retry_of_lost(tries: int, delivery_id: int, now: datetime) -> datetime | None:
    """Return when to send a text again that the carrier never took; None after too many tries.

    The first time at once, for it was most often our own process that stopped; then as after any
    fault of the carrier.
    """
    if tries <= 1:
        return now
    wait = FAULT.wait_before(tries - 1)
    return None if wait is None else now + _spread(wait, delivery_id)


def _spread(wait: timedelta, delivery_id: int) -> timedelta:
    """Lengthen a wait by up to a quarter, so that texts refused together do not all come back so.

    Multiples of the golden ratio lie far apart, and the same text waits the same at every run.
    """
    return wait * (1 + _GOLDEN * delivery_id % 1 / 4)


def setback_of(reaction: Reaction) -> Setback:
    """Return what a text that is lost for good tells us about the phone it went to."""
    if reaction.whole_account:
        return Setback.GIVE_UP
    return _SETBACKS.get(reaction.name, Setback.GIVE_UP)
