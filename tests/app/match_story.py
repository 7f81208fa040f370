"""What has happened in a match, told day by day, for the second opinion on alerts."""

from datetime import timedelta

from app.simulation.coordinator import Closing, Coordinator
from app.simulation.oracles import Claim, Oracles
from app.simulation.simulate import START
from app.simulation.somebody import Said, Somebody
from app.simulation.witness import Bond, Talk, Witness, Wrote
from app.simulation.world import World
from mentoring.db import Session
from mentoring.models import MatchState
from telephony.emulator.leg import Leg
from telephony.emulator.store import CallRecord

DAY = timedelta(days=1)


class Story:
    """What has happened in a match, day by day, as a test tells it."""

    def __init__(self, world: World, cast: tuple[Coordinator, Somebody, Somebody, int]) -> None:
        self.coordinator, self.rosa, self.luis, match_id = cast
        self.witness = Witness(world, [self.rosa, self.luis])
        self.witness.begin(match_id, (self.rosa, self.luis), self.rosa.line)
        self.world = world
        for who in (self.rosa, self.luis):
            who.said, who.acted, who.stops, who.rings = (
                [],
                [START + day * DAY for day in range(60)],
                [],
                [],
            )
            who.asked_for_staff, who.not_understood, who.shared_number = [], [], []
            who.sayings = []
            who.likes_calls = False
        self.coordinator.closings.clear()

    @property
    def bond(self) -> Bond:
        return self.witness.bonds[0]

    def texts(self, who: Somebody, *days: float, arrived: bool = True) -> None:
        for day in days:
            self.bond.wrote.append(Wrote(START + day * DAY, who, "Hello", arrived=arrived))

    def meet(self, day: float = 1) -> None:
        self.texts(self.rosa, day)
        self.texts(self.luis, day)
        self.bond.state = MatchState.EARLY

    def says(self, who: Somebody, flow: str, question: str, value: str, day: float) -> None:
        who.said.append(Said(START + day * DAY, flow, question, value))

    def is_asked(self, who: Somebody, *, day: int, on: float) -> None:
        self.bond.asked[who.code, day] = START + on * DAY

    def is_rung(self, who: Somebody, day: float, status: str) -> None:
        at = START + day * DAY
        call = CallRecord("CA", self.rosa.line, who.number, "outbound-dial", at, status)
        call.answered = at if status == "completed" else None
        who.rings.append(call)

    def calls(self, who: Somebody, *days: float) -> None:
        self.bond.tries.extend((START + day * DAY, who) for day in days)

    def talk(self, day: float, hours: float) -> None:
        legs = []
        for who in (self.rosa, self.luis):
            record = CallRecord("CA", who.number, who.line, "inbound", START + day * DAY)
            record.ended = record.created + timedelta(hours=hours)
            legs.append(Leg(self.world.emulator.hub, record, who.phone))
        self.bond.talks.append(Talk(START + day * DAY, (legs[0], legs[1])))

    def closes(self, rule: str, day: float, code: str = "") -> None:
        match_id = self.bond.match_id
        self.coordinator.closings.append(Closing(rule, match_id, code, START + day * DAY))

    def missing(self, session: Session, day: float) -> list[str]:
        """Return what the second opinion misses by a day."""
        said: list[str] = []
        Oracles(self.witness, self.coordinator, said.append).look(session, START + day * DAY)
        return said

    def claims(self, day: float) -> list[Claim]:
        now = START + day * DAY
        oracles = Oracles(self.witness, self.coordinator, lambda _: None)
        return [each for each in oracles.claims(self.bond, now) if each.since + each.margin <= now]
