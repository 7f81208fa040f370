"""What fills the placeholders of a conversation: the partner's name, and what its flow is about."""

from collections.abc import Callable, Mapping
from datetime import datetime

from sqlalchemy import bindparam, select

from mentoring.calendar.days import MONTH
from mentoring.calendar.lookups import closing_day, day_of_call, hours_given, last_talk_at
from mentoring.calendar.plan_versions import newest_plan, plan_to_read_back, wishes_of
from mentoring.calendar.slot_times import next_moment
from mentoring.calendar.talk_words import words_of_question
from mentoring.clock import spoken_date, spoken_day, spoken_time, zone_named
from mentoring.db import Session
from mentoring.facts import language_of, partner_in
from mentoring.flows import FLOWS
from mentoring.flows.annual import TEXTS
from mentoring.flows.browsing import MOST
from mentoring.flows.catalog import Catalog
from mentoring.flows.render import shown
from mentoring.languages import Localized, in_language, spoken_weekday, staff_named
from mentoring.matching.group_topics import topic_to_talk_on
from mentoring.models import Conversation, Match, MatchSide, Person, Plan, Recording
from mentoring.notes import count_waiting
from mentoring.people import away_until
from mentoring.proposals.browsing import blurb
from mentoring.proposals.records import (
    answer_by,
    invitation_of,
    other_of,
    proposal_asked_by,
    said_of_other,
)
from mentoring.spoken_notices import FLOW as SPOKEN_NOTICES
from mentoring.spoken_notices import words_to_say
from mentoring.wording import Params, likely_zone, params_for

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
    if partner is not None:
        return partner.name
    # After the end of a match its questions still name the other one.
    other = _other_person(session, conversation)
    return other.shown_name if other is not None else staff_named(session.programme.staff_name)


_OTHER_PERSON = (
    select(Person)
    .join(MatchSide, MatchSide.person_id == Person.id)
    .where(
        MatchSide.match_id == bindparam("match_id"),
        MatchSide.person_id != bindparam("person_id"),
    )
)


def _other_person(session: Session, conversation: Conversation) -> Person | None:
    """Return who is on the other side of the match that a conversation is about, open or not."""
    if conversation.match_id is None:
        return None
    wanted = {"match_id": conversation.match_id, "person_id": conversation.person_id or 0}
    return session.scalar(_OTHER_PERSON, wanted)


def _note_day(session: Session, conversation: Conversation, now: datetime) -> str:
    """Return the day on which the note in question was left, at the listener's place."""
    note = session.get(Recording, conversation.recording_id or 0)
    zone = likely_zone(session, conversation.phone, conversation.person)
    return spoken_day(note.made_at if note else now, zone)


def _notes_waiting(session: Session, conversation: Conversation, _now: datetime) -> str:
    person_id = conversation.person_id
    return str(count_waiting(session, person_id) if person_id is not None else 0)


def _news(session: Session, conversation: Conversation, _now: datetime) -> str:
    """Return what waits to be said to whoever is there."""
    return words_to_say(session, conversation.person) if conversation.person else ""


