"""`bridgeline people add, name, zone, number, release, landline`: what staff write down."""

from argparse import Namespace
from datetime import datetime

from app.commands.desk import Desk, audit, reason_given
from app.commands.menu import Menu
from app.tables import Done, Reply
from mentoring.consents import WITHOUT_TEXTS, record_all_parts
from mentoring.db import Session
from mentoring.details import change_details, checked_name, checked_zone
from mentoring.errors import ProgrammeError
from mentoring.models import Channel, Mode, Person, PersonState, Phone, Role
from mentoring.people import (
    add_person,
    find_or_add_phone,
    mark_landline,
    masked_number,
    move_person,
    person_with_code,
)
from mentoring.phone import relay_prefix
from mentoring.right_numbers import change_number, checked_number, confirm_number
from mentoring.suspensions import release_person


def add_to(group: Menu) -> None:
    """Add the actions that change a person."""
    add = group.command("add", "add a protege or a mentor", add_somebody)
    add.add_argument("--role", required=True, choices=[role.value for role in Role])
    add.add_argument("--name", required=True, help="the first name")
    add.add_argument("--number", required=True, help="with area code, like 515 555 0199")
    add.add_argument("--zone", help="such as America/Chicago; ask, do not guess")
    add.add_argument("--mode", choices=[mode.value for mode in Mode])
    add.add_argument("--language", default="en", choices=["en", "es", "fr"])
    add.add_argument("--safe-contact", type=int, choices=[1, 2, 3], default=2)
    add.add_argument("--landline", action="store_true", help="the phone gets no texts")
    add.add_argument("--shared", action="store_true", help="several people answer this phone")
    add.add_argument("--slow", action="store_true", help="slower speech and longer waits")
    add.add_argument("--consent-by", metavar="PROOF", help="how and when the person agreed")
    name = group.command("name", "write down a first name", change_name)
    name.add_argument("code", metavar="CODE")
    name.add_argument("name", metavar="NAME")
    zone = group.command("zone", "write down a time zone", change_zone)
    zone.add_argument("code", metavar="CODE")
    zone.add_argument("zone", metavar="ZONE", help="such as America/Chicago")
    number = group.command("number", "write down the right number", change_their_number)
    number.add_argument("code", metavar="CODE")
    number.add_argument(
        "number",
        nargs="?",
        metavar="NUMBER",
        help="nothing where the one we have is right after all",
    )
    number.add_argument("--reason", required=True, help="how you know; it is kept")
    release = group.command("release", "end a hold: back to where they were", lift_hold)
    release.add_argument("code", metavar="CODE")
    release.add_argument("--reason", required=True, help="what was found out; it is kept")
    landline = group.command("landline", "this phone gets no texts", set_landline)
    landline.add_argument("code", metavar="CODE")


def add_somebody(desk: Desk, args: Namespace) -> Reply:
    """Add a person. With --consent-by the five parts of the consent are written down, too."""
    now = desk.now
    with desk.database().transaction() as session:
        phone = _phone_for(session, args, now)
        person = add_person(
            session,
            role=Role(args.role),
            phone=phone,
            actor=desk.actor,
            reason="added by staff",
            now=now,
            first_name=checked_name(args.name),
        )
        person.zone = checked_zone(args.zone) if args.zone else None
        person.mode = Mode(args.mode) if args.mode else None
        person.language = args.language
        person.safe_contact = args.safe_contact
        if args.consent_by:
            _agree(session, desk, person, proof=args.consent_by, landline=args.landline)
        _note_change(session, desk, person, "added person")
        return Done(
            " ".join([f"{person.code} {person.first_name} was added.", *_still_missing(person)]),
            (
                ("code", person.code),
                ("state", person.state.value),
                ("number", masked_number(session, phone)),
            ),
        )


def _phone_for(session: Session, args: Namespace, now: datetime) -> Phone:
    number = checked_number(session, args.number)
    phone = find_or_add_phone(session, number, now=now)
    others = ", ".join(sorted(person.code for person in phone.people))
    if others and not args.shared:
        raise ProgrammeError(
            f"That phone belongs to {others} already. If they share it, add: --shared"
        )
    phone.shared = phone.shared or args.shared
    phone.slow = phone.slow or args.slow
    phone.relay_prefix = relay_prefix(args.number) or phone.relay_prefix
    if args.landline:
        mark_landline(phone)
    return phone


