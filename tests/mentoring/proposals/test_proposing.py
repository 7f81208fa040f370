"""What staff do with proposals: pick, keep a draft, send, withdraw; and what runs out by itself."""

from datetime import datetime, timedelta
from functools import partial

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from mentoring.calendar.deeds import do_due
from mentoring.db import Session
from mentoring.errors import ProgrammeError
from mentoring.languages import in_language
from mentoring.matches import close_match
from mentoring.matching.kept_plan import keep_plan
from mentoring.matching.planning import plan_daily
from mentoring.matching.reading import read_pool
from mentoring.models import (
    AuditEntry,
    BarReason,
    ClosureReason,
    Due,
    DueKind,
    Person,
    PersonState,
    Proposal,
    ProposalState,
    Role,
    StaffTask,
)
from mentoring.people import move_person
from mentoring.proposals.apart import keep_apart
from mentoring.proposals.asking import ask_mentor, is_asked
from mentoring.proposals.ending import decline, end_proposal
from mentoring.proposals.lapsing import end_if_broken, free_the_forgotten
from mentoring.proposals.opening import bring_together
from mentoring.proposals.proposing import (
    OverrideReason,
    propose,
    send_proposal,
    withdraw_proposal,
)
from mentoring.proposals.records import ASKED_ABOUT_MATCH, asked_about, said_of_other
from tests.make import NOW, make_lines, make_person

DAY = timedelta(days=1)
LONG_AGO = NOW - 100 * DAY
CLEO = "staff:cleo"


def protege(session: Session, name: str = "Ben", which: int = 1) -> Person:
    """Add a protege who has waited for long."""
    person = make_person(session, name=name, which=which, now=LONG_AGO)
    person.profile = {"topics": "A,B", "hours": "3", "stage": "2"}
    return person


def mentor(session: Session, name: str = "Ada", which: int = 2, **facts: str) -> Person:
    """Add a mentor with two places."""
    person = make_person(
        session, Role.MENTOR, name, which=which, state=PersonState.AVAILABLE, now=LONG_AGO
    )
    person.profile = {"topics": "A,B", "hours": "3", "years": "4", "capacity": "2"} | facts
    return person


def picked(
    session: Session,
    one: Person,
    other: Person,
    reason: OverrideReason | None = None,
    *,
    send: bool = True,
    now: datetime = NOW,
) -> Proposal:
    """Let staff pick under the plan as it is now."""
    make_lines(session)
    keep_plan(session, now=now)
    return propose(
        session, protege=one, mentor=other, reason=reason, actor=CLEO, send=send, now=now
    )


def audit(session: Session) -> list[tuple[str, str, str]]:
    """Return what was written down as (what, about, why)."""
    session.flush()
    rows = session.scalars(select(AuditEntry).order_by(AuditEntry.id)).all()
    return [(row.action, row.entity_id, row.reason) for row in rows]


def words(session: Session) -> list[str]:
    """Return the words of all tasks, oldest first."""
    return list(session.scalars(select(StaffTask.words).order_by(StaffTask.id)))


def test_the_plans_pick_is_asked_and_a_place_is_kept(session: Session) -> None:
    one, other = protege(session), mentor(session)
    proposal = picked(session, one, other)

    assert (proposal.state, one.state) == (ProposalState.ASKING_PROTEGE, PersonState.OFFERED)
    assert other.state is PersonState.AVAILABLE
    assert audit(session) == []
    (seen,) = read_pool(session, now=NOW).mentors
    assert (seen.places, seen.open_places) == (2, 1)


def test_what_both_will_hear_holds_neither_points_nor_anything_private(session: Session) -> None:
    one, other = protege(session), mentor(session, may_share_disability="yes")
    one.profile = {**one.profile, "access": "relay", "prefers_lived_experience": "yes"}
    proposal = picked(session, one, other)
    session.expire(proposal)
    said = proposal.said

    heard = {role: said_of_other(proposal, role, "more") for role in Role}
    assert heard[Role.PROTEGE].startswith("Helps with money and customers.")
    assert heard[Role.MENTOR].startswith("You can help with money and customers.")
    assert in_language(heard[Role.PROTEGE], "es").startswith("Ayuda con dinero y clientes.")
    assert "disab" not in str(said)
    assert "relay" not in str(said)


def test_another_than_the_plans_pick_needs_a_reason_which_is_kept(session: Session) -> None:
    one, best = protege(session), mentor(session)
    less = mentor(session, "Eve", 3, topics="A")
    with pytest.raises(ProgrammeError, match="is not whom the plan picks"):
        picked(session, one, less)
    picked(session, one, less, OverrideReason.KNOWS_PERSON)

    pair, why = f"{one.code} {less.code}", f"knows_person: the plan picks {best.code}"
    assert audit(session) == [("picked another mentor", pair, why)]


def test_who_fails_a_constraint_cannot_be_picked(session: Session) -> None:
    one, other = protege(session), mentor(session, hours="1")
    with pytest.raises(ProgrammeError, match="cannot be suggested"):
        picked(session, one, other, OverrideReason.FAIRNESS)
    assert audit(session) == []


