"""Lists: filters and sorting have an address, pages follow one another, and CSV runs nothing."""

import csv
import html
import io
import re
from collections.abc import Callable

import pytest

from mentoring.models import PersonState, Role, StaffRole
from mentoring.people import person_with_code
from tests.admin.conftest import Screen, Site
from tests.admin.filled_in import filled_in
from tests.make import make_person, make_phone


def codes(screen: Screen) -> list[str]:
    """Return the codes on the page of people."""
    return [row[1] for row in screen.rows()]


def test_filters_are_part_of_the_address_and_stay_while_sorting(charlotte: Screen) -> None:
    charlotte.opens("/desk/people?role=protege&state=waiting")
    assert codes(charlotte) == ["P04"]
    assert "role=protege&amp;state=waiting&amp;sort=code" in charlotte.page.text
    charlotte.opens("/desk/people?role=mentor&sort=-code")
    assert codes(charlotte)[:2] == ["M13", "M12"]
    assert 'aria-sort="descending"' in charlotte.page.text


@pytest.mark.parametrize(("words", "found"), [("rosa", ["P01"]), ("p05", ["P05"]), ("%", [])])
def test_people_are_found_by_name_and_code(charlotte: Screen, words: str, found: list[str]) -> None:
    charlotte.client.get("/desk/people", query_string={"q": words})
    charlotte.opens(f"/desk/people?q={words.replace('%', '%25')}")

    assert codes(charlotte) == found


def finds(screen: Screen, words: str, **filters: str) -> str:
    """Look for somebody, as the form on the list does; returns the address that it leads to."""
    screen.opens("/desk/people")
    screen.sends("/desk/people", q=words, **filters)
    return screen.page.request.full_path


@pytest.mark.parametrize("words", ["515 555 0135", "+1 (515) 555-0135", "0135"])
def test_a_number_finds_somebody_and_stands_in_no_address(charlotte: Screen, words: str) -> None:
    for page in ("/desk/", "/desk/people"):
        charlotte.opens(page)
        assert 'method="post" action="/desk/people"' in charlotte.page.text
    address = finds(charlotte, words, role="protege")

    assert codes(charlotte) == ["P05"]
    assert "0135" not in address + charlotte.page.text
    assert "role=protege" in address
    assert "You see who was looked for by number." in charlotte.words
    for more, found in (("&role=mentor", []), ("&sort=name", ["P05"]), ("&state=waiting", [])):
        charlotte.opens(address.replace("role=protege&", "").replace("&role=protege", "") + more)
        assert codes(charlotte) == found, more
    answer = charlotte.opens(f"{address}&as=csv")
    assert [row[1] for row in csv.reader(io.StringIO(answer.text))] == ["Code", "P05"]


def test_a_search_is_kept_while_filters_change_and_left_by_the_next_one(charlotte: Screen) -> None:
    finds(charlotte, "0135")
    kept = filled_in(charlotte)["number"][0]
    assert finds(charlotte, "", number=kept, role="protege").count(kept) == 1
    assert codes(charlotte) == ["P05"]
    assert "number" not in finds(charlotte, "Rosa", number=kept)
    assert codes(charlotte) == ["P01"]


@pytest.mark.parametrize("token", ["x", "AQ==", "A" * 99, "\u0661", "0135"])
def test_who_makes_a_token_up_finds_nobody(charlotte: Screen, token: str) -> None:
    charlotte.opens(f"/desk/people?number={token}")

    assert (charlotte.page.status_code, codes(charlotte)) == (200, [])


def test_the_last_four_digits_are_four_plain_ones_and_no_more_of_the_number_is_shown(
    signed_in: Callable[[StaffRole], Screen],
) -> None:
    screen = signed_in(StaffRole.READ_ONLY)
    finds(screen, "0135")

    assert codes(screen) == ["P05"]
    assert "0135" not in screen.words
    for words in ("135", "00135", "9999", "013५"):
        finds(screen, words)
        assert "Nothing fits these filters." in screen.words


@pytest.mark.parametrize(
    "address", ["/desk/people?state=nonsense", "/desk/people?sort=nonsense", "/desk/people?role="]
)
def test_what_is_not_offered_counts_as_not_asked(charlotte: Screen, address: str) -> None:
    charlotte.opens(address)

    assert len(charlotte.rows()) == 31


@pytest.mark.parametrize("page", ["0", "-1", "x", "401", "99999999999999999999", "1.5"])
def test_there_is_no_such_page_of_a_list(charlotte: Screen, page: str) -> None:
    assert charlotte.opens(f"/desk/people?page={page}").status_code == 404


def test_a_long_list_comes_in_pages_of_fifty(site: Site, charlotte: Screen) -> None:
    with site.db.transaction() as session:
        phone = make_phone(session, 50)
        for place in range(80):
            make_person(session, name=f"Somebody {place}", phone=phone, state=PersonState.LEAD)
    charlotte.opens("/desk/people")
    first = codes(charlotte)
    assert (len(first), "Page 2" in charlotte.words) == (50, True)
    charlotte.opens("/desk/people?page=2")
    second = codes(charlotte)
    charlotte.opens("/desk/people?page=3")
    third = codes(charlotte)

    assert (len(second), len(third)) == (50, 11)
    assert len({*first, *second, *third}) == 111


