"""Every fault of a flow or its wording is found before anybody meets it."""

from dataclasses import replace

import pytest

from mentoring.flows import FLOWS, check_flow
from mentoring.flows.catalog import Catalog, OptionWording, Wording, parse_prompts
from mentoring.flows.steps import Ask, Branch, Finish, Flow, Kind, Option, Reworded, Say, Step
from tests.mentoring.flows.caller import CATALOG

YES_NO = (Option("yes"), Option("no"))
QUESTION = Ask("Q", "T-PA1", Kind.CHOICE, YES_NO, "END")
END = Finish("END", "end")


def faults(*steps: Step, catalog: Catalog = CATALOG, first: str = "Q") -> str:
    return " ".join(check_flow(Flow("trial", 1, steps, first), catalog))


def with_wording(wording: Wording) -> Catalog:
    return Catalog({"en": {**CATALOG.by_language["en"], wording.key: wording}})


@pytest.mark.parametrize("name", sorted(FLOWS))
def test_every_flow_that_is_shipped_is_sound(name: str) -> None:
    assert check_flow(FLOWS[name], CATALOG) == []


def test_a_sound_flow_has_no_fault() -> None:
    assert faults(QUESTION, END) == ""


def test_a_missing_target_is_found() -> None:
    assert "Q leads to GONE" in faults(replace(QUESTION, next="GONE"), END)
    away = replace(QUESTION, options=(Option("yes", "GONE"), Option("no")))
    assert "Q leads to GONE" in faults(away, END)


def test_a_missing_first_step_and_a_doubled_key_are_found() -> None:
    assert "the first step X is missing" in faults(QUESTION, END, first="X")
    assert "Q is there twice" in faults(QUESTION, QUESTION, END)


def test_an_answer_that_leads_nowhere_is_found() -> None:
    half = replace(QUESTION, next="", options=(Option("yes", "END"), Option("no")))
    assert "answers that lead nowhere" in faults(half, END)


def test_an_unreachable_step_is_found() -> None:
    assert "nothing leads to LOST" in faults(QUESTION, END, Say("LOST", "V-BYE", "END"))


def test_a_path_without_an_end_is_found() -> None:
    trap = replace(QUESTION, key="TRAP", next="TRAP")
    into = replace(QUESTION, options=(Option("yes", "TRAP"), Option("no")))
    assert "from TRAP no end can be reached" in faults(into, trap, END)


def test_a_circle_in_which_nothing_is_asked_is_found() -> None:
    circle = (
        Branch("Q", "mode", {"voice": "END"}, otherwise="ROUND"),
        Say("ROUND", "T-SLOW", "Q"),
    )
    assert "in a circle without a question" in faults(*circle, END)


def test_a_key_without_wording_is_found_and_one_without_translation_is_said_in_english() -> None:
    assert "T-NOPE has no wording in en" in faults(replace(QUESTION, prompt="T-NOPE"), END)
    spanish = Catalog({**CATALOG.by_language, "es": {}})
    assert faults(QUESTION, END, catalog=spanish) == ""
    assert spanish.wording("T-PA1", "es") == CATALOG.wording("T-PA1")


def test_a_question_that_cannot_be_texted_or_spoken_is_found() -> None:
    assert "nothing to text" in faults(replace(QUESTION, prompt="V-C0"), END)
    silent = with_wording(replace(CATALOG.wording("T-PA1"), voice="", options=()))
    assert "nothing to say" in faults(QUESTION, END, catalog=silent)
    short = with_wording(replace(CATALOG.wording("T-PA1"), retry=""))
    assert "no retry" in faults(QUESTION, END, catalog=short)


def test_a_question_behind_a_fork_on_the_phone_needs_no_text() -> None:
    fork = Branch("FORK", "channel", {"text": "END"}, otherwise="Q")
    assert faults(fork, replace(QUESTION, prompt="V-C0"), END, first="FORK") == ""


def test_a_flow_for_the_phone_alone_needs_no_text() -> None:
    flow = Flow("trial", 1, (replace(QUESTION, prompt="V-C0"), END), "Q", channels=("voice",))
    assert check_flow(flow, CATALOG) == []


def test_more_or_fewer_options_than_in_the_wording_are_found() -> None:
    three = replace(QUESTION, options=(*YES_NO, Option("third")))
    assert "2 options in the wording, 3 in the flow" in faults(three, END)
    assert "a menu without options" in faults(replace(QUESTION, options=()), END)


