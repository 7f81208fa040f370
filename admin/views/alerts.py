"""Alerts: what the rules of oversight found, whose it is, and how it ended."""

from collections.abc import Sequence
from operator import itemgetter
from typing import Any

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import case, select
from wtforms import Form, SelectField, StringField

from admin.accounts import member_of
from admin.concerns import may_open, outcome_shown, refuse_unnamed, whom_to_ask
from admin.forms import (
    OneOf,
    Said,
    ShortEnough,
    attempt,
    choices,
    lock,
    refuse_stale,
    seen_as,
    sent,
)
from admin.labels import in_words, options, rule_words, severity_tag
from admin.lists import Cell, Column, Filter, Link, Listing, Phrase, Tag, When, show
from admin.office import Visit
from admin.pages import Pages
from admin.permissions import Permission
from admin.queries import matches_by_id, people_by_id, task_of, zones_concerned
from admin.reasons import ReasonForm, ask_why, reason_in
from admin.rendering import render
from admin.words import recording_link
from mentoring.alerts import ask_for_alert, assign_alert, close_alert, due_step, take_step
from mentoring.errors import ProgrammeError
from mentoring.models import Match, Person, Recording, Severity, Staff, StaffTask
from mentoring.oversight.rules import RANK, RULES, OutcomeCode
from mentoring.safety.alert_words import has_words, read_words
from mentoring.safety.paging import accept_alert


class OutcomeForm(Form):
    """What came of an alert."""

    code = SelectField(
        "What came of it?",
        [OneOf([each.value for each in OutcomeCode], "Choose what came of it.")],
        choices=choices(options(OutcomeCode), first="choose"),
        validate_choice=False,
    )
    note = StringField(
        "Anything else to know", [ShortEnough(150)], description="Needed with the choice other."
    )


class OwnerForm(Form):
    """Whose alert it is."""

    name = SelectField("Give it to", [Said("Choose who sees to the alert.")], validate_choice=False)


def add_to(pages: Pages) -> None:
    """Add the pages about alerts."""
    pages.get("/alerts", Permission.SEE, list_alerts)
    pages.get("/alerts/<int:number>", Permission.SEE, show_alert)
    pages.post("/alerts/<int:number>/owner", Permission.WORK, assign)
    pages.post("/alerts/<int:number>/accept", Permission.WORK, accept)
    pages.post("/alerts/<int:number>/ask", Permission.WORK, ask_for)
    pages.post("/alerts/<int:number>/step", Permission.WORK, take_one_step)
    pages.post("/alerts/<int:number>/close", Permission.WORK, close_one)
    pages.get("/alerts/<int:number>/words", Permission.REVEAL, read_alert)
    pages.post("/alerts/<int:number>/words", Permission.REVEAL, read_alert)


_FILTERS = (
    Filter("show", "Show", [("closed", "closed"), ("all", "open and closed")], unasked="open"),
    Filter("severity", "How urgent", options(Severity)),
    Filter("rule", "Rule", [(name, f"{name} {rule.title}") for name, rule in RULES.items()]),
)


def by_urgency() -> Sequence[Any]:
    """Return the order in which alerts are worked on: the most severe first, then by due time."""
    rank = case(RANK, value=StaffTask.severity)
    return (rank.desc(), StaffTask.due_at.asc(), StaffTask.id.asc())


def list_alerts(visit: Visit) -> ResponseReturnValue:
    """List the alerts in scope: the open ones, unless others are asked for."""
    shown, severity, rule = (each.value() for each in _FILTERS)
    chosen = select(StaffTask).where(StaffTask.severity.is_not(None), visit.scope.tasks())
    if shown != "all":
        is_open = StaffTask.done_at.is_(None)
        chosen = chosen.where(~is_open if shown == "closed" else is_open)
    if severity:
        chosen = chosen.where(StaffTask.severity == severity)
    if rule:
        chosen = chosen.where(StaffTask.rule == rule)
    return show(
        visit,
        Listing(
            title="Alerts",
            statement=chosen,
            order=by_urgency(),
            tie=StaffTask.id,
            filters=_FILTERS,
            empty="No alert is open. That is good. Closed ones are found under Show.",
            rows_of=lambda found: alert_rows(visit, [row[0] for row in found]),
            columns=tuple(
                Column(title, itemgetter(place), sort)
                for place, (title, sort) in enumerate(_COLUMNS)
            ),
        ),
    )


