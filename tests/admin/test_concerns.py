"""A worry is opened by named people only; everybody else sees that it is there, and whom to ask."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from sqlalchemy import select

from admin.accounts import account_with_email
from admin.permissions import may_open_concern
from mentoring.alerts import close_alert
from mentoring.holds import hold_match, release_match
from mentoring.models import (
    Conversation,
    ConversationStatus,
    Match,
    Purpose,
    Severity,
    Staff,
    StaffRole,
    StaffTask,
)
from mentoring.operators import put_on_call
from mentoring.oversight.rules import OutcomeCode
from mentoring.people import person_with_code
from mentoring.safety.crisis import keep_told
from mentoring.suspensions import suspend_person
from tests.admin.conftest import Screen, Site
from tests.admin.filled_in import seen
from tests.admin.test_alerts import alert_about
from tests.admin.test_spoken import recorded
from tests.make import make_answer, make_conversation

WORDS = "He wants to borrow my van."
CLOSED = "What was told here is opened by few."
EMAIL = "coordinator@example.org"


@pytest.mark.parametrize("role", list(StaffRole))
@pytest.mark.parametrize("is_theirs", [True, False])
def test_each_cell(role: StaffRole, is_theirs: bool) -> None:
    named = {StaffRole.LEAD, StaffRole.ADMIN}
    whose = named | {StaffRole.COORDINATOR} if is_theirs else named

    assert may_open_concern(role, is_theirs=is_theirs) is (role in whose)


@pytest.fixture
def worry(site: Site) -> int:
    """The open worry of P17, told in words by text; returns the number of its alert."""
    number = alert_about(site, "P17 has a worry")
    with site.db.transaction() as session:
        andre = person_with_code(session, "P17")
        at = session.get_one(StaffTask, number).opened_at + timedelta(minutes=1)
        held = make_conversation(
            session,
            andre,
            "concern",
            now=at,
            lasting=True,
            status=ConversationStatus.FINISHED,
            turn=2,
        )
        make_answer(session, held, "WORRY", words=WORDS, now=at)
        make_answer(session, held, "N3", value="money", now=at)
    return number


def cries_out(site: Site, number: int, words: str) -> None:
    """Let P17 answer another question with words of a crisis, which join an open alert."""
    with site.db.transaction() as session:
        alert = session.get_one(StaffTask, number)
        person, at = person_with_code(session, "P17"), alert.opened_at + timedelta(minutes=2)
        keep_told(session, alert, words, person, now=at)
        conversation = session.scalars(
            select(Conversation).order_by(Conversation.id.desc())
        ).first()
        assert conversation is not None
        conversation.flow = "milestone"
        make_answer(session, conversation, "MS3", words=words, turn=2, now=at)


def given_to(site: Site, number: int, email: str) -> None:
    """Give an alert to whoever signs in with an address."""
    with site.db.transaction() as session:
        account = account_with_email(session, email)
        assert account is not None
        member = session.scalars(select(Staff).order_by(Staff.id)).first()
        assert member is not None
        account.staff_id = member.id
        session.get_one(StaffTask, number).owner_id = member.id


def tells(screen: Screen, number: int) -> bool:
    """Tell whether the words, and the answers, of a worry are opened to somebody."""
    screen.opens(f"/desk/alerts/{number}")
    screen.sends(f"/desk/alerts/{number}/words", reason="to help him")
    words = WORDS in screen.words
    screen.opens("/desk/people/P17/answers")
    screen.sends("/desk/people/P17/answers", reason="to help him")
    answers = WORDS in screen.words
    assert answers is ("money" in screen.words)
    assert words is answers
    return words


@pytest.mark.parametrize(
    ("role", "opens"),
    [(StaffRole.COORDINATOR, False), (StaffRole.LEAD, True), (StaffRole.ADMIN, True)],
)
def test_the_words_are_opened_by_role(
    worry: int, signed_in: Callable[[StaffRole], Screen], role: StaffRole, opens: bool
) -> None:
    assert tells(signed_in(role), worry) is opens


def test_a_cry_for_help_is_read_by_the_same_people_where_it_answered_another_question(
    site: Site, worry: int, signed_in: Callable[[StaffRole], Screen]
) -> None:
    cries_out(site, worry, "I can not go on.")
    for role, reads in ((StaffRole.COORDINATOR, False), (StaffRole.LEAD, True)):
        screen = signed_in(role)
        screen.opens("/desk/people/P17/answers")
        screen.sends("/desk/people/P17/answers", reason="to help him")
        assert "MS3" in screen.words
        assert ("I can not go on." in screen.words) is reads


def test_whoever_sees_to_it_opens_it_and_another_worry_not(
    site: Site, worry: int, signed_in: Callable[[StaffRole], Screen]
) -> None:
    ines = signed_in(StaffRole.COORDINATOR)
    given_to(site, worry, EMAIL)
    assert tells(ines, worry)
    with site.db.transaction() as session:
        task = session.get_one(StaffTask, worry)
        later = StaffTask(
            rule="O10",
            severity=task.severity,
            words="P17 has a worry to tell us again.",
            person_id=task.person_id,
            dedupe_key="O10:later",
            opened_at=task.opened_at + timedelta(hours=1),
            due_at=task.due_at,
        )
        session.add(later)
        session.flush()
        given, task.owner_id = later.id, None
        later.owner_id = session.scalars(select(Staff.id).order_by(Staff.id)).first()
    assert not tells(ines, worry)
    assert ines.opens(f"/desk/alerts/{given}/words").status_code == 200


def test_others_see_that_it_is_there_and_whom_to_ask(
    site: Site, worry: int, signed_in: Callable[[StaffRole], Screen]
) -> None:
    site.add("ben@example.org", StaffRole.LEAD, name="Ben Adler")
    site.add("far@example.org", StaffRole.LEAD, name="Far Away", communities=["Nowhere"])
    ines = signed_in(StaffRole.COORDINATOR)
    ines.opens("/desk/alerts")
    assert "P17 has a worry to tell us" in ines.words
    ines.opens(f"/desk/alerts/{worry}")

    assert f"{CLOSED} Ask Charlotte Reyes, Ben Adler." in ines.words
    assert "Close the alert" not in ines.words
    for act, fields in (
        ("owner", {"name": "Ines"}),
        ("step", {}),
        ("close", {"code": "spoke_with_them"}),
        ("words", {"reason": "curious"}),
    ):
        ines.opens(f"/desk/alerts/{worry}")
        assert ines.sends(f"/desk/alerts/{worry}/{act}", **fields).status_code == 403, act
        assert CLOSED in ines.words
    with site.db.transaction() as session:
        task = session.get_one(StaffTask, worry)
        assert (task.step, task.done_at) == (0, None)


def test_whoever_is_on_duty_asks_for_one_that_is_nobodys(
    site: Site, worry: int, signed_in: Callable[[StaffRole], Screen]
) -> None:
    ines, ben = signed_in(StaffRole.COORDINATOR), signed_in(StaffRole.LEAD)
    with site.db.transaction() as session:
        session.get_one(StaffTask, worry).owner_id = None
    page = f"/desk/alerts/{worry}"
    ines.opens(page)
    assert "Ask for it" not in ines.words
    ines.sends(f"{page}/ask")
    assert "Nobody of your name is on call" in ines.words
    given_to(site, worry, EMAIL)
    with site.db.transaction() as session:
        session.get_one(StaffTask, worry).owner_id = None
        name = session.scalars(select(Staff.name).order_by(Staff.id)).first() or ""

    for _ in range(2):
        ines.opens(page)
        ines.sends(f"{page}/ask")
        assert "A task says that you would see to it." in ines.words
    assert not tells(ines, worry)
    asked = f"{name} would see to alert {worry}, which is nobody's yet."
    ben.opens("/desk/tasks")
    assert ben.words.count(asked) == 1

    ben.opens(page)
    ben.sends(f"{page}/owner", name=name, seen=seen(ben, f"{page}/owner"))
    ben.opens("/desk/tasks")
    assert asked not in ben.words
    assert tells(ines, worry)
    assert "Ask for it" not in ines.words
    assert "Somebody sees to alert" in _asks(ines, worry)


def _asks(screen: Screen, number: int) -> str:
    screen.opens(f"/desk/alerts/{number}")
    screen.sends(f"/desk/alerts/{number}/ask")
    return screen.words


def test_what_was_said_on_the_phone_is_heard_by_the_same_people(
    site: Site, worry: int, signed_in: Callable[[StaffRole], Screen]
) -> None:
    spoken = recorded(site, Purpose.MESSAGE)
    with site.db.transaction() as session:
        session.get_one(StaffTask, worry).recording_id = spoken
    ines, ben = signed_in(StaffRole.COORDINATOR), signed_in(StaffRole.LEAD)
    for address in (f"/desk/recordings/{spoken}", f"/desk/recordings/{spoken}/audio"):
        assert ines.opens(address).status_code == 403
        assert CLOSED in ines.words
    ines.opens(f"/desk/alerts/{worry}")
    assert "Listen to recording" not in ines.words
    assert ben.opens(f"/desk/recordings/{spoken}").status_code == 200


def test_the_note_of_its_end_is_read_by_the_same_people(
    site: Site, worry: int, signed_in: Callable[[StaffRole], Screen]
) -> None:
    with site.db.transaction() as session:
        close_alert(
            session,
            worry,
            code=OutcomeCode.OTHER,
            note="He gave the van back.",
            actor="staff:Ben",
            now=site.clock.now(),
        )
        match_id = session.get_one(StaffTask, worry).match_id
        match = session.get_one(Match, match_id).code
    ines, ben = signed_in(StaffRole.COORDINATOR), signed_in(StaffRole.LEAD)
    for address in (f"/desk/alerts/{worry}", f"/desk/matches/{match}", "/desk/alerts?show=all"):
        ines.opens(address)
        assert "van" not in ines.words
    # Whoever comes too late to accept it hears no more than that.
    ines.opens(f"/desk/alerts/{worry}")
    ines.sends(f"/desk/alerts/{worry}/accept")
    assert "was closed already: other." in ines.words
    assert "van" not in ines.words
    ben.opens(f"/desk/alerts/{worry}")
    assert "He gave the van back." in ben.words


def test_why_a_hold_was_made_and_lifted_is_read_by_the_same_people(
    site: Site, worry: int, signed_in: Callable[[StaffRole], Screen]
) -> None:
    with site.db.transaction() as session:
        match = session.get_one(Match, session.get_one(StaffTask, worry).match_id)
        andre = person_with_code(session, "P17")
        by, now = "staff:Ben", site.clock.now()
        release_match(session, match, reason="The van came back.", actor="staff:Ines", now=now)
        release_match(session, match, reason="The van came back.", actor=by, now=now)
        hold_match(session, match, reason="The van is gone again.", actor=by, now=now)
        suspend_person(session, andre, reason="He took the van.", actor=by, now=now)
        code = match.code
    ines, ben = signed_in(StaffRole.COORDINATOR), signed_in(StaffRole.LEAD)
    pages = (f"/desk/matches/{code}", "/desk/people/P17")

    def reads(screen: Screen) -> Iterator[int]:
        for page in pages:
            screen.opens(page)
            yield screen.words.count("van")

    assert (list(reads(ben)), list(reads(ines))) == ([4, 1], [0, 0])
    assert "kept for few, as a worry is: ask a lead or an admin" in ines.words
    assert list(reads(signed_in(StaffRole.READ_ONLY))) == [0, 0]
    given_to(site, worry, EMAIL)
    assert list(reads(ines)) == [4, 1]


def test_why_the_words_were_read_is_read_by_the_same_people(
    worry: int, signed_in: Callable[[StaffRole], Screen]
) -> None:
    ines, ben = signed_in(StaffRole.COORDINATOR), signed_in(StaffRole.LEAD)
    ben.opens(f"/desk/alerts/{worry}/words")
    ben.sends(f"/desk/alerts/{worry}/words", reason="It is about the van.")
    for screen, reads in ((ines, False), (ben, True)):
        screen.opens("/desk/people/P17")
        assert f"read words of alert {worry}" in screen.words
        assert ("about the van" in screen.words) is reads


def test_whoever_typed_why_a_hold_was_made_reads_it_again(
    site: Site, signed_in: Callable[[StaffRole], Screen]
) -> None:
    ines = signed_in(StaffRole.COORDINATOR)
    ines.opens("/desk/people/P01/suspend")
    ines.sends("/desk/people/P01/suspend", reason="He took the van.")
    assert "He took the van." in ines.words


def test_danger_is_accepted_by_anybody_on_call_and_theirs_from_then_on(
    site: Site, worry: int, signed_in: Callable[[StaffRole], Screen]
) -> None:
    with site.db.transaction() as session:
        task = session.get_one(StaffTask, worry)
        task.owner_id, task.rule, task.severity = None, "O11", Severity.CRITICAL
    ines = signed_in(StaffRole.COORDINATOR)
    with site.db.transaction() as session:
        account = account_with_email(session, EMAIL)
        assert account is not None
        account.staff_id = session.scalars(select(Staff.id).order_by(Staff.id)).first()
    ines.opens(f"/desk/alerts/{worry}")
    ines.sends(f"/desk/alerts/{worry}/accept")

    assert tells(ines, worry)


def test_whoever_was_put_on_call_after_they_were_invited_is_known_by_name(
    site: Site, worry: int
) -> None:
    ines = site.sign_in(site.add(EMAIL, StaffRole.COORDINATOR, name="Ines Later"))
    with site.db.transaction() as session:
        member = put_on_call(session, name="Ines Later", typed="515 555 0188", now=site.clock.now())
        session.flush()
        session.get_one(StaffTask, worry).owner_id = member.id
    assert tells(ines, worry)