def _agree(session: Session, desk: Desk, person: Person, *, proof: str, landline: bool) -> None:
    """Write the consent that staff took down, and go on to the intake.

    Who only talks is not asked about texts (C1).
    """
    talks_only = landline or person.mode is Mode.VOICE
    record_all_parts(
        session,
        person,
        channel=Channel.STAFF,
        proof=proof[:200],
        known_by=desk.actor,
        unasked=("C1",) if talks_only else (),
        now=desk.now,
    )
    if talks_only:
        person.profile = {**person.profile, WITHOUT_TEXTS: "yes"}
    for state in (PersonState.CONSENTING, PersonState.INTAKE):
        move_person(
            session, person, state, actor=desk.actor, reason="consent given to staff", now=desk.now
        )


def _still_missing(person: Person) -> list[str]:
    missing = []
    if person.state is PersonState.LEAD:
        missing.append("No consent is written down yet, so no automated call or text goes out.")
    if person.zone is None:
        missing.append(
            "The time zone is not known, so nobody can ring or text them yet: ask, then run"
            f" `bridgeline people zone {person.code} ZONE`."
        )
    return missing


def change_name(desk: Desk, args: Namespace) -> Reply:
    """Write down a first name, and close the task that asked for it."""
    with desk.database().transaction() as session:
        person = person_with_code(session, args.code)
        checked_name(args.name)
        change_details(session, person, {"name": args.name}, actor=desk.actor, now=desk.now)
        return Done(
            f"{person.code} is called {person.first_name} now.",
            (("code", person.code), ("name", person.first_name)),
        )


def change_zone(desk: Desk, args: Namespace) -> Reply:
    """Write down a time zone, and close the task that asked for it."""
    with desk.database().transaction() as session:
        person = person_with_code(session, args.code)
        checked_zone(args.zone)
        change_details(session, person, {"zone": args.zone}, actor=desk.actor, now=desk.now)
        return Done(
            f"{person.code} lives by the time of {person.zone} now.",
            (("code", person.code), ("zone", person.zone)),
        )


def change_their_number(desk: Desk, args: Namespace) -> Reply:
    """Give a person another phone, or use the one again that was said to be wrong."""
    reason = reason_given(args.reason)
    with desk.database().transaction() as session:
        person = person_with_code(session, args.code)
        if args.number is None:
            confirm_number(session, person, actor=desk.actor, reason=reason, now=desk.now)
        else:
            change_number(
                session, person, args.number, actor=desk.actor, reason=reason, now=desk.now
            )
        return Done(
            f"{person.code} is called and texted at the number that is written down now.",
            (("code", person.code), ("number", masked_number(session, person.phone))),
        )


def lift_hold(desk: Desk, args: Namespace) -> Reply:
    """End a hold, such as that of somebody who said that they are under 18, and it was a slip."""
    reason = reason_given(args.reason)
    with desk.database().transaction() as session:
        person = person_with_code(session, args.code)
        before = release_person(session, person, actor=desk.actor, reason=reason, now=desk.now)
        return Done(
            f"{person.code} goes on where they were: {before}.",
            (("code", person.code), ("state", before.value)),
        )


def set_landline(desk: Desk, args: Namespace) -> Reply:
    """Remember that a person's phone gets no texts."""
    with desk.database().transaction() as session:
        person = person_with_code(session, args.code)
        mark_landline(person.phone)
        _note_change(session, desk, person, "marked landline")
        return Done(
            f"The phone of {person.code} gets no texts from now on. What is texted to them is read"
            " aloud.",
            (("code", person.code), ("line_type", person.phone.line_type.value)),
        )


def _note_change(session: Session, desk: Desk, person: Person, action: str) -> None:
    audit(
        session,
        desk,
        action=action,
        entity="person",
        entity_id=person.code,
        reason="written down by staff",
    )
