"""How the people of the fictional programme came, agreed, were screened and matched."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from app.seed_applications import begin_lessons, find_eligible, finish_lessons, name_references
from app.seed_proposals import propose_to
from app.seed_story import Story
from mentoring.consents import record_all_parts
from mentoring.conversations import begin, take
from mentoring.enrollment import intake_done
from mentoring.flows.inputs import Text
from mentoring.matches import close_match, move_match, open_match
from mentoring.models import (
    Channel,
    ClosureReason,
    MatchState,
    Mode,
    Person,
    PersonState,
    Role,
)
from mentoring.people import add_person, find_or_add_phone, mark_landline, move_person, read_number
from mentoring.sequel import flow_for

# Somebody of whom one reference is in, and somebody who has begun the lessons.
_HALF_SCREENED, _HALF_TAUGHT = "M12", "P09"
# Whom staff have proposed to whoever has an offer.
_PROPOSED = {"P06": "M08"}
_READY = {Role.PROTEGE: PersonState.WAITING, Role.MENTOR: PersonState.AVAILABLE}
# The way in, with the days from the first contact; whoever is offered a match has waited for it.
_SCREENED, _TRAINED, _READY_AFTER, _OFFERED_AFTER = 1.0, 6.0, 16.0, 30.0


def enrol(story: Story, who: Mapping[str, Any], role: Role) -> None:
    """Plan somebody's way from the first contact to the state in the data."""
    ready = _READY[role]
    way = {
        PersonState.INTAKE: 0.0,
        PersonState.SCREENING: _SCREENED,
        PersonState.ORIENTATION: _TRAINED,
        ready: _READY_AFTER,
        PersonState.OFFERED: _OFFERED_AFTER,
    }
    goal = PersonState(who.get("state", ready.value))
    days_in = who["since"] + way[goal]
    first = story.ago(days_in)
    code = who["code"]
    story.then(first, partial(_come, story, who, role))
    story.then(first + timedelta(minutes=4), partial(_agree, story, who))
    if who.get("texted"):
        story.then(first + timedelta(minutes=8), partial(_answer_by_text, story, who))
    for state, after in way.items():
        if 0 < after <= way[goal]:
            at = story.ago(days_in - after)
            if state is PersonState.OFFERED:
                # The 72 hours in which to answer are counted, so this moment is exact.
                at = story.now - timedelta(days=who["since"])
            story.then(at, partial(_reach, story, code, state))
    if code == _HALF_TAUGHT:
        story.then(story.ago(days_in - _TRAINED - 1), partial(_begin_lessons, story, code))


def _come(story: Story, who: Mapping[str, Any], role: Role, at: datetime) -> None:
    session = story.session
    phone = find_or_add_phone(session, read_number(who["number"]), now=at)
    phone.shared = who.get("shared", False)
    phone.slow = who.get("slow", False)
    if who.get("landline", False):
        mark_landline(phone)
    person = add_person(
        session,
        role=role,
        phone=phone,
        actor=who["code"],
        reason="first contact",
        now=at,
        code=who["code"],
        first_name=who["name"].split()[0],
    )
    person.community = who["community"]
    person.zone = who["zone"]
    person.language = who["language"]
    person.mode = Mode(who["mode"])
    person.safe_contact = 2 if phone.shared else 1
    person.profile = {"adult": "yes", **who["profile"]}
    story.people[person.code] = person


def _agree(story: Story, who: Mapping[str, Any], at: datetime) -> None:
    """Let somebody answer the consent by phone or by text. Who only talks is not asked C1."""
    person = story.people[who["code"]]
    by_text = person.mode is Mode.TEXT
    _move(story, person, PersonState.CONSENTING, "chose a role", at, actor=person.code)
    record_all_parts(
        story.session,
        person,
        channel=Channel.TEXT if by_text else Channel.VOICE,
        proof=story.sid("SM" if by_text else "CA"),
        known_by="sender id" if by_text else "caller id",
        refused=("C2",) if who.get("no_calls", False) else (),
        unasked=("C1",) if person.mode is Mode.VOICE else (),
        now=at,
    )
    after = at + timedelta(minutes=3)
    _move(story, person, PersonState.INTAKE, "consent given", after, actor=person.code)


def _answer_by_text(story: Story, who: Mapping[str, Any], at: datetime) -> None:
    """Let somebody answer the first questions of the intake, and leave the next one open."""
    person = story.people[who["code"]]
    conversation = begin(
        story.session,
        flow_for(story.session, person),
        channel=Channel.TEXT,
        phone=person.phone,
        person=person,
        call_sid=None,
        now=at,
    ).conversation
    for place, body in enumerate(who["texted"], start=1):
        then = at + timedelta(seconds=40 * place)
        take(story.session, conversation, Text(body), proof=story.sid("SM"), now=then)


def _begin_lessons(story: Story, code: str, at: datetime) -> None:
    begin_lessons(story, story.people[code], at)


def _reach(story: Story, code: str, state: PersonState, at: datetime) -> None:
    person = story.people[code]
    if state is PersonState.SCREENING:
        intake_done(story.session, person, actor=code, now=at)
        if code == _HALF_SCREENED:
            name_references(story.session, person, answered=1, actor=story.coordinator, at=at)
    elif state is PersonState.ORIENTATION:
        find_eligible(story.session, person, actor=story.coordinator, at=at)
    elif state is PersonState.OFFERED:
        propose_to(story, person, story.people[_PROPOSED[code]], at)
    else:
        finish_lessons(story, person, at)


def _move(
    story: Story,
    person: Person,
    to: PersonState,
    reason: str,
    at: datetime,
    *,
    actor: str | None = None,
) -> None:
    move_person(story.session, person, to, actor=actor or story.coordinator, reason=reason, now=at)


def plan_match(story: Story, row: Mapping[str, Any]) -> None:
    """Plan a match: offered, opened, grown active after 30 days with contact, perhaps closed."""
    pair = (row["protege"], row["mentor"])
    opened, closed = row["opened"], row.get("closed", 0)
    story.then(story.ago(opened + 2), partial(_offer, story, pair))
    story.then(story.ago(opened), partial(_open, story, pair))
    if opened - 30 > closed:
        story.then(story.ago(opened - 30), partial(_grow, story, pair))
    if closed:
        reason = ClosureReason(row["reason"])
        story.then(story.ago(closed), partial(_close, story, pair, reason))


def _offer(story: Story, pair: tuple[str, str], at: datetime) -> None:
    for code in pair:
        person = story.people[code]
        if person.state is _READY[person.role]:
            _move(story, person, PersonState.OFFERED, "match proposed", at)


def _open(story: Story, pair: tuple[str, str], at: datetime) -> None:
    protege, mentor = (story.people[code] for code in pair)
    story.matches[pair] = open_match(
        story.session, protege=protege, mentor=mentor, actor=story.coordinator, now=at
    )


def _grow(story: Story, pair: tuple[str, str], at: datetime) -> None:
    match = story.matches[pair]
    if match.state is MatchState.EARLY:
        move_match(
            story.session,
            match,
            MatchState.ACTIVE,
            actor="system",
            reason="day 30, plan agreed",
            now=at,
        )


def _close(story: Story, pair: tuple[str, str], reason: ClosureReason, at: datetime) -> None:
    close_match(story.session, story.matches[pair], reason=reason, actor=story.coordinator, now=at)
