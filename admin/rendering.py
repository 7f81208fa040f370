"""How the page shows things: templates, times in both zones, and problems in sentences."""

import hashlib
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask import Response, g, jsonify, make_response, render_template, request
from flask.typing import ResponseReturnValue
from markupsafe import Markup
from werkzeug.exceptions import HTTPException

from admin.office import Visit
from admin.permissions import Permission
from admin.sessions import WARNED_BEFORE
from admin.shortcuts import SHORTCUTS
from mentoring.clock import spoken_date, spoken_day, spoken_time, zone_named

# What is said where nobody has said it better: the library's own words are for programmers.
_NO_BREAK = "\N{NO-BREAK SPACE}"
_PROBLEMS = {
    400: ("That could not be read", "Go back, look over what you entered, and send it again."),
    401: ("You are signed out", "Sign in again; then go on where you were."),
    403: ("Not for your role", "You may not do that. An admin can change what you may do."),
    404: (
        "There is no such page",
        "It may have gone, or belong to a community that is not yours. Look for it in the menu.",
    ),
    409: ("That cannot be shown now", "Go back and look at it again."),
    405: ("That is not done here", "Go back and use the button on the page."),
    413: ("That was too long", "Send less at once."),
    429: ("Too many tries", "Wait a quarter of an hour, then try again."),
}


def render(template: str, visit: Visit | None = None, **facts: Any) -> str:
    """Return a template of the page; `visit` is whose page it is, None before they sign in."""
    return render_template(
        f"desk/{template}",
        visit=visit,
        Permission=Permission,
        here=request.path,
        shortcuts=SHORTCUTS,
        signed_in_until=g.get("signed_in_until"),
        warned_before=int(WARNED_BEFORE.total_seconds()),
        **facts,
    )


def render_news(template: str, visit: Visit, facts: Mapping[str, Any]) -> ResponseReturnValue:
    """Return the moving part of a page, if it is not what the browser has already.

    `said` of the facts is what is announced.
    """
    part = render(template, visit, **facts)
    version = hashlib.sha256(part.encode()).hexdigest()[:16]
    if request.args.get("version") == version:
        return "", 304
    return jsonify({"version": version, "html": part, "said": facts["said"]})


def show_problem(problem: HTTPException, visit: Visit | None = None) -> Response:
    """Answer with the page of an error: what it is, and what to do next."""
    code = problem.code or 500
    title, words = _PROBLEMS.get(code, ("Something went wrong", "Try again in a minute."))
    said = problem.description
    if said and said != type(problem).description:
        words = said
    answer = make_response(
        render(
            "problem.html",
            visit,
            title=title,
            words=words,
        ),
        code,
    )
    return answer


def both_times(moment: datetime, office: ZoneInfo, *zone_names: str | None) -> Markup:
    """Return a moment as staff read it and, where it differs, as those concerned do (A33)."""
    here = _in_two_pieces(moment, office)
    markup = Markup('<time datetime="{}">{}</time>').format(moment.isoformat(), here)
    told = {moment.astimezone(office).utcoffset()}
    there = []
    for zone in map(zone_named, zone_names):
        if zone is None or moment.astimezone(zone).utcoffset() in told:
            continue
        told.add(moment.astimezone(zone).utcoffset())
        place = zone.key.rpartition("/")[2].replace("_", " ")
        there.append(f"{_in_two_pieces(moment, zone)} in {place}")
    if not there:
        return markup
    return markup + Markup(' <span class="there">({})</span>').format("; ".join(there))


def _in_two_pieces(moment: datetime, zone: ZoneInfo) -> str:
    """Return a day and a time; where a line is too short it breaks between the two alone."""
    return f"{_whole_day(moment, zone)}, {spoken_time(moment, zone).replace(' ', _NO_BREAK)}"


def _whole_day(moment: datetime, zone: ZoneInfo) -> str:
    """Return a local date as people say it, in one piece: no line breaks within."""
    return spoken_day(moment, zone).replace(" ", _NO_BREAK)


def date_words(day: date) -> str:
    """Return a date with its weekday and year, in one piece."""
    return f"{spoken_date(day)}, {day.year}".replace(" ", _NO_BREAK)


def filters() -> Mapping[str, Any]:
    """Return what templates call by name."""
    return {
        "times": both_times,
        "day": date_words,
        "words": lambda value: str(value).replace("_", " "),
    }
