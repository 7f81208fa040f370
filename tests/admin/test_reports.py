"""Reports on the page: asked for, worked out, read, compared and taken away as a file."""

import csv
import io
import re
from datetime import date, timedelta
from xml.etree import ElementTree

import pytest
from sqlalchemy import select

from mentoring.calendar.deeds import do_due
from mentoring.models import AuditEntry, Person, ReportRun, StaffRole
from mentoring.reports import counselling
from mentoring.reports.periods import Period
from mentoring.reports.runs import ask_for_report
from mentoring.retention import blank_old_content
from tests.admin.conftest import Screen, Site

OWN = {"which": "own", "since": "2025-03-01", "until": "2026-03-31", "community": ""}


def a_report(site: Site, *, community: str = "", done: bool = True) -> int:
    """Let a report about a year be asked for and, unless it is to wait, be worked out."""
    with site.db.transaction() as session:
        run = ask_for_report(
            session,
            period=Period(date(2025, 3, 1), date(2026, 4, 1)),
            community=community,
            actor="staff:Charlotte",
            now=site.clock.now(),
        )
        number = run.id
    if done:
        do_all_due(site)
    return number


def do_all_due(site: Site) -> None:
    """Do what is due, as the worker does: a report comes after everything else."""
    with site.db.transaction() as session:
        while do_due(session, now=site.clock.now()):
            pass


def sheet(screen: Screen) -> list[list[str]]:
    """Return the rows of the file that came."""
    return list(csv.reader(io.StringIO(screen.page.text)))


def test_the_week_is_told_in_numbers_that_lead_to_the_lists(charlotte: Screen) -> None:
    charlotte.opens("/desk/reports")

    assert "2 new people" in charlotte.words
    assert "1 protege waits for a mentor, the longest for 34 days" in charlotte.words
    assert "6 alerts opened, 0 closed, 6 open now" in charlotte.words
    assert "There is no report yet. Choose some days above." in charlotte.words


def test_reports_that_share_months_are_not_to_be_published_beside_each_other(
    site: Site, charlotte: Screen
) -> None:
    year = a_report(site)
    charlotte.opens(f"/desk/reports/{year}")
    assert "Do not publish this beside" not in charlotte.words
    for since, until, community in (
        (date(2026, 2, 1), date(2026, 3, 1), ""),
        (date(2025, 1, 1), date(2025, 3, 1), ""),
        (date(2026, 2, 1), date(2026, 3, 1), "River"),
    ):
        with site.db.transaction() as session:
            ask_for_report(
                session,
                period=Period(since, until),
                community=community,
                actor="staff:Charlotte",
                now=site.clock.now(),
            )
    do_all_due(site)
    for page in ("", "/board"):
        charlotte.opens(f"/desk/reports/{year}{page}")
        assert (
            "Do not publish this beside the report about Sun, Feb 1, 2026, to Sat, Feb 28, 2026"
            in charlotte.words
        )


def test_a_report_is_asked_for_worked_out_and_read(site: Site, charlotte: Screen) -> None:
    charlotte.opens("/desk/reports")
    charlotte.sends("/desk/reports", **OWN)
    assert "It is being worked out." in charlotte.words
    assert "data-news" in charlotte.page.text
    address = charlotte.path
    do_all_due(site)
    charlotte.opens(address)

    assert "It is worked out." in charlotte.words
    assert "data-news" not in charlotte.page.text
    rows = {row[1]: row for row in charlotte.rows()}
    assert rows["Days from the waiting list to the match"][2] == "15.5 days"
    assert rows["Matched within 30 days"][2:] == [
        "100.0 %",
        "100.0 %",
        "16 of 16; 16 of 16 known (100.0 %)",
    ]
    assert rows["Healthy matches"][2].startswith("hidden: too few people")
    assert "no rates are set" in rows["Cost of the period"][2]


def test_a_report_that_waits_is_followed_by_the_news(site: Site, charlotte: Screen) -> None:
    number = a_report(site, done=False)
    news = charlotte.client.get(f"/desk/reports/{number}/news").get_json()
    assert news["said"].startswith("It is being worked out.")
    assert charlotte.opens(f"/desk/reports/{number}/board").status_code == 404
    assert "Open it again in a minute." in charlotte.words
    do_all_due(site)
    later = charlotte.client.get(f"/desk/reports/{number}/news?version={news['version']}")

    assert later.get_json()["said"] == "It is worked out."
    same = later.get_json()["version"]
    again = charlotte.client.get(f"/desk/reports/{number}/news?version={same}")
    assert again.status_code == 304


