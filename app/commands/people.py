"""`bridgeline people`: who takes part. Numbers are masked; a look at one is written down."""

from argparse import Namespace
from collections import defaultdict
from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.commands import answers, people_changes
from app.commands.desk import Desk, reason_to_reveal, shown_number
from app.commands.menu import Menu
from app.tables import Card, Cell, Moment, Reply, Table
from mentoring.clock import zone_named
from mentoring.consents import counts_for
from mentoring.db import Session
from mentoring.models import (
    Consent,
    LineType,
    Match,
    MatchSide,
    MatchState,
    Person,
    PersonState,
    Phone,
    Role,
    Transition,
)
from mentoring.people import masked_number, person_with_code
from mentoring.wording import language_words

_SAFE_CONTACT = {1: "may show our name", 2: "number only", 3: "leave no message"}


def add_to(menu: Menu) -> None:
    """Add the group of commands about people."""
    group = menu.group("people", "proteges and mentors", lists=True)
    listing = group.command("list", "list everybody", list_people)
    listing.add_argument("--role", choices=[role.value for role in Role])
    listing.add_argument("--state", choices=[state.value for state in PersonState])
    show = group.command("show", "show one person: facts, consents, matches, history", show_person)
    show.add_argument("code", metavar="CODE", help="such as P05")
    show.add_argument("--reveal", action="store_true", help="show the real number; needs --reason")
    show.add_argument("--reason", help="why you need the number; it is kept in the audit log")
    answers.add_to(group)
    people_changes.add_to(group)


def list_people(desk: Desk, args: Namespace) -> Reply:
    """List people by role and state, with their masked number and open matches."""
    chosen = select(Person).options(joinedload(Person.phone)).order_by(Person.role, Person.code)
    if args.role:
        chosen = chosen.where(Person.role == Role(args.role))
    if args.state:
        chosen = chosen.where(Person.state == PersonState(args.state))
    with desk.database().transaction() as session:
        people = session.scalars(chosen).all()
        matches = _open_matches(session)
        rows = [_row(session, person, matches[person.id]) for person in people]
    nobody = "There is nobody yet. `bridgeline people add` adds somebody."
    if args.role or args.state:
        nobody = "There is nobody of that kind. `bridgeline people` lists everybody."
    return Table(
        ("code", "name", "role", "state", "since", "mode", "language", "zone", "phone", "matches"),
        rows,
        empty=nobody,
    )


def _open_matches(session: Session) -> dict[int, list[str]]:
    codes: dict[int, list[str]] = defaultdict(list)
    rows = session.execute(
        select(MatchSide.person_id, Match.code)
        .join(Match, Match.id == MatchSide.match_id)
        .where(Match.state != MatchState.CLOSED)
        .order_by(Match.id)
    )
    for person_id, code in rows:
        codes[person_id].append(code)
    return codes


def _row(session: Session, person: Person, matches: list[str]) -> tuple[Cell, ...]:
    return (
        person.code,
        person.first_name,
        person.role.value,
        person.state.value,
        Moment(person.state_since, session.programme.office),
        person.mode.value if person.mode else None,
        person.language,
        person.zone,
        masked_number(session, person.phone),
        matches,
    )


def show_person(desk: Desk, args: Namespace) -> Reply:
    """Show one person. With --reveal the real number, and an entry in the audit log."""
    reason = reason_to_reveal(args)
    with desk.database().transaction() as session:
        person = person_with_code(session, args.code)
        number = shown_number(
            session, desk, person.phone, entity="person", entity_id=person.code, reason=reason
        )
        return Card(
            _facts(session, desk, person, number),
            (
                ("consents", consent_table(session, person)),
                ("matches", _match_table(session, person)),
                ("history", _history(session, person)),
            ),
        )


def _facts(session: Session, desk: Desk, person: Person, number: str) -> Sequence[tuple[str, Cell]]:
    office = session.programme.office
    zone = zone_named(person.zone)
    return (
        ("code", person.code),
        ("name", person.first_name),
        ("role", person.role.value),
        ("state", person.state.value),
        ("state since", Moment(person.state_since, office)),
        ("number", number),
        ("phone", phone_words(person.phone)),
        ("mode", person.mode.value if person.mode else None),
        ("language", language_words(person)),
        ("zone", person.zone),
        (
            "time there now",
            Moment(desk.now, zone) if zone else "not known: nobody may ring or text",
        ),
        ("messages", _SAFE_CONTACT.get(person.safe_contact)),
        *((key.replace("_", " "), _answer(value)) for key, value in person.profile.items()),
    )


def _answer(value: object) -> Cell:
    return value if isinstance(value, bool | int) else str(value)


def phone_words(phone: Phone) -> str:
    """Say what matters about a phone in words: what it can do, and what it refused."""
    words = [phone.line_type.value] if phone.line_type is not LineType.UNKNOWN else []
    said = {
        "shared": phone.shared,
        "slow voice": phone.slow,
        "no texts (opted out)": phone.texts_refused_at is not None,
        "no automated calls (opted out)": phone.calls_refused_at is not None,
        "out of use": phone.unusable_at is not None and not phone.disowned,
        "a wrong number, they say": phone.disowned,
    }
    return ", ".join([*words, *(word for word, holds in said.items() if holds)])


def consent_table(session: Session, person: Person) -> Table:
    """Return every answer to the consent that counts for a person, oldest first.

    The newest answer to each part is the one that counts.
    """
    given = session.scalars(select(Consent).where(counts_for(person)).order_by(Consent.id)).all()
    newest = {answer.part: answer.id for answer in given}
    zone = zone_named(person.zone) or session.programme.office
    rows = [
        (
            answer.part,
            answer.agreed,
            newest[answer.part] == answer.id,
            answer.wording,
            answer.language,
            answer.channel.value,
            Moment(answer.at, zone),
            answer.known_by,
            answer.proof,
        )
        for answer in given
    ]
    return Table(
        ("part", "agreed", "counts", "wording", "language", "channel", "at", "known by", "proof"),
        rows,
        empty=f"{person.code} has agreed to nothing yet, so no automated call or text goes out.",
    )


def _match_table(session: Session, person: Person) -> Table:
    sides = session.scalars(
        select(MatchSide)
        .join(Match, Match.id == MatchSide.match_id)
        .where(
            MatchSide.match_id.in_(
                select(MatchSide.match_id).where(MatchSide.person_id == person.id)
            ),
            MatchSide.person_id != person.id,
        )
        .order_by(Match.id)
        .options(joinedload(MatchSide.match), joinedload(MatchSide.person))
    ).all()
    rows = [
        (
            side.match.code,
            side.person.code,
            side.person.shown_name,
            side.match.state.value,
            side.match.line.number,
            Moment(side.match.opened_at, session.programme.office),
        )
        for side in sides
    ]
    return Table(
        ("code", "with", "name", "state", "line", "opened"),
        rows,
        empty=f"{person.code} has had no match.",
    )


def _history(session: Session, person: Person) -> Table:
    moves = session.scalars(
        select(Transition)
        .where(Transition.entity == "person", Transition.entity_id == person.id)
        .order_by(Transition.id)
    ).all()
    rows = [
        (
            Moment(move.at, session.programme.office),
            move.from_state,
            move.to_state,
            move.actor,
            move.reason,
        )
        for move in moves
    ]
    return Table(("at", "from", "to", "by", "reason"), rows, empty="Nothing has changed yet.")
