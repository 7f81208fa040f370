"""What staff do with matches: bring two together, stop contact, and let a match end."""

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from wtforms import Form, HiddenField, RadioField, SelectField, StringField

from admin.forms import OneOf, Said, attempt, choices, lock, refuse_stale, seen_as, sent
from admin.labels import in_words, options
from admin.office import Visit
from admin.pages import Pages
from admin.permissions import Permission
from admin.queries import match_of
from admin.reasons import ReasonForm, act
from admin.rendering import render
from mentoring.calendar.closing import begin_closing
from mentoring.calendar.reopening import reopen_match
from mentoring.calendar.rests import rest_match, resume_match
from mentoring.errors import ProgrammeError
from mentoring.holds import close_by_staff, hold_match, release_match, takes_another
from mentoring.keeping_touch import FOR_STAFF, Heard, note_for
from mentoring.models import ClosureReason, Match, MatchState, Person
from mentoring.phone import written
from mentoring.proposals.opening import bring_together, refuse_pair

_SURE = "yes"


class PairForm(Form):
    """Who is brought together; `sure` comes along once somebody has seen their names."""

    protege = StringField("Protege", [Said("Enter the code of a protege, such as P05.")])
    mentor = StringField("Mentor", [Said("Enter the code of a mentor, such as M06.")])
    sure = HiddenField()


class PauseForm(ReasonForm):
    """Who of the two needs a rest, and for how long."""

    who = RadioField("Who needs the rest?", validate_choice=False)
    days = StringField("For how many days?", description="They come back by themselves after it.")


class TouchForm(Form):
    """Which of the two has said so. It is asked where other changes ask for their reason."""

    reason = RadioField("Who has said so?", validate_choice=False)


class ClosingForm(Form):
    """Why a match ends. The list is closed, so that reasons can be counted."""

    reason = SelectField(
        "Why does it end?",
        [OneOf([each.value for each in ClosureReason], "Choose why it ends.")],
        choices=choices(options(ClosureReason), first="choose"),
        validate_choice=False,
    )


def add_to(pages: Pages) -> None:
    """Add the addresses at which matches change."""
    for address, needs, view in (
        ("/matches/new", Permission.WORK, open_one),
        ("/matches/<code>/hold", Permission.WORK, hold),
        ("/matches/<code>/release", Permission.RELEASE, release),
        ("/matches/<code>/pause", Permission.WORK, pause),
        ("/matches/<code>/resume", Permission.WORK, resume),
        ("/matches/<code>/finish", Permission.WORK, finish),
        ("/matches/<code>/reopen", Permission.WORK, reopen),
        ("/matches/<code>/touch", Permission.WORK, touch),
        ("/matches/<code>/close", Permission.WORK, close),
    ):
        pages.get(address, needs, view)
        pages.post(address, needs, view)


def open_one(visit: Visit) -> ResponseReturnValue:
    """Bring two people together, after showing who they are: a code is easily mistyped."""
    form = sent(PairForm)
    if request.method == "POST" and form.validate():
        opened: list[Match] = []
        if attempt(visit, form, lambda: opened.extend(_opened(visit, form))):
            if not opened:
                return _asked_again(visit, form)
            match = opened[0]
            flash(f"{match.code} is open on {written(match.line.number)}. Both are told.", "done")
            return redirect(url_for("desk.show_match", code=match.code), 303)
    page = render("match_open.html", visit, form=form)
    return page, 422 if form.errors else 200


def _opened(visit: Visit, form: PairForm) -> list[Match]:
    """Open the match, or none before somebody is sure."""
    protege, mentor = _pair(visit, form)
    refuse_pair(visit.session, protege, mentor)
    if form.sure.data != _SURE:
        return []
    match = bring_together(
        visit.session, protege=protege, mentor=mentor, actor=visit.actor, now=visit.now
    )
    return [match]


def _pair(visit: Visit, form: PairForm) -> tuple[Person, Person]:
    return _of_code(visit, form.protege), _of_code(visit, form.mentor)


