"""The pages about matching: who waits, whom the plan picks, and what staff decide."""

from collections.abc import Callable

import pytest
from sqlalchemy import delete, select

from mentoring.holds import hold_match
from mentoring.marks import MarkName
from mentoring.matching.bars import bar_pair
from mentoring.matching.kept_plan import keep_plan
from mentoring.matching.reading import read_pool
from mentoring.models import (
    BarReason,
    Mark,
    Match,
    MatchBar,
    MatchState,
    PersonState,
    PlannedMatch,
    Proposal,
    StaffRole,
)
from mentoring.people import person_with_code
from mentoring.proposals.ending import decline
from mentoring.proposals.proposing import propose
from tests.admin.conftest import Screen, Site
from tests.admin.test_pages import audit
from tests.admin.test_reports import do_all_due
from tests.databases import StatementCounter
from tests.make import take_offer_back


@pytest.fixture
def two_wait(site: Site) -> Site:
    """The offer of Tomas is taken back; Luis has a place for him as well as Carmen."""
    with site.db.transaction() as session:
        take_offer_back(session, now=site.clock.now())
        luis = person_with_code(session, "M02")
        luis.profile = {**luis.profile, "hours": "1,3", "topics": "A"}
        session.flush()
        keep_plan(session, now=site.clock.now())
    return site


def newest(site: Site) -> tuple[str, str, str]:
    """Return the state of the newest proposal, and who is in it."""
    with site.db.transaction() as session:
        proposal = session.scalars(select(Proposal).order_by(Proposal.id.desc())).first()
        assert proposal is not None
        return proposal.state.value, proposal.protege.code, proposal.mentor.code


def test_the_page_shows_open_proposals_who_waits_and_the_gap_report(
    two_wait: Site, charlotte: Screen
) -> None:
    charlotte.opens("/desk/matching")

    assert charlotte.rows()[0] == ["Jean-Luc (P04)", "34 days", "nobody", "none"]
    assert "French, evenings, money 1 34 days P04" in charlotte.words
    assert "The plan was worked out on" in charlotte.words
    assert 'aria-current="page">Matching' in charlotte.page.text


def test_an_open_proposal_is_shown_with_its_deadline_and_the_next_step(charlotte: Screen) -> None:
    charlotte.opens("/desk/matching")
    (row,) = charlotte.rows()[:1]
    assert row[:2] == ["Tomas (P06) and Carmen (M08)", "Tomas (P06) is asked"]
    assert row[3] == "Tomas (P06) answers."
    charlotte.opens("/desk/people/P06")
    assert "Tomas (P06) and Carmen (M08) Tomas (P06) is asked" in charlotte.words
    charlotte.opens("/desk/matching/P06")
    assert "every night" not in charlotte.words


def test_the_list_of_proposals_holds_the_past_ones_by_state_and_person(
    two_wait: Site, charlotte: Screen
) -> None:
    charlotte.opens("/desk/matching/P06/M08")
    charlotte.sends("/desk/matching/P06/M08", how="draft", reason="protege_request")
    charlotte.opens("/desk/matching")
    assert "/desk/proposals" in charlotte.page.text
    found = {}
    for words in (
        "",
        "state=open",
        "state=withdrawn",
        "state=accepted",
        "q=p06",
        "q=carm",
        "q=P05",
    ):
        charlotte.opens(f"/desk/proposals?{words}")
        found[words] = [(row[0], row[1]) for row in charlotte.rows()]

    past = ("Tomas (P06) and Carmen (M08)", "withdrawn: a test")
    draft = ("Tomas (P06) and Carmen (M08)", "draft, kept for 7 days")
    assert found == {
        "": [draft, past],
        "state=open": [draft],
        "state=withdrawn": [past],
        "state=accepted": [],
        "q=p06": [draft, past],
        "q=carm": [draft, past],
        "q=P05": [],
    }


