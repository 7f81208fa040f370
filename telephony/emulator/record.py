"""Record: what the party says after the beep becomes a file that can be fetched a little later."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from telephony.emulator.audio import make_wav
from telephony.emulator.dates import rfc2822
from telephony.emulator.debugger import Pairs
from telephony.emulator.leg import Hub
from telephony.emulator.line import Line, Next
from telephony.emulator.script import HungUp, Key, Script, Words, wait_for
from telephony.emulator.store import RecordingRecord
from telephony.emulator.twiml import Document, Verb

_BEEP_SECONDS = 0.5
_TRANSCRIBING_SECONDS = 20.0
_LONGEST_TRANSCRIBED = 120
_TRANSCRIBED = range(2, _LONGEST_TRANSCRIBED + 1)


@dataclass
class Take:
    """One recording while it is made: what was said so far, and until when."""

    sid: str
    began: datetime
    silent_from: datetime
    words: list[str]
    key: str = ""

    def hear(self, words: Words, ends: datetime) -> None:
        self.words.append(words.text)
        self.silent_from = ends


def record(line: Line, verb: Verb, document: Document) -> Script[Next]:
    """Run a Record.

    Nothing said: no request, and the next verb runs. Hanging up while it records requests the
    action with `Digits=hangup`, whose document is not run.
    """
    line.answer()
    engine = line.hub.engine
    if verb.flag("playBeep", default=True):
        line.leg.say("[beep]")
        yield from wait_for(_BEEP_SECONDS)
    now = engine.now()
    take = Take(line.hub.store.new_sid("RE"), now, now, [])
    line.leg.recording = True
    line.leg.party.listening(line.leg)
    _notify(line, verb, document, take.sid, (("RecordingStatus", "in-progress"),))
    try:
        yield from _listen(line, verb, take)
    except HungUp:
        take.key = "hangup"
        extra = _keep(line, verb, document, take)
        if extra:
            _tell_action(line, verb, document, extra)
        raise
    finally:
        line.leg.recording = False
    extra = _keep(line, verb, document, take)
    if not extra:
        return None
    return line.transfer(document, verb.get("action"), verb.method(), extra)


def _listen(line: Line, verb: Verb, take: Take) -> Script[None]:
    engine = line.hub.engine
    if (speaking := line.leg.still_saying()) is not None:
        take.hear(speaking, engine.now() + timedelta(seconds=speaking.seconds))
    silence = verb.whole("timeout", 5)
    longest = _longest(line, verb)
    finish_keys = verb.get("finishOnKey", "1234567890*#")
    while True:
        left = longest - (engine.now() - take.began).total_seconds()
        quiet = (take.silent_from - engine.now()).total_seconds() + silence
        signal = yield from wait_for(min(left, quiet) if silence else left, Key, Words)
        if isinstance(signal, Words):
            start = max(engine.now(), take.silent_from)
            take.hear(signal, start + timedelta(seconds=signal.seconds))
        elif isinstance(signal, Key):
            if signal.digit in finish_keys:
                # Whoever ends the recording has said what they had to say.
                line.leg.fall_silent()
                take.key = signal.digit
                return
        else:
            return


def _longest(line: Line, verb: Verb) -> int:
    """Return how many seconds may be recorded: fewer where they are to be transcribed."""
    longest = verb.whole("maxLength", 3600)
    if not verb.flag("transcribe") or longest <= _LONGEST_TRANSCRIBED:
        return longest
    if verb.get("maxLength"):
        line.hub.debugger.warning(
            13612, "<Record> takes two minutes at most where it transcribes.", line.leg.sid
        )
    return _LONGEST_TRANSCRIBED


def _keep(line: Line, verb: Verb, document: Document, take: Take) -> Pairs:
    """Store the recording and schedule its file; return the action's parameters, if any."""
    hub = line.hub
    if not take.words:
        _notify(line, verb, document, take.sid, (("RecordingStatus", "absent"),))
        return ()
    now = hub.engine.now()
    end = now if verb.get("trim") == "do-not-trim" else min(now, take.silent_from)
    seconds = max(1, round((end - take.began).total_seconds()))
    recording = RecordingRecord(
        sid=take.sid,
        call_sid=line.leg.sid,
        started=take.began,
        created=now,
        seconds=seconds,
        words=" ".join(take.words),
    )
    hub.store.recordings[take.sid] = recording
    hub.engine.after(
        hub.options.recording_delay, lambda: _complete(line, verb, document, recording)
    )
    return (
        ("RecordingSid", take.sid),
        ("RecordingUrl", recording_url(hub, take.sid)),
        ("RecordingDuration", str(seconds)),
        *((("Digits", take.key),) if take.key else ()),
    )


def _complete(line: Line, verb: Verb, document: Document, recording: RecordingRecord) -> None:
    if recording.deleted:
        return
    recording.content = make_wav(recording.words, recording.seconds)
    recording.status = "completed"
    extra = (("RecordingStatus", "completed"), ("RecordingDuration", str(recording.seconds)))
    _notify(line, verb, document, recording.sid, extra)
    if verb.flag("transcribe"):
        line.hub.engine.after(
            _TRANSCRIBING_SECONDS, lambda: _transcribe(line, verb, document, recording)
        )


def _notify(line: Line, verb: Verb, document: Document, sid: str, extra: Pairs) -> None:
    """Report a stage of the recording, if the document asks for that stage."""
    url = line.callback_url(document, verb.get("recordingStatusCallback"))
    wanted = verb.get("recordingStatusCallbackEvent", "completed").split()
    if not url or dict(extra)["RecordingStatus"] not in wanted:
        return
    hub = line.hub
    params: Pairs = (
        ("AccountSid", hub.store.account_sid),
        ("CallSid", line.leg.sid),
        ("RecordingSid", sid),
        ("RecordingUrl", recording_url(hub, sid)),
        ("RecordingChannels", "1"),
        ("RecordingSource", "RecordVerb"),
        ("RecordingTrack", "inbound"),
        ("RecordingStartTime", rfc2822(hub.engine.now())),
        ("ErrorCode", "0"),
        *extra,
    )
    line.post(url, verb.method("recordingStatusCallbackMethod"), params)


def _transcribe(line: Line, verb: Verb, document: Document, recording: RecordingRecord) -> None:
    url = line.callback_url(document, verb.get("transcribeCallback"))
    if not url:
        return
    hub = line.hub
    sid = hub.store.new_sid("TR")
    done = recording.seconds in _TRANSCRIBED
    own: Pairs = (
        ("TranscriptionSid", sid),
        ("TranscriptionStatus", "completed" if done else "failed"),
        ("TranscriptionText", recording.words if done else ""),
        ("TranscriptionUrl", f"{recording_url(hub, recording.sid)}/Transcriptions/{sid}"),
        ("RecordingSid", recording.sid),
        ("RecordingUrl", recording_url(hub, recording.sid)),
    )
    line.post(url, "POST", line.leg.params() + own)


def _tell_action(line: Line, verb: Verb, document: Document, extra: Pairs) -> None:
    """Request the action of a recording that ended with the call; nobody runs what it answers."""
    goto = line.transfer(document, verb.get("action"), verb.method(), extra)
    if goto.url:
        line.post(goto.url, goto.method, line.leg.params() + extra)


def recording_url(hub: Hub, sid: str) -> str:
    """Return a recording's address without its extension, as callbacks give it."""
    return f"https://api.twilio.com/2010-04-01/Accounts/{hub.store.account_sid}/Recordings/{sid}"