def _asked_again(visit: Visit, form: PairForm) -> ResponseReturnValue:
    protege, mentor = _pair(visit, form)
    names = f"{protege.shown_name} ({protege.code}) and {mentor.shown_name} ({mentor.code})"
    return render(
        "confirm.html",
        visit,
        title=f"Open a match of {names}",
        words="They get a pair line, and both are told its number at once: neither is asked. Go on"
        " only if both have said yes.",
        button="Open the match",
        back=url_for("desk.open_one"),
        kept=[("protege", protege.code), ("mentor", mentor.code), ("sure", _SURE)],
    )


def _of_code(visit: Visit, field: StringField) -> Person:
    code = str(field.data).strip().upper()[:20]
    person = visit.session.scalar(select(Person).where(Person.code == code, visit.scope.people()))
    if person is None:
        raise ProgrammeError(
            f"There is nobody with the code {code}. The list of people shows them."
        )
    return person


def hold(visit: Visit, code: str) -> ResponseReturnValue:
    """Stop all contact between two people at once."""
    match, form = match_of(visit, code), sent(ReasonForm)
    return act(
        visit,
        form,
        lambda why: hold_match(
            visit.session,
            match,
            actor=visit.actor,
            reason=why,
            now=visit.now,
        ),
        back=_page_of(match),
        title=f"Stop all contact in {match.code}",
        words="No call, text or voice note passes between the two from now on, and a talk that goes"
        " on ends within a minute. Both hear neutral words. Call both within a working day.",
        button="Stop all contact",
        done=f"{match.code} is on hold. Call both of them within a working day.",
    )


def release(visit: Visit, code: str) -> ResponseReturnValue:
    """Lift a hold."""
    match, form = match_of(visit, code), sent(ReasonForm)
    return act(
        visit,
        form,
        lambda why: release_match(
            visit.session,
            match,
            actor=visit.actor,
            reason=why,
            now=visit.now,
        ),
        back=_page_of(match),
        title=f"Lift the hold of {match.code}",
        words="It takes two of you. When the second says so, the two reach each other again, as"
        " before the hold.",
        button="Lift the hold",
        done=lambda: _decided(match, f"The hold of {match.code} is lifted."),
    )


def _decided(match: Match, done: str) -> str:
    """Say what was decided about a hold, or that it takes one more to decide it."""
    return takes_another(match) if match.state is MatchState.SAFETY_HOLD else done


def pause(visit: Visit, code: str) -> ResponseReturnValue:
    """Let one of the two rest, with all their matches."""
    match, form = match_of(visit, code), sent(PauseForm)
    people = {side.person.code: side.person for side in match.sides}
    form.who.choices = choices((code, person.shown_name) for code, person in people.items())
    form.who.validators = [OneOf(people, "Choose who needs the rest.")]
    if request.method == "GET":
        form.days.data = str(visit.session.programme.pause_days)
    return act(
        visit,
        form,
        lambda why: rest_match(
            visit.session,
            match,
            people[str(form.who.data)],
            days=_days(str(form.days.data or "")),
            actor=visit.actor,
            reason=why,
            now=visit.now,
        ),
        back=_page_of(match),
        title=f"Let {match.code} rest",
        words="All matches of that person rest, and nobody is asked anything meanwhile. The other"
        " side is told until when.",
        button="Let them rest",
        done=f"{match.code} rests. Tell them that they come back by themselves.",
    )


def _days(typed: str) -> int:
    typed = typed.strip()
    # No pause is so long; what is not a number counts as none.
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 5 else 0


def resume(visit: Visit, code: str) -> ResponseReturnValue:
    """End a pause: whoever is away is back, and the match goes on."""
    match, form = match_of(visit, code), sent(ReasonForm)
    return act(
        visit,
        form,
        lambda why: resume_match(
            visit.session,
            match,
            actor=visit.actor,
            reason=why,
            now=visit.now,
        ),
        back=_page_of(match),
        title=f"End the pause of {match.code}",
        words="Whoever of the two is away is back, with their other matches, and all goes on as"
        " before the pause.",
        button="End the pause",
        done=f"{match.code} goes on as before the pause.",
    )


