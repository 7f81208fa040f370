"""From an exchange to a whole TwiML document: what is said, what is awaited, what happens then."""

from dataclasses import replace

from twilio.twiml.voice_response import VoiceResponse

from mentoring.calling import NoRing, Ring, plan_call, ring_nobody
from mentoring.conversations import (
    Exchange,
    Played,
    ask_again,
    remember_spoken,
    spoken_before,
)
from mentoring.crossed_calls import first_attempt
from mentoring.effects import ASKED, Connect, Goodbye, ToPerson, effect_from_text, effect_to_text
from mentoring.facts import is_lost
from mentoring.models import Conversation, Recording, RecordingState
from mentoring.not_rung import NotRung
from mentoring.reception import instead_of_ringing
from mentoring.routing import Route, route_to_ring
from mentoring.service_calls.answers import no_more_calls
from telephony import twiml
from telephony.messages import say_goodbye
from telephony.persons import ring_person, task_of_call
from telephony.speaking import Speaker, voice_to
from telephony.twiml import Answers

_WORDS_FOR_NO_RING = {
    NotRung.LATE: "V-LATE",
    NotRung.BUSY: "V-BUSY",
    NotRung.READS_TEXTS: "V-TEXTER",
    NotRung.AWAY: "V-AWAY",
    NotRung.NOT_DIALABLE: "V-AWAY",
    NotRung.NO_CONSENT: "V-AWAY",
    NotRung.NO_ZONE: "V-AWAY",
}
_WORDS_FOR_A_WAIT: dict[str | None, str] = {
    NotRung.WITH_US: "V-BUSY2",
    NotRung.COMING: "V-CROSS2",
}
# How long the other one needs to hear that we will ring, and to hang up.
_HANG_UP_SECONDS = 8


def document(speaker: Speaker, exchange: Exchange, *, tries: int = 1) -> str:
    """Return the document for what an exchange says, awaits, and brings about."""
    response = VoiceResponse()
    pieces, listen = speaker.words_of_exchange(exchange)
    conversation = exchange.conversation
    voice = speaker.voice_of(conversation)
    effect = exchange.effect
    if _is_awaited(speaker, pieces, conversation):
        if tries < _WAITS:
            return _wait_for_note(speaker, response, conversation, tries)
        pieces = tuple(piece for piece in pieces if not isinstance(piece, twiml.Sound))
    if isinstance(effect, Connect):
        return _connect(speaker, response, conversation, effect, pieces)
    if isinstance(effect, ToPerson):
        _bring_to_person(speaker, response, conversation, effect, pieces)
    elif isinstance(effect, Goodbye) or listen is None:
        again = speaker.addresses.turn(conversation.key, conversation.turn, last=1)
        say_goodbye(speaker, response, conversation, pieces, action=again)
    else:
        twiml.ask(response, pieces, listen, _answers(speaker, conversation), voice)
    return str(response)


def speak_and_remember(speaker: Speaker, exchange: Exchange) -> str:
    """Return the document of a step, and keep it for a request that is doubled."""
    # The conversation is written once, at the end, together with what was said.
    with speaker.session.no_autoflush:
        said = document(speaker, exchange)
    # Where the step led to a voice note, the note's question was kept already.
    if exchange.conversation in speaker.session:
        remember_spoken(speaker.session, exchange.conversation, said)
    return said


# How long a caller waits for their own note to be stored before the menu goes on without it.
_WAITS, _WAIT_SECONDS = 8, 3
# Whoever waits hears every quarter of a minute that the line is alive (A14).
_STILL_HERE = 5
_NOT_YET = (RecordingState.SPOKEN, RecordingState.READY)


def _wait_for_note(
    speaker: Speaker, response: VoiceResponse, conversation: Conversation, tries: int
) -> str:
    """The carrier has not handed the note over yet: say so, wait a little, and look again.

    A key that is pressed meanwhile is an answer to the menu that stands open.
    """
    voice, here = speaker.voice_of(conversation), speaker.addresses
    prompt = {1: "V-NOTE-SAVING", _STILL_HERE: "V-HOLDY"}.get(tries)
    words = speaker.words(prompt, conversation) if prompt else ()
    action = here.turn(conversation.key, conversation.turn)
    twiml.say_and_hear_a_key(response, words, voice, action=action, seconds=_WAIT_SECONDS)
    response.redirect(speaker.addresses.turn(conversation.key, conversation.turn, w=tries + 1))
    return str(response)


