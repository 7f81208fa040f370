"""Somebody's own words for the report to funders: written down with their permission, withdrawn."""

from flask import abort, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from wtforms import SelectField, StringField, TextAreaField

from admin.forms import OneOf, Said, ShortEnough, choices, sent
from admin.labels import who_did
from admin.lists import Cell, Link, Phrase, Tag
from admin.office import Visit
from admin.pages import Pages
from admin.permissions import Permission
from admin.queries import person_of
from admin.reasons import ReasonForm, act
from admin.views.application_forms import DayField
from mentoring.models import How, Person, Quote
from mentoring.quotes import (
    quoted,
    quotes_of,
    usual_name,
    why_not_quoted,
    withdraw_quote,
    write_quote,
)

TITLES = ("In their own words", "Named as", "Permission", "How", "Taken by", "Next step")
_HOW = {How.CALL: "on the phone", How.TEXT: "by text", How.IN_PERSON: "in person"}


class QuoteForm(ReasonForm):
    """Words of somebody's own, and their permission to show them."""

    words = TextAreaField(
        "Their exact words",
        [Said("Write down their exact words."), ShortEnough(500)],
        description="Without names and numbers: people outside read it.",
    )
    named_as = StringField(
        "How are they named?",
        [ShortEnough(60)],
        description="Without a name, unless they asked for it.",
    )
    permitted_on = DayField(
        "On which day did they say yes?",
        [Said("Enter the day.")],
        description="Such as 2026-03-02.",
    )
    how = SelectField(
        "How did they say yes?",
        [OneOf([each.value for each in How], "Choose how they said yes.")],
        choices=choices(((each.value, _HOW[each]) for each in How), first="choose"),
        validate_choice=False,
    )
    reason = StringField(
        "What did you ask, and what did they say?",
        [Said("Say how they gave permission. It is kept in the audit log."), ShortEnough()],
        description="Read the words and the name to them first, and say who will read them.",
    )


def add_to(pages: Pages) -> None:
    """Add the forms about quotes."""
    for address, view in (
        ("/people/<code>/quote", new_quote),
        ("/people/<code>/quotes/<int:number>/withdraw", end_quote),
    ):
        pages.get(address, Permission.WORK, view)
        pages.post(address, Permission.WORK, view)


def may_be_quoted(person: Person) -> bool:
    """Tell whether words of somebody may be written down to be quoted."""
    return not why_not_quoted(person)


def quote_rows(visit: Visit, person: Person) -> list[tuple[Cell, ...]]:
    """Return the quotes of somebody as rows under TITLES."""
    rows: list[tuple[Cell, ...]] = []
    for quote in quotes_of(visit.session, person):
        words = quoted(visit.session, quote)
        address = url_for("desk.end_quote", code=person.code, number=quote.id)
        step: Cell = Link("Permission withdrawn", address, told=f"Permission withdrawn {quote.id}")
        if quote.withdrawn_at is not None:
            step = Tag("withdrawn: the words are gone")
        elif not visit.may(Permission.WORK):
            step = None
        rows.append(
            (
                Phrase(words, person.language) if words else None,
                quote.named_as,
                quote.permitted_on,
                _HOW[quote.how],
                who_did(quote.taken_by),
                step,
            )
        )
    return rows


def new_quote(visit: Visit, code: str) -> ResponseReturnValue:
    """Write down somebody's own words with their permission."""
    person, form = person_of(visit, code), sent(QuoteForm)
    today = visit.now.astimezone(visit.zone).date()
    if request.method == "GET":
        form.named_as.data = usual_name(person, today.year)
        form.permitted_on.data = today
    return act(
        visit,
        form,
        lambda why: write_quote(
            visit.session,
            person,
            str(form.words.data),
            named_as=str(form.named_as.data or ""),
            permitted_on=form["permitted_on"].data,
            how=How(str(form.how.data)),
            actor=visit.actor,
            reason=why,
            now=visit.now,
        ),
        back=url_for("desk.show_person", code=person.code),
        title=f"Write down a quote of {person.shown_name}",
        words="Funders read it in their report, until the permission is withdrawn or they leave."
        f" {why_not_quoted(person)}",
        button="Write it down",
        done="The quote is written down.",
    )


def end_quote(visit: Visit, code: str, number: int) -> ResponseReturnValue:
    """Take a quote out of every report, because the permission is withdrawn."""
    person, form = person_of(visit, code), sent(ReasonForm)
    quote = visit.session.scalar(
        select(Quote).where(Quote.id == number, Quote.person_id == person.id)
    )
    if quote is None:
        abort(404)
    return act(
        visit,
        form,
        lambda why: withdraw_quote(
            visit.session, quote, actor=visit.actor, reason=why, now=visit.now
        ),
        back=url_for("desk.show_person", code=person.code),
        title=f"Permission for quote {number} of {person.shown_name} is withdrawn",
        words="The words are erased here and in every report at once. Tell whoever has a printed"
        " report or a file with them.",
        button="Erase the words",
        done="The words are erased. Tell whoever has a printed report or a file with them.",
    )
