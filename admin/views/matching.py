"""Matching: who waits, whom the plan picks and why, and which two are kept apart."""

from collections.abc import Collection, Sequence
from datetime import datetime

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from wtforms import Form, SelectField

from admin.forms import OneOf, attempt, choices, sent
from admin.labels import options
from admin.lists import Cell, Link, When
from admin.office import Visit
from admin.pages import Pages
from admin.permissions import Permission
from admin.queries import people_by_id, person_of, zones_concerned
from admin.rendering import render, render_news
from admin.views.proposal_list import open_rows, proposal_link
from admin.views.waiting import (
    ELSEWHERE,
    STILL_WAITS,
    how_many_wait,
    list_waiting,
    longest_waits,
)
from mentoring.clock import spoken_day, spoken_time
from mentoring.matching.gaps import Gap, gaps_of_kept
from mentoring.matching.judged import Judged, Suggestions
from mentoring.matching.kept_plan import keep_again, kept_suggestions, planned_at
from mentoring.matching.planning import Underway, ask_for_plan, underway
from mentoring.models import BarReason, Person, PlannedMatch, StaffTask
from mentoring.proposals.apart import keep_apart as keep_two_apart
from mentoring.proposals.records import open_proposal_of

# The page shows so many wishes; the list of tasks has all.
_WISHES_SHOWN = 20


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
    pages.post("/matching/plan", Permission.WORK, plan_again)
    pages.get("/matching/waiting", Permission.SEE, list_waiting)
    pages.get("/matching/plan/news", Permission.SEE, plan_news)
    pages.get("/matching/<code>", Permission.SEE, show_matching)
    pages.post("/matching/<code>", Permission.WORK, match_again)
    pages.get("/matching/<code>/<mentor>/apart", Permission.WORK, keep_apart)
    pages.post("/matching/<code>/<mentor>/apart", Permission.WORK, keep_apart)


def list_matching(visit: Visit) -> ResponseReturnValue:
    """List the open proposals, who waits with the plan's pick for each, and who is missing."""
    facts = _plan_facts(visit)
    return render(
        "matching.html", visit, proposals=open_rows(visit), wishes=_wishes(visit), **facts
    )


def plan_news(visit: Visit) -> ResponseReturnValue:
    """Return how far the plan is and what it says, if the browser has not got that already."""
    facts = _plan_facts(visit)
    return render_news("matching_part.html", visit, facts)


def _plan_facts(visit: Visit) -> dict[str, object]:
    rows = longest_waits(visit)
    now_worked_on = underway(visit.session, now=visit.now)
    made = planned_at(visit.session)
    return {
        "planned_at": made,
        "underway": now_worked_on,
        "said": _said(visit, now_worked_on, made),
        "waiting": rows,
        "not_shown": max(0, how_many_wait(visit) - len(rows)),
        "gaps": _gap_rows(visit),
    }


def _said(visit: Visit, work: Underway | None, made: datetime | None) -> str:
    """Say in a sentence how far the plan is."""
    if work is None:
        if made is None:
            return "The plan has not been worked out yet."
        return f"The plan was worked out on {_moment(visit, made)}."
    if work.again_at is not None:
        again = _moment(visit, work.again_at)
        return f"The plan could not be worked out. It is tried again on {again}."
    if not work.has_begun:
        return f"The plan has waited for its turn since {_moment(visit, work.since)}."
    return (
        f"The plan has been in the works since {_moment(visit, work.since)}: everybody who waits is"
        " compared with every mentor. That takes a few seconds, in a large programme a minute."
    )


def _moment(visit: Visit, at: datetime) -> str:
    return f"{spoken_day(at, visit.zone)}, {spoken_time(at, visit.zone)}"


def _gap_rows(visit: Visit) -> list[tuple[Cell, ...]]:
    gaps = gaps_of_kept(visit.session, STILL_WAITS, visit.scope.people(), now=visit.now)
    return [_gap_row(gap) for gap in gaps]


def _gap_row(gap: Gap) -> tuple[Cell, ...]:
    return (gap.needed, len(gap.codes), f"{gap.longest} days", ", ".join(gap.codes))


