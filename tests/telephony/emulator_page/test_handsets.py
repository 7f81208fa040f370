"""What one can do with the phones of the page, as a reader does it."""

import threading
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.telephony.emulator_page.conftest import FIRST_PHONES, Reader
from tests.telephony.emulator_page.fake_demo import (
    AMINA,
    DENISE,
    LUIS,
    MAIN,
    MARCUS,
    PAIR,
    ROSA,
    STRANGER,
    FakeDemo,
)

MOST_STOPS = 80

PHONES_OF_THE_TOUR = [
    "Denise Okafor",
    "Amina Yusuf",
    "Rosa Delgado",
    "Luis Ortega",
    "Marcus Bell",
    "A stranger",
    "A withheld number",
]


def card(page: Page, name: str) -> Locator:
    return page.get_by_role("article", name=name)


def status(page: Page, name: str) -> Locator:
    return card(page, name).get_by_role("status")


def tab_to(page: Page, target: Locator) -> None:
    """Reach something with the Tab key alone."""
    for _ in range(MOST_STOPS):
        page.keyboard.press("Tab")
        if target.evaluate("each => each === document.activeElement"):
            return
    raise AssertionError(f"{target} cannot be reached with the Tab key.")


def posted(demo: FakeDemo, number: str) -> list[tuple[str, dict[str, Any]]]:
    sent = [(path.split(" "), body) for path, body in demo.posts if path.startswith(number)]
    return [(path[1], body) for path, body in sent]


def test_the_first_phones_are_those_of_the_tour(reader: Reader, demo: FakeDemo) -> None:
    page = reader.opens()

    expect(page.locator(".phone .name")).to_have_text(PHONES_OF_THE_TOUR)
    expect(page.locator(".phone .status")).to_have_text(["Idle"] * 7)
    added = {body["number"]: body["kind"] for path, body in demo.posts if path == "add"}
    assert added[DENISE] == "landline"
    assert added["+15155550161"] == "withheld"
    assert added[ROSA] == "person"


def test_a_phone_that_the_carrier_knew_first_stands_in_its_place(
    reader: Reader, demo: FakeDemo
) -> None:
    demo.phone(ROSA, label="Rosa Delgado")
    page = reader.opens()

    expect(page.locator(".phone .name")).to_have_text(PHONES_OF_THE_TOUR)


def test_a_phone_that_the_carrier_knows_is_not_added_again(reader: Reader, demo: FakeDemo) -> None:
    demo.phone(ROSA, label="Rosa Delgado")
    reader.opens()

    assert ROSA not in [body["number"] for path, body in demo.posts if path == "add"]


def test_a_whole_call_needs_only_the_keyboard(reader: Reader, demo: FakeDemo) -> None:
    page = reader.opens()
    rosa = card(page, "Rosa Delgado")

    tab_to(page, rosa.get_by_role("button", name="Call the main line"))
    page.keyboard.press("Enter")
    expect(status(page, "Rosa Delgado")).to_have_text("On a call with +1 515 555 0100 (main line)")
    expect(status(page, "Rosa Delgado")).to_be_focused()
    page.keyboard.type("1#")
    expect(rosa.get_by_text("Keys pressed: 1 #")).to_be_visible()
    expect(rosa.get_by_role("log")).to_contain_text("You pressed #.")
    tab_to(page, rosa.get_by_label("What you say"))
    page.keyboard.type("Press 2 for me")
    page.keyboard.press("Enter")
    expect(rosa.get_by_role("log")).to_contain_text("Press 2 for me")
    expect(rosa.get_by_label("What you say")).to_have_value("")
    tab_to(page, rosa.get_by_role("button", name="Hang up"))
    page.keyboard.press("Enter")

    expect(status(page, "Rosa Delgado")).to_have_text("Idle")
    expect(status(page, "Rosa Delgado")).to_be_focused()
    expect(rosa.get_by_role("log")).to_contain_text("Hello from BridgeLine.")
    assert posted(demo, ROSA) == [
        ("dial", {"to": MAIN, "withheld": False}),
        ("press", {"keys": "1"}),
        ("press", {"keys": "#"}),
        ("say", {"words": "Press 2 for me", "confidence": 0.95}),
        ("hangup", {}),
    ]


