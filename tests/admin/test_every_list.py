"""Every list of the page: it sorts both ways, filters, pages, keeps its address, comes as CSV."""

import csv
import io
import re
from dataclasses import dataclass
from html import unescape
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest

from mentoring.models import PersonState, StaffRole
from mentoring.people import person_with_code
from tests.admin.conftest import Screen, Site
from tests.admin.test_interest import leaves_interest
from tests.admin.test_reports import OWN
from tests.make import take_offer_back

_SORT = re.compile(r'<th scope="col" aria-sort="([a-z]+)"><a href="([^"]+)">')
_CHOICE = re.compile(r'<select id="f-(\w+)"(.*?)</select>', re.DOTALL)
_NEXT = re.compile(r'rel="next" href="([^"]+)"')


@dataclass(frozen=True)
class AList:
    """Where a list is, which of its columns tells rows apart, and how many can be sorted by."""

    address: str
    names: int
    sorted_by: int


LISTS = {
    "people": AList("/desk/people", 1, 8),
    "applications": AList("/desk/applications", 1, 5),
    "interest": AList("/desk/interest", 1, 7),
    "matches": AList("/desk/matches", 0, 6),
    "contacts": AList("/desk/contacts?until=2026-03-03", 2, 4),
    "alerts": AList("/desk/alerts?show=all", 0, 6),
    "tasks": AList("/desk/tasks?show=all", 0, 4),
    "feedback": AList("/desk/feedback?show=all", 0, 4),
    "goals": AList("/desk/goals?show=all", 0, 2),
    "proposals": AList("/desk/proposals", 0, 5),
    "who waits": AList("/desk/matching/waiting", 0, 2),
    "needs": AList("/desk/needs", 0, 5),
    "reports": AList("/desk/reports/kept", 0, 5),
    "wording": AList("/desk/wording?language=en", 0, 4),
    "staff": AList("/desk/staff", 0, 4),
    "audit": AList("/desk/audit", 2, 1),
}


def with_words(address: str, **words: str) -> str:
    """Return an address with some of its words set."""
    parts = urlsplit(address)
    asked = {key: value[0] for key, value in parse_qs(parts.query).items()} | words
    return f"{parts.path}?{urlencode(asked)}"


def sheet(screen: Screen, address: str) -> list[list[str]]:
    """Return the rows of the file of a list."""
    answer = screen.opens(with_words(address, **{"as": "csv"}))
    assert answer.mimetype == "text/csv"
    return list(csv.reader(io.StringIO(answer.text)))[1:]


@pytest.fixture
def screen(site: Site) -> Screen:
    """Charlotte, with something in every list."""
    leaves_interest(site, "Kim", "+15155550148")
    leaves_interest(site, "Dan", "+15155550177")
    site.add("ines@example.org", StaffRole.COORDINATOR)
    site.add("lea@example.org", StaffRole.LEAD)
    charlotte = site.sign_in(site.add())
    with site.db.transaction() as session:
        take_offer_back(session, now=site.clock.now())
        person_with_code(session, "P16").state = PersonState.WAITING
    charlotte.opens("/desk/matching/P06/M08")
    charlotte.sends("/desk/matching/P06/M08", how="draft", reason="protege_request")
    for first_day in ("2025-05-01", "2025-08-01"):
        charlotte.opens("/desk/reports")
        charlotte.sends("/desk/reports", **OWN | {"since": first_day})
    for code in ("P05", "P06"):
        charlotte.opens(f"/desk/people/{code}/answers")
        charlotte.sends(f"/desk/people/{code}/answers", reason="To see them in the log.")
    return charlotte


@pytest.fixture(params=list(LISTS.values()), ids=list(LISTS))
def listed(request: pytest.FixtureRequest) -> AList:
    """One list after the other."""
    given: AList = request.param
    return given


