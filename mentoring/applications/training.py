"""How long a mentor was trained: lessons in calls, the live talk, and the tips that staff gave.

The programme sets its own minimum (TRAINING_MINUTES). It is told to staff, and keeps nobody back.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from typing import NamedTuple

from sqlalchemy import Select, literal, select, union_all

from mentoring.applications.checklist import ORIENTATION_TALK
from mentoring.applications.screening import checked_day
from mentoring.audit import write_about
from mentoring.clock import midnight
from mentoring.db import Session
from mentoring.errors import ProgrammeError
from mentoring.flows.orientation import MENTOR_LESSONS
from mentoring.models import (
    Answer,
    CallLeg,
    Channel,
    Conversation,
    How,
    Person,
    Role,
    ScreeningCheck,
    TrainingTalk,
)
from mentoring.rows import insert_row

# The kinds of training whose length is known.
LESSONS, LIVE_TALK, TIPS = "lessons_by_phone", "live_talk", "tips"
# Eight hours are more than anybody talks in a day.
LONGEST_TALK = 480
_LESSON_KEYS = [key for lesson in MENTOR_LESSONS for key in (lesson.key, lesson.second_key)]


class Training(NamedTuple):
    """One piece of the training of a mentor: a live talk, tips, or a call with lessons in it.

    `minutes` is None where nobody noted how long a talk took.
    """

    person: int
    day: date
    kind: str
    minutes: Fraction | None
    how: How | None = None
    actor: str = ""
    number: int = 0


@dataclass(frozen=True)
class TrainingSoFar:
    """The whole minutes of a mentor's training until now, by kind, and how many there should be.

    A minimum of 0 is none.
    """

    by_kind: Mapping[str, int]
    minutes: int
    minimum: int
    tips: Sequence[Training]

    @property
    def is_below(self) -> bool:
        """Whether it is less than the minimum of the programme."""
        return self.minutes < self.minimum


def training_so_far(session: Session, mentor: Person) -> TrainingSoFar:
    """Return how long a mentor has been trained. Lessons by text have no length."""
    totals = dict.fromkeys((LESSONS, LIVE_TALK, TIPS), Fraction())
    pieces = list(training_of(session, people=[mentor.id]))
    for piece in pieces:
        totals[piece.kind] += piece.minutes or 0
    tips = [piece for piece in pieces if piece.kind == TIPS]
    return TrainingSoFar(
        {kind: int(total) for kind, total in totals.items()},
        int(sum(totals.values())),
        session.programme.training_minutes,
        sorted(tips, key=lambda piece: (piece.day, piece.number), reverse=True),
    )


def training_of(
    session: Session,
    *,
    days: tuple[date, date] | None = None,
    people: Collection[int] | None = None,
) -> Iterator[Training]:
    """Return the pieces of training of mentors: of some days of the office, of some of them.

    The second day is the first one that does not count any more.
    """
    halves = [
        _talks(ScreeningCheck, LIVE_TALK, days, people).where(
            ScreeningCheck.item == ORIENTATION_TALK
        ),
        _talks(TrainingTalk, TIPS, days, people),
    ]
    for person_id, day, minutes, kind, how, actor, number in session.execute(union_all(*halves)):
        length = None if minutes is None else Fraction(minutes)
        yield Training(person_id, day, kind, length, how, actor, number)
    office = session.programme.office
    for _, mentor_id, at, seconds in session.execute(_calls_with_lessons(session, days, people)):
        if mentor_id is not None:
            day = at.astimezone(office).date()
            yield Training(mentor_id, day, LESSONS, Fraction(seconds or 0, 60))


def _talks(
    model: type[ScreeningCheck] | type[TrainingTalk],
    kind: str,
    days: tuple[date, date] | None,
    people: Collection[int] | None,
) -> Select[int, date, int | None, str, How, str, int]:
    """Return the talks with mentors of one table; both tables are read in one statement."""
    chosen = (
        select(
            *(model.person_id, model.held_on, model.minutes, literal(kind)),
            *(model.how, model.actor, model.id),
        )
        .join(Person, Person.id == model.person_id)
        .where(Person.role == Role.MENTOR)
    )
    if days is not None:
        chosen = chosen.where(model.held_on >= days[0], model.held_on < days[1])
    if people is not None:
        chosen = chosen.where(model.person_id.in_(people))
    return chosen


def _calls_with_lessons(
    session: Session, days: tuple[date, date] | None, people: Collection[int] | None
) -> Select[int, int | None, datetime, int | None]:
    """Return the calls in which lessons were answered; one holds several answers, counts once."""
    chosen = (
        select(CallLeg.id, Conversation.person_id, CallLeg.started_at, CallLeg.seconds)
        .select_from(Answer)
        .join(Conversation, Conversation.id == Answer.conversation_id)
        .join(CallLeg, CallLeg.phone_id == Conversation.phone_id)
        .where(Answer.question.in_(_LESSON_KEYS), Answer.channel == Channel.VOICE)
        .where(CallLeg.started_at <= Answer.at, Answer.at <= CallLeg.ended_at)
        .where(CallLeg.seconds > 0, Conversation.person_id.is_not(None))
    )
    if days is not None:
        since, until = (midnight(day, session.programme.office) for day in days)
        chosen = chosen.where(CallLeg.started_at >= since, CallLeg.started_at < until)
    if people is not None:
        # The answer has an index by person; whose conversation it was is what counts.
        chosen = chosen.where(Conversation.person_id.in_(people), Answer.person_id.in_(people))
    return chosen.distinct().order_by(CallLeg.id)


def talks_of(session: Session, mentor: Person) -> Sequence[TrainingTalk]:
    """Return the talks with tips that staff noted for a mentor, the newest first."""
    chosen = select(TrainingTalk).where(TrainingTalk.person_id == mentor.id)
    newest = chosen.order_by(TrainingTalk.held_on.desc(), TrainingTalk.id.desc())
    return session.scalars(newest).all()


def named(talk: TrainingTalk) -> str:
    """Return by what a page names a talk of a mentor: by its day and kind, which are unique."""
    return f"{talk.held_on.isoformat()} {talk.how}"


def note_training(
    session: Session,
    mentor: Person,
    *,
    held_on: date | None,
    how: How,
    minutes: int,
    about: str,
    actor: str,
    now: datetime,
) -> None:
    """Write down a talk with a mentor that was training: tips, and for how many minutes.

    Of one day there is one talk of each kind, so that the same one sent twice counts once.
    """
    refuse_to_train(mentor)
    day = checked_day(session, held_on, now=now)
    if not 1 <= minutes <= LONGEST_TALK:
        raise ProgrammeError(f"A talk takes 1 to {LONGEST_TALK} minutes.")
    made = insert_row(
        session,
        TrainingTalk,
        {
            "person_id": mentor.id,
            "held_on": day,
            "how": how,
            "minutes": minutes,
            "actor": actor,
            "at": now,
        },
        "person_id",
        "held_on",
        "how",
    )
    if made is None:
        raise ProgrammeError(
            "Training of that day and that kind is noted already. If there was more of it, take"
            " that back and note the minutes of the whole day."
        )
    said = f"{_told(how, day, minutes)}: {about}"
    write_about(session, mentor, "noted training", actor=actor, reason=said, now=now)


def take_training_back(
    session: Session, mentor: Person, talk_name: str, *, reason: str, actor: str, now: datetime
) -> None:
    """Take back training that was noted by a slip; `named` gives the name of the talk."""
    talk = next((each for each in talks_of(session, mentor) if named(each) == talk_name), None)
    if talk is None:
        raise ProgrammeError("That training is not noted any more. There is nothing to take back.")
    session.delete(talk)
    session.flush()
    said = f"{_told(talk.how, talk.held_on, talk.minutes)}: {reason}"
    write_about(session, mentor, "took back training", actor=actor, reason=said, now=now)


def refuse_to_train(person: Person) -> None:
    """Raise ProgrammeError for whoever is no mentor: only theirs is counted."""
    if person.role is not Role.MENTOR:
        raise ProgrammeError("Training is noted for mentors only.")


def _told(how: How, day: date, minutes: int) -> str:
    return f"{how}, {day.isoformat()}, {minutes} minutes"
