"""The migrations make exactly the tables that the models describe, on this run's database."""

from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import Engine

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