def play_when_stored(speaker: Speaker, conversation: Conversation, *, tries: int) -> str:
    """Play the note that the caller waits for, then ask the present question once more."""
    again = ask_again(speaker.session, conversation)
    lead = "V-NOTE-GONE" if is_lost(speaker.session, conversation) else "AUDIO:note"
    exchange = replace(again, played=(Played((lead,)), *again.played))
    return document(speaker, exchange, tries=tries)


def _is_awaited(speaker: Speaker, pieces: tuple[str, ...], conversation: Conversation) -> bool:
    if not any(isinstance(piece, twiml.Sound) for piece in pieces):
        return False
    note = speaker.session.get(Recording, conversation.recording_id or 0)
    return note is not None and note.state in _NOT_YET


def _answers(speaker: Speaker, conversation: Conversation) -> Answers:
    here, turn = conversation.key, conversation.turn
    return Answers(
        answer=speaker.addresses.turn(here, turn),
        recorded=speaker.addresses.turn(here, turn, recorded=1),
        silence=speaker.addresses.turn(here, turn, no_input=1),
        file=speaker.addresses.recording(),
    )


def _bring_to_person(
    speaker: Speaker,
    response: VoiceResponse,
    conversation: Conversation,
    effect: ToPerson,
    pieces: tuple[str, ...],
) -> None:
    """Ring staff. What is said before that can be heard again; the task is open by then."""
    if not pieces:
        ring_person(speaker, response, conversation, reason=effect.reason)
        return
    task_of_call(speaker, conversation, reason=effect.reason)
    following = speaker.addresses.turn(conversation.key, conversation.turn, staff=1)
    voice = speaker.voice_of(conversation)
    twiml.say_and_hear_a_key(response, pieces, voice, action=following, seconds=1)
    response.redirect(following)


def key_before_staff(speaker: Speaker, conversation: Conversation, key: str) -> str:
    """What is said before staff are rung is over, or is wanted once more."""
    same = spoken_before(speaker.session, conversation, conversation.turn - 1)
    return same if key == "*" and same else _person_instead(speaker, conversation)


def key_at_the_end(speaker: Speaker, conversation: Conversation, key: str) -> str:
    """A key during a conversation's last words: 0 reaches a person, any other says them again.

    When we have rung them, 9 ends all such calls.
    """
    if key == "0":
        return _person_instead(speaker, conversation)
    if key == "9" and speaker.rung_by_us and conversation.phone is not None:
        return _no_more_calls(speaker, conversation)
    same = spoken_before(speaker.session, conversation, conversation.turn - 1)
    return same or document(speaker, ask_again(speaker.session, conversation))


def _no_more_calls(speaker: Speaker, conversation: Conversation) -> str:
    response = VoiceResponse()
    no_more_calls(speaker.session, None, conversation.phone, now=speaker.now)
    again = speaker.addresses.turn(conversation.key, conversation.turn, last=1)
    words = speaker.words("V-NOCALLS", conversation)
    say_goodbye(speaker, response, conversation, words, action=again)
    return str(response)


def key_before_ringing(
    speaker: Speaker, conversation: Conversation, key: str, *, attempt: int
) -> str:
    """A key while the caller is told who will be rung: 0 reaches a person, and nobody is rung."""
    if key != "0":
        return key_at_the_end(speaker, conversation, key)
    ring_nobody(speaker.session, speaker.call_sid, attempt, now=speaker.now)
    conversation.effect = effect_to_text(ToPerson())
    return _person_instead(speaker, conversation)


def _person_instead(speaker: Speaker, conversation: Conversation) -> str:
    response = VoiceResponse()
    effect = effect_from_text(conversation.effect)
    reason = effect.reason if isinstance(effect, ToPerson) else ASKED
    ring_person(speaker, response, conversation, reason=reason)
    return str(response)


