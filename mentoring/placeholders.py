"""What fills the placeholders of a conversation: the partner's name, and what its flow is about."""

from collections.abc import Callable, Mapping
from datetime import datetime

from mentoring.calendar.days import MONTH
from mentoring.calendar.plan_versions import newest_plan
from mentoring.calendar.slot_times import next_moment
from mentoring.calendar.talk_words import words_of_question
from mentoring.clock import spoken_day, spoken_time, zone_named
from mentoring.db import Session
from mentoring.facts import partner_in
from mentoring.flows import FLOWS
from mentoring.flows.catalog import Catalog
from mentoring.flows.render import shown
from mentoring.models import Conversation, Match, Person, Recording
from mentoring.notes import count_waiting
from mentoring.wording import Params, language_for, likely_zone, params_for

Maker = Callable[[Session, Conversation, datetime], str]


def params_in(session: Session, conversation: Conversation | None, *, now: datetime) -> Params:
    """Return the placeholders for prompts in a conversation; each is looked up when it is named."""
    if conversation is None:
        return params_for(session, phone=None, person=None, now=now)
    base = params_for(session, phone=conversation.phone, person=conversation.person, now=now)
    makers = {"mentor": _partner_name, **_MAKERS.get(conversation.flow, {})}
    return base.later(
        **{name: _bound(maker, session, conversation, now) for name, maker in makers.items()}
    )


def _bound(
    maker: Maker, session: Session, conversation: Conversation, now: datetime
) -> Callable[[], str]:
    return lambda: maker(session, conversation, now)


def _partner_name(session: Session, conversation: Conversation, _now: datetime) -> str:
    partner = partner_in(session, conversation)
    return partner.name if partner else session.programme.staff_name


def _note_day(session: Session, conversation: Conversation, now: datetime) -> str:
    """Return the day on which the note in question was left, at the listener's place."""
    note = session.get(Recording, conversation.recording_id or 0)
    zone = likely_zone(session, conversation.phone, conversation.person)
    return spoken_day(note.made_at if note else now, zone)


def _notes_waiting(session: Session, conversation: Conversation, _now: datetime) -> str:
    person_id = conversation.person_id
    return str(count_waiting(session, person_id) if person_id is not None else 0)


def _months(session: Session, conversation: Conversation, now: datetime) -> str:
    """Return for how many months a match has been going on, as the calendar counts them."""
    match = session.get(Match, conversation.match_id or 0)
    days = (now - match.opened_at).days if match is not None else 0
    return str(max(1, days // MONTH))


def plan_params(session: Session, match_id: int, person: Person | None) -> dict[str, str]:
    """Return the newest plan of a match in words: how often, when at this person's place, replies.

    Empty when nothing was proposed yet.
    """
    plan = newest_plan(session, match_id)
    if plan is None:
        return {}
    language = language_for(person)
    zone = zone_named(person.zone if person else None) or session.programme.office
    own = zone_named(plan.zone) or session.programme.office
    talk_at = next_moment(plan.slot, zone=own, after=plan.proposed_at)
    return {
        "freq": _shown("GP3", plan.rhythm, language),
        "day": f"{talk_at.astimezone(zone):%A}",
        "time": spoken_time(talk_at, zone),
        "reply": _shown("GP5", plan.reply, language),
    }


def _shown(question: str, value: str, language: str) -> str:
    ask = FLOWS["plan"].ask(question)
    if ask is None:
        return value
    return shown(ask, Catalog.load().wording(ask.prompt, language), value)


def _of_plan(name: str) -> Maker:
    def make(session: Session, conversation: Conversation, _now: datetime) -> str:
        params = plan_params(session, conversation.match_id or 0, conversation.person)
        return params.get(name, "")

    return make


def _of_talk(name: str) -> Maker:
    def make(session: Session, conversation: Conversation, _now: datetime) -> str:
        return words_of_question(session, conversation).get(name, "")

    return make


_OF_TALK = {name: _of_talk(name) for name in ("mentor", "day", "time")}
_MAKERS: Mapping[str, Mapping[str, Maker]] = {
    "play_notes": {"day": _note_day, "n": _notes_waiting},
    "plan_confirm": {name: _of_plan(name) for name in ("freq", "day", "time", "reply")},
    "milestone": {"n": _months},
    "talk_reminder": _OF_TALK,
    "talk_time": _OF_TALK,
}
