"""What staff decide: a pick that opens a match, and ticks between two who are kept apart."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import select

from mentoring.audit import write_audit
from mentoring.db import Session
from mentoring.errors import ProgrammeError
from mentoring.introductions import introduce
from mentoring.matches import open_match
from mentoring.matching.board import read_board
from mentoring.matching.suggest import Suggestions
from mentoring.models import BarReason, Match, MatchBar, Person, Role
from mentoring.rows import insert_row


class OverrideReason(StrEnum):
    """Why staff pick somebody other than the plan does. It is a closed list, to be counted."""

    KNOWS_PERSON = "knows_person"
    PROTEGE_REQUEST = "protege_request"
    MENTOR_REQUEST = "mentor_request"
    NEW_INFO = "new_info"
    FAIRNESS = "fairness"


def pick(
    session: Session,
    *,
    protege: Person,
    mentor: Person,
    reason: OverrideReason | None,
    actor: str,
    now: datetime,
) -> Match:
    """Open the match that staff have picked, and tell both; raises ProgrammeError with a sentence.

    A mentor who is not the plan's pick needs a reason. Who fails a constraint is not picked here.
    """
    suggestions = _as_it_is_now(session, protege, mentor, now=now)
    if suggestions is None or mentor.code not in suggestions.fitting:
        raise ProgrammeError(
            f"{mentor.code} cannot be suggested to {protege.code} now. The page of {protege.code}"
            " says what stands between them."
        )
    overrides = mentor.code != suggestions.pick
    if overrides and reason is None:
        raise ProgrammeError(
            f"{mentor.code} is not whom the plan picks for {protege.code}. Choose why you do."
        )
    match = open_match(session, protege=protege, mentor=mentor, actor=actor, now=now)
    introduce(session, match, now=now)
    if overrides and reason is not None:
        planned = suggestions.pick or "nobody"
        write_audit(
            session,
            actor=actor,
            action="picked another mentor",
            entity="match",
            entity_id=match.code,
            reason=f"{reason.value}: {mentor.code} and not {planned} for {protege.code}",
            now=now,
        )
    return match


def _as_it_is_now(
    session: Session, protege: Person, mentor: Person, *, now: datetime
) -> Suggestions | None:
    """Work the suggestions out again, while nobody else can give away the same place."""
    session.flush()
    for person in (protege, mentor):
        session.refresh(person, ["state"], with_for_update=True)
    return read_board(session, now=now).suggestions(protege.code)


def bar_pair(
    session: Session,
    protege: Person,
    mentor: Person,
    *,
    reason: BarReason,
    actor: str,
    now: datetime,
) -> None:
    """Tick that two are not to be brought together; raises ProgrammeError with a sentence."""
    if protege.role is not Role.PROTEGE or mentor.role is not Role.MENTOR:
        raise ProgrammeError("Name a protege first and a mentor second: P.. then M..")
    row = {
        "protege_id": protege.id,
        "mentor_id": mentor.id,
        "reason": reason,
        "actor": actor,
        "at": now,
    }
    if insert_row(session, MatchBar, row, "protege_id", "mentor_id") is None:
        raise ProgrammeError(f"{protege.code} and {mentor.code} are kept apart already.")
    _write_down(session, protege, mentor, "kept two apart", reason.value, actor=actor, now=now)


def lift_bar(
    session: Session, protege: Person, mentor: Person, *, reason: str, actor: str, now: datetime
) -> None:
    """Take a tick back; raises ProgrammeError when there is none."""
    bar = session.scalar(
        select(MatchBar).where(MatchBar.protege_id == protege.id, MatchBar.mentor_id == mentor.id)
    )
    if bar is None:
        raise ProgrammeError(f"{protege.code} and {mentor.code} are not kept apart by a tick.")
    session.delete(bar)
    _write_down(session, protege, mentor, "took a tick back", reason, actor=actor, now=now)


def _write_down(
    session: Session,
    protege: Person,
    mentor: Person,
    action: str,
    reason: str,
    *,
    actor: str,
    now: datetime,
) -> None:
    write_audit(
        session,
        actor=actor,
        action=action,
        entity="pair",
        entity_id=f"{protege.code} {mentor.code}",
        reason=reason,
        now=now,
    )
