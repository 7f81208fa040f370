"""Every language says what English says, in its own words: nothing is missing, nothing is English.

The Spanish and French texts are drafts. What a test can see is held here; whether they sound right,
only somebody who speaks the language can tell.
"""

import re
from collections.abc import Iterator
from datetime import date, timedelta

import pytest

from mentoring.editions.measures import WIDTHS
from mentoring.flows import FLOWS
from mentoring.flows.catalog import Catalog, Wording
from mentoring.flows.checks import prompts_of
from mentoring.flows.inputs import Speech, Text, Value, read_answer
from mentoring.flows.render import say
from mentoring.flows.steps import RECORDED, Ask, Kind
from mentoring.languages import LANGUAGES, Localized, spoken_clock, spoken_date
from mentoring.segments import segments_of
from sms.keywords import carrier_word, read_word
from tests.house.test_prompts import MUST_NAME

CATALOG = Catalog.load()
ENGLISH = CATALOG.by_language["en"]
OTHERS = sorted(set(CATALOG.languages) - {"en"})
# Keys that are in English and wait for their translation, by language. A release has none here.
STILL_TO_TRANSLATE: dict[str, set[str]] = {language: set() for language in OTHERS}

# Words fill more room: "miércoles 30 de septiembre", "las 12:30 de la madrugada".
WIDER = {"date": 26, "day": 26, "time": 25, "from": 25, "until": 25, "staff": 14, "freq": 20}
WIDER |= {"mine": 20, "theirs": 20}
# What proposals say is cut to these widths: mentoring/proposals/words.py.
WIDER |= {"years": 15, "field": 20, "stage": 18, "topics": 30, "mode": 12, "when": 40, "more": 200}
WIDER |= {"ownline": 117}
WIDER |= dict.fromkeys(("blurb1", "blurb2", "blurb3"), 97)
# Three segments, with letters beyond GSM-7 and without.
LONGEST_UCS2, LONGEST_GSM = 3 * 67, 3 * 153
PRESS = {"es": r"oprima (\d)", "fr": r"(?:appuyez sur le|faites) (\d)"}
# The only prompt whose language is not its own: how another language is asked for.
IN_TWO = {"V-LANG"}
FORMS = ("text", "voice", "short", "keys", "retry")


def wordings(language: str) -> Iterator[tuple[str, Wording, Wording]]:
    for key, wording in CATALOG.by_language[language].items():
        if key in ENGLISH:
            yield key, wording, ENGLISH[key]


def test_every_language_that_is_spoken_has_a_file_and_a_way_to_tell_days_and_times() -> None:
    assert set(CATALOG.languages) == set(LANGUAGES)


@pytest.mark.parametrize("language", OTHERS)
def test_no_key_is_missing_and_none_is_left_over(language: str) -> None:
    known = set(CATALOG.by_language[language])
    assert set(ENGLISH) - known == STILL_TO_TRANSLATE[language]
    assert known - set(ENGLISH) == set()


@pytest.mark.parametrize("language", OTHERS)
def test_every_form_is_there_with_the_same_placeholders_and_the_same_version(language: str) -> None:
    for key, wording, english in wordings(language):
        assert wording.version == english.version, key
        for form in FORMS:
            own, model = getattr(wording, form), getattr(english, form)
            assert bool(own) == bool(model), (key, form)
            assert names_in(own) == names_in(model), (key, form)
            assert own.count("AUDIO:") == model.count("AUDIO:"), (key, form)
            assert "{" not in re.sub(r"\{\w+\}", "", own), (key, form)


def names_in(form: str) -> set[str]:
    return set(re.findall(r"\{(\w+)\}", form))


@pytest.mark.parametrize("language", OTHERS)
def test_the_same_keys_lead_to_the_same_things(language: str) -> None:
    for key, wording, english in wordings(language):
        assert len(wording.options) == len(english.options), key
        for form in ("voice", "short", "keys"):
            own = re.findall(rf"\[p\] {PRESS[language]}", getattr(wording, form))
            if key not in IN_TWO:
                assert own == re.findall(r"\[p\] press (\d)", getattr(english, form)), (key, form)
        for own_option, model in zip(wording.options, english.options, strict=True):
            assert bool(own_option.label) == bool(model.label), key
            for sign in ("yes", "no"):
                assert (sign in own_option.words) == (sign in model.words), (key, sign)
        labels = [option.label for option in wording.options if option.label]
        assert len(set(labels)) == len(labels), key


@pytest.mark.parametrize("language", OTHERS)
def test_texts_offer_the_same_digits_and_letters(language: str) -> None:
    for key, wording, english in wordings(language):
        for form in ("text", "retry"):
            own, model = getattr(wording, form), getattr(english, form)
            assert offered(own) == offered(model), (key, form)


def offered(form: str) -> list[str]:
    """Return the digits that may be answered, in order: "18 h" and "6 pm" are none of them."""
    return re.findall(r"(?<![\d:-])\b\d\b(?! ?(?:pm|h\b)|[\d:-])", form)


