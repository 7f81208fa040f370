"""An entry of the audit log is told in words, and what staff typed stays as they typed it."""

import pytest

from admin.audit_words import why_in_words
from mentoring.models import AuditEntry


@pytest.mark.parametrize(
    ("action", "reason", "words"),
    [
        ("changed languages", "nothing -> en,es", "from nothing to English, Spanish"),
        ("changed safe contact", "1 -> 3", "from may show our name to leave no message"),
        ("changed own line", "nothing -> I ask, then tell", "from nothing to I ask, then tell"),
        ("changed number", "their new phone", "their new phone"),
        ("wrote down the talk", "motive: give_back", "motive: give back"),
        ("revealed number", "post came back -> to call", "post came back -> to call"),
    ],
)
def test_codes_are_words_there(action: str, reason: str, words: str) -> None:
    assert why_in_words(AuditEntry(action=action, reason=reason)) == words
