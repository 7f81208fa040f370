"""What the bench sends: texts between matched people, and whole calls of new callers.

A talk is a generator: it yields one request, is sent the body of the answer, and goes on from that.
Requests carry every parameter that the carrier sends, for each of them costs a little.
"""

import base64
import hashlib
import hmac
import html
import re
import secrets
import uuid
from collections.abc import Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import cycle
from typing import Literal
from urllib.parse import urlencode

Talk = Generator[bytes, bytes, None]

_PLACE = {
    "Country": "US",
    "State": "IA",
    "City": "DES MOINES",
    "Zip": "50309",
}
_BODIES = (
    "Hi! Did the bank call you back about the loan?",
    "Yes, they did. They want to see what I earned last year, month by month. Can we do it together"
    " on Thursday morning? I have all the receipts in a box.",
    "Sure 👍 Thursday at 10 is good.",
    "I can't find the form. Where was it?",
)


class TalkError(RuntimeError):
    """An answer was not what the script of a talk expects."""


@dataclass(frozen=True)
class Carrier:
    """Makes requests as the carrier makes them, signed. `base_url` is the site's public address."""

    base_url: str
    token: str
    account: str

    def request(self, target: str, form: Mapping[str, str]) -> bytes:
        """Return one whole POST to a path (and query) of ours."""
        text = self.base_url + target + "".join(f"{name}{form[name]}" for name in sorted(form))
        made = hmac.new(self.token.encode(), text.encode(), hashlib.sha1).digest()
        body = urlencode(form).encode()
        head = (
            f"POST {target} HTTP/1.1\r\n"
            f"Host: {self.base_url.partition('://')[2]}\r\n"
            "User-Agent: TwilioProxy/1.1\r\n"
            "Accept: */*\r\n"
            "Content-Type: application/x-www-form-urlencoded; charset=UTF-8\r\n"
            f"Content-Length: {len(body)}\r\n"
            f"I-Twilio-Idempotency-Token: {uuid.UUID(bytes=secrets.token_bytes(16))}\r\n"
            f"X-Twilio-Signature: {base64.b64encode(made).decode()}\r\n"
            "\r\n"
        )
        return head.encode() + body

    def path_of(self, address: str) -> str:
        """Return the path and query of an address of ours, as it stands in a document."""
        return html.unescape(address).removeprefix(self.base_url)


def _places() -> dict[str, str]:
    ends = ("From", "To")
    return {f"{end}{part}": value for end in ends for part, value in _PLACE.items()}


def texts(carrier: Carrier, sides: Sequence[tuple[str, str]]) -> Talk:
    """Send texts for ever, from one side of a match after the other, each to its pair line."""
    shared = {**_places(), "AccountSid": carrier.account, "ApiVersion": "2010-04-01"}
    for (number, line), body in zip(cycle(sides), cycle(_BODIES), strict=False):
        sid = f"SM{secrets.token_hex(16)}"
        sids = dict.fromkeys(("MessageSid", "SmsMessageSid", "SmsSid"), sid)
        form = {**shared, **sids, "From": number, "To": line, "Body": body, "NumMedia": "0"}
        yield carrier.request("/sms/inbound", {**form, "NumSegments": "1", "SmsStatus": "received"})


@dataclass(frozen=True)
class Step:
    """What a caller does at one question: press keys, say something, record it, or stay silent.

    A recording ends with pound, or by a pause.
    """

    how: Literal["keys", "speech", "recording", "pause", "silence"]
    what: str = ""


def _keys(digits: str) -> tuple[Step, ...]:
    return tuple(Step("keys", digit) for digit in digits)


# From "what brings you here?" to the end of a protege's intake, as people do it: mostly by key, at
# times in words (which are read back), once in silence.
CALL = (
    *_keys("1"),  # a mentor, please
    *_keys("11"),  # texts reach this phone; yes, text me
    *(Step("speech", "yes please"), *_keys("1")),  # call me; read back: right
    *_keys("111"),  # not recorded; private; leave at any time
    *_keys("1"),  # 18 or older
    *(Step("speech", "Dora"), *_keys("1")),  # first name; right
    *(Step("silence"), *_keys("3")),  # talk or text: both
    *_keys("111"),  # the time is right; show our name; go on now
    *_keys("4"),  # where the business is now
    Step("recording", "5"),  # what they do, in their own words
    *_keys("11"),  # money; another
    *_keys("422"),  # more of the list; selling online; that is all
    *_keys("12"),  # mornings; that is all
    *_keys("42"),  # more of the list; none of these
    *_keys("2"),  # either kind of mentor
)

_GATHER = re.compile(rb'<Gather[^>]* action="([^"]*)"')
_RECORD = re.compile(rb'<Record[^>]* action="([^"]*)"')
_REDIRECT = re.compile(rb"<Redirect[^>]*>([^<]*)</Redirect>")


def calls(carrier: Carrier, numbers: Iterator[str], main: str) -> Talk:
    """Make one call after the other, each from a number that never called before."""
    for number in numbers:
        yield from _call(carrier, number, main)
    raise TalkError("There are no new fictional numbers left: let the rounds be shorter.")


def _call(carrier: Carrier, number: str, main: str) -> Talk:
    form = {
        **_places(),
        "AccountSid": carrier.account,
        "ApiVersion": "2010-04-01",
        "CallSid": f"CA{secrets.token_hex(16)}",
        "From": number,
        "Caller": number,
        "To": main,
        "Called": main,
        "Direction": "inbound",
    }
    answer = yield carrier.request("/voice/inbound", {**form, "CallStatus": "ringing"})
    form["CallStatus"] = "in-progress"
    for step in CALL:
        given = {**form, **_given(step, carrier.account)}
        answer = yield carrier.request(_way_on(carrier, step, answer), given)
    if b"<Hangup" not in answer:
        raise TalkError("A call did not end where its script ends.")


def _given(step: Step, account: str) -> dict[str, str]:
    if step.how == "keys":
        return {"Digits": step.what, "FinishedOnKey": ""}
    if step.how == "speech":
        return {"SpeechResult": step.what, "Confidence": "0.93", "Language": "en-US"}
    if step.how == "silence":
        return {}
    sid = f"RE{secrets.token_hex(16)}"
    url = f"https://api.twilio.com/2010-04-01/Accounts/{account}/Recordings/{sid}"
    told = {"RecordingSid": sid, "RecordingUrl": url, "RecordingDuration": step.what}
    return told if step.how == "pause" else {**told, "Digits": "#"}


def _way_on(carrier: Carrier, step: Step, answer: bytes) -> str:
    """Return where a document says that this kind of answer goes."""
    patterns = {"silence": _REDIRECT, "recording": _RECORD, "pause": _RECORD}
    found = patterns.get(step.how, _GATHER).search(answer)
    if found is None:
        raise TalkError(f"No answer by {step.how} is awaited in: {answer[:300].decode()}")
    return carrier.path_of(found[1].decode())
