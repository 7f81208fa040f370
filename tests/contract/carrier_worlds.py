"""Two carriers with one set of hands: Twilio's adapter on the emulator, and the tests' double."""

from abc import ABC, abstractmethod
from datetime import UTC, datetime
from typing import Any

from flask import Flask

from mentoring.clock import ManualClock
from telephony.carrier import (
    Carrier,
    CarrierError,
    MadeRecording,
    ReceivedCall,
    ReceivedText,
)
from telephony.emulator import Emulator, LocalServer, answers, busy, undelivered
from telephony.emulator.store import RecordingRecord
from telephony.reactions import reaction_in
from telephony.twilio_carrier import TwilioCarrier
from tests.recording_carrier import RecordingCarrier

START = datetime(2026, 3, 3, 17, tzinfo=UTC)
LINE, OTHER_LINE = "+15155550100", "+15155550101"
PERSON, LANDLINE = "+15155550135", "+15155550142"
SITE = "https://line.example.org"
_RESOURCES = {"send_text": "/Messages", "place_call": "/Calls"}


class World(ABC):
    """A carrier with two lines of ours, and the hands that move what happens at its far end."""

    carrier: Carrier
    clock: ManualClock

    @abstractmethod
    def stop_texts(self) -> None:
        """Let the person stop texts from the line."""

    @abstractmethod
    def receive(self, body: str, *, line: str = LINE) -> str:
        """Let the person send a text to a line; return its id."""

    @abstractmethod
    def be_called(self, *, line: str = LINE) -> str:
        """Let the person call a line, where nobody answers; return the call's id."""

    @abstractmethod
    def deliver(self, sid: str, error_code: int | None = None) -> None:
        """Let the network deliver a text, or fail to with that code."""

    @abstractmethod
    def ring(self, sid: str, *, engaged: bool) -> None:
        """Let a call ring: the person is engaged, or answers and stays on the line."""

    @abstractmethod
    def catch_up(self) -> None:
        """Let the carrier do what it has been asked to."""

    @abstractmethod
    def store_recording(self, wav: bytes | None) -> str:
        """Let there be a recording, whose file may not be stored yet (None); return its id."""

    @abstractmethod
    def leave_message(self, *, ready: bool = True) -> MadeRecording:
        """Let a caller have recorded something just now; return what the list says of it."""

    @abstractmethod
    def lose_next_answer(self, method: str) -> None:
        """Let the next request be carried out and its answer be lost."""

    @abstractmethod
    def be_too_busy(self, method: str) -> None:
        """Let the next request be refused because there are too many."""


class Double(World):
    """The recording carrier, moved by its own script."""

    def __init__(self) -> None:
        self.clock = ManualClock(START)
        self.carrier = self._double = RecordingCarrier(self.clock)
        self._double.own_number(LINE)
        self._double.own_number(OTHER_LINE)
        self._double.line_types[LANDLINE] = "landline"

    def stop_texts(self) -> None:
        self._double.opt_out(person=PERSON, line=LINE)

    def receive(self, body: str, *, line: str = LINE) -> str:
        received = self._double.received
        sid = f"SM{len(received):032x}"
        received.append(ReceivedText(sid, PERSON, line, body, 0, self.clock.now()))
        return sid

    def be_called(self, *, line: str = LINE) -> str:
        sid = f"CA{len(self._double.rung):032x}"
        self._double.rung.append(ReceivedCall(sid, PERSON, line, self.clock.now()))
        return sid

    def deliver(self, sid: str, error_code: int | None = None) -> None:
        status = "delivered" if error_code is None else "undelivered"
        self._double.settle_text(sid, status, error_code)

    def ring(self, sid: str, *, engaged: bool) -> None:
        self._double.settle_call(sid, "busy" if engaged else "in-progress", 0 if engaged else None)

    def catch_up(self) -> None:
        """Everything has been done at once."""

    def store_recording(self, wav: bytes | None) -> str:
        sid = "RE" + "a" * 32
        self._double.recordings[sid] = wav
        return sid

    def leave_message(self, *, ready: bool = True) -> MadeRecording:
        sid = f"RE{len(self._double.made):032x}"
        made = MadeRecording(sid, "CA" + "0" * 32, 3, self.clock.now())
        if ready:
            self._double.made.append(made)
        return made

    def lose_next_answer(self, method: str) -> None:
        error = CarrierError(
            "No answer came.", reaction=reaction_in("unreachable"), processed="maybe"
        )
        self._double.fail(method, error, processed=True)

    def be_too_busy(self, method: str) -> None:
        self._double.fail(method, CarrierError("Too many.", code=20429))


