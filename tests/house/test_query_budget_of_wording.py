"""Edited wording costs a caller no waiting: only the request that first meets an edit reads it."""

from mentoring.clock import ManualClock
from mentoring.db import Database
from mentoring.editions.changes import Place, put_live, save_draft
from mentoring.editions.forms import Forms
from tests.house.line import IN_A_STEP, KIM, LUIS, PAIR, ROSA, Call, Line

NEW = "Welcome to {org}."


def test_after_an_edit_one_request_reads_it_and_all_others_ask_no_more(
    line: Line, db: Database, clock: ManualClock
) -> None:
    with db.transaction() as session:
        place = Place("V-GREET", "en", "")
        save_draft(session, place, Forms(voice=NEW), seen=0, note="", actor="test", now=clock.now())
        put_live(session, place, 1, actor="test", now=clock.now())
    call = Call(line, KIM)
    assert "Welcome to" in call.heard
    line.keeps_to(IN_A_STEP + 1)

    call.presses("1111112")
    assert "Welcome to" in Call(line, "+15155550149").heard
    Call(line, LUIS, PAIR).is_picked_up().presses("1")
    Call(line, ROSA).presses("32")
    line.keeps_to(IN_A_STEP)
