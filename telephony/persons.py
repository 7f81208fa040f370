"""0 reaches a person: staff are rung one after another, else a message, else a call-back task.

The task is opened before the first ring and closed when somebody takes the call, so a caller who
hangs up while it rings is called back all the same (O8, O14).
"""

from datetime import timedelta

from twilio.twiml.voice_response import Dial, Gather, VoiceResponse

from mentoring.contacts import call_is_over, caller_of
from mentoring.conversation_queries import conversation_of_call
from mentoring.effects import ASKED, GAVE_UP
from mentoring.languages import ENGLISH
from mentoring.models import Conversation, StaffTask
from mentoring.operators import staff_to_ring
from mentoring.tasks import (
    answered_by_person,
    key_of_call_back,
    newest_call_back,
    open_task,
    visit_of,
)
from telephony import messages, twiml
from telephony.speaking import Speaker
from telephony.twiml import Voice

# A caller was told that it may take a minute. After that nobody more is rung, however many are on
# duty; who is busy or declines takes no time, so the next one is rung all the same.
_RINGS_FOR = timedelta(minutes=1)


def ring_person(
    speaker: Speaker,
    response: VoiceResponse,
    conversation: Conversation | None,
    *,
    reason: str,
    visit: int = 0,
) -> None:
    """Open the call-back task of this call and ring the first member of staff.

    `visit` counts how often staff have taken this call before: each time has a task of its own.
    """
    if reason == GAVE_UP:
        words = speaker.words("V-NI3", conversation)
        twiml.say(response, words, speaker.voice_of(conversation))
    task = task_of_call(speaker, conversation, reason=reason, visit=visit)
    ring_next(speaker, response, conversation, task, tried=0, visit=visit)


def rescue(speaker: Speaker) -> str:
    """Bring a caller to a person after an error of ours."""
    response = VoiceResponse()
    if call_is_over(speaker.session, speaker.call_sid):
        response.hangup()
        return str(response)
    conversation = conversation_of_call(speaker.session, speaker.call_sid)
    # An error knows of no visit: where staff have taken this call before, this is another one.
    newest = newest_call_back(speaker.session, speaker.call_sid)
    visit = visit_of(newest) if newest is not None else 0
    if newest is not None and newest.done_at is None:
        ring_next(speaker, response, conversation, newest, tried=0, visit=visit)
        return str(response)
    visit += newest is not None
    ring_person(speaker, response, conversation, reason="met an error of ours", visit=visit)
    return str(response)


def task_of_call(
    speaker: Speaker, conversation: Conversation | None, *, reason: str = ASKED, visit: int = 0
) -> StaffTask:
    """Return the call-back task of this call, opening it at the first need."""
    if conversation is not None:
        phone, person = conversation.phone, conversation.person
    else:
        phone, person = caller_of(speaker.session, speaker.call_sid)
    words = f"Call back: {person.code if person else 'A caller'} {reason}."
    if messages.hides_number(conversation):
        words = (
            f"Hidden number: a caller {reason}. Listen to the message, if there is one: they may"
            " have said how to reach them."
        )
    return open_task(
        speaker.session,
        rule="O14" if reason == GAVE_UP else "O8",
        words=words,
        key=key_of_call_back(speaker.call_sid, visit),
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
    visit: int,
) -> None:
    """Ring the next member of staff on duty; after all of them or a minute, take a message.

    A Dial cannot speak while it rings, so what will happen is said before, and "I am still here"
    between two rings (A14).
    """
    voice = speaker.voice_of(conversation)
    person = conversation.person if conversation else None
    wanted = person.language if person else voice.language
    following = staff_to_ring(speaker.session, after=tried, language=wanted)
    is_long = tried > 0 and speaker.now - task.opened_at >= _RINGS_FOR
    if following is None or is_long:
        messages.take_message(speaker, response, conversation, visit=visit)
        return
    position, number = following
    twiml.say(response, speaker.words("V-OP" if tried == 0 else "V-HOLDY", conversation), voice)
    dial = Dial(
        action=speaker.addresses.person_ended(position, visit),
        caller_id=speaker.line_number,
        timeout=speaker.session.programme.operator_ring_seconds,
        time_limit=speaker.session.programme.call_limit_minutes * 60,
    )
    dial.number(number, url=speaker.addresses.person_whisper(task.id))
    response.append(dial)


def whisper(speaker: Speaker, task_id: int) -> str:
    """Ask the member of staff to take the call: their voicemail must never take it."""
    response = VoiceResponse()
    gather = Gather(
        action=speaker.addresses.person_accept(task_id),
        timeout=speaker.session.programme.whisper_seconds,
        num_digits=1,
        finish_on_key="",
    )
    twiml.say(gather, speaker.words_in(ENGLISH, "V-STAFF"), Voice())
    response.append(gather)
    response.hangup()
    return str(response)


def accept(speaker: Speaker, task_id: int, digits: str, *, caller_sid: str) -> str:
    """Join the two when staff press 1; any other key asks again.

    For a caller who has hung up meanwhile the task stays open: somebody has to call back.
    """
    if digits != "1":
        return whisper(speaker, task_id)
    if call_is_over(speaker.session, caller_sid):
        response = VoiceResponse()
        twiml.say(response, speaker.words_in(ENGLISH, "V-STAFF-GONE"), Voice())
        response.hangup()
        return str(response)
    answered_by_person(speaker.session, task_id, now=speaker.now)
    return str(VoiceResponse())


def ended(speaker: Speaker, *, tried: int, visit: int) -> str:
    """After a talk with staff say goodbye; when nobody took the call, ring the next one."""
    response = VoiceResponse()
    conversation = conversation_of_call(speaker.session, speaker.call_sid)
    task = task_of_call(speaker, conversation, visit=visit)
    if task.done_at is not None:
        messages.say_last(speaker, response, conversation, "V-SAVE", visit=visit + 1)
    else:
        ring_next(speaker, response, conversation, task, tried=tried, visit=visit)
    return str(response)


def after_last_words(speaker: Speaker, prompt: str, key: str, *, visit: int) -> str:
    """A key during the last words of a call: 0 reaches a person, any other says them again."""
    response = VoiceResponse()
    conversation = conversation_of_call(speaker.session, speaker.call_sid)
    if key == "0":
        ring_person(speaker, response, conversation, reason=ASKED, visit=visit)
    elif prompt in ("V-OPVM2", "V-OPVM2H") and key.isdecimal():
        messages.take_message(
            speaker, response, conversation, visit=visit, lead=("V-OPVM3",), silences=1
        )
    else:
        messages.say_last(speaker, response, conversation, prompt, visit=visit)
    return str(response)


def take_message_step(speaker: Speaker, heard: messages.Heard, *, visit: int) -> str:
    """Go on with a message to staff after a key, a recording, or silence.

    The task stays open whatever happens, until somebody calls back.
    """
    conversation = conversation_of_call(speaker.session, speaker.call_sid)
    task = task_of_call(speaker, conversation, reason="left a message", visit=visit)
    response = VoiceResponse()
    if messages.keep(speaker, task, conversation, heard):
        return str(response)
    if heard.key == "0" or heard.wish == "person":
        ring_next(speaker, response, conversation, task, tried=0, visit=visit)
    else:
        kept = task.recording_id is not None
        messages.go_on(speaker, response, conversation, heard, visit=visit, kept=kept)
    return str(response)
