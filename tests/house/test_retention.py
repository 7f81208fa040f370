"""Whatever is sealed is blanked one day, or there is a reason why it is kept."""

from app.commands.keys import sealed_tables
from mentoring.crypto import FORGOTTEN
from tests.tree import ROOT

KEPT = {
    "phones.number_sealed": "a person's number is kept as long as the person",
    "staff.number_sealed": "a member of staff is rung by it",
    "staff_accounts.authenticator_sealed": "a secret that an account needs as long as it is there",
    "screening_checks.words_sealed": "kept for years, as the decision that rests on it",
    "decisions.words_sealed": "why somebody was taken on or not is kept for years (S13)",
    "unsent_forms.form_sealed": "nothing is left of it: the whole row goes after an hour",
    "answers.words_sealed": "answers are kept for years (S13), but for the words of a worry",
}


def test_every_sealed_column_is_blanked_or_has_a_reason() -> None:
    source = (ROOT / "mentoring" / "retention.py").read_text("utf-8")
    blanked = {
        f"{table.name}.{column}"
        for table in sealed_tables()
        for column in table.columns
        if f"{column}=None" in source or f"{column}=FORGOTTEN" in source
    }
    every = {f"{table.name}.{column}" for table in sealed_tables() for column in table.columns}
    assert (every - set(KEPT)) <= blanked
    assert set(KEPT) <= every
    assert FORGOTTEN == b""
