"""What people press, say and type becomes the answer that they meant, or is asked again."""

import tomllib
from pathlib import Path

import pytest

from mentoring.flows import FLOWS
from mentoring.flows.catalog import Catalog, OptionWording, Wording
from mentoring.flows.checks import prompts_of
from mentoring.flows.inputs import (
    Control,
    Keys,
    Reading,
    Recorded,
    Speech,
    Text,
    Unclear,
    Value,
    read_answer,
)
from mentoring.flows.steps import Ask, Kind, Option
from mentoring.flows.times import hour_pressed, whole_time
from mentoring.flows.tips import TOPICS_OF_TIPS
from mentoring.languages import spoken_clock

VARIANTS = tomllib.loads((Path(__file__).parent / "variants.toml").read_text("utf-8"))
CATALOG = Catalog.load()


def asks() -> dict[str, Ask]:
    """Return every question of every flow, by its prompt."""
    steps = (step for flow in FLOWS.values() for step in flow.steps)
    questions = (step for step in steps if isinstance(step, Ask))
    return {prompt: ask for ask in questions for prompt in prompts_of(ask)}


ASKS = asks()
# Prompts that borrow the options of another one are tried with the other one's variants.
SAME_OPTIONS = {
    "T-MENU": "V-MAIN1",
    "T-MENUN": "V-MAIN1",
    "T-REST": "V-REST",
    "T-OWN": "T-MS3",
    "T-DONE": "V-STATUS",
    "T-MSG": "T-PB2",
    "T-WORRY": "T-PB2",
    "T-MB2": "T-PB2",
    "T-MB8": "T-PB2",
    "V-VM": "T-PB2",
    "T-GP1": "T-PB2",
    "T-HOUR": "T-PA4H",
    "T-GPN": "T-PA6",
    "T-MS0": "T-CK0",
    "T-MS1M": "T-MS1",
    "T-CK3M": "T-CK3",
    "T-T3N": "T-T3",
    "T-T5T": "T-T5",
    "T-CS9": "T-MS3",
    "T-CM3": "fully",
    "T-CM5": "fully",
    "T-CS1": "T-CK1",
    "T-CS4": "T-GP0",
    "T-CM4": "T-CS3",
    **dict.fromkeys(("T-OP0", "T-OM0"), "T-CK0"),
    "T-AG2": "T-AG1",
    "T-MP2": "T-MP1",
    "T-MPN": "T-MISS",
    "T-NUDGEC": "T-MISS",
    "T-BRW2": "T-BRW",
    "T-BRW3": "T-BRW",
    "T-CLT": "T-MP3T",
    **{f"T-TIP{topic}": "T-TIP" for topic in TOPICS_OF_TIPS},
    "T-FU12": "T-FU6",
    "V-OUTN": "V-OUT",
}
FROM_FACTS = {"T-WHOM", "T-WHOSE", "T-WHO", "T-N4W", "T-FINW"}


def variants_of(prompt: str) -> list[tuple[str, str]]:
    """Return every (way to say it, value) of a question; the value "?" must be asked again."""
    ask = ASKS[prompt]
    own = VARIANTS.get(SAME_OPTIONS.get(prompt, prompt), {})
    pairs = [(said, value) for value, ways in own.items() for said in ways]
    pairs += shared_variants(ask)
    values = [option.value for option in ask.options]
    if values == ["yes", "no"]:
        # What a question has in its own table means there what that table says.
        others = {said for said, _ in pairs}
        pairs += [
            (said, value)
            for value in ("yes", "no")
            for said in VARIANTS["yes"][value]
            if said not in others
        ]
        told_apart = {said for said, _ in pairs}
        wrong = [said for said in VARIANTS["yes"]["?"] if said not in told_apart]
        pairs += [(said, "?") for said in wrong if ask.kind is not Kind.CLOCK or said not in TIMES]
    return pairs


