import tomllib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import sms
from mentoring.flows.vocabulary import NO, NUMBERS, UNSURE, YES, YES_ALONE
from sms.keywords import (
    Reading,
    Stop,
    Word,
    WordTable,
    asks_to_stop,
    carrier_word,
    read_word,
    whom_to_keep,
)

RULES = tomllib.loads((Path(sms.__file__).parent / "keywords.toml").read_text("utf-8"))
PHRASES = tomllib.loads((Path(__file__).parent / "opt_out_phrases.toml").read_text("utf-8"))
UNTIMED = settings(deadline=None, database=None, max_examples=60)


def meant_by(text: str) -> str:
    wish = asks_to_stop(text)
    if wish is None:
        return "none"
    return "sure" if wish.sure else "unclear"


@pytest.mark.parametrize(
    ("body", "word"),
    [
        *(("STOP", Word.STOP), ("Unsubscribe", Word.STOP), ("opt-out", Word.STOP)),
        *(("ALTO", Word.STOP), ("parar", Word.STOP), ("Baja.", Word.STOP)),
        *(("ARRET", Word.STOP), ("Arrêt", Word.STOP), ("ARRE\u0302TER", Word.STOP)),
        *(("désabonner", Word.STOP), ("DESABONNER", Word.STOP), ("end", Word.STOP)),
        *(("START", Word.START), ("unstop", Word.START)),
        *(("Help?", Word.HELP), ("INFO", Word.HELP), ("ayuda", Word.HELP), ("AIDE!", Word.HELP)),
        *(("person", Word.PERSON), ("PERSONA", Word.PERSON), ("Équipe", Word.PERSON)),
        *(("worry", Word.WORRY), ("Preocupa", Word.WORRY), ("SOUCI", Word.WORRY)),
        *(("Again", Word.AGAIN), ("MENÚ", Word.MENU), ("later...", Word.LATER)),
        *(("Plan", Word.PLAN), ("slow", Word.SLOW), ("TERMS", Word.TERMS)),
        *(("pause", Word.PAUSE), ("finish", Word.FINISH), ("call", Word.CALL)),
        *(("Keep in touch!", Word.TOUCH), ("Let's keep in touch", Word.TOUCH)),
        *(("Seguir en contacto", Word.TOUCH), ("J'aimerais garder le contact.", Word.TOUCH)),
    ],
)
def test_a_command_is_read_in_any_case_with_or_without_accents(body: str, word: Word) -> None:
    assert read_word(body) is word


@pytest.mark.parametrize(
    "body",
    [
        *(
            " person ",
            "\nPERSON\r\n",
            "“Person”",
            "*person*",
            "person!!!!!",
            "Person 🙏",
            "¡person!",
        ),
        *(
            "\u200fperson\u200e",
            "\ufeffperson",
            "per\u00adson",
            "person\0",
            "ＰＥＲＳＯＮ",
            "(person)",
        ),
    ],
)
def test_signs_around_a_command_change_nothing(body: str) -> None:
    assert read_word(body) is Word.PERSON


@pytest.mark.parametrize(
    "body",
    [
        *("Stop by my stall", "end of the month works", "call me", "I will call", "help me"),
        *(
            "person 2",
            "persons",
            "later today",
            "the plan",
            "stop2",
            "slowly",
            "pause it",
            "menu 1",
        ),
        *(
            "unstoppable",
            "s t o p",
            "baja temporada",
            "arrêt de bus",
            "",
            " ",
            "?",
            "🛑",
            "\0",
            "1",
        ),
        *("stop" + "!" * 200, "стоп", "توقف", "p e r s o n"),
    ],
)
def test_anything_else_than_one_whole_command_is_none(body: str) -> None:
    assert read_word(body) is None


@pytest.mark.parametrize(
    ("body", "name"),
    [
        *((body, "") for body in ("Touch please", "yes touch", "Ok, touch. Thanks", "👍 touch")),
        *((body, "") for body in ("Id like to keep in touch", "We’d like to keep in touch")),
        *((body, "") for body in ("Let's stay in touch", "Can we keep in touch?", "in contact")),
        ("stay in touch with him", ""),
        *((body, "") for body in ("Quiero mantener el contacto", "CONTACTO por favor")),
        *((body, "") for body in ("Sí, me gustaría seguir en contacto", "mantener contacto")),
        *(
            (body, "")
            for body in ("Rester en contact svp", "Oui, restons en contact s'il vous plaît")
        ),
        *((body, "luis") for body in ("keep in touch with Luis", "Touch with Luis, please")),
        ("Quisiera seguir en contacto con José María, gracias", "jose maria"),
        ("J'aimerais garder le contact avec Zoé", "zoe"),
    ],
)
def test_a_wish_to_keep_in_touch_may_be_a_sentence_and_say_with_whom(body: str, name: str) -> None:
    assert read_word(body) is Word.TOUCH
    assert whom_to_keep(body) == name


