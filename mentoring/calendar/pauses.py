"""A pause of a protege or a break of a mentor, and the return from it (2.1, 2.2, 3.3).

All matches of that person rest with it. Whoever paused comes back when they say so, else on the
day that was told; each match is then again what it was before, unless the other side is away too.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import bindparam, select

from mentoring.calendar.absences import moment_on, zone_of
from mentoring.calendar.covers import end_cover
from mentoring.calendar.dues import call_off, plan
from mentoring.calendar.invitations import open_invitation
from mentoring.calendar.pairs import WITH_SIDES, other_side
from mentoring.calendar.settling import settle
from mentoring.calendar.talks_in_pauses import call_off_in_pause
from mentoring.calendar.telling import tell
from mentoring.clock import spoken_date
from mentoring.db import Session
from mentoring.matches import move_match
from mentoring.models import (
    RESTING,
    RUNNING,
    DueKind,
    Invitation,
    InvitationState,
    Match,
    MatchSide,
    MatchState,
    Person,
    PersonState,
    Role,
    Transition,
)
from mentoring.people import AWAY, away_until, is_away, move_person, state_before

_AWAY_AS = {Role.PROTEGE: PersonState.PAUSED, Role.MENTOR: PersonState.ON_BREAK}
_MATCHED = {Role.PROTEGE: PersonState.MATCHED, Role.MENTOR: PersonState.ACTIVE}
_FREE = {Role.PROTEGE: PersonState.ALUM, Role.MENTOR: PersonState.AVAILABLE}
_MAY_PAUSE = (
    *_MATCHED.values(),
    PersonState.WAITING,
    PersonState.AVAILABLE,
    # The proposal ends with it (mentoring/proposals/lapsing.py).
    PersonState.OFFERED,
)
_BEFORE_OFFER = {Role.PROTEGE: PersonState.WAITING, Role.MENTOR: PersonState.AVAILABLE}
_OF_A_PAUSE = (DueKind.RETURN, DueKind.PAUSE_CHECK, DueKind.COVER)
_ASKED_BEFORE = timedelta(days=5)
_COVER_AFTER = timedelta(days=21)
_TOMORROW = timedelta(days=1)


@dataclass(frozen=True)
class Pause:
    """A pause that has begun, or that goes on: until which day, and how many matches rest.

    `talks_of` holds the states of those matches of which a talk that the two count on falls into
    it.
    """

    until: date
    matches: int
    talks_of: Collection[MatchState] = ()


def pause_person(
    session: Session,
    person: Person,
    *,
    actor: str,
    reason: str,
    now: datetime,
    days: int | None = None,
) -> Pause | None:
    """Let a person rest, with all their matches; None when they are in no state to pause.

    Whoever is away already hears until when, and nothing changes.
    """
    session.refresh(person, ["state"], with_for_update=True)
    if person.state in AWAY:
        until = away_until(person) or _on_day(session, person, now, days)
        return Pause(until, len(matches_of(session, person, RESTING)))
    if person.state not in _MAY_PAUSE:
        return None
    until = _on_day(session, person, now, days)
    away = _AWAY_AS[person.role]
    move_person(session, person, away, actor=actor, reason=reason, now=now)
    person.profile = {**person.profile, "away_until": until.isoformat()}
    matches = matches_of(session, person, RUNNING)
    for match in matches:
        session.refresh(match, ["state"], with_for_update=True)
        if match.state in RUNNING:
            move_match(session, match, MatchState.PAUSED, actor=actor, reason=reason, now=now)
            _tell_other_side(session, match, person, until, now=now)
    _plan_pause(session, person, until, now=now)
    talks_of = _call_off_talks(session, person, until, now=now)
    return Pause(until, len(matches), talks_of)


def _call_off_talks(
    session: Session, person: Person, until: date, *, now: datetime
) -> Collection[MatchState]:
    """No talk is held while one is away, in a match that rests or in one that is to end.

    Returns the states of the matches in which there is one that the two count on.
    """
    return {
        match.state
        for match in matches_of(session, person, (MatchState.PAUSED, MatchState.CLOSING))
        if call_off_in_pause(session, match, person, until=until, may_be_slip=True, now=now)
    }


def _on_day(session: Session, person: Person, now: datetime, days: int | None) -> date:
    """Return the day so many days later, as calendars at the person's place count them."""
    today = now.astimezone(zone_of(session, person)).date()
    return today + timedelta(days=days or session.programme.pause_days)