def test_who_waits_is_listed_by_what_the_plan_picks(two_wait: Site, charlotte: Screen) -> None:
    def listed(pick: str) -> dict[str, str]:
        charlotte.opens(f"/desk/matching/waiting?pick={pick}")
        return {row[0]: row[2] for row in charlotte.rows()}

    tomas, jean_luc = {"Tomas (P06)": "Carmen (M08)"}, {"Jean-Luc (P04)": "nobody"}
    assert listed("") == tomas | jean_luc
    assert [listed(pick) for pick in ("somebody", "nobody", "later")] == [tomas, jean_luc, {}]
    with two_wait.db.transaction() as session:
        session.execute(delete(PlannedMatch).where(PlannedMatch.mentor_id.is_not(None)))
    assert [listed(pick) for pick in ("somebody", "nobody", "later")] == [
        {},
        jean_luc,
        {"Tomas (P06)": "not in the plan yet"},
    ]


def test_before_the_first_plan_the_page_says_how_to_get_one(
    two_wait: Site, charlotte: Screen
) -> None:
    with two_wait.db.transaction() as session:
        session.execute(delete(PlannedMatch))
        session.execute(delete(Mark).where(Mark.name == MarkName.MATCHES_PLANNED))
    charlotte.opens("/desk/matching")
    assert "The plan has not been worked out yet." in charlotte.words
    assert charlotte.rows()[0][2] == "not in the plan yet"
    charlotte.sends("/desk/matching/plan")
    assert "The plan is worked out anew." in charlotte.words
    do_all_due(two_wait)
    charlotte.opens("/desk/matching")
    assert charlotte.rows()[1][2] == "Carmen (M08)"


def test_for_jean_luc_the_page_says_who_came_near_and_what_would_change_it(
    charlotte: Screen,
) -> None:
    charlotte.opens("/desk/matching/P04")

    assert "No mentor fits now." in charlotte.words
    assert "The one place of Sylvie is taken." in charlotte.words
    assert "A match of Sylvie ends" in charlotte.words
    assert "French, evenings, money: 1 person, longest 34 days." in charlotte.words


def test_the_page_of_one_protege_judges_as_of_now_whom_the_plan_has_kept(
    two_wait: Site, charlotte: Screen
) -> None:
    with two_wait.db.transaction() as session:
        person_with_code(session, "M08").state = PersonState.ON_BREAK
    charlotte.opens("/desk/matching/P06")

    assert "All mentors were looked at on" in charlotte.words
    assert "Carmen is on break and mentors nobody new." in charlotte.words
    assert "Pick Carmen" not in charlotte.words


@pytest.mark.parametrize(
    "path", ["matching", "matching/P06", "matching/P06/M08", "matching/waiting", "proposals"]
)
def test_the_pages_ask_little_however_many_people_there_are(
    two_wait: Site, charlotte: Screen, path: str
) -> None:
    with StatementCounter(two_wait.db.bind.engine)() as statements:
        charlotte.opens(f"/desk/{path}")
    assert 0 < len(statements) <= 15


def test_two_who_are_read_alone_are_seen_as_they_are_among_all(two_wait: Site) -> None:
    now = two_wait.clock.now()
    with two_wait.db.transaction() as session:
        running = select(Match).where(Match.state == MatchState.ACTIVE)
        held = session.scalars(running.order_by(Match.id)).first()
        assert held is not None
        hold_match(session, held, reason="a worry", actor="staff", now=now)
        tomas, carmen = (person_with_code(session, code) for code in ("P06", "M08"))
        bar_pair(session, tomas, carmen, reason=BarReason.FAMILY, actor="staff", now=now)
        session.flush()
        everybody = read_pool(session, now=now)
        assert any(each.taken for each in everybody.mentors)
        assert any(each.safety_case for each in everybody.mentors)
        for protege in everybody.proteges:
            for mentor in everybody.mentors:
                two = read_pool(session, now=now, among=(protege.id, mentor.id))
                apart = everybody.apart.get((protege.id, mentor.id))

                assert (*two.proteges, *two.mentors) == (protege, mentor)
                assert two.apart.get((protege.id, mentor.id)) == apart


