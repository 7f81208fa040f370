"""The migrations make exactly the tables that the models describe, on this run's database."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, MetaData, inspect, select, text
from sqlalchemy.orm import Session as Connected

from mentoring.db import make_engine
from mentoring.migrations import current, newest, upgrade
from mentoring.migrations.steps import config_for
from mentoring.models import (
    Answer,
    Channel,
    Conversation,
    Due,
    DueKind,
    Person,
    PersonState,
    Phone,
    Role,
    Talk,
    TalkState,
)
from tests.databases import Databases


def test_the_migrated_schema_equals_the_models(engine: Engine) -> None:
    with engine.begin() as connection:
        command.check(config_for(connection))


def in_words(found: object) -> str:
    """Return one fact about a table in words; a condition of SQL is an object without any."""
    return json.dumps(found, default=str, sort_keys=True)


def shape_of(engine: Engine) -> dict[str, dict[str, list[str]]]:
    """Return everything that a database knows of its tables, but for the order of columns."""
    asked = ("columns", "indexes", "check_constraints", "unique_constraints", "foreign_keys")
    looking = inspect(engine)
    return {
        table: {
            "key": [in_words(looking.get_pk_constraint(table))],
            **{
                what: sorted(map(in_words, getattr(looking, f"get_{what}")(table)))
                for what in asked
            },
        }
        for table in looking.get_table_names()
    }


def test_an_empty_database_gets_at_once_what_all_steps_make(
    engine: Engine, databases: Databases
) -> None:
    at_once = make_engine(databases.fresh())
    tables = MetaData()
    tables.reflect(at_once)
    tables.drop_all(at_once)
    upgrade(at_once)
    made, wanted, at = shape_of(at_once), shape_of(engine), current(at_once)
    at_once.dispose()

    assert made.keys() == wanted.keys()
    for table, shape in wanted.items():
        assert made[table] == shape, table
    assert at == newest()


def test_there_is_one_newest_revision_and_the_head_file_names_it() -> None:
    assert ScriptDirectory.from_config(config_for()).get_heads() == [newest()]


def test_a_migrated_database_says_which_revision_it_is_at(engine: Engine) -> None:
    assert current(engine) == newest()


def test_a_second_upgrade_changes_nothing(engine: Engine) -> None:
    upgrade(engine)

    assert current(engine) == newest()


@pytest.mark.parametrize(("lines", "live"), [(2, [(0, True)]), (0, [])])
def test_whoever_had_lines_before_there_was_a_setup_counts_as_live(
    tmp_path: Path, lines: int, live: list[tuple[int, bool]]
) -> None:
    engine = make_engine(f"sqlite:///{tmp_path / 'old.db'}")
    with engine.begin() as connection:
        command.upgrade(config_for(connection), "0012")
        for number in range(lines):
            connection.execute(
                text(
                    "INSERT INTO lines (number, kind, created_at)"
                    " VALUES (:number, 'pair', '2026-03-03 17:00:00')"
                ),
                {"number": f"+1515555010{number}"},
            )
    upgrade(engine)
    with engine.begin() as connection:
        found = connection.execute(text("SELECT follows, live FROM programme_editions")).all()
    engine.dispose()

    assert [(follows, bool(is_live)) for follows, is_live in found] == live


@pytest.fixture
def before_the_last_talks(databases: Databases) -> Iterator[Engine]:
    """A database as it was before 0020, with Rosa and Luis's match, that is closing."""
    engine = make_engine(databases.fresh())
    with engine.begin() as connection:
        command.downgrade(config_for(connection), "0019")
        for statement in (
            "INSERT INTO lines (id, number, kind, created_at)"
            " VALUES (1, '+15155550101', 'pair', :at)",
            "INSERT INTO matches (id, code, state, line_id, opened_at)"
            " VALUES (1, 'K01', 'closing', 1, :at)",
        ):
            connection.execute(text(statement), {"at": datetime.now(UTC) - timedelta(days=90)})
    yield engine
    engine.dispose()


def a_last_talk(engine: Engine, *, over_in: timedelta) -> datetime:
    """Have a last talk wait as it did at first: as a due alone. Returns when the talk begins."""
    over_at = datetime.now(UTC).replace(microsecond=0) + over_in
    with engine.begin() as connection, Connected(connection) as session:
        session.add(
            Due(
                kind=DueKind.LAST_TALK,
                match_id=1,
                due_at=over_at,
                dedupe_key="last-talk:1",
                created_at=over_at - timedelta(days=9),
            )
        )
        session.commit()
    return over_at - timedelta(minutes=60)


