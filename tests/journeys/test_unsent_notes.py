"""A voice note that was spoken and is not sent: its speaker chose otherwise, or it may not pass."""

from datetime import timedelta

import pytest

from mentoring.models import RecordingState
from mentoring.retention import blank_old_content
from tests.journeys.cast import LUIS, leave_nobody_on_duty, pair, reaches_the_note, recordings
from tests.journeys.test_voice_notes import opens_the_notes
from tests.town import STAFF, Town


@pytest.mark.parametrize("when", ["at the check", "as it ends"])
@pytest.mark.parametrize("staff_are", ["there", "away"])
def test_who_asks_for_a_person_instead_of_sending_the_note_has_sent_none(
    town: Town, staff_are: str, when: str
) -> None:
    pair(town)
    if staff_are == "away":
        leave_nobody_on_duty(town)
    rosa = reaches_the_note(town)
    if when == "at the check":
        rosa.records("You are a crook, Luis")
        rosa.hears("To send it press 2")
        rosa.presses("0")
    else:
        rosa.records("You are a crook, Luis", end="0")
    if staff_are == "away":
        rosa.hears("No one is free right now")
    else:
        staff = town.caller(STAFF)
        staff.answers()
        staff.presses("1")
        staff.hangs_up()
        rosa.hears("You can hang up now")
    rosa.hangs_up()
    town.pass_time(60)
    (told,) = town.phone(LUIS).inbox
    assert "Rosa tried to call you" in told.body
    opens_the_notes(town).hears("You have no new notes")
    (unsent,) = recordings(town)
    assert (unsent.sent_at, unsent.state) == (None, RecordingState.ERASED)
    with town.db.transaction() as session:
        blank_old_content(session, now=town.clock.now() + timedelta(days=91))
    assert recordings(town)[0].audio_sealed is None