@pytest.mark.parametrize(
    ("fields", "fault"),
    [
        (OWN | {"since": ""}, "Write each day like 2026-03-31."),
        (OWN | {"until": "2026-03-03"}, "A report is about whole months"),
        (OWN | {"which": "month:1999-01-01"}, "Choose the days."),
        (OWN | {"community": "Atlantis"}, "Choose whom it is about."),
        (OWN | {"since": "2" * 21}, "Use 20 characters or fewer."),
        ({"which": ""}, "Choose the days."),
    ],
)
def test_what_makes_no_sense_is_refused_with_a_sentence(
    charlotte: Screen, fields: dict[str, str], fault: str
) -> None:
    charlotte.opens("/desk/reports")
    answer = charlotte.sends("/desk/reports", **fields)

    assert answer.status_code == 422
    assert "There is a problem" in charlotte.words
    assert fault in charlotte.words


def test_asked_for_twice_there_is_one_report(site: Site, charlotte: Screen) -> None:
    for _ in range(2):
        charlotte.opens("/desk/reports")
        charlotte.sends("/desk/reports", **OWN)
    with site.db.transaction() as session:
        assert len(session.scalars(select(ReportRun)).all()) == 1
    number = charlotte.path.rpartition("/")[2]
    charlotte.sends(f"/desk/reports/{number}/again")

    assert "The report is worked out again." in charlotte.words


def test_the_board_reads_one_short_page(site: Site, charlotte: Screen) -> None:
    charlotte.opens(f"/desk/reports/{a_report(site)}/board")

    assert {row[0] for row in charlotte.rows()} == {"E2", "E4", "E7", "E8", "E10", "E17"}
    assert "Waiting now, by what they need" in charlotte.words
    assert "Proteges who wait now: fewer than 5." in charlotte.words


def test_funders_read_who_was_served_and_how_groups_compare(site: Site, charlotte: Screen) -> None:
    charlotte.opens(f"/desk/reports/{a_report(site)}/funder")

    rows = {row[1]: row[2] for row in charlotte.rows()}
    assert rows["Proteges in a match"] == "14 people"
    assert "Access equity" in charlotte.words
    assert [row[1] for row in charlotte.rows("Changes made from feedback")] == [
        "Before a match, staff now read the free hours of both sides aloud to each of them."
    ]
    assert "In their own words My first stall at the farmers' market. A protege" in charlotte.words


def test_an_indicator_says_what_it_counts_and_has_a_table_under_its_picture(
    site: Site, charlotte: Screen
) -> None:
    number = a_report(site)
    charlotte.opens(f"/desk/reports/{number}/indicators/E2?by=community")

    assert "Counted: the days that each protege waited; the median of them" in charlotte.words
    assert "Days from the waiting list to the match, by community" in charlotte.words
    rows = {row[0]: row for row in charlotte.rows()}
    assert rows["River"][1] == "15.0 days"
    assert rows["River"][4] == "0.97 times that of all"
    assert rows["Est"][1].startswith("hidden")
    picture = re.search(r'<img class="chart" src="([^"]+)" alt="([^"]+)"', charlotte.page.text)
    assert picture is not None
    assert "River: 15.0" in picture[2]
    answer = charlotte.client.get(picture[1])
    assert answer.mimetype == "image/svg+xml"
    assert "Est" in "".join(ElementTree.fromstring(answer.text).itertext())  # noqa: S314 - our own
    assert "style=" not in answer.text
    assert "<style" not in answer.text


@pytest.mark.parametrize(
    "rest",
    [
        "nonsense",
        "indicators/E99",
        "indicators/e2",
        "charts/E2.days/nonsense.svg",
        "charts/E99.x/month.svg",
        "charts/E20.spent/month.svg",
        "nonsense.csv",
    ],
)
def test_what_is_not_there_is_no_page(site: Site, charlotte: Screen, rest: str) -> None:
    assert charlotte.opens(f"/desk/reports/{a_report(site)}/{rest}").status_code == 404


def test_equity_is_an_indicator_of_its_own(site: Site, charlotte: Screen) -> None:
    charlotte.opens(f"/desk/reports/{a_report(site)}/indicators/E18")

    assert {row[1] for row in charlotte.rows()} == {
        "way to talk",
        "language",
        "access option",
        "community",
    }


def test_files_hold_numbers_as_numbers_and_what_is_hidden_nowhere(
    site: Site, charlotte: Screen
) -> None:
    number = a_report(site)
    charlotte.opens(f"/desk/reports/{number}/all.csv")
    rows = sheet(charlotte)
    head = rows[0]
    days = dict(zip(head, rows[[row[1:3] for row in rows].index([rows[7][1], "all"])], strict=True))
    assert days["Split"] == "all"
    by_name = {(row[1], row[2], row[3]): dict(zip(head, row, strict=True)) for row in rows[1:]}
    wait = by_name["Days from the waiting list to the match", "all", ""]
    assert (wait["Value"], wait["Unit"], wait["Known"]) == ("15.5", "days", "16")
    est = by_name["Days from the waiting list to the match", "community", "Est"]
    assert est["Note"].startswith("hidden")
    assert {est[name] for name in ("Value", "Numerator", "Known", "Asked", "Of all")} == {""}
    for kind in ("board", "funder"):
        assert charlotte.opens(f"/desk/reports/{number}/{kind}.csv").status_code == 200
        assert len(sheet(charlotte)) > 8


