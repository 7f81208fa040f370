"""Small factories: people, lines, matches and texts with plain defaults, and two things at once."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from itertools import count
from threading import Barrier
from typing import Any, TypeVar
from uuid import uuid4
from zoneinfo import ZoneInfo

from sqlalchemy import Engine, select

from mentoring.consents import record_all_parts, record_consent
from mentoring.contacts import log_between
from mentoring.conversations import begin, remember_spoken
from mentoring.db import Database, Session, make_engine
from mentoring.lines import add_line
from mentoring.matches import open_match
from mentoring.models import (
    Answer,
    Channel,
    Contact,
    ContactKind,
    Conversation,
    Delivery,
    DeliveryKind,
    Line,
    LineKind,
    LineType,
    Match,
    Mode,
    Outcome,
    Person,
    PersonState,
    Phone,
    Role,
)
from mentoring.people import add_person, find_or_add_phone, person_with_code
from mentoring.proposals.proposing import withdraw_proposal
from mentoring.proposals.records import open_proposal_of
from mentoring.queueing import queue_text
from mentoring.routing import Route, route_of_side

Result = TypeVar("Result")

# A Tuesday, 11 in the morning in Chicago: the clock of the tests stands there.
NOW = datetime(2026, 3, 3, 17, 0, tzinfo=UTC)
MAIN = "+15155550100"
DAN = "+15155550199"

CHICAGO = ZoneInfo("America/Chicago")

_keys = count(1)


def chicago(month: int, day: int, hour: int, minute: int = 0, *, fold: int = 0) -> datetime:
    """Return a moment of 2026 by the wall clock of Chicago; `fold` 1 is the hour's second time."""
    return datetime(2026, month, day, hour, minute, fold=fold, tzinfo=CHICAGO).astimezone(UTC)


def number(which: int) -> str:
    """Return one of sixty fictional numbers for people; lines and strangers have others."""
    return f"+151555501{30 + which % 60}"


def make_phone(session: Session, which: int = 0, *, now: datetime = NOW) -> Phone:
    """Return the phone with one of the fictional numbers."""
    return find_or_add_phone(session, number(which), now=now)


def make_person(
    session: Session,
    role: Role = Role.PROTEGE,
    name: str = "Ben",
    *,
    phone: Phone | None = None,
    which: int | None = None,
    mode: Mode = Mode.BOTH,
    zone: str | None = "America/Chicago",
    texts: bool = True,
    landline: bool = False,
    shared: bool = False,
    safe_contact: int = 1,
    state: PersonState = PersonState.WAITING,
    now: datetime = NOW,
) -> Person:
    """Add somebody who went through consent and intake, on a phone of their own or a given one.

    `texts` says whether they agreed to texts (C1); all other parts are agreed to.
    """
    if phone is None:
        phone = make_phone(
            session, {Role.PROTEGE: 1, Role.MENTOR: 2}[role] if which is None else which
        )
    phone.shared = shared
    phone.line_type = LineType.LANDLINE if landline else LineType.UNKNOWN
    person = add_person(
        session,
        role=role,
        phone=phone,
        first_name=name,
        state=state,
        actor="staff",
        reason="test",
        now=now,
    )
    person.mode, person.zone, person.safe_contact = mode, zone, safe_contact
    record_all_parts(
        session,
        person,
        channel=Channel.STAFF,
        proof="test",
        known_by="staff",
        refused=() if texts else ("C1",),
        now=now,
    )
    return person


def agree(
    session: Session,
    phone: Phone,
    part: str = "C1",
    *,
    agreed: bool = True,
    person: Person | None = None,
    now: datetime = NOW,
) -> None:
    """Record an answer to one part of the consent, written down by staff."""
    record_consent(
        session,
        phone=phone,
        person=person,
        part=part,
        agreed=agreed,
        channel=Channel.STAFF,
        language="en",
        proof="test",
        known_by="staff",
        now=now,
    )


def make_lines(session: Session, pairs: int = 3, *, now: datetime = NOW) -> list[Line]:
    """Add the main line and some pair lines (nine at most); returns the pair lines."""
    add_line(session, MAIN, LineKind.MAIN, now=now)
    return [
        add_line(session, f"+1515555010{place}", LineKind.PAIR, now=now)
        for place in range(1, pairs + 1)
    ]


def make_match(
    session: Session,
    protege: Person | None = None,
    mentor: Person | None = None,
    *,
    now: datetime = NOW,
) -> Match:
    """Open a match between two people, or between Ben and Ada."""
    return open_match(
        session,
        protege=protege or make_person(session),
        mentor=mentor or make_person(session, Role.MENTOR, "Ada", state=PersonState.AVAILABLE),
        actor="staff",
        now=now,
    )


