"""TOUCH: somebody would like to keep in touch with the other one after the end of their match."""

from collections.abc import Sequence

from mentoring.calendar.pairs import matches_with_sides, other_side
from mentoring.db import Session
from mentoring.keeping_touch import (
    RULE,
    Heard,
    ending_sides,
    ending_sides_on_line,
    held_sides,
    note_wish,
)
from mentoring.models import LineKind, MatchSide, Person
from mentoring.people import who_it_may_be
from mentoring.tasks import open_task
from sms.holds import explain_hold_of
from sms.keywords import name_as_read, whom_to_keep
from sms.letters import Letter, Writer
from sms.replies import Replies

_SAID = {
    Heard.NOTED: "T-TOUCH",
    Heard.BY_BOTH: "T-TOUCH2",
    Heard.BY_STAFF: "T-PERS",
    Heard.SEEN_TO: "T-TOUCH3",
}


def take_wish(session: Session, letter: Letter, writer: Writer, replies: Replies) -> bool:
    """Note the wish, and say what follows; False where no match of theirs is ending or on hold.

    Of several matches that end at once nobody knows which is meant, nor on a phone of several who
    means it before they have told their name: so staff ask.
    """
    sides = _with_whom(session, _ending(session, writer), letter)
    is_on_hold = not sides
    if is_on_hold:
        sides = _with_whom(session, _on_hold(session, writer), letter)
    if not sides:
        return False
    person = sides[0].person if _is_on_line_of_two(writer) else writer.person
    if person is None or (len(sides) > 1 and not is_on_hold):
        _ask_staff(session, letter, writer, person, sides)
        replies.prompt("T-PERS", person=person)
    elif is_on_hold:
        explain_hold_of(session, letter, sides[0], replies)
    else:
        heard = note_wish(session, sides[0], actor=person.code, now=letter.now)
        replies.prompt(_SAID[heard], person=person)
    return True


def _ending(session: Session, writer: Writer) -> Sequence[MatchSide]:
    """Return which ends may be meant: on a line of two theirs alone, on the main line each one."""
    if _is_on_line_of_two(writer):
        return ending_sides_on_line(session, phone_id=writer.phone.id, line_id=writer.line.id)
    return ending_sides(session, _who_may_write(writer))


def _on_hold(session: Session, writer: Writer) -> Sequence[MatchSide]:
    """Return whose hold is told of here; whoever writes to a line of two hears of it anyway."""
    return () if _is_on_line_of_two(writer) else held_sides(session, _who_may_write(writer))


def _is_on_line_of_two(writer: Writer) -> bool:
    return writer.line.kind is not LineKind.MAIN


def _who_may_write(writer: Writer) -> Sequence[Person]:
    return writer.phone.here if writer.person is None else (writer.person,)


def _with_whom(session: Session, sides: Sequence[MatchSide], letter: Letter) -> Sequence[MatchSide]:
    """Return the sides whose other one the text names; all of them where it names nobody."""
    name = whom_to_keep(letter.body)
    if not name or not sides:
        return sides
    matches = matches_with_sides(session, [side.match_id for side in sides])
    others = [other_side(matches[side.match_id], side.person_id).person for side in sides]
    named = zip(sides, others, strict=True)
    return [side for side, other in named if name_as_read(other.first_name) == name]


def _ask_staff(
    session: Session,
    letter: Letter,
    writer: Writer,
    person: Person | None,
    sides: Sequence[MatchSide],
) -> None:
    """Ask staff to find out who means which match: one task, however often it is said."""
    codes = ", ".join(dict.fromkeys(side.match.code for side in sides))
    who = who_it_may_be(person, writer.phone)
    open_task(
        session,
        rule=RULE,
        words=f"{who} would like to keep in touch. Ask after which match: {codes}."[:200],
        subject=person.code if person is not None else f"phone {writer.phone.id}",
        person=person,
        phone=writer.phone,
        now=letter.now,
    )