@pytest.mark.parametrize(
    "body",
    [
        *("I don't want to keep in touch", "do not keep in touch", "not in touch", "get in touch"),
        *("please contact Luis", "she wants to keep in touch", "a touch of salt"),
        *("no quiero mantener el contacto", "Je ne veux pas rester en contact"),
        *("We were in touch yesterday", "Keep in touch with all of my customers"),
    ],
)
def test_what_only_speaks_of_keeping_in_touch_is_no_command(body: str) -> None:
    assert read_word(body) is None
    assert whom_to_keep(body) == ""


def test_every_phrase_of_the_wish_to_keep_in_touch_is_read_as_one() -> None:
    for phrase in RULES["touch"]["phrases"]:
        assert read_word(example_of(phrase)) is Word.TOUCH, phrase


@pytest.mark.parametrize("body", ["YES", "yes", "Yes.", " yes! "])
def test_a_bare_yes_is_no_command(body: str) -> None:
    assert read_word(body) is None
    assert asks_to_stop(body) is None


@pytest.mark.parametrize(
    ("body", "meaning"),
    [
        *((word, "stop") for word in ("STOP", "stopall", "Unsubscribe", "CANCEL", " end\n")),
        *((word, "stop") for word in ("Quit", "revoke", "OPTOUT")),
        *((word, "start") for word in ("START", "yes", "UnStop", "YES")),
        *((word, "help") for word in ("help", "INFO\r\n")),
    ],
)
def test_what_the_carrier_does_by_itself_is_known(body: str, meaning: str) -> None:
    assert carrier_word(body) == meaning


@pytest.mark.parametrize(
    "body",
    [
        *(
            "STOP.",
            "stop please",
            "opt out",
            "stop all",
            "ALTO",
            "ARRET",
            "AYUDA",
            "help!",
            "yes.",
            "",
        ),
        *("stop\0", "revo\u212ae", "\u017ftop", "st\u00f6p", "person", "\u200fstop", "1"),
    ],
)
def test_what_the_carrier_does_not_read_is_left_to_us(body: str) -> None:
    assert carrier_word(body) is None


def test_whatever_the_carrier_reads_means_the_same_to_us_except_yes() -> None:
    for meaning, words in RULES["carrier"].items():
        for word in words:
            expected = None if word == "yes" else Word(meaning)
            assert read_word(word) is expected, word


def test_no_command_of_ours_is_a_word_that_the_carrier_takes_away() -> None:
    ours = set(Word) - {Word.STOP, Word.START, Word.HELP}

    taken = {word for words in RULES["carrier"].values() for word in words}
    assert not taken.intersection(word for name in ours for word in RULES["words"][name])


def test_every_command_has_words() -> None:
    assert set(RULES["words"]) == set(Word)


def test_a_word_with_two_meanings_is_refused() -> None:
    words = RULES["words"] | {"plan": ["later"]}

    with pytest.raises(ValueError, match="'later' stands under both 'later' and 'plan'"):
        WordTable(RULES | {"words": words})


@pytest.mark.parametrize("meaning", ["sure", "unclear", "none"])
def test_real_sentences_are_read_as_they_were_meant(meaning: str) -> None:
    misread = {text: meant_by(text) for text in PHRASES[meaning] if meant_by(text) != meaning}

    assert misread == {}


def test_the_corpus_is_large_and_even_handed() -> None:
    assert set(PHRASES) == {"sure", "unclear", "none"}
    assert sum(map(len, PHRASES.values())) >= 600
    assert len(PHRASES["none"]) > len(PHRASES["sure"])
    texts = [text for texts in PHRASES.values() for text in texts]
    assert len(set(texts)) == len(texts)


def example_of(phrase: str) -> str:
    words = []
    for item in phrase.split():
        if not item.endswith("?"):
            word = item.split("|")[0]
            known = RULES["opt_out"]["lists"]
            words.append(example_of(known[word[1:-1]][0]) if word.startswith("{") else word)
    return " ".join(words)


