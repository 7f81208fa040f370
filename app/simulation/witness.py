"""What the phones, the carrier and the people of a simulation have seen and done, pair by pair.

Nothing here is read from what the service has written down, but for the state of each match and
when a check-in was asked: a call that nobody takes does not tell what it was about.
What cannot be told from outside counts as contact: who expects an alert had better be sure.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import islice

from sqlalchemy import select

from app.simulation.answers import is_answer
from app.simulation.somebody import Somebody
from app.simulation.world import World
from mentoring.db import Session
from mentoring.models import RUNNING, Invitation, Match, MatchState, Person
from telephony.emulator import PhoneCall, Text
from telephony.emulator.leg import Leg
from telephony.emulator.store import CallRecord

# Two who text each other within so long are in contact, and so are two who talk for so long.
_ANSWERED_WITHIN = timedelta(hours=72)
_PERHAPS_A_TALK, _SURELY_A_TALK = timedelta(seconds=90), timedelta(seconds=150)
# What is texted to a line and is no word for the partner.
_COMMANDS = ("STOP", "START", "PERSON")
_CHECK_INS = ("checkin_first", "checkin")


@dataclass
class Wrote:
    """A text to the partner; `arrived` is whether it has been seen on the partner's phone."""

    at: datetime
    by: Somebody
    body: str
    arrived: bool = False


@dataclass
class Talk:
    """Two on the line together, each on a leg of their own."""

    began: datetime
    legs: tuple[Leg, Leg]

    def lasted(self, now: datetime) -> timedelta:
        return min(leg.record.ended or now for leg in self.legs) - self.began


@dataclass
class Bond:
    """A match as its two people live it. `tries` are calls to the line of the pair."""

    match_id: int
    pair: tuple[Somebody, Somebody]
    line: str
    opened_at: datetime
    wrote: list[Wrote] = field(default_factory=list)
    talks: list[Talk] = field(default_factory=list)
    tries: list[tuple[datetime, Somebody]] = field(default_factory=list)
    # When somebody may have tried, called back or left a note, as far as one can tell.
    perhaps: list[tuple[datetime, Somebody]] = field(default_factory=list)
    # When each was asked how it goes, by their code and the day of the match it stands for.
    asked: dict[tuple[str, int], datetime] = field(default_factory=dict)
    state: MatchState = MatchState.INTRO
    # The last day on which it was seen at rest; whether it was ever more than new.
    rested_at: datetime | None = None

    def other(self, who: Somebody) -> Somebody:
        return self.pair[1] if self.pair[0] is who else self.pair[0]

    @property
    def is_running(self) -> bool:
        return self.state in RUNNING

    def begins(self) -> datetime:
        """Return when it was opened, or last went on after a rest."""
        return max(self.opened_at, self.rested_at or self.opened_at)

    def perhaps_in_contact(self, now: datetime) -> datetime | None:
        """Return the newest moment that may count as contact of both sides."""
        moments = [
            talk.began for talk in self.talks if talk.lasted(now) >= _PERHAPS_A_TALK
        ] + self._answers([*self._texts(), *self.perhaps])
        return max(moments, default=None)

    def surely_in_contact(self, now: datetime) -> list[datetime]:
        """Return every moment that must count as contact of both sides."""
        arrived = [(text.at, text.by) for text in self.wrote if text.arrived]
        talks = [talk.began for talk in self.talks if talk.lasted(now) >= _SURELY_A_TALK]
        return [*talks, *self._answers(arrived)]

    def attempts(self) -> list[tuple[datetime, Somebody]]:
        """Return every text and call to the line of the pair, oldest first."""
        return sorted([*self._texts(), *self.tries], key=lambda each: each[0])

    def _texts(self) -> list[tuple[datetime, Somebody]]:
        return [(text.at, text.by) for text in self.wrote]

    def _answers(self, moments: list[tuple[datetime, Somebody]]) -> list[datetime]:
        newest: dict[str, datetime] = {}
        found = []
        for at, by in sorted(moments, key=lambda each: each[0]):
            newest[by.number] = at
            theirs = newest.get(self.other(by).number)
            if theirs is not None and at - theirs <= _ANSWERED_WITHIN:
                found.append(at)
        return found


