"""A carrier event is handled once, however often and from however many sides it is told."""

from mentoring.db import Database, Session
from mentoring.models import Receipt
from mentoring.receipts import claim_receipt
from tests.make import NOW, all_at_once, another_process


def test_the_first_claim_of_an_event_wins_and_every_later_one_is_told_so(session: Session) -> None:
    claims = [claim_receipt(session, "text:SM1", now=NOW) for _ in range(3)]
    assert claims == [True, False, False]


def test_another_event_is_another_receipt(session: Session) -> None:
    claim_receipt(session, "text:SM1", now=NOW)
    assert claim_receipt(session, "text:SM2", now=NOW)
    assert claim_receipt(session, "leg:SM1", now=NOW)


def test_a_claim_says_when_it_was_made(session: Session) -> None:
    claim_receipt(session, "text:SM1", now=NOW)
    assert session.get_one(Receipt, "text:SM1").at == NOW


def test_of_many_claims_at_the_same_moment_one_wins(real_db: Database) -> None:
    def claim(db: Database) -> bool:
        with db.transaction() as session:
            return claim_receipt(session, "text:SM1", now=NOW)

    with another_process(real_db) as other:
        claims = all_at_once(*(lambda db=db: claim(db) for db in (real_db, other) * 3))

    assert sorted(map(str, claims)) == ["False"] * 5 + ["True"]


def test_a_claim_whose_work_failed_is_free_again(real_db: Database) -> None:
    def fail(session: Session) -> None:
        assert claim_receipt(session, "text:SM1", now=NOW)
        raise ConnectionError

    assert [type(error) for error in all_at_once(lambda: real_db.run(fail))] == [ConnectionError]
    with real_db.transaction() as session:
        assert claim_receipt(session, "text:SM1", now=NOW)
