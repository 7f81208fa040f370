"""Numbers as the carrier sees them: E.164 or not, fictional or not, and its own magic ones."""

import re

_E164 = re.compile(r"\+[1-9]\d{6,14}")
_FICTIONAL = re.compile(r"\+1[2-9]\d{2}55501\d{2}")
_MAGIC = re.compile(r"\+1500555\d{4}")
_TOLL_FREE = re.compile(r"\+18(?:00|33|44|55|66|77|88)\d{7}")

# The keypad spelling of ANONYMOUS: what a withheld caller ID usually looks like in `From`.
WITHHELD = "+266696687"
MAGIC_SENDER = "+15005550006"

# Answers that depend on the number alone, as with the carrier's test credentials.
SMS_FROM = {
    "+15005550001": (21212, "The 'From' number is not a valid phone number."),
    "+15005550007": (21606, "The 'From' phone number is not a valid, SMS-capable number."),
    "+15005550008": (21611, "This 'From' number has exceeded the maximum number of queued texts."),
}
SMS_TO = {
    "+15005550001": (21211, "The 'To' number is not a valid phone number."),
    "+15005550002": (21612, "The 'To' phone number cannot be reached from this sender."),
    "+15005550003": (21408, "Permission to send a text has not been enabled for this region."),
    "+15005550004": (21610, "Attempt to send to an unsubscribed recipient."),
    "+15005550009": (21614, "The 'To' number is not a mobile number."),
}
CALL_FROM = {"+15005550001": (21212, "The 'From' number is not a valid phone number.")}
CALL_TO = {
    "+15005550001": (21217, "The phone number does not appear to be valid."),
    "+15005550002": (21214, "The 'To' phone number cannot be reached."),
    "+15005550003": (21215, "The account is not allowed to call this region."),
    "+15005550004": (21216, "The account is not allowed to call this number."),
}
BUY = {
    "+15005550000": (21422, "The phone number is not available."),
    "+15005550001": (21421, "The phone number is invalid."),
}


def is_e164(text: str) -> bool:
    return _E164.fullmatch(text) is not None


def is_fictional(number: str) -> bool:
    """Tell whether a number is one of those set aside for stories: area code + 555-01xx."""
    return _FICTIONAL.fullmatch(number) is not None


def is_magic(number: str) -> bool:
    return _MAGIC.fullmatch(number) is not None


def is_toll_free(number: str) -> bool:
    return _TOLL_FREE.fullmatch(number) is not None


def national(number: str) -> str:
    """Return a North American number as people there write it, any other unchanged."""
    if len(number) == 12 and number.startswith("+1"):
        return f"({number[2:5]}) {number[5:8]}-{number[8:]}"
    return number
