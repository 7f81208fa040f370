import pytest
import smsutil
from hypothesis import given, settings
from hypothesis import strategies as st

from mentoring.segments import Segments, segments_of
from sms.segments import LONGEST_TEXT, split_text
from telephony.emulator.segments import count_segments

GSM7 = (
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    "ÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà^{}\\[]~|€\f"
)
WALES = "🏴\U000e0067\U000e0062\U000e0077\U000e006c\U000e0073\U000e007f"
# Each of these is one sign to a reader.
SIGNS = (
    *("a", "Z", "7", "é", "e\u0301", "q\u0323\u0307", "n\u0303", "\r\n", "ñ", "€", "語", "한", "ن"),
    *("😀", "👍🏽", "❤️", "1️⃣", "👨‍👩‍👧‍👦", "🏳️‍🌈", "👩🏿‍🚀", "🇺🇸", "🇫🇷", WALES),
    *(
        "\u1112\u1161\u11ab",
        "\u1107\u1109\u1161\u1175\u11ab",
        "क्षि",
        "नि",
        "لَ",
        "ש\u05b8",
        "กำ",
        "か\u3099",
    ),
)
UNTIMED = settings(deadline=None, database=None, max_examples=60)


def units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


@pytest.mark.parametrize(
    ("text", "segments"),
    [
        ("", Segments("gsm7", 0, 1)),
        ("a" * 160, Segments("gsm7", 160, 1)),
        ("a" * 161, Segments("gsm7", 161, 2)),
        ("a" * 306, Segments("gsm7", 306, 2)),
        ("a" * 307, Segments("gsm7", 307, 3)),
        ("€" * 80, Segments("gsm7", 160, 1)),
        # 152 septets and an escaped sign: the escape may not end the first segment.
        ("a" * 152 + "€" + "a" * 152, Segments("gsm7", 306, 3)),
        ("a" * 151 + "€" + "a" * 153, Segments("gsm7", 306, 2)),
        ("ó" * 70, Segments("ucs2", 70, 1)),
        ("ó" * 71, Segments("ucs2", 71, 2)),
        ("ó" * 134, Segments("ucs2", 134, 2)),
        ("😀" * 35, Segments("ucs2", 70, 1)),
        ("😀" * 36, Segments("ucs2", 72, 2)),
        # 33 emoji are 66 units; the next would be torn at 67.
        ("😀" * 67, Segments("ucs2", 134, 3)),
        ("a" * 100 + "\t", Segments("ucs2", 101, 2)),
        ("\x1b", Segments("ucs2", 1, 1)),
        ("\0", Segments("ucs2", 1, 1)),
        ("“quoted”", Segments("ucs2", 8, 1)),
    ],
)
def test_a_text_is_counted_as_the_network_counts_it(text: str, segments: Segments) -> None:
    assert segments_of(text) == segments


@UNTIMED
@given(st.text(GSM7, max_size=700))
def test_a_gsm7_text_is_counted_like_the_oracle_counts_it(text: str) -> None:
    counted = segments_of(text)

    assert counted.encoding == "gsm7"
    oracle = smsutil.split(text)
    assert counted.count == len(oracle.parts)
    assert not text or counted.units == oracle.total_bytes


@UNTIMED
@given(st.text(st.one_of(st.characters(exclude_categories=["Cs"]), st.sampled_from("😀á€ a"))))
def test_any_text_is_counted_like_the_oracle_and_the_pretend_carrier_count_it(text: str) -> None:
    counted = segments_of(text)

    assert counted.count == count_segments(text)
    # The oracle takes a bare escape for a character of the table.
    if "\x1b" not in text and text:
        oracle = smsutil.split(text)
        bits = 2 if counted.encoding == "ucs2" else 1
        assert (counted.count, counted.units * bits) == (len(oracle.parts), oracle.total_bytes)


def test_a_text_that_fits_is_left_whole() -> None:
    assert split_text("x" * LONGEST_TEXT) == ("x" * LONGEST_TEXT,)
    assert split_text("") == ("",)


def test_a_long_text_is_split_after_a_sentence() -> None:
    assert split_text("Aa bb cc dd ee. Ff gg", 18) == ("Aa bb cc dd ee. ", "Ff gg")


