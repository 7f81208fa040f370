"""The rules of oversight as data: what each stands for, how soon it wants an eye, and its limits.

docs/oversight.md tells the same to people. Nothing here looks anything up or decides anything.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from mentoring.models import Severity


@dataclass(frozen=True)
class Thresholds:
    """The limits of the rules; OVERSIGHT changes single ones. Each unit is in the name."""

    # O1: no first two-way contact so long after the match was opened, and once more.
    first_contact_days: float = 7
    first_contact_again_days: float = 10
    # O2 to O4: silence, in gaps of the pair's plan but never sooner than so many days.
    plan_gap_days: float = 14
    quiet_gaps: float = 1.5
    quiet_days: float = 10
    silent_gaps: float = 2.5
    silent_days: float = 21
    long_silent_days: float = 45
    # A second O3 within so many days is an O4.
    twice_within_days: float = 90
    # O5: so many tries by one side, none back, so long after the agreed time for an answer.
    one_sided_tries: int = 3
    one_sided_days: float = 3
    reply_days: float = 2
    # O6: so many in a row.
    failed_calls: int = 3
    undelivered_texts: int = 2
    # O7: a rating as low as this, or lower than the one before by so many points.
    low_rating: int = 2
    rating_drop: int = 2
    # O15, and O17 with its three stages.
    plan_by_days: float = 14
    waiting_days: float = 21
    waiting_long_days: float = 30
    waiting_too_long_days: float = 45
    # O18: available without a match for so long; or so many percent beyond the hours a month that a
    # mentor said they could give.
    idle_days: float = 30
    overload_percent: float = 50
    # O19: more than so much on one day at the office.
    calls_a_day: int = 6
    talk_hours_a_day: float = 3
    texts_a_day: int = 80
    late_tries_a_day: int = 2
    # O20: for so long after the match was opened.
    sharing_days: float = 90
    # O22: more than so many percent of the carrier's requests failed within so many minutes, and
    # at least so many, for one fault in a quiet hour is no outage.
    webhook_error_percent: float = 2
    webhook_minutes: float = 15
    webhook_errors: int = 3


class About(StrEnum):
    """What an alert is about: of one rule there is one open alert for each of these."""

    MATCH = "match"
    PERSON = "person"
    SIDE = "one person in one match"


class Pauses(StrEnum):
    """What waits while an alert about somebody is open: staff see to it, and no machine besides."""

    CHECK_INS = "check-ins"
    AUTOMATED = "all automated calls and texts"


@dataclass(frozen=True)
class Step:
    """One step that staff take about an alert: what, and by which working day after its opening.

    `working_days` is None for the day that was promised. With `asks` the person is asked for a
    good time as soon as this step is the next one.
    """

    title: str
    working_days: int | None
    asks: bool = False


@dataclass(frozen=True)
class Rule:
    """One rule. `working_days` is None where the day was promised to the person already.

    What must be read sooner is due when somebody has been at work for `staffed_hours` since then.

    `invites` names the questions that both sides are invited to when an alert opens; with `nudges`
    both are only told that they have not talked for a while. `again_days`:
    a condition that outlasts the closing of its alert opens another one after so many days; None
    means that only a condition which has newly arisen does. `steps` are taken one after the other;
    most rules want nothing but an eye. `pauses` is
    what the service sends them no more until staff have closed it.
    """

    title: str
    severity: Severity
    working_days: int | None
    about: About
    invites: str | None = None
    nudges: bool = False
    again_days: float | None = None
    steps: tuple[Step, ...] = ()
    pauses: Pauses | None = None
    staffed_hours: int = 0


_LOW, _MEDIUM, _HIGH = Severity.LOW, Severity.MEDIUM, Severity.HIGH
# Not a working day but an hour, day and night.
_AN_HOUR = 0
# Whoever told us a worry hears what we did about it.
_OF_A_WORRY = (
    Step("the first contact", None),
    Step("a plan", 3),
    Step("telling them the outcome", 10, asks=True),
)

RULES = {
    "O1": Rule("no first talk", _MEDIUM, 2, About.MATCH, invites="checkin_first", again_days=7),
    "O2": Rule("quiet", _LOW, 5, About.MATCH, nudges=True),
    "O3": Rule("silent", _MEDIUM, 3, About.MATCH),
    "O4": Rule("silent for long", _HIGH, 2, About.MATCH, invites="quiet_pair", again_days=14),
    "O5": Rule("one side waits", _MEDIUM, 3, About.MATCH),
    "O6": Rule("not reached", _MEDIUM, 2, About.PERSON, pauses=Pauses.AUTOMATED),
    "O7": Rule("unhappy", _MEDIUM, 2, About.SIDE),
    "O8": Rule("asked for a person", _HIGH, None, About.PERSON),
    "O9": Rule("check-ins not answered", _MEDIUM, 3, About.PERSON, pauses=Pauses.CHECK_INS),
    "O10": Rule("a worry", _HIGH, None, About.PERSON, steps=_OF_A_WORRY),
    "O11": Rule("danger", Severity.CRITICAL, _AN_HOUR, About.PERSON),
    "O12": Rule("words that hurt", _HIGH, 1, About.SIDE, staffed_hours=4),
    "O13": Rule("money or goods", _MEDIUM, 1, About.MATCH),
    "O14": Rule("the line was no help", _MEDIUM, None, About.PERSON),
    "O15": Rule("no plan", _LOW, 5, About.MATCH, again_days=14),
    "O16": Rule("opted out while matched", _MEDIUM, 2, About.PERSON),
    "O17": Rule("waits for a mentor", _LOW, 5, About.PERSON, again_days=14),
    "O18": Rule(
        "too little or too much for a mentor",
        _LOW,
        5,
        About.PERSON,
        invites="mentor_idle",
        again_days=30,
    ),
    "O19": Rule("odd contact", _LOW, 2, About.MATCH),
    "O20": Rule("numbers shared", _LOW, 5, About.MATCH),
    "O22": Rule("calls and texts fail", _HIGH, _AN_HOUR, About.PERSON),
}

# A worry, and danger: opened by few (admin/concerns.py), and counted as such (E17).
CONCERNS = ("O10", "O11")
RANK = {severity: place for place, severity in enumerate(Severity)}

# GP3 and GP5 as the plan keeps them, in days.
GAP_DAYS = {"week": 7, "two_weeks": 14, "month": 30}
REPLY_DAYS = {"day": 1, "two_days": 2, "week": 7}

# What the contact log says of a relayed text that held somebody's number or address (O20).
SHARED = "number or address shared"


class OutcomeCode(StrEnum):
    """What came of an alert. The list is closed, so that outcomes can be counted."""

    SPOKE = "spoke_with_them"
    ANSWERED = "answered_at_once"
    PLAN_CHANGED = "plan_changed"
    PAUSED = "paused"
    CLOSING = "closing"
    NUMBER_CORRECTED = "number_corrected"
    REFERRED = "referred"
    NO_ACTION = "no_action_needed"
    FALSE_ALARM = "false_alarm"
    OTHER = "other"


# Wishes for the rhythm that are so many steps apart need somebody who talks with both.
_APART = 2


def are_far_apart(rhythms: Iterable[str]) -> bool:
    """Tell whether answers to GP3 are two steps apart, such as each week and each month (O15)."""
    named = set(rhythms)
    steps = [place for place, rhythm in enumerate(GAP_DAYS) if rhythm in named]
    return bool(steps) and max(steps) - min(steps) >= _APART


def days(count: float) -> timedelta:
    """Return so many times 24 hours: a change of the clock moves no limit."""
    return timedelta(days=count)
