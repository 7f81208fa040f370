"""The page around the phones: log, tasks, clock, tour, picker, and a server that comes and goes."""

from typing import Any

from playwright.sync_api import Page, expect

from tests.telephony.emulator_page.conftest import FIRST_PHONES, Reader
from tests.telephony.emulator_page.fake_demo import (
    LUIS,
    MAIN,
    MARCUS,
    PAIR,
    ROSA,
    STRANGER,
    FakeDemo,
)
from tests.telephony.emulator_page.test_handsets import card

HIDDEN = (
    "window.isHidden = false;"
    "Object.defineProperty(document, 'hidden', { get: () => window.isHidden });"
)


def hide(page: Page, hidden: bool) -> None:
    page.evaluate(
        "hidden => { window.isHidden = hidden;"
        " document.dispatchEvent(new Event('visibilitychange')); }",
        hidden,
    )


def test_typed_text_and_focus_survive_every_update(reader: Reader, demo: FakeDemo) -> None:
    page = reader.opens()
    marcus = card(page, "Marcus Bell")
    marcus.get_by_text("Texts", exact=True).click()
    box = marcus.get_by_label("Your text")
    box.press_sequentially("Half a sen")
    page.keyboard.press("ArrowLeft")
    demo.gets(MARCUS, "Robert: Hello?", peer=PAIR)
    demo.call(MARCUS, "ringing-in", PAIR)
    demo.call(ROSA, "in-call", MAIN)
    demo.hears(ROSA, "Hello.")
    demo.logs("Rosa", "Luis", "attempted")
    expect(marcus.get_by_role("listitem")).to_have_count(1)
    expect(page.locator("#entries tr")).to_have_count(1)

    expect(box).to_be_focused()
    expect(box).to_have_value("Half a sen")
    assert box.evaluate("each => each.selectionStart") == len("Half a se")


def test_what_others_write_stays_text_and_never_becomes_markup(
    reader: Reader, demo: FakeDemo
) -> None:
    page = reader.opens()
    nasty = "<img src=x onerror=alert(1)> <b>bold</b>"
    demo.call(ROSA, "in-call", MAIN)
    demo.hears(ROSA, nasty)
    demo.gets(MARCUS, nasty)
    demo.logs(nasty, nasty, nasty)

    expect(card(page, "Rosa Delgado").locator(".words")).to_have_text(nasty)
    expect(card(page, "Marcus Bell").locator(".body")).to_have_text(nasty)
    expect(page.locator("#entries .pair")).to_have_text(f"{nasty} to {nasty}")
    expect(page.locator("img, #entries b")).to_have_count(0)


def test_a_new_entry_is_announced_once_and_corrected_in_place(
    reader: Reader, demo: FakeDemo
) -> None:
    demo.logs("Marcus Bell", "Robert Haines", "delivered", kind="text")
    page = reader.opens()
    demo.logs("Rosa Delgado", "Luis Ortega", "attempted")
    newest = page.locator("#entries tr").first
    expect(newest).to_contain_text("attempted")
    newest.evaluate("each => { each.isTheSame = true; }")
    demo.entries[-1]["outcome"] = "talked"
    demo.changed()

    expect(newest).to_contain_text("talked")
    assert newest.evaluate("each => each.isTheSame") is True
    expect(page.locator("#announcer p")).to_have_text(
        ["New in the contact log: call, Rosa Delgado to Luis Ortega, attempted"]
    )


def test_a_long_log_shows_its_newest_part_and_the_rest_on_request(
    reader: Reader, demo: FakeDemo
) -> None:
    for number in range(45):
        demo.logs(f"Caller {number}", "Luis", "talked")
    page = reader.opens()

    expect(page.locator("#entries tr:visible")).to_have_count(30)
    expect(page.locator("#entries tr").first).to_contain_text("Caller 44")
    page.get_by_role("button", name="Show all 45 entries").click()
    expect(page.locator("#entries tr:visible")).to_have_count(45)
    expect(page.get_by_role("button", name="Show the latest 30")).to_be_focused()


def test_tasks_for_staff_come_and_go(reader: Reader, demo: FakeDemo) -> None:
    page = reader.opens()
    expect(page.get_by_text("Nothing is waiting.")).to_be_visible()
    demo.tasks.append({"id": 7, "words": "Call Rosa back.", "due": "Wed, Mar 4"})
    demo.changed()
    expect(page.locator("#tasks li")).to_have_text("Call Rosa back. by Wed, Mar 4")
    demo.tasks.clear()
    demo.changed()

    expect(page.get_by_text("Nothing is waiting.")).to_be_visible()