def shared_variants(ask: Ask) -> list[tuple[str, str]]:
    """Return what every question of that kind must understand: numbers, scales, days and times."""
    tables = []
    if ask.kind is Kind.RATING:
        tables = ["rating 0 to 10" if ask.is_two_digits else "rating 1 to 5"]
    elif ask.kind is Kind.SLOT:
        tables = ["slot", "slot once"] if ask.one_off else ["slot", "slot each week"]
    pairs = [(s, v) for table in tables for v, ways in VARIANTS[table].items() for s in ways]
    if ask.prompt in NUMBERED:
        for place, ways in VARIANTS["places"].items():
            is_option = int(place) <= len(ask.options)
            value = ask.options[int(place) - 1].value if is_option else "?"
            pairs += [(said, value) for said in ways]
    if ask.may_skip:
        pairs += [(s, v) for v, ways in VARIANTS["T-PB2"].items() for s in ways]
    return pairs


# Menus that are tried with the numbers of their options in many dresses too.
NUMBERED = {
    *(
        "T-GP2",
        "T-GP3",
        "T-GP3A",
        "T-GP5",
        "T-GP6",
        "T-GP7",
        "T-CK0",
        "T-MS0",
        "T-CKA",
        "T-CK2",
        "T-CK3",
    ),
    *("T-CK3M", "T-MS1", "T-MS1M", "T-MS4", "T-CL1", "T-CL4", "T-QP", "T-CS2", "T-CS5", "T-CM2"),
    *("T-MISS", "T-NUDGEC", "T-PAUC", "T-BACK", "T-PF", "T-FIN", "T-REST"),
    *("T-W1", "T-W1L", "T-OP0", "T-OM0"),
    *("T-RESTM", "T-DONEM", "T-DONEB", "T-BRW", "T-BRW2", "T-BRW3"),
    *(f"T-TIP{topic}" for topic in TOPICS_OF_TIPS),
    *("T-MP1", "T-MP1N", "T-MP2", "T-MP2N", "T-MPN", "T-MP3T", "T-CLT"),
    *("V-LANG", "T-OP1", "T-OP2", "T-OP3", "T-OP4", "T-OM1", "T-OM2", "T-OM3", "T-OM4", "T-OM5"),
    *("T-AN", "T-ANEND", "T-CM7", "T-DEB", "T-NX1", "T-FU6", "T-FU12", "T-DAY", "T-GPN"),
}


# These are no answer to a yes-or-no question, but a time where a time is asked for.
TIMES = {"3", "9", "12", "1.5"}


def outcome(reading: Reading) -> str:
    return reading.value if isinstance(reading, Value) else "?"


def read(prompt: str, given: Keys | Speech | Text | Recorded) -> Reading:
    return read_answer(ASKS[prompt], CATALOG.wording(prompt), given)


def expected_value(prompt: str, value: str) -> str:
    """Return the stored value: PA5 stores its first option as 1 and not as yes."""
    return "1" if prompt == "T-PA5" and value == "yes" else value


def test_every_question_has_at_least_thirty_variants() -> None:
    few = {p: len(variants_of(p)) for p in ASKS if p not in FROM_FACTS and len(variants_of(p)) < 30}
    assert few == {}


@pytest.mark.parametrize("prompt", sorted(set(ASKS) - FROM_FACTS))
def test_texted_variants_are_understood_as_they_were_meant(prompt: str) -> None:
    wrong = [
        (said, expected_value(prompt, value), read(prompt, Text(said)))
        for said, value in variants_of(prompt)
        if outcome(read(prompt, Text(said))) != expected_value(prompt, value)
    ]
    assert wrong == []


@pytest.mark.parametrize("prompt", sorted(set(ASKS) - FROM_FACTS))
def test_spoken_variants_are_understood_as_they_were_meant(prompt: str) -> None:
    capitals = ASKS[prompt].kind is Kind.NAME
    wrong = [
        (said, value, read(prompt, Speech(said, 0.9)))
        for said, value in variants_of(prompt)
        if outcome(read(prompt, Speech(said, 0.9))) != expected_value(prompt, value)
        and not (capitals and value == "?")
    ]
    assert wrong == []


