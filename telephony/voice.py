"""The voice webhooks: verify, read, open the one transaction, call one function, answer TwiML."""

from collections.abc import Callable

from flask import Blueprint, Response, request
from twilio.twiml.voice_response import VoiceResponse

from mentoring.call_end import finish_call
from mentoring.clock import Clock
from mentoring.contacts import call_is_over
from mentoring.conversation_queries import conversation_of_call, find_conversation
from mentoring.conversations import (
    ask_again,
    hear_silence,
    spoken_before,
    take,
)
from mentoring.db import Database, Session
from mentoring.flows.inputs import Input, Keys, Recorded, Speech
from mentoring.models import Conversation
from mentoring.notes import audio_for, file_is_ready
from mentoring.reception import Loop, OnPairLine, Over, ToldTwice, receive_call
from mentoring.spoken_answers import (
    adopt_recordings,
    hung_up_while_speaking,
    keep_answer_recording,
)
from telephony import bridging, outbound, persons
from telephony.addresses import Addresses
from telephony.audio import AudioTokens
from telephony.documents import (
    document,
    key_at_the_end,
    key_before_ringing,
    key_before_staff,
    play_when_stored,
    ring,
    speak_and_remember,
)
from telephony.messages import LAST_WORDS, Heard, answer_to_told
from telephony.requests import (
    CallRequestIn,
    parse_call,
    parse_dial_end,
    parse_key,
    parse_leg,
    parse_recording,
)
from telephony.speaking import Speaker
from telephony.webhooks import Guard


