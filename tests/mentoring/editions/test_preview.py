"""A wording as people get it, before anybody does."""

from dataclasses import replace

from mentoring.editions.forms import forms_of
from mentoring.editions.preview import SOUND, Preview, preview_of
from mentoring.flows.catalog import Catalog
from mentoring.programme import Programme

CATALOG = Catalog.load()


def preview(prompt: str, **changed: object) -> Preview:
    """Return how an English prompt is got, with some of its sentences changed."""
    forms = replace(forms_of(CATALOG.wording(prompt)), **changed)  # type: ignore[arg-type]
    return preview_of(CATALOG, prompt, "en", forms, programme=Programme())


def test_every_prompt_of_every_language_can_be_shown_without_asking_anybody() -> None:
    for language in CATALOG.languages:
        for prompt, wording in CATALOG.by_language[language].items():
            shown = preview_of(CATALOG, prompt, language, forms_of(wording), programme=Programme())
            assert bool(shown.text) == bool(wording.text), (language, prompt)
            assert bool(shown.heard) == wording.is_spoken, (language, prompt)
            assert "{" not in f"{shown.text}{shown.heard}", (language, prompt)


def test_what_is_heard_comes_in_parts_with_the_keys_after_their_choices() -> None:
    shown = preview("V-GREET2", voice="Hello. [p] This is {org}.")
    assert shown.heard == ("Hello.", "This is BridgeLine.")
    assert preview("V-CONF").heard == (
        *("I heard Tuesday.", "If that is right", "press 1.", "To try again", "press 2."),
    )


def test_a_long_list_is_heard_as_its_first_page() -> None:
    shown = preview("T-PB3")
    assert shown.choices_in_pages
    assert shown.heard[-2:] == ("More choices", "press 4.")
    assert not preview("T-PA1").choices_in_pages


def test_a_text_is_counted_at_its_widest_and_read_with_examples() -> None:
    shown = preview("T-PA6")
    assert shown.text.startswith("Thanks, Rosa.")
    assert shown.segments is not None
    assert shown.segments.units == len(shown.text) + len("x" * 10) - len("Rosa")


def test_a_sound_is_named() -> None:
    with_sound = [key for key, each in CATALOG.by_language["en"].items() if "AUDIO:" in each.voice]
    assert with_sound
    assert SOUND in preview(with_sound[0]).heard


def test_the_longest_sentence_is_found_in_every_form_and_in_every_label() -> None:
    long = "word " * 30
    forms = forms_of(CATALOG.wording("T-OM5"))
    for changed in ({"retry": long}, {"short": long}, {"labels": (long, *forms.labels[1:])}):
        changes: dict[str, object] = dict(changed)
        assert preview("T-OM5", **changes).longest_sentence == 30, changed