def test_lines_that_the_carrier_knows_by_number_alone_still_get_their_names(
    reader: Reader, demo: FakeDemo
) -> None:
    demo.labels = ("(515) 555-0100", "(515) 555-0101")
    page = reader.opens()
    card(page, "Rosa Delgado").get_by_role("button", name="Call the main line").click()
    card(page, "Luis Ortega").get_by_role("button", name="Call my pair line").click()

    expect(status(page, "Rosa Delgado")).to_have_text("On a call with +1 515 555 0100 (main line)")
    expect(status(page, "Luis Ortega")).to_have_text("On a call with +1 515 555 0101 (pair line)")


def test_a_ring_is_told_in_words_and_answered_with_the_keyboard(
    reader: Reader, demo: FakeDemo
) -> None:
    page = reader.opens()
    demo.call(LUIS, "ringing-in", PAIR)

    expect(status(page, "Luis Ortega")).to_have_text("Ringing: +1 515 555 0101 is calling")
    expect(page.locator("#ringing")).to_contain_text("Luis Ortega’s phone is ringing")
    expect(page.locator("#announcer p")).to_have_text(["Luis Ortega’s phone is ringing."])
    tab_to(page, page.get_by_role("button", name="Go to it: Luis Ortega’s phone"))
    page.keyboard.press("Enter")
    expect(card(page, "Luis Ortega").locator(".name")).to_be_focused()
    tab_to(page, card(page, "Luis Ortega").get_by_role("button", name="Answer"))
    page.keyboard.press("Enter")

    expect(status(page, "Luis Ortega")).to_have_text("On a call with +1 515 555 0101 (pair line 1)")
    expect(page.locator("#ringing")).to_be_hidden()
    assert posted(demo, LUIS) == [("answer", {})]


def test_a_ring_can_be_declined(reader: Reader, demo: FakeDemo) -> None:
    page = reader.opens()
    demo.call(LUIS, "ringing-in", PAIR)
    card(page, "Luis Ortega").get_by_role("button", name="Decline").click()

    expect(status(page, "Luis Ortega")).to_have_text("Idle")
    assert posted(demo, LUIS) == [("reject", {})]


def test_a_phone_that_is_not_on_the_page_can_be_fetched_when_it_rings(
    reader: Reader, demo: FakeDemo
) -> None:
    page = reader.opens()
    demo.phone("+15155550190", label="Charlotte Reyes")
    demo.call("+15155550190", "ringing-in", MAIN)
    page.get_by_role("button", name="Go to it: Charlotte Reyes’s phone").click()

    expect(card(page, "Charlotte Reyes").locator(".name")).to_be_focused()
    expect(card(page, "Charlotte Reyes").get_by_role("button", name="Answer")).to_be_visible()


def test_when_a_ring_ends_the_focus_on_its_notice_moves_to_the_phone(
    reader: Reader, demo: FakeDemo
) -> None:
    page = reader.opens()
    demo.call(LUIS, "ringing-in", PAIR)
    page.get_by_role("button", name="Go to it: Luis Ortega’s phone").focus()
    demo.hang_up(LUIS)

    expect(card(page, "Luis Ortega").locator(".name")).to_be_focused()


def test_words_that_did_not_arrive_stay_in_their_box(reader: Reader, demo: FakeDemo) -> None:
    reader.expected.append("503")
    page = reader.opens()
    rosa = card(page, "Rosa Delgado")
    demo.call(ROSA, "in-call", MAIN)
    rosa.get_by_label("What you say").fill("Hello?")
    demo.is_down = True
    rosa.get_by_role("button", name="Say").click()

    expect(rosa.get_by_role("alert")).to_have_text("That did not work: the server answered 503.")
    expect(rosa.get_by_label("What you say")).to_have_value("Hello?")


def test_when_the_caller_gives_up_the_focus_stays_on_that_phone(
    reader: Reader, demo: FakeDemo
) -> None:
    page = reader.opens()
    demo.call(LUIS, "ringing-in", PAIR)
    card(page, "Luis Ortega").get_by_role("button", name="Answer").focus()
    demo.hang_up(LUIS)

    expect(status(page, "Luis Ortega")).to_have_text("Idle")
    expect(status(page, "Luis Ortega")).to_be_focused()


