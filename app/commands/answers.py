"""`bridgeline people answers`: what somebody told us, in their words. A look is written down."""

from argparse import Namespace

from sqlalchemy import select

from app.commands.desk import Desk, audit, reason_given
from app.commands.menu import Menu
from app.tables import Moment, Reply, Table
from mentoring.clock import zone_named
from mentoring.db import Session
from mentoring.models import Answer, Person
from mentoring.people import person_with_code


def add_to(group: Menu) -> None:
    """Add the action to the commands about people."""
    answers = group.command("answers", "what somebody told us, in their own words", show_answers)
    answers.add_argument("code", metavar="CODE", help="such as P05")
    answers.add_argument("--reason", required=True, help="why; it is kept in the audit log")


def show_answers(desk: Desk, args: Namespace) -> Reply:
    """List every answer that one person gave, oldest first, and write into the audit log why."""
    reason = reason_given(args.reason)
    with desk.database().transaction() as session:
        person = person_with_code(session, args.code)
        audit(
            session,
            desk,
            action="read answers",
            entity="person",
            entity_id=person.code,
            reason=reason,
        )
        return _answers(session, person)


def _answers(session: Session, person: Person) -> Table:
    zone = zone_named(person.zone) or session.programme.office
    answers = session.scalars(
        select(Answer).where(Answer.person_id == person.id).order_by(Answer.id)
    )
    rows = [
        (
            answer.question,
            answer.value,
            answer.channel.value,
            Moment(answer.at, zone),
            _words(session, answer),
        )
        for answer in answers
    ]
    return Table(
        ("question", "answer", "channel", "at", "words"),
        rows,
        empty=f"{person.code} has answered nothing yet.",
    )


def _words(session: Session, answer: Answer) -> str | None:
    if answer.words_sealed is None:
        return None
    return session.vault.open(answer.words_sealed, place=answer.place("words_sealed"))
