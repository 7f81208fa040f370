"""Times of participants: by the clock of the office, and by theirs where it differs (A33)."""

import re

import pytest
from sqlalchemy import select

from mentoring.matches import match_with_code
from mentoring.models import Proposal, StaffTask
from mentoring.people import person_with_code
from mentoring.tasks import open_task
from tests.admin.conftest import Screen, Site
from tests.admin.test_scope import match_of


def test_times_are_shown_in_both_zones(charlotte: Screen) -> None:
    charlotte.opens("/desk/people/P02")

    assert "Time there now Tue, Mar 3, 11 am (Tue, Mar 3, 12 pm in New York)" in charlotte.words


@pytest.mark.parametrize(
    ("address", "there"),
    [
        ("/desk/people/P02", ["in New York)"]),
        ("/desk/matches/P02", ["in New York)"]),
        ("/desk/matches/P03", ["in Los Angeles; ", "in Denver)"]),
        ("/desk/applications/M12", ["in Denver)"]),
        ("/desk/contacts?person=P02", ["in New York)"]),
    ],
)
def test_no_time_of_somebody_elsewhere_is_shown_in_one_zone_only(
    site: Site, charlotte: Screen, address: str, there: list[str]
) -> None:
    with site.db.transaction() as session:
        # Aiko has moved away from where her mentor lives.
        person_with_code(session, "P03").zone = "America/Los_Angeles"
    if "/matches/" in address:
        address = f"/desk/matches/{match_of(site, address.rpartition('/')[2])}"
    charlotte.opens(address)

    _no_time_is_lonely(charlotte)
    assert all(words in charlotte.words for words in there)


def _no_time_is_lonely(charlotte: Screen) -> None:
    lonely = r"<time [^>]*>[^<]*</time>(?! <span class=.there.>)"
    assert re.findall(lonely, charlotte.page.text) == []


def test_what_is_about_two_people_alone_is_shown_by_the_clocks_of_both(
    site: Site, charlotte: Screen
) -> None:
    now = site.clock.now()
    with site.db.transaction() as session:
        for each in session.scalars(select(StaffTask)):
            each.done_at = now
        person_with_code(session, "P03").zone = "America/Los_Angeles"
        match = match_with_code(session, match_of(site, "P03"))
        alert, task = (
            open_task(session, rule=rule, words="Look.", key=rule, match_id=match.id, now=now).id
            for rule in ("O1", "talk")
        )
    for address in (f"/desk/alerts/{alert}", f"/desk/tasks/{task}", "/desk/alerts", "/desk/tasks"):
        charlotte.opens(f"{address}?state=open" if address.endswith("s") else address)
        assert "in Los Angeles; " in charlotte.words, address
        _no_time_is_lonely(charlotte)


def test_a_wish_and_a_proposal_are_shown_by_the_clocks_of_those_concerned(
    site: Site, charlotte: Screen
) -> None:
    with site.db.transaction() as session:
        tomas = person_with_code(session, "P06")
        open_task(
            session,
            rule="wish",
            words="P06 would like to meet M08.",
            subject="P06:M08",
            person=tomas,
            now=site.clock.now(),
        )
    charlotte.opens("/desk/matching")
    told = charlotte.words.partition("P06 would like to meet M08.")[2]
    assert "in Puerto Rico)" in told[:60]
    charlotte.opens("/desk/people/P06")
    assert "in Puerto Rico)" in charlotte.words.partition("Tomas (P06) is asked")[2][:60]


def test_the_deadline_is_shown_by_the_clocks_of_staff_and_of_whoever_is_asked(
    site: Site, charlotte: Screen
) -> None:
    with site.db.transaction() as session:
        proposal = session.scalars(select(Proposal)).first()
        assert proposal is not None
        number, proposal.mentor.zone = proposal.id, "America/Denver"
    charlotte.opens(f"/desk/proposals/{number}")
    facts = charlotte.words
    runs_out = facts[facts.index("Runs out") : facts.index("Points")]
    assert "Puerto Rico" in runs_out
    assert "Denver" not in runs_out
    picked = facts[facts.index(" Picked ") :]
    assert "Puerto Rico" in picked
    assert "Denver" in picked