def _connect(
    speaker: Speaker,
    response: VoiceResponse,
    conversation: Conversation,
    effect: Connect,
    pieces: tuple[str, ...],
) -> str:
    voice = speaker.voice_of(conversation)
    route = route_to_ring(speaker.session, effect.side_id)
    if route is None:
        twiml.say(response, pieces, voice)
        ring_person(speaker, response, conversation, reason="their match has just ended")
        return str(response)
    attempt = first_attempt(conversation.turn)
    plan = plan_call(
        speaker.session, route, call_sid=speaker.call_sid, attempt=attempt, now=speaker.now
    )
    if isinstance(plan, NoRing):
        twiml.say(response, pieces, voice)
        return ring(speaker, response, route, plan, conversation)
    name = route.other.person.shown_name
    minutes = str(speaker.session.programme.call_limit_minutes)
    words = speaker.words("V-RING", conversation, mentor=name, minutes=minutes)
    key_pressed = speaker.addresses.turn(conversation.key, conversation.turn, ring=attempt)
    twiml.say_and_hear_a_key(response, (*pieces, *words), voice, action=key_pressed, seconds=1)
    return ring(speaker, response, route, plan, conversation)


def ring(
    speaker: Speaker,
    response: VoiceResponse,
    route: Route,
    plan: Ring | NoRing,
    conversation: Conversation | None,
    *,
    waited: int = 0,
) -> str:
    """Dial the other side from the pair line; or say why not, and wait or offer a voice note."""
    if isinstance(plan, NoRing):
        if plan.why in _WORDS_FOR_A_WAIT:
            contact_id, why = plan.contact_id, plan.why
            return wait_and_ring_again(speaker, response, route, contact_id, why, waited=waited + 1)
        return note_instead(speaker, response, route, plan.why, conversation)
    programme = speaker.session.programme
    twiml.bridge(
        response,
        to_number=plan.to_number,
        line_number=plan.line_number,
        whisper=speaker.addresses.whisper(plan.contact_id),
        leg=speaker.addresses.leg(plan.contact_id),
        ended=speaker.addresses.dial_ended(plan.contact_id),
        ring_seconds=programme.ring_seconds,
        limit_seconds=programme.call_limit_minutes * 60,
    )
    return str(response)


def wait_and_ring_again(
    speaker: Speaker,
    response: VoiceResponse,
    route: Route,
    contact_id: int,
    why: str | None,
    *,
    waited: int,
) -> str:
    """Say that the other side is busy, give them the time to hang up, and ring again."""
    name = route.other.person.shown_name
    prompt = _WORDS_FOR_A_WAIT.get(why, "V-CROSS2")
    words = speaker.words_to(prompt, route.mine.person, mentor=name, name=name)
    again, voice = speaker.addresses.once_more(contact_id, waited), voice_to(route.mine)
    twiml.say_and_hear_a_key(response, words, voice, action=again, seconds=_HANG_UP_SECONDS)
    response.redirect(again)
    return str(response)


def note_instead(
    speaker: Speaker,
    response: VoiceResponse,
    route: Route,
    why: NotRung | None,
    conversation: Conversation | None,
) -> str:
    """Say why nobody was rung, if not rung, and go on to a voice note."""
    name = route.other.person.shown_name
    if why is NotRung.CROSSING:
        twiml.say(
            response,
            speaker.words_to("V-CROSS", route.mine.person, mentor=name, name=name),
            voice_to(route.mine),
        )
        response.hangup()
        return str(response)
    exchange = instead_of_ringing(
        speaker.session,
        route,
        call_sid=speaker.call_sid,
        lead=(_WORDS_FOR_NO_RING[why] if why else "V-NOTALK",),
        conversation=conversation,
        now=speaker.now,
    )
    named = tuple(
        replace(played, known={**played.known, "mentor": name, "name": name})
        for played in exchange.played
    )
    said = document(speaker, replace(exchange, played=named))
    remember_spoken(speaker.session, exchange.conversation, said)
    return said