def test_a_new_mentor_is_found_when_staff_let_it_be_worked_out_again_for_one(
    two_wait: Site, charlotte: Screen
) -> None:
    with two_wait.db.transaction() as session:
        session.get_one(PlannedMatch, person_with_code(session, "P06").id).top = []
    charlotte.opens("/desk/matching/P06")
    assert "Pick Luis" not in charlotte.words
    charlotte.sends("/desk/matching/P06")

    assert "All mentors were looked at again for Tomas." in charlotte.words
    assert "Pick Luis" in charlotte.words
    assert "The plan picks Carmen (M08)" in charlotte.words
    charlotte.sends("/desk/matching/P05")
    assert "P05 does not wait for a mentor." in charlotte.words


def test_whoever_came_after_the_plan_is_told_so_and_not_that_nobody_fits(
    two_wait: Site, charlotte: Screen
) -> None:
    with two_wait.db.transaction() as session:
        session.execute(delete(PlannedMatch))
    charlotte.opens("/desk/matching/P06")
    assert "Mentors were not looked at yet for Tomas." in charlotte.words
    assert "No mentor fits now." not in charlotte.words
    charlotte.sends("/desk/matching/P06")
    assert "Pick Carmen" in charlotte.words


def test_the_plans_pick_is_asked_by_one_press(two_wait: Site, charlotte: Screen) -> None:
    charlotte.opens("/desk/matching/P06")
    assert "The plan picks Carmen (M08)" in charlotte.words
    assert "Topics 35 of 35 Helps with money and planning." in charlotte.words
    charlotte.opens("/desk/matching/P06/M08")
    charlotte.sends("/desk/matching/P06/M08", how="send")

    assert "P06 is asked in their own hours. M08 is asked after a yes." in charlotte.words
    assert newest(two_wait) == ("proposed_to_protege", "P06", "M08")
    # A second press finds what the first one did.
    charlotte.opens("/desk/matching/P06/M08")
    charlotte.sends("/desk/matching/P06/M08", how="send")
    assert "M08 cannot be suggested to P06 now." in charlotte.words


def test_a_draft_is_sent_later_and_withdrawn_with_a_reason(
    two_wait: Site, charlotte: Screen
) -> None:
    charlotte.opens("/desk/matching/P06/M08")
    charlotte.sends("/desk/matching/P06/M08", how="draft")
    assert newest(two_wait)[0] == "draft"
    page = charlotte.path
    charlotte.sends(f"{page}/send")
    assert newest(two_wait)[0] == "proposed_to_protege"
    charlotte.sends(f"{page}/send")
    assert "was sent or ended already" in charlotte.words

    charlotte.opens(f"{page}/withdraw")
    charlotte.sends(f"{page}/withdraw")
    assert charlotte.page.status_code == 422
    charlotte.sends(f"{page}/withdraw", reason="<script>alert(1)</script>")
    assert newest(two_wait)[0] == "withdrawn"
    assert "<script>alert" not in charlotte.page.text
    charlotte.opens(f"{page}/withdraw")
    charlotte.sends(f"{page}/withdraw", reason="Me too.")
    assert "has ended already: withdrawn" in charlotte.words


def test_another_than_the_plans_pick_needs_a_reason(two_wait: Site, charlotte: Screen) -> None:
    before = newest(two_wait)
    charlotte.opens("/desk/matching/P06/M02")
    charlotte.sends("/desk/matching/P06/M02")
    assert (charlotte.page.status_code, newest(two_wait)) == (422, before)
    assert "Choose why you pick somebody else." in charlotte.words
    charlotte.sends("/desk/matching/P06/M02", reason="protege_request")

    assert newest(two_wait) == ("proposed_to_protege", "P06", "M02")
    why = "protege_request: the plan picks M08"
    assert ("picked another mentor", "P06 M02", why) in audit(two_wait)


def test_who_fails_something_cannot_be_picked(two_wait: Site, charlotte: Screen) -> None:
    before = newest(two_wait)
    charlotte.opens("/desk/matching/P06/M12")
    # It is said before anybody fills in the form, and by the page that helps on.
    why = "M12 cannot be suggested to P06 now. Olga is screening and mentors nobody new."
    assert why in charlotte.words
    assert charlotte.path == "/desk/matching/P06"
    charlotte.sends("/desk/matching/P06/M12", reason="fairness")

    assert charlotte.page.status_code == 422
    assert why in charlotte.words
    assert newest(two_wait) == before