def test_the_file_holds_what_the_list_shows(charlotte: Screen) -> None:
    answer = charlotte.opens("/desk/people?role=mentor&as=csv")

    rows = list(csv.reader(io.StringIO(answer.text)))
    assert rows[0][:3] == ["Name", "Code", "Role"]
    assert {row[2] for row in rows[1:]} == {"mentor"}
    assert answer.headers["Content-Disposition"] == 'attachment; filename="people.csv"'


@pytest.mark.parametrize("name", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1"])
def test_no_cell_of_the_file_is_a_formula(site: Site, charlotte: Screen, name: str) -> None:
    with site.db.transaction() as session:
        person_with_code(session, "P05").first_name = name
    answer = charlotte.opens("/desk/people?q=P05&as=csv")

    assert list(csv.reader(io.StringIO(answer.text)))[1][0] == f"'{name}"


def test_a_script_in_a_name_is_shown_as_text(site: Site, charlotte: Screen) -> None:
    with site.db.transaction() as session:
        person_with_code(session, "P05").first_name = "<script>alert(1)</script>"
    for address in (
        "/desk/people",
        "/desk/people/P05",
        "/desk/matches",
        "/desk/contacts?person=P05",
    ):
        charlotte.opens(address)
        assert "<script>alert" not in charlotte.page.text
        assert "&lt;script&gt;alert(1)" in charlotte.page.text


def test_an_empty_programme_says_what_comes(empty_site: Site) -> None:
    screen = empty_site.sign_in(empty_site.add())
    for address, said in (
        ("/desk/people", "Who calls or texts the main line appears here."),
        ("/desk/matches", "The page Matching shows who waits and who fits them."),
        ("/desk/contacts", "these 30 days. To look further back, fill in Up to the day."),
        ("/desk/alerts", "That is good. Closed ones are found under Show."),
        ("/desk/tasks", "That is good. What is done is found under Show."),
        ("/desk/", "no alerts and no tasks open".capitalize()),
    ):
        screen.opens(address)
        assert said in screen.words, address


def test_mentors_are_told_from_proteges(charlotte: Screen) -> None:
    charlotte.opens(f"/desk/people?role={Role.MENTOR.value}")

    assert {row[2] for row in charlotte.rows()} == {"mentor"}


def test_the_log_shows_a_month_up_to_a_day_and_one_person_as_a_whole(charlotte: Screen) -> None:
    charlotte.opens("/desk/contacts?until=2026-01-15")
    days = {" ".join(row[0].split()[1:3]).rstrip(",") for row in charlotte.rows()}
    shown = [f"Dec {day}" for day in range(17, 32)] + [f"Jan {day}" for day in range(1, 16)]
    assert days
    assert days <= set(shown)
    charlotte.opens("/desk/contacts?person=P15")
    assert charlotte.rows()


def test_each_number_of_the_first_page_leads_to_as_many_rows(site: Site, charlotte: Screen) -> None:
    charlotte.opens("/desk/")
    pulse = charlotte.page.text.partition('<ul class="pulse">')[2].partition("</ul>")[0]
    numbers = re.findall(r'href="([^"]+)"><strong>(\d+)</strong>', pulse)
    assert len(numbers) == 5
    for address, count in numbers:
        taken = charlotte.client.get(f"{html.unescape(address)}&as=csv")
        assert len(list(csv.reader(io.StringIO(taken.text)))) == int(count) + 1, address


def test_the_log_shows_what_was_from_a_day_on_and_what_was_two_way(charlotte: Screen) -> None:
    charlotte.opens("/desk/contacts?since=2026-03-01&until=2026-03-02")
    days = {" ".join(row[0].split()[1:3]).rstrip(",") for row in charlotte.rows()}
    assert days
    assert days <= {"Mar 1", "Mar 2"}
    charlotte.opens("/desk/contacts?two_way=yes")
    assert {row[-1] for row in charlotte.rows()} == {"yes"}


@pytest.mark.parametrize("day", ["tomorrow", "2026-02-30", "9999-12-31", "0001-01-01", "2026"])
def test_for_what_is_no_day_nothing_is_found(charlotte: Screen, day: str) -> None:
    for name in ("since", "until"):
        assert charlotte.opens(f"/desk/contacts?{name}={day}").status_code == 200
        assert "Nothing fits these filters." in charlotte.words
        assert f'value="{day}"' in charlotte.page.text


def test_who_rang_is_staff_where_staff_did(charlotte: Screen) -> None:
    charlotte.opens("/desk/contacts?person=P05&kind=staff+call")
    assert {row[2] for row in charlotte.rows()} == {"staff"}


@pytest.mark.parametrize("listed", ["alerts", "tasks", "feedback"])
def test_a_list_of_what_is_open_says_so_while_nothing_is_chosen(
    charlotte: Screen, listed: str
) -> None:
    charlotte.opens(f"/desk/{listed}")
    assert re.search(
        r'<select id="[^"]*" name="show">\s*<option value="">open<', charlotte.page.text
    )