def test_a_list_of_more_than_three_pages_is_found() -> None:
    words = tuple(OptionWording(f"For {n}", (f"word{n}",)) for n in range(10))
    long_list = with_wording(replace(CATALOG.wording("T-PA1"), options=words))
    ten = replace(QUESTION, options=tuple(Option(str(n)) for n in range(10)))
    assert "more than 3 pages" in faults(ten, END, catalog=long_list)


def test_an_option_without_words_is_found() -> None:
    mute = (OptionWording("Yes", ()), OptionWording("No", ("no",)))
    catalog = with_wording(replace(CATALOG.wording("T-PA1"), options=mute))
    assert "an option that no word chooses" in faults(QUESTION, END, catalog=catalog)


def test_a_name_or_story_without_a_form_for_keys_is_found() -> None:
    catalog = with_wording(replace(CATALOG.wording("T-PA2"), keys=""))
    name = Ask("Q", "T-PA2", Kind.NAME, next="END")
    assert "no form for the keys alone" in faults(name, END, catalog=catalog)


def test_picks_of_one_and_a_name_that_settles_a_time_are_found() -> None:
    letters = tuple(Option(letter) for letter in "ABCDEFGH")
    assert "only one may be picked" in faults(Ask("Q", "T-PB3", Kind.PICKS, letters, "END"), END)
    name = Ask("Q", "T-PA2", Kind.NAME, next="END", settles="Q")
    assert "can settle a time" in faults(name, END)


def test_a_prompt_file_with_an_unknown_field_or_no_version_is_refused() -> None:
    with pytest.raises(ValueError, match="txet"):
        parse_prompts('[T-X]\nversion = 1\ntxet = "Hello."\n')
    with pytest.raises(ValueError, match="no version"):
        parse_prompts('[T-X]\ntext = "Hello."\n')


def test_a_written_prompt_borrows_voice_and_options_of_the_spoken_one() -> None:
    wordings = parse_prompts(
        '[T-X]\nversion = 3\ntext = "Reply 1."\nspoken_as = "V-X"\n'
        '[V-X]\nversion = 1\nvoice = "Hello."\noptions = [{label = "Yes", words = ["yes"]}]\n'
    )
    written = wordings["T-X"]
    assert (written.version, written.text, written.voice) == (3, "Reply 1.", "Hello.")
    assert written.options == (OptionWording("Yes", ("yes",)),)
    assert written.is_spoken


def test_an_unknown_key_is_an_error_and_versions_name_every_key() -> None:
    with pytest.raises(KeyError):
        CATALOG.wording("T-NOPE")
    assert CATALOG.versions["T-PA1"] >= 1
    assert Catalog.load() is CATALOG


SLOT = Ask(
    "Q", "T-GP4", Kind.SLOT, (Option("keys", "END"), Option("incomplete", "END")), next="END"
)


def test_a_rating_that_the_keys_can_not_give_is_found() -> None:
    rating = Ask("Q", "T-CK1", Kind.RATING, next="END")
    assert faults(rating, END) == ""
    assert faults(replace(rating, low=0, high=10), END) == ""
    for low, high in ((0, 5), (5, 1), (3, 3), (1, 11), (-1, 5)):
        assert "no keys can answer" in faults(replace(rating, low=low, high=high), END)


def test_words_for_a_rating_are_those_of_its_two_ends() -> None:
    rating = Ask("Q", "T-CK1", Kind.RATING, next="END")
    worded = CATALOG.wording("T-CK1")
    one_word = with_wording(replace(worded, options=worded.options[:1]))
    assert "not those of its two ends" in faults(rating, END, catalog=one_word)


def test_a_day_and_time_without_keys_or_without_a_way_on_is_found() -> None:
    assert faults(SLOT, END) == ""
    for options in ((), SLOT.options[:1], SLOT.options[1:], SLOT.options[::-1]):
        assert "the keys alone can not give" in faults(replace(SLOT, options=options), END)


def test_own_words_that_may_be_left_out_need_words_for_that() -> None:
    own_words = Ask("Q", "T-MS3", Kind.OPEN, (Option("skip"),), "END")
    assert faults(own_words, END) == ""
    assert "no words to leave it out" in faults(replace(own_words, prompt="T-GP1"), END)


def test_a_second_wording_is_checked_like_the_first() -> None:
    twice = replace(QUESTION, reworded=Reworded("role", "mentor", "T-NONE"))
    assert "T-NONE has no wording in en" in faults(twice, END)


def test_where_an_unanswered_call_leads_is_checked_like_any_target() -> None:
    assert "Q leads to GONE" in faults(replace(QUESTION, unanswered="GONE"), END)
    nobody = Finish("NOBODY", "nobody")
    assert faults(replace(QUESTION, unanswered="NOBODY"), END, nobody) == ""
