"""The masked call as the other side meets it: the whisper, its answer, and how the ring ended."""

from dataclasses import replace
from datetime import datetime
from typing import TypeGuard

from twilio.twiml.voice_response import Gather, VoiceResponse

from mentoring.calling import (
    Accepted,
    accept_whisper,
    decline_whisper,
    end_ring,
    plan_call,
)
from mentoring.contacts import call_is_over, see_leg
from mentoring.conversation_queries import conversation_of_call
from mentoring.conversations import ask_again, spoken_before
from mentoring.crossed_calls import (
    has_waited,
    second_attempt,
    wait_no_more,
    waits_after_ring,
)
from mentoring.db import Session
from mentoring.effects import ASKED
from mentoring.flows.catalog import Catalog
from mentoring.flows.inputs import Control, Input, Speech, Value, read_answer
from mentoring.flows.steps import Ask, Kind, Option
from mentoring.languages import language_named
from mentoring.models import Contact, Conversation, LegSide, MatchSide, OptOutKind, Outcome
from mentoring.optouts import refuse
from mentoring.routing import (
    Route,
    is_closed,
    is_held,
    route_of_contact,
    route_to_ring_again,
    side_in_match,
)
from mentoring.statuses import is_final
from mentoring.tasks import key_of_call_back, open_task
from mentoring.wording import language_for
from telephony import twiml
from telephony.documents import document, note_instead, ring, wait_and_ring_again
from telephony.messages import LAST_SECONDS
from telephony.persons import ring_person
from telephony.requests import LegIn
from telephony.speaking import Speaker, voice_to

# The questions that a person called may hear. Only a sure yes ever joins the two, or one that was
# heard badly and is said once more to the same question.
WHISPER = Ask("WHISPER", "V-WHISP", Kind.CHOICE, (Option("yes"), Option("no")))
# Whoever does not know a relay takes its operator for somebody who sells, and hangs up.
RELAY_WHISPER = replace(WHISPER, prompt="V-WHISP-RELAY")
NAME_CHECK = Ask("WHISPER2", "V-WHISP2", Kind.CHOICE, (Option("yes"), Option("no")))
_MOST_TRIES = 3


def whisper(speaker: Speaker, contact_id: int, *, named: bool, tries: int, heard: str = "") -> str:
    """Ask the person called whether they want to talk. Silence is never a yes: it ends the leg.

    On a shared phone the name is checked first, and nothing is said before that (S9). `heard` is
    what they seem to have answered to this question just now: said again, it counts.
    """
    contact, route = route_of_contact(speaker.session, contact_id)
    if route is None:
        return _cannot_go_on(speaker, contact)
    # The request itself proves that somebody answered, should the leg's own callback be lost.
    see_leg(
        speaker.session,
        call_sid=speaker.call_sid,
        status="in-progress",
        side=LegSide.CALLEE,
        contact_id=contact_id,
        phone_id=route.other.phone_id,
        now=speaker.now,
    )
    response = VoiceResponse()
    if tries <= _MOST_TRIES:
        check = route.other.phone.shared and not named
        known = {"heard": heard} if heard else {}
        answer = speaker.addresses.whisper_answer(
            contact_id, named=int(not check), n=tries, **known
        )
        ask = NAME_CHECK if check else _question(route)
        response.append(_whispered(speaker, route, ask.prompt, answer=answer))
    # Nothing was pressed or said: a private voicemail, or nobody. Ending here never bridges.
    response.hangup()
    return str(response)


def _question(route: Route) -> Ask:
    """Return what the person called is asked. That a relay speaks is said if the caller agreed."""
    told = route.mine.person.profile.get("relay_announced") == "yes"
    return RELAY_WHISPER if told else WHISPER


