"""What is let pass as harmless is settled by its last word, so that it hides no cry."""

import re
import tomllib

import pytest

from tests.tree import ROOT

LISTS = tomllib.loads((ROOT / "mentoring/safety/words.toml").read_text("utf-8"))

# Articles, prepositions, possessives and joining words: after each of these anything may come.
OPEN = {
    "en": "a an the this these those my his her our your their its in on at to of with for by from"
    " into about than as so if when because until till before after without and or but ~",
    "es": "un una el la los las lo mi mis su sus tu tus este esta ese esa de del a al en con por"
    " para sin que si y o como cuando hasta antes despues desde cada ~",
    "fr": "un une le la les des du de au aux a en ce cet cette ces ma mon mes sa son ses ta ton tes"
    " dans avec pour par sur sous sans chez et ou que si quand comme avant apres depuis dun dune ~",
}


def last_words(language: str, phrase: str) -> set[str]:
    """Return the words with which a phrase may end."""
    groups = LISTS[language]["groups"]
    written_out = re.sub(r"<(\w+)>", lambda named: groups[named[1]], phrase)
    ends = set[str]()
    for item in reversed(written_out.split()):
        ends |= set(item.removesuffix("?").split("|"))
        if not item.endswith("?"):
            break
    return ends


@pytest.mark.parametrize("language", LISTS)
def test_no_harmless_phrase_ends_on_a_word_after_which_anything_may_come(language: str) -> None:
    still_open = set(OPEN[language].split())

    assert [
        phrase
        for phrase in LISTS[language]["harmless"]
        if last_words(language, phrase) & still_open
    ] == []
