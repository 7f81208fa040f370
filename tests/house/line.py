"""Our site at the other end of a line, with a count of what it asks the database."""

import html
import re
from collections.abc import Sequence
from copy import copy
from itertools import count

from flask.testing import FlaskClient
from twilio.request_validator import RequestValidator

from app.bench_senders import Step
from tests import leaks
from tests.databases import Asked, StatementCounter

PUBLIC = "https://line.bridgeline.example"
TOKEN = "a-token-of-the-pretend-carrier"
MAIN, PAIR, STAFF = "+15155550100", "+15155550101", "+15155550190"
ROSA, LUIS = "+15155550131", "+15155550112"
KIM = "+15155550148"  # unknown until now

IN_A_RELAY, IN_A_STEP = 8, 6

_VERB_AND_TABLE = re.compile(r"\s*(\w+)(?:.*?\bFROM|\s+INTO)?\s+(\w+)", re.DOTALL)


def _outline(statement: str) -> str:
    """Return what a statement does to which table."""
    found = _VERB_AND_TABLE.match(statement)
    return " ".join(found.groups()) if found else statement


class Line:
    """Our site, asked by signed requests, with a count of the statements of each."""

    def __init__(self, client: FlaskClient, queries: StatementCounter) -> None:
        self._client = client
        self._queries = queries
        self._sids = count(1)
        self.asked: list[tuple[str, Sequence[Asked]]] = []

    def sid(self, kind: str) -> str:
        return f"{kind}{next(self._sids):032x}"

    def post(self, target: str, form: dict[str, str], *, status: int = 200) -> str:
        signature = RequestValidator(TOKEN).compute_signature(PUBLIC + target, form)
        with self._queries() as statements:
            answer = self._client.post(target, data=form, headers={"X-Twilio-Signature": signature})
        given = {k: v for k, v in form.items() if k in ("Digits", "SpeechResult", "Body")}
        self.asked.append((f"{target.partition('?')[0]} {given or ''}", statements))
        assert answer.status_code == status
        assert "went wrong on our side" not in answer.text
        leaks.saw_document(answer.text, allowed=frozenset({form.get("From", "")}))
        return answer.text

    def text(self, number: str, body: str, to: str = MAIN) -> None:
        """Let somebody write one text."""
        form = {"MessageSid": self.sid("SM"), "From": number, "To": to, "Body": body}
        self.post("/sms/inbound", {**form, "NumMedia": "0"})

    def keeps_to(self, budget: int) -> None:
        """Check every request since the last check."""
        over = [
            f"{what}: {len(statements)}: {', '.join(map(_outline, statements))}"
            for what, statements in self.asked
            if len(statements) > budget
        ]
        assert self.asked
        assert not over, "\n".join(over)
        self.asked.clear()


class Call:
    """One call, led by the addresses in our own documents."""

    def __init__(self, line: Line, number: str, to: str = MAIN) -> None:
        self._line = line
        sid = line.sid("CA")
        self._form = {"CallSid": sid, "From": number, "To": to, "Direction": "inbound"}
        self.heard = line.post("/voice/inbound", {**self._form, "CallStatus": "ringing"})

    def is_picked_up(self) -> "Call":
        """The leg that this call dials is answered; returns that leg, in its whisper."""
        leg = copy(self)
        leg._form = {**self._form, "CallSid": self._line.sid("CA"), "Direction": "outbound-dial"}
        leg.goes_to("/voice/whisper")
        return leg

    def goes_on(self, *steps: Step) -> str:
        """Take one step after the other; returns the newest document."""
        for step in steps:
            given = {
                "keys": {"Digits": step.what},
                "speech": {"SpeechResult": step.what, "Confidence": "0.9"},
                "recording": {
                    "RecordingSid": self._line.sid("RE"),
                    "RecordingDuration": step.what,
                    "Digits": "#",
                },
                "pause": {"RecordingSid": self._line.sid("RE"), "RecordingDuration": step.what},
                "silence": {},
            }[step.how]
            form = {**self._form, "CallStatus": "in-progress", **given}
            self.heard = self._line.post(self._way_on(step), form)
        return self.heard

    def goes_to(self, path: str, **given: str) -> str:
        """Go where the newest document leads under that path, as the carrier would."""
        found = re.search(rf'"({re.escape(PUBLIC + path)}[^"]*)"', self.heard)
        assert found, f"Nothing leads to {path} in: {self.heard}"
        target = html.unescape(found[1]).removeprefix(PUBLIC)
        self.heard = self._line.post(target, {**self._form, **given})
        return self.heard

    def presses(self, keys: str) -> str:
        """Press one key at each question."""
        return self.goes_on(*(Step("keys", key) for key in keys))

    def _way_on(self, step: Step) -> str:
        pattern = {
            "recording": r'<Record[^>]* action="([^"]*)"',
            "pause": r'<Record[^>]* action="([^"]*)"',
            "silence": r"<Redirect[^>]*>([^<]*)</Redirect>",
        }.get(step.how, r'<Gather[^>]* action="([^"]*)"')
        found = re.search(pattern, self.heard)
        assert found, f"Nothing awaits {step} in: {self.heard}"
        return html.unescape(found[1]).removeprefix(PUBLIC)