def test_who_does_not_wait_is_not_asked_whom_they_would_take(
    two_wait: Site, charlotte: Screen
) -> None:
    for path in ("/desk/matching/P01/M08", "/desk/matching/M08/P06"):
        charlotte.opens(path)
        assert "cannot be suggested to" in charlotte.words
        assert charlotte.path == "/desk/matching"


def test_a_recent_no_is_a_near_miss_that_can_be_picked_with_a_reason(
    two_wait: Site, charlotte: Screen
) -> None:
    with two_wait.db.transaction() as session:
        tomas, carmen = (person_with_code(session, code) for code in ("P06", "M08"))
        now = two_wait.clock.now()
        made = propose(session, protege=tomas, mentor=carmen, reason=None, actor="staff", now=now)
        decline(session, made, by=tomas, why="times", now=now)
    charlotte.opens("/desk/matching/P06")
    assert "One of them has lately said no to the other." in charlotte.words
    charlotte.opens("/desk/matching/P06/M08")
    charlotte.sends("/desk/matching/P06/M08", reason="protege_request")
    assert newest(two_wait)[0] == "proposed_to_protege"


def test_for_whoever_is_in_a_proposal_nobody_else_is_looked_for(charlotte: Screen) -> None:
    charlotte.opens("/desk/matching/P06")
    assert "There is a proposal already: Tomas (P06) and Carmen (M08)" in charlotte.words
    assert "Work it out again" not in charlotte.words
    charlotte.opens("/desk/matching/P04")
    assert "There is a proposal already" not in charlotte.words


def test_two_are_kept_apart_by_a_tick(two_wait: Site, charlotte: Screen) -> None:
    charlotte.opens("/desk/matching/P06/M08/apart")
    charlotte.sends("/desk/matching/P06/M08/apart", reason="family")

    assert "They are family." in charlotte.words
    charlotte.sends("/desk/matching/plan")
    do_all_due(two_wait)
    charlotte.opens("/desk/matching/P06")
    assert "The plan picks Luis (M02)" in charlotte.words
    with two_wait.db.transaction() as session:
        assert session.scalars(select(MatchBar.actor)).all() == ["staff:Charlotte"]
    # Nor by their codes, whatever is sent along.
    charlotte.opens("/desk/matches/new")
    charlotte.sends("/desk/matches/new", protege="P06", mentor="M08", sure="yes")
    assert "P06 and M08 are kept apart" in charlotte.words


def test_the_recruitment_board_sets_need_against_places(two_wait: Site, charlotte: Screen) -> None:
    charlotte.opens("/desk/needs?sort=-waiting")
    assert "Worked out: Tue, Mar 3, 11 am." in charlotte.words
    rows = {row[0]: row[1:] for row in charlotte.rows()}
    assert rows["money"][:2] == ["topic", "2"]
    assert rows["French"] == ["language", "1", "0", "1"]
    assert rows["evenings"][:2] == ["hours", "2"]
    charlotte.opens("/desk/needs?as=csv")
    assert charlotte.page.text.splitlines()[0] == "Needed,Kind,Waiting,Open places,Missing"


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
    screen.opens("/desk/matching/waiting")
    assert [row[0] for row in screen.rows()] == ["Jean-Luc (P04)"]
    screen.opens("/desk/proposals")
    assert "There was no proposal yet." in screen.words
    screen.opens("/desk/matching/P04")
    assert "Sylvie (M04)" in screen.words
    assert "Carmen" not in screen.words

    assert screen.opens("/desk/matching/P06").status_code == 404
    with two_wait.db.transaction() as session:
        number = session.scalars(select(Proposal.id)).first()
    assert screen.opens(f"/desk/proposals/{number}").status_code == 404
    for deed in ("send", "withdraw"):
        screen.opens("/desk/account")
        there = screen.sends(f"/desk/proposals/{number}/{deed}", reason="because")
        assert there.status_code == 404
    assert screen.opens("/desk/matching/P04/M08").status_code == 404