_OWNER = select(Staff.name).where(Staff.id == StaffTask.owner_id).scalar_subquery()
_COLUMNS = (
    ("What was found", StaffTask.words),
    ("How urgent", case(RANK, value=StaffTask.severity)),
    ("Rule", StaffTask.rule),
    ("About", None),
    ("Due", StaffTask.due_at),
    ("With", _OWNER),
    ("State", StaffTask.done_at),
)
ALERT_TITLES = tuple(title for title, _ in _COLUMNS)


def alert_rows(visit: Visit, alerts: Sequence[StaffTask]) -> list[tuple[Cell, ...]]:
    """Return alerts as rows under ALERT_TITLES, with names by three statements for all."""
    people = people_by_id(visit, [each.person_id for each in alerts])
    matches = matches_by_id(visit, [each.match_id for each in alerts])
    owners = _staff_names(visit)
    zones = zones_concerned(visit, alerts, people)
    return [
        (
            Link(alert.words, url_for("desk.show_alert", number=alert.id)),
            severity_tag(alert.severity),
            rule_words(alert.rule),
            _about(people.get(alert.person_id), matches.get(alert.match_id)),
            When(alert.due_at, *zones[alert.id]),
            owners.get(alert.owner_id),
            state_of(visit, alert),
        )
        for alert in alerts
    ]


def _staff_names(visit: Visit) -> dict[int | None, str]:
    return dict(visit.session.execute(select(Staff.id, Staff.name)).all())


def _about(person: Person | None, match: str | None) -> Cell:
    if match is not None:
        return Link(match, url_for("desk.show_match", code=match))
    if person is not None:
        words = f"{person.shown_name} ({person.code})"
        return Link(words, url_for("desk.show_person", code=person.code))
    return None


def state_of(visit: Visit, task: StaffTask) -> Tag:
    """Return whether something is open, overdue or closed, in a word."""
    if task.done_at is not None:
        return Tag(f"closed: {in_words((task.outcome or '').partition(':')[0])}")
    return Tag("overdue", "high") if task.due_at < visit.now else Tag("open")


def show_alert(visit: Visit, number: int) -> ResponseReturnValue:
    """Show one alert, what it is about, and what can be done with it."""
    return _shown(visit, task_of(visit, number, alert=True), OutcomeForm())


def _shown(
    visit: Visit, alert: StaffTask, form: OutcomeForm, owner_form: OwnerForm | None = None
) -> str:
    session = visit.session
    person = session.get(Person, alert.person_id) if alert.person_id else None
    match = session.get(Match, alert.match_id) if alert.match_id else None
    step = due_step(alert)
    zones = zones_concerned(visit, [alert], {alert.person_id: person} if person else {})[alert.id]
    owners = _staff_names(visit)
    is_closed_to, owner_form = not may_open(visit, alert), owner_form or OwnerForm()
    owner_form.name.choices = choices(((name, name) for name in owners.values()), first="choose")
    return render(
        "alert.html",
        visit,
        alert=alert,
        facts=[
            ("How urgent", severity_tag(alert.severity)),
            ("Rule", rule_words(alert.rule)),
            ("About", _about(person, match.code if match else None)),
            ("Who", _about(person, None) if match else None),
            ("Opened", When(alert.opened_at, *zones)),
            ("Next step", step.title if step else None),
            ("Due", When(alert.due_at, *zones)),
            ("With", owners.get(alert.owner_id) or "nobody yet"),
            ("Accepted", When(alert.accepted_at, *zones) if alert.accepted_at else None),
            ("State", state_of(visit, alert)),
            ("What came of it", outcome_shown(visit, alert)),
        ],
        form=form,
        step=step,
        owner_form=owner_form,
        closed_to=whom_to_ask(visit, alert) if is_closed_to else None,
        seen_owner=seen_as(alert.owner_id),
        seen_step=seen_as(alert.step),
        may_accept=_is_paged(alert),
        may_ask=is_closed_to and _may_ask(visit, alert),
        has_words=has_words(session, alert),
        sound=_sound(visit, alert),
    )


def _is_paged(alert: StaffTask) -> bool:
    return alert.severity is Severity.CRITICAL and alert.accepted_at is None


