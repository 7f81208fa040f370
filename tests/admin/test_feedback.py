"""Feedback and quotes on the page: written down, decided, done, read by funders, and taken back."""

import csv
import io
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from mentoring.models import Answer, AuditEntry, Feedback, Person, Quote, StaffRole, StaffTask
from tests.admin.conftest import Screen, Site
from tests.admin.filled_in import filled_in
from tests.admin.test_reports import a_report

_TYPED = {
    **{"action": "Send shorter texts.", "due_on": "2026-03-31", "heard_in": "debrief"},
    **{"words": "Your texts are too long for my screen reader.", "person": "p05", "owner": ""},
}


def ask_again(site: Site) -> int:
    """Let nobody have dealt with what Priya answered (CS9); returns the number of her answer."""
    with site.db.transaction() as session:
        done = session.scalars(select(Feedback).where(Feedback.answer_id.is_not(None))).one()
        answer_id = done.answer_id
        task = done.task
        session.delete(done)
        session.flush()
        session.delete(task)
        asked = session.scalars(
            select(StaffTask).where(
                StaffTask.rule == "feedback", StaffTask.person_id == done.person_id
            )
        ).one()
        asked.done_at = asked.outcome = None
        assert answer_id is not None
        return answer_id


def sheet(screen: Screen) -> list[list[str]]:
    """Return the rows of the file that came."""
    return list(csv.reader(io.StringIO(screen.page.text)))


def test_what_was_heard_is_written_down_read_with_a_reason_and_done(
    site: Site, charlotte: Screen
) -> None:
    charlotte.opens("/desk/feedback/new")
    charlotte.sends("/desk/feedback/new", **_TYPED)
    assert "Send shorter texts." in charlotte.words
    assert "screen reader" not in charlotte.words
    address = charlotte.path
    charlotte.opens(f"{address}/words")
    charlotte.sends(f"{address}/words", reason="To answer her.")
    assert "Your texts are too long for my screen reader." in charlotte.words
    assert "Your look is kept on the page of Denise." in charlotte.words
    charlotte.opens("/desk/")
    assert "Send shorter texts." in charlotte.words
    charlotte.opens(f"{address}/done")
    seen = filled_in(charlotte)["seen"][0]
    charlotte.sends(f"{address}/done", changed="Call 515 555 0188.", seen=seen)
    assert "There is a phone number or an address in it." in charlotte.words
    charlotte.sends(f"{address}/done", changed="Amina and we write less.", seen=seen)
    assert "Write it without the name Amina." in charlotte.words
    charlotte.sends(f"{address}/done", changed="Our texts are one screen long.", seen=seen)

    assert "stands in the report to funders" in charlotte.words
    charlotte.opens(f"/desk/reports/{a_report(site)}/funder")
    changed = [row[1] for row in charlotte.rows("Changes made from feedback")]
    assert changed[-1] == "Our texts are one screen long."
    with site.db.transaction() as session:
        about = AuditEntry.entity_id == "P05", AuditEntry.action.contains(" feedback ")
        looks = session.scalars(select(AuditEntry).where(*about).order_by(AuditEntry.id)).all()
        assert [each.action.partition(" feedback ")[0] for each in looks] == [
            "wrote down",
            "read",
            "wrote what came of",
        ]


def test_an_answer_that_nobody_has_dealt_with_is_offered_and_decided(
    site: Site, charlotte: Screen
) -> None:
    answer = ask_again(site)
    charlotte.opens("/desk/feedback")
    title = "Told us what to change, nobody has answered yet"
    (row,) = charlotte.rows(title)
    assert row[0] == "Priya"
    assert "free evenings" not in charlotte.words
    charlotte.opens(f"/desk/feedback/new?answer={answer}")
    assert "Read their answers first" in charlotte.words
    fields = {"answer": str(answer), "action": "Read hours aloud.", "due_on": "2026-03-31"}
    charlotte.sends("/desk/feedback/new", **fields)
    assert "Read hours aloud." in charlotte.words
    charlotte.opens("/desk/feedback")
    assert title not in charlotte.words
    answer_again = charlotte.sends("/desk/feedback/new", **fields)

    assert answer_again.status_code == 200
    assert "That is written down already, as feedback" in charlotte.words
    with site.db.transaction() as session:
        assert session.scalars(
            select(StaffTask.outcome).where(
                StaffTask.rule == "feedback", StaffTask.outcome.startswith("written down")
            )
        ).all()


@pytest.mark.parametrize("which", ["0", "999999", "x", "9" * 30])
def test_an_answer_that_is_not_there_has_no_page(charlotte: Screen, which: str) -> None:
    assert charlotte.opens(f"/desk/feedback/new?answer={which}").status_code == 404


def test_an_answer_to_another_question_has_no_page(site: Site, charlotte: Screen) -> None:
    with site.db.transaction() as session:
        other = session.scalars(select(Answer.id).where(Answer.question == "CS1")).first()

    assert charlotte.opens(f"/desk/feedback/new?answer={other}").status_code == 404


def test_its_task_leads_there_and_does_not_close_by_itself(site: Site, charlotte: Screen) -> None:
    with site.db.transaction() as session:
        task = session.scalars(
            select(StaffTask).where(StaffTask.rule == "change", StaffTask.done_at.is_(None))
        ).one()
        number = task.id
    charlotte.opens(f"/desk/tasks/{number}")
    assert "Open feedback 1: it is closed there" in charlotte.words
    assert charlotte.sends(f"/desk/tasks/{number}", outcome="done").status_code == 422
    assert "Open it on the page Feedback." in charlotte.words