_MATCHES = (
    select(Match)
    .join(MatchSide)
    .where(
        MatchSide.person_id == bindparam("person_id"),
        Match.state.in_(bindparam("states", expanding=True)),
    )
    .options(WITH_SIDES)
    .order_by(Match.id)
)


def matches_of(session: Session, person: Person, states: Sequence[MatchState]) -> Sequence[Match]:
    """Return the matches of a person that are in one of these states."""
    return session.scalars(_MATCHES, {"person_id": person.id, "states": list(states)}).all()


def _tell_other_side(
    session: Session, match: Match, person: Person, until: date, *, now: datetime
) -> None:
    """A protege is asked whether somebody may cover for their mentor; a mentor is only told."""
    other = other_side(match, person.id)
    if other.role is Role.PROTEGE:
        open_invitation(
            session,
            "cover",
            match_id=match.id,
            person=other.person,
            # Of one break they are asked once, however often a hold comes between. Nobody begins
            # two in one minute, but perhaps on one day.
            number=(person.state_since - match.opened_at) // timedelta(minutes=1),
            at=now,
            now=now,
        )
        return
    _tell_of_day(session, match, person, until, now=now)


def _tell_of_day(
    session: Session, match: Match, person: Person, until: date, *, now: datetime
) -> None:
    other, day = other_side(match, person.id), spoken_date(until)
    tell(
        session,
        other,
        "T-PAU3",
        key=f"pause:{other.id}:{until}:{person.state_since.isoformat()}",
        by_phone=f"{match.code} is on a pause till {day}; it is not about them.",
        known={"date": day},
        now=now,
    )


def _plan_pause(session: Session, person: Person, until: date, *, now: datetime) -> None:
    """Let the return, the question before it, and the cover of a long break wait for their day."""
    back_at = moment_on(session, person, until)
    key = f"{person.id}:{now.isoformat()}"
    _plan(session, DueKind.RETURN, person, back_at, key, now=now)
    if back_at - _ASKED_BEFORE > now:
        _plan(session, DueKind.PAUSE_CHECK, person, back_at - _ASKED_BEFORE, key, now=now)
    # Counted from where the break began, also when it is made longer.
    cover_at = max(now, person.state_since + _COVER_AFTER)
    if person.role is Role.MENTOR and back_at > cover_at:
        _plan(session, DueKind.COVER, person, cover_at, key, now=now)


def _plan(
    session: Session, kind: DueKind, person: Person, at: datetime, key: str, *, now: datetime
) -> None:
    plan(session, kind, at=at, key=f"{kind}:{key}", person_id=person.id, now=now)


def longer(session: Session, person: Person, *, now: datetime) -> Pause | None:
    """Make a pause longer, up to the most that nobody need be asked for; None beyond that."""
    session.refresh(person, ["state"], with_for_update=True)
    until = away_until(person)
    if person.state not in AWAY or until is None:
        return None
    programme = session.programme
    began = person.state_since.astimezone(zone_of(session, person)).date()
    latest = began + timedelta(days=programme.pause_days_at_most)
    wanted = min(until + timedelta(days=programme.pause_days), latest)
    if wanted <= until:
        return None
    person.profile = {**person.profile, "away_until": wanted.isoformat()}
    _call_off(session, person, outcome="a longer pause", now=now)
    _plan_pause(session, person, wanted, now=now)
    talks_of = _call_off_talks(session, person, wanted, now=now)
    matches = matches_of(session, person, (MatchState.PAUSED,))
    for match in matches:
        _tell_of_day(session, match, person, wanted, now=now)
    return Pause(wanted, len(matches), talks_of)


def _call_off(session: Session, person: Person, *, outcome: str, now: datetime) -> None:
    """End what still waits about a pause of this person, and nothing else about them."""
    call_off(session, person_id=person.id, kinds=_OF_A_PAUSE, outcome=outcome, now=now)


def come_back(
    session: Session, person: Person, *, actor: str, reason: str, now: datetime
) -> list[Match]:
    """End a pause: the person and their matches are again what they were. Returns the matches.

    A match on hold stays on hold; it wakes after the hold is lifted.
    """
    session.refresh(person, ["state"], with_for_update=True)
    if person.state not in AWAY:
        return []
    move_person(session, person, _before(session, person), actor=actor, reason=reason, now=now)
    person.profile = {k: v for k, v in person.profile.items() if k != "away_until"}
    _call_off(session, person, outcome=reason, now=now)
    session.flush()
    if person.role is Role.MENTOR:
        _ask_for_no_cover(session, person, now=now)
    woken = []
    for match in matches_of(session, person, RESTING):
        if match.state is MatchState.SAFETY_HOLD:
            _wake_later(session, match, now=now)
        elif wake(session, match, actor=actor, reason=reason, now=now):
            woken.append(match)
            key = f"back:{match.id}:{now.isoformat()}"
            tell(
                session,
                other_side(match, person.id),
                "T-BACKTHEY",
                key=key,
                by_phone=f"the pause of {match.code} is over.",
                now=now,
            )
    return woken


