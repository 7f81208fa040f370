"""Two whose wishes for how often to talk are far apart hear both, and say it again (O15)."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from mentoring.alerts import list_alerts
from mentoring.calendar.outlook import outlook
from mentoring.calendar.rhythms import ANYWAY
from mentoring.models import Due, DueKind, Invitation, InvitationState, Mode
from mentoring.people import person_with_code
from tests.journeys.cast import LUIS, ROSA, goes_through
from tests.journeys.test_plans import have_met, plans
from tests.journeys.test_second_language import speak
from tests.town import MAIN, Town

AGAIN = "You would like to talk each week, Luis each month. What suits you both?"
TOLD_LUIS = "You would like to talk each month, Rosa each week. What suits you both?"
PROPOSED = "Your plan: talk"


def both_tell(town: Town, rosa: str = "1", luis: str = "3") -> None:
    """They have met; Rosa would talk each week, and Luis each month."""
    have_met(town)
    town.days_pass(1.1)
    town.texts(ROSA, MAIN, "3", "Find ten buyers", "2", "1", rosa, "Tue 6 pm", "1", "1")
    luis_tells(town, luis)


def luis_tells(town: Town, rhythm: str) -> None:
    town.texts(LUIS, MAIN, "See the numbers", "2", "1", rhythm, "thursday at 5 pm", "2", "2")


def both_answer(town: Town, rosa: str = "1", luis: str = "3") -> None:
    """They have told it, and what follows has come."""
    both_tell(town, rosa, luis)
    town.days_pass(0.8)


def asked_again(town: Town) -> list[InvitationState]:
    with town.db.transaction() as session:
        asked = select(Invitation.state).where(Invitation.flow == "plan_rhythm")
        return list(session.scalars(asked.order_by(Invitation.id)))


def newest(town: Town, number: str) -> str:
    return town.phone(number).inbox[-1].body


def test_each_hears_both_wishes_and_is_asked_again_before_a_plan_is_proposed(town: Town) -> None:
    both_answer(town)
    assert newest(town, ROSA).startswith(AGAIN)
    assert newest(town, LUIS).startswith(TOLD_LUIS)
    assert plans(town) == []

    town.texts(ROSA, MAIN, "2")
    assert plans(town) == []
    town.texts(LUIS, MAIN, "2")
    town.days_pass(1)

    (proposal,) = plans(town)
    assert (proposal.rhythm, proposal.slot) == ("two_weeks", "tue 18:00")
    assert f"{PROPOSED} every 2 weeks" in newest(town, ROSA)
    assert f"{PROPOSED} every 2 weeks" in newest(town, LUIS)


@pytest.mark.parametrize(("rosa", "luis"), [("1", "1"), ("1", "2"), ("3", "2")])
def test_who_is_one_step_apart_or_none_is_not_asked_again(town: Town, rosa: str, luis: str) -> None:
    both_answer(town, rosa, luis)
    assert asked_again(town) == []
    assert PROPOSED in newest(town, ROSA)


def test_who_still_differs_is_not_asked_a_third_time_and_staff_see_it(town: Town) -> None:
    both_answer(town)
    town.ticker.oversee()
    town.texts(ROSA, MAIN, "1")
    town.texts(LUIS, MAIN, "3")
    town.days_pass(1)

    (proposal,) = plans(town)
    assert proposal.rhythm == "month"
    assert len(asked_again(town)) == 2
    with town.db.transaction() as session:
        assert [each.rule for each in list_alerts(session)] == ["O15"]


def test_who_comes_round_to_the_other_is_waited_for_no_longer(town: Town) -> None:
    both_answer(town)
    town.texts(ROSA, MAIN, "3")
    town.days_pass(1)

    assert [plan.rhythm for plan in plans(town)] == ["month"]
    assert asked_again(town) == [InvitationState.ANSWERED, InvitationState.CANCELLED]
    assert f"{PROPOSED} each month" in newest(town, LUIS)


def test_without_a_second_answer_the_less_frequent_wish_is_proposed_after_all(town: Town) -> None:
    both_answer(town)
    town.texts(ROSA, MAIN, "2")
    with town.db.transaction() as session:
        foretold = outlook(session, now=town.clock.now(), days=12)
    assert "the less frequent rhythm is proposed" in [each.what for each in foretold]
    town.days_pass(12)

    (proposal,) = plans(town)
    assert proposal.rhythm == "month"
    assert asked_again(town) == [InvitationState.ANSWERED, InvitationState.LAPSED]
    assert any(PROPOSED in text.body for text in town.phone(ROSA).inbox)


def test_what_would_propose_it_after_all_is_off_once_it_was_proposed(town: Town) -> None:
    both_answer(town)
    town.texts(ROSA, MAIN, "2")
    town.texts(LUIS, MAIN, "2")
    town.days_pass(20)
    assert [plan.version for plan in plans(town)] == [1]
    with town.db.transaction() as session:
        anyway = select(Due.outcome).where(Due.kind == DueKind.PLAN, Due.round == ANYWAY)
        assert session.scalars(anyway).all() == ["plan proposed"]


def test_a_new_version_of_the_plan_asks_again_by_its_own_wishes(town: Town) -> None:
    both_answer(town, "2", "2")
    town.texts(LUIS, MAIN, "2")
    town.days_pass(1)
    town.texts(ROSA, MAIN, "3", "Find ten buyers", "2", "1", "3", "mon 9 am", "1", "1")
    town.texts(LUIS, MAIN, "See the numbers", "2", "1", "1", "mon 9 am", "2", "2")
    town.days_pass(1)

    assert newest(town, ROSA).startswith("You would like to talk each month, Luis each week.")
    town.texts(ROSA, MAIN, "2")
    town.texts(LUIS, MAIN, "1")
    _old, new = plans(town)
    assert (new.version, new.rhythm) == (2, "two_weeks")


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("es", "Usted quisiera hablar cada semana, Luis cada mes. ¿Qué les conviene a los dos?"),
        ("fr", "Vous aimeriez parler chaque semaine, Luis chaque mois. Que préférez-vous à deux ?"),
    ],
)
def test_in_another_language_the_wishes_are_in_it_as_well(
    town: Town, language: str, words: str
) -> None:
    town.db.programme = replace(town.db.programme, languages=("en", language))
    have_met(town)
    town.days_pass(1.1)
    town.texts(ROSA, MAIN, "3", "Find ten buyers", "2", "1", "1", "Tue 6 pm", "1", "1")
    speak(town, ROSA, language)
    luis_tells(town, "3")
    town.days_pass(0.8)
    assert newest(town, ROSA).startswith(words)
    assert newest(town, LUIS).startswith(TOLD_LUIS)


def test_who_likes_to_talk_hears_both_wishes_in_a_call_and_answers_by_key(town: Town) -> None:
    both_tell(town)
    with town.db.transaction() as session:
        person_with_code(session, "P01").mode = Mode.VOICE
    rosa = town.until_it_rings(ROSA)
    rosa.answers()
    goes_through(rosa, ("1", AGAIN), ("2", "Thank you."))
    town.settle()
    assert asked_again(town)[0] is InvitationState.ANSWERED


def test_a_pause_takes_nobody_the_time_to_say_it_again(town: Town) -> None:
    both_answer(town)
    town.texts(ROSA, MAIN, "PAUSE")
    town.days_pass(33, until=lambda: AGAIN in newest(town, ROSA))
    assert AGAIN in newest(town, ROSA)
    town.days_pass(1.5)
    assert plans(town) == []

    town.texts(ROSA, MAIN, "2")
    town.texts(LUIS, MAIN, "2")
    assert [plan.rhythm for plan in plans(town)] == ["two_weeks"]
