"""What journeys about danger and worries have in common."""

from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select

from mentoring.flows.catalog import Catalog
from mentoring.flows.render import write
from mentoring.models import (
    Answer,
    Delivery,
    Due,
    DueKind,
    Match,
    MatchState,
    Phone,
    Staff,
    StaffTask,
)
from mentoring.operators import add_staff
from mentoring.safety.alert_words import words_told
from tests.journeys.cast import goes_through
from tests.phone import Caller
from tests.town import MAIN, STAFF, Town

CHICAGO = ZoneInfo("America/Chicago")
BEN_ADLER = "+15155550191"  # a second member of staff
HELP = (
    "It sounds like a very hard time. You can call or text 988 to reach a person, day or night."
    " In danger now? Call 911. Our staff will check on you."
)
NUMBERS = (
    "If there is danger now, call 911. To talk to someone day or night, call or text 988. Our staff"
    " have been told. We can't call 911 for you."
)
# What is asked first of whoever has a worry.
DANGER = (
    "Thank you for telling us. This is not an emergency line. In danger? Call 911. Is someone in"
    " danger now? Reply 1 yes, 2 no."
)
# What somebody in danger is told, by language.
IN_DANGER = {
    language: write(
        "T-X1",
        catalog=Catalog.load(),
        language=language,
        params={"emergency": "911", "crisis": "988"},
    )
    for language in ("en", "es", "fr")
}


def at_night(town: Town, hour: int = 3) -> None:
    """Let it be that hour of the coming night in Chicago, where the office is as well."""
    now = town.clock.now().astimezone(CHICAGO)
    wanted = now.replace(hour=hour, minute=0, second=0)
    town.days_pass(((wanted - now).total_seconds() + 24 * 3600) / (24 * 3600))


def opens_the_worry(town: Town, number: str) -> Caller:
    """Call the main line and go to a worry by the keys."""
    caller = town.caller(number)
    caller.calls(MAIN)
    goes_through(caller, ("3", "To tell us a worry press 1"), ("1", "Please tell us what worries"))
    return caller


def danger(town: Town) -> list[StaffTask]:
    """Return the alerts about somebody in danger, oldest first."""
    return [task for task in town.tasks() if task.rule == "O11"]


def rules(town: Town) -> list[str]:
    return [task.rule for task in town.tasks()]


def second_on_call(town: Town) -> None:
    with town.db.transaction() as session:
        add_staff(session, name="Ben Adler", number=BEN_ADLER, ring_order=2, now=town.clock.now())
    town.phone(BEN_ADLER, label="Ben Adler")


def is_paged(town: Town, number: str = STAFF) -> Caller:
    """The phone of a member of staff rings, and they take the call."""
    town.settle()
    caller = town.caller(number)
    assert caller.handset.ringing, "The phone does not ring."
    caller.answers()
    return caller


def pages(town: Town) -> list[str]:
    """Return who was rung about an alert, and when by the clocks in Chicago, oldest first."""
    with town.db.transaction() as session:
        rows = session.execute(
            select(Delivery.claimed_at, Staff.name)
            .join(Phone, Phone.id == Delivery.to_phone_id)
            .join(Staff, Staff.number_index == Phone.number_index)
            .where(Delivery.flow == "page", Delivery.claimed_at.is_not(None))
            .order_by(Delivery.id)
        )
        return [f"{at.astimezone(CHICAGO):%H:%M} {name}" for at, name in rows if at is not None]


def staff_named(town: Town, name: str) -> Staff:
    with town.db.transaction() as session:
        return session.scalars(select(Staff).where(Staff.name == name)).one()


def state_of(town: Town, match: Match) -> MatchState:
    with town.db.transaction() as session:
        return session.get_one(Match, match.id).state


def kept(town: Town, alert: StaffTask) -> list[str]:
    """Return the words that are kept with an alert."""
    with town.db.transaction() as session:
        return [words for _, words in words_told(session, session.get_one(StaffTask, alert.id))]


def told(town: Town) -> dict[str, str | None]:
    """Return the newest answer to each question; own words are opened."""
    with town.db.transaction() as session:
        return {
            row.question: session.vault.open(row.words_sealed, place=row.place("words_sealed"))
            if row.words_sealed
            else row.value
            for row in session.scalars(select(Answer).order_by(Answer.id))
        }


def waiting_pages(town: Town) -> list[datetime]:
    with town.db.transaction() as session:
        waiting = select(Due.due_at).where(Due.kind == DueKind.PAGE, Due.done_at.is_(None))
        return list(session.scalars(waiting))