@pytest.mark.parametrize("prompt", ["T-C1", "T-PB3", "T-PA2", "T-PA4", "T-PA4H", "T-PB2"])
def test_what_is_meant_for_any_question_never_breaks_another(prompt: str) -> None:
    everything = {said for table in VARIANTS.values() for ways in table.values() for said in ways}
    for said in everything:
        assert isinstance(read(prompt, Text(said)), Value | Control | Unclear)


@pytest.mark.parametrize("word", ["stop", "STOP", "Unsubscribe", "quit", "cancel", "end", "start"])
def test_an_opt_out_word_is_never_the_answer_to_a_menu_or_a_name(word: str) -> None:
    for prompt, ask in ASKS.items():
        # A text START never gets as far as a question; said aloud it may begin one.
        begins = word == "start" and prompt in {"T-CK0", "T-MS0", "T-OP0", "T-OM0"}
        if ask.kind is not Kind.OPEN and CATALOG.wording(prompt).text and not begins:
            assert isinstance(read(prompt, Text(word)), Unclear), prompt


@pytest.mark.parametrize(
    ("said", "wish"),
    [
        ("person", "person"),
        ("a person please", "person"),
        ("Can I talk to a person?", "person"),
        ("operator", "person"),
        ("help", "person"),
        ("Help me please", "person"),
        ("I need help", "person"),
        ("human", "person"),
        ("speak with someone", "person"),
        ("again", "again"),
        ("repeat", "again"),
        ("say that again please", "again"),
        ("repeat the question", "again"),
        ("can you repeat that", "again"),
        ("more", "more"),
        ("I need more time", "more"),
        ("slow", "slow"),
        ("slower please", "slow"),
        ("slow down", "slow"),
        ("you are too fast", "slow"),
    ],
)
def test_a_wish_about_the_conversation_is_heard_at_any_kind_of_question(
    said: str, wish: str
) -> None:
    for prompt in ("T-C1", "T-PA1", "T-PA2", "T-PA3", "T-PA4", "T-PA4H", "T-PB3", "T-PB2"):
        assert read(prompt, Speech(said, 0.9)) == Control(wish), prompt  # type: ignore[arg-type]
        assert read(prompt, Text(said)) == Control(wish), prompt  # type: ignore[arg-type]


def test_the_name_of_an_option_goes_before_a_wish() -> None:
    assert read("T-PB5", Speech("slow", 0.9)) == Value("slow", sure=True)
    assert read("T-CNO", Speech("person", 0.9)) == Value("person", sure=True)
    assert read("T-REST", Speech("more time", 0.9)) == Value("slow", sure=True)


@pytest.mark.parametrize("prompt", sorted(ASKS))
def test_zero_asks_for_a_person_and_star_repeats_at_every_question(prompt: str) -> None:
    assert read(prompt, Keys("0")) == Control("person")
    assert read(prompt, Keys("*")) == Control("again")
    assert read(prompt, Recorded("RE1", 3, "0")) == Control("person")
    assert read(prompt, Recorded("RE1", 3, "*")) == Control("again")


@pytest.mark.parametrize(
    "digits", ["*0#", "1" * 40, "", "#", "##", "9*", "**", "00", "A", "١", "²"]
)
def test_odd_keys_are_unclear_at_every_question(digits: str) -> None:
    for prompt in ASKS:
        assert isinstance(read(prompt, Keys(digits)), Unclear), prompt


def test_a_key_pressed_together_with_pound_counts() -> None:
    assert read("T-PA1", Keys("2#")) == Value("no", sure=True)


@pytest.mark.parametrize(
    ("digits", "hour"),
    [
        ("4", "4"),
        ("12", "12"),
        ("04", "4"),
        ("410", "4.10"),
        ("1210", "12.10"),
        ("0410", "4.10"),
        ("16", "16:00"),
        ("1610", "16:10"),
        ("4#", "4"),
    ],
)
def test_the_hour_is_keyed_with_or_without_minutes(digits: str, hour: str) -> None:
    assert read("T-PA4H", Keys(digits)) == Value(hour, sure=True)


