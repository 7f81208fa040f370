"""What waits for its moment, and the sets of questions that people are invited to answer."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from mentoring.models.base import Base, words


class DueKind(StrEnum):
    """What is to be done when the moment has come; mentoring/calendar/deeds.py does it."""

    INVITE = "invite"
    CALENDAR = "calendar"
    PLAN = "plan"
    TALK_REMINDER = "talk reminder"
    # Whoever was to be called about a new time has heard it, or staff tell.
    TALK_TOLD = "talk told"
    TALK_RING = "talk ring"
    TALK_OVER = "talk over"
    TALKED = "talked"
    PAGE = "page"
    SILENCE = "silence"
    # What both want is known, or will not be: mentoring/calendar/milestones.py.
    MILESTONE = "milestone"
    TERM = "term"
    TERM_END = "term_end"
    # A pause: asked about, covered, over: mentoring/calendar/pauses.py.
    PAUSE_CHECK = "pause_check"
    COVER = "cover"
    RETURN = "return"
    # An end: the last talk, the close, and what comes after it (closing.py, afterwards.py).
    LAST_TALK = "last_talk"
    CLOSE = "close"
    SURVEY = "survey"
    REST = "rest"
    APPRECIATE = "appreciate"
    FOLLOW_UP = "follow_up"
    # Somebody still waits for a mentor: mentoring/applications/waiting_list.py.
    WAITING = "waiting"
    # A report was asked for: mentoring/reports/runs.py.
    REPORT = "report"
    # A proposal runs out: mentoring/proposals/lapsing.py.
    PROPOSAL = "proposal"
    # The plan of matching for all who wait: mentoring/matching/planning.py.
    MATCH_PLAN = "match_plan"


class Due(Base):
    """One thing that waits for its moment (UTC). Done once: the row says when and how it ended.

    `dedupe_key` names the one occasion, so planning twice plans once.
    """

    __tablename__ = "dues"
    __table_args__ = (
        # Asked for every few seconds, so only what still waits is indexed.
        Index(
            "ix_dues_waiting",
            "due_at",
            "id",
            postgresql_where=text("done_at IS NULL"),
            sqlite_where=text("done_at IS NULL"),
        ),
        Index(None, "match_id"),
        Index(None, "invitation_id"),
        Index(None, "talk_id"),
        Index(None, "task_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[DueKind] = mapped_column(words(DueKind))
    match_id: Mapped[int | None] = mapped_column(ForeignKey("matches.id"))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    invitation_id: Mapped[int | None] = mapped_column(ForeignKey("invitations.id"))
    talk_id: Mapped[int | None] = mapped_column(ForeignKey("talks.id"))
    # The alert that somebody on call is paged about.
    task_id: Mapped[int | None] = mapped_column(ForeignKey("staff_tasks.id"))
    # Which try of the same thing it is, counted from 1: the rungs of a ladder.
    round: Mapped[int] = mapped_column(default=1)
    due_at: Mapped[datetime]
    # How often doing it failed by a fault of ours.
    faults: Mapped[int] = mapped_column(default=0)
    dedupe_key: Mapped[str] = mapped_column(unique=True)
    created_at: Mapped[datetime]
    done_at: Mapped[datetime | None]
    # In a few words for staff what came of it: `texted`, `called`, `answered already`.
    outcome: Mapped[str | None]


class InvitationState(StrEnum):
    """How far a set of questions has come. `lapsed`: nobody answered, and staff were told."""

    WAITING = "waiting"
    ASKED = "asked"
    ANSWERED = "answered"
    LAPSED = "lapsed"
    CANCELLED = "cancelled"


class Invitation(Base):
    """One person's invitation to one set of questions: a check-in or a survey of one match.

    Before there is a match it is about none: the lessons, and what is asked while somebody waits.
    `flow` names the questions. Each answer is a row of its own, with its conversation.
    """

    __tablename__ = "invitations"
    __table_args__ = (
        UniqueConstraint("match_id", "person_id", "flow", "number"),
        Index(
            "uq_invitations_without_match",
            "person_id",
            "flow",
            "number",
            unique=True,
            postgresql_where=text("match_id IS NULL"),
            sqlite_where=text("match_id IS NULL"),
        ),
        Index(None, "person_id", "state"),
        Index(None, "flow", "number"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    flow: Mapped[str]
    match_id: Mapped[int | None] = mapped_column(ForeignKey("matches.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    # Which one of its kind, such as the day of the match for which a check-in stands.
    number: Mapped[int]
    state: Mapped[InvitationState] = mapped_column(
        words(InvitationState), default=InvitationState.WAITING
    )
    due_at: Mapped[datetime]
    asked_at: Mapped[datetime | None]
    settled_at: Mapped[datetime | None]
