"""TOUCH: somebody would like to keep in touch with the other one after the end of their match."""

from collections.abc import Sequence

from mentoring.db import Session
from mentoring.keeping_touch import RULE, Heard, ending_sides, ending_sides_on_line, note_wish
from mentoring.models import LineKind, MatchSide
from mentoring.tasks import open_task
from sms.letters import Letter, Writer
from sms.replies import Replies

_SAID = {Heard.NOTED: "T-TOUCH", Heard.BY_BOTH: "T-TOUCH2", Heard.BY_STAFF: "T-PERS"}


def take_wish(session: Session, letter: Letter, writer: Writer, replies: Replies) -> bool:
    """Note the wish, and say what follows; False where no match of theirs is ending.

    Of several matches that end at once nobody knows which is meant, so staff ask.
    """
    sides = _sides_of(session, writer)
    if not sides:
        return False
    person = sides[0].person
    if len(sides) == 1:
        heard = note_wish(session, sides[0], actor=person.code, now=letter.now)
        replies.prompt(_SAID[heard], person=person)
        return True
    codes = ", ".join(side.match.code for side in sides)
    open_task(
        session,
        rule=RULE,
        words=f"{person.code} would like to keep in touch. Ask after which match: {codes}."[:200],
        key=f"{RULE}:{letter.message_sid}",
        person=person,
        now=letter.now,
    )
    replies.prompt("T-PERS", person=person)
    return True


def _sides_of(session: Session, writer: Writer) -> Sequence[MatchSide]:
    """Return which ends may be meant: on a line of two theirs alone, on the main line each one."""
    if writer.line.kind is not LineKind.MAIN:
        return ending_sides_on_line(session, phone_id=writer.phone.id, line_id=writer.line.id)
    return ending_sides(session, writer.person.id) if writer.person is not None else ()
