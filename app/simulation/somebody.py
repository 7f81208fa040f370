"""One person of a simulation: who they are, and what they remember of what they did."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from app.simulation.tempers import Temper
from mentoring.flows.state import State
from mentoring.models import Role
from telephony.emulator import Phone, Text
from telephony.emulator.store import CallRecord

NEVER = datetime.max.replace(tzinfo=UTC)
# Who answers the same question again within so long was not understood, or changed their mind.
_THE_SAME_TIME = timedelta(hours=2)


@dataclass(frozen=True)
class Said:
    """An answer that somebody gave to a question with options."""

    at: datetime
    flow: str
    question: str
    value: str


@dataclass
class Somebody:
    """One person. `zone` is where they are now; `line` is set while they have a partner."""

    number: str
    name: str
    role: Role
    zone: ZoneInfo
    temper: Temper
    phone: Phone
    likes_calls: bool = False
    # How often they want to talk, and after how many days of a match their goal is reached.
    rhythm: str = "two_weeks"
    goal_after: int = 150
    # Whether they come in by themselves; those who do have not yet been written down by staff.
    joins: bool = False
    is_joining: bool = False
    code: str = ""
    partner: "Somebody | None" = None
    line: str = ""
    matched_at: datetime | None = None
    texts_seen: int = 0
    calls_seen: int = 0
    steps: int = 0
    # Whether they have made up their mind and will act: on a text, and in a call.
    will_reply: bool = False
    will_act: bool = False
    is_mute: bool = False
    leaves_open: bool = False
    wants_staff: bool = False
    is_off: bool = False
    # Where they lived before, and when they moved.
    moved: tuple[ZoneInfo, datetime] | None = None
    answering_until: datetime | None = None
    answered: State | None = None
    # When they opted out of texts, and when they came back.
    stops: list[tuple[datetime, datetime]] = field(default_factory=list)
    # What they did, for whoever wants to know what should have come of it.
    said: list[Said] = field(default_factory=list)
    acted: list[datetime] = field(default_factory=list)
    asked_for_staff: list[datetime] = field(default_factory=list)
    not_understood: list[datetime] = field(default_factory=list)
    shared_number: list[datetime] = field(default_factory=list)
    # What they said that somebody must see, and under which of these rules.
    sayings: list[tuple[datetime, tuple[str, ...]]] = field(default_factory=list)
    # Calls of others that rang them, as the carrier tells.
    rings: list[CallRecord] = field(default_factory=list)

    def is_silent(self, now: datetime) -> bool:
        """Tell whether they have turned away from the programme by now."""
        after = self.temper.goes_silent_after
        return (
            after is not None
            and self.matched_at is not None
            and now >= self.matched_at + timedelta(days=after)
        )

    @property
    def is_up_late(self) -> bool:
        return not 8 <= self.temper.calls_at < 21

    def is_from_partner(self, text: Text) -> bool:
        """Tell whether a text is from the partner, or tells of a text or a call of theirs."""
        if self.partner is None:
            return False
        name = self.partner.name
        return text.body.startswith((f"{name}: ", f"{name} sent you", f"{name} tried to"))

    def was_in_the_wrong_thread(self, text: Text) -> bool:
        """Tell whether a text says that their answer came in on the line of the two."""
        return text.body.startswith("Was that for ")

    def has_answered_nobody(self) -> None:
        """Their newest answer was not taken, so it is still to be given."""
        self.answered = None
        self.said[:] = [said for said in self.said if said.at < self.acted[-1]]

    def said_of(self, flow: str, question: str, *, since: datetime) -> list[Said]:
        """Return their answers to a question, one for each time that they were asked it."""
        found: list[Said] = []
        for said in self.said:
            if (said.flow, said.question) != (flow, question) or said.at < since:
                continue
            if found and said.at - found[-1].at < _THE_SAME_TIME:
                found.pop()
            found.append(said)
        return found
