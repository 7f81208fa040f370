"""Which alerts must have been opened, told from what people have done and the carrier has seen.

Each rule of docs/oversight.md is read here a second time, by other means, and never by asking the
code that opens alerts. Whatever cannot be told for sure from outside is not expected.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from itertools import pairwise

from sqlalchemy import ColumnElement, bindparam, or_, select

from app.simulation.coordinator import Coordinator
from app.simulation.somebody import Said, Somebody
from app.simulation.witness import Bond, Witness, has_failed
from mentoring.db import Session
from mentoring.models import MatchState, Person, PersonState, Role, StaffTask, UtcDateTime

# The sweep comes once a day.
_MARGIN = timedelta(hours=26)
_DAY = timedelta(days=1)
_MET = (MatchState.EARLY, MatchState.ACTIVE)
_GAPS = {"week": 7, "two_weeks": 14, "month": 30}
_REPLIES = {"day": 1, "two_days": 2, "week": 7}
_CHECK_IN_DAYS = (3, 14, 30, 60, 120, 150, 210, 240, 300, 330)
# One person has one question open, so another one may hold a check-in back, but not for longer.
_HELD_BACK = timedelta(days=14)
# So long after it was asked a check-in has been answered, or all was tried.
_TRIED_FOR = timedelta(days=14)
_FROM, _UNTIL = time(8), time(21)


_WAITED_LONG = timedelta(days=21)
_WAITING = select(Person.id, Person.code, Person.state_since).where(
    Person.role == Role.PROTEGE,
    Person.state == PersonState.WAITING,
    Person.state_since <= bindparam("before", type_=UtcDateTime()),
)
# A wait that was only interrupted may have begun, and come to their notice, before.
_O17 = (
    select(StaffTask.id)
    .where(
        StaffTask.rule == "O17",
        StaffTask.person_id == bindparam("person_id"),
        or_(
            StaffTask.done_at.is_(None),
            StaffTask.done_at >= bindparam("since", type_=UtcDateTime()),
        ),
    )
    .limit(1)
)


@dataclass(frozen=True)
class Claim:
    """An alert of one of these rules must have been open at, or after, a moment.

    `own` is for what people do: each time opens an alert of its own, at that very time.
    """

    rules: tuple[str, ...]
    since: datetime
    bond: Bond
    who: Somebody | None = None
    own: bool = False
    margin: timedelta = _MARGIN
    # From when on it may have been so, where that cannot be told to the day.
    perhaps_since: datetime | None = None

    @property
    def words(self) -> str:
        return f"{' or '.join(self.rules)} should have been opened"


class Oracles:
    """Says of each alert that is missing that it is, once."""

    def __init__(
        self, witness: Witness, coordinator: Coordinator, say: Callable[[str], None]
    ) -> None:
        self._witness = witness
        self._coordinator = coordinator
        self._say = say
        self._judged: set[tuple[object, ...]] = set()

    def look(self, session: Session, now: datetime) -> None:
        """Hold what must have been opened against the alerts there are."""
        for bond in self._witness.bonds:
            if bond.state is MatchState.CLOSED:
                continue
            for claim in self.claims(bond, now):
                key = (claim.rules, bond.match_id, claim.who and claim.who.number, claim.since)
                if now < claim.since + claim.margin or key in self._judged:
                    continue
                self._judged.add(key)
                if not _is_kept(session, claim):
                    about = claim.who.code if claim.who else f"match {bond.match_id}"
                    self._say(f"{claim.words} for {about} since {claim.since:%m-%d %H:%M}")
        self._look_at_waits(session, now)

    def _look_at_waits(self, session: Session, now: datetime) -> None:
        """O17: whoever has waited for a mentor for so long has come to the notice of staff."""
        waited = {"before": now - _WAITED_LONG - _MARGIN}
        for person_id, code, since in session.columns(_WAITING, waited).all():
            known = {"person_id": person_id, "since": since}
            if ("O17", code, since) in self._judged or session.scalar(_O17, known) is not None:
                continue
            self._judged.add(("O17", code, since))
            self._say(f"O17 should have been opened for {code} since {since + _WAITED_LONG:%m-%d}")

    def claims(self, bond: Bond, now: datetime) -> Iterator[Claim]:
        """Return all that a match has given cause for by now."""
        yield from self._days(bond, now)
        yield from self._shared_numbers(bond)
        for who in bond.pair:
            yield from self._wishes(bond, who)
            yield from self._ratings(bond, who)
            yield from self._opt_outs(bond, who)
        if bond.is_running:
            yield from self._silence(bond, now)
            yield from self._one_sided(bond, now)
            yield from self._plans(bond, now)
            for who in bond.pair:
                yield from self._unreached(bond, who, now)
                yield from self._unanswered(bond, who, now)

    # -- O1 to O4 -------------------------------------------------------------------------------

    def _silence(self, bond: Bond, now: datetime) -> Iterator[Claim]:
        newest = bond.perhaps_in_contact(now)
        anchor = max(bond.begins(), newest or bond.opened_at)
        surely = max([bond.begins(), *bond.surely_in_contact(now)])
        if newest is None and bond.state is MatchState.INTRO:
            for days in (7, 10):
                yield Claim(("O1",), anchor + days * _DAY, bond)
            for closed in self._closings("O1", bond)[-1:]:
                yield Claim(("O1",), closed + 7 * _DAY, bond)
        gap, agreed_at = _agreed(bond, "GP3", _GAPS, 14), _agreed_at(bond) or anchor
        quiet, silent, long = max(1.5 * gap, 10), max(2.5 * gap, 21), 45
        if bond.state in _MET and quiet + 2 < min(silent, long):
            since, perhaps = max(anchor + quiet * _DAY, agreed_at), surely + 10 * _DAY
            yield Claim(("O2",), since, bond, perhaps_since=perhaps)
        if silent + 2 < long:
            since, perhaps = max(anchor + silent * _DAY, agreed_at), surely + 21 * _DAY
            yield Claim(("O3", "O4"), since, bond, perhaps_since=perhaps)
        yield Claim(("O4",), anchor + long * _DAY, bond, perhaps_since=surely + 21 * _DAY)
        for closed in self._closings("O4", bond)[-1:]:
            if anchor + long * _DAY <= closed:
                yield Claim(("O4",), closed + 14 * _DAY, bond)
        # The second long silence within 90 days is an O4, two weeks after the first was dealt with.
        for closed in self._closings("O3", bond)[-1:]:
            since = max(anchor + min(silent, long) * _DAY, closed + 14 * _DAY)
            if since <= closed + 80 * _DAY:
                yield Claim(("O4",), since, bond)

    # -- O5 and O6 ------------------------------------------------------------------------------

    def _one_sided(self, bond: Bond, now: datetime) -> Iterator[Claim]:
        reply = _agreed(bond, "GP5", _REPLIES, 2)
        contact = bond.perhaps_in_contact(now) or bond.opened_at
        for who in bond.pair:
            resets = [talk.began for talk in bond.talks]
            back = (*bond.attempts(), *bond.perhaps)
            resets += [at for at, by in back if by is not who]
            after = max([bond.begins(), contact, *resets, *self._closings("O5", bond)])
            tries = [at for at, by in bond.attempts() if by is who and at > after]
            if len(tries) >= 3:
                yield Claim(("O5",), max(tries[2], tries[0] + (reply + 3) * _DAY), bond)

    def _unreached(self, bond: Bond, who: Somebody, now: datetime) -> Iterator[Claim]:
        after = max([bond.begins(), *self._closings("O6", bond, who)])
        failed: list[datetime] = []
        for call in who.rings:
            if call.called == who.number and call.created > after:
                if has_failed(call):
                    failed.append(call.created)
                elif call.answered is not None:
                    failed = []
        if len(failed) >= 3:
            yield Claim(("O6",), failed[2], bond, who)
        # A text to a phone that is out of reach is tried again for a day before it is given up.
        if who.likes_calls or any(stop > after - 5 * _DAY for stop, _ in who.stops):
            return
        lost: list[datetime] = []
        for text in bond.wrote:
            if text.by is who or text.at <= after:
                continue
            lost = [] if text.arrived else [*lost, text.at]
        if len(lost) >= 2 and lost[1] <= now - 4 * _DAY:
            yield Claim(("O6",), lost[1], bond, who, margin=4 * _DAY)

    # -- O7 to O14 ------------------------------------------------------------------------------

    def _ratings(self, bond: Bond, who: Somebody) -> Iterator[Claim]:
        before: int | None = None
        for said in who.said_of("checkin", "CK1", since=bond.opened_at):
            rating = int(said.value)
            if rating <= 2 or (before is not None and before - rating >= 2):
                yield Claim(("O7",), said.at, bond, who)
            before = rating
        amounts = who.said_of("checkin", "CK2", since=bond.opened_at)
        for first, second in pairwise(amounts):
            if "right" not in (first.value, second.value):
                yield Claim(("O7",), second.at, bond, who)

    def _wishes(self, bond: Bond, who: Somebody) -> Iterator[Claim]:
        for at in who.asked_for_staff:
            if at > bond.opened_at:
                yield Claim(("O8",), at, bond, who, own=True)
        for said in who.said_of("checkin", "CK4", since=bond.opened_at):
            if said.value == "yes":
                yield Claim(("O8",), said.at, bond, who)
        for at, rules in who.sayings:
            if at > bond.opened_at and rules == ("O13",):
                # Money is a matter of the two: what the other one says of it belongs to that alert.
                yield Claim(rules, at, bond)
            elif at > bond.opened_at and rules:
                yield Claim(rules, at, bond, who, own=True)
        for at in who.not_understood:
            if at > bond.opened_at:
                yield Claim(("O14",), at, bond, who)

    def _unanswered(self, bond: Bond, who: Somebody, now: datetime) -> Iterator[Claim]:
        """Whoever let two check-ins go by, with all that was tried, has not answered."""
        for first, second in pairwise(_CHECK_IN_DAYS):
            begin, after = (_asked_at(bond, who, day) for day in (first, second))
            end = after + _TRIED_FOR
            # One that another question held back for long may come after the next one.
            if bond.opened_at + first * _DAY < bond.begins() or end > now or begin > after:
                continue
            acted = any(begin <= at <= end for at in who.acted)
            if not acted and not who.stops:
                yield Claim(("O9",), begin, bond, who, margin=end - begin)

    # -- O15, O16, O19, O20 ---------------------------------------------------------------------

    def _plans(self, bond: Bond, now: datetime) -> Iterator[Claim]:
        met = bond.surely_in_contact(now)
        if not met or bond.state not in _MET or _agreed_at(bond) is not None:
            return
        due = max(bond.begins() + 14 * _DAY, min(met))
        closed = max(self._closings("O15", bond), default=None)
        if closed is None or closed >= due:
            yield Claim(("O15",), due, bond)
        if closed is not None:
            # Once dealt with it rests for two weeks, even if they have not surely met until then.
            yield Claim(("O15",), max(due, closed + 14 * _DAY), bond)
        wishes = [_told(bond, who, "GP3") for who in bond.pair]
        if all(wishes):
            newest = [said[-1] for said in wishes]
            if {said.value for said in newest} == {"week", "month"}:
                yield Claim(("O15",), max(said.at for said in newest), bond)

    def _opt_outs(self, bond: Bond, who: Somebody) -> Iterator[Claim]:
        for stop, _ in who.stops:
            if stop > bond.opened_at:
                yield Claim(("O16",), stop, bond, who)

    def _days(self, bond: Bond, now: datetime) -> Iterator[Claim]:
        office = self._coordinator.office
        today = now.astimezone(office).date()
        for ago in (2, 3):
            start, end = (
                datetime.combine(today - day * _DAY, time(), tzinfo=office).astimezone(UTC)
                for day in (ago, ago - 1)
            )
            calls = [each for each in bond.tries if start <= each[0] < end]
            texts = sum(start <= text.at < end for text in bond.wrote)
            talked = sum(
                (talk.lasted(now) for talk in bond.talks if start <= talk.began < end), timedelta()
            )
            late = sum(_is_late(at, bond.other(by)) for at, by in calls)
            if len(calls) > 6 or texts > 80 or talked > timedelta(hours=3) or late >= 2:
                yield Claim(("O19",), end, bond)

    def _shared_numbers(self, bond: Bond) -> Iterator[Claim]:
        for who in bond.pair:
            for at in who.shared_number:
                if bond.opened_at < at < bond.opened_at + 89 * _DAY:
                    yield Claim(("O20",), at, bond)

    def _closings(self, rule: str, bond: Bond, who: Somebody | None = None) -> list[datetime]:
        return [
            closed.at
            for closed in self._coordinator.closings
            if closed.rule == rule
            and (closed.match_id == bond.match_id if who is None else closed.code == who.code)
        ]


def _asked_at(bond: Bond, who: Somebody, day: int) -> datetime:
    """Return when the check-in of a day was asked of somebody, or by when it should have been."""
    by = bond.opened_at + day * _DAY + _HELD_BACK
    return bond.asked.get((who.code, day), by)


def _is_late(at: datetime, callee: Somebody) -> bool:
    """Tell whether it was night where somebody is who takes calls by day."""
    return callee.likes_calls and not _FROM <= at.astimezone(callee.zone).time() < _UNTIL


def _agreed_at(bond: Bond) -> datetime | None:
    """Return when the second one said that the plan is right; from then on it counts."""
    moments = []
    for who in bond.pair:
        wishes = who.said_of("plan", "GP3", since=bond.opened_at)
        said = who.said_of("plan_confirm", "GP7", since=bond.opened_at)
        if not wishes or not said or said[-1].value != "yes":
            return None
        moments.append(said[-1].at)
    return max(moments)


def _agreed(bond: Bond, question: str, worth: dict[str, int], usual: int) -> int:
    """Return what the two have agreed to, in days; if that is open, the longest it may be."""
    told = [_told(bond, who, question) for who in bond.pair]
    plans = [who.said_of("plan", question, since=bond.opened_at) for who in bond.pair]
    if _agreed_at(bond) is not None and all(len(answers) == 1 for answers in plans):
        return max(worth[answers[-1].value] for answers in told)
    return max([usual, *(worth[answer.value] for answers in told for answer in answers)])


def _told(bond: Bond, who: Somebody, question: str) -> list[Said]:
    """Return what somebody has told for the plan, with how often to talk as said again."""
    flows = ("plan", "plan_rhythm")
    said = [each for flow in flows for each in who.said_of(flow, question, since=bond.opened_at)]
    return sorted(said, key=lambda each: each.at)


def _is_kept(session: Session, claim: Claim) -> bool:
    """Tell whether an alert like that was open at the moment, or has been opened since."""
    conditions: list[ColumnElement[bool]] = [
        StaffTask.rule.in_(claim.rules),
        or_(StaffTask.done_at.is_(None), StaffTask.done_at >= (claim.perhaps_since or claim.since)),
    ]
    if claim.own:
        conditions.append(StaffTask.opened_at >= claim.since - timedelta(minutes=1))
        conditions.append(StaffTask.opened_at <= claim.since + timedelta(minutes=10))
    chosen = select(StaffTask.id).where(*conditions)
    if claim.who is None:
        chosen = chosen.where(StaffTask.match_id == claim.bond.match_id)
    else:
        chosen = chosen.join(Person, Person.id == StaffTask.person_id).where(
            Person.code == claim.who.code
        )
    return session.scalar(chosen.limit(1)) is not None
