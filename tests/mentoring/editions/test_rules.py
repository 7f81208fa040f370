"""What may be said: each rule refuses what breaks it, with a sentence that says what to do."""

from dataclasses import replace

import pytest

from mentoring.editions.forms import Forms, forms_of, reword
from mentoring.editions.rules import faults_of, shipped_of
from mentoring.flows.catalog import Catalog
from mentoring.flows.inputs import Speech, Value, read_answer
from mentoring.flows.steps import Ask, Kind, Option


def said_of(catalog: Catalog, prompt: str, language: str = "en", **changed: object) -> list[str]:
    """Return what is said of an edit, as `form: words`."""
    shipped = shipped_of(catalog, prompt, language)
    forms = replace(shipped.forms, **changed)  # type: ignore[arg-type]
    return [f"{fault.form}: {fault.words}" for fault in faults_of(shipped, forms)]


def test_a_plain_sentence_with_the_same_placeholders_is_fine(catalog: Catalog) -> None:
    assert said_of(catalog, "V-GREET", voice="You have reached {org}. [p] We help you.") == []
    assert (
        said_of(catalog, "T-HELP", text="{org}. PERSON, STOP, MENU. Danger? Call {emergency}.")
        == []
    )
    assert said_of(catalog, "V-ASK", labels=("Very well", "Not well")) == []


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("", "Enter the words."),
        ("Hello. This is a free line.", "Put {org} in again."),
        ("Hello {name}. This is {org}.", "Take {name} out."),
        ("Hello. This is {organ}.", "Put {org} in again. Take {organ} out."),
        ("Hello. This is {org.", "A placeholder is a name between { and }"),
        ("Hello. This is {org}. See www.example.org", "Take www. out."),
        ("Hello. This is {org} \N{WAVING HAND SIGN}", "Take \N{WAVING HAND SIGN} out."),
        ("Hello. This is {org}. We are open 24 hours.", "Keep the keys and numbers, in their"),
        ("Hello. This is {org}. Text INFO now.", "Write INFO in small letters."),
        (f"This is {{org}}. {'We are here for you ' * 3}now.", "Use 14 words or fewer"),
        ("{org} facilitates entrepreneurial opportunities.", "Use shorter words"),
        ("Hello. This is {org}. AUDIO:bell", "Keep the sounds as they are: none."),
        ("Hello. [P] This is {org}.", "Take [ and ] out."),
        ("Hello. [p This is {org}.", "Take [ and ] out."),
        ("Hello. This is {org}.\x07", "Type these words anew."),
        ("Hello. This is {org}, soft\xadly.", "Type these words anew."),
        ("{org} " + "a " * 300, "Use 600 characters or fewer. You have used 606."),
    ],
)
def test_what_cannot_be_said_is_refused_with_a_reason(
    catalog: Catalog, words: str, told: str
) -> None:
    assert any(f"voice: {told}" in said for said in said_of(catalog, "V-GREET", voice=words))


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("At any time, press 0 for a person. To hear it again [p] press star.", "Say the choice"),
        ("To hear it again [p] press star. For a person [p] press 9.", "Keep the keys and numbers"),
        ("At any time, for a person [p] press 0. All else [p] press star.", 'Keep "again [p] pre'),
    ],
)
def test_the_keys_stay_and_each_comes_after_its_label_and_a_pause(
    catalog: Catalog, words: str, told: str
) -> None:
    assert any(told in said for said in said_of(catalog, "V-KEYS", voice=words))


@pytest.mark.parametrize("typed", ["911", "{emergency} or 112", "988 or {emergency}"])
def test_numbers_to_call_in_danger_come_from_the_set_up_and_are_never_typed(
    catalog: Catalog, typed: str
) -> None:
    told = said_of(catalog, "T-HELP", text=f"{{org}}. PERSON, STOP. Danger? Call {typed}.")
    assert len(told) == 1
    assert "Put {emergency} in again" in told[0] or "come from the set-up" in told[0]


def test_a_wording_about_danger_never_leaves_the_number_out(catalog: Catalog) -> None:
    assert said_of(catalog, "T-HELP", text="{org}. PERSON, STOP. Danger? Call for help.") == [
        "text: Put {emergency} in again."
    ]


def test_another_language_keeps_its_keys_too(catalog: Catalog) -> None:
    assert said_of(catalog, "V-KEYS", "xx", voice="Sserp 0 [p] rof a nosrep. [p] Rats.") == [
        "voice: Say the choice first, then [p], then its key."
    ]
    assert said_of(catalog, "V-KEYS", "xx", voice="Nosrep: [p] sserp 0. Rats.") == []


def test_a_text_is_one_segment_in_english_and_three_at_most_elsewhere(catalog: Catalog) -> None:
    end = "PERSON, STOP. Call {emergency}."
    assert said_of(catalog, "T-HELP", text=f"{{org}} {'ok. ' * 31}{end}") == []
    (told,) = said_of(catalog, "T-HELP", text=f"{{org}} {'ok. ' * 32}{end}")
    assert told == (
        "text: Use fewer words: 160 characters at most when it is filled, and it has 164."
    )
    (told,) = said_of(catalog, "T-HELP", text=f"{{org}} ř. {end}")
    assert "Take ř out. With it a text costs more than double." in told
    theirs = "NOSREP, POTS. Llac {emergency}."
    assert said_of(catalog, "T-HELP", "xx", text=f"{{org}} ř {'ok. ' * 40}{theirs}") == []
    (told,) = said_of(catalog, "T-HELP", "xx", text=f"{{org}} ř {'ok. ' * 42}{theirs}")
    assert "it takes 4 texts to send, and 3 at most" in told


