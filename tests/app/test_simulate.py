"""A simulation keeps to its seed, and sees whatever is not as it was promised."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path
from random import Random
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import delete, select, update

from app.simulation.oracles import Oracles
from app.simulation.play import Play
from app.simulation.simulate import START, begin, live_one_day, run
from app.simulation.somebody import NEVER, Somebody
from app.simulation.story import summary
from app.simulation.tempers import PROMPT, SILENT
from app.simulation.witness import Wrote
from app.simulation.world import MAIN, World, open_world
from mentoring.db import Session
from mentoring.models import (
    Answer,
    Channel,
    ClosureReason,
    Consent,
    Conversation,
    Delivery,
    DeliveryKind,
    DeliveryStatus,
    Match,
    MatchState,
    Proposal,
    ProposalState,
    Receipt,
    StaffTask,
)
from telephony.emulator import Text
from tests.contract.openapi import what_the_carrier_minds

DAYS = 13


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    with open_world(START, seed=3) as opened:
        yield opened
        assert what_the_carrier_minds(opened.emulator) == []


@pytest.fixture(scope="module")
def lived(world: World) -> Play:
    """Two pairs after 13 days: one that answers everything at once, and one that is silent."""
    play = begin(world, days=1, pairs=2, seed=3)
    for who, temper in zip(play.people, (PROMPT, PROMPT, SILENT, SILENT), strict=True):
        who.temper = temper
        who.likes_calls = who.phone.landline = False
    prompt = play.people[0]
    on_the_last_day = START + timedelta(days=DAYS - 1, hours=3)
    play.at(on_the_last_day, lambda: prompt.phone.text(prompt.line, "Good morning"))
    for day in range(DAYS):
        live_one_day(play, day)
    assert play.checks.breaches == []
    return play


@pytest.fixture
def play(lived: Play) -> Iterator[Play]:
    """The same, with nothing to complain about yet."""
    lived.checks.breaches.clear()
    yield lived
    lived.checks.breaches.clear()


@pytest.fixture
def tampered(play: Play) -> Callable[[Callable[[Session], object]], list[str]]:
    """Ends the day over rows that somebody has changed, and takes the change back."""

    def look(change: Callable[[Session], object]) -> list[str]:
        with play.world.parts.db.transaction() as session:
            change(session)
            session.flush()
            # Whoever has looked at an alert once believes it for good.
            play.checks.oracles = Oracles(play.witness, play.coordinator, play.checks.say)
            play.checks.look_at_rows(session)
            session.rollback()
        return play.checks.breaches

    return look


def a_text(play: Play, who: Somebody, body: str = "Hello", *, hours: float = 0) -> Text:
    at = play.world.clock.now() + timedelta(hours=hours)
    return Text(1, "in", MAIN, body, at, "delivered")


def test_the_same_seed_gives_the_same_log_to_the_letter(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    logs = []
    for place, seed in enumerate(("5", "5", "6")):
        log = tmp_path / str(place)
        words = ["--days", "4", "--pairs", "2", "--seed", seed, "--log", str(log)]
        assert run(words) == 0
        logs.append(log.read_bytes())
    assert logs[0] == logs[1] != logs[2]
    assert b" text " in logs[0]
    printed = capsys.readouterr().out
    assert "4 days, 4 people, 2 matches" in printed
    assert "Every promise was kept on each of 4 days." in printed


def test_numbers_that_make_no_sense_are_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        run(["--pairs", "0"])
    assert "--pairs from 1 to 200" in capsys.readouterr().err


def test_people_of_each_temper_have_done_what_they_do(lived: Play) -> None:
    prompt, _, silent, _ = lived.people
    assert [text.body for text in prompt.phone.texts if text.direction == "out"] != []
    assert [text.body for text in silent.phone.texts if text.direction == "out"] == []


def test_a_text_at_night_is_seen_but_not_the_answer_to_one(play: Play) -> None:
    who = play.people[0]
    at_night = a_text(play, who, hours=12)
    play.checks.saw_text(who, at_night)
    assert "was texted at" in play.checks.breaches.pop()

    asked = replace(at_night, direction="out", body="PERSON")
    who.phone.texts.append(asked)
    play.checks.saw_text(who, at_night)
    who.phone.texts.remove(asked)
    assert play.checks.breaches == []


def test_a_text_after_stop_is_seen(play: Play) -> None:
    who = play.people[0]
    who.stops.append((play.world.clock.now() - timedelta(hours=1), NEVER))
    play.checks.saw_text(who, a_text(play, who))
    who.stops.clear()
    assert "was texted after STOP" in play.checks.breaches[0]


def test_the_same_text_twice_is_seen(play: Play) -> None:
    who = play.people[0]
    texts = [a_text(play, who), a_text(play, who)]
    who.phone.texts += texts
    play.checks.saw_text(who, texts[1])
    del who.phone.texts[-2:]
    assert "got the same text twice" in play.checks.breaches[0]


def test_what_a_partner_has_written_twice_may_come_twice(play: Play) -> None:
    who, other, *_ = play.people
    now = play.world.clock.now()
    play.witness.bonds[0].wrote.append(Wrote(now, other, "Are you there?"))
    texts = [a_text(play, who, "Are you there?") for _ in range(2)]
    who.phone.texts += texts
    play.checks.saw_text(who, texts[1])
    assert "got the same text twice" in play.checks.breaches.pop()
    play.witness.bonds[0].wrote.append(Wrote(now, other, "Are you there?"))
    play.checks.saw_text(who, texts[1])
    del who.phone.texts[-2:]
    assert play.checks.breaches == []


def test_an_answer_on_the_line_of_two_is_no_text_to_the_partner(play: Play) -> None:
    who, *_ = play.people
    bond = play.witness.bonds[0]
    before = len(bond.wrote)
    for body in ("1", "Tue 6 pm"):
        answer = replace(a_text(play, who, body), direction="out", peer=bond.line)
        play.witness.saw_text(who, answer)
    assert len(bond.wrote) == before
    assert [by for _, by in bond.perhaps[-2:]] == [who, who]
    del bond.perhaps[-2:]


def test_digits_in_the_random_key_of_an_address_are_nobodys_number(play: Play) -> None:
    hooks = play.world.emulator.webhooks
    key = "0a5550142ef" + "0" * 21
    for words in (f"/voice/turn?c={key}&amp;t=1", f"/voice/turn?c={key}&amp;say=555-0142"):
        hooks.append(replace(hooks[-1], status=200, response_body=f'<Redirect to="{words}"/>'))
    play.checks.end_day()
    assert "somebody's number" in play.checks.breaches.pop()
    assert play.checks.breaches == []


def test_somebodys_number_in_a_text_is_seen_but_not_one_of_our_own(play: Play) -> None:
    who, other, *_ = play.people
    play.checks.saw_text(who, a_text(play, who, "Call 515 555 0100."))
    assert play.checks.breaches == []
    play.checks.saw_text(who, a_text(play, who, f"Call {other.number[2:]}."))
    assert "somebody's number" in play.checks.breaches.pop()

    mine = f"Call {other.number[2:]}, any time."
    play.witness.bonds[0].wrote.append(Wrote(play.world.clock.now(), other, mine))
    play.checks.saw_text(who, a_text(play, who, f"{other.name}: {mine}"))
    assert play.checks.breaches == []


def test_a_ring_at_night_is_seen(play: Play) -> None:
    who = play.people[0]
    home, who.zone = who.zone, ZoneInfo("Asia/Tokyo")
    play.checks.saw_ring(who)
    who.zone = home
    assert "was rung at 01:00" in play.checks.breaches[0]


def test_a_call_that_was_on_its_way_when_somebody_moved_goes_by_where_they_lived(
    play: Play,
) -> None:
    who, now = play.people[0], play.world.clock.now()
    home, who.zone = who.zone, ZoneInfo("Asia/Tokyo")
    who.moved = home, now
    play.checks.saw_ring(who)
    assert play.checks.breaches == []
    who.moved = home, now - timedelta(minutes=2)
    play.checks.saw_ring(who)
    who.zone, who.moved = home, None
    assert "was rung at 01:00" in play.checks.breaches[0]


def test_a_phone_that_was_rung_in_a_call_is_seen(play: Play) -> None:
    play.world.emulator.phone(play.people[2].number).dial(MAIN)
    call = next(reversed(play.world.emulator.store.calls.values()))
    was = call.called, call.status
    call.called, call.status = play.people[2].number, "busy"
    play.checks.look_for_busy_phones()
    call.called, call.status = was
    assert "was rung while in a call" in play.checks.breaches[0]


def close_without_a_survey(session: Session) -> None:
    closed_at = START - timedelta(days=60)
    session.execute(update(Match).values(state=MatchState.CLOSED, closed_at=closed_at))


def answer_again(session: Session) -> None:
    answer = session.scalars(
        select(Answer).join(Conversation).where(Conversation.invitation_id.is_not(None))
    ).first()
    assert answer is not None
    again = {name: getattr(answer, name) for name in ("conversation_id", "question", "channel")}
    at = START + timedelta(days=DAYS, hours=-1)
    session.add(Answer(turn=99, prompt_version=1, value=answer.value, at=at, **again))


def lose_a_text(session: Session) -> None:
    newest = (
        select(Delivery.id).where(Delivery.carrier_sid.is_not(None)).order_by(Delivery.id.desc())
    )
    row = session.get_one(Delivery, session.scalars(newest).first())
    assert row.kind is not DeliveryKind.CALL
    row.status = DeliveryStatus.FAILED


def invent_a_text(session: Session) -> None:
    newest = select(Delivery).where(Delivery.carrier_sid.is_not(None)).order_by(Delivery.id.desc())
    session.scalars(newest).first().carrier_sid = "SM" + "0" * 32  # type: ignore[union-attr]


def lose_an_alert(session: Session) -> None:
    session.execute(delete(StaffTask).where(StaffTask.rule == "O1"))


def lose_receipts(session: Session) -> None:
    session.execute(delete(Receipt))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (close_without_a_survey, "was never asked how it was"),
        (answer_again, "was answered twice"),
        (lose_a_text, "a text is failed here and delivered at the carrier"),
        (invent_a_text, "the carrier knows nothing of the text SM000"),
        (lose_an_alert, "O1 should have been opened"),
        (lose_receipts, "texts of late, and we 0"),
    ],
)
def test_what_was_written_down_wrongly_is_seen(
    tampered: Callable[[Callable[[Session], object]], list[str]],
    change: Callable[[Session], object],
    words: str,
) -> None:
    breaches = tampered(change)
    assert [breach for breach in breaches if words in breach] != [], breaches


def test_the_summary_counts_ends_and_says_who_was_asked_most(play: Play) -> None:
    closing, closed = MatchState.CLOSING, MatchState.CLOSED
    states = {1: closing, 2: closed}
    with play.world.parts.db.transaction() as session:
        before = {match.id: match.state for match in session.scalars(select(Match))}
        for match in session.scalars(select(Match)):
            match.state, match.closure_reason = states[match.id], ClosureReason.GOAL_MET
    told = summary(play, DAYS)
    with play.world.parts.db.transaction() as session:
        for match in session.scalars(select(Match)):
            match.state, match.closure_reason = before[match.id], None
    assert "2 matches, of which closed 1 (goal_met 1)" in told
    assert re.search(r"webhooks \(/sms/status \d+, /sms/inbound \d+", told)


def test_people_come_in_by_themselves_by_keypad_and_by_text_and_are_matched() -> None:
    with open_world(START, seed=4) as world:
        play = begin(world, days=1, pairs=1, seed=4)
        rosa, ellen = play.people
        rosa.likes_calls = rosa.phone.landline = True
        rosa.phone.line_type = "landline"
        ellen.likes_calls = False
        for who in (rosa, ellen):
            who.temper, who.joins = PROMPT, True
        play = Play(world, play.people, Random(4))  # noqa: S311 - repeatable, no secret
        for who in (rosa, ellen):
            play.at(START + timedelta(hours=3), partial(play.join, who))
        play.at(START + timedelta(days=1), partial(play.match, rosa, ellen))
        for day in range(3):
            live_one_day(play, day)
        (bond,) = play.witness.bonds
        assert bond.pair == (rosa, ellen)
        heard = " ".join(caption.text for caption in rosa.phone.calls[0].captions)
        assert "Can this phone get texts" in heard
        assert ellen.phone.texts[0].body == "Hello, I have read about you"
        with world.parts.db.transaction() as session:
            assert set(session.scalars(select(Consent.channel))) == {Channel.VOICE, Channel.TEXT}
            proposal = session.scalars(select(Proposal)).one()
            assert proposal.state is ProposalState.ACCEPTED
            assert proposal.match_id == bond.match_id
        assert play.checks.breaches == []


def test_two_of_whom_one_does_not_answer_a_proposal_are_matched_all_the_same() -> None:
    with open_world(START, seed=4) as world:
        play = begin(world, days=1, pairs=1, seed=4)
        rosa, ellen = play.people
        for who, temper in ((rosa, PROMPT), (ellen, SILENT)):
            who.temper, who.joins, who.likes_calls, who.phone.landline = temper, True, False, False
        play = Play(world, play.people, Random(4))  # noqa: S311 - repeatable, no secret
        for who in (rosa, ellen):
            play.coordinator.add(who)
        play.match(rosa, ellen)
        for day in range(6):
            live_one_day(play, day)
        with world.parts.db.transaction() as session:
            proposal = session.scalars(select(Proposal)).one()
            assert proposal.state is ProposalState.LAPSED
        (bond,) = play.witness.bonds
        assert bond.opened_at > START + timedelta(days=3)
        assert rosa.line == ellen.line == bond.line
        assert play.checks.breaches == []