@pytest.mark.parametrize("language", OTHERS)
def test_a_text_takes_three_segments_at_most(language: str) -> None:
    own = LANGUAGES[language]
    assert all(len(spoken_date(day)) <= WIDER["date"] for day in days_of_a_year())
    assert len(own.staff) <= WIDER["staff"]
    frame = CATALOG.wording("T-ERR1", language).text
    for key, wording, _ in wordings(language):
        for text in (wording.text, frame.replace("{q}", wording.retry) if wording.retry else ""):
            full = re.sub(r"\{(\w+)\}", lambda name: "x" * width(name[1]), text)
            is_gsm = segments_of(full).encoding == "gsm7"
            assert len(full) <= (LONGEST_GSM if is_gsm else LONGEST_UCS2), (key, len(full), full)


def width(name: str) -> int:
    return WIDER.get(name, WIDTHS[name])


def days_of_a_year() -> list[date]:
    return [date(2026, 1, 1) + timedelta(days=n) for n in range(365)]


@pytest.mark.parametrize("language", OTHERS)
def test_nothing_is_left_in_english(language: str) -> None:
    same = {
        key
        for key, wording, english in wordings(language)
        for form in FORMS
        # What is nothing but placeholders is the same in every language.
        if re.search(r"\w", re.sub(r"\{\w+\}", "", getattr(english, form)))
        and getattr(wording, form) == getattr(english, form)
    }
    assert same == set()
    typical = re.compile(r"\b(?:the|and|you|your|press|reply|please|text)\b", re.IGNORECASE)
    for key, wording, _ in wordings(language):
        forms = [*(getattr(wording, form) for form in FORMS), *(o.label for o in wording.options)]
        own = [re.sub(r"\{\w+\}", "", form) for form in forms]
        assert not [form for form in own if typical.search(form)], key


@pytest.mark.parametrize("language", OTHERS)
def test_no_link_no_picture_and_no_number_is_written_into_a_prompt(language: str) -> None:
    for key, wording, _ in wordings(language):
        for form in (*(getattr(wording, form) for form in FORMS), *labels_of(wording)):
            assert not re.search(r"[/\\→←⇒>*_~|@]|https?:|www\.", form), (key, form)
            assert all(ord(letter) < 0x2000 for letter in form), (key, form)
            assert not re.findall(r"\d{3,}", form), (key, form)


def labels_of(wording: Wording) -> list[str]:
    return [option.label for option in wording.options]


@pytest.mark.parametrize("language", OTHERS)
def test_a_word_in_capitals_is_one_that_we_react_to(language: str) -> None:
    """What a text asks for must work when it is sent, and be no word that only carriers know."""
    written_so = {"OK", "ID", "ACF", "AB"}
    for key, wording, _ in wordings(language):
        for words in re.findall(r"\b[A-ZÑÇÉ]{2,}(?: [A-Z]{3,})*\b", wording.text):
            if words in written_so:
                continue
            assert read_word(words) is not None, (key, words)
            assert carrier_word(words) is None or words == "START", (key, words)
    for key in MUST_NAME & {"T-STOP", "T-ISOFF", "T-START2"}:
        assert "START" in CATALOG.wording(key, language).text


ASKS = {
    prompt: step
    for flow in FLOWS.values()
    for step in flow.steps
    if isinstance(step, Ask) and not step.options_from
    for prompt in prompts_of(step)
}


@pytest.mark.parametrize("language", OTHERS)
def test_the_words_of_an_option_choose_it_said_and_texted(language: str) -> None:
    wrong = []
    for prompt, ask in ASKS.items():
        wording = CATALOG.wording(prompt, language)
        if ask.kind is Kind.RATING:
            values = [str(ask.low), str(ask.high)]
        else:
            values = [option.value for option in ask.options]
        for value, option in zip(values, wording.options, strict=False):
            for words in option.words:
                for given in (Speech(words, 0.9), Text(words)):
                    reading = read_answer(ask, wording, given)
                    if not isinstance(reading, Value) or reading.value not in (value, RECORDED):
                        wrong.append((prompt, value, words, reading))
    assert wrong == []


@pytest.mark.parametrize("language", OTHERS)
def test_a_time_that_is_said_in_a_language_is_understood_in_it(language: str) -> None:
    ask = ASKS["T-HOUR"]
    wording = CATALOG.wording("T-HOUR", language)
    for hour in range(24):
        told = spoken_clock(f"{hour:02d}:20" if hour != 12 else "12:00").in_language(language)
        reading = read_answer(ask, wording, Text(told))
        wanted = {f"{hour:02d}:20" if hour != 12 else "12:00"}
        # "8 h 20" leaves morning or evening open on a clock of twelve hours: that is asked.
        wanted |= {f"{hour}.20"} if language == "fr" else set()
        assert isinstance(reading, Value), told
        assert reading.value in wanted, (told, reading.value)


def test_a_prompt_is_filled_in_its_own_language() -> None:
    params = {"date": spoken_date(days_of_a_year()[62]), "staff": "Charlotte"}
    said = {
        language: say("T-PLANCHG", catalog=CATALOG, language=language, params=params)[0]
        for language in CATALOG.languages
    }
    assert "call you by Wed, Mar 4 to change" in said["en"]
    assert "a más tardar el miércoles 4 de marzo para cambiar" in said["es"]
    assert "au plus tard le mercredi 4 mars pour changer" in said["fr"]
    assert isinstance(params["date"], Localized)
    assert f"{params['date']}" == "Wed, Mar 4"