class Witness:
    """Sees all phones and the carrier, and keeps what concerns a pair."""

    def __init__(self, world: World, people: list[Somebody]) -> None:
        self.bonds: list[Bond] = []
        self._world = world
        self._people = {who.number: who for who in people}
        self._of: dict[str, Bond] = {}
        self._calls_seen = 0
        self._looked_at = world.clock.now()

    def bond_of(self, who: Somebody) -> Bond | None:
        return self._of.get(who.number)

    def begin(self, match_id: int, pair: tuple[Somebody, Somebody], line: str) -> None:
        """Two have become a match."""
        bond = Bond(match_id, pair, line, self._world.clock.now())
        self.bonds.append(bond)
        for who in pair:
            self._of[who.number] = bond

    def saw_text(self, who: Somebody, text: Text) -> None:
        """A text has appeared on somebody's phone, written there or received."""
        bond = self.bond_of(who)
        if bond is None or text.peer != bond.line or text.carrier:
            return
        if text.direction == "out":
            if is_answer(text.body):
                # The news of a match asks something on the line of the two; if that is settled by
                # then, an answer goes to the partner like all words.
                bond.perhaps.append((text.at, who))
            elif text.body.strip().upper() not in _COMMANDS:
                likes_to_hear = bond.other(who).likes_calls
                bond.wrote.append(Wrote(text.at, who, text.body, arrived=likes_to_hear))
            return
        # The same words may have been written before, and lost.
        for wrote in reversed(bond.wrote):
            if not wrote.arrived and wrote.by is not who and wrote.body in text.body:
                wrote.arrived = True
                break

    def saw_together(self, call: PhoneCall) -> None:
        """Somebody's phone is connected with another one."""
        leg, peer = call.leg, call.leg.peer
        if peer is None:
            return
        who, other = (self._people.get(getattr(each.party, "number", "")) for each in (leg, peer))
        bond = self.bond_of(who) if who is not None else None
        if bond is None or other not in bond.pair:
            return
        if not bond.talks or leg not in bond.talks[-1].legs or peer not in bond.talks[-1].legs:
            bond.talks.append(Talk(self._world.clock.now(), (leg, peer)))

    def look_at_carrier(self) -> None:
        """Read the calls of the day from the carrier's record."""
        calls = self._world.emulator.store.calls
        for call in islice(calls.values(), self._calls_seen, None):
            for who in (self._people.get(call.caller), self._people.get(call.called)):
                bond = self.bond_of(who) if who is not None else None
                if who is None or bond is None:
                    continue
                if call.direction == "inbound" and call.called == bond.line:
                    bond.tries.append((call.created, who))
                if call.parent_sid is not None:
                    who.rings.append(call)
                # The menu connects, takes notes and rings for talks; so does a call of ours.
                elif call.answered is not None:
                    bond.perhaps.append((call.created, who))
        self._calls_seen = len(calls)

    def look_at_matches(self, session: Session) -> None:
        """Read the state of each match and its check-ins, and note which of them rest."""
        states = dict(session.execute(select(Match.id, Match.state)).all())
        for bond in self.bonds:
            bond.state = states[bond.match_id]
            if not bond.is_running:
                bond.rested_at = self._world.clock.now()
        asked = (
            select(Invitation.match_id, Person.code, Invitation.number, Invitation.asked_at)
            .join(Person, Person.id == Invitation.person_id)
            .where(Invitation.flow.in_(_CHECK_INS), Invitation.asked_at >= self._looked_at)
        )
        bonds = {bond.match_id: bond for bond in self.bonds}
        for match_id, code, day, at in session.execute(asked):
            if match_id is not None and at is not None:
                bonds[match_id].asked[code, day] = at
        self._looked_at = self._world.clock.now()

    def running(self) -> Iterator[Bond]:
        return (bond for bond in self.bonds if bond.is_running)


def has_failed(call: CallRecord) -> bool:
    """Tell whether nobody could take a call."""
    return call.status in ("no-answer", "busy", "failed")
