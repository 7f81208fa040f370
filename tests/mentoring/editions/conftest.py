"""A small catalog of two languages, of which the second one is made up for these tests."""

import pytest

from mentoring.flows import catalog as catalogs
from mentoring.flows.catalog import Catalog, parse_prompts

ENGLISH = """
[V-GREET]
version = 1
voice = "Hello. This is {org}, a free phone line for small business."

[V-KEYS]
version = 1
voice = "At any time, for a person [p] press 0. To hear it again [p] press star."

[V-PRESS]
version = 1
voice = "{label} [p] press {key}."

[V-ASK]
version = 2
voice = "How is it going with {mentor}?"
options = [{label = "Well", words = ["well", "good"]}, {label = "Not so well", words = ["bad"]}]

[T-ASK]
version = 3
text = "How is it going with {mentor}? Reply 1 well, 2 not so well."
retry = "Reply 1 well, 2 not so well."
spoken_as = "V-ASK"

[T-HELP]
version = 1
text = "{org}: text PERSON for a person, STOP to stop. In danger? Call {emergency}."

[T-ERR1]
version = 1
text = "Sorry, I did not get that. {q} Or text PERSON."

[V-SORRY]
version = 1
voice = "I am sorry."
"""
# Somebody's language; its words are English turned round, so that nobody takes it for a real one.
OTHER = """
[V-GREET]
version = 1
voice = "Olleh. Siht si {org}."

[V-KEYS]
version = 1
voice = "Rof a nosrep [p] sserp 0. Niaga [p] sserp rats."

[V-PRESS]
version = 1
voice = "{label} [p] sserp {key}."

[V-ASK]
version = 2
voice = "Woh si ti gniog htiw {mentor}?"
options = [{label = "Llew", words = ["llew"]}, {label = "Ton os llew", words = ["dab"]}]

[T-ASK]
version = 3
text = "Woh si ti gniog htiw {mentor}? Ylper 1 llew, 2 ton."
retry = "Ylper 1 llew, 2 ton."
spoken_as = "V-ASK"

[T-HELP]
version = 1
text = "{org}: NOSREP rof a nosrep, POTS ot pots. Regnad? Llac {emergency}."

[T-ERR1]
version = 1
text = "Yrros. {q}"

[V-SORRY]
version = 1
voice = "Yrros."
"""


@pytest.fixture
def catalog(monkeypatch: pytest.MonkeyPatch) -> Catalog:
    """The small catalog, in place of the one that was shipped."""
    small = Catalog({"en": parse_prompts(ENGLISH), "xx": parse_prompts(OTHER)})
    monkeypatch.setattr(catalogs, "_load", lambda: small)
    return small
