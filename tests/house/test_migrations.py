"""The migrations make exactly the tables that the models describe, on this run's database."""

from pathlib import Path

import pytest
from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, text

from mentoring.db import make_engine
from mentoring.migrations import config_for, current, newest, upgrade


def test_the_migrated_schema_equals_the_models(engine: Engine) -> None:
    with engine.begin() as connection:
        command.check(config_for(connection))


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
