"""Which fields of a form are kept when it could not be sent, and which never are."""

from collections.abc import Iterable
from urllib.parse import parse_qsl, urlencode, urlsplit

Fields = list[tuple[str, str]]

# The page writes them anew each time that it is shown.
OF_THE_PAGE = {"csrf_token", "unsent", "sure", "next"}
# What the page showed when somebody typed: put back, so that a newer edit is not overwritten.
SHOWN = {"seen", "follows", "fingerprint", "shown"}
# Passwords, by every name that a field for one has.
SECRET = {"password", "present", "old", "new", "again", "response"}
# What is sent to addresses that begin so proves who somebody is: codes, passwords, passkeys. To the
# last one nobody sends any words.
_NOT_FROM = ("/desk/sign-in", "/desk/join", "/desk/account", "/desk/unsent")
# It is another one each time that somebody says why they listen.
_TICKET = "ticket"


def aim_of(address: str) -> str:
    """Return what a form is about, by the address to which it is sent: what follows it counts."""
    parts = urlsplit(address)
    query = [pair for pair in parse_qsl(parts.query) if pair[0] != _TICKET]
    return f"{parts.path}?{urlencode(sorted(query))}"


def worth_keeping(to: str, sent: Iterable[tuple[str, str]]) -> Fields:
    """Return what to keep of a form that was sent to an address: nothing if nobody typed a word."""
    if to.startswith(_NOT_FROM):
        return []
    # A field that was emptied has to come back empty, so those without words are kept as well.
    fields = [(name, value) for name, value in sent if name not in OF_THE_PAGE | SECRET]
    return fields if any(value.strip() for name, value in fields if name not in SHOWN) else []