def _whispered(speaker: Speaker, route: Route, prompt: str, *, answer: str) -> Gather:
    """Return the wait in which the person called is asked."""
    callee, programme = route.other, speaker.session.programme
    voice = voice_to(callee)
    gather = Gather(
        input="dtmf speech",
        action=answer,
        timeout=programme.whisper_seconds,
        speech_timeout=5 if callee.phone.slow else 3,
        num_digits=1,
        finish_on_key="",
        language=voice.locale,
        hints=",".join(language_named(voice.language).yes_no),
    )
    twiml.protect_from_sounds(gather, voice)
    known = {"protege": route.mine.person.shown_name, "name": callee.person.shown_name}
    minutes = str(programme.call_limit_minutes)
    twiml.say(gather, speaker.words_to(prompt, callee.person, minutes=minutes, **known), voice)
    return gather


def whisper_answer(
    speaker: Speaker, contact_id: int, given: Input, *, named: bool, tries: int, heard: str
) -> str:
    """Take the answer to the whisper. An empty document joins the two; anything else does not."""
    contact, route = route_of_contact(speaker.session, contact_id)
    if route is None:
        return _cannot_go_on(speaker, contact)
    ask = _question(route) if named else NAME_CHECK
    wording = Catalog.load().wording(ask.prompt, language_for(route.other.person))
    reading = read_answer(ask, wording, given)
    if isinstance(reading, Control) and reading.name == "person":
        return _person_wanted(speaker, contact_id, route)
    if isinstance(reading, Control) and reading.name == "no calls":
        return _no_more_calls(speaker, contact_id, route)
    answer = reading if isinstance(reading, Value) and _is_short(given) else None
    if answer is not None and (answer.sure or answer.value == heard):
        if answer.value == "no":
            # "No, this is not Luis" is no answer of Luis: he will be told that he was called.
            decline_whisper(speaker.session, contact_id, wrong_person=not named, now=speaker.now)
            return _hang_up_saying(speaker, "V-WHISP-BYE", route)
        if not named:
            return whisper(speaker, contact_id, named=True, tries=0)
        return _join(speaker, contact_id, route)
    again = isinstance(reading, Control)
    return whisper(
        speaker,
        contact_id,
        named=named,
        tries=tries + (0 if again else 1),
        heard=str(answer.value) if answer is not None else "",
    )


def _is_short(given: Input) -> bool:
    """Tell whether this is an answer and no greeting of a machine that happens to hold a yes."""
    return not isinstance(given, Speech) or len(given.words.split()) <= 3


def _join(speaker: Speaker, contact_id: int, route: Route) -> str:
    if accept_whisper(speaker.session, contact_id, now=speaker.now) is Accepted.JOINED:
        return str(VoiceResponse())
    return _hang_up_saying(speaker, "V-GONE", route)


def _person_wanted(speaker: Speaker, contact_id: int, route: Route) -> str:
    """A Dial is not allowed inside a whisper, so staff call this person back."""
    person = route.other.person
    decline_whisper(speaker.session, contact_id, now=speaker.now)
    open_task(
        speaker.session,
        rule="O8",
        words=f"Call back: {person.code} asked for a person while being called.",
        key=key_of_call_back(speaker.call_sid),
        person=person,
        phone=route.other.phone,
        now=speaker.now,
    )
    return _hang_up_saying(speaker, "T-PERS", route)


def _no_more_calls(speaker: Speaker, contact_id: int, route: Route) -> str:
    """Automated calls are off from now on. Whether a partner may still ring, staff must ask."""
    person, phone = route.other.person, route.other.phone
    decline_whisper(speaker.session, contact_id, now=speaker.now)
    refuse(speaker.session, phone, OptOutKind.CALLS, source="voice", now=speaker.now)
    open_task(
        speaker.session,
        rule="O16",
        words=f"{person.code} said to stop calling when a partner rang. Ask how to reach them.",
        subject=person.code,
        person=person,
        phone=phone,
        match_id=route.match.id,
        now=speaker.now,
    )
    return _hang_up_saying(speaker, "V-NOCALLS", route)


