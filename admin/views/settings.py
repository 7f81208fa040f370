"""Every setting that concerns the programme: what it is, where it comes from, and what it does."""

from datetime import time
from itertools import groupby

from flask import url_for
from flask.typing import ResponseReturnValue

from admin.labels import language_name
from admin.ladders_shown import LADDER_TITLES, ladder_rows
from admin.lists import Cell, Link
from admin.office import Visit
from admin.pages import Pages
from admin.permissions import Permission
from admin.rendering import render
from admin.settings_shown import SettingShown
from admin.views.wording_list import count_unreviewed
from mentoring.going_live import Part
from mentoring.programme_editions import newest_edition

# On which page of the set-up a fact is changed.
_CHANGED_AT = {
    **dict.fromkeys(("org_name", "staff_name"), Part.PURPOSE),
    **dict.fromkeys(("country", "office_zone", "calling_from", "calling_until"), Part.HOURS),
    **dict.fromkeys(("check_in_from", "check_in_until"), Part.HOURS),
    "languages": Part.LANGUAGES,
}


def add_to(pages: Pages) -> None:
    """Add the page."""
    pages.get("/settings", Permission.SEE, show_settings)


def show_settings(visit: Visit) -> ResponseReturnValue:
    """Show the settings by section, and what staff have set about the programme itself."""
    newest = newest_edition(visit.session)
    set_here = set(newest.facts) if newest else set()
    programme = visit.session.programme
    sections = [
        (section, [_row(visit, each, each.fact in set_here) for each in settings])
        for section, settings in groupby(visit.office.settings, key=lambda each: each.section)
    ]
    numbers = [
        f"{country}: {row.emergency or 'none'} and {row.crisis_line or 'none'}"
        for country, row in sorted(programme.crisis_numbers.items())
        if country in programme.countries
    ]
    about: list[tuple[str, Cell]] = [
        ("State", "live" if programme.is_live else "not started yet"),
        ("What it is for", programme.purpose or "not said yet"),
        ("Where people must live", programme.place or "not said yet"),
        ("Which businesses", programme.businesses or "not said yet"),
        ("Youngest who may join", Link("18, as T-PA1 asks", _asked_at("T-PA1"))),
        ("Languages", ", ".join(map(language_name, programme.languages))),
        *_reviews(visit),
        ("Numbers in a crisis", "; ".join(numbers) or "none"),
        (
            "Days of staff",
            f"Monday to Friday, but for the public holidays of {programme.country}, on the clock of"
            f" {programme.office_zone}. What is due in working days is due at the same time of day."
            " Whoever is on call is paged about danger at any hour.",
        ),
    ]
    return render(
        "settings.html",
        visit,
        sections=sections,
        about=about,
        ladder_titles=LADDER_TITLES,
        ladders=ladder_rows(),
    )


def _asked_at(prompt: str) -> str:
    return url_for("desk.show_wording", prompt=prompt)


def _row(visit: Visit, setting: SettingShown, is_set_here: bool) -> tuple[Cell, ...]:
    value = setting.value
    source = "default" if setting.is_default else "environment"
    if is_set_here:
        known = getattr(visit.session.programme, setting.fact)
        value = _in_words(known)
        source = "this page"
    return (setting.name, value, source, setting.does, _change(visit, setting))


def _in_words(known: object) -> str:
    if isinstance(known, time):
        return f"{known:%H:%M}"
    return ", ".join(known) if isinstance(known, tuple) else str(known)


def _reviews(visit: Visit) -> list[tuple[str, Cell]]:
    """Return of each translation how much of it nobody has signed, whether it is offered or not."""
    shown: list[tuple[str, Cell]] = []
    for language, missing, total in count_unreviewed(visit):
        words = f"{missing} of {total} not reviewed" if missing else f"all {total} reviewed"
        if language not in visit.session.programme.languages:
            words = f"{words}; not offered"
        address = url_for("desk.list_wording", language=language, review="no" if missing else None)
        title = f"Wording in {language_name(language)}"
        shown.append((title, Link(words, address, told=f"{words}: {title}")))
    return shown


def _change(visit: Visit, setting: SettingShown) -> Cell:
    part = _CHANGED_AT.get(setting.fact)
    if part is None:
        return "in the environment, with a restart"
    if not visit.may(Permission.SETUP):
        return "by an admin, here"
    address = url_for("desk.show_part", part=part.value)
    return Link("Change it", address, told=f"Change it: {setting.name}")
