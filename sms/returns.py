"""START: texts are back on, for all our lines (S3); and what the carrier still blocks is named."""

from datetime import datetime

from mentoring.db import Session
from mentoring.models import Line, OptOutKind, Phone
from mentoring.optouts import lines_blocked_by_carrier, restore
from mentoring.phone import written
from sms.letters import Letter, Writer
from sms.replies import Replies


def restore_texts(session: Session, letter: Letter, writer: Writer, replies: Replies) -> None:
    """Lift the opt-out. The carrier's block sits on one line; only START there lifts it.

    It answers START only where it had blocked; anywhere else the confirmation is ours. Where it
    tells us itself what it has read, its blocks are for all lines of its service at once.
    """
    blocked = {line.id: line for line in lines_blocked_by_carrier(session, writer.phone)}
    lifts_all = letter.told is not None
    was_blocked = bool(blocked) if lifts_all else writer.line.id in blocked
    lifted = [writer.line, *(blocked.values() if lifts_all else ())]
    for line in lifted:
        _restore(session, writer.phone, line, now=letter.now)
        blocked.pop(line.id, None)
    if not (letter.reading.carrier == "start" and was_blocked):
        replies.prompt("T-START", person=writer.person)
    for line in blocked.values():
        replies.prompt("T-START2", person=writer.person, line=written(line.number))


def lifts_block(session: Session, writer: Writer, *, now: datetime) -> bool:
    """Tell whether the carrier had blocked this line, so that it answers START; not any more."""
    blocked = [line.id for line in lines_blocked_by_carrier(session, writer.phone)]
    if writer.line.id not in blocked:
        return False
    _restore(session, writer.phone, writer.line, now=now)
    return True


def _restore(session: Session, phone: Phone, line: Line, *, now: datetime) -> None:
    restore(session, phone, OptOutKind.TEXTS, source="text", line=line, now=now)
