"""Two matches from their first day to their last: one reaches its goal, one falls silent."""

from datetime import timedelta

from sqlalchemy import select

from mentoring.alerts import close_alert, list_alerts
from mentoring.calendar.closing import begin_closing
from mentoring.calendar.plan_versions import plan_in_force
from mentoring.models import Answer, ClosureReason, InvitationState, Match, MatchState
from mentoring.oversight.rules import OutcomeCode
from tests.journeys.cast import LUIS, ROSA, person_at
from tests.journeys.ending import got, invitations, moves_of, now_is, state_at, text_pair
from tests.town import MAIN, PAIRS, Town

WEEK = 7
# What somebody who is content answers, by words of the question.
CONTENT = {
    "talked or texted yet": "1",
    "4 short questions": "1",
    "questions on how far you came": "1",
    "How is it going": "5",
    "amount of contact right": "2",
    "closer to": "1",
    "like a call from staff": "2",
    "how sure are you": "4",
    "one thing you want": "Sell at the market",
    "like to reach it": "2",
    "should you two talk": "2",
    "day and time is best": "Tue 6 pm",
    "get an answer": "2",
    "no answer comes": "1",
    "Your plan: talk": "1",
    "Did your talk go OK": "1",
    "one good step": "I found a market",
    "do the talks help": "5",
}


def question_in(body: str, answers: dict[str, str]) -> str | None:
    """Return the answer to the last question in a text that somebody knows an answer to."""
    found = {body.rfind(words): reply for words, reply in answers.items() if words in body}
    return found[max(found)] if found else None


def answers_all(town: Town, number: str, answers: dict[str, str]) -> None:
    """Answer the newest text, and whatever is asked after it."""
    phone = town.phone(number)
    for _ in range(20):
        if not phone.inbox or phone.texts[-1].direction == "out":
            return
        reply = question_in(phone.texts[-1].body, answers)
        if reply is None:
            return
        town.texts(number, MAIN, reply)


def live(town: Town, days: float, *answers: tuple[str, dict[str, str]]) -> None:
    """Let days pass, on each of which people answer what they were asked."""
    end = town.clock.now() + timedelta(days=days)
    while town.clock.now() < end:
        town.days_pass(1)
        for number, known in answers:
            answers_all(town, number, known)


def greet(town: Town) -> None:
    town.texts(ROSA, PAIRS[0], "Good morning, how are you?")
    town.texts(LUIS, PAIRS[0], "Fine! And you?")


def value_of(town: Town, number: str, question: str) -> list[str | None]:
    with town.db.transaction() as session:
        chosen = select(Answer.value).where(
            Answer.person_id == person_at(town, number).id, Answer.question == question
        )
        return list(session.scalars(chosen.order_by(Answer.id)))


def test_twenty_six_weeks_to_a_goal(town: Town) -> None:
    match = text_pair(town)
    content = {**CONTENT, "How far": "3", "What now": "1"}
    both = (ROSA, content), (LUIS, content)

    # They meet, agree on a plan, and are asked how it goes.
    greet(town)
    live(town, 5, *both)
    with town.db.transaction() as session:
        plan = plan_in_force(session, match.id)
        assert plan is not None
        assert (plan.rhythm, plan.slot) == ("two_weeks", "tue 18:00")
    assert value_of(town, ROSA, "CKA") == ["yes"]
    for _ in range(22):
        greet(town)
        live(town, WEEK, *both)
    assert moves_of(town, match)[:3] == [
        (None, "intro", "staff"),
        ("intro", "early", "system"),
        ("early", "active", "system"),
    ]
    # Days 14, 30, 60, 120 and 150; on day 90 they are asked what they want.
    assert value_of(town, ROSA, "CK1") == ["5"] * 5
    assert value_of(town, ROSA, "MS4") == ["keep"]
    town.ticker.oversee()
    with town.db.transaction() as session:
        assert list_alerts(session) == []

    # Before the term is over both are asked again, and Rosa has reached her goal.
    done = {**CONTENT, "How far": "5", "What now": "3"}
    live(town, 2 * WEEK, (ROSA, done), (LUIS, done))
    assert now_is(town, match).state is MatchState.CLOSING
    assert now_is(town, match).closure_reason is ClosureReason.GOAL_MET
    live(town, 3 * WEEK, (ROSA, {}), (LUIS, {}))

    assert now_is(town, match).state is MatchState.CLOSED
    assert moves_of(town, match)[-1] == ("closing", "closed", "system")
    assert state_at(town, ROSA) == "alum"
    assert state_at(town, LUIS) == "available"
    for flow in ("survey_protege_1", "survey_mentor_1"):
        assert [row.asked_at is not None for row in invitations(town, flow)] == [True]


def test_a_pair_that_falls_silent_is_seen_three_times_and_ends_kindly(town: Town) -> None:
    match = text_pair(town)
    content = {**CONTENT, "What now": "1"}
    greet(town)
    live(town, 5, (ROSA, content), (LUIS, content))
    last = town.clock.now()
    seen: list[tuple[str, int]] = []

    # From now on nobody writes and nobody answers.
    for _ in range(90):
        town.days_pass(1)
        town.ticker.oversee()
        with town.db.transaction() as session:
            for alert in list_alerts(session):
                if alert.rule in ("O2", "O3", "O4"):
                    seen.append((alert.rule, (alert.opened_at - last).days))
                code = OutcomeCode.CLOSING if alert.rule == "O4" else OutcomeCode.NO_ACTION
                close_alert(session, alert.id, code=code, actor="staff", now=town.clock.now())
        if any(rule == "O4" for rule, _ in seen):
            break
    assert [rule for rule, _ in seen] == ["O2", "O3", "O4"]
    assert [row.state for row in invitations(town, "quiet_pair")] == [InvitationState.WAITING] * 2

    # Staff let it end; nobody is blamed, and it is closed although nobody ever answers.
    before = {number: len(got(town, number)) for number in (ROSA, LUIS)}
    with town.db.transaction() as session:
        begin_closing(
            session,
            session.get_one(Match, match.id),
            reason=ClosureReason.NO_CONTACT,
            actor="staff",
            why="silent for long",
            now=town.clock.now(),
        )
    town.days_pass(55)

    assert now_is(town, match).state is MatchState.CLOSED
    assert now_is(town, match).closure_reason is ClosureReason.NO_CONTACT
    assert [row.state for row in invitations(town, "survey_protege_1")] == [InvitationState.LAPSED]
    assert [row.state for row in invitations(town, "survey_mentor_1")] == [InvitationState.LAPSED]
    for number in (ROSA, LUIS):
        told = " ".join(got(town, number, before[number])).lower()
        assert told != ""
        assert not any(word in told for word in ("why", "did not", "failed", "fault", "silent"))
