"""A call of ours whose reason is gone while it rings: kind words, and callbacks in any order."""

from collections.abc import Callable

import pytest
from sqlalchemy import select

from mentoring.matches import close_match
from mentoring.models import (
    ClosureReason,
    Delivery,
    DeliveryKind,
    Invitation,
    InvitationState,
    Match,
    Mode,
    Outcome,
    Person,
    PersonState,
    Role,
)
from mentoring.people import move_person
from tests.journeys.cast import LUIS, ROSA, person_at
from tests.journeys.ending import answers
from tests.journeys.service_calls import entries, entry, legs
from tests.town import MAIN, Town

FIRST = "Have you and Luis talked or texted yet?"
SETTLED = "What it was about is settled, so I have nothing to ask."
Go = Callable[[Town], None]


def close_the_match(town: Town) -> None:
    with town.db.transaction() as session:
        match = session.scalars(select(Match)).one()
        close_match(session, match, reason=ClosureReason.OTHER, actor="staff", now=town.clock.now())


def take_rosa_out(town: Town) -> None:
    rosa = person_at(town, ROSA)
    with town.db.transaction() as session:
        move_person(
            session,
            session.get_one(Person, rosa.id),
            PersonState.EXITED,
            actor="staff",
            reason="asked us to",
            now=town.clock.now(),
        )


def cancel_the_invitation(town: Town) -> None:
    with town.db.transaction() as session:
        for invitation in session.scalars(select(Invitation)):
            invitation.state = InvitationState.CANCELLED


def delete_the_row(town: Town) -> None:
    with town.db.transaction() as session:
        calls = select(Delivery).where(Delivery.kind == DeliveryKind.CALL)
        session.delete(session.scalars(calls).one())


CANCELLED = (close_the_match, take_rosa_out, cancel_the_invitation)
GONE = (*CANCELLED, delete_the_row)
ORDERS = (
    ("ringing", "in-progress", "completed"),
    ("completed", "in-progress", "ringing"),
    ("failed", "ringing", "completed", "no-answer"),
    ("no-answer", "no-answer", "in-progress", "failed"),
)


def rosa_is_rung(town: Town) -> None:
    """Rosa has a landline, and on the third day the service rings her."""
    rosa = town.person(Role.PROTEGE, "Rosa", ROSA, mode=Mode.VOICE, landline=True, texts=False)
    town.match(rosa, town.person(Role.MENTOR, "Luis", LUIS, mode=Mode.TEXT))
    town.until_it_rings(ROSA)


@pytest.mark.parametrize("go", CANCELLED)
def test_who_answers_a_call_whose_reason_is_gone_hears_so_and_is_asked_nothing(
    town: Town, go: Go
) -> None:
    rosa_is_rung(town)
    rosa = town.caller(ROSA)
    go(town)

    rosa.answers()
    rosa.presses("1")

    rosa.hears("Thank you for taking the call.", SETTLED, "[call ended]")
    rosa.hears_none_of(FIRST, "Luis")
    town.settle()
    assert answers(town) == {}
    assert entry(town).outcome is Outcome.SERVED


@pytest.mark.parametrize("go", GONE)
@pytest.mark.parametrize("order", ORDERS)
def test_what_the_carrier_tells_of_such_a_call_settles_it_once_in_any_order(
    town: Town, go: Go, order: tuple[str, ...]
) -> None:
    rosa_is_rung(town)
    hook = next(h for h in town.emulator.webhooks if "/voice/service-leg" in h.url)
    path, _, query = hook.url.partition("bridgeline.example")[2].partition("?")
    go(town)

    for status in (*order, *order):
        form = [(k, status if k == "CallStatus" else v) for k, v in hook.params]
        assert town.post(path, form, query=f"?{query}").status_code in (200, 204)
    town.settle(60)
    town.days_pass(1)

    assert len(legs(town)) == 1
    assert len(town.phone(ROSA).calls) == 1
    # Only that a match has ended well is for staff to say.
    assert {task.rule for task in town.tasks()} <= {"tell"}
    if go is not delete_the_row:
        # After the end of a match the call about how it was waits for another day.
        first = entries(town)[0]
        assert first.ended_at is not None
        assert first.outcome in (Outcome.NO_ANSWER, Outcome.FAILED)


def test_somebody_taken_out_in_the_middle_of_a_survey_is_asked_no_more(town: Town) -> None:
    rosa = town.person(Role.PROTEGE, "Rosa", ROSA, mode=Mode.TEXT)
    town.match(rosa, town.person(Role.MENTOR, "Luis", LUIS, mode=Mode.TEXT))
    town.days_pass(14.2)
    assert "Reply 1 to start" in town.phone(ROSA).inbox[-1].body
    assert "How is it going with Luis?" in town.texts(ROSA, MAIN, "1")[-1]
    assert "amount of contact" in town.texts(ROSA, MAIN, "4")[-1]
    take_rosa_out(town)

    (reply,) = town.texts(ROSA, MAIN, "2")

    assert reply.startswith("Hi, this is BridgeLine")
    given = answers(town)
    assert (given.get("CK1"), given.get("CK2")) == ("4", None)
    before = len(town.phone(ROSA).inbox)
    town.days_pass(20)
    assert len(town.phone(ROSA).inbox) == before