def test_what_is_overdue_says_so(site: Site, charlotte: Screen) -> None:
    charlotte.opens("/desk/reports")
    assert "1 alerts and tasks overdue" in charlotte.words
    with site.db.transaction() as session:
        session.get_one(Feedback, 1).task.due_at = site.clock.now() - timedelta(days=1)
    charlotte.opens("/desk/feedback")
    assert "overdue" in charlotte.rows("Feedback")[0]
    charlotte.opens("/desk/reports")

    assert "2 alerts and tasks overdue" in charlotte.words


def test_feedback_and_quotes_of_other_communities_are_not_there(site: Site) -> None:
    with site.db.transaction() as session:
        session.scalars(select(Person).where(Person.code == "P05")).one().community = "Harbour"
    answer = ask_again(site)
    email = site.add("ines@example.org", StaffRole.COORDINATOR, communities=["Harbour"])
    ines = site.sign_in(email)
    ines.opens("/desk/feedback?show=all")
    assert ines.rows() == []
    assert "Priya" not in ines.words
    for address in (
        "/desk/feedback/1",
        "/desk/feedback/1/words",
        "/desk/feedback/1/edit",
        f"/desk/feedback/new?answer={answer}",
        "/desk/people/P16/quote",
        "/desk/people/P16/quotes/1/withdraw",
        "/desk/people/P05/quotes/1/withdraw",
    ):
        assert ines.opens(address).status_code == 404, address
    ines.opens("/desk/feedback/new")
    ines.sends("/desk/feedback/new", **_TYPED | {"person": "P01"})
    assert "There is nobody with the code P01." in ines.words


def test_who_only_reads_sees_what_is_done_and_no_words(site: Site) -> None:
    rita = site.sign_in(site.add("rita@example.org", StaffRole.READ_ONLY))
    rita.opens("/desk/feedback/1")
    assert "Read what we were asked to change" not in rita.words
    assert "It is done" not in rita.words
    rita.opens("/desk/people/P16")

    assert "My first stall at the farmers' market." in rita.words
    assert "Permission withdrawn" not in rita.words
    assert "Write down a quote" not in rita.words


def test_a_quote_stands_in_the_report_until_the_permission_is_withdrawn(
    site: Site, charlotte: Screen
) -> None:
    number = a_report(site)
    charlotte.opens("/desk/people/P15/quote")
    assert filled_in(charlotte)["named_as"] == ["A protege, 2026"]
    fields: dict[str, Any] = {
        **{"words": "Deux boutiques vendent mes bijoux.", "named_as": "Une entrepreneure"},
        **{"permitted_on": "2026-03-02", "how": "text", "reason": "Elle a dit oui."},
    }
    charlotte.sends("/desk/people/P15/quote", **fields)
    assert "The quote is written down." in charlotte.words
    charlotte.opens(f"/desk/reports/{number}/funder")
    assert '<p lang="fr">Deux boutiques vendent mes bijoux.</p>' in charlotte.page.text
    assert "Une entrepreneure" in charlotte.words
    assert "Chloé" not in charlotte.words
    charlotte.opens(f"/desk/reports/{number}/funder.csv")
    told = {row[13] for row in sheet(charlotte) if row[1] == "In their own words"}
    assert told == {fields["words"], "My first stall at the farmers' market."}
    with site.db.transaction() as session:
        quote = session.scalars(select(Quote).order_by(Quote.id.desc())).first()
        assert quote is not None
        address = f"/desk/people/P15/quotes/{quote.id}/withdraw"
    charlotte.opens(address)
    charlotte.sends(address, reason="She rang and took it back.")
    assert "withdrawn: the words are gone" in charlotte.words
    for kind in ("funder", "funder.csv"):
        charlotte.opens(f"/desk/reports/{number}/{kind}")
        assert "bijoux" not in charlotte.page.text


def test_a_report_without_either_says_so_in_a_sentence(site: Site, charlotte: Screen) -> None:
    charlotte.opens(f"/desk/reports/{a_report(site, community='Est')}/funder")

    assert "Nothing that somebody asked for was changed in these days." in charlotte.words
    assert "Nobody has given permission in these days to be quoted." in charlotte.words
    charlotte.opens(f"/desk/reports/{a_report(site)}/board")
    assert "In their own words" not in charlotte.words


def test_the_report_tells_the_rows_that_there_are(site: Site, charlotte: Screen) -> None:
    number = a_report(site, community="North")
    with site.db.transaction() as session:
        rows = session.scalars(select(Feedback).where(Feedback.done_at.is_not(None))).all()
        office = session.programme.office
        wanted = [
            [f"{each.done_at.astimezone(office):%a, %b %-d, %Y}", each.changed]
            for each in rows
            if each.done_at and each.person and each.person.community == "North"
        ]
    assert wanted
    charlotte.opens(f"/desk/reports/{number}/funder")

    assert charlotte.rows("Changes made from feedback") == wanted


def test_whoever_may_not_be_quoted_is_not_offered_it(site: Site, charlotte: Screen) -> None:
    charlotte.opens("/desk/people/M13")
    assert "Write down a quote" not in charlotte.words
    charlotte.opens("/desk/people/M13/quote")
    assert "M13 is exited, so nothing of theirs may be quoted." in charlotte.words
