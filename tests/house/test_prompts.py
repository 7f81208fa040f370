"""The wording keeps the writing rules: plain, short, one segment, safe words, few options.

The rules that hold for each prompt alone are in `mentoring/editions`, where the page for editing
them uses them as well; what concerns the whole set is here.
"""

import re
from pathlib import Path

import pytest

from mentoring.editions.measures import WIDTHS, filled, sentences, syllables, words
from mentoring.editions.rules import (
    IN_EVERY_LANGUAGE,
    NEVER_ASKED_FOR,
    NO_WORDS_BUT_CAPITALS,
    OUR_WORDS,
    SYLLABLES_IN_A_WORD,
    WORDS_IN_A_SENTENCE,
    faults_of,
    shipped_of,
)
from mentoring.flows import FLOWS
from mentoring.flows.catalog import Catalog, Wording
from mentoring.flows.checks import prompts_of
from mentoring.flows.render import say
from mentoring.flows.steps import Ask, Kind
from mentoring.segments import segments_of
from tests.needs import absent

CATALOG = Catalog.load()
ENGLISH = CATALOG.by_language["en"]
DOMAIN = Path(__file__).parents[3] / "shared" / "domain.md"

GRADE = 6.0
MUST_NAME = {
    *("T-WEL", "T-C1", "T-STOP", "T-ISOFF", "T-START", "T-START2", "T-HELP", "T-REF1", "T-WRONG"),
}


def texts() -> dict[str, str]:
    return {key: wording.text for key, wording in ENGLISH.items() if wording.text}


def spoken_sentences() -> dict[str, str]:
    """Return everything that is said aloud, each key with its options."""
    params = dict.fromkeys(WIDTHS, "Sam")
    keys = [key for key in ENGLISH if ENGLISH[key].is_spoken and key not in IN_EVERY_LANGUAGE]
    return {key: " ".join(say(key, catalog=CATALOG, params=params)) for key in keys}


def all_forms(wording: Wording) -> list[str]:
    forms = [wording.text, wording.voice, wording.short, wording.keys, wording.retry]
    return [*forms, *(option.label for option in wording.options)]


def every_sentence() -> dict[str, list[str]]:
    written = {key: sentences(text) for key, text in texts().items()}
    said = {f"{key} aloud": sentences(text) for key, text in spoken_sentences().items()}
    shorter = {
        f"{key} shortly": sentences(f"{wording.short} {wording.keys} {wording.retry}")
        for key, wording in ENGLISH.items()
        if key not in IN_EVERY_LANGUAGE and (wording.short or wording.keys or wording.retry)
    }
    return {**written, **said, **shorter}


COUNTED = {
    **{"you": 1, "mentor": 2, "business": 3, "texts": 1, "private": 2, "voice": 1, "agree": 2},
    **{"people": 2, "called": 1, "wanted": 2, "safe": 1, "911": 1, "emergency": 4, "voices": 2},
}


@pytest.mark.parametrize("word", sorted(COUNTED))
def test_syllables_are_counted_about_right(word: str) -> None:
    assert syllables(word) == COUNTED[word]


def test_what_is_shipped_could_have_been_written_on_the_page() -> None:
    wrong = {}
    for language in CATALOG.languages:
        for key in CATALOG.by_language[language]:
            shipped = shipped_of(CATALOG, key, language)
            if faults := faults_of(shipped, shipped.forms):
                wrong[language, key] = faults
    assert wrong == {}


def test_no_sentence_has_more_than_fourteen_words() -> None:
    long = {
        f"{key}: {sentence}"
        for key, said in every_sentence().items()
        for sentence in said
        if len(words(sentence)) > WORDS_IN_A_SENTENCE
    }
    assert long == set()


def test_no_template_has_long_words() -> None:
    hard = {}
    for key, said in every_sentence().items():
        found = [word for sentence in said for word in words(sentence)]
        average = sum(map(syllables, found)) / len(found)
        if average > SYLLABLES_IN_A_WORD:
            hard[key] = average
    assert hard == {}


