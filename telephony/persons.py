"""0 reaches a person: staff are rung one after another, else a message, else a call-back task.

The task is opened before the first ring and closed when somebody takes the call, so a caller who
hangs up while it rings is called back all the same (O8, O14).
"""

from twilio.twiml.voice_response import Dial, Gather, VoiceResponse

from mentoring.contacts import call_is_over, caller_of
from mentoring.conversation_queries import conversation_of_call
from mentoring.models import Conversation, StaffTask
from mentoring.operators import staff_to_ring
from mentoring.tasks import answered_by_person, open_task
from telephony import twiml
from telephony.speaking import Speaker
from telephony.twiml import Voice

_SILENT = "three tries failed"


def ring_person(
    speaker: Speaker, response: VoiceResponse, conversation: Conversation | None, *, reason: str
) -> None:
    """Open the call-back task of this call and ring the first member of staff."""
    if reason == _SILENT:
        words = speaker.words("V-NI3", conversation)
        twiml.say(response, words, speaker.voice_of(conversation))
    task = task_of_call(speaker, conversation, reason=reason)
    ring_next(speaker, response, conversation, task, tried=0)


def rescue(speaker: Speaker) -> str:
    """Bring a caller to a person after an error of ours."""
    response = VoiceResponse()
    if call_is_over(speaker.session, speaker.call_sid):
        response.hangup()
        return str(response)
    conversation = conversation_of_call(speaker.session, speaker.call_sid)
    ring_person(speaker, response, conversation, reason="met an error of ours")
    return str(response)


def task_of_call(speaker: Speaker, conversation: Conversation | None, *, reason: str) -> StaffTask:
    """Return the call-back task of this call, opening it at the first need."""
    if conversation is not None:
        phone, person = conversation.phone, conversation.person
    else:
        phone, person = caller_of(speaker.session, speaker.call_sid)
    who = person.code if person else "A caller"
    return open_task(
        speaker.session,
        rule="O14" if reason == _SILENT else "O8",
        words=f"Call back: {who} {reason}.",
        key=f"person:{speaker.call_sid}",
        person=person,
        phone=phone,
        now=speaker.now,
    )


def ring_next(
    speaker: Speaker,
    response: VoiceResponse,
    conversation: Conversation | None,
    task: StaffTask,
    *,
    tried: int,
) -> None:
    """Ring the next member of staff on duty; when all were tried, take a message."""
    voice = speaker.voice_of(conversation)
    person = conversation.person if conversation else None
    wanted = person.language if person else voice.language
    following = staff_to_ring(speaker.session, after=tried, language=wanted)
    if following is None:
        take_message(speaker, response, conversation)
        return
    position, number = following
    twiml.say(response, speaker.words("V-OP" if tried == 0 else "V-HOLDY", conversation), voice)
    dial = Dial(
        action=speaker.addresses.person_ended(position),
        caller_id=speaker.line_number,
        timeout=speaker.session.programme.operator_ring_seconds,
        time_limit=speaker.session.programme.call_limit_minutes * 60,
    )
    dial.number(number, url=speaker.addresses.person_whisper(task.id))
    response.append(dial)


def take_message(
    speaker: Speaker, response: VoiceResponse, conversation: Conversation | None
) -> None:
    """Nobody is free: record a message. Silence is fine; the task is open already."""
    twiml.say(response, speaker.words("V-OPVM", conversation), speaker.voice_of(conversation))
    response.record(
        action=speaker.addresses.message(),
        timeout=speaker.session.programme.message_seconds,
        max_length=speaker.session.programme.message_seconds,
        finish_on_key="1234567890*#",
        play_beep=True,
        recording_status_callback=speaker.addresses.recording(),
        recording_status_callback_event="completed absent",
    )
    response.redirect(speaker.addresses.message(no_input=1))


def whisper(speaker: Speaker, task_id: int) -> str:
    """Ask the member of staff to take the call: their voicemail must never take it."""
    response = VoiceResponse()
    gather = Gather(
        action=speaker.addresses.person_accept(task_id),
        timeout=speaker.session.programme.whisper_seconds,
        num_digits=1,
        finish_on_key="",
    )
    twiml.say(gather, speaker.words("V-STAFF", None), Voice())
    response.append(gather)
    response.hangup()
    return str(response)


def accept(speaker: Speaker, task_id: int, digits: str) -> str:
    """Join the two when staff press 1; any other key asks again."""
    if digits != "1":
        return whisper(speaker, task_id)
    answered_by_person(speaker.session, task_id, now=speaker.now)
    return str(VoiceResponse())


def ended(speaker: Speaker, *, tried: int) -> str:
    """After a talk with staff say goodbye; when nobody took the call, ring the next one."""
    response = VoiceResponse()
    conversation = conversation_of_call(speaker.session, speaker.call_sid)
    task = task_of_call(speaker, conversation, reason="asked for a person")
    if task.done_at is not None:
        words = (*speaker.words("V-SAVE", conversation), *speaker.words("V-BYE", conversation))
        twiml.say(response, words, speaker.voice_of(conversation))
        response.hangup()
    else:
        ring_next(speaker, response, conversation, task, tried=tried)
    return str(response)
