"""Which fields of a form are kept when it could not be sent, and which never are."""

from collections.abc import Iterable

Fields = list[tuple[str, str]]

# The page writes them anew each time that it is shown.
OF_THE_PAGE = {"csrf_token", "unsent", "sure", "next"}
# What the page showed when somebody typed: put back, so that a newer edit is not overwritten.
SHOWN = {"seen", "follows", "fingerprint", "shown"}
# Passwords, by every name that a field for one has.
SECRET = {"password", "present", "old", "new", "again", "response"}
# Only what proves who somebody is is sent to addresses that begin so: codes, passwords, passkeys.
_PROVING = ("/desk/sign-in", "/desk/join", "/desk/account")


def worth_keeping(to: str, sent: Iterable[tuple[str, str]]) -> Fields:
    """Return what to keep of a form that was sent to an address: nothing if nobody typed a word."""
    if to.startswith(_PROVING):
        return []
    fields = [
        (name, value) for name, value in sent if name not in OF_THE_PAGE | SECRET and value.strip()
    ]
    return fields if any(name not in SHOWN for name, _ in fields) else []