class Wire(World):
    """Twilio's adapter and the emulator, over real HTTP."""

    def __init__(self, served: "Served") -> None:
        self.clock = ManualClock(START)
        self.emulator = Emulator(self.clock)
        self.emulator.route(SITE, served.site.url)
        self.emulator.add_number(LINE)
        self.emulator.add_number(OTHER_LINE)
        landline = self.emulator.phone(LANDLINE)
        landline.landline = True
        served.api_app = self.emulator.wsgi_app
        account, token = self.emulator.account_sid, self.emulator.auth_token
        self.carrier = TwilioCarrier(account, token, base_url=served.api.url)

    def stop_texts(self) -> None:
        self.emulator.phone(PERSON).text(LINE, "STOP")

    def receive(self, body: str, *, line: str = LINE) -> str:
        self.emulator.phone(PERSON).text(line, body)
        return list(self.emulator.store.messages)[-1]

    def be_called(self, *, line: str = LINE) -> str:
        self.emulator.phone(PERSON).dial(line)
        self.emulator.run_due()
        return next(
            sid
            for sid, call in reversed(self.emulator.store.calls.items())
            if call.direction == "inbound"
        )

    def deliver(self, sid: str, error_code: int | None = None) -> None:
        assert sid in self.emulator.store.messages
        if error_code is not None:
            self.emulator.phone(PERSON).when_texted = undelivered(error_code)
        self.emulator.settle()

    def ring(self, sid: str, *, engaged: bool) -> None:
        assert sid in self.emulator.store.calls
        self.emulator.phone(PERSON).when_rung = busy() if engaged else answers(after=2)
        self.emulator.advance(10)

    def catch_up(self) -> None:
        self.emulator.run_due()

    def store_recording(self, wav: bytes | None) -> str:
        return self._record(wav, "processing").sid

    def leave_message(self, *, ready: bool = True) -> MadeRecording:
        made = self._record(None, "completed" if ready else "processing")
        return MadeRecording(made.sid, made.call_sid, made.seconds, made.created)

    def _record(self, wav: bytes | None, status: str) -> RecordingRecord:
        made = RecordingRecord(
            sid=self.emulator.store.new_sid("RE"),
            call_sid="CA" + "0" * 32,
            started=self.clock.now(),
            created=self.clock.now(),
            seconds=3,
            words="please call me back",
            status=status,
            content=wav,
        )
        self.emulator.store.recordings[made.sid] = made
        return made

    def lose_next_answer(self, method: str) -> None:
        self.emulator.faults.rest_silence(match=_RESOURCES[method], processed=True)

    def be_too_busy(self, method: str) -> None:
        self.emulator.faults.rest_error(429, match=_RESOURCES[method])


class Served:
    """Two servers: the site that is called back, and the emulator that is at work just now."""

    def __init__(self) -> None:
        site = Flask("site")
        twiml = '<Response><Pause length="600"/></Response>'
        site.add_url_rule(
            "/<path:path>",
            "all",
            lambda path: ("", 204) if "status" in path else (twiml, {"Content-Type": "text/xml"}),
            methods=["POST"],
        )
        self.api_app: Any = site.wsgi_app
        self.site = LocalServer(site)
        self.api = LocalServer(self._ask_api)

    def close(self) -> None:
        self.site.close()
        self.api.close()

    def _ask_api(self, environ: Any, start: Any) -> Any:
        return self.api_app(environ, start)
