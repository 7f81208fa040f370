"""Each main task of the page by keyboard alone, as the script in docs/coordinators.md tells it."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, expect

from mentoring.models import ClosureReason
from mentoring.tasks import open_task
from tests.admin.conftest import PASSWORD, Site
from tests.admin.once.keyboard import Keys
from tests.admin.test_applications import applicant
from tests.admin.test_matching_pages import two_wait
from tests.admin.test_pages import alert_about
from tests.admin.test_reports import do_all_due
from tests.admin.test_scope import match_of
from tests.tree import ROOT
from tests.window import EMAIL, Window

__all__ = ["two_wait"]

Script = Callable[[Window, Keys], None]
SCRIPTS: dict[str, Script] = {}


def script(task: str) -> Callable[[Script], Script]:
    """Name the task of a script, as the table of the docs names it."""

    def add(played: Script) -> Script:
        SCRIPTS[task] = played
        return played

    return add


@script("Sign in")
def signs_in(window: Window, keys: Keys) -> None:
    window.site.wall_clock.advance(30)
    window.page.context.clear_cookies()
    window.opens("/desk/sign-in")
    keys.into_the_page()
    keys.enters("E-mail address", EMAIL)
    keys.goes_to("textbox", "Password")
    keys.types(PASSWORD)
    keys.presses("Enter")
    keys.is_on("Your code")
    keys.into_the_page()
    keys.enters("Code", window.site.code(EMAIL))
    keys.presses("Enter")
    keys.is_on("Today")


@script("Find somebody and open their page")
def finds_somebody(window: Window, keys: Keys) -> None:
    window.opens("/desk/")
    keys.presses("/")
    keys.types("denise")
    keys.presses("Enter")
    keys.is_on("People")
    keys.into_the_page()
    keys.follows("Denise")
    keys.is_on("Denise P05")


@script("See a number")
def sees_a_number(window: Window, keys: Keys) -> None:
    window.opens("/desk/people/P05")
    keys.into_the_page()
    keys.follows("Show the number")
    keys.into_the_page()
    keys.enters("Why?", "She asked for a call.")
    keys.presses("Enter")
    keys.is_on("Denise P05")
    expect(window.page.locator("main")).to_contain_text("Number: 515 555 0135")


@script("Close an alert")
def closes_an_alert(window: Window, keys: Keys) -> None:
    window.opens("/desk/")
    keys.presses("g", "a")
    keys.is_on("Alerts")
    keys.into_the_page()
    keys.follows(re.compile("^P18 opted out"))
    keys.into_the_page()
    keys.chooses("What came of it?", "spoke")
    keys.enters("Anything else to know", "Calls are fine.")
    keys.pushes("Close the alert")
    keys.hears("The alert is closed.")


@script("Give an alert to somebody")
def gives_an_alert(window: Window, keys: Keys) -> None:
    window.opens(f"/desk/alerts/{alert_about(window.site, 'P17 has a worry')}")
    keys.into_the_page()
    keys.chooses("Give it to", "Ben")
    keys.pushes("Give it")
    keys.hears("The alert is with Ben Adler now.")


@script("Call somebody back")
def calls_back(window: Window, keys: Keys) -> None:
    site = window.site
    with site.db.transaction() as session:
        open_task(session, rule="call back", words="Ring P05 back.", key="x", now=site.clock.now())
    window.opens("/desk/")
    keys.presses("g", "k")
    keys.is_on("Tasks")
    keys.into_the_page()
    keys.follows("Ring P05 back.")
    keys.into_the_page()
    keys.enters("What came of it?", "We talked.")
    keys.presses("Enter")
    keys.hears("The task is closed.")


@script("Decide an application")
def decides(window: Window, keys: Keys) -> None:
    code = applicant(window.site)
    window.opens("/desk/applications")
    keys.into_the_page()
    keys.follows("Ada")
    keys.into_the_page()
    keys.chooses("What was done?", "screening talk")
    keys.enters_day("On which day?", "03022026")
    keys.chooses("How?", "call")
    keys.pushes("Tick it")
    keys.hears("It is on file.")
    keys.into_the_page()
    keys.chooses("Decision", "eligible")
    keys.chooses("Reason", "fits")
    keys.pushes("Decide")
    keys.hears("It is decided.")
    keys.is_on(f"Application of Ada {code}")


@script("Pick a mentor and ask")
def proposes(window: Window, keys: Keys) -> None:
    window.opens("/desk/matching")
    keys.into_the_page()
    keys.follows("Tomas (P06)")
    keys.into_the_page()
    keys.follows("Pick Luis")
    keys.into_the_page()
    keys.chooses("Why not whom the plan picks?", "fairness")
    keys.pushes("Ask Tomas")
    keys.hears("P06 is asked in their own hours.")


@script("Withdraw a proposal")
def withdraws(window: Window, keys: Keys) -> None:
    window.opens("/desk/matching")
    keys.into_the_page()
    keys.follows(re.compile(r"^Tomas \(P06\) and Carmen"))
    keys.into_the_page()
    keys.follows("Withdraw it")
    keys.into_the_page()
    keys.enters("Why?", "She is ill.")
    keys.presses("Enter")
    keys.hears("The proposal is withdrawn.")


@script("Let a match rest")
def pauses(window: Window, keys: Keys) -> None:
    code = match_of(window.site, "P05")
    window.opens(f"/desk/matches/{code}")
    keys.into_the_page()
    keys.follows("Let it rest")
    keys.into_the_page()
    keys.goes_to("radio", "Denise")
    keys.presses("Space")
    keys.enters("For how many days?", "14")
    keys.enters("Why?", "She travels.")
    keys.presses("Enter")
    keys.hears(f"{code} rests.")


@script("Close a match")
def closes_a_match(window: Window, keys: Keys) -> None:
    code = match_of(window.site, "P05")
    window.opens("/desk/")
    keys.presses("g", "m")
    keys.is_on("Matches")
    keys.into_the_page()
    keys.follows(code)
    keys.into_the_page()
    keys.follows("Close it now")
    keys.into_the_page()
    keys.chooses("Why does it end?", ClosureReason.OTHER.value)
    keys.pushes("Close it now")
    keys.hears(f"{code} is closed.")


@script("Change a wording and put it live")
def edits_a_wording(window: Window, keys: Keys) -> None:
    window.opens("/desk/wording/V-GREET/en/edit")
    keys.into_the_page()
    keys.enters("Spoken", "Hello. You have reached {org}. [p] We help small business.")
    keys.enters("Why is it changed?", "Warmer.")
    keys.pushes("Save as draft")
    keys.hears("Version 1 is kept as a draft.")
    keys.into_the_page()
    keys.pushes("Put it live")
    keys.hears("Version 1 is live.")


@script("Make a report and take it away")
def makes_a_report(window: Window, keys: Keys) -> None:
    window.opens("/desk/reports")
    keys.into_the_page()
    keys.chooses("Which days?", "year: ")
    keys.pushes("Work it out")
    expect(window.page.get_by_text("It is being worked out.")).to_be_visible()
    do_all_due(window.site)
    with window.page.expect_response("**/news*"):
        window.page.clock.run_for(3_100)
    keys.hears("It is worked out.")
    keys.into_the_page()
    keys.follows("For the board")
    keys.is_on("Report to the board")
    keys.into_the_page()
    with window.page.expect_download() as download:
        keys.follows("Download as CSV")
    assert download.value.suggested_filename.startswith("board-")


@script("Fill in a page of the set-up")
def sets_up(window: Window, keys: Keys) -> None:
    window.foreseen.add(422)
    window.opens("/desk/setup/hours")
    keys.into_the_page()
    keys.enters("Call and text from", "25:00")
    keys.presses("Enter")
    faults = window.page.get_by_role("alert")
    expect(faults).to_be_focused()
    expect(faults).to_contain_text("There is a problem")
    keys.follows(re.compile("^Enter a time such as 09:00"))
    expect(window.page.get_by_label("Call and text from")).to_be_focused()
    keys.types("09:00")
    keys.presses("Enter")
    keys.hears("Hours and country: kept.")


@script("Invite somebody of the staff")
def invites(window: Window, keys: Keys) -> None:
    window.opens("/desk/staff/invite")
    keys.into_the_page()
    keys.enters("Name", "Ines")
    keys.enters("E-mail address", "ines@example.org")
    keys.goes_to("radio", re.compile("^read only"))
    keys.presses("ArrowDown")
    expect(window.page.get_by_role("radio", name=re.compile("^coordinator"))).to_be_checked()
    keys.pushes("Invite them")
    keys.is_on("Invitation for Ines")


@script("Change what is written down about somebody")
def changes_somebody(window: Window, keys: Keys) -> None:
    window.opens("/desk/people/M06")
    keys.into_the_page()
    keys.follows("Change what is written down")
    keys.into_the_page()
    keys.enters("First name", "Aminata")
    keys.presses("Enter")
    keys.is_on("Aminata M06")


@script("See the keys")
def sees_the_keys(window: Window, keys: Keys) -> None:
    window.opens("/desk/people")
    keys.into_the_page()
    keys.goes_to("link", "Interest")
    keys.presses("?")
    listed = window.page.get_by_role("dialog", name="Keys")
    expect(listed).to_contain_text("g then p")
    keys.presses("g", "a")
    expect(listed).to_be_visible()
    for ending in ("Escape", "?"):
        keys.presses(ending)
        expect(listed).to_be_hidden()
        expect(window.page.get_by_role("link", name="Interest")).to_be_focused()
        keys.presses("?")
    keys.pushes("Close")
    expect(window.page.get_by_role("link", name="Interest")).to_be_focused()


@pytest.mark.parametrize("task", SCRIPTS)
def test_a_task_is_done_by_keyboard_alone(
    request: pytest.FixtureRequest, site: Site, browser: Browser, task: str
) -> None:
    if task == "Pick a mentor and ask":
        request.getfixturevalue("two_wait")
    window: Window = request.getfixturevalue("window")
    SCRIPTS[task](window, Keys(window.page))


def test_the_written_scripts_are_those_that_are_played() -> None:
    page = (ROOT / "docs" / "coordinators.md").read_text()
    table = page.partition("## By keyboard and screen reader")[2].partition("\n## ")[0]
    rows = re.findall(r"^\| ([A-Z][^|]+) \|", table, re.MULTILINE)

    assert rows[1:] == list(SCRIPTS)


def test_every_key_that_is_listed_works(window: Window) -> None:
    page, keys = window.opens("/desk/"), Keys(window.page)
    listed = page.locator("#keys [data-press]").evaluate_all(
        "all => all.map((each) => [each.dataset.press, each.dataset.to || ''])"
    )
    assert [press for press, address in listed if not address] == ["/", "?"]
    for press, address in listed:
        if address:
            window.opens("/desk/help")
            keys.presses(*press.split(" then "))
            page.wait_for_url(f"**{address}")
    window.opens("/desk/help")
    keys.presses("/")
    page.wait_for_url("**/desk/people")
    keys.presses("/")
    expect(page.get_by_role("textbox", name="Name, code or number")).to_be_focused()
