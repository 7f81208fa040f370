"""The coordinators' page in a real browser: for everybody, by keyboard alone, and up to date."""

import re
from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, expect
from sqlalchemy import select

from admin.sessions import AT_MOST, IDLE
from mentoring.models import StaffSession
from mentoring.tasks import open_task
from tests.admin.conftest import PASSWORD
from tests.admin.test_spoken import recorded
from tests.window import EMAIL, Window

# The words of each summary that do not stand in one line.
_BROKEN_WORDS = """() => [...document.querySelectorAll("main summary")].flatMap((summary) => {
  const text = summary.firstChild, range = document.createRange();
  return [...text.data.matchAll(/\\S+/g)].filter((word) => {
    range.setStart(text, word.index);
    range.setEnd(text, word.index + word[0].length);
    return range.getClientRects().length > 1;
  }).map((word) => word[0]);
})"""


def test_a_form_that_was_refused_is_clear_to_everybody(window: Window) -> None:
    window.foreseen.add(422)
    page = window.opens("/desk/staff/invite")
    page.get_by_role("button", name="Invite them").click()

    expect(page.get_by_role("alert")).to_be_focused()
    expect(page).to_have_title("Problem: Invite somebody · Bridgeline")
    page.get_by_role("link", name="Enter their name.").click()
    expect(page.get_by_label("Name")).to_be_focused()
    assert Axe().run(page).violations_count == 0


def test_the_setup_is_filled_in_by_keyboard_and_its_faults_are_clear(window: Window) -> None:
    window.foreseen.add(422)
    page = window.opens("/desk/settings")
    page.keyboard.press("g")
    page.keyboard.press("s")
    expect(page.get_by_role("heading", name="Settings", exact=True)).to_be_visible()
    window.opens("/desk/setup/hours")
    page.get_by_label("Call and text from").fill("25:00")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_be_focused()
    expect(page).to_have_title("Problem: Hours and country · Bridgeline")
    assert Axe().run(page).violations_count == 0
    page.get_by_label("Call and text from").fill("09:00")
    page.keyboard.press("Enter")

    expect(page.get_by_text("Hours and country: kept.")).to_be_visible()
    expect(page.get_by_role("heading", name="Numbers in a crisis")).to_be_visible()


def test_one_press_stands_out_on_a_page_of_the_setup(window: Window) -> None:
    page = window.opens("/desk/setup/hours")
    look = "all => all.map((each) => getComputedStyle(each).backgroundColor)"
    fills = page.locator("main button, main .button").evaluate_all(look)

    assert len(fills) == 3
    assert len([each for each in fills if each != "rgba(0, 0, 0, 0)"]) == 1


def test_on_a_phone_no_word_of_what_can_be_opened_is_broken(window: Window) -> None:
    page = window.opens("/desk/wording/V-GREET")
    page.set_viewport_size({"width": 390, "height": 844})

    assert page.locator("main summary").count() == 3
    assert page.evaluate(_BROKEN_WORDS) == []


def test_signing_in_needs_no_mouse(window: Window) -> None:
    window.site.wall_clock.advance(30)
    page = window.opens("/desk/sign-in")
    page.get_by_label("E-mail address").focus()
    page.keyboard.type(EMAIL)
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Your code")).to_be_visible()
    page.get_by_label("Code", exact=True).focus()
    page.keyboard.type(window.site.code(EMAIL))
    page.keyboard.press("Enter")

    expect(page.get_by_role("heading", name="Today")).to_be_visible()


def test_an_alert_is_found_read_and_closed_by_keyboard(window: Window) -> None:
    page = window.opens("/desk/")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the page")).to_be_focused()
    page.keyboard.press("g")
    page.keyboard.press("a")
    expect(page.get_by_role("heading", name="Alerts")).to_be_visible()
    link = page.get_by_role("link", name="P18 opted out")
    link.focus()
    page.keyboard.press("Enter")
    page.get_by_label("What came of it?").focus()
    page.keyboard.type("spoke")
    page.keyboard.press("Tab")
    page.keyboard.type("Calls are fine.")
    page.keyboard.press("Enter")

    expect(page.get_by_text("The alert is closed.")).to_be_visible()