def _ask_for_no_cover(session: Session, mentor: Person, *, now: datetime) -> None:
    """Nobody need cover for a mentor who is back; and the question leaves room for the next one."""
    outcome, resting = "the mentor is back", matches_of(session, mentor, RESTING)
    asked = Invitation.flow == "cover", Invitation.match_id.in_([match.id for match in resting])
    settle(session, *asked, state=InvitationState.CANCELLED, outcome=outcome, now=now)
    for match in resting:
        end_cover(session, match, outcome=outcome, now=now)


def _before(session: Session, person: Person) -> PersonState:
    """Return what somebody was before the pause, as far as it still holds."""
    known = state_before(session, "person", person.id, person.state)
    return what_holds(session, person, PersonState(known) if known else _FREE[person.role])


def what_holds(session: Session, person: Person, before: PersonState) -> PersonState:
    """Return what somebody is who was `before` matched, offered or free, by their matches now."""
    open_states = (*RUNNING, *RESTING, MatchState.CLOSING)
    if matches_of(session, person, open_states):
        return _MATCHED[person.role]
    if before is PersonState.OFFERED:
        return _BEFORE_OFFER[person.role]
    return _FREE[person.role] if before is _MATCHED[person.role] else before


def wake(session: Session, match: Match, *, actor: str, reason: str, now: datetime) -> bool:
    """Let a match that rests go on as before, unless one of the two is away."""
    session.refresh(match, ["state"], with_for_update=True)
    if match.state is not MatchState.PAUSED:
        return False
    # Seen anew under the lock: when both come back at once, the second of them wakes the match.
    for side in match.sides:
        session.refresh(side.person, ["state"])
    if any(is_away(session, side.person) for side in match.sides):
        return False
    before = state_before_pause(session, match)
    move_match(session, match, before, actor=actor, reason=reason, now=now)
    return True


# From which state, and when, a match last ceased to run: a hold and an end come after that, not
# before it, and so do a pause in one of them and one that outlasts it.
_CEASED = (
    select(Transition.from_state, Transition.at)
    .where(
        Transition.entity == "match",
        Transition.entity_id == bindparam("match_id"),
        Transition.from_state.in_([state.value for state in RUNNING]),
        Transition.to_state.not_in([state.value for state in RUNNING]),
    )
    .order_by(Transition.id.desc())
    .limit(1)
)


def state_before_pause(session: Session, match: Match) -> MatchState:
    """Return what a match was before it rested; a hold or an end taken back does not count."""
    ceased = session.columns(_CEASED, {"match_id": match.id}).first()
    return MatchState(ceased.from_state) if ceased is not None else MatchState.ACTIVE


def state_after_rest(session: Session, match: Match, before: MatchState) -> MatchState:
    """Return what a match becomes after a hold, or an end taken back, that was `before` it.

    A pause may have begun or ended meanwhile: it rests exactly as long as one of the two is away.
    """
    if before not in (*RUNNING, MatchState.PAUSED):
        return before
    for side in match.sides:
        session.refresh(side.person, ["state"])
    if any(is_away(session, side.person) for side in match.sides):
        return MatchState.PAUSED
    return before if before in RUNNING else state_before_pause(session, match)


def tell_of_new_pause(session: Session, match: Match, *, now: datetime) -> None:
    """Tell the other side of a pause that began while the match did not run, as of any pause.

    Nobody was told then, on hold or while it was to end. Whoever is away too waits for nobody.
    """
    away = [side.person for side in match.sides if side.person.state in AWAY]
    ceased = session.columns(_CEASED, {"match_id": match.id}).first()
    if len(away) != 1 or ceased is None or away[0].state_since <= ceased.at:
        return
    until = away_until(away[0]) or _on_day(session, away[0], now, None)
    _tell_other_side(session, match, away[0], until, now=now)


def _wake_later(session: Session, match: Match, *, now: datetime) -> None:
    plan(
        session,
        DueKind.RETURN,
        at=now + _TOMORROW,
        key=f"wake:{match.id}:{now.isoformat()}",
        match_id=match.id,
        now=now,
    )
