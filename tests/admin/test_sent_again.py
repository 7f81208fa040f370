"""Every form, sent twice by one and at once by two: it happens once, and the second is told."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import Connection

from mentoring.models import StaffRole
from tests.admin.a_form import MEANWHILE, Fields, Form
from tests.admin.conftest import Screen, Site
from tests.admin.forms import AGAIN, ELSEWHERE, FORMS, LOOKS, OWN, made, places
from tests.admin.test_every_form import records
from tests.admin.test_permissions import OPEN, rules
from tests.tree import ROOT

Opened = dict[str, list[str]]


@contextmanager
def taken_back(site: Site) -> Iterator[None]:
    """Take back at the end whatever was done, so that the next form finds all as it was."""
    edition, programme = site.db.edition, site.db.programme
    assert isinstance(site.db.bind, Connection)
    with site.db.bind.begin_nested() as savepoint:
        yield
        savepoint.rollback()
    site.db.adopt(edition, programme)


def send(screen: Screen, form: Form, at: Fields, opened: Opened, typed: Fields) -> None:
    """Send a form as it was when its page was opened, with what was typed into it."""
    token, *_ = opened["csrf_token"]
    sent = {**opened, **{name: words.format() for name, words in typed.items()}, "csrf_token": ""}
    del sent["csrf_token"]
    screen.sends(form.address(at), token=token, **sent)  # type: ignore[arg-type]


def changed(before: dict[str, str], after: dict[str, str]) -> set[str]:
    return {table for table in before if before[table] != after[table]}


def what_is_wrong(site: Site, form: Form, one: Screen, other: Screen) -> str:
    """Let somebody send a form twice, and somebody else the one that they opened before that."""
    at = places(site)
    for name in form.after:
        before = FORMS[name]
        send(one, before, at, before.opened(one, at | made(site)), before.first)
    at |= made(site)
    mine, theirs = form.opened(one, at), form.opened(other, at)
    if "csrf_token" not in mine:
        return f"There is no such form on the page: {one.words}"
    start = records(site)
    send(one, form, at, mine, form.first)
    once = records(site)
    if once == start:
        return f"Nothing was done: {one.words}"
    send(one, form, at, mine, form.first)
    if one.page.status_code >= 500 or changed(once, records(site)):
        return f"Sent twice it changes {changed(once, records(site))}: {one.words}"
    send(other, form, at, theirs, form.first if form.second is None else form.second)
    if changed(once, records(site)):
        return f"The second of two changes {changed(once, records(site))}: {other.words}"
    return "" if form.told in other.words else f"The second of two is not told: {other.words}"


@pytest.mark.timeout(180)
def test_what_is_sent_twice_happens_once_and_of_two_at_once_the_second_is_told(site: Site) -> None:
    site.add("lea@example.org", StaffRole.LEAD)
    one = site.sign_in(site.add())
    other = site.sign_in(site.add("ben@example.org", name="Ben Adler"))
    wrong = {}
    for name, form in FORMS.items():
        with taken_back(site):
            wrong[name] = what_is_wrong(site, form, one, other)

    assert {name: words for name, words in wrong.items() if words} == {}


# What somebody had open, while somebody else did another thing that it would have undone or hidden.
_CROSSED = {"close": "hold", "invited again": "shut"}


@pytest.mark.parametrize("held", _CROSSED)
def test_nobody_goes_over_what_another_has_just_done(site: Site, held: str) -> None:
    site.add("lea@example.org", StaffRole.LEAD)
    one = site.sign_in(site.add())
    other = site.sign_in(site.add("ben@example.org", name="Ben Adler"))
    at, late, done = places(site) | made(site), FORMS[held], FORMS[_CROSSED[held]]
    opened = late.opened(one, at)
    send(other, done, at, done.opened(other, at), done.first)
    assert "There is a problem" not in other.words
    before = records(site)
    send(one, late, at, opened, late.first)

    assert MEANWHILE in one.words
    assert records(site) == before
    send(one, late, at, late.opened(one, at), late.first)
    assert records(site) != before


def test_of_every_address_it_is_known_what_comes_of_sending_again(site: Site) -> None:
    known = {form.rule for form in FORMS.values()} | LOOKS | AGAIN | OWN | set(ELSEWHERE)

    sent_to = {rule.rule for rule in rules(site) if "POST" in (rule.methods or ())}
    assert sent_to - OPEN == known
    for file in ELSEWHERE.values():
        assert (ROOT / "tests" / "admin" / file).exists()
