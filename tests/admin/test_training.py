"""The training of a mentor: tips are noted on their page, and count beside lessons and talk."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import Connection, select

from mentoring.models import (
    CallLeg,
    Channel,
    LegSide,
    PersonState,
    ScreeningCheck,
    TrainingTalk,
)
from mentoring.people import person_with_code
from tests.admin.conftest import Screen, Site
from tests.admin.test_applications import does, reference_ids, state, ticks_talk
from tests.admin.test_pages import audit
from tests.databases import StatementCounter
from tests.make import make_answer, make_conversation

MENTOR = "/desk/people/M06"
TIPS = {"held_on": "2026-03-02", "how": "call", "minutes": "20", "reason": "how to begin"}


def asks_for(site: Site, minutes: int) -> None:
    """Let the programme ask for so many minutes of training."""
    site.db.programme = replace(site.db.programme, training_minutes=minutes)


def notes(screen: Screen, **fields: str) -> None:
    """Note training of the mentor."""
    screen.opens(f"{MENTOR}/training")
    screen.sends(f"{MENTOR}/training", **{**TIPS, **fields})


def test_tips_are_noted_and_count(site: Site, charlotte: Screen) -> None:
    charlotte.opens(MENTOR)
    assert "No tips are noted yet." in charlotte.words
    assert "The programme sets no minimum." in charlotte.words

    notes(charlotte)
    notes(charlotte, how="text", minutes="1")

    assert "The training is noted, and counts." in charlotte.words
    assert "tips 21)." in charlotte.words
    assert charlotte.rows("Tips after the orientation, the newest first") == [
        ["Mon, Mar 2, 2026", "text", "1", "Charlotte"],
        ["Mon, Mar 2, 2026", "call", "20", "Charlotte"],
    ]
    assert audit(site)[-2] == (
        "noted training",
        "M06",
        "call, 2026-03-02, 20 minutes: how to begin",
    )


def test_lessons_by_call_the_live_talk_and_tips_make_one_sum(site: Site, charlotte: Screen) -> None:
    asks_for(site, 60)
    with site.db.transaction() as session:
        mentor, now = person_with_code(session, "M06"), site.clock.now()
        call = make_conversation(
            session, mentor, "orientation_mentor", channel=Channel.VOICE, now=now
        )
        for turn, key in enumerate(("OM1", "OM2"), start=1):
            at = now + timedelta(minutes=turn)
            make_answer(session, call, key, value="1", turn=turn, now=at)
        session.add(
            CallLeg(
                call_sid="CA" + "1" * 32,
                side=LegSide.CALLER,
                phone_id=mentor.phone_id,
                status="completed",
                seconds=540,
                started_at=now,
                ended_at=now + timedelta(minutes=9),
            )
        )
        chosen = select(ScreeningCheck).where(ScreeningCheck.person_id == mentor.id)
        talk = session.scalars(chosen.where(ScreeningCheck.item == "orientation_talk")).one()
        talk.minutes = 25
    charlotte.opens(MENTOR)
    assert (
        "Training so far: 34 minutes of 60 (lessons by phone 9, live talk 25, tips 0):"
        " below the minimum of the programme." in charlotte.words
    )

    notes(charlotte, minutes="26")

    assert (
        "Training so far: 60 minutes of 60 (lessons by phone 9, live talk 25, tips 26)."
        in charlotte.words
    )
    assert "below the minimum" not in charlotte.words


def test_a_slip_is_taken_back(site: Site, charlotte: Screen) -> None:
    notes(charlotte)
    charlotte.opens(f"{MENTOR}/training-back")
    charlotte.sends(f"{MENTOR}/training-back", which="2026-03-02 call", reason="Another mentor.")

    assert "The training is taken back." in charlotte.words
    assert "tips 0)" in charlotte.words
    assert f"{MENTOR}/training-back" not in charlotte.page.text
    assert audit(site)[-1][:2] == ("took back training", "M06")
    with site.db.transaction() as session:
        assert session.query(TrainingTalk).count() == 0


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"minutes": ""}, "Enter how many minutes it took."),
        ({"minutes": "0"}, "Enter whole minutes from 1 to 480, such as 25."),
        ({"minutes": "an hour"}, "Enter whole minutes from 1 to 480, such as 25."),
        ({"held_on": "2031-03-02"}, "That day is still to come."),
        ({"held_on": "1999-03-02"}, "That day is more than ten years ago."),
        ({"how": "pigeon"}, "Choose how it was held."),
        ({"reason": " "}, "Say in a few words what it was about."),
    ],
)
def test_what_cannot_be_is_refused_with_a_sentence(
    site: Site, charlotte: Screen, fields: dict[str, str], said: str
) -> None:
    notes(charlotte, **fields)
    assert charlotte.page.status_code == 422
    assert said in charlotte.words
    with site.db.transaction() as session:
        assert session.query(TrainingTalk).count() == 0


def test_proteges_have_no_training(charlotte: Screen) -> None:
    charlotte.opens("/desk/people/P01")
    assert "Training so far" not in charlotte.words
    assert charlotte.opens("/desk/people/P01/training").status_code == 404


def test_too_little_training_is_said_at_the_decision_and_keeps_nobody_back(
    site: Site, charlotte: Screen
) -> None:
    asks_for(site, 30)
    below = "Training so far: 0 minutes of 30 (lessons by phone 0, live talk 0, tips 0): below"
    charlotte.opens("/desk/applications/M12")
    assert f"Training {below}" in charlotte.words

    ticks_talk(charlotte, "M12")
    (open_one,) = reference_ids(site)
    does(charlotte, "M12", f"references/{open_one}", verdict="good", told="Patient.")
    does(charlotte, "M12", "decision", outcome="eligible", because="fits")

    assert f"It is decided. {below} the minimum of the programme. That keeps nobody back" in (
        charlotte.words
    )
    assert state(site, "M12") is PersonState.ORIENTATION
    charlotte.opens("/desk/applications/M12")
    orientation = {"item": "orientation_talk", "held_on": "2026-03-02", "how": "call"}
    charlotte.sends("/desk/applications/M12/check", **orientation, minutes="30")
    assert "It is on file." in charlotte.words
    assert "That keeps nobody back" not in charlotte.words


def test_the_page_of_a_mentor_asks_little(site: Site, charlotte: Screen) -> None:
    assert isinstance(site.db.bind, Connection)
    with StatementCounter(site.db.bind.engine)() as statements:
        charlotte.opens("/desk/people/M01")
    assert "Training so far" in charlotte.words
    assert 0 < len(statements) <= 15
