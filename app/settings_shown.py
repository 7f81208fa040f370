"""The settings that concern the programme, as the coordinators' page shows them.

What each does is told once, in the tables of docs/settings.md; the page repeats those words.
"""

import re
from collections.abc import Iterator
from dataclasses import fields
from datetime import time
from functools import cache
from typing import Any

from admin.settings_shown import SettingShown
from app.settings import ROOT, Settings
from mentoring.oversight.rules import Thresholds
from mentoring.programme_editions import READERS
from mentoring.reports.rates import Rates

# The sections of docs/settings.md about the programme; the others are about the machine, and hold
# addresses and keys.
SECTIONS = (
    *("The programme", "Hours", "Calls", "Automated calls", "Waiting", "Oversight"),
    *("Costs", "Keeping"),
)
_SECTION = re.compile(r"^## (.+)$", re.MULTILINE)
_ROW = re.compile(r"^\| `([A-Z][A-Z0-9_]+)` \|[^|]*\|[^|]*\| ([^|]+) \|", re.MULTILINE)
_MARKS = re.compile(r"\[([^\]]+)\]\([^)]+\)|[`*]")


def settings_shown(settings: Settings) -> tuple[SettingShown, ...]:
    """Return every setting of the programme with its value, in the order of the documentation."""
    return tuple(
        SettingShown(
            name=name,
            section=section,
            value=_in_words(getattr(settings, name)),
            is_default=name not in settings.model_fields_set,
            does=does,
            fact=name.lower() if name.lower() in READERS else "",
        )
        for section, name, does in told()
    )


@cache
def told() -> tuple[tuple[str, str, str], ...]:
    """Return (section, setting, what it is) of the documentation; nothing where it is missing."""
    page = ROOT / "docs" / "settings.md"
    return tuple(_read(page.read_text("utf-8"))) if page.exists() else ()


def _read(text: str) -> Iterator[tuple[str, str, str]]:
    _, *parts = _SECTION.split(text)
    for section, body in zip(parts[::2], parts[1::2], strict=True):
        if section in SECTIONS:
            for name, does in _ROW.findall(body):
                yield section, name, _MARKS.sub(lambda found: found[1] or "", does)


def _in_words(value: Any) -> str:
    if isinstance(value, time):
        return f"{value:%H:%M}"
    if isinstance(value, tuple):
        return ", ".join(value) or "none"
    if isinstance(value, Thresholds):
        usual = Thresholds()
        changed = {
            each.name: getattr(value, each.name)
            for each in fields(value)
            if getattr(value, each.name) != getattr(usual, each.name)
        }
        return ", ".join(f"{name} {limit}" for name, limit in changed.items()) or "as usual"
    if isinstance(value, Rates):
        amounts = [each.name for each in fields(value) if each.name != "currency"]
        said = ", ".join(f"{name} {getattr(value, name)}" for name in amounts)
        return f"{said}, in {value.currency}"
    return "not set" if value is None else str(value)
