"""What follows when both were asked what they want next: the decision table as data (2.4).

The two answers are compared by the service and told to nobody but staff. One row of `dues` stands
for the decision of one match on one day, so it is taken once.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import bindparam, exists, func, select

from mentoring.calendar.closing import begin_closing
from mentoring.calendar.dues import finish, plan, put_off
from mentoring.calendar.invitations import open_invitation
from mentoring.calendar.lookups import IS_ENDING
from mentoring.calendar.pairs import match_with_sides, other_side, why_it_rests
from mentoring.calendar.plans import ask_for_plan
from mentoring.calendar.settling import OPEN
from mentoring.calendar.telling import tell
from mentoring.clock import spoken_day
from mentoring.db import Session
from mentoring.models import (
    RUNNING,
    Answer,
    ClosureReason,
    Conversation,
    Due,
    DueKind,
    Invitation,
    Match,
    MatchSide,
    MatchState,
    Person,
    Role,
    Transition,
)
from mentoring.placeholders import plan_words
from mentoring.tasks import end_task_for_now, open_task

_LOOK_AGAIN = timedelta(days=1)
NO_ANSWER = "none"
CHOICES = ("keep", "change", "finish", "staff", NO_ANSWER)
# What staff hear of even where the match is ending by then.
FOR_STAFF = ("change", "staff")


class Act(StrEnum):
    """What one step does."""

    GO_ON = "go on"
    STAFF = "staff call both"
    NEW_PLAN = "both are asked for a new plan"
    CLOSE = "the match closes"
    NOT_ANSWERED = "O9 for both"


@dataclass(frozen=True)
class Step:
    """One step. For staff: within how many working days, and what they are to settle."""

    act: Act
    working_days: int = 5
    words: str = ""


_GO_ON = (Step(Act.GO_ON),)
_CALL = (Step(Act.STAFF, 5, "Ask both what should change."),)
_SOON = (Step(Act.STAFF, 2, "At least one of them wants to talk to staff first."),)
_FIRM = (
    Step(
        Act.STAFF,
        2,
        "The mentor wants to finish, the protege does not. If the mentor is firm, finish it, and"
        " offer the protege a new mentor, first in line.",
    ),
)
_CLOSE = (Step(Act.CLOSE),)
_CLOSE_AND_CALL = (Step(Act.CLOSE), Step(Act.STAFF, 5, "One wants to finish, one did not answer."))
_ONE_SILENT = (Step(Act.STAFF, 5, "One of them did not answer."),)
# What stands in for a close by a wish from before staff took an end back.
_ANEW = (Step(Act.STAFF, 2, "Before an end was taken back one wanted to finish. Ask both anew."),)

# The answers of the protege, and of the mentor. Every pair of answers has its steps.
MATRIX: Mapping[tuple[str, str], tuple[Step, ...]] = {
    ("keep", "keep"): _GO_ON,
    ("keep", "change"): _CALL,
    ("keep", "finish"): _FIRM,
    ("keep", "staff"): _SOON,
    # For 14 days it goes on as it is; by then staff have called.
    ("keep", "none"): (Step(Act.STAFF, 10, "The protege goes on, the mentor did not answer."),),
    ("change", "keep"): _CALL,
    ("change", "change"): (*_CALL, Step(Act.NEW_PLAN)),
    ("change", "finish"): _FIRM,
    ("change", "staff"): _SOON,
    ("change", "none"): _ONE_SILENT,
    ("finish", "keep"): _CLOSE,
    ("finish", "change"): _CLOSE,
    ("finish", "finish"): _CLOSE,
    ("finish", "staff"): (
        Step(Act.STAFF, 2, "The protege wants to finish. Talk with the mentor, then finish it."),
    ),
    ("finish", "none"): _CLOSE_AND_CALL,
    ("staff", "keep"): _SOON,
    ("staff", "change"): _SOON,
    ("staff", "finish"): _SOON,
    ("staff", "staff"): _SOON,
    ("staff", "none"): _SOON,
    ("none", "keep"): _ONE_SILENT,
    ("none", "change"): _ONE_SILENT,
    ("none", "finish"): _CLOSE_AND_CALL,
    ("none", "staff"): _SOON,
    ("none", "none"): (Step(Act.NOT_ANSWERED),),
}


def decision_key(match_id: int, day: int) -> str:
    """Return the key of the one decision of a match on a day."""
    return f"milestone:{match_id}:{day}"


def open_milestone(session: Session, match: Match, day: int, *, now: datetime) -> None:
    """Ask both what they want next, and let the decision wait for their answers."""
    for side in match.sides:
        open_invitation(
            session,
            "milestone",
            match_id=match.id,
            person=side.person,
            number=day,
            at=now,
            now=now,
        )
    plan(
        session,
        DueKind.MILESTONE,
        at=now + _LOOK_AGAIN,
        key=decision_key(match.id, day),
        match_id=match.id,
        round_=day,
        now=now,
    )


def decide(session: Session, dues: Sequence[Due], now: datetime) -> None:
    """Decide for a batch of matches what follows: the deed of DueKind.MILESTONE."""
    for due in dues:
        match = match_with_sides(session, due.match_id)
        session.refresh(match, ["state"], with_for_update=True)
        if match.state in (MatchState.CLOSING, MatchState.CLOSED):
            _keep_wishes(session, match, due.round, now=now)
            finish(due, IS_ENDING, now=now)
        elif why_it_rests(match) or not _are_settled(session, match, due.round):
            put_off(due, now + _LOOK_AGAIN)
        else:
            choices = choices_of(session, match, due.round)
            for step in _steps(session, match, due.round, choices):
                _Decision(session, match, due.round, choices, now).take(step)
            finish(due, " / ".join(choices), now=now)


_OF_DAY = (
    Invitation.match_id == bindparam("match_id"),
    Invitation.flow == "milestone",
    Invitation.number == bindparam("day"),
)
_UNSETTLED = select(Invitation.id).where(*_OF_DAY, Invitation.state.in_(OPEN)).limit(1)
_CHOICES = (
    select(Answer.person_id, Answer.value)
    .join(Conversation, Conversation.id == Answer.conversation_id)
    .join(Invitation, Invitation.id == Conversation.invitation_id)
    .where(*_OF_DAY, Answer.question == "MS4")
    .order_by(Answer.id)
)


def _are_settled(session: Session, match: Match, day: int) -> bool:
    """Tell whether both invitations have ended, by an answer or without one."""
    return session.columns(_UNSETTLED, {"match_id": match.id, "day": day}).first() is None


def choices_of(session: Session, match: Match, day: int) -> tuple[str, str]:
    """Return what protege and mentor want; `none` of whoever has not answered."""
    rows = session.columns(_CHOICES, {"match_id": match.id, "day": day})
    said = {row.person_id: row.value for row in rows}
    by_role = {side.role: said.get(side.person_id) or NO_ANSWER for side in match.sides}
    return by_role[Role.PROTEGE], by_role[Role.MENTOR]


_WISHES = (
    select(Person, Invitation.id, Answer.value)
    .join(Answer, Answer.person_id == Person.id)
    .join(Conversation, Conversation.id == Answer.conversation_id)
    .join(Invitation, Invitation.id == Conversation.invitation_id)
    .where(*_OF_DAY, Answer.question == "MS4", Answer.value.in_(FOR_STAFF))
)


def _keep_wishes(session: Session, match: Match, day: int, *, now: datetime) -> None:
    """Nothing is decided in a match that ends: a wish from before its end is told to staff."""
    wished = session.execute(_WISHES, {"match_id": match.id, "day": day}).all()
    for person, invitation_id, choice in wished:
        open_task(
            session,
            rule="milestone",
            words=f"{person.code} wanted next, before {match.code} was to end: {choice}.",
            key=_wish_key(invitation_id),
            person=person,
            match_id=match.id,
            now=now,
        )


def _wish_key(invitation_id: int) -> str:
    return f"milestone:{invitation_id}"


_ASKED = select(Invitation.id).where(
    Invitation.match_id == bindparam("match_id"), Invitation.flow == "milestone"
)


def end_kept_wishes(session: Session, match: Match, *, outcome: str, now: datetime) -> None:
    """The match ends no more, so that what both want is decided: that covers the wish of one."""
    for invitation_id in session.columns(_ASKED, {"match_id": match.id}).scalars():
        end_task_for_now(session, _wish_key(invitation_id), outcome=outcome, now=now)


_WISHED_TO_FINISH = (
    select(func.min(Answer.at))
    .join(Conversation, Conversation.id == Answer.conversation_id)
    .join(Invitation, Invitation.id == Conversation.invitation_id)
    .where(*_OF_DAY, Answer.question == "MS4", Answer.value == "finish")
)
_TAKEN_BACK_SINCE = select(
    exists().where(
        Transition.entity == "match",
        Transition.entity_id == bindparam("match_id"),
        Transition.from_state == MatchState.CLOSING.value,
        Transition.to_state.in_([state.value for state in (*RUNNING, MatchState.PAUSED)]),
        Transition.at >= _WISHED_TO_FINISH.scalar_subquery(),
    )
)


def _steps(session: Session, match: Match, day: int, choices: tuple[str, str]) -> tuple[Step, ...]:
    """Return what follows; whoever was told that they go on is not parted by an older wish."""
    steps, wanted = MATRIX[choices], {"match_id": match.id, "day": day}
    closes = any(step.act is Act.CLOSE for step in steps)
    is_older = closes and session.columns(_TAKEN_BACK_SINCE, wanted).scalar()
    return _ANEW if is_older else steps


_REACHED = (
    select(Answer.value)
    .join(Conversation, Conversation.id == Answer.conversation_id)
    .join(Invitation, Invitation.id == Conversation.invitation_id)
    .where(
        Invitation.match_id == bindparam("match_id"),
        Invitation.number == bindparam("day"),
        Answer.person_id == bindparam("person_id"),
        Answer.question == "MS1",
    )
    .order_by(Answer.id.desc())
    .limit(1)
)


@dataclass(frozen=True)
class _Decision:
    """One decision that is being carried out."""

    session: Session
    match: Match
    day: int
    choices: tuple[str, str]
    now: datetime

    def take(self, step: Step) -> None:
        """Take one step of it."""
        match step.act:
            case Act.GO_ON:
                self._go_on()
            case Act.STAFF:
                self._ask_staff(step)
            case Act.NEW_PLAN:
                ask_for_plan(self.session, self.match, now=self.now)
            case Act.CLOSE:
                self._close()
            case Act.NOT_ANSWERED:
                self._not_answered()

    def _go_on(self) -> None:
        """Tell both the good news, and read them the plan that they go on with, if they have one.

        A text has the plan after it, and whoever is called by staff hears it in that call.
        """
        session, now = self.session, self.now
        for side in self.match.sides:
            other, key = other_side(self.match, side.person_id).person, self._key(side)
            prompt, plan = plan_words(session, self.match.id, other.shown_name, side.person)
            words, has_plan = f"{self.match.code} goes on; both want to.", prompt == "T-PLAN"
            if has_plan:
                words += " Read them the plan: {freq}, {day} {time} their time, replies {reply}."
            is_text = tell(
                session, side, "T-MSGO", key=key, by_phone=words.format_map(plan), now=now
            )
            if is_text and has_plan:
                tell(session, side, prompt, key=f"{key}:plan", known=plan, now=now)

    def _key(self, side: MatchSide) -> str:
        return f"{decision_key(self.match.id, self.day)}:{side.id}"

    def _tell_both(self, prompt: str, **known: str) -> None:
        for side in self.match.sides:
            tell(self.session, side, prompt, key=self._key(side), known=known, now=self.now)

    def _ask_staff(self, step: Step) -> None:
        said = " / ".join(self.choices)
        task = open_task(
            self.session,
            rule="milestone",
            words=f"{self.match.code}, day {self.day}: call both ({said}). {step.words}"[:200],
            key=decision_key(self.match.id, self.day),
            match_id=self.match.id,
            working_days=step.working_days,
            now=self.now,
        )
        if self.match.state is not MatchState.CLOSING:
            office = self.session.programme.office
            # Whoever takes no text hears it in the call itself.
            self._tell_both("T-MSCALL", date=spoken_day(task.due_at, office))

    def _close(self) -> None:
        askers = [
            side.person.code
            for side, choice in zip(_by_role(self.match), self.choices, strict=True)
            if choice == "finish"
        ]
        begin_closing(
            self.session,
            self.match,
            reason=self._reason(),
            actor=" and ".join(askers),
            why=f"finish, asked on day {self.day}",
            now=self.now,
        )

    def _reason(self) -> ClosureReason:
        """Return GOAL_MET where the protege has told that the goal is reached."""
        side = _by_role(self.match)[0]
        wanted = {"match_id": self.match.id, "day": self.day, "person_id": side.person_id}
        reached = self.session.columns(_REACHED, wanted).scalar()
        return ClosureReason.GOAL_MET if reached == "done" else ClosureReason.OTHER

    def _not_answered(self) -> None:
        for side in self.match.sides:
            open_task(
                self.session,
                rule="O9",
                subject=side.person.code,
                words=f"{side.person.code} did not answer the questions of day {self.day}.",
                person=side.person,
                match_id=self.match.id,
                now=self.now,
            )


def _by_role(match: Match) -> tuple[MatchSide, MatchSide]:
    """Return the side of the protege and that of the mentor."""
    sides = {side.role: side for side in match.sides}
    return sides[Role.PROTEGE], sides[Role.MENTOR]
