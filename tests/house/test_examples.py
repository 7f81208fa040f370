"""Whatever a prompt says one may answer is understood, in the language that says it."""

import re
from collections.abc import Iterator

import pytest

from mentoring.flows import FLOWS
from mentoring.flows.catalog import Catalog, Wording
from mentoring.flows.checks import prompts_of
from mentoring.flows.inputs import Speech, Text, Value, read_answer
from mentoring.flows.steps import RECORDED, Ask, Kind
from sms.keywords import Word, asks_to_stop, carrier_word, read_word

CATALOG = Catalog.load()
LANGUAGES = CATALOG.languages
ASKS = {
    prompt: step
    for flow in FLOWS.values()
    for step in flow.steps
    if isinstance(step, Ask) and not step.options_from
    for prompt in prompts_of(step)
}
TIMES = (Kind.SLOT, Kind.CLOCK, Kind.HOUR)
# An example goes on to the end of its sentence, or to what else may be done.
EXAMPLE = re.compile(r"(?<!would )\b(?:like|como|comme) ([^.,:?]+?)(?= ?[.,:?]|$)")
# Two letters of the alphabet, of which one picks any: "ACF", and "OK", which is none.
NO_WORDS = {"OK", "ID", "ACF", "AB"}
CAPITALS = re.compile(r"\b[A-ZÑÇÉ]{2,}(?: [A-Z]{3,})*\b")


def asked(language: str) -> Iterator[tuple[str, Ask, Wording]]:
    """Return each question with its wording in that language."""
    for prompt, ask in ASKS.items():
        yield prompt, ask, CATALOG.wording(prompt, language)


def forms(wording: Wording) -> tuple[str, ...]:
    return (wording.text, wording.retry, wording.voice, wording.short, wording.keys)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_day_or_a_time_that_is_given_as_an_example_is_that_time(language: str) -> None:
    meant = []
    for prompt, ask, wording in asked(language):
        for form in forms(wording) if ask.kind in TIMES else ():
            for example in EXAMPLE.findall(form):
                for given in (Text(example), Speech(example, 0.9)):
                    reading = read_answer(ask, wording, given)
                    assert isinstance(reading, Value), (prompt, example, reading)
                    # By text "6" leaves morning or evening open, and is asked about.
                    assert reading.value in ("tue 18:00", "18:00", "16:00"), (prompt, example)
                    meant.append(reading.value)
    assert {"tue 18:00", "18:00", "16:00"} == set(meant)
    assert len(meant) >= 30


@pytest.mark.parametrize("language", LANGUAGES)
def test_letters_and_numbers_that_are_given_as_an_example_pick_so_many(language: str) -> None:
    picked = []
    for prompt, ask, wording in asked(language):
        for form in (wording.text, wording.retry) if ask.kind is Kind.PICKS else ():
            for example in EXAMPLE.findall(form):
                reading = read_answer(ask, wording, Text(example))
                assert isinstance(reading, Value), (prompt, example, reading)
                assert len(reading.value.split(",")) == len(example), (prompt, example, reading)
                picked.append(example)
    assert {"ACF", "13", "AB"} == set(picked)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_digit_that_a_text_offers_is_an_answer(language: str) -> None:
    for prompt, ask, wording in asked(language):
        if ask.kind is not Kind.CHOICE or not wording.retry:
            continue
        told = re.split(r"Reply|Responda|Répondez", wording.retry)[-1]
        digits = re.findall(r"(?:^ ?|, |\b(?:or|o|u|ou) )([1-9])(?= \D)", told)
        assert digits, (prompt, told)
        for digit in digits:
            reading = read_answer(ask, wording, Text(digit))
            assert isinstance(reading, Value), (prompt, digit, wording.retry)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_choice_is_chosen_by_saying_what_was_heard(language: str) -> None:
    wrong = []
    for prompt, ask, wording in asked(language):
        if ask.kind not in (Kind.CHOICE, Kind.PICKS, Kind.CLOCK, Kind.SLOT):
            continue
        for option, worded in zip(ask.options, wording.options, strict=False):
            if not worded.label or "{" in worded.label:
                continue
            reading = read_answer(ask, wording, Speech(worded.label, 0.9))
            if not isinstance(reading, Value) or reading.value not in (option.value, RECORDED):
                wrong.append((prompt, worded.label, reading))
    assert wrong == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_word_in_capitals_is_one_that_we_react_to_in_every_form(language: str) -> None:
    """What somebody is asked to send must work, and be no word that only carriers know."""
    for key, wording in CATALOG.by_language[language].items():
        for form in forms(wording):
            for word in set(CAPITALS.findall(re.sub(r"AUDIO:\S+", "", form))) - NO_WORDS:
                assert read_word(word) is not None, (key, word)
                is_named_on_purpose = word in ("START", "STOP", "HELP")
                assert carrier_word(word) is None or is_named_on_purpose, (key, word)


@pytest.mark.parametrize(
    ("language", "word"), [("en", "STOP"), ("es", "ALTO"), ("fr", "ARRET"), ("fr", "arrêt")]
)
def test_the_word_that_a_language_names_for_no_more_texts_ends_them(
    language: str, word: str
) -> None:
    named = CATALOG.wording("T-HELP", language).text
    assert word.upper().replace("Ê", "E") in named
    assert asks_to_stop(word) is not None
    assert read_word(word) is Word.STOP


@pytest.mark.parametrize(
    ("language", "yes", "no"),
    [("en", "YES", "NO"), ("es", "SI", "NO"), ("es", "sí", "no"), ("fr", "OUI", "NON")],
)
def test_yes_and_no_are_answers_wherever_they_are_a_choice(
    language: str, yes: str, no: str
) -> None:
    found = 0
    for prompt, ask, wording in asked(language):
        for option, worded in zip(ask.options, wording.options, strict=False):
            for said, sign in ((yes, "yes"), (no, "no")):
                if sign in worded.words and ask.kind is Kind.CHOICE:
                    found += 1
                    reading = read_answer(ask, wording, Text(said))
                    assert isinstance(reading, Value), (prompt, said, reading)
                    assert reading.value == option.value, (prompt, said)
    assert found > 20
