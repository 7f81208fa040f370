"""What this programme is called, whom it may ring, and how long things last.

One frozen object, made from the settings at start and passed in; docs/settings.md explains each.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from mentoring.annual import Messages
from mentoring.clock import Window
from mentoring.matching.rules import MatchingRules
from mentoring.oversight.rules import Thresholds
from mentoring.phone import region_of
from mentoring.reports.rates import Rates
from mentoring.safety.numbers import CRISIS_NUMBERS, UNKNOWN, CrisisNumbers, has_numbers
from mentoring.working_days import add_staffed_hours, add_working_days, is_working_day


@dataclass(frozen=True)
class Programme:
    """The programme's own facts. Durations are in the unit of the name, hours are local."""

    org_name: str = "BridgeLine"
    staff_name: str = "Our staff"
    # In which languages people may be served; English is always among them.
    languages: tuple[str, ...] = ("en",)
    office_zone: str = "America/Chicago"
    # Whose public holidays are no working days.
    country: str = "US"
    dial_regions: tuple[str, ...] = ("US", "CA", "PR")
    # A rehearsal rings and writes to nobody outside the numbers reserved for fiction (S25).
    fictional_numbers_only: bool = False
    calling_from: time = time(8)
    calling_until: time = time(21)
    check_in_from: time = time(9)
    check_in_until: time = time(19)
    # When somebody is at work on a working day, by the clock of the office.
    staffed_from: time = time(9)
    staffed_until: time = time(17)
    ring_seconds: int = 25
    whisper_seconds: int = 20
    call_limit_minutes: int = 60
    two_way_seconds: int = 120
    two_way_text_hours: int = 72
    operator_ring_seconds: int = 30
    note_seconds: int = 120
    message_seconds: int = 60
    quarantine_days: int = 30
    resume_days: int = 30
    # How long a match is meant to last at first, and what its pause and its end take.
    term_weeks: int = 26
    closing_days: int = 14
    pause_days: int = 30
    pause_days_at_most: int = 90
    rest_days: int = 14
    # What is checked of mentors besides two references and two talks, such as `police_check`.
    screening_checks: tuple[str, ...] = ()
    # How many minutes of training a mentor should have; 0 is no minimum, and nobody is kept back.
    training_minutes: int = 0
    # How long words are kept (S13); answers and consents are kept for years.
    text_days: int = 180
    text_days_after_closing: int = 90
    heard_note_days: int = 30
    note_days: int = 90
    lead_days: int = 30
    reply_minutes: int = 10
    call_back_working_days: int = 1
    # Automated calls: at most so many to one phone on its local day, and about one invitation.
    service_calls_a_day: int = 1
    service_calls_per_invitation: int = 2
    # How long somebody on call has to accept a critical alert before the next one is rung.
    page_minutes: int = 10
    # When the rules of oversight take notice.
    thresholds: Thresholds = Thresholds()  # noqa: RUF009 - it is frozen as well.
    # What things cost, for the report on costs; None when nobody has said.
    rates: Rates | None = None
    # Whom matching suggests to whom.
    matching: MatchingRules = MatchingRules()  # noqa: RUF009
    # What it is for and who may take part, in the words of staff, for the page alone.
    purpose: str = ""
    place: str = ""
    businesses: str = ""
    # Whom somebody in danger is told to call, by country.
    crisis_numbers: Mapping[str, CrisisNumbers] = field(
        default_factory=lambda: dict(CRISIS_NUMBERS), hash=False
    )
    # What came of the last year, by language, for whoever asks what we do.
    annual: Messages = field(default_factory=dict, hash=False)
    # Before staff have let it go live, the main line says that the service has not started yet.
    is_live: bool = True

    @property
    def calling_window(self) -> Window:
        """The hard hours for ringing and writing to anybody, in the recipient's own zone."""
        return Window(self.calling_from, self.calling_until)

    @property
    def check_in_window(self) -> Window:
        """The hours for check-ins, in the recipient's own zone, on working days."""
        return Window(self.check_in_from, self.check_in_until)

    @property
    def countries(self) -> tuple[str, ...]:
        """The country of the office and every one whose numbers may be called, each once."""
        return tuple(dict.fromkeys((self.country, *self.dial_regions)))

    def crisis_numbers_for(self, number: str) -> CrisisNumbers:
        """Return whom somebody in danger calls who has that phone number, in E.164 or unknown.

        They are those of the country of the phone where we serve it, else those of the office.
        """
        country = region_of(number)
        known = self.crisis_numbers
        if country in self.countries and has_numbers(country, known):
            return known[country]
        return known[self.country] if has_numbers(self.country, known) else UNKNOWN

    def is_day_off(self, day: date) -> bool:
        """Tell whether nobody is asked anything on a day: a weekend or a public holiday."""
        return not is_working_day(day, self.country)

    def add_working_days(self, now: datetime, days: int) -> datetime:
        """Return the same time on the office's clock that many working days later, in UTC."""
        return add_working_days(now, days, zone=self.office, country=self.country)

    def add_staffed_hours(self, now: datetime, hours: int) -> datetime:
        """Return when somebody has been at work for so many hours since then."""
        return add_staffed_hours(
            now,
            hours,
            opens=self.staffed_from,
            closes=self.staffed_until,
            zone=self.office,
            country=self.country,
        )

    @property
    def office(self) -> ZoneInfo:
        """The zone in which working days are counted."""
        return ZoneInfo(self.office_zone)

    @property
    def term_days(self) -> int:
        """How long a match is meant to last before it is renewed."""
        return 7 * self.term_weeks

    @property
    def quarantine(self) -> timedelta:
        """How long a closed match keeps its line, so that a late call never reaches a stranger."""
        return timedelta(days=self.quarantine_days)


def hours_fault(
    calling: tuple[time, time], check_in: tuple[time, time], *, names: Sequence[str]
) -> str | None:
    """Say what is wrong with the hours of the programme, or None; `names` is what they are called.

    The names are those of the four times: calling from and until, check-ins from and until.
    """
    if calling[0] >= calling[1]:
        return f"{names[0]} must be earlier in the day than {names[1]}"
    if check_in[0] >= check_in[1]:
        return f"{names[2]} must be earlier in the day than {names[3]}"
    if check_in[0] < calling[0] or check_in[1] > calling[1]:
        return f"{names[2]} to {names[3]} must lie within the calling hours"
    return None
