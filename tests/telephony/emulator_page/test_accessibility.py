"""The page for everybody: automated rules, small windows, big targets, calm."""

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.ears import Ears
from tests.telephony.emulator_page.conftest import Reader
from tests.telephony.emulator_page.fake_demo import (
    AMINA,
    DENISE,
    LUIS,
    MAIN,
    MARCUS,
    PAIR,
    ROSA,
    FakeDemo,
)

HIDES_THE_FOCUS = """() => {
  const it = document.activeElement, box = it.getBoundingClientRect();
  if (it === document.body) return "";
  const inside = (x, y) => { const above = document.elementFromPoint(x, y);
    return above !== null && (it.contains(above) || above.contains(it)); };
  const xs = [box.left + 4, box.left + box.width / 2, box.right - 4];
  const ys = [box.top + 4, box.top + box.height / 2, box.bottom - 4];
  return xs.some((x) => ys.some((y) => inside(x, y))) ? "" : it.outerHTML.slice(0, 120);
}"""
MAIN_ACTIONS = ".go, .stop, .key, .pair-lines button, .say button, .write button, .clock button"


def fill(demo: FakeDemo) -> None:
    """Give the log, the tasks and a thread something to show."""
    demo.logs("Rosa Delgado (P01)", "Luis Ortega (M02)", "talked", seconds=125, two_way=True)
    demo.logs("", "", "refused", reason="unknown caller")
    demo.tasks.append({"id": 1, "words": "Rosa asked for a person.", "due": "Wed, Mar 4"})
    demo.gets(MARCUS, "Robert: Saturday is fine.", peer=PAIR)
    demo.gets(MARCUS, "See you then.", peer=PAIR, direction="out")


def be_idle(demo: FakeDemo, page: Page) -> None:
    expect(page.locator("#entries tr")).to_have_count(2)


def ring(demo: FakeDemo, page: Page) -> None:
    demo.call(LUIS, "ringing-in", PAIR)
    expect(page.get_by_text("Ringing: +1 515 555 0101 is calling")).to_be_visible()


def talk(demo: FakeDemo, page: Page) -> None:
    demo.call(ROSA, "in-call", MAIN, recording=True)
    for number in range(12):
        demo.hears(ROSA, f"Sentence number {number} of a long call.")
    demo.hears(ROSA, "Hello Luis.", who="me")
    expect(page.get_by_text("Hello Luis.")).to_be_visible()


@pytest.mark.parametrize("bring_about", [be_idle, ring, talk])
def test_axe_finds_nothing_in_any_state_light_or_dark_small_or_wide(
    reader: Reader, demo: FakeDemo, bring_about: Callable[[FakeDemo, Page], None]
) -> None:
    fill(demo)
    page = reader.opens()
    page.locator("details").evaluate_all("all => all.forEach((each) => { each.open = true; })")
    bring_about(demo, page)

    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        for width in (1280, 320):
            page.set_viewport_size({"width": width, "height": 800})
            results = Axe().run(page, options={"resultTypes": ["violations"]})
            assert results.violations_count == 0, results.generate_report()


@pytest.mark.parametrize("height", [800, 256])
def test_nothing_needs_scrolling_sideways_at_320_pixels(
    reader: Reader, demo: FakeDemo, height: int
) -> None:
    fill(demo)
    page = reader.opens(width=320, height=height)
    page.locator("details").evaluate_all("all => all.forEach((each) => { each.open = true; })")
    talk(demo, page)
    ring(demo, page)

    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    wide = page.locator("body *:visible").evaluate_all(
        "all => all.filter((each) => each.getBoundingClientRect().right > 321"
        " && !each.closest('.unseen, thead')).map((each) => each.outerHTML.slice(0, 80))"
    )
    assert wide == []


def test_in_a_low_window_the_ringing_strip_covers_nothing(reader: Reader, demo: FakeDemo) -> None:
    page = reader.opens(width=320, height=256)
    ring(demo, page)

    assert page.locator("#ringing").evaluate("each => getComputedStyle(each).position") == "static"


