"""What `bridgeline due` foretells is still to come: nothing of what has ended or was answered."""

from mentoring.applications.waiting_list import plan_updates
from mentoring.calendar.outlook import outlook
from mentoring.db import Session
from mentoring.matches import close_match
from mentoring.matching.kept_plan import keep_plan
from mentoring.models import ClosureReason, PersonState
from mentoring.people import move_person
from mentoring.proposals.asking import ask_mentor
from mentoring.proposals.opening import bring_together
from mentoring.proposals.proposing import propose, send_proposal, withdraw_proposal
from tests.make import NOW, make_lines, make_match
from tests.mentoring.proposals.test_proposing import CLEO, mentor, protege

RUNS_OUT = "a proposal runs out, if it is open still"


def days_until(session: Session, what: str) -> list[int]:
    """Return in how many days something is foretold, each time that it is."""
    coming = outlook(session, now=NOW, days=400)
    return [(each.at - NOW).days for each in coming if each.what == what]


def test_a_proposal_runs_out_once_as_it_stands_now_and_never_after_its_end(
    session: Session,
) -> None:
    make_lines(session)
    one, other = protege(session), mentor(session)
    keep_plan(session, now=NOW)
    proposal = propose(
        session, protege=one, mentor=other, reason=None, actor=CLEO, now=NOW, send=False
    )
    assert days_until(session, RUNS_OUT) == [7]
    send_proposal(session, proposal, now=NOW)
    session.flush()
    assert days_until(session, RUNS_OUT) == [3]
    proposal.protege_said_at = NOW
    ask_mentor(session, proposal, now=NOW)
    session.flush()
    assert days_until(session, RUNS_OUT) == [3]
    proposal.mentor_said_at = NOW
    session.flush()
    # Both have answered: if nothing stands in the way the match is open, else staff have a task.
    assert days_until(session, RUNS_OUT) == []
    bring_together(session, protege=one, mentor=other, actor=CLEO, now=NOW)
    session.flush()
    assert days_until(session, RUNS_OUT) == []


def test_a_proposal_that_was_withdrawn_runs_out_no_more(session: Session) -> None:
    make_lines(session)
    one, other = protege(session), mentor(session)
    keep_plan(session, now=NOW)
    proposal = propose(session, protege=one, mentor=other, reason=None, actor=CLEO, now=NOW)
    withdraw_proposal(session, proposal, reason="A slip.", actor=CLEO, now=NOW)
    session.flush()
    assert days_until(session, RUNS_OUT) == []
    propose(session, protege=one, mentor=other, reason=None, actor=CLEO, now=NOW)
    assert days_until(session, RUNS_OUT) == [3]


def test_nothing_of_its_life_is_foretold_for_a_match_that_is_closed(session: Session) -> None:
    make_lines(session)
    match = make_match(session)
    session.flush()
    of_its_life = {each.what for each in outlook(session, now=NOW, days=400, match_id=match.id)}
    assert "both are asked what they want next" in of_its_life
    close_match(session, match, reason=ClosureReason.GOAL_MET, actor="test", now=NOW)
    session.flush()

    coming = {each.what for each in outlook(session, now=NOW, days=400, match_id=match.id)}
    assert "both are asked how it was" in coming
    assert not coming & of_its_life


def test_news_of_waiting_are_foretold_to_whoever_waits(session: Session) -> None:
    news = "is asked whether they still wait"
    person = protege(session)
    plan_updates(session, now=NOW)
    assert len(days_until(session, news)) == 1

    move_person(session, person, PersonState.PAUSED, actor="test", reason="test", now=NOW)
    session.flush()

    assert days_until(session, news) == []


def test_of_a_person_it_foretells_what_is_planned_for_their_match(session: Session) -> None:
    make_lines(session)
    match = make_match(session)
    session.flush()
    of_match = [each.what for each in outlook(session, now=NOW, days=40, match_id=match.id)]

    for side in match.sides:
        of_one = outlook(session, now=NOW, days=40, person_id=side.person_id)
        assert [each.what for each in of_one] == of_match
    assert any("check-in" in what for what in of_match)
