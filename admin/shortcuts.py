"""The keys of the page: one list, which its script obeys and which `?` and the help page show."""

from dataclasses import dataclass

from flask import url_for


@dataclass(frozen=True)
class Shortcut:
    """What somebody presses, what for, and for a page that it leads to that page."""

    press: str
    purpose: str
    page: str = ""

    @property
    def address(self) -> str:
        """Return where it leads, or nothing."""
        return url_for(f"desk.{self.page}") if self.page else ""


# A page is reached by g and then its letter, so that a slip of one key leads nowhere.
SHORTCUTS = (
    *(
        Shortcut(f"g then {letter}", words, page)
        for letter, words, page in (
            ("t", "today", "today"),
            ("p", "people", "list_people"),
            ("m", "matches", "list_matches"),
            ("c", "contacts", "list_contacts"),
            ("a", "alerts", "list_alerts"),
            ("k", "tasks", "list_tasks"),
            ("l", "lines and delivery", "show_lines"),
            ("s", "settings", "show_settings"),
        )
    ),
    Shortcut("/", "look for somebody"),
    Shortcut("?", "this list of keys"),
)