def make_text(
    session: Session,
    body: str = "See you on Tuesday.",
    *,
    to: Phone,
    line: Line,
    kind: DeliveryKind = DeliveryKind.NOTICE,
    person: Person | None = None,
    contact: Contact | None = None,
    prompt: str | None = None,
    reply_to_at: datetime | None = None,
    not_before: datetime | None = None,
    keep_for: timedelta = timedelta(days=3),
    key: str | None = None,
    now: datetime = NOW,
) -> Delivery:
    """Queue one text and return its row."""
    made = queue_text(
        session,
        body,
        to=to,
        line=line,
        kind=kind,
        dedupe_key=key or f"test:{next(_keys)}",
        person=person,
        contact=contact,
        prompt=prompt,
        reply_to_at=reply_to_at,
        not_before=not_before,
        keep_for=keep_for,
        now=now,
    )
    return session.get_one(Delivery, made)


def make_conversation(
    session: Session, person: Person, flow: str, *, now: datetime = NOW, **more: Any
) -> Conversation:
    """Write down a conversation with somebody, by text unless `more` says otherwise."""
    held = Conversation(
        **{
            "key": uuid4(),
            "phone_id": person.phone_id,
            "person_id": person.id,
            "flow": flow,
            "state_sealed": b"",
            "lasting": False,
            "channel": Channel.TEXT,
            "started_at": now,
            "touched_at": now,
            **more,
        }
    )
    session.add(held)
    session.flush()
    return held


def make_spoken(session: Session) -> Conversation:
    """Return a conversation that began by phone now, and waits for its next answer."""
    exchange = begin(
        session,
        "welcome",
        channel=Channel.VOICE,
        phone=make_phone(session),
        person=None,
        call_sid="CA1",
        now=NOW,
    )
    remember_spoken(session, exchange.conversation, "<Response/>")
    return session.scalars(select(Conversation)).one()


def make_answer(
    session: Session,
    held: Conversation,
    question: str,
    *,
    value: str | None = None,
    words: str = "",
    turn: int = 1,
    now: datetime = NOW,
) -> Answer:
    """Write down an answer that was given in a conversation: a code, or own words."""
    answer = Answer(
        key=uuid4(),
        conversation_id=held.id,
        person_id=held.person_id,
        question=question,
        prompt_version=1,
        turn=turn,
        value=value,
        channel=held.channel,
        at=now,
    )
    if words:
        answer.words_sealed = session.vault.seal(words, place=answer.place("words_sealed"))
    session.add(answer)
    session.flush()
    return answer


def way_of(session: Session, match: Match, *, back: bool = False) -> Route:
    """Return the way from the protege of an open match to the mentor, or back."""
    role = Role.MENTOR if back else Role.PROTEGE
    (mine,) = (side for side in match.sides if side.role is role)
    way = route_of_side(session, mine.id)
    assert way is not None
    return way


def make_relay(
    session: Session, match: Match, *parts: str, back: bool = False, now: datetime = NOW
) -> list[Delivery]:
    """Log and queue one relayed text of so many parts, from the protege to the mentor or back."""
    way = way_of(session, match, back=back)
    contact = log_between(
        session,
        way,
        ContactKind.TEXT,
        source_sid=f"SM{next(_keys):032x}",
        outcome=Outcome.QUEUED,
        now=now,
    )
    return [
        make_text(
            session,
            part,
            to=way.other.phone,
            person=way.other.person,
            line=way.line,
            kind=DeliveryKind.RELAY,
            contact=contact,
            now=now,
        )
        for part in parts
    ]


@contextmanager
def another_process(db: Database) -> Iterator[Database]:
    """The same database as another process sees it: with connections and locks of its own."""
    assert isinstance(db.bind, Engine)
    engine = make_engine(db.bind.url.render_as_string(hide_password=False))
    try:
        yield Database(engine, vault=db.vault, programme=db.programme)
    finally:
        engine.dispose()


def all_at_once(*works: Callable[[], Result]) -> list[Result | Exception]:
    """Do several things in threads that start together; returns what each returned or raised."""
    start = Barrier(len(works))

    def run(work: Callable[[], Result]) -> Result | Exception:
        start.wait(timeout=10)
        try:
            return work()
        except Exception as error:
            return error

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(run, works))


def take_offer_back(session: Session, code: str = "P06", *, now: datetime) -> None:
    """Let somebody of the fictional programme wait again: staff take their proposal back."""
    proposal = open_proposal_of(session, person_with_code(session, code))
    assert proposal is not None
    withdraw_proposal(session, proposal, reason="a test", actor="staff", now=now)
