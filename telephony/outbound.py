"""The service rings somebody: what they hear, and what a machine hears in their place."""

from datetime import datetime
from uuid import UUID

from twilio.twiml.voice_response import VoiceResponse

from mentoring.call_end import finish_call
from mentoring.conversations import ask_again, spoken_before
from mentoring.db import Session
from mentoring.reception import Over, ToldTwice
from mentoring.service_calls.calls import take_call_report
from mentoring.service_calls.reception import Machine, receive_answer
from mentoring.wording import language_for
from telephony import twiml
from telephony.documents import document, speak_and_remember
from telephony.messages import LAST_SECONDS
from telephony.requests import LegIn
from telephony.speaking import Speaker
from telephony.twiml import Voice

# What the carrier says of whoever answered, where it takes them for no person.
_FAX = "fax"
_MACHINES = ("machine_start", "machine_end_beep", "machine_end_silence", "machine_end_other", _FAX)
# By safe-contact code; with code 3 nothing is said at all.
_MESSAGES = {1: "V-AMD1", 2: "V-AMD2"}
_OF_TALK = {**_MESSAGES, 1: "V-AMDT"}


def answered(speaker: Speaker, key: UUID, *, answered_by: str, pressed: str) -> str:
    """Somebody has picked up, or has pressed a key in what was said to a machine."""
    reached = receive_answer(
        speaker.session,
        key,
        call_sid=speaker.call_sid,
        by_machine=answered_by in _MACHINES,
        pressed=pressed,
        now=speaker.now,
    )
    if isinstance(reached, Over):
        return hang_up()
    if isinstance(reached, Machine):
        return _leave_message(speaker, key, reached, is_fax=answered_by == _FAX)
    if isinstance(reached, ToldTwice):
        running = reached.conversation
        same = spoken_before(speaker.session, running, 0)
        return same or document(speaker, ask_again(speaker.session, running))
    return speak_and_remember(speaker, reached)


def _leave_message(speaker: Speaker, key: UUID, machine: Machine, *, is_fax: bool) -> str:
    """Say to a machine what the safe-contact code allows (S8).

    It is only the carrier's guess, so a key is heard meanwhile and for a while after.
    """
    prompt = (_OF_TALK if machine.for_talk else _MESSAGES).get(machine.safe_contact)
    if prompt is None or machine.person is None or is_fax:
        return hang_up()
    response = VoiceResponse()
    words = speaker.words_to(prompt, machine.person, num=machine.number)
    voice = Voice(language_for(machine.person))
    pressed = speaker.addresses.answered(key, pressed=1)
    twiml.say_and_hear_a_key(response, words, voice, action=pressed, seconds=LAST_SECONDS)
    response.hangup()
    return str(response)


def hang_up() -> str:
    """End the call without a word."""
    response = VoiceResponse()
    response.hangup()
    return str(response)


def take_leg(session: Session, key: UUID, told: LegIn, *, tries: int, now: datetime) -> None:
    """The carrier reports on a call of the service, in any order and however often."""
    ended = take_call_report(
        session,
        key,
        sid=told.call_sid,
        tries=tries,
        status=told.status,
        seconds=told.seconds,
        now=now,
    )
    if ended:
        finish_call(session, told.call_sid, status=told.status, seconds=told.seconds, now=now)
