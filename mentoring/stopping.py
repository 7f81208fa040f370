"""Somebody asks for a pause, comes back from one, or wants to finish: by text or by phone."""

from mentoring.calendar.closing import begin_closing
from mentoring.calendar.lookups import closing_day
from mentoring.calendar.pauses import Pause, come_back, matches_of, pause_person
from mentoring.clock import spoken_date, spoken_day, zone_named
from mentoring.db import Session
from mentoring.effects import Ended, Goodbye, Sequel, ToPerson
from mentoring.models import (
    Channel,
    ClosureReason,
    Invitation,
    Match,
    MatchState,
    Person,
)
from mentoring.partners import partners_of
from mentoring.people import away_until
from mentoring.tasks import open_task


def pause_words(session: Session, person: Person, pause: Pause) -> tuple[str, dict[str, str]]:
    """Return the prompt for somebody who is on a pause, and what fills it.

    They hear whether a talk is off for the pause. It does not stop an end: whoever has a match
    that is to end hears by when it does.
    """
    known: dict[str, str] = {"date": spoken_date(pause.until)}
    ending = matches_of(session, person, (MatchState.CLOSING,))
    ends = [at for match in ending if (at := closing_day(session, match.id)) is not None]
    if ends:
        zone = zone_named(person.zone) or session.programme.office
        prompt = "T-PAUOFF" if MatchState.CLOSING in pause.talks_of else "T-PAUEND"
        return prompt, known | {"day": spoken_day(min(ends), zone)}
    if pause.talks_of:
        return "T-PAUTALK", known
    return ("T-PAU" if pause.matches else "T-PAUW"), known


def after_pause_in_menu(ended: Ended) -> Sequel:
    """Key "to pause": it counts at once, for a slip is undone by the next call."""
    pause = pause_person(
        ended.session, ended.person, actor=ended.actor, reason=_how(ended), now=ended.now
    )
    if pause is None:
        return Sequel(effect=ToPerson("would like to pause"))
    prompt, known = pause_words(ended.session, ended.person, pause)
    return Sequel((prompt,), effect=Goodbye(), known=known)


def _how(ended: Ended) -> str:
    by_text = ended.conversation.channel is Channel.TEXT
    return "asked by text" if by_text else "asked by phone"


def after_finish_in_menu(ended: Ended) -> Sequel:
    """Key "to finish": first it is asked whether they are sure."""
    ended.conversation.match_id = None
    return Sequel(flow="finish")


def after_finish(ended: Ended) -> Sequel:
    """They are sure, or not, or would rather talk to staff."""
    match = _meant(ended)
    if match is None:
        return Sequel(effect=ToPerson("wanted to finish a match that is gone"))
    ended.conversation.match_id = match.id
    if ended.outcome == "keep":
        return Sequel(("T-QPKEEP",), effect=Goodbye())
    if ended.outcome == "staff" or match.state is MatchState.SAFETY_HOLD:
        return _leave_to_staff(ended, match)
    begin_closing(
        ended.session,
        match,
        reason=_reason(ended),
        actor=ended.actor,
        why=_how(ended),
        now=ended.now,
    )
    closes_at = closing_day(ended.session, match.id)
    if match.state is not MatchState.CLOSING or closes_at is None:
        return _leave_to_staff(ended, match)
    zone = zone_named(ended.person.zone) or ended.session.programme.office
    known = {"date": spoken_day(closes_at, zone)}
    return Sequel(("T-FINYES",), effect=Goodbye(), known=known)


def _meant(ended: Ended) -> Match | None:
    """Return the match that is meant: the one that was chosen, or the only one."""
    partners = partners_of(ended.session, ended.person.id)
    chosen = ended.answers.get("FINW")
    ids = [p.match_id for p in partners if chosen in (None, str(p.side_id))]
    if ended.conversation.match_id in ids:
        ids = [ended.conversation.match_id]
    if len(ids) != 1:
        return None
    match = ended.session.get_one(Match, ids[0])
    ended.session.refresh(match, ["state"], with_for_update=True)
    return match


def _reason(ended: Ended) -> ClosureReason:
    """Return why, as far as it is known: whoever chose it after a long silence had no contact."""
    asked = ended.session.get(Invitation, ended.conversation.invitation_id or 0)
    quiet = asked is not None and asked.flow == "quiet_pair"
    return ClosureReason.NO_CONTACT if quiet else ClosureReason.OTHER


def _leave_to_staff(ended: Ended, match: Match) -> Sequel:
    open_task(
        ended.session,
        rule="O8",
        words=f"{ended.person.code} would like to talk about finishing {match.code}.",
        key=f"finish:{match.id}:{ended.proof}",
        person=ended.person,
        match_id=match.id,
        now=ended.now,
    )
    return Sequel(("T-PERS",), effect=Goodbye())


def after_come_back(ended: Ended) -> Sequel:
    """Somebody on a pause called or wrote: they come back, stay, or want something else."""
    if ended.outcome == "back":
        come_back(ended.session, ended.person, actor=ended.actor, reason=_how(ended), now=ended.now)
        if ended.conversation.channel is Channel.TEXT:
            return Sequel(("T-BACKOK",), effect=Goodbye())
        return Sequel(("T-BACKOK",), flow=menu_for(ended.session, ended.person))
    if ended.outcome == "else":
        return Sequel(flow=menu_for(ended.session, ended.person))
    until = away_until(ended.person)
    if until is None:
        return Sequel(effect=Goodbye())
    prompt, known = pause_words(ended.session, ended.person, Pause(until, 0))
    return Sequel((prompt,), effect=Goodbye(), known=known)


def menu_for(session: Session, person: Person) -> str:
    """Return the menu for somebody who is with us: with a match, or before there is one."""
    return "main_menu" if partners_of(session, person.id) else "waiting_menu"
