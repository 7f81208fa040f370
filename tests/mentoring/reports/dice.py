"""What people in the little programme are asked and answer, and what they call about: by dice."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from random import Random
from uuid import uuid4

from mentoring.crypto import FORGOTTEN
from mentoring.db import Session
from mentoring.models import (
    Answer,
    AuditEntry,
    CallEnd,
    CallLeg,
    Channel,
    Conversation,
    ConversationStatus,
    Due,
    DueKind,
    How,
    Invitation,
    InvitationState,
    LegSide,
    Match,
    Person,
    Role,
    ScreeningCheck,
    Severity,
    StaffTask,
    TrainingTalk,
)

DAY = timedelta(days=1)


class Dice:
    """Writes the rows of what single people do; little_programme.py says who they are."""

    def __init__(self, session: Session, *, now: datetime, seed: int) -> None:
        self.session, self.now = session, now
        self.dice = Random(seed)  # noqa: S311 - the same programme each time, no secret
        self._sids = 0

    def _sid(self) -> str:
        self._sids += 1
        return f"CA{self._sids:032d}"

    def _add(self, row: object) -> None:
        self.session.add(row)
        self.session.flush()

    # Questions ---------------------------------------------------------------------------

    def _check_ins(self, match: Match, person: Person, opened: datetime, end: datetime) -> None:
        questions = {
            "checkin_first": ("CKA",),
            "checkin": ("CK0", "CK1", "CK2"),
            "milestone": ("MS0", "MS1"),
            "plan": ("GP0", "GP1"),
        }
        if person.role is Role.MENTOR:
            questions.pop("plan")
        for number in (3, 14, 30, 60, 90, 120, 180):
            at = opened + timedelta(days=number, hours=self.dice.randrange(24))
            if at < end:
                flow = "checkin_first" if number == 3 else self.dice.choice(list(questions)[1:])
                self._ask(flow, match, person, number=number, at=at, questions=questions[flow])

    def _surveys(self, match: Match, person: Person, closed: datetime) -> None:
        if person.role is Role.PROTEGE:
            sets = {
                "survey_protege_1": ("CS1", "CS2", "CS3", "CS4", "CS5", "CS6"),
                "survey_protege_2": ("CS7", "CS8"),
            }
            for months, days in ((6, 182), (12, 365)):
                sets[f"follow_up_{months}"] = (f"FU{months}",)
                if closed + days * DAY > self.now:
                    sets.pop(f"follow_up_{months}")
        else:
            sets = {
                "survey_mentor_1": ("CS1", "CM2", "CM3", "CM4", "CM5", "CM6"),
                "survey_mentor_2": ("CM7", "CS8"),
            }
        for place, (flow, questions) in enumerate(sets.items()):
            at = closed + timedelta(days=place, minutes=self.dice.randrange(3000))
            if at < self.now and self.dice.random() < 0.9:
                self._ask(flow, match, person, number=0, at=at, questions=questions)

    def _ask(
        self,
        flow: str,
        match: Match,
        person: Person,
        *,
        number: int,
        at: datetime,
        questions: Sequence[str],
    ) -> None:
        how_many = self.dice.choice((0, len(questions) // 2, len(questions), len(questions)))
        complete = how_many == len(questions)
        invitation = Invitation(
            flow=flow,
            match_id=match.id,
            person_id=person.id,
            number=number,
            state=InvitationState.ANSWERED if complete else InvitationState.LAPSED,
            due_at=at,
            asked_at=at,
        )
        self._add(invitation)
        for round_ in range(1, self.dice.choice((1, 2, 3)) + 1):
            self._add(
                Due(
                    kind=DueKind.INVITE,
                    invitation_id=invitation.id,
                    round=round_,
                    due_at=at,
                    dedupe_key=self._sid(),
                    created_at=at,
                    done_at=at + (round_ - 1) * 2 * DAY,
                    outcome=self.dice.choice(("texted", "to be called", "answered already")),
                )
            )
        answered = at + self.dice.random() * 5 * DAY
        conversation = self._conversation(person, answered, match=match, invitation=invitation)
        for turn, question in enumerate(questions[:how_many], start=1):
            for correction in range(self.dice.choice((1, 1, 1, 2))):
                moment = answered + timedelta(seconds=10 * turn + correction)
                self._answer(conversation, question, 10 * turn + correction, moment)

    def _conversation(
        self,
        person: Person,
        at: datetime,
        *,
        match: Match | None = None,
        invitation: Invitation | None = None,
        call_sid: str | None = None,
        status: ConversationStatus = ConversationStatus.FINISHED,
    ) -> Conversation:
        row = Conversation(
            key=uuid4(),
            phone_id=person.phone_id,
            person_id=person.id,
            flow=invitation.flow if invitation else "main_menu",
            state_sealed=FORGOTTEN,
            lasting=False,
            status=status,
            channel=self.dice.choice((Channel.VOICE, Channel.TEXT)),
            call_sid=call_sid,
            match_id=match.id if match else None,
            invitation_id=invitation.id if invitation else None,
            turn=1,
            started_at=at,
            touched_at=at,
        )
        self._add(row)
        return row

    def _answer(self, conversation: Conversation, question: str, turn: int, at: datetime) -> None:
        values = {
            "CKA": ("yes", "not_yet"),
            "CK0": ("start",),
            "MS0": ("start",),
            "CK2": ("right", "little"),
            "MS1": ("none", "some", "half", "nearly", "done"),
            "CS2": ("no", "part", "most", "all"),
            "CS5": ("idea", "ready", "open", "closed", "other"),
            "CS6": ("A", "A,B", "D", "B,C", "A,B,C"),
            "CS8": tuple(str(each) for each in range(11)),
            "CM2": ("some", "all", "not_sure"),
            "CM7": ("now", "later", "no"),
            "FU6": ("yes", "not_yet", "closed"),
            "FU12": ("yes", "not_yet", "other"),
        }
        value = self.dice.choice(values.get(question, ("2", "3", "4", "5", "5")))
        self._add(
            Answer(
                key=uuid4(),
                conversation_id=conversation.id,
                person_id=conversation.person_id,
                question=question,
                prompt_version=1,
                turn=turn,
                value=value,
                channel=conversation.channel,
                at=at,
            )
        )

    # What concerns no plan and no question -----------------------------------------------

    def _alerts(self, match: Match, person: Person, opened: datetime, end: datetime) -> None:
        for rule in ("O10", "O11", "O8", "O14"):
            if self.dice.random() > 0.4:
                continue
            at = opened + self.dice.random() * (end - opened)
            done = at + self.dice.random() * 6 * DAY if self.dice.random() < 0.6 else None
            outcomes = ("spoke_with_them", "no_action_needed", "false_alarm: no", "other: held")
            task = StaffTask(
                rule=rule,
                severity=Severity.HIGH,
                words="A worry.",
                person_id=self.dice.choice((person.id, person.id, None)),
                match_id=match.id,
                dedupe_key=self._sid(),
                opened_at=at,
                due_at=at + DAY,
                accepted_at=at + timedelta(minutes=20) if self.dice.random() < 0.3 else None,
                done_at=done,
                outcome=self.dice.choice(outcomes) if done else None,
            )
            self._add(task)
            if self.dice.random() < 0.5:
                row = AuditEntry(actor="staff:x", action="took step", entity="alert", reason="x")
                row.entity_id, row.at = str(task.id), at + self.dice.random() * 3 * DAY
                self._add(row)

    def _calls(self, person: Person, opened: datetime, end: datetime) -> None:
        for _ in range(self.dice.randrange(4)):
            at, sid = opened + self.dice.random() * (end - opened), self._sid()
            for _ in range(self.dice.choice((1, 1, 2))):
                status = self.dice.choice((ConversationStatus.FINISHED, ConversationStatus.LEFT))
                row = self._conversation(person, at, call_sid=sid, status=status)
                self._heard(row)
            self._leg(person, sid, at, self.dice.choice((None, 0, 59, 60, 61, 600)))
            if self.dice.random() < 0.5:
                self._broken_off(person, row, at)

    def _heard(self, row: Conversation | CallEnd) -> None:
        row.heard = self.dice.randrange(9)
        row.misheard = self.dice.randrange(row.heard + 1)

    def _broken_off(self, person: Person, row: Conversation, at: datetime) -> None:
        """A call ends in the middle; now and then it is gone on with in another, weeks later."""
        end = CallEnd(
            call_sid=row.call_sid,
            conversation_id=row.id,
            flow=self.dice.choice(("intake_protege", "main_menu")),
            question=self.dice.choice(("PB1", "PB2")),
            effect=self.dice.choice((None, None, "person", "goodbye")),
            at=at + timedelta(minutes=9),
        )
        self._heard(end)
        self._add(end)
        if self.dice.random() < 0.5:
            row.call_sid, later = self._sid(), at + 20 * DAY
            self._leg(person, row.call_sid, later, 60)

    def _leg(self, person: Person, sid: str, at: datetime, seconds: int | None) -> None:
        self._add(
            CallLeg(
                call_sid=sid,
                side=LegSide.CALLER,
                phone_id=person.phone_id,
                status="completed",
                seconds=seconds,
                started_at=at,
                ended_at=at + timedelta(seconds=seconds or 0),
            )
        )

    def _training(self, mentor: Person, opened: datetime) -> None:
        """Lessons in a call or by text, then a live talk, whose length is noted now and then."""
        at, sid = opened - self.dice.random() * 20 * DAY, self._sid()
        row = self._conversation(mentor, at, call_sid=sid)
        for turn, key in enumerate(("OM1", "OM2", "OM2B"), start=1):
            self._answer(row, key, turn, at + timedelta(seconds=40 * turn))
        self._leg(mentor, sid, at, self.dice.choice((100, 300, 601)))
        self._add(
            ScreeningCheck(
                key=uuid4(),
                person_id=mentor.id,
                item="orientation_talk",
                held_on=at.date() + timedelta(days=self.dice.randrange(9)),
                how=How.CALL,
                minutes=self.dice.choice((None, 20, 45)),
                actor="staff:x",
                at=at,
            )
        )
        for days in self.dice.sample(range(5, 200), self.dice.randrange(3)):
            self._add(
                TrainingTalk(
                    person_id=mentor.id,
                    held_on=at.date() + timedelta(days=days),
                    how=How.CALL,
                    minutes=self.dice.randrange(5, 40),
                    actor="staff:x",
                    at=at,
                )
            )
