"""Two who are not to be brought together: ticks of staff, and what has happened (H6)."""

from datetime import datetime

from sqlalchemy import bindparam, select
from sqlalchemy.orm import aliased

from mentoring.audit import write_audit
from mentoring.db import Session
from mentoring.errors import ProgrammeError
from mentoring.models import BarReason, ClosureReason, Match, MatchBar, MatchSide, Person, Role
from mentoring.rows import insert_row


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


_BAR = select(MatchBar.protege_id).where(
    MatchBar.protege_id == bindparam("protege_id"), MatchBar.mentor_id == bindparam("mentor_id")
)


def are_kept_apart(session: Session, protege_id: int, mentor_id: int) -> bool:
    """Tell whether staff have ticked that two are not to be brought together."""
    wanted = {"protege_id": protege_id, "mentor_id": mentor_id}
    return session.columns(_BAR, wanted).scalar() is not None


_THEIRS, _OTHER = aliased(MatchSide), aliased(MatchSide)
_PARTED = (
    select(Match.id)
    .join(
        _THEIRS,
        (_THEIRS.match_id == Match.id) & (_THEIRS.person_id == bindparam("protege_id")),
    )
    .join(_OTHER, (_OTHER.match_id == Match.id) & (_OTHER.person_id == bindparam("mentor_id")))
    .where(Match.closure_reason == ClosureReason.SAFETY)
    .limit(1)
)


def were_parted_for_safety(session: Session, protege_id: int, mentor_id: int) -> bool:
    """Tell whether a match of two was closed for safety: they are never brought together again."""
    wanted = {"protege_id": protege_id, "mentor_id": mentor_id}
    return session.columns(_PARTED, wanted).scalar() is not None


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
