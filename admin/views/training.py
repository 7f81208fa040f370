"""The training of a mentor: how long it was, and noting the talks in which staff gave tips."""

from flask import abort, url_for
from flask.typing import ResponseReturnValue
from wtforms import RadioField, StringField

from admin.forms import OneOf, Said, ShortEnough, choices, sent
from admin.labels import fitting, in_words, options, who_did
from admin.lists import Cell, Link
from admin.office import Visit
from admin.pages import Pages
from admin.permissions import Permission
from admin.queries import person_of
from admin.reasons import ReasonForm, act
from admin.rendering import date_words
from admin.views.application_forms import DayField, as_minutes
from mentoring.applications.training import (
    TrainingSoFar,
    named,
    note_training,
    take_training_back,
    talks_of,
    training_so_far,
)
from mentoring.models import How, Person, Role, TrainingTalk


class TrainingForm(ReasonForm):
    """A talk that was training. What it was about is the reason, and kept as every reason is."""

    held_on = DayField("On which day?", [Said("Enter the day.")], description="Such as 2026-03-02.")
    how = RadioField(
        "How?",
        [OneOf([how.value for how in How], "Choose how it was held.")],
        choices=choices(options(How)),
        validate_choice=False,
    )
    minutes = StringField(
        "How many minutes did it take?",
        [Said("Enter how many minutes it took."), as_minutes],
        description="Whole minutes. They count as training.",
    )
    reason = StringField(
        "What was it about?",
        [Said("Say in a few words what it was about."), ShortEnough(100)],
        description="A few words, such as: how to begin the first talk. Nothing about a protege.",
    )


class TakeBackForm(ReasonForm):
    """Training that was noted by a slip."""

    which = RadioField("Which one?", validate_choice=False)


def add_to(pages: Pages) -> None:
    """Add the addresses at which training is noted, and taken back."""
    for name, view in (
        ("training", note_training_talk),
        ("training-back", take_training_talk_back),
    ):
        pages.get(f"/people/<code>/{name}", Permission.WORK, view)
        pages.post(f"/people/<code>/{name}", Permission.WORK, view)


def note_training_talk(visit: Visit, code: str) -> ResponseReturnValue:
    """Note a talk with a mentor that was training."""
    mentor, form = _mentor(visit, code), sent(TrainingForm)
    return act(
        visit,
        form,
        lambda about: note_training(
            visit.session,
            mentor,
            held_on=form.held_on.data,
            how=How(form.how.data),
            minutes=int(str(form.minutes.data)),
            about=about,
            actor=visit.actor,
            now=visit.now,
        ),
        back=_page_of(mentor),
        title=f"Note training of {mentor.shown_name}",
        words="For a talk after the orientation in which you gave tips. The orientation talk itself"
        f" is ticked on the application. {training_words(visit, mentor)}",
        button="Note it",
        done="The training is noted, and counts.",
    )


def take_training_talk_back(visit: Visit, code: str) -> ResponseReturnValue:
    """Take back training that was noted by a slip."""
    mentor, form = _mentor(visit, code), sent(TakeBackForm)
    noted = talks_of(visit.session, mentor)
    form.which.choices = choices([(named(each), _told(each)) for each in noted])
    form.which.validators = [
        OneOf([named(each) for each in noted], "Choose which training to take back.")
    ]
    return act(
        visit,
        form,
        lambda why: take_training_back(
            visit.session,
            mentor,
            str(form.which.data),
            reason=why,
            actor=visit.actor,
            now=visit.now,
        ),
        back=_page_of(mentor),
        title=f"Take back training of {mentor.shown_name}",
        words="Its minutes count no more."
        if noted
        else "No training is noted, so there is nothing to take back.",
        button="Take it back",
        done="The training is taken back.",
    )


def training_words(visit: Visit, mentor: Person) -> str:
    """Return how long a mentor was trained so far, of which kinds, and whether it is enough."""
    return sum_in_words(training_so_far(visit.session, mentor))


def sum_in_words(so_far: TrainingSoFar) -> str:
    """Return in words how long the training was, of which kinds, and whether it is enough."""
    kinds = ", ".join(f"{in_words(kind)} {minutes}" for kind, minutes in so_far.by_kind.items())
    unit = fitting(so_far.minutes, "minute", "minutes")
    if not so_far.minimum:
        return f"Training so far: {so_far.minutes} {unit} ({kinds}). The programme sets no minimum."
    below = ": below the minimum of the programme" if so_far.is_below else ""
    return f"Training so far: {so_far.minutes} {unit} of {so_far.minimum} ({kinds}){below}."


def warning_of(visit: Visit, person: Person) -> str:
    """Return what staff are told who let a mentor with too little training go on, or nothing."""
    if person.role is not Role.MENTOR or not training_so_far(visit.session, person).is_below:
        return ""
    return (
        f" {training_words(visit, person)} That keeps nobody back: give them tips in a talk, and"
        " note it on their page."
    )


def training_rows(so_far: TrainingSoFar) -> list[tuple[Cell, ...]]:
    """Return the talks with tips as rows of a table."""
    return [
        (
            each.day,
            each.how and in_words(each.how),
            str(each.minutes),
            who_did(each.actor),
        )
        for each in so_far.tips
    ]


def training_actions(visit: Visit, mentor: Person, so_far: TrainingSoFar) -> list[Link]:
    """Return what the visitor may do about the training of a mentor."""
    if not visit.may(Permission.WORK):
        return []
    links = [Link("Note training", url_for("desk.note_training_talk", code=mentor.code))]
    if so_far.tips:
        back = url_for("desk.take_training_talk_back", code=mentor.code)
        links.append(Link("Take back training", back))
    return links


def _mentor(visit: Visit, code: str) -> Person:
    """Return the mentor with that code; of nobody else training is noted."""
    person = person_of(visit, code)
    if person.role is not Role.MENTOR:
        abort(404)
    return person


def _told(talk: TrainingTalk) -> str:
    return f"{date_words(talk.held_on)}, {in_words(talk.how.value)}, {talk.minutes} minutes"


def _page_of(mentor: Person) -> str:
    return url_for("desk.show_person", code=mentor.code)
