"""Quotes: only with permission, and gone at once when it is withdrawn or somebody leaves."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from mentoring.db import Session
from mentoring.do_not_contact import write_opt_out
from mentoring.errors import ProgrammeError
from mentoring.models import AuditEntry, How, OptOutKind, Person, PersonState, Quote
from mentoring.people import move_person
from mentoring.quotes import quoted, withdraw_quote, write_quote
from mentoring.reports.periods import Period
from mentoring.reports.told import quotes_in
from mentoring.retention import blank_old_content
from mentoring.suspensions import release_person, suspend_person
from tests.make import NOW, make_lines, make_person

TODAY = NOW.date()
YEAR = Period(date(TODAY.year, 1, 1), date(TODAY.year + 1, 1, 1))


def quote(session: Session, person: Person, words: str = "I sell jam.", **other: Any) -> Quote:
    """Write down words of somebody, with their permission of today."""
    facts: dict[str, Any] = {"named_as": "", "permitted_on": TODAY, "how": How.CALL} | other
    return write_quote(
        session, person, words, actor="staff:Olga", reason="Said yes.", now=NOW, **facts
    )


def read(session: Session, community: str = "") -> list[str]:
    """Return the words that a report about this year shows now."""
    return [each.words for each in quotes_in(session, YEAR, community)]


def test_a_quote_is_sealed_named_without_name_and_kept_with_who_took_it(session: Session) -> None:
    person = make_person(session, name="Rosa")
    kept = quote(session, person)

    assert kept.words_sealed is not None
    assert b"jam" not in kept.words_sealed
    assert kept.named_as == f"A protege, {TODAY.year}"
    assert kept.taken_by == "staff:Olga"
    entry = session.scalars(select(AuditEntry)).one()
    assert (entry.action, entry.reason) == (f"wrote down quote {kept.id}", "Said yes.")
    assert read(session) == ["I sell jam."]
    assert read(session, "Elsewhere") == []


def test_withdrawn_it_is_in_no_report_and_may_be_given_again(session: Session) -> None:
    person = make_person(session)
    kept = quote(session, person)
    with pytest.raises(ProgrammeError, match="written down already"):
        quote(session, person)
    withdraw_quote(session, kept, actor="staff:Olga", reason="They rang.", now=NOW)

    assert (read(session), quoted(session, kept), kept.words_sealed) == ([], "", None)
    with pytest.raises(ProgrammeError, match="withdrawn already"):
        withdraw_quote(session, kept, actor="staff:Olga", reason="Again.", now=NOW)
    quote(session, person)
    assert read(session) == ["I sell jam."]


def test_whoever_is_suspended_is_not_quoted_meanwhile(session: Session) -> None:
    person = make_person(session, state=PersonState.ALUM)
    quote(session, person)
    suspend_person(session, person, actor="staff", reason="test", now=NOW)
    assert read(session) == []
    with pytest.raises(ProgrammeError, match="is suspended"):
        quote(session, person, "Other words.")
    release_person(session, person, actor="staff", reason="test", now=NOW)

    assert read(session) == ["I sell jam."]


def test_whoever_leaves_is_quoted_no_more_and_the_words_are_erased(session: Session) -> None:
    person = make_person(session, state=PersonState.ALUM)
    kept = quote(session, person)
    move_person(session, person, PersonState.EXITED, actor="staff", reason="left", now=NOW)
    session.flush()
    assert read(session) == []
    blank_old_content(session, now=NOW + timedelta(hours=1))
    session.expire_all()

    assert kept.words_sealed is kept.words_index is None
    assert kept.withdrawn_at == NOW + timedelta(hours=1)
    with pytest.raises(ProgrammeError, match="is exited"):
        quote(session, person)


def test_whoever_wants_no_contact_is_not_asked_for_words(session: Session) -> None:
    person = make_person(session)
    make_lines(session)
    write_opt_out(session, person, [OptOutKind.TEXTS], actor="staff", reason="STOP", now=NOW)
    quote(session, person)
    write_opt_out(session, person, [OptOutKind.CALLS], actor="staff", reason="STOP", now=NOW)
    with pytest.raises(ProgrammeError, match="wants no contact"):
        quote(session, person, "Other words.")


@pytest.mark.parametrize(
    ("words", "other"),
    [
        ("Call me at 515-555-0188.", {}),
        ("Rosa did it.", {}),
        ("I did it.", {"named_as": "Ann, 515 555 0188"}),
        ("I did it.", {"permitted_on": TODAY + timedelta(days=2)}),
    ],
)
def test_a_number_a_name_and_a_day_to_come_are_refused(
    session: Session, words: str, other: dict[str, Any]
) -> None:
    person = make_person(session, name="Rosa")
    with pytest.raises(ProgrammeError):
        quote(session, person, words, **other)

    assert session.scalars(select(Quote)).all() == []


def test_with_their_wish_a_name_stands_beside_the_words(session: Session) -> None:
    kept = quote(session, make_person(session, name="Rosa"), named_as="Rosa, a baker")

    assert kept.named_as == "Rosa, a baker"
