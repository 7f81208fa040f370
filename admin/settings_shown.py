"""A setting as the page shows it: its value, where that comes from, and what it does."""

from dataclasses import dataclass


@dataclass(frozen=True)
class SettingShown:
    """One setting of the environment that concerns the programme; it never holds a secret.

    `fact` is the fact of the programme that staff may set in its place, empty where they may not.
    """

    name: str
    section: str
    value: str
    is_default: bool
    does: str
    fact: str = ""