def test_a_community_that_is_a_formula_runs_nowhere(site: Site, charlotte: Screen) -> None:
    with site.db.transaction() as session:
        for person in session.scalars(select(Person).where(Person.community == "River")):
            person.community = "=1+1"
    charlotte.opens(f"/desk/reports/{a_report(site)}/all.csv")

    assert any(row[3] == "'=1+1" for row in sheet(charlotte))
    assert not any(row[3].startswith("=") for row in sheet(charlotte))


def test_the_file_about_single_people_wants_a_reason_which_is_kept(
    site: Site, charlotte: Screen
) -> None:
    address = f"/desk/reports/{a_report(site)}/counselling"
    charlotte.opens(address)
    assert charlotte.sends(address, reason=" ").status_code == 422
    charlotte.sends(address, reason="quarterly file for the state")
    rows = sheet(charlotte)

    assert rows[0] == [
        *("Client", "In business", "Start date", "Jobs", "Funds", "Contact hours", "Mode")
    ]
    assert {row[0][0] for row in rows[1:]} == {"P"}
    assert "Chloé" not in charlotte.page.text
    with site.db.transaction() as session:
        kept = session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first()
        assert kept is not None
        assert kept.action == "exported counselling report"
        assert kept.reason == "quarterly file for the state"


def test_the_file_about_single_people_is_that_of_its_report_and_reads_no_log(
    site: Site, charlotte: Screen, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = f"/desk/reports/{a_report(site)}/counselling"
    with site.db.transaction() as session:
        session.scalars(select(Person).where(Person.code == "P15")).one().community = "Elsewhere"
    monkeypatch.setattr(counselling, "read_facts", None)
    charlotte.opens(address)
    charlotte.sends(address, reason="for the state")

    assert ["P15", "Y", "2025-11-13"] in [row[:3] for row in sheet(charlotte)]


def test_after_a_month_the_file_is_to_be_worked_out_again(site: Site, charlotte: Screen) -> None:
    address = f"/desk/reports/{a_report(site)}/counselling"
    with site.db.transaction() as session:
        blank_old_content(session, now=site.clock.now() + timedelta(days=31))
    charlotte.opens(address)
    charlotte.sends(address, reason="for the state")

    assert "are not kept any more. Work it out again" in charlotte.words
    assert charlotte.opens(address.replace("counselling", "board")).status_code == 200


def test_there_is_no_file_of_a_report_that_waits(site: Site, charlotte: Screen) -> None:
    number = a_report(site, done=False)
    assert charlotte.opens(f"/desk/reports/{number}/counselling").status_code == 404


def test_who_only_reads_is_offered_no_file(site: Site) -> None:
    number = a_report(site)
    screen = site.sign_in(site.add("rita@example.org", StaffRole.READ_ONLY))
    screen.opens(f"/desk/reports/{number}/board")
    assert "Download" not in screen.words

    for rest in ("board.csv", "counselling"):
        assert screen.opens(f"/desk/reports/{number}/{rest}").status_code == 403


def test_a_report_belongs_to_those_who_see_its_community(site: Site) -> None:
    of_all, of_river, of_est = (
        a_report(site),
        a_report(site, community="River"),
        a_report(site, community="Est"),
    )
    email = site.add("ines@example.org", StaffRole.COORDINATOR, communities=["River"])
    ines = site.sign_in(email)
    ines.opens("/desk/reports")
    assert [row[1] for row in ines.rows()] == ["River"]
    assert "the whole programme" not in ines.words
    ines.opens("/desk/reports/kept")
    assert [row[1] for row in ines.rows()] == ["River"]

    assert ines.opens(f"/desk/reports/{of_river}").status_code == 200
    for number in (of_all, of_est):
        for rest in ("", "/board", "/indicators/E2", "/news", "/all.csv", "/counselling"):
            assert ines.opens(f"/desk/reports/{number}{rest}").status_code == 404, rest
    ines.opens("/desk/reports")
    for community in ("", "Est"):
        assert ines.sends("/desk/reports", **OWN | {"community": community}).status_code == 422


def test_who_sees_no_community_sees_no_report(site: Site) -> None:
    number = a_report(site)
    vera = site.sign_in(site.add("vera@example.org", StaffRole.COORDINATOR, communities=[]))
    vera.opens("/desk/reports")

    assert vera.rows() == []
    assert vera.opens(f"/desk/reports/{number}").status_code == 404