def _months(session: Session, conversation: Conversation, now: datetime) -> str:
    """Return for how many months a match has been going on, as the calendar counts them."""
    match = session.get(Match, conversation.match_id or 0)
    days = (now - match.opened_at).days if match is not None else 0
    return str(max(1, days // MONTH))


def plan_params(session: Session, plan: Plan | None, person: Person | None) -> dict[str, str]:
    """Return a plan in words: how often, when at this person's place, replies; {} without one."""
    if plan is None:
        return {}
    zone = zone_named(person.zone if person else None) or session.programme.office
    # Where no clock knows the zone of the plan any more, it is read back as it was told.
    own = zone_named(plan.zone) or zone
    talk_at = next_moment(plan.slot, zone=own, after=plan.proposed_at)
    return {
        "freq": answer_words("plan", "GP3", plan.rhythm),
        "day": spoken_weekday(talk_at.astimezone(zone).date()),
        "time": spoken_time(talk_at, zone),
        "reply": answer_words("plan", "GP5", plan.reply),
    }


def plan_words(
    session: Session, match_id: int, name: str, person: Person | None
) -> tuple[str, dict[str, str]]:
    """Return the prompt that reads back the plan of a match with somebody, and what fills it."""
    params = plan_params(session, plan_to_read_back(session, match_id), person)
    return "T-PLAN" if params else "T-NOPLAN", {"mentor": name, **params}


def answer_words(flow: str, question: str, value: str) -> str:
    """Return a stored answer in words, in the language of whoever hears it: `every 2 weeks`."""
    ask = FLOWS[flow].ask(question)
    if ask is None:
        return value
    return Localized.of(
        lambda language: in_language(
            shown(ask, Catalog.load().wording(ask.prompt, language.code), value), language.code
        )
    )


def _wish_of(is_mine: bool) -> Maker:
    """Return how often one of a pair would like to talk: whoever is asked, or the other one."""

    def make(session: Session, conversation: Conversation, _now: datetime) -> str:
        wishes = wishes_of(session, conversation.match_id or 0)
        told = [said for who, said in wishes.items() if (who == conversation.person_id) is is_mine]
        return answer_words("plan", "GP3", told[0]) if told else ""

    return make


def _of_plan(name: str) -> Maker:
    def make(session: Session, conversation: Conversation, _now: datetime) -> str:
        plan = newest_plan(session, conversation.match_id or 0)
        return plan_params(session, plan, conversation.person).get(name, "")

    return make


def _of_talk(name: str) -> Maker:
    def make(session: Session, conversation: Conversation, _now: datetime) -> str:
        return words_of_question(session, conversation).get(name, "")

    return make


_OF_TALK = {name: _of_talk(name) for name in ("mentor", "day", "time")}


def _closing_day(session: Session, conversation: Conversation, now: datetime) -> str:
    at = closing_day(session, conversation.match_id or 0) or now
    return spoken_day(at, likely_zone(session, conversation.phone, conversation.person))


def _last_talk_day(session: Session, conversation: Conversation, now: datetime) -> str:
    at = last_talk_at(session, conversation.match_id or 0) or now
    return spoken_day(at, likely_zone(session, conversation.phone, conversation.person))


def _last_talk_time(session: Session, conversation: Conversation, now: datetime) -> str:
    at = last_talk_at(session, conversation.match_id or 0) or now
    return spoken_time(at, likely_zone(session, conversation.phone, conversation.person))


def _return_of_other(session: Session, conversation: Conversation, now: datetime) -> str:
    """Return the day on which the other side of the match means to be back."""
    return _spoken_return(_other_person(session, conversation), session, now)


def _own_return(session: Session, conversation: Conversation, now: datetime) -> str:
    return _spoken_return(conversation.person, session, now)


def _spoken_return(person: Person | None, session: Session, now: datetime) -> str:
    known = away_until(person) if person is not None else None
    return spoken_date(known or now.astimezone(session.programme.office).date())


def _hours_given(session: Session, conversation: Conversation, now: datetime) -> str:
    hours, _ = hours_given(session, conversation.person_id or 0, now=now)
    return str(hours)


def _people_helped(session: Session, conversation: Conversation, now: datetime) -> str:
    _, people = hours_given(session, conversation.person_id or 0, now=now)
    return str(people)


def _day_of_call(session: Session, conversation: Conversation, now: datetime) -> str:
    at = day_of_call(session, conversation.person_id or 0, now=now)
    return spoken_day(at, likely_zone(session, conversation.phone, conversation.person))


def _of_proposal(name: str) -> Maker:
    """Return what somebody hears of the other one of a proposal, as staff picked it."""

    def make(session: Session, conversation: Conversation, now: datetime) -> str:
        proposal = proposal_asked_by(session, conversation.invitation_id)
        if proposal is None or conversation.person is None:
            return staff_named(session.programme.staff_name)
        if name == "day":
            ends = answer_by(proposal, invitation_of(session, proposal)) or now
            return spoken_day(ends, likely_zone(session, conversation.phone, conversation.person))
        if name in ("mentor", "protege"):
            return other_of(proposal, conversation.person_id).shown_name
        return said_of_other(proposal, conversation.person.role, name)

    return make


def _of_described(place: int) -> Maker:
    """Return what is said of the mentor in that place to somebody who waits."""

    def make(session: Session, conversation: Conversation, _now: datetime) -> str:
        return blurb(session, conversation.person, place) if conversation.person else ""

    return make


def _annual(session: Session, conversation: Conversation, _now: datetime) -> str:
    """Return the annual message as it is spoken in the language of the conversation."""
    message = session.programme.annual.get(language_of(conversation))
    return message.heard if message is not None else ""


def _annual_text(place: int) -> Maker:
    """Return one text of the short form of the annual message, empty where it has fewer."""

    def make(session: Session, conversation: Conversation, _now: datetime) -> str:
        message = session.programme.annual.get(language_of(conversation))
        texts = message.texts if message is not None else ()
        return texts[place - 1] if place <= len(texts) else ""

    return make


def _topic_of_group(session: Session, conversation: Conversation, _now: datetime) -> str:
    """Return on what a mentor without a match is asked to a group call: what most wait for."""
    return topic_to_talk_on(session, conversation.person) if conversation.person else ""


_TOLD_OF_OTHER = ("day", "field", "topics", "when", "more")
_TOLD_OF_MENTOR = ("mentor", "years", "ownline", *_TOLD_OF_OTHER)
_ABOUT_US = {
    "annual": _annual,
    **{f"annual{place}": _annual_text(place) for place in range(1, TEXTS + 1)},
}
_MAKERS: Mapping[str, Mapping[str, Maker]] = {
    "welcome": _ABOUT_US,
    "withheld": _ABOUT_US,
    SPOKEN_NOTICES: {"news": _news},
    "play_notes": {"day": _note_day, "n": _notes_waiting},
    "plan_rhythm": {"mine": _wish_of(True), "theirs": _wish_of(False)},
    "plan_confirm": {name: _of_plan(name) for name in ("freq", "day", "time", "reply")},
    "milestone": {"n": _months},
    "first_talk": _OF_TALK,
    "talk_reminder": _OF_TALK,
    "text_reminder": _OF_TALK,
    "new_time": _OF_TALK,
    "text_new_time": _OF_TALK,
    "talk_time": _OF_TALK,
    "talk_missed": _OF_TALK,
    "last_talk": {"date": _closing_day, "day": _last_talk_day, "time": _last_talk_time},
    "cover": {"date": _return_of_other},
    "pause_check": {"date": _own_return},
    "waiting_long": {"date": _day_of_call},
    "proposal_protege": {name: _of_proposal(name) for name in _TOLD_OF_MENTOR},
    "proposal_mentor": {
        name: _of_proposal(name) for name in ("protege", "stage", "mode", *_TOLD_OF_OTHER)
    },
    "browse": {f"blurb{place}": _of_described(place) for place in range(1, MOST + 1)},
    "mentor_idle": {"topic": _topic_of_group},
    "thanks_name": {"hours": _hours_given, "people": _people_helped},
}
