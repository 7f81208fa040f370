"""`bridgeline staff`: who is rung when a caller presses 0, and who may sign in."""

from argparse import Namespace

from sqlalchemy import func, select

from admin.accounts import account_with_email, invite, invite_again
from app.commands.desk import Desk
from app.commands.menu import Menu
from app.tables import Done, Reply, Table
from mentoring.db import Session
from mentoring.errors import ProgrammeError
from mentoring.models import Staff, StaffRole
from mentoring.operators import put_on_call
from mentoring.phone import masked


def add_to(menu: Menu) -> None:
    """Add the group of commands about staff."""
    group = menu.group("staff", "who is rung when a caller presses 0", lists=True)
    group.command("list", "list staff in the order in which they are rung", list_staff)
    adding = group.command("add", "add a member of staff", add)
    adding.add_argument("name", metavar="NAME")
    adding.add_argument("number", metavar="NUMBER", help="the phone on which callers reach them")
    adding.add_argument("--languages", default="en", help="such as en/es, the first one best")
    inviting = group.command("invite", "let somebody sign in to the coordinators' page", invite_one)
    inviting.add_argument("email", metavar="EMAIL")
    inviting.add_argument("name", metavar="NAME", help="as `bridgeline staff` shows it, if it does")
    inviting.add_argument(
        "--role", choices=[role.value for role in StaffRole], default=StaffRole.COORDINATOR.value
    )
    inviting.add_argument(
        "--community",
        action="append",
        metavar="NAME",
        help="only the people of this community; may be given again (all)",
    )
    for name, run in (("on", turn_on), ("off", turn_off)):
        action = group.command(name, f"this member of staff is {name} duty", run)
        action.add_argument("name", metavar="NAME")


def list_staff(desk: Desk, args: Namespace) -> Reply:
    """List staff with their masked numbers, whether they are on duty, and their languages."""
    del args
    with desk.database().transaction() as session:
        members = session.scalars(select(Staff).order_by(Staff.ring_order, Staff.id)).all()
        rows = [
            (
                member.ring_order,
                member.name,
                member.on_duty,
                member.languages,
                masked(_number(session, member)),
            )
            for member in members
        ]
    return Table(
        ("order", "name", "on duty", "languages", "phone"),
        rows,
        empty="There is no staff yet: who presses 0 can only leave a message."
        " `bridgeline staff add NAME NUMBER` adds somebody.",
    )


def _number(session: Session, member: Staff) -> str:
    return session.vault.open(member.number_sealed, place=member.place("number_sealed"))


def add(desk: Desk, args: Namespace) -> Reply:
    """Add a member of staff, on duty at once, rung after those who are there."""
    with desk.database().transaction() as session:
        member = put_on_call(
            session, name=args.name, typed=args.number, languages=args.languages, now=desk.now
        )
        number = masked(_number(session, member))
        return Done(
            f"{member.name} is on duty and is rung as number {member.ring_order}.",
            (
                ("name", member.name),
                ("order", member.ring_order),
                ("phone", number),
            ),
        )


def invite_one(desk: Desk, args: Namespace) -> Reply:
    """Open an account, or open it anew, and show its invitation code once."""
    with desk.database().transaction() as session:
        account = account_with_email(session, args.email)
        if account is None:
            account, code = invite(
                session,
                email=args.email,
                name=args.name,
                role=StaffRole(args.role),
                communities=args.community,
                actor=desk.actor,
                now=desk.now,
            )
        else:
            code = invite_again(session, account, actor=desk.actor, now=desk.now)
        return Done(
            f"{account.name} may join as {account.role.value} within a week. Tell them this code by"
            f" phone or in person: {code}. They enter it at"
            f" {desk.settings.PUBLIC_BASE_URL}/desk/join.",
            (("email", account.email), ("role", account.role.value), ("code", code)),
        )


def turn_on(desk: Desk, args: Namespace) -> Reply:
    """Put a member of staff on duty."""
    return _turn(desk, args.name, on_duty=True)


def turn_off(desk: Desk, args: Namespace) -> Reply:
    """Take a member of staff off duty; say so when nobody is left."""
    return _turn(desk, args.name, on_duty=False)


def _turn(desk: Desk, name: str, *, on_duty: bool) -> Reply:
    with desk.database().transaction() as session:
        member = session.scalar(select(Staff).where(func.lower(Staff.name) == name.strip().lower()))
        if member is None:
            raise ProgrammeError(
                f"There is no member of staff called {name}. `bridgeline staff` lists them."
            )
        member.on_duty = on_duty
        session.flush()
        left = session.scalar(select(func.count(Staff.id)).where(Staff.on_duty.is_(True))) or 0
        alone = "" if left else " Nobody is on duty now: who presses 0 can only leave a message."
        return Done(
            f"{member.name} is {'on' if on_duty else 'off'} duty.{alone}",
            (("name", member.name), ("on duty", on_duty), ("staff on duty", left)),
        )