@pytest.mark.parametrize("path", ["/desk/", "/desk/people", "/desk/alerts", "/desk/help"])
def test_somebody_is_found_from_anywhere_by_one_key(window: Window, path: str) -> None:
    page = window.opens(path)
    page.keyboard.press("/")
    # Whatever is typed outside a field may be a key that leads away.
    expect(page.locator("#find, #f-q")).to_be_focused()
    page.keyboard.type("denise")
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Denise").click()

    expect(page.get_by_role("heading", name="Denise")).to_be_visible()


def test_keys_that_are_in_the_way_are_turned_off(window: Window) -> None:
    page = window.opens("/desk/help")
    page.get_by_role("button", name="Turn them off").click()
    expect(page.get_by_text("The keys are off in this browser.")).to_be_visible()
    window.opens("/desk/")
    for key in ("g", "a", "/", "?"):
        page.keyboard.press(key)
    expect(page.get_by_role("heading", name="Today")).to_be_visible()
    expect(page.get_by_role("textbox", name="Name, code or number")).not_to_be_focused()
    window.opens("/desk/help")
    page.get_by_role("button", name="Turn them on").click()
    page.keyboard.press("g")
    page.keyboard.press("a")

    expect(page.get_by_role("heading", name="Alerts")).to_be_visible()


def test_a_new_alert_appears_and_is_said_and_the_focus_stays(window: Window) -> None:
    page = window.opens("/desk/")
    page.get_by_role("textbox", name="Name, code or number").focus()
    with page.expect_response("**/desk/news*"):
        page.clock.run_for(11_000)
    site = window.site
    with site.db.transaction() as session:
        open_task(
            session, rule="O11", words="Somebody is in danger.", key="x", now=site.clock.now()
        )
    with page.expect_response("**/desk/news*"):
        page.clock.run_for(11_000)

    expect(page.get_by_role("link", name="Somebody is in danger.")).to_be_visible()
    expect(page.locator("#news")).to_contain_text("7 alerts and 3 tasks open: 2 urgent")
    expect(page.get_by_role("textbox", name="Name, code or number")).to_be_focused()


def test_whoever_is_in_the_part_that_changes_hears_when_it_is_shown(window: Window) -> None:
    page, site = window.opens("/desk/"), window.site
    page.get_by_role("region", name="Alerts, the most urgent first").focus()
    with site.db.transaction() as session:
        open_task(
            session, rule="O11", words="Somebody is in danger.", key="x", now=site.clock.now()
        )
    with page.expect_response("**/desk/news*"):
        page.clock.run_for(11_000)
    expect(page.locator("#news")).to_contain_text("This page shows it when you leave the part")
    new = page.get_by_role("link", name="Somebody is in danger.")
    expect(new).to_be_hidden()
    page.get_by_role("textbox", name="Name, code or number").focus()
    page.clock.run_for(100)

    expect(new).to_be_visible()


def test_a_warning_comes_before_the_end_and_one_press_goes_on(window: Window) -> None:
    page = window.opens("/desk/staff/invite")
    page.get_by_label("Name", exact=True).fill("Somebody with a long name")
    almost = IDLE.total_seconds() - 240
    window.site.wall_clock.advance(almost)
    page.clock.run_for(int(almost * 1000))
    dialog = page.get_by_role("dialog", name="You will be signed out soon")
    expect(dialog).to_be_visible()
    assert Axe().run(page).violations_count == 0
    with page.expect_response("**/desk/stay"):
        page.keyboard.press("Enter")

    expect(dialog).to_be_hidden()
    expect(page.get_by_label("Name", exact=True)).to_have_value("Somebody with a long name")
    page.clock.run_for(60_000)
    expect(dialog).to_be_hidden()