def test_keys_reach_the_line_in_the_order_they_were_pressed(reader: Reader, demo: FakeDemo) -> None:
    page = reader.opens()
    demo.call(ROSA, "in-call", MAIN)
    demo.overtaken = threading.Event()
    keypad = page.get_by_role("group", name="Keypad of Rosa Delgado’s phone")
    for key in ("1", "0", "* star", "# pound"):
        keypad.get_by_role("button", name=key, exact=True).click()

    expect(card(page, "Rosa Delgado").get_by_role("log")).to_contain_text("You pressed #.")
    assert [body["keys"] for verb, body in posted(demo, ROSA)] == ["1", "0", "*", "#"]


@pytest.mark.parametrize("typed", ["515 555 0101", "(515) 555-0101", "+1 515 555 0101"])
def test_another_number_can_be_typed_as_people_write_it(
    reader: Reader, demo: FakeDemo, typed: str
) -> None:
    page = reader.opens()
    stranger = card(page, "A stranger")
    stranger.get_by_text("Another number").click()
    stranger.get_by_label("Number to call").fill(typed)
    stranger.get_by_label("Number to call").press("Enter")

    expect(status(page, "A stranger")).to_have_text("On a call with +1 515 555 0101 (pair line 1)")
    assert posted(demo, STRANGER) == [("dial", {"to": PAIR, "withheld": False})]


def test_a_refusal_is_told_in_the_servers_own_sentence(reader: Reader, demo: FakeDemo) -> None:
    reader.expected.append("400")
    page = reader.opens()
    denise = card(page, "Denise Okafor")
    denise.get_by_text("Another number").click()
    denise.get_by_label("Number to call").fill("911")
    denise.get_by_role("button", name="Call", exact=True).click()

    expect(denise.get_by_role("alert")).to_have_text(
        "Only numbers of the fictional block can be dialled here."
    )
    expect(denise.get_by_label("Number to call")).to_have_value("911")


def test_a_withheld_number_calls_without_showing_itself(reader: Reader, demo: FakeDemo) -> None:
    page = reader.opens()
    card(page, "A withheld number").get_by_role("button", name="Call the main line").click()

    expect(status(page, "A withheld number")).to_contain_text("On a call")
    assert posted(demo, "+15155550161") == [("dial", {"to": MAIN, "withheld": True})]


def test_a_withheld_number_is_there_however_often_the_page_was_opened(
    reader: Reader, demo: FakeDemo
) -> None:
    for last in range(161, 165):
        demo.phone(f"+15155550{last}", label="A withheld number", kind="withheld")
    page = reader.opens()

    names = page.locator(".phone .name")
    expect(names.filter(has_text="A withheld number")).to_have_count(1)


def test_that_no_number_is_left_can_be_seen(reader: Reader, demo: FakeDemo) -> None:
    page = reader.opens()
    adding = page.get_by_role("alert").filter(has_text="no number left")
    for shown in range(FIRST_PHONES + 1, FIRST_PHONES + 4):
        page.get_by_label("Add a phone").select_option("A withheld number")
        page.get_by_role("button", name="Add", exact=True).click()
        expect(page.locator(".phone")).to_have_count(shown)
    expect(adding).to_have_count(0)
    page.get_by_role("button", name="Add", exact=True).click()

    expect(adding).to_be_visible()
    page.get_by_label("Add a phone").select_option("A landline")
    page.get_by_role("button", name="Add", exact=True).click()
    expect(adding).to_have_count(0)


def test_a_pair_line_can_be_called_back_once_it_has_rung(reader: Reader, demo: FakeDemo) -> None:
    page = reader.opens()
    amina = card(page, "Amina Yusuf")
    expect(amina.get_by_role("button", name="Call my pair line")).to_have_count(0)
    demo.call(AMINA, "ringing-in", PAIR)
    expect(status(page, "Amina Yusuf")).to_contain_text("Ringing")
    demo.hang_up(AMINA)
    amina.get_by_role("button", name="Call my pair line").click()

    expect(status(page, "Amina Yusuf")).to_contain_text("+1 515 555 0101")


def test_a_recording_is_hinted_at_beside_the_box_for_words(reader: Reader, demo: FakeDemo) -> None:
    page = reader.opens()
    demo.call(DENISE, "in-call", MAIN, recording=True)

    expect(card(page, "Denise Okafor")).to_contain_text(
        "Recording. What you say now is kept as a voice note; # ends it."
    )


