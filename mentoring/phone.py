"""Phone numbers: read, checked, shown and placed on the map. Inside they are always E.164."""

import re
from functools import lru_cache

import phonenumbers
from phonenumbers import PhoneNumberType, timezone

# A mentoring call never goes to a number that charges whoever calls it, and never to a pager or a
# voicemail platform: nobody there can accept a whisper.
_COSTLY = {
    PhoneNumberType.PREMIUM_RATE: "it is a premium-rate number",
    PhoneNumberType.SHARED_COST: "it is a shared-cost number",
    PhoneNumberType.PAGER: "it is a pager",
    PhoneNumberType.PERSONAL_NUMBER: "it is a personal number that may cost extra",
    PhoneNumberType.UAN: "it is a company-wide access number",
    PhoneNumberType.VOICEMAIL: "it is a voicemail access number",
}

# Directory assistance (NPA-555-1212) and pay-per-call exchanges (NPA-976-xxxx) of North America.
_SERVICE = re.compile(r"\d{3}(?:5551212|976\d{4})")
# Whoever rings somebody by text relay in the United Kingdom dials one of these before the number.
_UK_TEXT_RELAY = re.compile(r"\s*(1800[12])\D*?(?=\+44|0)")
_FICTIONAL = re.compile(r"\+1[2-9]\d{2}55501\d{2}")


@lru_cache(maxsize=4096)
def parse_number(text: str, region: str = "US") -> str | None:
    """Return a written phone number as E.164, or None when it is not a valid one. Never raises."""
    if not text or len(text) > 40 or text.lower().startswith(("sip:", "client:")):
        return None
    prefix = relay_prefix(text)
    if prefix:
        text, region = text.strip().removeprefix(prefix), "GB"
    try:
        number = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        return None
    if number.extension or not phonenumbers.is_valid_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def relay_prefix(text: str) -> str:
    """Return the prefix of UK text relay that a written number begins with, or nothing.

    It is no part of the number: it says how people ring it, and is kept apart from it.
    """
    found = _UK_TEXT_RELAY.match(text)
    if found is None:
        return ""
    try:
        number = phonenumbers.parse(text[found.end() :], "GB")
    except phonenumbers.NumberParseException:
        return ""
    # What follows must be a whole number by itself: a toll-free number begins like that too.
    return found[1] if phonenumbers.is_valid_number(number) else ""


def reason_not_dialable(number: str, regions: tuple[str, ...]) -> str | None:
    """Say why the service must never ring this number, or None when it may.

    Emergency, short, premium and foreign numbers are refused: a masked call hides where the caller
    is, and a relay that dials anything is an open purse.
    """
    for region in regions:
        digits = number.lstrip("+")
        if phonenumbers.is_emergency_number(digits, region):
            return "it is an emergency number"
    try:
        parsed = phonenumbers.parse(number, None)
    except phonenumbers.NumberParseException:
        return "it is not a full international number"
    if not phonenumbers.is_valid_number(parsed):
        return "it is not a valid number"
    national = phonenumbers.national_significant_number(parsed)
    region_here = phonenumbers.region_code_for_number(parsed)
    if region_here and phonenumbers.is_emergency_number(national, region_here):
        return "it is an emergency number"
    if region_here not in regions:
        return "its country is not one that the programme calls"
    if parsed.country_code == 1 and _SERVICE.fullmatch(national):
        return "it is an information service that may cost extra"
    return _COSTLY.get(phonenumbers.number_type(parsed))


def is_fictional(number: str) -> bool:
    """Tell whether a number lies in the block reserved for fiction: area code + 555-01xx."""
    return _FICTIONAL.fullmatch(number) is not None


def masked(number: str) -> str:
    """Return a number as staff may see it at a glance: in words, for dots are read one by one."""
    return f"ends in {number[-2:]}" if len(number) > 4 else "hidden"


def written(number: str) -> str:
    """Return one of our own line numbers as people write it: `515 555 0100`, or international."""
    parsed = phonenumbers.parse(number, None)
    if parsed.country_code == 1:
        national = phonenumbers.national_significant_number(parsed)
        return f"{national[:3]} {national[3:6]} {national[6:]}"
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.INTERNATIONAL)


@lru_cache(maxsize=4096)
def region_of(number: str) -> str:
    """Return the country of a number as two letters, or the empty string. Never raises."""
    try:
        return phonenumbers.region_code_for_number(phonenumbers.parse(number, None)) or ""
    except phonenumbers.NumberParseException:
        return ""


@lru_cache(maxsize=4096)
def zones_of(number: str) -> tuple[str, ...]:
    """Return the IANA zones that a number's prefix may lie in: a first guess, to be confirmed."""
    try:
        parsed = phonenumbers.parse(number, None)
    except phonenumbers.NumberParseException:
        return ()
    zones = timezone.time_zones_for_number(parsed)
    return tuple(zone for zone in zones if zone != timezone.UNKNOWN_TIMEZONE)


@lru_cache(maxsize=4096)
def is_toll_free(line: str) -> bool:
    """Tell whether a line (E.164) is toll-free: whoever is called pays."""
    number = parse_number(line)
    kind = PhoneNumberType.TOLL_FREE
    return number is not None and phonenumbers.number_type(phonenumbers.parse(number)) == kind