def test_the_clock_is_shown_in_local_words_and_can_be_pushed(
    reader: Reader, demo: FakeDemo
) -> None:
    page = reader.opens()
    expect(page.locator("#now")).to_have_text("Tue, Mar 3, 2026, 2:05 pm")
    for name, then in (
        ("+1 minute", "Tue, Mar 3, 2026, 2:06 pm"),
        ("+10 minutes", "Tue, Mar 3, 2026, 2:16 pm"),
        ("+1 hour", "Tue, Mar 3, 2026, 3:16 pm"),
        ("To tomorrow 9 am", "Wed, Mar 4, 2026, 9:00 am"),
    ):
        page.get_by_role("button", name=name).click()
        expect(page.locator("#now")).to_have_text(then)
        expect(page.locator("#announcer p").last).to_have_text(f"The clock is now at {then}")

    pushed = [body["advance"] for path, body in demo.posts if path == "clock"]
    assert pushed[:3] == [60, 600, 3600]
    # From 3:16 pm, and however long this test has taken, to 9 am on the next day.
    assert 63840 - 60 < pushed[3] <= 63840


def test_a_push_in_another_tab_moves_this_clock_as_well(reader: Reader, demo: FakeDemo) -> None:
    page = reader.opens()
    demo.pushed += 3600
    demo.changed()

    expect(page.locator("#now")).to_have_text("Tue, Mar 3, 2026, 3:05 pm")


def test_nine_in_the_morning_is_right_after_a_night_in_which_the_clocks_change(
    reader: Reader,
) -> None:
    page = reader.opens()

    def seconds_until_morning(iso: str) -> Any:
        return page.evaluate(
            "async (iso) => (await import('/clock.js'))"
            ".untilMorning(new Date(iso), 'America/Chicago')",
            iso,
        )

    assert seconds_until_morning("2026-03-07T20:00:00Z") == 18 * 3600
    assert seconds_until_morning("2026-03-03T20:00:00Z") == 19 * 3600
    assert seconds_until_morning("2026-10-31T19:00:00Z") == 20 * 3600


def test_the_tour_has_five_steps_and_leads_to_the_phones(reader: Reader) -> None:
    page = reader.opens()
    expect(page.locator("#tour li h3")).to_have_count(5)
    page.get_by_role("button", name="Show Marcus’s phone").click()

    expect(card(page, "Marcus Bell").locator(".name")).to_be_focused()
    expect(card(page, "Marcus Bell").get_by_label("Your text")).to_be_visible()
    expect(page.locator("#a-pair-line")).to_have_text("+1 515 555 0101")
    page.get_by_role("button", name="Add a new caller").click()
    expect(card(page, "A new caller").locator(".name")).to_be_focused()


def test_any_person_can_be_added_and_every_new_caller_has_a_number_of_its_own(
    reader: Reader,
) -> None:
    page = reader.opens()
    picker = page.get_by_label("Add a phone")
    expect(picker.locator("optgroup")).to_have_count(4)
    staff = picker.locator("optgroup").last.locator("option")
    expect(staff).to_have_text(["Charlotte Reyes (S01)"])
    names = ("Charlotte Reyes (S01)", "A landline", "A new caller", "A new caller")
    for place, name in enumerate(names, start=1):
        picker.select_option(label=name)
        page.get_by_role("button", name="Add", exact=True).click()
        # The page scrolls to a phone that has come, so the next click must wait for it.
        expect(page.locator(".phone .name")).to_have_count(FIRST_PHONES + place)

    expect(card(page, "Charlotte Reyes")).to_contain_text("Staff S01")
    expect(card(page, "A landline")).to_contain_text("cannot get texts")
    expect(page.locator(".phone .name", has_text="A new caller")).to_have_text(
        ["A new caller", "A new caller 2"]
    )
    expect(page.locator(".phone .name").last).to_be_focused()


def test_a_phone_put_away_hands_its_focus_on_and_stays_away_after_a_reload(
    reader: Reader,
) -> None:
    page = reader.opens()
    page.get_by_role("button", name="Remove Rosa Delgado’s phone").press("Enter")

    expect(card(page, "Rosa Delgado")).to_have_count(0)
    expect(card(page, "Luis Ortega").locator(".name")).to_be_focused()
    page.reload()
    expect(page.locator(".phone")).to_have_count(FIRST_PHONES - 1)
    expect(card(page, "Rosa Delgado")).to_have_count(0)