class VoiceDesk:
    """The voice views, with what they need: database, clock, addresses."""

    def __init__(self, db: Database, clock: Clock, addresses: Addresses) -> None:
        self._db = db
        self._clock = clock
        self._addresses = addresses
        self._tokens = AudioTokens(db.vault)

    def _speaker(self, session: Session, call: CallRequestIn) -> Speaker:
        return Speaker(
            session,
            self._addresses,
            self._tokens,
            call.call_sid,
            call.line or "",
            self._clock.now(),
            rung_by_us=call.direction == "outbound-api",
        )

    def _speak(self, tell: Callable[[Speaker, CallRequestIn], str]) -> Response:
        """Open the one transaction and answer with what `tell` says in it."""
        call = parse_call(request.form, request.args)
        body = self._db.run(lambda session: tell(self._speaker(session, call), call))
        return Response(body, mimetype="text/xml")

    def inbound(self) -> Response:
        """A call has reached one of our lines."""
        return self._speak(_receive)

    def turn(self) -> Response:
        """A caller answered a question, recorded something, or stayed silent."""
        return self._speak(_take_turn)

    def dial_ended(self) -> Response:
        """The dialled side of a masked call has ended; the caller is still there."""
        end = parse_dial_end(request.form)
        return self._speak(
            lambda speaker, _: bridging.dial_ended(
                speaker,
                _number("k"),
                status=end.status,
                seconds=end.seconds,
                bridged=end.bridged,
            )
        )

    def once_more(self) -> Response:
        """The other side was busy, and has had the time to hang up."""
        return self._speak(
            lambda speaker, call: bridging.once_more(
                speaker, _number("k"), call.digits or "", waited=_number("n")
            )
        )

    def whisper(self) -> Response:
        """The person called has picked up and is asked whether to join."""
        return self._speak(
            lambda speaker, _: bridging.whisper(speaker, _number("k"), named=False, tries=0)
        )

    def whisper_answer(self) -> Response:
        """The person called pressed a key or said something."""
        return self._speak(
            lambda speaker, call: bridging.whisper_answer(
                speaker,
                _number("k"),
                _given(call) or Keys(""),
                named=request.args.get("named") == "1",
                tries=_number("n"),
                heard=request.args.get("heard", ""),
            )
        )

    def person(self) -> Response:
        """Something went wrong in this call: bring the caller to a person."""
        return self._speak(lambda speaker, _: persons.rescue(speaker))

    def person_whisper(self) -> Response:
        """A member of staff has picked up and is asked whether to take the call."""
        return self._speak(lambda speaker, _: persons.whisper(speaker, _number("k")))

    def person_accept(self) -> Response:
        """A member of staff pressed a key."""
        return self._speak(
            lambda speaker, call: persons.accept(
                speaker, _number("k"), call.digits or "", caller_sid=call.parent_sid or ""
            )
        )

    def person_ended(self) -> Response:
        """Staff did not answer, or the talk with staff is over."""
        return self._speak(
            lambda speaker, _: persons.ended(speaker, tried=_number("n"), visit=_number("r"))
        )

    def message(self) -> Response:
        """A message to staff was recorded, a key was pressed, or nothing was said."""
        return self._speak(
            lambda speaker, call: persons.take_message_step(
                speaker, _message_heard(speaker, call), visit=_number("r")
            )
        )

    def last_words(self) -> Response:
        """A key was pressed while a call said its last words."""
        prompt = request.args.get("p", "")
        return self._speak(
            lambda speaker, call: persons.after_last_words(
                speaker,
                prompt if prompt in LAST_WORDS else "V-SAVE",
                call.digits or "",
                visit=_number("r"),
            )
        )

    def time_up(self) -> Response:
        """A key was pressed after a talk that its time limit has ended."""
        return self._speak(
            lambda speaker, call: bridging.after_time_up(speaker, _number("k"), call.digits or "")
        )

    def leg(self) -> Response:
        """The carrier reports on the leg that we dialled."""
        told = parse_leg(request.form)
        contact_id, now = _number("k"), self._clock.now()
        self._db.run(lambda session: bridging.take_leg(session, told, contact_id, now))
        return Response(status=204)

    def outbound(self) -> Response:
        """Somebody has answered a call of the service itself, or a machine has."""
        key = parse_key(request.args.get("d"))
        if key is None:
            return self._speak(lambda _, __: outbound.hang_up())
        return self._speak(
            lambda speaker, call: outbound.answered(
                speaker, key, answered_by=call.answered_by, pressed=call.digits or ""
            )
        )

    def service_leg(self) -> Response:
        """The carrier reports on a call of the service itself. Its row may be gone by now."""
        told, key = parse_leg(request.form), parse_key(request.args.get("d"))
        tries, now = _number("n"), self._clock.now()
        if key is not None:
            self._db.run(
                lambda session: outbound.take_leg(session, key, told, tries=tries, now=now)
            )
        return Response(status=204)

    def ended(self) -> Response:
        """A call to one of our lines is over."""
        told = parse_leg(request.form)
        now = self._clock.now()
        self._db.run(
            lambda session: finish_call(
                session, told.call_sid, status=told.status, seconds=told.seconds, now=now
            )
        )
        return Response(status=204)

    def recording(self) -> Response:
        """The file of a recording can be fetched now."""
        told = parse_recording(request.form)
        now = self._clock.now()

        def take(session: Session) -> None:
            file_is_ready(
                session,
                recording_sid=told.recording_sid,
                call_sid=told.call_sid,
                status=told.status or "completed",
                seconds=told.seconds,
                now=now,
            )
            adopt_recordings(session, told.call_sid, now=now)

        self._db.run(take)
        return Response(status=204)

    def audio(self, token: str) -> Response:
        """The carrier fetches a note to play. The address is the key; nothing else is asked."""
        key = self._tokens.read(token, now=self._clock.now())
        audio = self._db.run(lambda session: audio_for(session, key)) if key is not None else None
        if audio is None:
            return Response("There is no such recording.\n", 404, mimetype="text/plain")
        return Response(audio, mimetype="audio/wav", headers={"Cache-Control": "no-store"})


def _number(name: str) -> int:
    """Return a number of our own query string; 0, which is nobody's id, when it makes no sense."""
    value = request.args.get(name, "")
    return int(value) if value.isascii() and value.isdigit() and len(value) < 10 else 0


def _given(call: CallRequestIn) -> Input | None:
    if call.digits:
        return Keys(call.digits)
    if call.speech:
        return Speech(call.speech, call.confidence)
    return None


def _receive(speaker: Speaker, call: CallRequestIn) -> str:
    answered = receive_call(
        speaker.session,
        number=call.sender.e164 if call.sender.kind == "number" else None,
        line_number=call.line,
        call_sid=call.call_sid,
        now=speaker.now,
    )
    response = VoiceResponse()
    if isinstance(answered, Loop):
        response.reject()
        return str(response)
    if isinstance(answered, Over):
        response.hangup()
        return str(response)
    if isinstance(answered, OnPairLine):
        return ring(speaker, response, answered.route, answered.plan, None)
    if isinstance(answered, ToldTwice):
        running = answered.conversation
        same = spoken_before(speaker.session, running, 0)
        return same or document(speaker, ask_again(speaker.session, running))
    return speak_and_remember(speaker, answered)