def test_targets_are_24_pixels_and_main_ones_44(reader: Reader, demo: FakeDemo) -> None:
    fill(demo)
    page = reader.opens()
    page.locator("details").evaluate_all("all => all.forEach((each) => { each.open = true; })")
    talk(demo, page)
    ring(demo, page)

    def smaller_than(pixels: int, selector: str) -> list[str]:
        found: list[str] = (
            page.locator(selector)
            .locator("visible=true")
            .evaluate_all(
                "(all, pixels) => all.filter((each) => { const box = each.getBoundingClientRect();"
                " return Math.min(box.width, box.height) < pixels; })"
                ".map((each) => each.outerHTML)",
                pixels,
            )
        )
        return found

    assert smaller_than(24, "button, input, select, textarea, summary") == []
    assert smaller_than(44, MAIN_ACTIONS) == []


def test_a_reader_who_wants_no_motion_gets_none(reader: Reader) -> None:
    page = reader.opens()
    page.emulate_media(reduced_motion="reduce")

    moving = page.locator("body *").evaluate_all(
        "all => all.filter((each) => { const style = getComputedStyle(each);"
        " return style.transitionDuration !== '0s' || style.animationName !== 'none'; }).length"
    )
    assert moving == 0


def test_the_log_is_a_table_with_a_caption_and_headers_even_when_narrow(
    reader: Reader, demo: FakeDemo
) -> None:
    fill(demo)
    page = reader.opens(width=320)

    table = page.get_by_role("table", name="Contact log, newest entry first")
    expect(table.get_by_role("columnheader")).to_have_text(
        ["When", "From and to", "What", "Line", "How it ended"]
    )
    cells = table.get_by_role("row").nth(2).get_by_role("cell")
    expect(cells).to_have_text(
        [
            "Tue, Mar 3, 2:05 pm",
            "Rosa Delgado (P01) to Luis Ortega (M02)",
            "call",
            "pair line 1",
            "talked, 2 min 5 s, two-way",
        ]
    )


def test_the_first_stops_of_the_keyboard_lead_past_the_tour(reader: Reader) -> None:
    page = reader.opens()

    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the phones")).to_be_focused()
    page.keyboard.press("Enter")

    expect(page.locator("#phones")).to_be_focused()


def test_what_has_the_focus_is_hidden_by_nothing_while_phones_ring(
    reader: Reader, demo: FakeDemo
) -> None:
    fill(demo)
    page = reader.opens()
    for number in (LUIS, ROSA, MARCUS, DENISE, AMINA):
        demo.call(number, "ringing-in", PAIR)
    expect(page.locator("#ringing p")).to_have_count(5)

    for _ in range(60):
        page.keyboard.press("Tab")
        hidden = page.evaluate(HIDES_THE_FOCUS)
        assert hidden == ""


def test_colours_that_are_forced_leave_every_button_its_edge_and_the_focus_its_ring(
    reader: Reader, demo: FakeDemo
) -> None:
    fill(demo)
    page = reader.opens()
    page.emulate_media(forced_colors="active")
    talk(demo, page)
    ring(demo, page)

    bare = page.locator("button:visible, input:visible, select:visible").evaluate_all(
        "all => all.filter((each) => { const style = getComputedStyle(each);"
        " return each.type !== 'checkbox' && (style.borderTopStyle === 'none'"
        " || style.borderTopColor === 'rgba(0, 0, 0, 0)'); }).map((each) => each.outerHTML)"
    )
    assert bare == []
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    ring_of = "() => getComputedStyle(document.activeElement).outlineWidth"
    assert page.evaluate(ring_of) == "3px"
    results = Axe().run(page, options={"resultTypes": ["violations"]})
    assert results.violations_count == 0, results.generate_report()


def test_by_ear_every_button_of_every_phone_has_a_name_of_its_own(
    reader: Reader, demo: FakeDemo
) -> None:
    fill(demo)
    page = reader.opens()
    talk(demo, page)
    ring(demo, page)
    demo.call(MARCUS, "ringing-in", PAIR)
    expect(page.locator("#ringing p")).to_have_count(2)

    assert [each for each in Ears(page).same_names() if " button " in each] == []


def test_by_ear_each_line_says_whose_phone_it_is_on(reader: Reader, demo: FakeDemo) -> None:
    page = reader.opens()
    for number in (ROSA, LUIS):
        demo.call(number, "in-call", PAIR)
        demo.hears(number, "You are being joined.")
    lines = page.locator(".caption")

    expect(lines).to_have_text(
        [
            "Rosa Delgado’s phone: Line You are being joined.",
            "Luis Ortega’s phone: Line You are being joined.",
        ]
    )
    # What changes in a line is told with the whole of it.
    assert lines.evaluate_all("all => all.every((each) => each.ariaAtomic === 'true')")
