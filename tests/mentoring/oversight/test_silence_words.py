"""What somebody who waits is told: what is known, kindly, and nothing that is not theirs."""

from collections.abc import Mapping
from datetime import timedelta

import pytest

from mentoring.db import Session
from mentoring.flows.catalog import Catalog
from mentoring.flows.render import write
from mentoring.models import (
    ContactKind,
    InvitationState,
    Match,
    OptOutKind,
    Outcome,
    PersonState,
    Role,
)
from mentoring.optouts import refuse
from mentoring.oversight.nudge import nudge
from mentoring.oversight.silence_words import silence_words
from mentoring.oversight.sweep import oversee
from tests.make import NOW, make_text
from tests.watch import DAY, HOUR, answer, invite, log, make_pair, person_of

TEXT, CALL = ContactKind.TEXT, ContactKind.CALL


@pytest.fixture
def match(session: Session) -> Match:
    return make_pair(session)


def told(session: Session, match: Match) -> str | None:
    """Return the prompt that the protege, Ben, is told."""
    words = silence_words(session, match.id, person_of(match), NOW + DAY)
    return words[0] if words else None


@pytest.mark.parametrize(
    ("kind", "outcome", "prompt"),
    [
        (TEXT, Outcome.DELIVERED, "T-SIL1"),
        (TEXT, Outcome.SENT, "T-SIL1"),
        (ContactKind.NOTE, Outcome.NOTE_LEFT, "T-SIL1"),
        (TEXT, Outcome.UNDELIVERED, "T-SIL2"),
        (CALL, Outcome.NO_ANSWER, "T-SIL2"),
        (CALL, Outcome.FAILED, "T-SIL2"),
    ],
)
def test_whoever_waits_is_told_how_far_the_newest_try_came(
    session: Session, match: Match, kind: ContactKind, outcome: Outcome, prompt: str
) -> None:
    log(session, match, kind, outcome)
    assert told(session, match) == prompt


def test_an_opt_out_reads_like_a_phone_that_is_off(session: Session, match: Match) -> None:
    refuse(session, person_of(match, Role.MENTOR).phone, OptOutKind.TEXTS, source="text", now=NOW)
    log(session, match, TEXT, Outcome.BLOCKED)
    assert told(session, match) == "T-SIL2"


def test_alerts_and_answers_of_the_other_side_change_no_word(
    session: Session, match: Match
) -> None:
    log(session, match, TEXT, Outcome.DELIVERED)
    before = told(session, match)
    answer(session, match, "CK1", "1", role=Role.MENTOR)
    answer(session, match, "CK4", "yes", role=Role.MENTOR)
    assert oversee(session, now=NOW) == 2
    assert told(session, match) == before == "T-SIL1"


def test_a_break_with_a_day_is_told_with_it(session: Session, match: Match) -> None:
    log(session, match, TEXT, Outcome.DELIVERED)
    ada = person_of(match, Role.MENTOR)
    ada.state = PersonState.ON_BREAK
    assert told(session, match) == "T-SIL5"
    ada.profile = {"away_until": "2026-03-20"}
    words = silence_words(session, match.id, person_of(match), NOW)
    assert words == ("T-SIL3", {"name": "Ada", "date": "Fri, Mar 20"})
    words = silence_words(session, match.id, person_of(match), NOW + 18 * DAY)
    assert words == ("T-SIL5", {"name": "Ada"})


def test_whoever_was_told_of_the_call_has_been_nudged(session: Session, match: Match) -> None:
    missed = log(session, match, CALL, Outcome.NO_ANSWER)
    ada = person_of(match, Role.MENTOR)
    make_text(session, "", to=ada.phone, line=match.line, contact=missed, prompt="T-CL2")
    assert told(session, match) == "T-SIL4"


def test_whoever_was_asked_how_it_goes_since_the_try_has_been_nudged(
    session: Session, match: Match
) -> None:
    log(session, match, TEXT, Outcome.DELIVERED, back=True)
    invite(session, match, InvitationState.ASKED, at=NOW + HOUR, flow="quiet_pair")
    # The protege was asked, so it is the mentor who is told of it.
    words = silence_words(session, match.id, person_of(match, Role.MENTOR), NOW + DAY)
    assert words == ("T-SIL4", {"name": "Ben"})


def test_whoever_was_told_that_a_text_has_no_answer_has_been_nudged(
    session: Session, match: Match
) -> None:
    log(session, match, TEXT, Outcome.DELIVERED)
    ada = person_of(match, Role.MENTOR)
    make_text(session, "", to=ada.phone, line=match.line, prompt="T-UNANS")
    assert told(session, match) == "T-SIL4"


@pytest.mark.parametrize("since", [HOUR, -HOUR])
def test_whoever_was_told_of_the_silence_since_the_try_has_been_nudged(
    session: Session, match: Match, since: timedelta
) -> None:
    log(session, match, TEXT, Outcome.DELIVERED)
    nudge(session, match, number=1, now=NOW + since)
    assert told(session, match) == ("T-SIL4" if since > timedelta() else "T-SIL1")


@pytest.mark.parametrize("is_answered", [True, False])
def test_nobody_waits_before_the_first_try_or_after_an_answer(
    session: Session, match: Match, is_answered: bool
) -> None:
    if is_answered:
        log(session, match, TEXT, Outcome.DELIVERED)
        log(session, match, TEXT, Outcome.DELIVERED, back=True, at=NOW + HOUR)
    assert told(session, match) is None


def test_nobody_waits_after_a_talk_or_while_a_text_is_on_its_way(
    session: Session, match: Match
) -> None:
    log(session, match)
    assert told(session, match) is None
    log(session, match, TEXT, Outcome.QUEUED, at=NOW + HOUR)
    assert told(session, match) is None


@pytest.mark.parametrize("prompt", ["T-SIL1", "T-SIL2", "T-SIL3", "T-SIL4", "T-SIL5"])
def test_no_word_tells_of_alerts_opt_outs_or_answers(prompt: str) -> None:
    known: Mapping[str, str] = {"name": "Ada", "date": "Fri, Mar 20"}
    written = write(prompt, catalog=Catalog.load(), params=known).lower()
    for secret in ("alert", "stop", "opt", "block", "refuse", "check-in", "rating", "worry"):
        assert secret not in written
