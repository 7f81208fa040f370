"""The versions of a pair's plan: which one counts, and which is the newest."""

from sqlalchemy import select

from mentoring.db import Session
from mentoring.models import Plan


def plan_in_force(session: Session, match_id: int) -> Plan | None:
    """Return the newest version that both have agreed to and that nothing has ended, if any."""
    return session.scalar(
        select(Plan)
        .where(
            Plan.match_id == match_id,
            Plan.ended_at.is_(None),
            Plan.protege_agreed_at.is_not(None),
            Plan.mentor_agreed_at.is_not(None),
        )
        .order_by(Plan.version.desc())
        .limit(1)
    )


def newest_plan(session: Session, match_id: int) -> Plan | None:
    """Return the newest version of a plan, agreed to or only proposed."""
    return session.scalar(
        select(Plan).where(Plan.match_id == match_id).order_by(Plan.version.desc()).limit(1)
    )
