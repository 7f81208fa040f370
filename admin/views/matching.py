"""Matching: who waits, whom the plan picks and why, and the buttons by which staff decide."""

from collections.abc import Collection, Sequence

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from wtforms import Form, SelectField

from admin.forms import OneOf, attempt, choices, sent
from admin.labels import options
from admin.lists import Cell, Link
from admin.office import Visit
from admin.pages import Pages
from admin.permissions import Permission
from admin.queries import person_of
from admin.rendering import render
from mentoring.matching.board import Board, read_board
from mentoring.matching.picks import OverrideReason, bar_pair, pick
from mentoring.matching.suggest import Judged, Suggestions
from mentoring.models import BarReason, Match, Person
from mentoring.phone import written

_ELSEWHERE = "somebody of another community"


class OverrideForm(Form):
    """Why staff pick somebody else than the plan does."""

    reason = SelectField(
        "Why not whom the plan picks?",
        [OneOf([each.value for each in OverrideReason], "Choose why you pick somebody else.")],
        choices=choices(options(OverrideReason), first="choose"),
        validate_choice=False,
    )


class ApartForm(Form):
    """Why two people are not to be brought together."""

    reason = SelectField(
        "Why are they kept apart?",
        [OneOf([each.value for each in BarReason], "Choose why they are kept apart.")],
        choices=choices(options(BarReason), first="choose"),
        validate_choice=False,
    )


def add_to(pages: Pages) -> None:
    """Add the pages about matching."""
    pages.get("/matching", Permission.SEE, list_matching)
    pages.get("/matching/<code>", Permission.SEE, show_matching)
    for address, view in (
        ("/matching/<code>/<mentor>", pick_mentor),
        ("/matching/<code>/<mentor>/apart", keep_apart),
    ):
        pages.get(address, Permission.WORK, view)
        pages.post(address, Permission.WORK, view)


def list_matching(visit: Visit) -> ResponseReturnValue:
    """List who waits, with the plan's pick for each, and what mentors are missing."""
    board = read_board(visit.session, now=visit.now)
    seen = _codes_seen(visit)
    return render(
        "matching.html",
        visit,
        waiting=[_row(board, each.code, seen) for each in board.pool.proteges if each.code in seen],
        gaps=_gap_rows(board, seen),
    )


def _codes_seen(visit: Visit) -> Collection[str]:
    return set(visit.session.scalars(select(Person.code).where(visit.scope.people())))


def _row(board: Board, code: str, seen: Collection[str]) -> tuple[Cell, ...]:
    protege = board.pool.protege(code)
    if protege is None:
        raise LookupError(code)
    names = {each.code: f"{each.name} ({each.code})" for each in board.pool.mentors}
    pick_code, top = board.plan.picks.get(code), board.plan.top[code]
    picked = names[pick_code] if pick_code in seen and pick_code else _ELSEWHERE
    best = [f"{names[each]} {score}" for each, score in top if each in seen]
    return (
        Link(f"{protege.name} ({code})", url_for("desk.show_matching", code=code)),
        f"{protege.days_waiting} days",
        picked if pick_code else None,
        ", ".join(best) or None,
    )


def _gap_rows(board: Board, seen: Collection[str]) -> list[tuple[Cell, ...]]:
    rows: list[tuple[Cell, ...]] = []
    for gap in board.gaps:
        codes = [each.code for each in gap.proteges if each.code in seen]
        if codes:
            rows.append((gap.needed, len(gap.proteges), f"{gap.longest} days", ", ".join(codes)))
    return rows


def show_matching(visit: Visit, code: str) -> ResponseReturnValue:
    """Show one protege: the best mentors with points and reasons, near misses, and gaps."""
    person = person_of(visit, code)
    board = read_board(visit.session, now=visit.now)
    found = board.suggestions(person.code)
    if found is None:
        # The list of those who do wait is what helps now.
        flash(f"{person.code} does not wait for a mentor.", "error")
        return redirect(url_for("desk.list_matching"), 303)
    seen = _codes_seen(visit)
    return render(
        "matching_one.html",
        visit,
        found=found,
        picked=_picked(found, seen),
        top=_visible(found.top, seen),
        near_misses=_visible(found.near_misses, seen),
        gaps=[gap.words for gap in board.gaps if found.protege in gap.proteges],
    )


def _picked(found: Suggestions, seen: Collection[str]) -> str:
    """Say whom the plan picks."""
    if found.pick is None:
        return "nobody"
    if found.pick not in seen:
        return _ELSEWHERE
    names = {each.mentor.code: each.mentor.name for each in found.top}
    return f"{names[found.pick]} ({found.pick})" if found.pick in names else found.pick


def _visible(judged: Sequence[Judged], seen: Collection[str]) -> list[Judged]:
    return [each for each in judged if each.mentor.code in seen]


def pick_mentor(visit: Visit, code: str, mentor: str) -> ResponseReturnValue:
    """Bring a protege and a mentor together; another than the plan's pick for a reason."""
    protege, other = person_of(visit, code), person_of(visit, mentor)
    found = read_board(visit.session, now=visit.now).suggestions(protege.code)
    overrides = found is None or found.pick != other.code
    form: Form = sent(OverrideForm) if overrides else sent(Form)
    opened: list[Match] = []

    def work() -> None:
        reason = OverrideReason(str(form.data["reason"])) if overrides else None
        opened.append(
            pick(
                visit.session,
                protege=protege,
                mentor=other,
                reason=reason,
                actor=visit.actor,
                now=visit.now,
            )
        )

    if request.method == "POST" and form.validate() and attempt(visit, form, work):
        match = opened[0]
        flash(f"{match.code} is open on {written(match.line.number)}. Both are told.", "done")
        return redirect(url_for("desk.show_match", code=match.code), 303)
    page = render(
        "matching_pair.html",
        visit,
        form=form,
        title=f"Bring {protege.shown_name} and {other.shown_name} together",
        words="Both must have said yes. They get a pair line, and both are told its number.",
        button="Open the match",
        back=url_for("desk.show_matching", code=protege.code),
    )
    return page, 422 if form.errors else 200


def keep_apart(visit: Visit, code: str, mentor: str) -> ResponseReturnValue:
    """Tick that two people are not to be brought together."""
    protege, other = person_of(visit, code), person_of(visit, mentor)
    form = sent(ApartForm)

    def work() -> None:
        reason = BarReason(str(form.reason.data))
        bar_pair(visit.session, protege, other, reason=reason, actor=visit.actor, now=visit.now)

    if request.method == "POST" and form.validate() and attempt(visit, form, work):
        flash(f"{protege.code} and {other.code} are not suggested to each other any more.", "done")
        return redirect(url_for("desk.show_matching", code=protege.code), 303)
    page = render(
        "matching_pair.html",
        visit,
        form=form,
        title=f"Keep {protege.shown_name} and {other.shown_name} apart",
        words="They are not suggested to each other any more. Neither of them is told.",
        button="Keep them apart",
        back=url_for("desk.show_matching", code=protege.code),
    )
    return page, 422 if form.errors else 200