def test_a_text_is_written_to_the_pair_line_and_stands_in_the_thread(
    reader: Reader, demo: FakeDemo
) -> None:
    page = reader.opens()
    marcus = card(page, "Marcus Bell")
    marcus.get_by_text("Texts", exact=True).click()
    expect(marcus.get_by_role("combobox", name="To", exact=True).locator("option")).to_have_text(
        ["+1 515 555 0101 (pair line 1)", "+1 515 555 0100 (main line)"]
    )
    marcus.get_by_label("Your text").fill("Saturday?\nAt 10?")
    marcus.get_by_role("button", name="Send").click()

    item = marcus.get_by_role("listitem")
    expect(item.locator(".body")).to_have_text("Saturday?\nAt 10?")
    expect(item).to_contain_text("To +1 515 555 0101 (pair line 1), Tue 2:05 pm")
    expect(item).to_contain_text("delivered")
    expect(marcus.get_by_label("Your text")).to_have_value("")
    assert posted(demo, MARCUS) == [("text", {"to": PAIR, "body": "Saturday?\nAt 10?"})]


def test_a_text_that_comes_in_opens_the_thread_and_is_announced_once(
    reader: Reader, demo: FakeDemo
) -> None:
    page = reader.opens()
    demo.gets(MARCUS, "Robert: Yes.", peer=PAIR)

    expect(card(page, "Marcus Bell").get_by_role("listitem")).to_be_visible()
    demo.phone(MARCUS)["messages"][0]["status"] = "read"
    demo.logs("Robert", "Marcus", "delivered", kind="text")
    expect(page.locator("#entries tr")).to_have_count(1)
    expect(page.locator("#announcer p", has_text="Robert: Yes.")).to_have_count(1)


def test_a_landline_gets_no_box_for_texts(reader: Reader) -> None:
    page = reader.opens()

    expect(card(page, "Denise Okafor")).to_contain_text("A landline: it cannot get texts.")
    expect(card(page, "Denise Okafor").locator(".texts")).to_be_hidden()


def test_captions_of_the_last_call_stay_until_the_next_one_begins(
    reader: Reader, demo: FakeDemo
) -> None:
    page = reader.opens()
    rosa = card(page, "Rosa Delgado")
    demo.call(ROSA, "in-call", MAIN)
    demo.hears(ROSA, "The first call.")
    expect(rosa.get_by_role("log")).to_contain_text("The first call.")
    demo.hears(ROSA, "Goodbye.")
    demo.hang_up(ROSA)
    expect(rosa).to_contain_text("What was heard in the last call:")
    expect(rosa.get_by_role("log").locator(".words")).to_have_text(["The first call.", "Goodbye."])
    demo.call(ROSA, "in-call", MAIN)
    demo.hears(ROSA, "The second call.")

    expect(rosa.get_by_role("log").locator(".words")).to_have_text(["The second call."])


def test_the_browser_reads_aloud_only_for_a_phone_where_it_was_asked_to(
    reader: Reader, demo: FakeDemo
) -> None:
    page = reader.opens(
        script="window.aloud = []; Object.defineProperty(window, 'speechSynthesis',"
        " { value: { speak: (words) => window.aloud.push([words.text, words.lang]),"
        " cancel: () => {} } });"
    )
    card(page, "Rosa Delgado").get_by_label("Read aloud with this browser’s voice").check()
    demo.call(ROSA, "in-call", MAIN)
    demo.hears(ROSA, "Hello Rosa.")
    demo.hears(ROSA, "Hola Rosa.", language="es-US")
    demo.hears(ROSA, "I say this myself.", who="me")
    demo.call(LUIS, "in-call", PAIR)
    demo.hears(LUIS, "Hello Luis.")

    expect(card(page, "Luis Ortega").get_by_role("log")).to_contain_text("Hello Luis.")
    expect(card(page, "Rosa Delgado").get_by_role("log")).to_contain_text("I say this myself.")
    assert page.evaluate("window.aloud") == [["Hello Rosa.", "en"], ["Hola Rosa.", "es-US"]]
    heard = card(page, "Rosa Delgado").get_by_role("log").locator(".words[lang]")
    expect(heard).to_have_text("Hola Rosa.")
    expect(heard).to_have_attribute("lang", "es-US")