def test_a_server_that_is_gone_is_told_and_so_is_its_return(reader: Reader, demo: FakeDemo) -> None:
    reader.expected.append("503")
    page = reader.opens()
    with page.expect_response(lambda answer: answer.status == 304):
        known = demo.version
    demo.is_down = True
    gone = page.get_by_text("The demo is not answering.")
    expect(gone).to_be_visible()
    # It was started again: it forgot the added phones, and by chance it counts the same version.
    demo.phones.clear()
    demo.posts.clear()
    demo.call(LUIS, "ringing-in", PAIR)
    demo.version = known
    with page.expect_response("**/_phones/add"):
        demo.is_down = False

    expect(gone).to_have_count(0)
    expect(card(page, "Luis Ortega").get_by_role("status")).to_contain_text("Ringing")
    expect(page.locator("#announcer")).to_contain_text("The demo is answering again.")
    card(page, "A stranger").get_by_role("button", name="Call the main line").click()
    expect(card(page, "A stranger").get_by_role("status")).to_contain_text("On a call")
    assert STRANGER in [body["number"] for path, body in demo.posts if path == "add"]


def test_a_demo_that_went_away_between_two_questions_is_asked_for_everything_again(
    reader: Reader, demo: FakeDemo
) -> None:
    reader.expected.append("503")
    page = reader.opens()
    with page.expect_response(lambda answer: answer.status == 304):
        known = demo.version
    page.route("**/demo/log*", lambda route: route.fulfill(status=503))
    expect(page.get_by_text("The demo is not answering.")).to_be_visible()
    demo.phones.clear()
    demo.version = known
    with page.expect_response("**/_phones/add"):
        page.unroute("**/demo/log*")
    card(page, "A withheld number").get_by_role("button", name="Call the main line").click()
    expect(card(page, "A withheld number").get_by_role("status")).to_contain_text("On a call")


def test_a_phone_whose_adding_was_cut_off_is_tried_again_after_a_reload(reader: Reader) -> None:
    reader.expected.append("ERR_FAILED")
    page = reader.opens()
    page.route("**/_phones/add", lambda route: route.abort())
    page.get_by_label("Add a phone").select_option(label="Charlotte Reyes (S01)")
    page.get_by_role("button", name="Add", exact=True).click()
    expect(page.locator("#announcer")).to_contain_text("The demo did not answer")
    page.unroute("**/_phones/add")
    page.reload()

    expect(card(page, "Charlotte Reyes")).to_be_visible()
    expect(page.locator(".phone")).to_have_count(FIRST_PHONES + 1)


def test_a_look_that_brings_nothing_new_changes_nothing_on_the_page(
    reader: Reader, demo: FakeDemo
) -> None:
    demo.logs("Rosa", "Luis", "talked")
    demo.tasks.append({"id": 7, "words": "Call Rosa back.", "due": ""})
    demo.gets(MARCUS, "Hello.")
    demo.call(ROSA, "in-call", MAIN)
    demo.hears(ROSA, "Hello.")
    page = reader.opens()
    page.evaluate(
        "window.changes = []; new MutationObserver((all) => window.changes.push(...all)).observe("
        "document.body, { subtree: true, childList: true, characterData: true, attributes: true })"
    )
    with page.expect_response(lambda answer: answer.status == 200):
        demo.changed()
    with page.expect_response(lambda answer: answer.status == 304):
        pass

    changed = page.evaluate("window.changes.map((each) => each.target.outerHTML.slice(0, 80))")
    assert changed == []


def test_a_hidden_page_asks_for_nothing_and_catches_up_when_seen_again(
    reader: Reader, demo: FakeDemo
) -> None:
    page = reader.opens(script=HIDDEN)
    page.clock.install()
    hide(page, True)
    page.wait_for_load_state("networkidle")
    looks = demo.looks
    page.clock.run_for(60_000)
    assert demo.looks == looks
    demo.call(LUIS, "ringing-in", PAIR)
    hide(page, False)

    expect(card(page, "Luis Ortega").get_by_role("status")).to_contain_text("Ringing")
    assert demo.looks > looks
