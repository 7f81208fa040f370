"""The pages about matching: who waits, whom the plan picks, and what staff decide."""

from collections.abc import Callable

import pytest
from sqlalchemy import select

from mentoring.models import Match, MatchBar, PersonState, StaffRole
from mentoring.people import move_person, person_with_code
from tests.admin.conftest import Screen, Site
from tests.admin.test_pages import audit


@pytest.fixture
def two_wait(site: Site) -> Site:
    """Tomas has declined his offer, and Carmen has taken somebody on: Luis has a place for him."""
    with site.db.transaction() as session:
        tomas = person_with_code(session, "P06")
        now = site.clock.now()
        move_person(session, tomas, PersonState.WAITING, actor="P06", reason="declined", now=now)
        luis = person_with_code(session, "M02")
        luis.profile = {**luis.profile, "hours": "1,3", "topics": "A"}
    return site


def newest_match(site: Site) -> tuple[str, set[str]]:
    """Return the code of the newest match, and who is in it."""
    with site.db.transaction() as session:
        match = session.scalars(select(Match).order_by(Match.id.desc())).first()
        assert match is not None
        return match.code, {side.person.code for side in match.sides}


def test_the_menu_leads_to_who_waits_and_to_the_gap_report(charlotte: Screen) -> None:
    charlotte.opens("/desk/matching")

    assert charlotte.rows()[0] == ["Jean-Luc (P04)", "34 days", "none", "none"]
    assert "French, evenings, money 1 34 days P04" in charlotte.words
    assert 'aria-current="page">Matching' in charlotte.page.text


def test_for_jean_luc_the_page_says_who_came_near_and_what_would_change_it(
    charlotte: Screen,
) -> None:
    charlotte.opens("/desk/matching/P04")

    assert "No mentor fits now." in charlotte.words
    assert "The one place of Sylvie is taken." in charlotte.words
    assert "A match of Sylvie ends" in charlotte.words
    assert "French, evenings, money: 1 person, longest 34 days." in charlotte.words


def test_the_plans_pick_opens_a_match_by_one_press(two_wait: Site, charlotte: Screen) -> None:
    charlotte.opens("/desk/matching/P06")
    assert "The plan picks Carmen (M08)" in charlotte.words
    assert "Topics 35 of 35 Helps with money and planning." in charlotte.words
    charlotte.opens("/desk/matching/P06/M08")
    charlotte.sends("/desk/matching/P06/M08")

    assert "is open on" in charlotte.words
    assert newest_match(two_wait)[1] == {"P06", "M08"}


def test_another_than_the_plans_pick_needs_a_reason(two_wait: Site, charlotte: Screen) -> None:
    before = newest_match(two_wait)
    charlotte.opens("/desk/matching/P06/M02")
    charlotte.sends("/desk/matching/P06/M02")
    assert (charlotte.page.status_code, newest_match(two_wait)) == (422, before)
    assert "Choose why you pick somebody else." in charlotte.words
    charlotte.sends("/desk/matching/P06/M02", reason="protege_request")

    code, people = newest_match(two_wait)
    assert people == {"P06", "M02"}
    why = "protege_request: M02 and not M08 for P06"
    assert ("picked another mentor", code, why) in audit(two_wait)


def test_who_fails_something_cannot_be_picked(two_wait: Site, charlotte: Screen) -> None:
    before = newest_match(two_wait)
    charlotte.opens("/desk/matching/P06/M12")
    charlotte.sends("/desk/matching/P06/M12", reason="fairness")

    assert "M12 cannot be suggested to P06 now." in charlotte.words
    assert newest_match(two_wait) == before


def test_two_are_kept_apart_by_a_tick(two_wait: Site, charlotte: Screen) -> None:
    charlotte.opens("/desk/matching/P06/M08/apart")
    charlotte.sends("/desk/matching/P06/M08/apart", reason="family")

    assert "They are family." in charlotte.words
    assert "The plan picks Luis (M02)" in charlotte.words
    with two_wait.db.transaction() as session:
        assert session.scalars(select(MatchBar.actor)).all() == ["staff:Charlotte"]


def test_whoever_does_not_wait_leads_back_to_the_list(charlotte: Screen) -> None:
    charlotte.opens("/desk/matching/P05")

    assert charlotte.path == "/desk/matching"
    assert "P05 does not wait for a mentor." in charlotte.words


def test_who_may_only_look_sees_no_button(
    two_wait: Site, signed_in: Callable[[StaffRole], Screen]
) -> None:
    screen = signed_in(StaffRole.READ_ONLY)
    screen.opens("/desk/matching/P06")

    assert "Carmen (M08)" in screen.words
    assert "Pick Carmen" not in screen.words


def test_people_of_other_communities_are_not_named(two_wait: Site) -> None:
    email = two_wait.add("ines@example.org", StaffRole.COORDINATOR, communities=["Est"])
    screen = two_wait.sign_in(email)
    screen.opens("/desk/matching")
    assert [row[0] for row in screen.rows()] == ["Jean-Luc (P04)"]
    screen.opens("/desk/matching/P04")
    assert "Sylvie (M04)" in screen.words
    assert "Carmen" not in screen.words

    assert screen.opens("/desk/matching/P06").status_code == 404
    assert screen.opens("/desk/matching/P04/M08").status_code == 404