def _take_turn(speaker: Speaker, call: CallRequestIn) -> str:
    key = parse_key(request.args.get("c"))
    conversation = find_conversation(speaker.session, key) if key else None
    if conversation is None or conversation.call_sid != call.call_sid:
        return _find_way_back(speaker, call)
    if request.args.get("recorded") == "1" and parse_recording(request.form).hung_up:
        return _hung_up_while_speaking(speaker, conversation)
    if _number("w"):
        return play_when_stored(speaker, conversation, tries=_number("w"))
    if _number("ring"):
        return key_before_ringing(speaker, conversation, call.digits or "", attempt=_number("ring"))
    if request.args.get("staff") == "1":
        return key_before_staff(speaker, conversation, call.digits or "")
    if request.args.get("last") == "1":
        return key_at_the_end(speaker, conversation, call.digits or "")
    if _number("t") != conversation.turn:
        same = spoken_before(speaker.session, conversation, _number("t"))
        return same or document(speaker, ask_again(speaker.session, conversation))
    proof, now = call.call_sid, speaker.now
    if request.args.get("recorded") == "1":
        given: Input | None = _recorded(speaker, conversation)
    else:
        given = None if call.no_input else _given(call)
    if given is None:
        exchange = hear_silence(speaker.session, conversation, proof=proof, now=now)
    else:
        exchange = take(speaker.session, conversation, given, proof=proof, now=now)
    return speak_and_remember(speaker, exchange)


def _find_way_back(speaker: Speaker, call: CallRequestIn) -> str:
    """The conversation is not this call's any more: it is deleted, or goes on by text by now."""
    if call_is_over(speaker.session, call.call_sid):
        response = VoiceResponse()
        response.hangup()
        return str(response)
    conversation = conversation_of_call(speaker.session, call.call_sid)
    if conversation is None:
        return outbound.hang_up() if speaker.rung_by_us else _receive(speaker, call)
    return document(speaker, ask_again(speaker.session, conversation))


def _hung_up_while_speaking(speaker: Speaker, conversation: Conversation) -> str:
    """The caller ended the call inside a recording: keep it; nobody hears what we answer."""
    told = parse_recording(request.form)
    hung_up_while_speaking(
        speaker.session,
        conversation,
        recording_sid=told.recording_sid,
        call_sid=told.call_sid,
        seconds=told.seconds,
        now=speaker.now,
    )
    return str(VoiceResponse())


def _recorded(speaker: Speaker, conversation: Conversation) -> Input:
    told = parse_recording(request.form)
    recording = keep_answer_recording(
        speaker.session,
        conversation,
        recording_sid=told.recording_sid,
        call_sid=told.call_sid,
        seconds=told.seconds,
        now=speaker.now,
    )
    return Recorded(str(recording.id), told.seconds or 0, request.form.get("Digits", ""))


def _message_heard(speaker: Speaker, call: CallRequestIn) -> Heard:
    """Read one step of a message to staff: our own address tells what was awaited."""
    tries, awaited = _number("n"), request.args
    if awaited.get("told") == "1":
        conversation = conversation_of_call(speaker.session, speaker.call_sid)
        language = speaker.voice_of(conversation).language
        return answer_to_told(None if call.no_input else _given(call), tries, language=language)
    if call.no_input:
        return Heard(tries=tries)
    if awaited.get("pressed") == "1":
        return Heard(key=call.digits or "", tries=tries)
    told = parse_recording(request.form)
    key = "" if told.hung_up else request.form.get("Digits", "")
    return Heard(key=key, recording=told, tries=tries if key else tries + 1)


def voice_blueprint(guard: Guard, desk: VoiceDesk) -> Blueprint:
    """Return the voice webhooks: all guarded, but for the audio, whose address is its key."""
    blueprint = Blueprint("voice", __name__)
    spoken = {
        "inbound": desk.inbound,
        "turn": desk.turn,
        "dial-ended": desk.dial_ended,
        "once-more": desk.once_more,
        "whisper": desk.whisper,
        "whisper-answer": desk.whisper_answer,
        "person": desk.person,
        "person-whisper": desk.person_whisper,
        "person-accept": desk.person_accept,
        "person-ended": desk.person_ended,
        "message": desk.message,
        "last-words": desk.last_words,
        "time-up": desk.time_up,
        "outbound": desk.outbound,
    }
    for name, view in spoken.items():
        blueprint.add_url_rule(f"/voice/{name}", name, guard.voice(view), methods=["GET", "POST"])
    told = {
        "leg": desk.leg,
        "service-leg": desk.service_leg,
        "ended": desk.ended,
        "recording": desk.recording,
    }
    for name, view in told.items():
        blueprint.add_url_rule(
            f"/voice/{name}", name, guard.callback(view), methods=["GET", "POST"]
        )
    blueprint.add_url_rule("/audio/<token>", "audio", desk.audio)
    return blueprint