def test_a_word_that_people_text_to_us_does_not_go(catalog: Catalog) -> None:
    (told,) = said_of(catalog, "T-HELP", text="{org}: text person, STOP to stop. Call {emergency}.")
    assert told == "text: Keep the word PERSON, which people text to us."


def test_what_is_quoted_is_a_whole_sentence_and_fits_with_its_frame(catalog: Catalog) -> None:
    assert said_of(catalog, "T-ASK", retry="Reply 1 well, 2 not so well") == [
        "retry: End with a full stop or a question mark. It is quoted as a whole."
    ]
    long = f"Reply 1 well, 2 not. {'We are glad to hear it. ' * 5}".strip()
    assert "too many" in said_of(catalog, "T-ASK", retry=long)[0]


def test_a_label_that_chooses_another_choice_is_refused(catalog: Catalog) -> None:
    assert said_of(catalog, "V-ASK", labels=("Bad", "Not so well")) == [
        'label_1: "Bad" chooses another choice.'
    ]
    assert said_of(catalog, "V-ASK", labels=("For bad", "Not so well")) == [
        'label_1: "For bad" chooses another choice.'
    ]
    assert said_of(catalog, "V-ASK", labels=("Well",))[0].startswith("label_1: This question has 2")


def test_two_new_labels_that_choose_each_other_are_refused(catalog: Catalog) -> None:
    told = said_of(catalog, "V-ASK", labels=("To go on", "Go on"))
    assert told == [
        'label_1: "To go on" chooses another choice.',
        'label_2: "Go on" chooses another choice.',
    ]


def test_a_label_is_heard_with_its_key_and_is_no_longer_than_a_sentence(catalog: Catalog) -> None:
    long = "If it goes on just as well as it did before we met"
    assert said_of(catalog, "V-ASK", labels=(long.removesuffix(" we met"), "Bad")) == []
    (told,) = said_of(catalog, "V-ASK", labels=(f"{long} you", "Bad"))
    assert told.startswith("label_1: Use 14 words or fewer in a sentence. This has 16:")


def test_a_text_that_borrows_its_voice_has_no_spoken_form_of_its_own(catalog: Catalog) -> None:
    assert said_of(catalog, "T-ASK", voice="How is it?") == [
        "voice: Leave this empty. It is not in use."
    ]


def test_what_can_be_edited_of_a_wording_makes_it_whole_again(catalog: Catalog) -> None:
    for wordings in (*catalog.by_language.values(), *Catalog.load().by_language.values()):
        for wording in wordings.values():
            assert reword(wording, forms_of(wording), edition=None) == wording


def test_a_short_form_stays_one_of_its_own_when_it_says_the_same_as_the_long_one() -> None:
    shipped = Catalog.load().wording("V-STATUS")
    assert shipped.has_short
    alike = replace(forms_of(shipped), short=shipped.voice)
    edited = reword(shipped, alike, edition=1)

    assert forms_of(edited) == alike
    assert forms_of(edited).fingerprint == alike.fingerprint
    assert faults_of(shipped_of(Catalog.load(), "V-STATUS", "en"), forms_of(edited)) == []


@pytest.mark.parametrize(
    ("said", "meant"),
    [("share a thing", "tell"), ("to go at a calm pace please", "slow"), ("slower", "slow")],
)
def test_whoever_says_a_new_label_chooses_it_and_the_old_words_go_on_to(
    said: str, meant: str
) -> None:
    shipped = Catalog.load().wording("V-STATUS")
    labels = ("To share a thing", "To go at a calm pace")
    edited = reword(shipped, replace(forms_of(shipped), labels=labels), edition=1)
    ask = Ask("A", "V-STATUS", Kind.CHOICE, (Option("tell"), Option("slow")), next="B")

    assert read_answer(ask, edited, Speech(said, 0.9)) == Value(meant, sure=True)
    assert edited.options[0].words[0] == shipped.options[0].words[0]


def test_other_words_have_another_fingerprint() -> None:
    assert Forms(voice="a", text="b").fingerprint != Forms(voice="b", text="a").fingerprint
    assert Forms(labels=("a",)).fingerprint == Forms(labels=("a",)).fingerprint


def test_only_what_is_spoken_has_pauses(catalog: Catalog) -> None:
    told = "Take [ and ] out. A pause is [p], and only what is spoken has pauses."
    text = "{org}. [p] PERSON, STOP, MENU. Danger? Call {emergency}."

    assert said_of(catalog, "T-HELP", text=text) == [f"text: {told}"]
    assert said_of(catalog, "V-ASK", labels=("Very [p] well", "Not well")) == [f"label_1: {told}"]


@pytest.mark.parametrize("letter", ["\N{GRINNING FACE}", "\xad"])
def test_one_letter_too_many_is_one_fault(catalog: Catalog, letter: str) -> None:
    text = f"{{org}}. PERSON, STOP, MENU. Danger? Call {{emergency}}.{letter}"

    assert len(said_of(catalog, "T-HELP", text=text)) == 1
