"""Whatever asks why asks it the same way: nothing is done, shown or kept before it is said."""

from sqlalchemy import func, select

from mentoring.models import AuditEntry, Transition
from tests.admin.conftest import Screen, Site
from tests.admin.test_permissions import address, rules
from tests.tree import ROOT

ASKED = "Why? A few words. They are kept with your name and the time."


def kept(site: Site) -> tuple[int | None, ...]:
    """Return how much has been written down of looks and changes."""
    with site.db.transaction() as session:
        return tuple(
            session.scalar(select(func.count()).select_from(table))
            for table in (AuditEntry, Transition)
        )


def test_without_a_reason_nothing_is_done_or_shown(site: Site, charlotte: Screen) -> None:
    before, asking = kept(site), []
    for rule in rules(site):
        if {"GET", "POST"} <= _methods(site, rule.rule) and "GET" in (rule.methods or ()):
            charlotte.opens(address(rule))
            if ASKED in charlotte.words and charlotte.page.text.count('name="reason"') == 1:
                asking.append(rule.rule)
                for reason in ("", "   ", "x" * 201):
                    assert charlotte.sends(address(rule), reason=reason).status_code == 422, rule
                    assert ASKED in charlotte.words

    assert {"/desk/people/<code>/suspend", "/desk/people/<code>/number"} < set(asking)
    assert kept(site) == before


def _methods(site: Site, rule: str) -> set[str]:
    return {method for each in rules(site) if each.rule == rule for method in (each.methods or ())}


def test_the_page_that_asks_is_made_in_one_place() -> None:
    texts = {path.name: path.read_text() for path in (ROOT / "admin").rglob("*.py")}
    assert [name for name, text in texts.items() if "one_form.html" in text] == ["one_form.py"]
    # Whoever asks why leaves it to the one place that does.
    shown = {name for name, text in texts.items() if "import show_form" in text}
    assert {name for name in shown if "ReasonForm" in texts[name]} == {"reasons.py"}