def finish(visit: Visit, code: str) -> ResponseReturnValue:
    """Begin the end of a match: last talk, surveys, and a close by the clock."""
    match, form = match_of(visit, code), sent(ClosingForm)
    return act(
        visit,
        form,
        lambda why: _finish(visit, match, why),
        back=_page_of(match),
        title=f"Let {match.code} end well",
        words="Both are asked for a last talk, then how it was. The match is closed by the clock.",
        button="Begin the end",
        done=f"{match.code} is closing. Both are asked for a last talk.",
    )


def _finish(visit: Visit, match: Match, reason: str) -> None:
    begun = begin_closing(
        visit.session,
        match,
        reason=ClosureReason(reason),
        actor=visit.actor,
        why=reason,
        now=visit.now,
    )
    if not begun:
        raise ProgrammeError(f"{match.code} is {in_words(match.state.value)} already.")


def reopen(visit: Visit, code: str) -> ResponseReturnValue:
    """Take back an end that was begun by mistake; after the close nothing brings a match back."""
    match, form = match_of(visit, code), sent(ReasonForm)
    return act(
        visit,
        form,
        lambda why: reopen_match(
            visit.session,
            match,
            actor=visit.actor,
            reason=why,
            now=visit.now,
        ),
        back=_page_of(match),
        title=f"Take back the end of {match.code}",
        words="The match goes on as before. Both are told that it does.",
        button="Take it back",
        done=f"{match.code} goes on. Both are told.",
    )


def touch(visit: Visit, code: str) -> ResponseReturnValue:
    """Note that one of the two would like to keep in touch after the end, as they told staff."""
    match, form = match_of(visit, code), sent(TouchForm)
    sides = {side.person.code: side for side in match.sides}
    form.reason.choices = choices((code, side.person.shown_name) for code, side in sides.items())
    form.reason.validators = [OneOf(sides, "Choose who has said so.")]
    heard: list[Heard] = []
    return act(
        visit,
        form,
        lambda who: heard.append(
            note_for(visit.session, sides[who], actor=visit.actor, now=visit.now)
        ),
        back=_page_of(match),
        title=f"Keep in touch after {match.code}",
        words="One of the two would like to keep in touch after the end. The other one is told"
        " nothing. Once both have said so, there is a task to call both; after an end for safety,"
        " a task to talk with this one alone.",
        button="Note it",
        done=lambda: FOR_STAFF[heard[0]],
    )


def close(visit: Visit, code: str) -> ResponseReturnValue:
    """Close a match at once."""
    match, form = match_of(visit, code), sent(ClosingForm)
    # A match on hold cannot be let end well: that would let the two reach each other.
    is_held = match.state is MatchState.SAFETY_HOLD
    well = "To let a match end well, go back and choose that instead."
    advice = "Out of a hold it takes two of you." if is_held else well
    return act(
        visit,
        form,
        lambda why: _close(visit, match, ClosureReason(why)),
        back=_page_of(match),
        title=f"Close {match.code} now",
        words=f"{match.code} is {in_words(match.state.value)}. Once it is closed,"
        " calls and texts no longer pass, and there is no last talk. This cannot be undone."
        f" {advice}",
        button="Close it now",
        done=lambda: _decided(match, f"{match.code} is closed."),
        seen=seen_as(match.state),
    )


def _close(visit: Visit, match: Match, reason: ClosureReason) -> None:
    """Close a match that is as the page showed it: a hold of this moment is not closed over."""
    lock(visit, match, "state")
    if match.state is not MatchState.CLOSED:
        refuse_stale(match.state)
    close_by_staff(visit.session, match, reason=reason, actor=visit.actor, now=visit.now)


def _page_of(match: Match) -> str:
    return url_for("desk.show_match", code=match.code)