def _wishes(visit: Visit) -> list[tuple[Cell, ...]]:
    """Return whom those who wait would like to meet, the newest wish first."""
    found = visit.session.scalars(
        select(StaffTask)
        .where(StaffTask.rule == "wish", StaffTask.done_at.is_(None), visit.scope.tasks())
        .order_by(StaffTask.id.desc())
        .limit(_WISHES_SHOWN)
    )
    wishes = found.all()
    people = people_by_id(visit, [task.person_id for task in wishes])
    zones = zones_concerned(visit, wishes, people)
    return [
        (
            Link(task.words, url_for("desk.show_task", number=task.id)),
            When(task.opened_at, *zones[task.id]),
        )
        for task in wishes
    ]


def plan_again(visit: Visit) -> ResponseReturnValue:
    """Let the plan be worked out now, and not in the night."""
    ask_for_plan(visit.session, now=visit.now)
    flash("The plan is worked out anew. This page shows it as soon as it is done.", "done")
    return redirect(url_for("desk.list_matching"), 303)


def show_matching(visit: Visit, code: str) -> ResponseReturnValue:
    """Show one protege: the best mentors with points and reasons, near misses, and gaps."""
    person = person_of(visit, code)
    kept = visit.session.get(PlannedMatch, person.id)
    found = kept_suggestions(visit.session, person, kept, now=visit.now)
    if found is None:
        return _waits_not(person)
    seen = _seen(visit, found)
    return render(
        "matching_one.html",
        visit,
        found=found,
        proposal=_open_proposal(visit, person),
        worked_out_at=kept.worked_out_at if kept is not None else None,
        picked=_picked(found, seen),
        top=_visible(found.top, seen),
        near_misses=_visible(found.near_misses, seen),
        gaps=gaps_of_kept(visit.session, Person.id == person.id, now=visit.now),
    )


def _open_proposal(visit: Visit, person: Person) -> Cell:
    """Return the proposal that somebody is in; one with a mentor who is not seen leads nowhere."""
    proposal = open_proposal_of(visit.session, person)
    if proposal is None:
        return None
    is_seen = visit.scope.takes(proposal.mentor.community)
    return proposal_link(proposal) if is_seen else ELSEWHERE


def _waits_not(person: Person) -> ResponseReturnValue:
    # The list of those who do wait is what helps now.
    flash(f"{person.code} does not wait for a mentor.", "error")
    return redirect(url_for("desk.list_matching"), 303)


def _seen(visit: Visit, found: Suggestions) -> Collection[str]:
    """Return the codes of those mentors who may be named here."""
    codes = {each.mentor.code for each in (*found.top, *found.near_misses)} | {found.pick}
    return set(
        visit.session.scalars(
            select(Person.code).where(Person.code.in_(codes), visit.scope.people())
        )
    )


def match_again(visit: Visit, code: str) -> ResponseReturnValue:
    """Look for the best mentors of one protege anew, among all."""
    person = person_of(visit, code)
    if not keep_again(visit.session, person, now=visit.now):
        return _waits_not(person)
    flash(f"All mentors were looked at again for {person.shown_name}.", "done")
    return redirect(url_for("desk.show_matching", code=person.code), 303)


def _picked(found: Suggestions, seen: Collection[str]) -> str:
    """Say whom the plan picks."""
    if found.pick is None:
        return "nobody"
    if found.pick not in seen:
        return ELSEWHERE
    names = {each.mentor.code: each.mentor.name for each in (*found.top, *found.near_misses)}
    return f"{names[found.pick]} ({found.pick})" if found.pick in names else found.pick


def _visible(judged: Sequence[Judged], seen: Collection[str]) -> list[Judged]:
    return [each for each in judged if each.mentor.code in seen]


def keep_apart(visit: Visit, code: str, mentor: str) -> ResponseReturnValue:
    """Tick that two people are not to be brought together."""
    protege, other = person_of(visit, code), person_of(visit, mentor)
    form = sent(ApartForm)

    def work() -> None:
        reason = BarReason(str(form.reason.data))
        keep_two_apart(
            visit.session, protege, other, reason=reason, actor=visit.actor, now=visit.now
        )

    if request.method == "POST" and form.validate() and attempt(visit, form, work):
        flash(f"{protege.code} and {other.code} are not suggested to each other any more.", "done")
        return redirect(url_for("desk.show_matching", code=protege.code), 303)
    page = render(
        "matching_pair.html",
        visit,
        form=form,
        title=f"Keep {protege.shown_name} and {other.shown_name} apart",
        words="They are not suggested to each other any more, and neither of them is told why. A"
        " proposal of the two that is open is withdrawn.",
        button="Keep them apart",
        back=url_for("desk.show_matching", code=protege.code),
    )
    return page, 422 if form.errors else 200
