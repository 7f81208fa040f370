"""What passes between two people and holds words that staff must see: the text goes on, they look.

Neither side is told (S22). Of each there is one open alert: staff read on from there.
"""

from datetime import datetime

from mentoring.db import Session
from mentoring.editions.current import catalog_for
from mentoring.flows.render import say
from mentoring.models import Contact, ContactKind, DeliveryKind, Outcome
from mentoring.notes import keep_written
from mentoring.notices import queue_prompt
from mentoring.people import number_of
from mentoring.routing import Route
from mentoring.safety.crisis import keep_told
from mentoring.safety.words import Flags
from mentoring.tasks import open_task
from mentoring.wording import language_for


def flag_relayed(session: Session, route: Route, flags: Flags, told: str, *, now: datetime) -> None:
    """Open alerts about words that hurt (O12) and about money that would change hands (O13)."""
    writer, match = route.mine.person, route.match
    if flags.harm:
        alert = open_task(
            session,
            rule="O12",
            words=f"{writer.code} used words in {match.code} that may hurt or threaten.",
            subject=f"{writer.code}:{match.code}",
            person=writer,
            match_id=match.id,
            now=now,
        )
        keep_told(session, alert, told, writer, now=now)
    if flags.money:
        alert = open_task(
            session,
            rule="O13",
            words=f"{match.code}: a text of {writer.code} speaks of money, goods, faith or votes.",
            subject=match.code,
            match_id=match.id,
            person=writer,
            now=now,
        )
        keep_told(session, alert, told, writer, now=now)


def warn_partner(session: Session, route: Route, contact: Contact, *, now: datetime) -> None:
    """Say to whoever gets a cry for help what they can do; together with the text, in their hours.

    Where the text is read aloud, this is as well, right after it.
    """
    if contact.kind is ContactKind.TEXT and contact.outcome is Outcome.NOTE_LEFT:
        keep_written(session, _read_aloud(session, route), route, contact=contact, now=now)
        return
    queue_prompt(
        session,
        "T-X2",
        to=route.other.phone,
        line=route.line,
        kind=DeliveryKind.NOTICE,
        dedupe_key=f"cry:{contact.id}",
        person=route.other.person,
        contact=contact,
        known=_about_the_writer(session, route),
        now=now,
    )


def _about_the_writer(session: Session, route: Route) -> dict[str, str]:
    """Return what the warning names: who wrote, and whom one calls where the writer is."""
    numbers = session.programme.crisis_numbers_for(number_of(session, route.mine.phone))
    return {"mentor": route.mine.person.shown_name, "crisis": numbers.crisis_line}


def _read_aloud(session: Session, route: Route) -> str:
    """Return the warning as it is read to whoever gets texts read aloud."""
    pieces = say(
        "T-X2",
        catalog=catalog_for(session, route.other.person),
        language=language_for(route.other.person),
        params=_about_the_writer(session, route),
    )
    return " ".join(pieces)
