"""What follows an answer about a talk: the service will ring, or the talk is at another time."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import bindparam, select, update

from mentoring.calendar.absences import one_is_away
from mentoring.calendar.invitees import reach_now
from mentoring.calendar.lookups import has_time_for
from mentoring.calendar.new_times import take_back_new_time, tell_other
from mentoring.calendar.pairs import is_by_text, one_reads_only, other_side
from mentoring.calendar.talk_times import why_not_at
from mentoring.calendar.talk_words import moment_words, talk_words
from mentoring.calendar.talks import (
    has_open_talk,
    keep_proposed,
    move_talk,
    talk_instead,
)
from mentoring.calendar.told_times import moment_told
from mentoring.clock import zone_named
from mentoring.db import Session
from mentoring.effects import Ended, Goodbye, Sequel
from mentoring.models import (
    OUT,
    Invitation,
    InvitationState,
    Match,
    MatchSide,
    MatchState,
    Person,
    Talk,
    TalkState,
)
from mentoring.tasks import ask_for_zone, open_task
from mentoring.wording import likely_zone


def after_talk_question(ended: Ended) -> Sequel:
    """Somebody has answered the question before a talk, or about a time for the first one."""
    talk, other, held = _talk_of(ended)
    if talk is not None and held:
        # Nothing can be told to the other one, or promised for them.
        what = f"answered about their talk {held}. Tell them how it goes on"
        return _leave_to_staff(ended, talk, what)
    asked_about = talk
    if talk is not None and talk.state is TalkState.MOVED:
        talk = talk_instead(ended.session, talk)
    if talk is None or other is None or not _is_to_come(ended, talk):
        return Sequel(("T-CLGONE",), effect=Goodbye())
    if zone_named(ended.person.zone) is None:
        return _want_zone(ended, talk)
    if ended.outcome == "moved":
        return _new_time(ended, talk)
    return _suits(ended, talk, other, is_new=talk is not asked_about)


def _suits(ended: Ended, talk: Talk, other: Person, *, is_new: bool) -> Sequel:
    """The time suits whoever answers, and they may want to be rung at it."""
    both = ended.person, other
    if one_is_away(ended.session, both, talk.at):
        what = "counts on a talk at which one of the two is on a pause. Find another time with both"
        return _leave_to_staff(ended, talk, what)
    # A ring may have been offered before one of the two came to read texts only.
    if ended.outcome == "ring" and not one_reads_only(both):
        return _ring(ended, talk, is_new=is_new)
    if talk.state is TalkState.PROPOSED:
        return _take_time(ended, talk, talk.at)
    return _stays(ended, talk)


def _is_to_come(ended: Ended, talk: Talk) -> bool:
    """Tell whether a talk is still to come, or its time may still be agreed on."""
    if talk.state is not TalkState.PROPOSED:
        return talk.is_open and talk.at > ended.now
    goes_on = talk.match.state in (MatchState.INTRO, MatchState.EARLY, MatchState.ACTIVE)
    return goes_on and not has_open_talk(ended.session, talk.match_id)


_TALK = (
    select(Talk, Person, Match.state, Match.code)
    .join(Invitation, Invitation.number == Talk.id)
    .join(Match, Match.id == Talk.match_id)
    .join(
        MatchSide,
        (MatchSide.match_id == Talk.match_id) & (MatchSide.person_id != bindparam("person_id")),
    )
    .join(Person, Person.id == MatchSide.person_id)
    .where(Invitation.id == bindparam("invitation_id"))
    .with_for_update(of=Talk)
    .execution_options(populate_existing=True)
)


def _talk_of(ended: Ended) -> tuple[Talk | None, Person | None, str]:
    """Return the talk in question, with whom, and in words what keeps the two apart by now.

    The talk is locked: the other side may be answering at this moment.
    """
    asked = ended.conversation.invitation_id
    wanted = {"invitation_id": asked, "person_id": ended.person.id}
    found = ended.session.execute(_TALK, wanted).first()
    if found is None:
        return None, None, ""
    talk, other, state, code = found
    if state is MatchState.SAFETY_HOLD:
        return talk, other, f"in {code}, which is on hold"
    if other.state in OUT and state is not MatchState.CLOSED:
        return talk, other, f"with {other.code}, who is {other.state}"
    return talk, other, ""


def _want_zone(ended: Ended, talk: Talk) -> Sequel:
    """No clock knows their place any more, so no hour can be told or read: staff settle it."""
    if ended.outcome == "ring":
        wish = "be rung for their talk. That is done once their zone is known"
        _wants_to_be_rung(talk, ended.person)
    else:
        wish = "talk at another time. Their zone is not known, so please set it with both"
    sequel = _leave_to_staff(ended, talk, f"would like to {wish}")
    ask_for_zone(ended.session, ended.person, now=ended.now)
    return sequel


def _leave_to_staff(ended: Ended, talk: Talk, what: str) -> Sequel:
    """Nothing can be promised to whoever answers, but that somebody calls or texts them."""
    _answered(ended)
    open_task(
        ended.session,
        rule="talk",
        words=f"{ended.person.code} {what}.",
        key=f"talk-answer:{talk.id}:{ended.person.id}",
        person=ended.person,
        match_id=talk.match_id,
        now=ended.now,
    )
    return Sequel(("T-PERS",), effect=Goodbye())


def _ring(ended: Ended, talk: Talk, *, is_new: bool) -> Sequel:
    """They are rung at the time; who asks second is rung if the first is not there."""
    _answered(ended)
    person = ended.person
    if person.phone.calls_refused_at is not None:
        # The opt-out stands until they lift it themselves, so nothing is promised against it.
        return Sequel(("T-CLNORING",), effect=Goodbye())
    _wants_to_be_rung(talk, person)
    if is_new:
        known = talk_words(ended.session, talk, person)
        return Sequel(("T-CLGODAY",), effect=Goodbye(), known=known)
    known = moment_words(ended.session, talk.at, person)
    return Sequel(("T-CLGO",), effect=Goodbye(), known=known)


def _wants_to_be_rung(talk: Talk, person: Person) -> None:
    if talk.ring_first_id is None:
        talk.ring_first_id = person.id
    elif talk.ring_first_id != person.id:
        talk.ring_next_id = person.id


_ANSWERED = (
    update(Invitation)
    .where(Invitation.id == bindparam("invitation_id"))
    .values(state=InvitationState.ANSWERED, settled_at=bindparam("now"))
)


def _answered(ended: Ended) -> None:
    """The question is settled. It is asked once only, so no further try of it waits."""
    ended.session.execute(
        _ANSWERED,
        {"invitation_id": ended.conversation.invitation_id, "now": ended.now},
        execution_options={"synchronize_session": False},
    )


def _new_time(ended: Ended, talk: Talk) -> Sequel:
    """The talk is at another time from now on; what cannot be is said, and asked again."""
    return _take_time(ended, talk, _moment_told(ended))


def _take_time(ended: Ended, talk: Talk, at: datetime) -> Sequel:
    session, now, person = ended.session, ended.now, ended.person
    if at == talk.at and talk.state is not TalkState.PROPOSED:
        return _stays(ended, talk)
    why_not = why_not_at(session, at, talk.match, by=person, now=now)
    if why_not:
        return Sequel((why_not,), flow="talk_time")
    is_closing = talk.match.state is MatchState.CLOSING
    if is_closing and not has_time_for(session, talk.match_id, at):
        return _after_the_end(ended, talk)
    _answered(ended)
    known = talk_words(session, talk, person) | moment_words(session, at, person)
    if talk.state is TalkState.PROPOSED and at == talk.at:
        keep_proposed(session, talk, by=person, now=now)
        tell_other(session, talk, other_side(talk.match, person.id), is_first=True, now=now)
        return _booked(ended, talk, known)
    is_first = talk.state is TalkState.PROPOSED
    moved = move_talk(session, talk, at=at, by=person, now=now)
    if moved is not None:
        take_back_new_time(session, talk, now=now)
        other = other_side(talk.match, person.id)
        tell_other(session, moved, other, is_first=is_first, now=now)
    return _booked(ended, moved, known)


def _booked(ended: Ended, talk: Talk | None, known: Mapping[str, str]) -> Sequel:
    """Say when the talk is, and whether they are rung for it."""
    is_rung = talk is not None and ring_booker(ended.session, talk, by=ended.person)
    prompt = "T-CLMOVEDR" if is_rung else "T-CLMOVED"
    return Sequel((prompt,), effect=Goodbye(), known=known)


def ring_booker(session: Session, talk: Talk, *, by: Person) -> bool:
    """Let whoever has set the time be rung first at it, and through them the other (decision 9).

    False where they did not agree to calls of ours, or one of the two reads texts only.
    """
    if is_by_text(talk.match) or not reach_now(session, by).calls:
        return False
    other = other_side(talk.match, by.id).person_id
    is_wanted_by_other = other in (talk.ring_first_id, talk.ring_next_id)
    talk.ring_first_id, talk.ring_next_id = by.id, other if is_wanted_by_other else None
    return True


def _stays(ended: Ended, talk: Talk) -> Sequel:
    """The time that was agreed on is right, however near it is."""
    _answered(ended)
    talk.booked_by_id = talk.booked_by_id or ended.person.id
    known = talk_words(ended.session, talk, ended.person)
    return Sequel(("T-CLSAME",), effect=Goodbye(), known=known)


def _after_the_end(ended: Ended, talk: Talk) -> Sequel:
    """The match is closed by then, so staff find another time with both."""
    _answered(ended)
    which = "the last talk" if talk.is_last else "a talk"
    open_task(
        ended.session,
        rule="last talk",
        words=f"{ended.person.code} would move {which} to after the end. Find another time.",
        key=f"last-talk-late:{talk.id}:{ended.person.id}",
        person=ended.person,
        match_id=talk.match_id,
        now=ended.now,
    )
    return Sequel(("T-PERS",), effect=Goodbye())


def _moment_told(ended: Ended) -> datetime:
    """Return the moment that was told, by the clocks of whoever told it."""
    phone, person = ended.conversation.phone, ended.conversation.person
    return moment_told(ended, "CL1N", zone=likely_zone(ended.session, phone, person))
