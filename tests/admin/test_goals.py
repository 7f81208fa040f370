"""Goals on the page, the annual report, and the message that callers hear of it."""

import csv
import io
from dataclasses import replace

import pytest

from mentoring.goals import ask_about_goals
from mentoring.models import StaffRole
from tests.admin.conftest import Screen, Site
from tests.admin.filled_in import filled_in
from tests.admin.test_reports import a_report

_GOAL = {"words": "More people stay.", "target": "8 of 10", "due_on": "2026-03-31", "owner": ""}
_SPOKEN = "We wanted 40 matches.\n\nWe made 44."


@pytest.fixture
def lead(site: Site) -> Screen:
    return site.sign_in(site.add("lee@example.org", StaffRole.LEAD))


def publishes(screen: Screen, report: int, **said: str) -> None:
    """Open the page of the message and send what was typed."""
    address = f"/desk/reports/{report}/message"
    screen.opens(address)
    shown = filled_in(screen, address)
    screen.sends(address, follows=shown["follows"][0], **said)


def test_a_goal_is_set_changed_answered_for_and_stands_in_the_annual_report(
    site: Site, lead: Screen
) -> None:
    lead.opens("/desk/goals/new")
    lead.sends("/desk/goals/new", **_GOAL, measure="E7.healthy")
    address = lead.path
    assert "It becomes a task when its day is over." in lead.words
    lead.opens(f"{address}/edit")
    shown = filled_in(lead)
    assert (shown["words"], shown["due_on"]) == (["More people stay."], ["2026-03-31"])
    lead.sends(f"{address}/edit", **_GOAL | {"target": "9 of 10"}, seen=shown["seen"][0])
    lead.opens(f"{address}/result")
    seen = filled_in(lead)["seen"][0]
    lead.sends(f"{address}/result", outcome="not reached", result="7 of 10.", seen=seen)
    assert "stands in the annual report" in lead.words

    lead.opens(f"/desk/reports/{a_report(site)}/annual")
    rows = {row[0]: row[1:] for row in lead.rows("Goals and results")}
    goal = rows["More people stay."]
    assert (goal[0], goal[2:]) == (
        "9 of 10",
        ["Tue, Mar 31, 2026", "nobody yet", "not reached", "7 of 10."],
    )
    assert rows["Pairs talk within ten days of being matched."][1] == "93.3 %"
    assert "Before a match, staff now read the free hours" in lead.words
    assert "In their own words" not in lead.words


def test_an_open_goal_is_told_as_open(site: Site, lead: Screen) -> None:
    lead.opens("/desk/goals")
    assert lead.rows()[0][-2:] == ["open", "none"]
    site.clock.advance(300 * 86_400)
    lead = site.sign_in("lee@example.org")
    with site.db.transaction() as session:
        ask_about_goals(session, now=site.clock.now())
    lead.opens("/desk/goals")
    assert lead.rows()[0][-2] == "its day is over"
    lead.opens("/desk/tasks")
    assert "Say what came of goal 2:" in lead.words


def test_its_file_has_the_goals_with_their_figures_and_no_quote(site: Site, lead: Screen) -> None:
    number = a_report(site)
    lead.opens(f"/desk/reports/{number}/annual.csv")
    rows = list(csv.reader(io.StringIO(lead.page.text)))

    assert rows[1][:6] == [
        *("Goal", "Pairs talk within ten days of being matched.", "until", rows[1][3], "93.3", "%")
    ]
    assert rows[1][-1].startswith("reached. Target: 9 of 10. Who answers: Charlotte Reyes.")
    assert {"Changes made from feedback"} <= {row[1] for row in rows}
    assert "In their own words" not in {row[1] for row in rows}


def test_every_report_says_what_the_programme_is_for(site: Site, lead: Screen) -> None:
    lead = site.sign_in(site.add())
    lead.opens("/desk/setup/purpose")
    shown = {name: values[0] for name, values in filled_in(lead).items() if name != "csrf_token"}
    lead.sends("/desk/setup/purpose", **shown | {"purpose": "Mentors by phone."})
    number = a_report(site)
    for kind in ("board", "funder", "annual", "all"):
        lead.opens(f"/desk/reports/{number}/{kind}")
        assert "What it is for: Mentors by phone." in lead.words


def test_the_report_of_one_community_has_no_goals(site: Site, lead: Screen) -> None:
    lead.opens(f"/desk/reports/{a_report(site, community='River')}/annual")

    assert "Goals are of the whole programme." in lead.words


