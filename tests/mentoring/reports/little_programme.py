"""A programme of some dozen pairs whose whole log is made by dice: for figures to be worked out."""

from datetime import datetime, timedelta
from hashlib import sha256

from sqlalchemy import select

from mentoring.db import Session
from mentoring.models import (
    Channel,
    ClosureReason,
    Consent,
    Contact,
    ContactKind,
    Delivery,
    DeliveryKind,
    DeliveryStatus,
    Line,
    LineKind,
    Match,
    MatchSide,
    MatchState,
    Mode,
    Outcome,
    Person,
    PersonState,
    Phone,
    Plan,
    Proposal,
    ProposalState,
    Role,
    Transition,
)
from tests.mentoring.reports.dice import DAY, Dice

_COMMUNITIES = ("River", "River", "North", "Est", "")
_ACCESS = ("none", "none", "slow", "texts", "relay", "slow,relay", "")


class LittleProgramme(Dice):
    """Fills a database with people, matches and everything that happened to them until `now`."""

    def __init__(self, session: Session, *, now: datetime, pairs: int, seed: int = 5) -> None:
        super().__init__(session, now=now, seed=seed)
        self.line = Line(number="+15155550101", kind=LineKind.PAIR, created_at=now - 500 * DAY)
        session.add(self.line)
        session.flush()
        for _ in range(pairs):
            self._pair()
        for _ in range(pairs // 2):
            self._person(Role.PROTEGE, self._ago(300), match_at=None)
        session.flush()

    def _ago(self, days: float) -> datetime:
        return self.now - timedelta(minutes=self.dice.randrange(int(days * 1440)))

    # People ------------------------------------------------------------------------------

    def _person(self, role: Role, came: datetime, *, match_at: datetime | None) -> Person:
        dice = self.dice
        digest = sha256(repr(dice.random()).encode()).digest()
        phone = Phone(number_sealed=b"", number_index=digest, created_at=came)
        self._add(phone)
        letter = "P" if role is Role.PROTEGE else "M"
        profile = {
            "stage": dice.choice("1234"),
            "topics": dice.choice(("A,B", "C", "A", "D,E")),
            "access": dice.choice(_ACCESS),
        }
        person = Person(
            code=f"{letter}{phone.id:03d}",
            role=role,
            phone_id=phone.id,
            state=PersonState.LEAD,
            state_since=came,
            language=dice.choice(("en", "en", "es", "fr")),
            mode=dice.choice((*Mode, None)),
            community=dice.choice(_COMMUNITIES),
            profile=profile,
            created_at=came,
        )
        self._add(person)
        self._moves(person, came, match_at)
        return person

    def _moves(self, person: Person, came: datetime, match_at: datetime | None) -> None:
        """Let somebody pass from first contact to a match, with offers and pauses on the way."""
        dice, end = self.dice, match_at or self.now
        way = [PersonState.CONSENTING, PersonState.INTAKE]
        if match_at is not None or dice.random() < 0.7:
            way += [PersonState.SCREENING, PersonState.ORIENTATION]
            way += [PersonState.WAITING if person.role is Role.PROTEGE else PersonState.AVAILABLE]
            way += dice.choice(
                (
                    [],
                    [PersonState.OFFERED],
                    [PersonState.OFFERED, PersonState.WAITING, PersonState.OFFERED],
                    [PersonState.PAUSED, PersonState.WAITING],
                    [PersonState.ALUM, PersonState.WAITING],
                )
            )
        self._move(person, PersonState.LEAD, came)
        moments = sorted(came + dice.random() * (end - came) for _ in way)
        for state, at in zip(way, moments, strict=True):
            self._move(person, state, at)
            if state is PersonState.CONSENTING:
                self._consent(person, at)
        ends = [*moments[1:], match_at]
        for state, at, ended in zip(way, moments, ends, strict=True):
            if state is PersonState.OFFERED and person.role is Role.PROTEGE:
                self._proposal(person, at, ended, is_yes=ended is match_at)
        if match_at is not None:
            matched = PersonState.MATCHED if person.role is Role.PROTEGE else PersonState.ACTIVE
            self._move(person, matched, match_at)

    def _proposal(self, person: Person, at: datetime, ended: datetime | None, is_yes: bool) -> None:
        """Most offers are rows; those of long ago stand in the history of the protege alone."""
        mentor_id = self.session.scalar(
            select(Person.id).where(Person.role == Role.MENTOR).limit(1)
        )
        if mentor_id is None or self.dice.random() < 0.3:
            return
        no = (ProposalState.DECLINED, ProposalState.LAPSED, ProposalState.WITHDRAWN)
        state = ProposalState.ACCEPTED if is_yes else self.dice.choice(no)
        self._add(
            Proposal(
                protege_id=person.id,
                mentor_id=mentor_id,
                state=ProposalState.ASKING_PROTEGE if ended is None else state,
                actor="x",
                score=70,
                created_at=at,
                sent_at=at,
                settled_at=ended,
                reason=self.dice.choice(("topics", "no_room", "words of staff", "")),
            )
        )

    def _move(self, person: Person, state: PersonState, at: datetime) -> None:
        before = None if state is PersonState.LEAD else person.state.value
        row = Transition(entity="person", entity_id=person.id, from_state=before)
        row.to_state, row.actor, row.reason, row.at = state.value, "x", "x", at
        self._add(row)
        person.state, person.state_since = state, at

    def _consent(self, person: Person, at: datetime) -> None:
        for part, agreed in (("C1", self.dice.random() < 0.8), ("C5", True)):
            self._add(
                Consent(
                    phone_id=person.phone_id,
                    person_id=person.id,
                    part=part,
                    agreed=agreed,
                    text_version="1",
                    language="en",
                    channel=self.dice.choice(list(Channel)),
                    proof=self._sid(),
                    known_by="x",
                    at=at,
                )
            )

    # Matches -----------------------------------------------------------------------------

    def _pair(self) -> None:
        dice = self.dice
        opened = self._ago(330)
        protege = self._person(Role.PROTEGE, opened - dice.random() * 90 * DAY, match_at=opened)
        mentor = self._person(Role.MENTOR, opened - dice.random() * 90 * DAY, match_at=opened)
        closed = opened + dice.random() * 260 * DAY if dice.random() < 0.7 else None
        if closed is not None and closed > self.now:
            closed = None
        match = Match(
            code=f"K{protege.id:03d}",
            state=MatchState.CLOSED if closed else MatchState.ACTIVE,
            line_id=self.line.id,
            opened_at=opened,
            closed_at=closed,
            closure_reason=dice.choice(list(ClosureReason)) if closed else None,
        )
        self._add(match)
        for person in (protege, mentor):
            self._add(
                MatchSide(
                    match_id=match.id,
                    role=person.role,
                    person_id=person.id,
                    phone_id=person.phone_id,
                    line_id=self.line.id,
                )
            )
        end = closed or self.now
        self._states(match, opened, end)
        self._plans(match, opened, end)
        self._contacts(match, protege, mentor, opened, end)
        for person in (protege, mentor):
            self._check_ins(match, person, opened, end)
            if closed is not None:
                self._surveys(match, person, closed)
        self._alerts(match, protege, opened, end)
        self._calls(protege, opened, end)
        self._training(mentor, opened)

    def _states(self, match: Match, opened: datetime, end: datetime) -> None:
        moves: list[tuple[MatchState | None, MatchState, datetime]]
        moves = [(None, MatchState.INTRO, opened)]
        if self.dice.random() < 0.4:
            one, other = sorted(opened + self.dice.random() * (end - opened) for _ in "ab")
            rest = self.dice.choice((MatchState.PAUSED, MatchState.SAFETY_HOLD))
            moves += [(MatchState.INTRO, rest, one)]
            if self.dice.random() < 0.7:
                moves += [(rest, MatchState.ACTIVE, other)]
        if match.closed_at is not None:
            moves += [(MatchState.ACTIVE, MatchState.CLOSED, match.closed_at)]
        for before, to, at in moves:
            row = Transition(entity="match", entity_id=match.id, to_state=to.value, at=at)
            row.from_state, row.actor, row.reason = before and before.value, "x", "x"
            self._add(row)

    def _plans(self, match: Match, opened: datetime, end: datetime) -> None:
        at, versions = opened + 5 * DAY, self.dice.choice((0, 1, 1, 2))
        for version in range(1, versions + 1):
            ended = at + self.dice.random() * 80 * DAY if version < versions else None
            self._add(
                Plan(
                    match_id=match.id,
                    version=version,
                    rhythm=self.dice.choice(("week", "two_weeks", "month")),
                    slot="tue 18:00",
                    zone="America/Chicago",
                    reply="two_days",
                    proposed_at=at,
                    protege_agreed_at=at,
                    mentor_agreed_at=at + self.dice.random() * DAY,
                    ended_at=ended,
                )
            )
            if ended is None or ended > end:
                break
            at = ended + DAY

    def _contacts(
        self, match: Match, protege: Person, mentor: Person, opened: datetime, end: datetime
    ) -> None:
        for _ in range(self.dice.choice((0, 3, 8, 14))):
            at = opened + self.dice.random() * (end - opened)
            kind = self.dice.choice((ContactKind.CALL, ContactKind.TEXT, ContactKind.NOTE))
            seconds = self.dice.randrange(30, 3600) if kind is not ContactKind.TEXT else None
            is_call = kind is ContactKind.CALL
            long_enough = not is_call or (seconds or 0) >= 120
            for again in range(1 if is_call else 2):
                self._add(
                    Contact(
                        kind=kind,
                        match_id=match.id,
                        from_person_id=(mentor if again else protege).id,
                        to_person_id=(protege if again else mentor).id,
                        outcome=Outcome.TALKED if is_call else Outcome.DELIVERED,
                        two_way=long_enough and self.dice.random() < 0.8,
                        seconds=seconds,
                        source_sid=self._sid(),
                        started_at=at + again * timedelta(minutes=7),
                    )
                )
            self._add(
                Delivery(
                    kind=DeliveryKind.RELAY,
                    status=DeliveryStatus.DELIVERED,
                    to_phone_id=mentor.phone_id,
                    from_line_id=self.line.id,
                    dedupe_key=self._sid(),
                    not_before=at,
                    expires_at=at,
                    carrier_sid=self._sid() if self.dice.random() < 0.9 else None,
                    created_at=at,
                )
            )
