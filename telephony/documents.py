"""From an exchange to a whole TwiML document: what is said, what is awaited, what happens then."""

from dataclasses import replace

from twilio.twiml.voice_response import VoiceResponse

from mentoring.calling import Held, NotRung, Ring, plan_call
from mentoring.conversations import Exchange, Played, ask_again, remember_spoken
from mentoring.models import Conversation, Recording, RecordingState
from mentoring.reception import instead_of_ringing
from mentoring.routing import Route, route_of_side
from mentoring.sequel import Connect, Goodbye, ToPerson
from telephony import twiml
from telephony.persons import ring_person
from telephony.speaking import Speaker, voice_to
from telephony.twiml import Answers

_WORDS_FOR_HELD = {
    NotRung.LATE: "V-LATE",
    NotRung.BUSY: "V-BUSY",
    NotRung.READS_TEXTS: "V-TEXTER",
    NotRung.AWAY: "V-AWAY",
    NotRung.NOT_DIALABLE: "V-AWAY",
    NotRung.NO_CONSENT: "V-AWAY",
    NotRung.NO_ZONE: "V-AWAY",
}


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
        twiml.say(response, pieces, voice)
        return _connect(speaker, response, conversation, effect)
    if isinstance(effect, ToPerson):
        twiml.say(response, pieces, voice)
        ring_person(speaker, response, conversation, reason=effect.reason)
    elif isinstance(effect, Goodbye) or listen is None:
        twiml.say(response, (*pieces, *speaker.words("V-BYE", conversation)), voice)
        response.hangup()
    else:
        twiml.ask(response, pieces, listen, _answers(speaker, conversation), voice)
    return str(response)


# How long a caller waits for their own note to be stored before the menu goes on without it.
_WAITS, _WAIT_SECONDS = 8, 3
_NOT_YET = (RecordingState.SPOKEN, RecordingState.READY)


def _wait_for_note(
    speaker: Speaker, response: VoiceResponse, conversation: Conversation, tries: int
) -> str:
    """The carrier has not handed the note over yet: say so, wait a little, and look again."""
    if tries == 1:
        words = speaker.words("V-NOTE-SAVING", conversation)
        twiml.say(response, words, speaker.voice_of(conversation))
    response.pause(length=_WAIT_SECONDS)
    response.redirect(speaker.addresses.turn(conversation.key, conversation.turn, w=tries + 1))
    return str(response)


def play_when_stored(speaker: Speaker, conversation: Conversation, *, tries: int) -> str:
    """Play the note that the caller waits for, then ask the present question once more."""
    again = ask_again(speaker.session, conversation)
    exchange = replace(again, played=(Played(("AUDIO:note",)), *again.played))
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


def _connect(
    speaker: Speaker, response: VoiceResponse, conversation: Conversation, effect: Connect
) -> str:
    route = route_of_side(speaker.session, effect.side_id)
    if route is None:
        ring_person(speaker, response, conversation, reason="their match has just ended")
        return str(response)
    # An even number per turn: repeating the same turn repeats the same attempt, and rings once.
    attempt = 2 * (conversation.turn + 1)
    plan = plan_call(
        speaker.session, route, call_sid=speaker.call_sid, attempt=attempt, now=speaker.now
    )
    if isinstance(plan, Ring):
        words = speaker.words("V-RING", conversation, mentor=route.other.person.shown_name)
        twiml.say(response, words, speaker.voice_of(conversation))
    return ring(speaker, response, route, plan, conversation)


def ring(
    speaker: Speaker,
    response: VoiceResponse,
    route: Route,
    plan: Ring | Held,
    conversation: Conversation | None,
) -> str:
    """Dial the other side from the pair line; or say why not, and offer a voice note."""
    if isinstance(plan, Held):
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
        lead=(_WORDS_FOR_HELD[why] if why else "V-NOTALK",),
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