def test_every_phrase_of_the_file_is_read_as_a_wish_to_stop() -> None:
    for name, group in RULES["opt_out"]["groups"].items():
        for phrase in group["phrases"]:
            example = example_of(phrase)
            wish = asks_to_stop(example)
            assert wish is not None, (name, example)
            assert wish.sure or not group["sure"], (name, example)


def test_every_list_of_the_file_is_used() -> None:
    text = (Path(sms.__file__).parent / "keywords.toml").read_text("utf-8")

    assert [name for name in RULES["opt_out"]["lists"] if f"{{{name}}}" not in text] == []


@pytest.mark.parametrize("word", RULES["words"]["stop"])
def test_courtesy_around_an_opt_out_word_changes_nothing(word: str) -> None:
    assert asks_to_stop(f"Hi, {word.upper()} please! Thank you") == Stop(sure=True)


def test_no_usual_answer_is_taken_for_an_opt_out() -> None:
    answers = [*YES, *YES_ALONE, *NO, *UNSURE, *NUMBERS, *map(str, range(100))]

    assert [answer for answer in answers if asks_to_stop(answer)] == []


def test_a_limit_counts_only_in_its_own_sentence() -> None:
    assert asks_to_stop("Don't text me. When I need help I will call.") == Stop(sure=True)
    assert asks_to_stop("Don't text me when I am at the fair.") is None


def test_only_as_much_is_read_as_a_phone_can_send() -> None:
    assert asks_to_stop("word " * 300 + ". stop texting me") == Stop(sure=True)
    assert asks_to_stop("word " * 400 + ". stop texting me") is None


@UNTIMED
@given(st.one_of(st.text(), st.lists(st.sampled_from(PHRASES["sure"])).map("\n".join)))
def test_any_body_is_read_and_the_carriers_words_are_among_ours(body: str) -> None:
    word, ours, wish = carrier_word(body), read_word(body), asks_to_stop(body)

    assert word != "stop" or ours is Word.STOP
    assert ours is not Word.STOP or wish == Stop(sure=True)


@pytest.mark.parametrize(
    "body",
    [
        *("😀" * 25_000, "مرحبا " * 9_000, "\0" * 100_000, "\ufdfa" * 33_000, "\u0301" * 50_000),
        *("a," * 50_000, "please " * 14_000, "x" * 100_000, "\ud83d" * 33_000, "\u202e" * 33_000),
    ],
    ids=lambda body: f"U+{ord(body[0]):04X}",
)
def test_a_huge_body_of_any_kind_is_read(body: str) -> None:
    assert (carrier_word(body), read_word(body), asks_to_stop(body)) == (None, None, None)


def test_an_opt_out_word_before_a_heap_of_spaces_is_still_one() -> None:
    assert carrier_word("STOP" + " " * 100_000) == "stop"
    assert read_word("STOP" + " " * 100_000) is Word.STOP


@pytest.mark.parametrize(
    ("text", "sure"),
    [
        *(("wrong number", False), ("Wrong number!!", False), ("You have the wrong person", False)),
        *(("número equivocado", False), ("vous avez le mauvais numéro", False)),
        *(("Sorry. Wrong number.", False), ("wrong number, stop texting", True)),
        *(("wrong number stop texting me", True), ("Stop. This is the wrong number.", False)),
    ],
)
def test_a_wrong_number_is_told_from_other_wishes(text: str, sure: bool) -> None:
    assert asks_to_stop(text) == Stop(sure=sure, wrong_number=True)


@pytest.mark.parametrize(
    "text",
    [
        *("stop texting me", "go away", "I wrote the wrong number on the flyer", "STOP"),
        *("they gave me a wrong number", "Is this the wrong number?", "basta", "trop de textos"),
    ],
)
def test_other_words_are_no_wrong_number(text: str) -> None:
    wish = asks_to_stop(text)
    assert wish is None or not wish.wrong_number


@pytest.mark.parametrize(
    ("body", "carrier"),
    [("STOP", "stop"), ("unstop", "start"), ("HELP", None), ("INFO", None), ("QUIT", None)],
)
def test_on_a_toll_free_line_the_network_reads_three_words_and_the_rest_is_ours(
    body: str, carrier: str | None
) -> None:
    reading = Reading.of(body, "+18005550100")

    assert reading.carrier == carrier
    assert reading.word is not None
    assert Reading.of(body, "+15155550100").carrier is not None
