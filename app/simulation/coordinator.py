"""The coordinator of a simulation: opens matches, takes calls of the service, closes alerts."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select

from app.seed_applications import find_eligible, hold_talk
from app.simulation.somebody import Somebody
from app.simulation.world import STAFF, World
from mentoring.alerts import close_alert, list_alerts
from mentoring.applications.checklist import ORIENTATION_TALK
from mentoring.calendar.closing import begin_closing
from mentoring.consents import record_consent
from mentoring.db import Session
from mentoring.errors import ProgrammeError
from mentoring.models import (
    Channel,
    ClosureReason,
    LineType,
    Match,
    MatchSide,
    Mode,
    Person,
    PersonState,
    Role,
    StaffTask,
)
from mentoring.oversight.rules import OutcomeCode
from mentoring.people import add_person, find_or_add_phone
from mentoring.proposals.opening import bring_together
from mentoring.proposals.proposing import OverrideReason, propose
from mentoring.proposals.records import open_proposal_of

ACTOR = "Charlotte"
_READY = {Role.PROTEGE: PersonState.WAITING, Role.MENTOR: PersonState.AVAILABLE}
# So long she leaves an alert open before she has dealt with it.
_TAKES = timedelta(days=2)


@dataclass(frozen=True)
class Closing:
    """An alert that she has dealt with: of which rule, about what, and when."""

    rule: str
    match_id: int | None
    code: str
    at: datetime


@dataclass
class Coordinator:
    """Charlotte, who watches over it all."""

    world: World
    people: list[Somebody]
    closings: list[Closing] = field(default_factory=list)
    will_act: bool = False

    @property
    def office(self) -> ZoneInfo:
        return self.world.parts.db.programme.office

    def add(self, who: Somebody) -> None:
        """Write somebody down who has agreed to everything on paper."""
        now = self.world.clock.now()
        with self.world.parts.db.transaction() as session:
            phone = find_or_add_phone(session, who.number, now=now)
            if who.phone.landline:
                phone.line_type = LineType.LANDLINE
            person = add_person(
                session,
                role=who.role,
                phone=phone,
                first_name=who.name,
                state=_READY[who.role],
                actor=ACTOR,
                reason="added by staff",
                now=now,
            )
            person.mode = Mode.VOICE if who.likes_calls else Mode.TEXT
            person.zone, person.safe_contact = who.zone.key, 1
            for part in ("C1", "C2", "C3", "C4", "C5"):
                record_consent(
                    session,
                    phone=phone,
                    person=person,
                    part=part,
                    agreed=part != "C1" or not who.phone.landline,
                    channel=Channel.STAFF,
                    language="en",
                    proof="signed form",
                    known_by=ACTOR,
                    now=now,
                )
            who.code = person.code

    def are_ready(self, protege: Somebody, mentor: Somebody) -> bool:
        """Tell whether both have come in, and wait for somebody."""
        if not (protege.code and mentor.code):
            return False
        with self.world.parts.db.transaction() as session:
            return all(_person(session, who).state is _READY[who.role] for who in (protege, mentor))

    def propose(self, protege: Somebody, mentor: Somebody) -> bool:
        """Pick the mentor for the protege and have both asked; False where they do not fit."""
        try:
            with self.world.parts.db.transaction() as session:
                propose(
                    session,
                    protege=_person(session, protege),
                    mentor=_person(session, mentor),
                    reason=OverrideReason.KNOWS_PERSON,
                    actor=ACTOR,
                    now=self.world.clock.now(),
                )
        except ProgrammeError:
            return False
        self.world.changed = True
        return True

    def is_asking(self, protege: Somebody) -> bool:
        """Tell whether somebody is being asked about a proposal."""
        with self.world.parts.db.transaction() as session:
            return open_proposal_of(session, _person(session, protege)) is not None

    def match_of(self, protege: Somebody, mentor: Somebody) -> tuple[int, str] | None:
        """Return the number and the line of the match that two have by now."""
        with self.world.parts.db.transaction() as session:
            match = session.scalar(
                select(Match)
                .join(MatchSide)
                .where(MatchSide.person_id == _person(session, protege).id)
            )
            return self._bring_near(match, protege, mentor) if match is not None else None

    def open_match(self, protege: Somebody, mentor: Somebody) -> tuple[int, str]:
        """Open a match between two at once; returns its number and the line of the pair."""
        with self.world.parts.db.transaction() as session:
            match = bring_together(
                session,
                protege=_person(session, protege),
                mentor=_person(session, mentor),
                actor=ACTOR,
                now=self.world.clock.now(),
            )
            return self._bring_near(match, protege, mentor)

    def _bring_near(self, match: Match, protege: Somebody, mentor: Somebody) -> tuple[int, str]:
        """Let two know their partner and the line of the pair."""
        for who, other in ((protege, mentor), (mentor, protege)):
            who.partner, who.line, who.matched_at = other, match.line.number, match.opened_at
        return match.id, match.line.number

    def move(self, who: Somebody) -> None:
        """Write down that somebody has moved to another zone."""
        who.moved = who.zone, self.world.clock.now()
        who.zone = ZoneInfo("America/Los_Angeles")
        with self.world.parts.db.transaction() as session:
            _person(session, who).zone = who.zone.key

    def notice(self, after: Callable[[timedelta, Callable[[], None]], None]) -> None:
        """Take a call of the service, and press 1 to whatever it asks."""
        phone = self.world.emulator.phones.get(STAFF)
        if phone is None or self.will_act or phone.call is None:
            return
        if phone.ringing is not None:
            self.will_act = True
            after(timedelta(seconds=8), self._answer)
        elif phone.call.leg.peer is not None:
            self.will_act = True
            after(timedelta(minutes=2), self._hang_up)
        elif phone.is_waited_for:
            self.will_act = True
            after(timedelta(seconds=2), self._accept)

    def _answer(self) -> None:
        self.will_act = False
        phone = self.world.emulator.phones[STAFF]
        if phone.ringing is not None:
            phone.answer()

    def _accept(self) -> None:
        self.will_act = False
        phone = self.world.emulator.phones[STAFF]
        if phone.call is not None and phone.call.state == "in-call":
            phone.press("1")

    def _hang_up(self) -> None:
        self.will_act = False
        phone = self.world.emulator.phones[STAFF]
        if phone.call is not None:
            phone.hang_up()

    def work(self) -> None:
        """A day at the office: who has come in is talked with, and old alerts are dealt with."""
        now = self.world.clock.now()
        with self.world.parts.db.transaction() as session:
            self._welcome(session)
            for alert in list_alerts(session):
                if alert.opened_at <= now - _TAKES:
                    self._deal_with(session, alert)
        self.world.changed = True

    def _welcome(self, session: Session) -> None:
        """Talk with whoever has finished the intake, and take them on; then come the lessons."""
        now = self.world.clock.now()
        coming = {session.vault.index(who.number): who for who in self.people if not who.code}
        if not coming:
            return
        screened = select(StaffTask).where(
            StaffTask.rule == "screening", StaffTask.done_at.is_(None)
        )
        for task in session.scalars(screened):
            person = session.get_one(Person, task.person_id)
            coming[person.phone.number_index].code = person.code
            find_eligible(session, person, actor=ACTOR, at=now)
            if person.role is Role.MENTOR:
                hold_talk(session, person, ORIENTATION_TALK, actor=ACTOR, at=now)

    def _deal_with(self, session: Session, alert: StaffTask) -> None:
        now, code = self.world.clock.now(), OutcomeCode.SPOKE
        if alert.rule == "O4":
            code = OutcomeCode.CLOSING
            begin_closing(
                session,
                session.get_one(Match, alert.match_id),
                reason=ClosureReason.NO_CONTACT,
                actor=ACTOR,
                why="silent for long",
                now=now,
            )
        close_alert(session, alert.id, code=code, actor=ACTOR, now=now)
        person = session.get(Person, alert.person_id) if alert.person_id is not None else None
        about = person.code if person is not None else ""
        self.closings.append(Closing(alert.rule, alert.match_id, about, now))


def _person(session: Session, who: Somebody) -> Person:
    return session.scalars(select(Person).where(Person.code == who.code)).one()