def _may_ask(visit: Visit, alert: StaffTask) -> bool:
    """Tell whether a visitor is on duty, and an alert is nobody's; a critical one is accepted."""
    if alert.done_at is not None or alert.owner_id is not None or _is_paged(alert):
        return False
    member = member_of(visit.session, visit.account)
    return member is not None and member.on_duty


def assign(visit: Visit, number: int) -> ResponseReturnValue:
    """Give an alert to a member of staff."""
    alert = task_of(visit, number, alert=True)
    refuse_unnamed(visit, alert)
    form = sent(OwnerForm)
    if not form.validate():
        return _shown(visit, alert, OutcomeForm(), form), 422
    name = str(form.name.data)[:100]
    lock(visit, alert, "owner_id")
    if name != _staff_names(visit).get(alert.owner_id):
        refuse_stale(alert.owner_id)
    _, member = assign_alert(visit.session, number, name, actor=visit.actor, now=visit.now)
    flash(f"The alert is with {member.name} now.", "done")
    return redirect(url_for("desk.show_alert", number=number), 303)


def accept(visit: Visit, number: int) -> ResponseReturnValue:
    """Accept a critical alert, so that nobody is paged about it any more."""
    task_of(visit, number, alert=True)
    member = member_of(visit.session, visit.account)
    accept_alert(
        visit.session,
        number,
        member.name if member else None,
        actor=visit.actor,
        now=visit.now,
    )
    flash("The alert is accepted. Nobody is paged any more.", "done")
    return redirect(url_for("desk.show_alert", number=number), 303)


def ask_for(visit: Visit, number: int) -> ResponseReturnValue:
    """Ask for a worry that nobody sees to yet."""
    alert, member = task_of(visit, number, alert=True), member_of(visit.session, visit.account)
    if member is None:
        raise ProgrammeError("Nobody of your name is on call, so no alert can be given to you.")
    ask_for_alert(visit.session, number, member, now=visit.now)
    flash(f"A task says that you would see to it. {whom_to_ask(visit, alert)}", "done")
    return redirect(url_for("desk.show_alert", number=number), 303)


def take_one_step(visit: Visit, number: int) -> ResponseReturnValue:
    """Note that the step of a worry that was due is taken; the next one is due from now on."""
    alert = task_of(visit, number, alert=True)
    refuse_unnamed(visit, alert)
    lock(visit, alert, "step")
    refuse_stale(alert.step)
    _, taken = take_step(visit.session, number, actor=visit.actor, now=visit.now)
    flash(f"The step is taken: {taken.title}.", "done")
    return redirect(url_for("desk.show_alert", number=number), 303)


def close_one(visit: Visit, number: int) -> ResponseReturnValue:
    """Close an alert with what came of it; nothing else ever closes one."""
    alert, form = task_of(visit, number, alert=True), sent(OutcomeForm)
    refuse_unnamed(visit, alert)
    if form.validate() and attempt(
        visit,
        form,
        lambda: close_alert(
            visit.session,
            number,
            code=OutcomeCode(str(form.code.data)),
            note=str(form.note.data or ""),
            actor=visit.actor,
            now=visit.now,
        ),
    ):
        flash("The alert is closed.", "done")
        return redirect(url_for("desk.today"), 303)
    return _shown(visit, alert, form), 422


def read_alert(visit: Visit, number: int) -> ResponseReturnValue:
    """Ask why, then show the words that opened an alert; the look is kept (S11)."""
    alert, form = task_of(visit, number, alert=True), sent(ReasonForm)
    refuse_unnamed(visit, alert)
    back = url_for("desk.show_alert", number=number)
    title = "Read the words that opened this alert"
    asked = ask_why(visit, form, title=title, button="Read them", back=back)
    if asked is not None:
        return asked
    person = visit.session.get(Person, alert.person_id) if alert.person_id else None
    told = read_words(
        visit.session, alert, reason=reason_in(form), actor=visit.actor, now=visit.now
    )
    rows = [
        (When(at, person.zone), Phrase(words, person.language)) if person else (When(at), words)
        for at, words in told
    ]
    return render("words.html", visit, alert=alert, person=person, rows=rows, back=back)


def _sound(visit: Visit, alert: StaffTask) -> Link | None:
    """Return where what somebody said on the phone is heard, while it is kept."""
    if alert.recording_id is None:
        return None
    kept = select(Recording.id).where(
        Recording.id == alert.recording_id, Recording.audio_sealed.is_not(None)
    )
    return recording_link(alert.recording_id) if visit.session.scalar(kept) else None
