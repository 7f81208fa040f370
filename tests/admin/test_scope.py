"""Whose records somebody sees: the people of their communities, and nobody else is there."""

from collections.abc import Callable

import pytest
from sqlalchemy import select

from mentoring.models import Match, MatchSide, Person, StaffRole, StaffTask
from tests.admin.conftest import Screen, Site

# A protege and their mentor, and somebody whom they know nothing of.
HARBOUR = ("P05", "M06")


@pytest.fixture
def harbour(site: Site) -> Screen:
    """Inès, who looks after the people of Harbour: Denise and her mentor Amina."""
    with site.db.transaction() as session:
        for person in session.scalars(select(Person).where(Person.code.in_(HARBOUR))):
            person.community = "Harbour"
    email = site.add("ines@example.org", StaffRole.COORDINATOR, communities=["Harbour"])
    return site.sign_in(email)


def test_lists_show_the_people_of_their_communities(harbour: Screen) -> None:
    harbour.opens("/desk/people")
    assert [row[1] for row in harbour.rows()] == ["M06", "P05"]
    harbour.opens("/desk/matches")
    assert [row[2:4] for row in harbour.rows()] == [["Denise (P05)", "Amina (M06)"]]
    harbour.opens("/desk/people?q=Rosa")
    assert harbour.rows() == []
    assert "Nothing fits these filters." in harbour.words


def test_alerts_and_contacts_of_others_are_not_there(harbour: Screen, site: Site) -> None:
    harbour.opens("/desk/alerts?show=all")
    assert {row[3] for row in harbour.rows()} == {match_of(site, "P05")}
    harbour.opens("/desk/contacts")
    assert harbour.rows()
    assert all("Denise" in row[2:4] or "Amina" in row[2:4] for row in harbour.rows())
    harbour.opens("/desk/contacts?person=P01")
    assert harbour.rows() == []


@pytest.mark.parametrize(
    "address",
    ["/desk/people/P01", "/desk/people/P01/number", "/desk/people/P01/answers"],
)
def test_for_somebody_of_another_community_there_is_no_page(harbour: Screen, address: str) -> None:
    assert harbour.opens(address).status_code == 404
    assert "There is no such page" in harbour.words


def test_nothing_can_be_done_with_what_belongs_to_others(harbour: Screen, site: Site) -> None:
    foreign = match_of(site, "P01")
    with site.db.transaction() as session:
        alert = session.scalars(
            select(StaffTask.id).where(
                StaffTask.severity.is_not(None), StaffTask.words.contains("P18")
            )
        ).one()
    harbour.opens("/desk/account")
    for address, fields in (
        (f"/desk/matches/{foreign}/hold", {"reason": "because"}),
        (f"/desk/matches/{foreign}/close", {"reason": "other"}),
        (f"/desk/alerts/{alert}/close", {"code": "no_action_needed"}),
        (f"/desk/alerts/{alert}/owner", {"name": "Ben Adler"}),
    ):
        assert harbour.sends(address, **fields).status_code == 404, address
        harbour.opens("/desk/account")
    harbour.sends("/desk/matches/new", protege="P04", mentor="M06")
    assert "There is nobody with the code P04." in harbour.words


def test_who_sees_no_community_at_all_sees_nobody(site: Site) -> None:
    screen = site.sign_in(site.add("vera@example.org", StaffRole.COORDINATOR, communities=[]))

    screen.opens("/desk/people")

    assert screen.rows() == []


def test_what_is_about_nobody_is_seen_by_all(
    site: Site, harbour: Screen, signed_in: Callable[[StaffRole], Screen]
) -> None:
    with site.db.transaction() as session:
        session.add(
            StaffTask(
                rule="account",
                words="The carrier refuses the account.",
                dedupe_key="account",
                opened_at=site.clock.now(),
                due_at=site.clock.now(),
            )
        )
    harbour.opens("/desk/tasks")

    assert [row[0] for row in harbour.rows()] == ["The carrier refuses the account."]


def match_of(site: Site, code: str) -> str:
    """Return the code of somebody's newest match."""
    with site.db.transaction() as session:
        return (
            session.scalars(
                select(Match.code)
                .join(MatchSide, MatchSide.match_id == Match.id)
                .join(Person, Person.id == MatchSide.person_id)
                .where(Person.code == code)
                .order_by(Match.id.desc())
            ).first()
            or ""
        )