def test_the_whole_set_is_easy_to_read() -> None:
    said = [sentence for parts in every_sentence().values() for sentence in parts]
    found = [word for sentence in said for word in words(sentence)]
    per_sentence = len(found) / len(said)
    per_word = sum(map(syllables, found)) / len(found)
    assert 0.39 * per_sentence + 11.8 * per_word - 15.59 <= GRADE


def test_every_text_is_one_plain_segment() -> None:
    wrong = {}
    for key, text in texts().items():
        counted = segments_of(filled(text))
        if counted.count > 1 or counted.encoding != "gsm7":
            wrong[key] = counted
    assert wrong == {}


def test_what_is_quoted_after_a_miss_is_whole_sentences_and_still_fits_one_segment() -> None:
    frame = ENGLISH["T-ERR1"].text
    quoted = {key: wording.retry for key, wording in ENGLISH.items() if wording.retry}
    assert all(retry.endswith((".", "?")) for retry in quoted.values())
    sizes = {key: len(filled(frame.replace("{q}", retry))) for key, retry in quoted.items()}
    assert {key: size for key, size in sizes.items() if size > 160} == {}


def test_what_is_said_to_be_missing_in_a_day_and_time_fits_one_segment_too() -> None:
    leads = ("NODAY", "NOTIME", "ONESLOT", "WEEKDAY", "DATED", "OWNCLOCK")
    frames = [ENGLISH[f"T-{lead}"].text for lead in leads]
    steps = [step for flow in FLOWS.values() for step in flow.steps if isinstance(step, Ask)]
    slots = [ENGLISH[ask.prompt].retry for ask in steps if ask.kind is Kind.SLOT]
    assert len(slots) >= 3
    assert max(len(filled(f.replace("{q}", retry))) for f in frames for retry in slots) <= 160


def test_every_placeholder_is_known() -> None:
    used = {
        name
        for wording in ENGLISH.values()
        for form in all_forms(wording)
        for name in re.findall(r"\{(\w*)\}", form)
    }
    assert used <= set(WIDTHS)
    for wording in ENGLISH.values():
        for form in all_forms(wording):
            assert form.count("{") == form.count("}") == len(re.findall(r"\{\w+\}", form))


def test_no_sign_picture_or_link_carries_meaning() -> None:
    for key, wording in ENGLISH.items():
        for form in all_forms(wording):
            assert not re.search(r"[/\\→←⇒>*_~|@]|https?:|www\.", form), (key, form)
            assert all(ord(letter) < 0x2000 for letter in form), (key, form)


def test_no_number_is_written_into_a_prompt() -> None:
    for key, wording in ENGLISH.items():
        for form in all_forms(wording):
            assert not re.findall(r"\d{3,}", form), (key, form)


def test_no_word_that_carriers_keep_for_themselves_is_asked_for() -> None:
    for key, text in texts().items():
        capitals = set(re.findall(r"\b[A-Z]{2,}\b", text))
        assert not capitals & NEVER_ASKED_FOR, key
        allowed = OUR_WORDS | NO_WORDS_BUT_CAPITALS
        named = {"STOP", "START", "HELP"} if key in MUST_NAME else set()
        assert capitals <= allowed | named, (key, capitals)


# Where key 9 turns our calls off: the only key that is not the next one.
NINE_STOPS = {"V-STOP9", "V-OUT", "V-OUTN"}


def test_no_prompt_offers_more_than_four_keys_and_none_offers_a_reserved_one() -> None:
    for key, said in spoken_sentences().items():
        offered = [int(digit) for digit in re.findall(r"\[p\] press (\d)", said)]
        offered = [digit for digit in offered if digit != 0]
        assert len(offered) <= 4 or key in paged_prompts(), key
        if key not in NINE_STOPS:
            assert offered == list(range(1, len(offered) + 1)), key
        else:
            assert offered in ([9], [1, 2, 9], [1, 2, 3, 9]), key