def test_a_sentence_that_ends_exactly_with_the_part_is_found() -> None:
    assert split_text("Aa bb cc dd. Ee ff gg", 13) == ("Aa bb cc dd. ", "Ee ff gg")


def test_a_line_end_is_a_boundary_like_a_sentence_end() -> None:
    assert split_text("bread and so 3\nmilk 4 and more", 18) == (
        "bread and so 3\n",
        "milk 4 and more",
    )


def test_a_chinese_sentence_needs_no_space_after_it() -> None:
    assert split_text("我们明天在集市上见面。你来吗我的好朋友", 13) == (
        "我们明天在集市上见面。",
        "你来吗我的好朋友",
    )


def test_a_sentence_that_ends_too_early_gives_way_to_a_word() -> None:
    assert split_text("Hi. Bring bread and milk", 16) == ("Hi. Bring bread ", "and milk")


def test_a_word_longer_than_a_part_is_cut_after_the_words_before_it() -> None:
    assert split_text("see " + "x" * 25, 10) == ("see ", "x" * 10, "x" * 10, "x" * 5)


def test_a_space_that_must_not_be_broken_holds_words_together() -> None:
    assert split_text("ça va bien\u00a0? oui", 12) == ("ça va ", "bien\u00a0? oui")


def test_right_to_left_text_is_split_between_its_words() -> None:
    assert split_text("مرحبا كيف حالك", 10) == ("مرحبا كيف ", "حالك")


def test_the_first_part_leaves_room_for_a_prefix() -> None:
    parts = split_text("one two three four five", 12, first_limit=5)

    assert parts == ("one ", "two three ", "four five")


@pytest.mark.parametrize(("limit", "first_limit"), [(1, None), (1600, 1), (0, 10), (-5, None)])
def test_limits_in_which_no_sign_fits_are_refused(limit: int, first_limit: int | None) -> None:
    with pytest.raises(ValueError, match="at least 2 units"):
        split_text("a text", limit, first_limit=first_limit)


@UNTIMED
@given(
    st.text(st.one_of(st.characters(), st.sampled_from(" .\n\u0301\u200d😀🇺🇸")), max_size=200),
    st.integers(2, 40),
    st.integers(2, 40),
)
def test_the_parts_are_the_text_again_and_each_of_them_fits(
    text: str, limit: int, first_limit: int
) -> None:
    parts = split_text(text, limit, first_limit=first_limit)

    assert "".join(parts) == text
    sizes = [len(part.encode("utf-16-le", "surrogatepass")) // 2 for part in parts]
    assert sizes[0] <= first_limit
    assert all(0 < size <= limit for size in sizes[1:])


@UNTIMED
@given(st.lists(st.sampled_from([*SIGNS, " ", "."]), max_size=80), st.integers(14, 40))
def test_no_sign_is_ever_cut(signs: list[str], limit: int) -> None:
    boundaries, at = {0}, 0
    for sign in signs:
        at += len(sign)
        boundaries.add(at)

    cut = 0
    for part in split_text("".join(signs), limit):
        cut += len(part)
        assert cut in boundaries


@pytest.mark.parametrize("sign", [sign for sign in SIGNS if len(sign) > 1])
def test_a_sign_that_just_does_not_fit_goes_into_the_next_part(sign: str) -> None:
    room = 20 + units(sign) - 1

    assert split_text("x" * 20 + sign, room) == ("x" * 20, sign)


def test_a_letter_under_a_heap_of_marks_is_cut_only_because_it_fits_no_part() -> None:
    parts = split_text("x" + "\u0301" * 99, 40)

    assert [len(part) for part in parts] == [40, 40, 20]


@pytest.mark.parametrize(
    "text",
    [
        *("x" * 100_000, " " * 100_000, "\n" * 100_000, "\0" * 100_000, "." * 100_000),
        *("😀" * 25_000, "🇺🇸" * 12_500, "\u0301" * 50_000, " \u0301" * 33_000, "مرحبا " * 9_000),
        *("\ud83d" * 33_000, "\ude00" * 33_000, "👨‍👩‍👧‍👦" * 4_000, '."' * 50_000, "{" * 100_000),
    ],
    ids=lambda text: f"U+{ord(text[0]):04X}",
)
def test_a_huge_body_of_any_kind_is_counted_and_split(text: str) -> None:
    parts = split_text(text)

    assert "".join(parts) == text
    assert segments_of(text).count >= 450