def test_the_message_begins_as_a_draft_and_is_published_with_both_forms(
    site: Site, lead: Screen
) -> None:
    number = a_report(site)
    lead.opens(f"/desk/reports/{number}/message")
    draft = filled_in(lead, f"/desk/reports/{number}/message")["en_spoken"][0]
    assert "A goal: Pairs talk within ten days of being matched. Our target: 9 of 10." in draft
    publishes(lead, number, en_spoken=_SPOKEN)
    assert "Fill in both forms of a language, or neither." in lead.words
    publishes(lead, number, en_spoken="Call 515 555 0188.", en_texted="44 matches.")
    assert "There is a phone number or an address in it." in lead.words
    publishes(lead, number, en_spoken="word " * 451, en_texted="x" * 151)
    assert "451 words take longer than 3 minutes." in lead.words
    assert "A sentence has 151 characters" in lead.words
    publishes(lead, number, en_spoken=_SPOKEN, en_texted="We made 44 matches.")

    assert "It counts from the next call or text on." in lead.words
    assert "when they ask what we do: in English." in lead.words
    assert site.db.programme.annual["en"].spoken == _SPOKEN
    publishes(lead, number, en_spoken=_SPOKEN, en_texted="We made 44 matches.")
    assert "Callers hear just that already" in lead.words
    publishes(lead, number, en_spoken="", en_texted="")
    assert "It is taken back. Nobody hears or reads it from now on." in lead.words
    assert "Callers hear no message about a year yet." in lead.words
    assert site.db.programme.annual == {}


def test_a_number_broken_over_two_lines_is_found(site: Site, lead: Screen) -> None:
    publishes(lead, a_report(site), en_spoken="Call 515 555\n0188 now.", en_texted="44 matches.")

    assert "There is a phone number or an address in it." in lead.words


def test_a_language_that_is_offered_no_more_is_told_of_no_more(site: Site) -> None:
    admin, number = site.sign_in(site.add()), a_report(site)
    site.db.default = site.db.programme = replace(site.db.programme, languages=("en", "es"))
    publishes(admin, number, es_spoken="Logramos 44.", es_texted="Logramos 44.", en_spoken="")
    assert "ask what we do: in Spanish." in admin.words
    admin.opens("/desk/setup/languages")
    shown = filled_in(admin)
    admin.sends("/desk/setup/languages", languages="en", follows=shown["follows"][0])
    admin.opens(f"/desk/reports/{number}/annual")
    assert "Callers hear no message about a year yet." in admin.words
    publishes(admin, number, en_spoken="", en_texted="")
    assert site.db.programme.annual == {}


def test_who_looks_after_one_community_changes_nothing_of_all(site: Site) -> None:
    email = site.add("lea@example.org", StaffRole.LEAD, communities=["River"])
    lea, number = site.sign_in(email), a_report(site, community="River")
    for address in ("goals/new", "goals/2/edit", "goals/2/result", f"reports/{number}/message"):
        lea.opens(f"/desk/{address}")
        assert lea.page.status_code == 403, address
        assert "of the whole programme, and you look after some communities." in lea.words
    lea.opens("/desk/goals/2")
    assert "Say what came of it" not in lea.words
    lea.opens(f"/desk/reports/{number}/annual")
    assert "Write the message" not in lea.words


def test_its_owner_says_what_came_of_a_goal_whatever_their_role(site: Site) -> None:
    email = site.add("cha@example.org", StaffRole.COORDINATOR, name="Charlotte Reyes")
    owner = site.sign_in(email)
    owner.opens("/desk/goals/2")
    assert "Say what came of it" in owner.words
    assert "Change it" not in owner.words
    owner.opens("/desk/goals/2/result")
    assert owner.page.status_code == 200


def test_a_number_that_no_row_can_have_is_on_no_page(lead: Screen) -> None:
    for kind in ("goals", "tasks", "alerts", "feedback", "reports"):
        assert lead.opens(f"/desk/{kind}/{'9' * 30}").status_code == 404


def test_a_coordinator_reads_goals_and_sets_none(site: Site) -> None:
    screen = site.sign_in(site.add("coo@example.org", StaffRole.COORDINATOR))
    screen.opens("/desk/goals/1")
    assert "Pairs talk within ten days of being matched." in screen.words
    assert "Change it" not in screen.words
    screen.opens("/desk/goals/new")
    assert screen.page.status_code == 403
