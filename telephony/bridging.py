"""The masked call as the other side meets it: the whisper, its answer, and how the ring ended."""

from twilio.twiml.voice_response import Gather, VoiceResponse

from mentoring.calling import (
    Accepted,
    accept_whisper,
    decline_whisper,
    end_ring,
    is_being_called_back,
    plan_call,
)
from mentoring.contacts import see_leg
from mentoring.conversations import conversation_of_call
from mentoring.flows.catalog import Catalog
from mentoring.flows.inputs import Control, Input, Speech, Value, read_answer
from mentoring.flows.steps import Ask, Kind, Option
from mentoring.missed import tell_about_missed_call
from mentoring.models import Contact, LegSide, Outcome
from mentoring.reception import DIRECT
from mentoring.routing import Route, route_in_match
from mentoring.tasks import open_task
from mentoring.wording import language_for
from telephony import twiml
from telephony.documents import note_instead, ring
from telephony.persons import ring_person
from telephony.speaking import Speaker, voice_to

# The two questions that a person called may hear. Only a sure yes ever joins the two.
WHISPER = Ask("WHISPER", "V-WHISP", Kind.CHOICE, (Option("yes"), Option("no")))
NAME_CHECK = Ask("WHISPER2", "V-WHISP2", Kind.CHOICE, (Option("yes"), Option("no")))
_MOST_TRIES = 3


def whisper(speaker: Speaker, contact_id: int, *, named: bool, tries: int) -> str:
    """Ask the person called whether they want to talk. Silence is never a yes: it ends the leg.

    On a shared phone the name is checked first, and nothing is said before that (S9).
    """
    response = VoiceResponse()
    route = _route_of(speaker, contact_id)
    if route is not None:
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
    if route is None or tries > _MOST_TRIES:
        response.hangup()
        return str(response)
    callee = route.other
    check = callee.phone.shared and not named
    prompt = NAME_CHECK.prompt if check else WHISPER.prompt
    known = {"protege": route.mine.person.shown_name, "name": callee.person.shown_name}
    voice = voice_to(callee)
    gather = Gather(
        input="dtmf speech",
        action=speaker.addresses.whisper_answer(contact_id, named=int(not check), n=tries),
        timeout=speaker.session.programme.whisper_seconds,
        speech_timeout=5 if callee.phone.slow else 3,
        num_digits=1,
        finish_on_key="",
        language=voice.locale,
        hints="yes,no",
    )
    twiml.say(gather, speaker.words_to(prompt, callee.person, **known), voice)
    response.append(gather)
    # Nothing was pressed or said: a private voicemail, or nobody. Ending here never bridges.
    response.hangup()
    return str(response)


def whisper_answer(
    speaker: Speaker, contact_id: int, given: Input, *, named: bool, tries: int
) -> str:
    """Take the answer to the whisper. An empty document joins the two; anything else does not."""
    route = _route_of(speaker, contact_id)
    if route is None:
        return _hang_up()
    ask = WHISPER if named else NAME_CHECK
    wording = Catalog.load().wording(ask.prompt, language_for(route.other.person))
    reading = read_answer(ask, wording, given)
    if isinstance(reading, Control) and reading.name == "person":
        return _person_wanted(speaker, contact_id, route)
    if isinstance(reading, Value) and reading.sure and _is_short(given):
        if reading.value == "no":
            decline_whisper(speaker.session, contact_id, now=speaker.now)
            return _hang_up_saying(speaker, "V-WHISP-BYE", route)
        if not named:
            return whisper(speaker, contact_id, named=True, tries=0)
        return _join(speaker, contact_id, route)
    again = isinstance(reading, Control)
    return whisper(speaker, contact_id, named=named, tries=tries + (0 if again else 1))


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
        key=f"person:{speaker.call_sid}",
        person=person,
        phone=route.other.phone,
        now=speaker.now,
    )
    return _hang_up_saying(speaker, "V-MSG-OK", route)


def _hang_up() -> str:
    response = VoiceResponse()
    response.hangup()
    return str(response)


def _hang_up_saying(speaker: Speaker, prompt: str, route: Route) -> str:
    response = VoiceResponse()
    callee = route.other
    known = {"protege": route.mine.person.shown_name, "name": callee.person.shown_name}
    words = speaker.words_to(prompt, callee.person, **known)
    twiml.say(response, words, voice_to(callee))
    response.hangup()
    return str(response)


def dial_ended(
    speaker: Speaker, contact_id: int, *, status: str, seconds: int | None, bridged: bool | None
) -> str:
    """The dialled side has ended, and the caller is still there: goodbye, or a voice note."""
    response = VoiceResponse()
    contact = speaker.session.get(Contact, contact_id)
    told = "no-answer" if bridged is False and status == "completed" else status
    end_ring(speaker.session, contact_id, status=told, seconds=seconds, now=speaker.now)
    route = _route_of(speaker, contact_id)
    conversation = conversation_of_call(speaker.session, speaker.call_sid)
    if contact is None or route is None:
        ring_person(speaker, response, conversation, reason="was calling in a match that has ended")
        return str(response)
    tell_about_missed_call(speaker.session, contact, route, now=speaker.now)
    if contact.outcome is Outcome.TALKED:
        words = speaker.words_to("V-BYE", route.mine.person)
        twiml.say(response, words, voice_to(route.mine))
        response.hangup()
        return str(response)
    if _both_called(speaker, contact):
        name = route.other.person.shown_name
        words = speaker.words_to("V-CROSS2", route.mine.person, mentor=name)
        twiml.say(response, words, voice_to(route.mine))
        response.pause(length=_HANG_UP_SECONDS)
        response.redirect(speaker.addresses.once_more(contact_id))
        return str(response)
    return note_instead(speaker, response, route, None, conversation)


# How long the other one needs to hear that we will ring, and to hang up.
_HANG_UP_SECONDS = 8


def _both_called(speaker: Speaker, contact: Contact) -> bool:
    first_try = contact.attempt % 2 == 0 or contact.attempt == DIRECT
    return (
        contact.outcome is Outcome.BUSY
        and first_try
        and is_being_called_back(speaker.session, contact, now=speaker.now)
    )


def once_more(speaker: Speaker, contact_id: int) -> str:
    """Both called at once: the other one was told to hang up, and is rung again now."""
    response = VoiceResponse()
    contact = speaker.session.get(Contact, contact_id)
    route = _route_of(speaker, contact_id)
    conversation = conversation_of_call(speaker.session, speaker.call_sid)
    if contact is None or route is None:
        ring_person(speaker, response, conversation, reason="was calling in a match that has ended")
        return str(response)
    attempt = contact.attempt + 1 if contact.attempt % 2 == 0 else DIRECT + 2
    plan = plan_call(
        speaker.session, route, call_sid=speaker.call_sid, attempt=attempt, now=speaker.now
    )
    return ring(speaker, response, route, plan, conversation)


def _route_of(speaker: Speaker, contact_id: int) -> Route | None:
    contact = speaker.session.get(Contact, contact_id)
    if contact is None or contact.match_id is None or contact.from_person_id is None:
        return None
    return route_in_match(speaker.session, contact.match_id, contact.from_person_id)