@pytest.mark.parametrize("digits", ["24", "99", "475", "2460", "12345"])
def test_an_hour_that_is_on_no_clock_is_unclear(digits: str) -> None:
    assert isinstance(read("T-PA4H", Keys(digits)), Unclear)


@pytest.mark.parametrize(
    ("half", "part", "whole"),
    [
        ("4", "pm", "16:00"),
        ("4", "am", "04:00"),
        ("12", "pm", "12:00"),
        ("12", "am", "00:00"),
        ("4.10", "pm", "16:10"),
        ("16:10", "am", "16:10"),
    ],
)
def test_morning_or_later_makes_an_hour_a_whole_time(half: str, part: str, whole: str) -> None:
    assert whole_time(half, part) == whole


def test_a_time_is_read_back_as_people_say_it() -> None:
    assert [spoken_clock(t) for t in ("16:00", "09:05", "00:30", "12:00", "4.10", "4", "yes")] == [
        "4 pm",
        "9:05 am",
        "12:30 am",
        "12 pm",
        "4:10",
        "4",
        "yes",
    ]
    assert hour_pressed("4") == "4"


def test_keys_texts_and_confident_speech_are_sure() -> None:
    assert read("T-PA3", Keys("1")) == Value("voice", sure=True)
    assert read("T-PA3", Text("calls")) == Value("voice", sure=True)
    assert read("T-PA3", Speech("calls", 0.6)) == Value("voice", sure=True)


@pytest.mark.parametrize("confidence", [None, 0.0, 0.59])
def test_speech_of_low_or_no_confidence_is_not_sure(confidence: float | None) -> None:
    assert read("T-PA3", Speech("calls", confidence)) == Value("voice", sure=False)


@pytest.mark.parametrize(
    ("prompt", "said"),
    [("T-PA2", "Rosa"), ("T-PA4", "yes"), ("T-PA4", "4 pm"), ("T-PA4H", "4"), ("T-C1", "yes")],
)
def test_spoken_names_times_and_consent_are_never_sure(prompt: str, said: str) -> None:
    reading = read(prompt, Speech(said, 1.0))
    assert isinstance(reading, Value)
    assert not reading.sure


@pytest.mark.parametrize(("heard", "value"), [("to", "text"), ("too", "text"), ("won", "voice")])
def test_a_lone_word_that_sounds_like_a_number_is_taken_for_it_by_voice_only(
    heard: str, value: str
) -> None:
    assert outcome(read("T-PA3", Speech(heard, 0.9))) == value
    assert isinstance(read("T-PA3", Text(heard)), Unclear)


def test_a_huge_body_is_unclear_at_every_question() -> None:
    for prompt in ASKS:
        for letter in ("1 ", "yes ", "👍", "\x00", "ن", "a:", "4:1 "):
            body = letter * (100_000 // len(letter))
            assert isinstance(read(prompt, Text(body)), Unclear), prompt
            assert isinstance(read(prompt, Speech(body)), Unclear), prompt


def test_a_recording_answers_an_open_question_and_no_other() -> None:
    assert read("T-PB2", Recorded("RE1", 4.0, "#")) == Value("recorded", sure=True)
    assert read("T-PB2", Recorded("RE1", 4.0, "7")) == Value("recorded", sure=True)
    assert isinstance(read("T-PA1", Recorded("RE1", 4.0)), Unclear)
    assert isinstance(read("T-PB2", Recorded("RE1", 0.0)), Unclear)


def test_options_with_names_from_outside_are_found_by_name() -> None:
    ask = Ask("M", "T-WHOM", Kind.CHOICE, (Option("7"), Option("9")))
    worded = tuple(OptionWording(name, (name,)) for name in ("Ana", "José"))
    wording = Wording("T-WHOM", 1, options=worded)
    assert read_answer(ask, wording, Speech("call jose please", 0.9)) == Value("9", sure=True)
    assert read_answer(ask, wording, Text("Ana")) == Value("7", sure=True)
    assert isinstance(read_answer(ask, wording, Text("Ana or José")), Unclear)
