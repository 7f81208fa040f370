"""The programme that the bench makes for the sweep is one that the rules find something in."""

from collections import Counter

from sqlalchemy import func, select

from app.bench_oversight import ENTRIES_PER_MATCH, fill
from mentoring.alerts import list_alerts
from mentoring.db import Database
from mentoring.models import Contact
from mentoring.oversight.sweep import oversee
from tests.make import NOW


def test_the_bench_makes_a_log_in_which_most_pairs_are_well_and_some_are_not(
    real_db: Database,
) -> None:
    with real_db.transaction() as session:
        is_server = session.get_bind().dialect.name == "postgresql"
    if not is_server:
        # The bench fills PostgreSQL by its own means, and measures nothing else.
        return
    fill(real_db, 100, NOW)
    with real_db.transaction() as session:
        assert session.scalar(select(func.count(Contact.id))) == 100 * ENTRIES_PER_MATCH
        opened = oversee(session, now=NOW)
        rules = Counter(alert.rule for alert in list_alerts(session))
    assert rules.total() == opened
    assert set(rules) >= {"O3", "O4", "O7", "O9", "O15"}
    assert opened < 50
