"""Every setting is explained, and nothing is explained that does not exist."""

import re

import pytest

from app.settings import Settings
from tests.tree import ROOT, setting_names

# A setting is explained by a row of a table or by a heading that begins with its name.
_EXPLAINED = re.compile(r"^(?:\|\s*|#+\s*|-\s*)`([A-Z][A-Z0-9_]+)`", re.MULTILINE)


@pytest.fixture(scope="module")
def explained() -> list[str]:
    return _EXPLAINED.findall((ROOT / "docs" / "settings.md").read_text())


def test_every_setting_is_explained(explained: list[str]) -> None:
    assert set(Settings.model_fields) - set(explained) == set()


def test_every_explained_setting_exists(explained: list[str]) -> None:
    assert set(explained) - set(Settings.model_fields) == set()


def test_every_setting_is_explained_once(explained: list[str]) -> None:
    assert sorted(set(explained)) == sorted(explained)


def test_the_tests_know_the_settings_without_importing_the_app() -> None:
    assert setting_names() == list(Settings.model_fields)