def test_the_last_place_is_given_once_and_a_protege_has_one_proposal(session: Session) -> None:
    one, two = protege(session), protege(session, "Kim", 3)
    other, more = mentor(session, capacity="1"), mentor(session, "Eve", 4)
    picked(session, one, other, OverrideReason.NEW_INFO, send=False)
    with pytest.raises(ProgrammeError, match="cannot be suggested"):
        picked(session, two, other, OverrideReason.NEW_INFO)
    with pytest.raises(ProgrammeError, match="cannot be suggested"):
        picked(session, one, more, OverrideReason.NEW_INFO)


def test_the_database_itself_refuses_a_second_open_proposal(session: Session) -> None:
    first = picked(session, protege(session), mentor(session))
    copy = {c.key: getattr(first, c.key) for c in Proposal.__table__.columns if c.key != "id"}
    unique = ("protege_invitation_id", "mentor_invitation_id", "match_id")
    session.add(Proposal(**copy | dict.fromkeys(unique)))
    with pytest.raises(IntegrityError), session.begin_nested():
        session.flush()


def test_a_draft_asks_nobody_is_sent_once_and_lapses_after_a_week(session: Session) -> None:
    one, other = protege(session), mentor(session)
    draft = picked(session, one, other, send=False)
    assert (draft.state, one.state) == (ProposalState.DRAFT, PersonState.WAITING)
    send_proposal(session, draft, now=NOW)
    with pytest.raises(ProgrammeError, match="was sent or ended already"):
        send_proposal(session, draft, now=NOW)
    withdraw_proposal(session, draft, reason="A slip.", actor=CLEO, now=NOW)
    assert one.state is PersonState.WAITING

    other_draft = picked(session, one, other, send=False)
    session.flush()
    do_due(session, now=NOW + 8 * DAY)
    assert other_draft.state is ProposalState.LAPSED
    assert words(session)[-1].startswith("A draft was not sent within 7 days.")


def test_the_second_of_two_who_withdraw_is_told(session: Session) -> None:
    proposal = picked(session, protege(session), mentor(session))
    take_back = partial(withdraw_proposal, session, proposal, actor=CLEO, now=NOW)
    take_back(reason="A slip.")
    with pytest.raises(ProgrammeError, match="has ended already: withdrawn"):
        take_back(reason="Me too.")
    assert proposal.reason == "A slip."


def test_three_noes_ask_staff_to_talk(session: Session) -> None:
    one, other = protege(session), mentor(session)
    for round_ in range(3):
        now = NOW + round_ * DAY
        reason = OverrideReason.PROTEGE_REQUEST
        proposal = picked(session, one, other, reason, now=now)
        decline(session, proposal, by=one, why="topics", now=now)
    assert words(session)[-1] == (
        f"{one.code} has said no to 3 proposals. Call them, and ask what would fit."
    )
    assert one.state is PersonState.WAITING


def test_a_mentors_noes_count_for_two_months(session: Session) -> None:
    one, other = protege(session), mentor(session)
    for day in (0, 70, 80):
        now = NOW + day * DAY
        proposal = picked(session, one, other, OverrideReason.PROTEGE_REQUEST, now=now)
        decline(session, proposal, by=other, why="no_room", now=now)
    assert not any("3 proposals" in each for each in words(session))
    now = NOW + 90 * DAY
    proposal = picked(session, one, other, OverrideReason.PROTEGE_REQUEST, now=now)
    decline(session, proposal, by=other, why="no_room", now=now)
    assert words(session)[-1].endswith("Ask them whether they are available, and for whom.")


def test_a_no_sets_no_wait_back(session: Session) -> None:
    one, other = protege(session), mentor(session)
    proposal = picked(session, one, other)
    decline(session, proposal, by=one, why="topics", now=NOW)
    session.flush()
    (seen,) = read_pool(session, now=NOW).proteges
    assert seen.days_waiting == 100


@pytest.mark.parametrize("who", [Role.PROTEGE, Role.MENTOR])
@pytest.mark.parametrize("to", [PersonState.SUSPENDED, PersonState.EXITED])
def test_whoever_goes_ends_it_and_the_other_one_is_free(
    session: Session, who: Role, to: PersonState
) -> None:
    one, other = protege(session), mentor(session)
    proposal = picked(session, one, other)
    gone, left = (one, other) if who is Role.PROTEGE else (other, one)
    move_person(session, gone, to, actor=CLEO, reason="a worry", now=NOW)
    end_if_broken(session, number=proposal.id, now=NOW)

    assert (proposal.state, gone.state) == (ProposalState.WITHDRAWN, to)
    assert left.state is (PersonState.WAITING if left is one else PersonState.AVAILABLE)
    assert f"{gone.code} is {to.value}" in words(session)[-1]


def test_nobody_stays_offered_without_a_proposal(session: Session) -> None:
    one = protege(session)
    move_person(session, one, PersonState.OFFERED, actor=CLEO, reason="?", now=NOW)
    session.flush()
    free_the_forgotten(session, now=NOW)
    assert one.state is PersonState.WAITING