def _cannot_go_on(speaker: Speaker, contact: Contact | None) -> str:
    """The two may not be connected any more since it began to ring: say so, and no reason."""
    known = None
    if contact is not None:
        known = side_in_match(speaker.session, contact.match_id, contact.to_person_id)
    return _end_saying(speaker, "V-NOJOIN", known) if known is not None else _hang_up()


def _hang_up() -> str:
    response = VoiceResponse()
    response.hangup()
    return str(response)


def _hang_up_saying(speaker: Speaker, prompt: str, route: Route) -> str:
    """End the leg of the person called with one sentence."""
    known = {"protege": route.mine.person.shown_name, "name": route.other.person.shown_name}
    return _end_saying(speaker, prompt, route.other, **known)


def _end_saying(speaker: Speaker, prompt: str, to: MatchSide, **known: str) -> str:
    response = VoiceResponse()
    twiml.say(response, speaker.words_to(prompt, to.person, **known), voice_to(to))
    response.hangup()
    return str(response)


def dial_ended(
    speaker: Speaker, contact_id: int, *, status: str, seconds: int | None, bridged: bool | None
) -> str:
    """The dialled side has ended, and the caller is still there: goodbye, or a voice note."""
    contact, route = route_of_contact(speaker.session, contact_id, alone=True)
    end_ring(
        speaker.session,
        contact_id,
        status=status,
        seconds=seconds,
        bridged=bridged,
        now=speaker.now,
    )
    if contact is not None and contact.outcome is Outcome.TALKED:
        in_peace = route is not None or is_closed(speaker.session, contact.match_id)
        if in_peace or call_is_over(speaker.session, speaker.call_sid):
            return _after_talk(speaker, contact_id, route, seconds)
    if call_is_over(speaker.session, speaker.call_sid):
        return _hang_up()
    conversation = conversation_of_call(speaker.session, speaker.call_sid)
    if contact is None or route is None:
        return _match_is_gone(speaker, contact, conversation)
    if _is_leaving_a_note(conversation, contact):
        return _where_they_are(speaker, conversation)
    response = VoiceResponse()
    if waits_after_ring(speaker.session, contact, route, now=speaker.now):
        why = contact.reason
        return wait_and_ring_again(speaker, response, route, contact_id, why, waited=1)
    return note_instead(speaker, response, route, None, conversation)


def take_leg(session: Session, told: LegIn, contact_id: int, now: datetime) -> None:
    """The carrier reports on the leg that we dialled, in any order and however often."""
    contact = session.get(Contact, contact_id)
    if contact is None:
        return
    callee = side_in_match(session, contact.match_id, contact.to_person_id)
    see_leg(
        session,
        call_sid=told.call_sid,
        parent_sid=told.parent_sid,
        status=told.status,
        seconds=told.seconds,
        side=LegSide.CALLEE,
        contact_id=contact.id,
        phone_id=callee.phone_id if callee else None,
        now=now,
    )
    if is_final(told.status):
        # The Dial is told at this very moment as well, and may know better that it was no talk.
        session.refresh(contact, with_for_update={"key_share": True})
        end_ring(session, contact.id, status=told.status, seconds=told.seconds, now=now)


# The carrier counts whole seconds, and not from the same moment as we do.
_LIMIT_SLACK = 5


def _after_talk(speaker: Speaker, contact_id: int, route: Route | None, seconds: int | None) -> str:
    """They have talked: say goodbye, or why the talk has ended."""
    limit = speaker.session.programme.call_limit_minutes * 60
    if (seconds or 0) >= limit - _LIMIT_SLACK:
        return _time_up(speaker, contact_id, route)
    return _goodbye(speaker, route)