def test_it_is_sorted_by_its_columns_both_ways(screen: Screen, listed: AList) -> None:
    screen.opens(listed.address)
    links = [unescape(address) for _, address in _SORT.findall(screen.page.text)]
    assert len(links) == listed.sorted_by
    known = sorted(sheet(screen, listed.address))
    assert len(known) > 1
    for link in links:
        key = parse_qs(urlsplit(link).query)["sort"][0]
        up = sheet(screen, with_words(listed.address, sort=key))
        down = sheet(screen, with_words(listed.address, sort=f"-{key}"))
        assert sorted(up) == sorted(down) == known, key
        # What is unknown comes last both ways, so two parts are turned round, each in its place.
        cuts = range(len(up) + 1)
        assert any(down == up[:cut][::-1] + up[cut:][::-1] for cut in cuts), key
        screen.opens(link)
        assert [word for word, _ in _SORT.findall(screen.page.text) if word != "none"] == [
            "ascending"
        ]


def test_its_filters_choose_and_stay_in_the_address(screen: Screen, listed: AList) -> None:
    path = urlsplit(listed.address).path
    screen.opens(path)
    fields = _CHOICE.findall(screen.page.text)
    fields_of_words = re.findall(r'<input id="f-(\w+)"', screen.page.text)
    assert fields or fields_of_words
    everything = sheet(screen, with_words(path, show="all"))
    for name, options in fields:
        for value in re.findall(r'<option value="([^"]+)"', options):
            asked = with_words(path, **({"show": "all"} | {name: unescape(value)}))
            found = sheet(screen, asked)
            assert len(found) <= len(everything), asked
            screen.opens(asked)
            assert f'value="{value}" selected' in screen.page.text
            assert all(
                parse_qs(urlsplit(unescape(link)).query)[name] == [unescape(value)]
                for _, link in _SORT.findall(screen.page.text)
            )
    for name in fields_of_words:
        if name == "until":
            continue
        asked = with_words(path, **{name: "nothing like this"})
        assert sheet(screen, asked) == []
        screen.opens(asked)
        assert "Nothing fits these filters. Show all, or change one of them." in screen.words


def test_its_pages_hold_what_its_file_does(
    monkeypatch: pytest.MonkeyPatch, screen: Screen, listed: AList
) -> None:
    whole = [row[listed.names] for row in sheet(screen, listed.address)]
    size = max(1, (len(whole) + 2) // 3)
    monkeypatch.setattr("admin.lists.PAGE", size)
    read, address, pages = [], listed.address, 0
    while address:
        screen.opens(address)
        read += [row[listed.names] for row in screen.rows()]
        following = _NEXT.search(screen.page.text)
        address = unescape(following[1]) if following else ""
        pages += 1

    assert read == whole
    assert pages == -(-len(whole) // size) > 1


def test_what_is_no_column_sorts_nothing(screen: Screen, listed: AList) -> None:
    as_it_is = sheet(screen, listed.address)

    for key in ("nonsense", "--code", "-", "password_hash", "1; drop table people"):
        assert sheet(screen, with_words(listed.address, sort=key)) == as_it_is


def test_no_list_runs_a_formula(site: Site, screen: Screen, listed: AList) -> None:
    with site.db.transaction() as session:
        for code in ("P05", "M06", "P09", "M12"):
            person_with_code(session, code).first_name = "=1+1"
    cells = [cell for row in sheet(screen, listed.address) for cell in row]

    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]


def test_every_list_of_the_page_is_looked_at_here(site: Site, screen: Screen) -> None:
    found = set()
    for rule in site.app.url_map.iter_rules():
        if rule.rule.startswith("/desk/") and not rule.arguments and "GET" in (rule.methods or ()):
            screen.opens(rule.rule)
            if 'aria-label="Pages of this list"' in screen.page.text:
                found.add(rule.rule)

    assert found == {urlsplit(each.address).path for each in LISTS.values()}


def test_a_page_that_is_there_no_more_leads_to_the_first(screen: Screen, listed: AList) -> None:
    screen.opens(with_words(listed.address, page="99"))
    assert "The list has become shorter: there is nothing on page 99." in screen.words
    found = re.search(r'<a href="([^"]+)">Go to page 1</a>', screen.page.text)
    assert found is not None
    screen.opens(unescape(found[1]))
    assert screen.rows()