def test_staff_who_open_a_match_at_once_end_the_proposal_with_it(session: Session) -> None:
    one, other, third = protege(session), mentor(session), mentor(session, "Eve", 3, topics="A")
    proposal = picked(session, one, other)
    match = bring_together(session, protege=one, mentor=third, actor=CLEO, now=NOW)
    assert (proposal.state, proposal.reason) == (ProposalState.WITHDRAWN, match.code)
    assert (one.state, other.state) == (PersonState.MATCHED, PersonState.AVAILABLE)


def test_a_match_that_staff_open_at_once_says_of_nobody_that_they_agreed(session: Session) -> None:
    one, other = protege(session), mentor(session)
    proposal = picked(session, one, other)
    match = bring_together(session, protege=one, mentor=other, actor=CLEO, now=NOW)
    assert (proposal.state, proposal.match_id) == (ProposalState.WITHDRAWN, match.id)
    assert proposal.has_two_yeses is False


def test_whom_a_tick_keeps_apart_staff_do_not_bring_together(session: Session) -> None:
    one, other = protege(session), mentor(session)
    keep_apart(session, one, other, reason=BarReason.STAFF, actor=CLEO, now=NOW)
    with pytest.raises(ProgrammeError, match="are kept apart"):
        bring_together(session, protege=one, mentor=other, actor=CLEO, now=NOW)
    assert one.state is PersonState.WAITING


def test_nothing_is_accepted_without_two_yeses(session: Session) -> None:
    proposal = picked(session, protege(session), mentor(session))
    proposal.protege_said_at = NOW
    with pytest.raises(ValueError, match="Not both have said yes"):
        end_proposal(session, proposal, ProposalState.ACCEPTED, reason="", actor=CLEO, now=NOW)


def test_a_mentor_whose_places_are_taken_by_matches_ends_it(session: Session) -> None:
    one, two, other = protege(session), protege(session, "Kim", 3), mentor(session, capacity="1")
    proposal = picked(session, one, other)
    end_if_broken(session, number=proposal.id, now=NOW)
    assert proposal.is_open
    bring_together(session, protege=two, mentor=other, actor=CLEO, now=NOW)
    end_if_broken(session, number=proposal.id, now=NOW)
    assert (proposal.state, one.state) == (ProposalState.WITHDRAWN, PersonState.WAITING)
    assert proposal.reason == f"{other.code} has no room any more"


def test_two_who_are_kept_apart_are_not_asked_any_more(session: Session) -> None:
    one, other = protege(session), mentor(session)
    proposal = picked(session, one, other)
    keep_apart(session, one, other, reason=BarReason.FAMILY, actor=CLEO, now=NOW)
    assert (proposal.state, proposal.reason) == (ProposalState.WITHDRAWN, "the two are kept apart")
    assert one.state is PersonState.WAITING


def test_two_whose_match_was_closed_for_safety_are_not_brought_together_again(
    session: Session,
) -> None:
    one, other = protege(session), mentor(session)
    make_lines(session)
    match = bring_together(session, protege=one, mentor=other, actor=CLEO, now=LONG_AGO)
    close_match(session, match, reason=ClosureReason.SAFETY, actor=CLEO, now=LONG_AGO + DAY)
    move_person(session, one, PersonState.WAITING, actor=CLEO, reason="back", now=NOW)
    with pytest.raises(ProgrammeError, match="was closed for safety"):
        bring_together(session, protege=one, mentor=other, actor=CLEO, now=NOW)


def test_each_proposal_of_a_busy_mentor_is_a_question_of_its_own(session: Session) -> None:
    one, two, other = protege(session), protege(session, "Kim", 3), mentor(session, capacity="3")
    make_lines(session)
    bring_together(
        session, protege=protege(session, "Ann", 4), mentor=other, actor=CLEO, now=LONG_AGO
    )
    first = picked(session, one, other, OverrideReason.NEW_INFO)
    second = picked(session, two, other, OverrideReason.NEW_INFO)
    for proposal in (first, second):
        ask_mentor(session, proposal, now=NOW)
    session.flush()
    withdraw_proposal(session, second, reason="A slip.", actor=CLEO, now=NOW)
    assert is_asked(session, other)
    assert asked_about(session, other) is first
    withdraw_proposal(session, first, reason="A slip.", actor=CLEO, now=NOW)
    assert not is_asked(session, other)
    assert ASKED_ABOUT_MATCH not in other.profile


def test_the_plan_of_matching_waits_until_all_else_that_is_due_is_done(session: Session) -> None:
    one, other = protege(session), mentor(session)
    picked(session, one, other, send=False)
    plan_daily(session, now=NOW)
    session.flush()
    do_due(session, now=NOW + 8 * DAY)
    waits = select(Due.kind).where(Due.done_at.is_(None), Due.due_at <= NOW + 8 * DAY)
    assert set(session.scalars(waits)) == {DueKind.MATCH_PLAN}
    # It is said that it begins, and then it is done.
    for _ in range(2):
        do_due(session, now=NOW + 8 * DAY)
    assert session.scalars(waits).all() == []