def _time_up(speaker: Speaker, contact_id: int, route: Route | None) -> str:
    """The time limit has cut the talk: only now can the line speak, and say that they may go on."""
    if route is None:
        return _goodbye(speaker, route)
    response = VoiceResponse()
    person, voice = route.mine.person, voice_to(route.mine)
    words = speaker.words_to("V-TIMEUP", person)
    action = speaker.addresses.time_up(contact_id)
    twiml.say_and_hear_a_key(response, words, voice, action=action, seconds=LAST_SECONDS)
    twiml.say(response, speaker.words_to(speaker.goodbye, person), voice)
    response.hangup()
    return str(response)


def after_time_up(speaker: Speaker, contact_id: int, key: str) -> str:
    """A key after the time was up: 0 reaches a person, any other says it again."""
    if key != "0":
        _, route = route_of_contact(speaker.session, contact_id)
        return _time_up(speaker, contact_id, route)
    return _person_after(speaker)


def _person_after(speaker: Speaker) -> str:
    """Ring staff for a caller who pressed 0 while nothing was asked."""
    response = VoiceResponse()
    conversation = conversation_of_call(speaker.session, speaker.call_sid)
    ring_person(speaker, response, conversation, reason=ASKED)
    return str(response)


def _goodbye(speaker: Speaker, route: Route | None) -> str:
    """They have talked, and the match is open still or ended in peace: nothing is left to say."""
    if route is None:
        response = VoiceResponse()
        twiml.say(response, speaker.words(speaker.goodbye, None), speaker.voice_of(None))
        response.hangup()
        return str(response)
    return _end_saying(speaker, speaker.goodbye, route.mine)


def _match_is_gone(
    speaker: Speaker, contact: Contact | None, conversation: Conversation | None
) -> str:
    """The match was closed while it rang, or held even while they talked: a person explains.

    A hold is named; and words between the two may have been cut, so nobody is left with a goodbye.
    """
    response = VoiceResponse()
    reason = "was calling in a match that does not connect any more"
    if contact is not None and is_held(speaker.session, contact.match_id):
        words = speaker.words("V-HOLD", conversation)
        twiml.say(response, words, speaker.voice_of(conversation))
        reason = "was calling in a match that was put on hold"
    ring_person(speaker, response, conversation, reason=reason)
    return str(response)


def _is_leaving_a_note(
    conversation: Conversation | None, contact: Contact
) -> TypeGuard[Conversation]:
    return (
        conversation is not None
        and conversation.flow == "leave_note"
        and conversation.match_id == contact.match_id
    )


def _where_they_are(speaker: Speaker, conversation: Conversation) -> str:
    """What we are asked was told before, and the caller is past it."""
    same = spoken_before(speaker.session, conversation, conversation.turn - 1)
    return same or document(speaker, ask_again(speaker.session, conversation))


def once_more(speaker: Speaker, contact_id: int, key: str, *, waited: int) -> str:
    """The other one has had the time to hang up, or to say whom they want, and is rung again now.

    A key that was pressed meanwhile: 0 reaches a person, any other says it again.
    """
    # Who hangs up at this moment is waited for, or their try would have no end.
    if call_is_over(speaker.session, speaker.call_sid, alone=True):
        return _hang_up()
    if key == "0":
        wait_no_more(speaker.session, contact_id)
        return _person_after(speaker)
    contact, route = route_to_ring_again(speaker.session, contact_id)
    conversation = conversation_of_call(speaker.session, speaker.call_sid)
    response = VoiceResponse()
    if contact is None or route is None:
        return _match_is_gone(speaker, contact, conversation)
    if _is_leaving_a_note(conversation, contact):
        return _where_they_are(speaker, conversation)
    if key:
        why, contact.ended_at = contact.reason, speaker.now
        return wait_and_ring_again(speaker, response, route, contact_id, why, waited=waited)
    plan = plan_call(
        speaker.session,
        route,
        call_sid=speaker.call_sid,
        attempt=second_attempt(contact.attempt) if has_waited(contact) else contact.attempt,
        waited=waited,
        now=speaker.now,
    )
    return ring(speaker, response, route, plan, conversation, waited=waited)
