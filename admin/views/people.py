"""People: the list, and a page for each with all that is known and how it came about."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from flask import flash, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import joinedload

from admin.concerns import closed_answers, look_reason
from admin.forms import sent
from admin.labels import (
    CONSENT_WORDS,
    SAFE_CONTACT,
    in_words,
    language_name,
    mode_words,
    options,
    profile_facts,
    rule_words,
    state_of_match,
    state_of_person,
    who_did,
)
from admin.lists import Cell, Column, Filter, Folded, Link, Listing, Phrase, When, show
from admin.office import Visit
from admin.pages import Pages
from admin.permissions import Permission
from admin.queries import concerns, history_rows, open_matches_of, person_link, person_of, task_link
from admin.reasons import ReasonForm, ask_why, keep_look, reason_in
from admin.rendering import render
from admin.views.contacts import entry_rows
from admin.views.people_search import NUMBER, WORDS, find_people, found_by
from admin.views.person_changes import person_actions
from admin.views.proposals import rows_of_person
from admin.views.quotes import TITLES, quote_rows
from admin.views.training import sum_in_words, training_actions, training_rows
from admin.words import answer_words, spoken_answers_of
from mentoring.applications.training import training_so_far
from mentoring.audit import reveal_number
from mentoring.clock import zone_named
from mentoring.consents import counts_for
from mentoring.models import (
    Answer,
    AuditEntry,
    Channel,
    Consent,
    Contact,
    Match,
    MatchSide,
    Mode,
    Person,
    PersonState,
    Role,
    StaffTask,
)
from mentoring.people import masked_number
from mentoring.phone import written
from mentoring.wording import language_words

_CONTACTS_SHOWN = 20
_LOOKS_SHOWN = 20
# Ids of the carrier are told apart by their end.
_TAIL = 6
_CLOSED = "told in a worry: its alert says whom to ask"


def add_to(pages: Pages) -> None:
    """Add the pages about people."""
    pages.get("/people", Permission.SEE, list_people)
    pages.post("/people", Permission.SEE, find_people)
    pages.get("/people/<code>", Permission.SEE, show_person)
    pages.get("/people/<code>/number", Permission.REVEAL, reveal_person)
    pages.post("/people/<code>/number", Permission.REVEAL, reveal_person)
    pages.get("/people/<code>/answers", Permission.REVEAL, read_answers)
    pages.post("/people/<code>/answers", Permission.REVEAL, read_answers)


_FILTERS = (
    WORDS,
    NUMBER,
    Filter("role", "Role", options(Role)),
    Filter("state", "State", options(PersonState)),
    Filter("mode", "Likes", options(Mode)),
)


def list_people(visit: Visit) -> ResponseReturnValue:
    """List everybody in scope."""
    _words, _number, role, state, mode = (each.value() for each in _FILTERS)
    chosen = select(Person).options(joinedload(Person.phone)).where(visit.scope.people())
    for column, value in ((Person.role, role), (Person.state, state), (Person.mode, mode)):
        if value:
            chosen = chosen.where(column == value)
    chosen = chosen.where(*found_by(visit))

    def rows_of(found: Sequence[Any]) -> Sequence[tuple[Person, list[str]]]:
        people = [row[0] for row in found]
        matches = open_matches_of(visit, people)
        return [(person, matches[person.id]) for person in people]

    return show(
        visit,
        Listing(
            title="People",
            links=(Link("Interest", url_for("desk.list_interest")),),
            statement=chosen,
            tie=Person.id,
            filters=_FILTERS,
            find_at=url_for("desk.find_people_post"),
            empty="There is nobody yet. Who calls or texts the main line appears here.",
            rows_of=rows_of,
            columns=(
                Column("Name", lambda row: person_link(row[0]), Person.first_name),
                Column("Code", lambda row: row[0].code, Person.code),
                Column("Role", lambda row: row[0].role.value, Person.role),
                Column("State", lambda row: state_of_person(row[0]), Person.state),
                Column("Since", lambda row: _since(row[0]), Person.state_since),
                Column("Likes", lambda row: mode_words(row[0].mode), Person.mode),
                Column("Language", lambda row: language_name(row[0].language), Person.language),
                Column("Community", lambda row: row[0].community or None, Person.community),
                Column("Matches", lambda row: ", ".join(row[1]) or None),
            ),
        ),
    )


def _since(person: Person) -> When:
    return When(person.state_since, person.zone)


def show_person(visit: Visit, code: str) -> ResponseReturnValue:
    """Show one person: facts, consents, matches, contacts, tasks, history, and who looked."""
    return _shown(visit, person_of(visit, code))


def reveal_person(visit: Visit, code: str) -> ResponseReturnValue:
    """Ask why, then show the real number once; the look at it is kept (S11)."""
    person, form = person_of(visit, code), sent(ReasonForm)
    back = url_for("desk.show_person", code=person.code)
    asked = ask_why(visit, form, title=f"Show the number of {person.shown_name}", back=back)
    if asked is not None:
        return asked
    number = reveal_number(
        visit.session,
        person.phone,
        entity="person",
        entity_id=person.code,
        actor=visit.actor,
        reason=reason_in(form),
        now=visit.now,
    )
    flash(f"The number of {person.shown_name} is shown below, this once.", "done")
    return _shown(visit, person, number=written(number))


def read_answers(visit: Visit, code: str) -> ResponseReturnValue:
    """Ask why, then show what somebody told us in their own words; the look is kept."""
    person, form = person_of(visit, code), sent(ReasonForm)
    back = url_for("desk.show_person", code=person.code)
    asked = ask_why(visit, form, title=f"Read what {person.shown_name} told us", back=back)
    if asked is not None:
        return asked
    keep_look(visit, "read answers", reason_in(form), entity_id=person.code)
    answers = visit.session.scalars(
        select(Answer).where(Answer.person_id == person.id).order_by(Answer.id)
    )
    closed, heard = closed_answers(visit, person), spoken_answers_of(visit, person)
    rows = [
        (
            answer.question,
            answer.wording,
            _CLOSED if answer.id in closed else in_words(answer.value or "") or None,
            None if answer.id in closed else _told(visit, answer, person, heard),
            answer.channel.value,
            When(answer.at, person.zone),
        )
        for answer in answers
    ]
    return render("answers.html", visit, person=person, rows=rows)


def _told(
    visit: Visit, answer: Answer, person: Person, heard: Mapping[tuple[int | None, datetime], Link]
) -> Cell:
    """Return an answer in own words, or where it is heard."""
    words = answer_words(visit, answer)
    if words:
        return Phrase(words, person.language)
    return heard.get((answer.conversation_id, answer.at))


def _shown(visit: Visit, person: Person, *, number: str | None = None) -> str:
    session = visit.session
    looks = session.scalars(
        select(AuditEntry)
        .where(AuditEntry.entity == "person", AuditEntry.entity_id == person.code)
        .order_by(AuditEntry.id.desc())
        .limit(_LOOKS_SHOWN)
    ).all()
    tasks = session.scalars(
        select(StaffTask)
        .where(_is_about(person), StaffTask.done_at.is_(None))
        .order_by(StaffTask.due_at)
        .limit(50)
    ).all()
    contacts = session.scalars(
        select(Contact)
        .where(concerns(person))
        .order_by(Contact.started_at.desc(), Contact.id.desc())
        .limit(_CONTACTS_SHOWN)
    ).all()
    return render(
        "person.html",
        visit,
        person=person,
        number=number or masked_number(session, person.phone),
        revealed=number is not None,
        facts=_facts(visit, person),
        actions=person_actions(visit, person),
        profile=profile_facts(person),
        quote_titles=TITLES,
        quotes=quote_rows(visit, person),
        **_training(visit, person),
        consents=_consents(visit, person),
        matches=_matches(visit, person),
        proposals=rows_of_person(visit, person),
        tasks=[_task_row(task, person) for task in tasks],
        contacts=entry_rows(visit, contacts),
        history=history_rows(visit, "person", person.id, person.zone),
        looks=[
            (When(look.at, person.zone), who_did(look.actor), look.action, look_reason(visit, look))
            for look in looks
        ],
    )


def _training(visit: Visit, person: Person) -> Mapping[str, object]:
    """Return what the page says about the training of a mentor."""
    if person.role is not Role.MENTOR:
        return {}
    so_far = training_so_far(visit.session, person)
    return {
        "training": sum_in_words(so_far),
        "training_talks": training_rows(so_far),
        "training_actions": training_actions(visit, person, so_far),
    }


def _facts(visit: Visit, person: Person) -> list[tuple[str, Cell]]:
    zone = zone_named(person.zone)
    phone = person.phone
    said = {
        "a landline": phone.line_type == "landline",
        "shared with others": phone.shared,
        "slow voice": phone.slow,
        "no texts: opted out": phone.texts_refused_at is not None,
        "no automated calls: opted out": phone.calls_refused_at is not None,
        "out of use": phone.unusable_at is not None and not phone.disowned,
        "a wrong number, they say: nothing goes there": phone.disowned,
    }
    return [
        ("Role", person.role.value),
        ("State", state_of_person(person)),
        ("Since", _since(person)),
        ("Likes", mode_words(person.mode)),
        ("Language", language_words(person)),
        ("Time zone", person.zone or "not known: nobody may ring or text"),
        ("Time there now", When(visit.now, person.zone) if zone else None),
        ("Phone", ", ".join(words for words, holds in said.items() if holds) or None),
        ("Messages", SAFE_CONTACT.get(person.safe_contact)),
        ("Community", person.community or None),
    ]


def _consents(visit: Visit, person: Person) -> list[tuple[Cell, ...]]:
    given = visit.session.scalars(
        select(Consent).where(counts_for(person)).order_by(Consent.id.desc())
    ).all()
    newest: dict[str, int] = {}
    for answer in given:
        newest.setdefault(answer.part, answer.id)
    return [
        (
            CONSENT_WORDS.get(answer.part, answer.part),
            "agreed" if answer.agreed else "refused",
            "counts" if newest[answer.part] == answer.id else "replaced",
            answer.wording,
            language_name(answer.language),
            answer.channel.value,
            When(answer.at, person.zone),
            answer.known_by,
            _proof(answer),
        )
        for answer in given
    ]


def _proof(answer: Consent) -> Cell:
    """Return what proves a consent; an id of the carrier is only heard when somebody opens it.

    What staff wrote down are words of theirs.
    """
    if answer.channel is Channel.STAFF:
        return answer.proof
    kind = "text" if answer.channel is Channel.TEXT else "call"
    return Folded(f"{answer.part}: {kind} {answer.proof[-_TAIL:]}", answer.proof)


def _is_about(person: Person) -> ColumnElement[bool]:
    """Return the condition that a task or alert is about somebody, or about a match as a whole."""
    mine = select(MatchSide.match_id).where(MatchSide.person_id == person.id)
    of_both = StaffTask.person_id.is_(None) & StaffTask.match_id.in_(mine)
    return (StaffTask.person_id == person.id) | of_both


def _matches(visit: Visit, person: Person) -> list[tuple[Cell, ...]]:
    mine = select(MatchSide.match_id).where(MatchSide.person_id == person.id)
    sides = visit.session.scalars(
        select(MatchSide)
        .join(Match, Match.id == MatchSide.match_id)
        .where(MatchSide.match_id.in_(mine), MatchSide.person_id != person.id)
        .order_by(Match.id.desc())
        .options(joinedload(MatchSide.match), joinedload(MatchSide.person))
    ).all()
    return [
        (
            Link(side.match.code, url_for("desk.show_match", code=side.match.code)),
            f"{side.person.shown_name} ({side.person.code})",
            state_of_match(side.match),
            When(side.match.opened_at, person.zone, side.person.zone),
            written(side.match.line.number),
        )
        for side in sides
    ]


def _task_row(task: StaffTask, person: Person) -> tuple[Cell, ...]:
    return (task_link(task), rule_words(task.rule), When(task.due_at, person.zone))
