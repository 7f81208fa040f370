"""The codes of the records in words for staff."""

from collections.abc import Mapping
from enum import StrEnum

from admin.lists import Tag
from mentoring.matching.sectors import SECTORS
from mentoring.matching.words import HOURS, LANGUAGES, TOPICS
from mentoring.models import Match, MatchState, Mode, Person, PersonState, Severity, StaffRole
from mentoring.oversight.rules import RULES

SAFE_CONTACT = {1: "may show our name", 2: "our number only", 3: "leave no message"}
STAGES = {"1": "an idea", "2": "getting ready", "3": "open under 1 year", "4": "open over 1 year"}
ACCESS = {
    "slow": "slow voice",
    "texts": "texts only",
    "relay": "relay or a helper",
    "other": "something else",
    "none": "none",
}
CONSENT_WORDS = {
    "C1": "texts (C1)",
    "C2": "automated calls (C2)",
    "C3": "staff can read texts (C3)",
    "C4": "private, with its limits (C4)",
    "C5": "taking part (C5)",
    "AP": "promise of a protege (AP)",
    "AM": "promise of a mentor (AM)",
    "CR": "a question about a mentor (CR)",
    "CI": "a word when it starts (CI)",
}
YEARS = {"1": "under 2 years", "2": "2 to 5 years", "3": "6 to 10 years", "4": "over 10 years"}
MONTHLY = {"1": "1 to 2 hours", "2": "3 to 4 hours", "3": "5 hours or more"}
PROFILE: Mapping[str, tuple[str, Mapping[str, str]]] = {
    "stage": ("Business", STAGES),
    "topics": ("Topics", TOPICS),
    "hours": ("Free", HOURS),
    "access": ("Made easy by", ACCESS),
    "years": ("Has run a business for", YEARS),
    "monthly_hours": ("Time a month", MONTHLY),
    "capacity": ("Mentors at one time", {}),
    "sectors": ("Kind of business", SECTORS),
    "languages": ("Also speaks", LANGUAGES),
    "way": ("Likes to work", {}),
    "described": ("Those who wait may hear of them", {}),
    "own_line": ("Says in their own words", {}),
    "heard_of": ("Has heard of", {}),
    "slow_welcome": ("A slow pace suits them", {}),
    "cross_mode": ("Would switch between calls and texts", {}),
    "relay_announced": ("May say that a relay or a helper speaks", {}),
}
OWN_LINE_LABEL = "What would they like to say to somebody who may be matched with them?"
OWN_LINE_HINT = (
    "One sentence in their own words and language, as they said it. It is heard with a proposal: no"
    " surname, employer, disability, number or address."
)
_URGENT = {
    Severity.LOW: "plain",
    Severity.MEDIUM: "middling",
    Severity.HIGH: "high",
    Severity.CRITICAL: "critical",
}
MODES = {Mode.VOICE: "phone calls", Mode.TEXT: "texts", Mode.BOTH: "calls and texts"}
_ENDED = (PersonState.EXITED, PersonState.SUSPENDED)


def fitting(count: int, one: str, many: str) -> str:
    """Return the words that go with a number."""
    return one if count == 1 else many


def in_words(code: str) -> str:
    """Return a code such as `safety_hold` as words."""
    return code.replace("_", " ")


def language_name(code: str) -> str:
    """Return a language in words."""
    return LANGUAGES.get(code, code)


def rule_words(rule: str) -> str:
    """Return what kind of task or alert it is: the rule that opened it, with its id (O1 to O20)."""
    return f"{rule} {RULES[rule].title}" if rule in RULES else in_words(rule)


def who_did(actor: str) -> str:
    """Return who did something, as the page says it: staff by their name."""
    return actor.removeprefix("staff:")


def state_of_person(person: Person) -> Tag:
    """Return the state of a person."""
    tone = "high" if person.state in _ENDED else "plain"
    return Tag(in_words(person.state.value), tone)


def state_of_match(match: Match, *, at_risk: bool = False) -> Tag:
    """Return the state of a match; that it is at risk is said in words."""
    words = in_words(match.state.value)
    if at_risk:
        return Tag(f"{words}, at risk", "high")
    return Tag(words, "high" if match.state is MatchState.SAFETY_HOLD else "plain")


def severity_tag(severity: Severity | None) -> Tag | None:
    """Return how urgent an alert is."""
    return None if severity is None else Tag(severity.value, _URGENT[severity])


def mode_words(mode: Mode | None) -> str:
    """Return how somebody likes to talk."""
    return "not asked yet" if mode is None else MODES[mode]


def profile_facts(person: Person) -> list[tuple[str, str]]:
    """Return the coded answers of the intake in words, in the order of the table above."""
    known = [
        (title, several(str(person.profile[key]), words))
        for key, (title, words) in PROFILE.items()
        if key in person.profile
    ]
    others = [
        (in_words(key).capitalize(), in_words(str(value)))
        for key, value in person.profile.items()
        if key not in PROFILE
    ]
    return known + others


def several(value: str, words: Mapping[str, str]) -> str:
    """Return codes with commas between them in words; what has none stays as it is."""
    return ", ".join(words.get(each, each) for each in value.split(","))


def options(kind: type[StrEnum]) -> list[tuple[str, str]]:
    """Return the members of a closed list of words as choices of a filter."""
    return [(each.value, in_words(each.value)) for each in kind]


ROLES = {
    StaffRole.READ_ONLY: "sees, changes nothing",
    StaffRole.COORDINATOR: "works with people and matches",
    StaffRole.LEAD: "also lifts holds and reads the audit log",
    StaffRole.ADMIN: "also invites staff",
}