def close_to_the_end(window: Window, left: timedelta) -> Locator:
    """Let time pass until a session has so long to go; returns the window that warns of it."""
    page = window.opens("/desk/staff/invite")
    passed = IDLE - left
    window.site.wall_clock.advance(passed.total_seconds())
    page.clock.run_for(int(passed.total_seconds() * 1000))
    return page.get_by_role("dialog")


def test_a_warning_is_told_in_a_sentence_and_comes_once(window: Window) -> None:
    dialog, page = close_to_the_end(window, timedelta(minutes=4)), window.page
    # A reader that is in a field may say nothing of the window, but it says an alert.
    alert = dialog.get_by_role("alert")
    expect(alert).to_contain_text(re.compile("In [45] minutes you are signed out. Press Enter"))
    page.keyboard.press("Escape")
    page.get_by_label("Name", exact=True).focus()
    page.keyboard.type("Ida ")
    page.clock.run_for(30_000)
    page.keyboard.type("Berg ")
    page.clock.run_for(30_000)
    expect(dialog).to_be_hidden()
    expect(page.get_by_label("Name", exact=True)).to_have_value("Ida Berg ")
    page.clock.run_for(240_000)

    expect(page.get_by_role("dialog", name="You are signed out")).to_be_visible()
    expect(alert).to_contain_text("You are signed out. Send what you have typed all the same")
    page.get_by_role("button", name="Close").click()
    page.clock.run_for(60_000)
    expect(dialog).to_be_hidden()


def test_a_warning_that_stays_open_says_when_it_is_over(window: Window) -> None:
    close_to_the_end(window, timedelta(minutes=4))
    window.page.clock.run_for(300_000)

    expect(window.page.get_by_role("dialog", name="You are signed out")).to_be_visible()


def test_whoever_was_here_for_twelve_hours_is_told_that_it_cannot_go_on(window: Window) -> None:
    with window.site.db.transaction() as session:
        for browser in session.scalars(select(StaffSession)):
            browser.began_at -= AT_MOST - IDLE
    dialog, page = close_to_the_end(window, timedelta(minutes=4)), window.page
    with page.expect_response("**/desk/stay"):
        page.keyboard.press("Enter")

    expect(page.get_by_role("dialog", name="This session cannot go on")).to_be_visible()
    expect(dialog.get_by_role("alert")).to_contain_text(
        "cannot go on: after 12 hours everybody signs in again."
    )
    assert Axe().run(page).violations_count == 0
    page.keyboard.press("Enter")
    page.clock.run_for(60_000)
    expect(dialog).to_be_hidden()


def test_a_recording_plays_slower_by_keyboard(window: Window) -> None:
    note = recorded(window.site)
    page = window.opens(f"/desk/recordings/{note}")
    page.get_by_label("Why?").fill("To type it.")
    page.keyboard.press("Enter")
    speed = page.get_by_label("Speed")
    expect(speed).to_have_value("1")
    assert speed.locator("option").all_text_contents() == ["0.75x", "1x", "1.25x", "1.5x"]
    speed.focus()
    page.keyboard.press("ArrowUp")
    player = page.locator("audio")
    assert player.evaluate("it => it.playbackRate") == 0.75
    assert Axe().run(page).violations_count == 0
    # The sound is really there, and the browser may take it from nowhere but here.
    page.wait_for_function("() => document.querySelector('audio').readyState >= 1")
    assert player.evaluate("it => Math.round(it.duration)") == 1
    player.focus()
    page.keyboard.press("Space")
    page.wait_for_function("() => document.querySelector('audio').played.length > 0")


def test_it_works_without_scripts(browser: Browser, window: Window) -> None:
    state = window.page.context.storage_state()
    context = browser.new_context(java_script_enabled=False, storage_state=state)
    page = context.new_page()
    page.goto(f"{window.address}/desk/")
    page.get_by_role("link", name="P18 opted out").click()
    page.get_by_label("What came of it?").select_option("spoke_with_them")
    page.get_by_role("button", name="Close the alert").click()

    expect(page.get_by_text("The alert is closed.")).to_be_visible()
    context.close()
