"""The main tasks about the programme by keyboard alone, as docs/coordinators.md tells them."""

import re

import pyotp
from playwright.sync_api import expect

from tests.admin.conftest import PASSWORD
from tests.admin.once.keyboard import Keys
from tests.admin.once.scripts import script
from tests.admin.test_joining import invitation
from tests.admin.test_reports import do_all_due
from tests.window import Window


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


@script("Say what has changed because somebody asked for it")
def says_what_has_changed(window: Window, keys: Keys) -> None:
    window.opens("/desk/feedback")
    keys.into_the_page()
    keys.follows(re.compile("^Try a reminder"))
    keys.into_the_page()
    keys.follows("It is done")
    keys.into_the_page()
    keys.enters("What has changed?", "We remind on the evening before.")
    keys.pushes("It is done")
    keys.hears("It is written down, and stands in the report to funders.")


@script("Say what came of a goal")
def says_what_came_of_a_goal(window: Window, keys: Keys) -> None:
    window.opens("/desk/goals")
    keys.into_the_page()
    keys.follows(re.compile("^Whoever asks for a call back"))
    keys.into_the_page()
    keys.follows("Say what came of it")
    keys.into_the_page()
    keys.chooses("Is it reached?", "reached")
    keys.enters("What came of it?", "Each of them got one.")
    keys.pushes("Write it down")
    keys.hears("It is written down, and stands in the annual report.")


@script("Write down a quote with permission")
def writes_down_a_quote(window: Window, keys: Keys) -> None:
    window.opens("/desk/people/P15/quote")
    keys.into_the_page()
    keys.enters("Their exact words", "Deux boutiques vendent mes bijoux.")
    keys.chooses("How did they say yes?", "by text")
    keys.enters("What did you ask, and what did they say?", "Read it to her. She said yes.")
    keys.pushes("Write it down")
    keys.hears("The quote is written down.")


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
    # Some readers keep the arrows for reading, so Space picks what they have come to.
    keys.presses("ArrowDown", "Space")
    expect(window.page.get_by_role("radio", name=re.compile("^coordinator"))).to_be_checked()
    keys.pushes("Invite them")
    keys.is_on("Invitation for Ines")


@script("Take up an invitation")
def joins(window: Window, keys: Keys) -> None:
    site = window.site
    code = invitation(site.sign_in("charlotte@example.org"))
    window.page.context.clear_cookies()
    window.opens("/desk/join")
    keys.into_the_page()
    keys.enters("E-mail address", "ben@example.org")
    keys.enters("Invitation code", code)
    keys.presses("Enter")
    keys.is_on("Choose a password")
    keys.into_the_page()
    keys.goes_to("textbox", "New password")
    keys.types(PASSWORD)
    keys.presses("Enter")
    keys.is_on("Set up your authenticator")
    key = window.page.locator(".key").inner_text().replace(" ", "")
    keys.into_the_page()
    keys.enters("Code", pyotp.TOTP(key).at(site.wall_clock.now()))
    keys.presses("Enter")
    keys.is_on("Your recovery codes")
    keys.into_the_page()
    keys.follows("I have kept them. Go on")
    keys.is_on("Today")


@script("See whether calls and texts arrive")
def sees_delivery(window: Window, keys: Keys) -> None:
    window.opens("/desk/")
    keys.presses("g", "l")
    keys.is_on("Lines and delivery")
    keys.into_the_page()
    keys.goes_to("region", "Our numbers")


@script("See whom the programme needs")
def sees_needs(window: Window, keys: Keys) -> None:
    window.opens("/desk/matching")
    keys.into_the_page()
    keys.follows("Recruitment board: whom the programme needs")
    keys.is_on("Recruitment board")
    keys.into_the_page()
    keys.chooses("Kind", "language")
    keys.pushes("Filter")
    expect(window.page).to_have_url(re.compile("kind=language"))


@script("See who has looked at something, and take the list away")
def sees_the_audit(window: Window, keys: Keys) -> None:
    window.opens("/desk/")
    keys.follows("Audit")
    keys.is_on("Audit log")
    keys.into_the_page()
    keys.enters("What", "account")
    keys.presses("Enter")
    keys.into_the_page()
    keys.follows("When")
    expect(window.page.locator("th[aria-sort=ascending]")).to_have_text(re.compile("^When"))
    caption = window.page.get_by_role("table", name="Audit log, sorted by When, ascending")
    expect(caption).to_be_visible()
    keys.into_the_page()
    with window.page.expect_download() as download:
        keys.follows("Download as CSV")
    assert download.value.suggested_filename == "audit-log.csv"


@script("See how the service is set")
def sees_settings(window: Window, keys: Keys) -> None:
    window.opens("/desk/")
    keys.presses("g", "s")
    keys.is_on("Settings")
    keys.into_the_page()
    keys.goes_to("region", "How people are asked")


@script("See the keys")
def sees_the_keys(window: Window, keys: Keys) -> None:
    window.opens("/desk/people")
    keys.into_the_page()
    keys.goes_to("link", "Interest")
    keys.presses("?")
    listed = window.page.get_by_role("dialog", name="Keys")
    expect(listed).to_contain_text("g then p")
    # What has the focus is told: the name of the window, not the link at the end of it.
    expect(listed.get_by_role("heading", name="Keys")).to_be_focused()
    keys.presses("g", "a")
    expect(listed).to_be_visible()
    for ending in ("Escape", "?"):
        keys.presses(ending)
        expect(listed).to_be_hidden()
        expect(window.page.get_by_role("link", name="Interest")).to_be_focused()
        keys.presses("?")
    keys.pushes("Close")
    expect(window.page.get_by_role("link", name="Interest")).to_be_focused()