def paged_prompts() -> set[str]:
    """Return the prompts whose options the flows speak in pages; those are checked there."""
    asks = [step for flow in FLOWS.values() for step in flow.steps if isinstance(step, Ask)]
    # Each of these has its twin for the other role, with the same options.
    return {prompt for ask in asks if len(ask.options) > 4 for prompt in prompts_of(ask)} | COMING


# Questions of more than four options that no flow asks yet.
COMING = {"T-N3"}


def test_a_label_comes_before_its_key_and_a_pause_between_them() -> None:
    for key, wording in ENGLISH.items():
        for form in (wording.voice, wording.short, wording.keys):
            before = set(re.findall(r"(\S+) press \d", form))
            # V-NI2 tells what can be done at all; it is no menu.
            assert before <= {"[p]"} or key == "V-NI2", key


def test_yes_is_always_the_first_key_and_no_the_second() -> None:
    for key, wording in ENGLISH.items():
        labels = [option.label for option in wording.options]
        if "Yes" in labels:
            assert labels.index("Yes") == 0, key
        if "No" in labels:
            assert labels.index("No") == 1, key


def test_the_two_reserved_keys_are_told() -> None:
    assert "for a person [p] press 0" in ENGLISH["V-KEYS"].voice
    assert "again [p] press star" in ENGLISH["V-KEYS"].voice


def test_no_option_of_one_question_is_chosen_by_the_words_of_another() -> None:
    for key, wording in ENGLISH.items():
        meanings = [word for option in wording.options for word in option.words]
        assert len(meanings) == len(set(meanings)), key


def test_every_prompt_says_or_texts_something_and_has_a_version() -> None:
    for key, wording in ENGLISH.items():
        assert wording.text or wording.is_spoken, key
        assert wording.version >= 1, key
        assert re.fullmatch(r"[VT]-[A-Z0-9]+(?:-[A-Z0-9]+)*", key)


def test_a_hold_a_stranger_and_an_opt_out_reveal_nothing() -> None:
    for key in ("T-REFUSE-PAIR", "T-CLOSED"):
        assert set(re.findall(r"\{(\w+)\}", ENGLISH[key].text)) <= {"org", "num"}
    assert set(re.findall(r"\{(\w+)\}", ENGLISH["V-UNKNOWN-PAIR"].voice)) <= {"org"}
    # An opt-out is told as any text is that did not arrive.
    assert not re.search(r"stop|opt|block|refus", ENGLISH["T-NOR"].text, re.IGNORECASE)


def test_where_danger_may_be_told_the_line_says_that_it_is_no_emergency_line() -> None:
    for key in ("T-C6", "T-WORRY"):
        for form in (ENGLISH[key].text, ENGLISH[key].voice):
            assert "not an emergency line" in form, key
    assert "Call {emergency}" in ENGLISH["T-HELP"].text


# Keys that stand in the domain page for a family, and how the family is called here.
FAMILIES = {
    "V-NI": "V-NI1",
    "V-NM": "V-NM1",
    "V-AMD": "V-AMD1",
    "V-CON": "V-C0",
}
# Named in these sections, but scripts of the sections that follow.
ELSEWHERE = {"V-BROWSE", "V-NX", "V-AGR", "T-BRW", "T-NX1", "T-MP1", "T-N2", "T-X1", "T-GP7"}


def test_every_key_of_the_domain_page_that_this_release_speaks_is_there() -> None:
    if not DOMAIN.exists():
        absent("the domain page")
    page = DOMAIN.read_text("utf-8")
    start, end = page.index("### 3.1 "), page.index("### 3.5 ")
    parts = page[start:end] + page[page.index("### 3.8 ") : page.index("### 3.9 ")]
    named = set(re.findall(r"^\| `?([VT]-[A-Z0-9]+)", parts, re.MULTILINE))
    named |= set(re.findall(r"`(T-[A-Z0-9]+)`", parts))
    assert {FAMILIES.get(key, key) for key in named} - ELSEWHERE <= set(ENGLISH)
    assert len(named) > 60