@pytest.mark.parametrize(
    ("over_in", "reminded_before"),
    [(timedelta(days=3), timedelta(hours=24)), (timedelta(hours=9), timedelta(hours=2))],
)
def test_a_last_talk_that_was_a_due_alone_becomes_a_talk_with_a_reminder(
    before_the_last_talks: Engine, over_in: timedelta, reminded_before: timedelta
) -> None:
    at = a_last_talk(before_the_last_talks, over_in=over_in)
    upgrade(before_the_last_talks)

    with before_the_last_talks.connect() as connection, Connected(connection) as session:
        talk = session.scalars(select(Talk)).one()
        assert (talk.at, talk.state, talk.is_last) == (at, TalkState.PLANNED, True)
        waiting = {due.kind: due for due in session.scalars(select(Due))}
        assert {due.talk_id for due in waiting.values()} == {talk.id}
        assert {kind: due.due_at for kind, due in waiting.items()} == {
            DueKind.TALK_REMINDER: at - reminded_before,
            DueKind.TALK_RING: at,
            DueKind.TALK_OVER: at + timedelta(minutes=30),
            DueKind.LAST_TALK: at + timedelta(minutes=60),
        }


def test_a_last_talk_that_has_begun_stays_the_due_that_it_was(
    before_the_last_talks: Engine,
) -> None:
    a_last_talk(before_the_last_talks, over_in=timedelta(minutes=50))
    upgrade(before_the_last_talks)

    with before_the_last_talks.connect() as connection, Connected(connection) as session:
        assert session.scalars(select(Talk)).all() == []
        assert session.scalars(select(Due)).one().talk_id is None


def test_a_talk_of_the_plan_at_that_very_moment_becomes_the_last_one(
    before_the_last_talks: Engine,
) -> None:
    at = a_last_talk(before_the_last_talks, over_in=timedelta(days=3))
    with before_the_last_talks.connect() as connection, Connected(connection) as session:
        session.add(Talk(match_id=1, at=at, state=TalkState.REMINDED, created_at=at))
        session.commit()
    upgrade(before_the_last_talks)

    with before_the_last_talks.connect() as connection, Connected(connection) as session:
        talk = session.scalars(select(Talk)).one()
        assert (talk.state, talk.is_last) == (TalkState.REMINDED, True)
        assert session.scalars(select(Due.talk_id)).all() == [talk.id]


def test_an_edit_that_named_the_numbers_of_a_crisis_is_said_on(tmp_path: Path) -> None:
    engine = make_engine(f"sqlite:///{tmp_path / 'old.db'}")
    with engine.begin() as connection:
        command.upgrade(config_for(connection), "0020")
        connection.execute(
            text(
                "INSERT INTO wording_editions (prompt, language, community, version, voice, text,"
                " short, keys, retry, labels, state, note, actor, at) VALUES ('T-X1', 'en', '', 1,"
                " 'Call 988.', 'Call 988 or 911.', '', '', '', '[]', 'live', 'x', 'staff:Lee',"
                " '2026-03-03 17:00:00')"
            )
        )
    upgrade(engine)
    with engine.begin() as connection:
        found = connection.execute(text("SELECT voice, text FROM wording_editions")).all()
    engine.dispose()

    assert found == [("Call {crisis}.", "Call {crisis} or {emergency}.")]


def test_who_is_joining_and_said_no_to_texts_is_marked_as_new_answers_are(
    databases: Databases,
) -> None:
    engine = make_engine(databases.fresh())
    with engine.begin() as connection:
        command.downgrade(config_for(connection), "0033")
    with engine.begin() as connection, Connected(connection) as session:
        for value in ("no", "yes"):
            _is_joining(session, can_get_texts=value)
        session.commit()

    upgrade(engine)

    with engine.connect() as connection, Connected(connection) as session:
        people = session.scalars(select(Person).order_by(Person.id))
        assert [person.profile for person in people] == [{"without_texts": "yes"}, {}]
    engine.dispose()


def _is_joining(session: Connected, *, can_get_texts: str) -> None:
    """Have somebody be in their intake, who has said whether their phone gets texts."""
    now = datetime.now(UTC)
    phone = Phone(number_sealed=b"-", number_index=can_get_texts.encode(), created_at=now)
    person = Person(
        role=Role.PROTEGE,
        code=f"P-{can_get_texts}",
        phone=phone,
        state=PersonState.INTAKE,
        state_since=now,
        profile={},
        created_at=now,
    )
    talk = Conversation(
        phone=phone,
        person=person,
        flow="consent",
        state_sealed=b"-",
        lasting=True,
        channel=Channel.VOICE,
        started_at=now,
        touched_at=now,
    )
    session.add_all((phone, person, talk))
    session.flush()
    session.add(
        Answer(
            conversation_id=talk.id,
            person_id=person.id,
            question="C0",
            prompt_version=1,
            turn=1,
            value=can_get_texts,
            channel=Channel.VOICE,
            at=now,
        )
    )
