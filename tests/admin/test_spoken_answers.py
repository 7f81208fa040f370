"""Spoken answers: heard for a reason, typed by staff, and read from then on (A32)."""

import re
from uuid import uuid4

from sqlalchemy import select

from mentoring.models import Answer, Channel, Conversation, Purpose, Recording, StaffTask
from mentoring.people import person_with_code
from tests.admin.conftest import Screen, Site
from tests.admin.test_pages import audit
from tests.admin.test_spoken import hear, recorded, typing


def answered(site: Site, question: str = "PB2") -> int:
    """Let Denise have said an answer after the tone; returns the number of its recording."""
    spoken = recorded(site, Purpose.ANSWER)
    now = site.clock.now()
    with site.db.transaction() as session:
        denise = person_with_code(session, "P05")
        talk = session.scalars(
            select(Conversation).where(Conversation.person_id == denise.id).limit(1)
        ).one()
        session.get_one(Recording, spoken).conversation_id = talk.id
        answer = Answer(key=uuid4())
        answer.conversation_id, answer.person_id = talk.id, denise.id
        answer.question, answer.prompt_version, answer.turn = question, 1, 99
        answer.channel, answer.at = Channel.VOICE, now
        answer.words_sealed = session.vault.seal("", place=answer.place("words_sealed"))
        session.add(answer)
    return spoken


def reads_answers(screen: Screen) -> None:
    """See what Denise told us."""
    screen.opens("/desk/people/P05/answers")
    screen.sends("/desk/people/P05/answers", reason="To type what she said.")


def test_a_spoken_answer_is_heard_typed_and_read_from_then_on(
    site: Site, charlotte: Screen
) -> None:
    spoken = answered(site)
    reads_answers(charlotte)
    assert f"Listen to recording {spoken}" in charlotte.words
    hear(charlotte, spoken)
    assert "data-player" in charlotte.page.text
    assert re.search(r'<textarea[^>]* lang="en"', charlotte.page.text)
    typing(charlotte, "I mend clothes.")

    assert f"Recording {spoken} is written down with the answer." in charlotte.words
    reads_answers(charlotte)
    assert "I mend clothes." in charlotte.words
    assert f"Listen to recording {spoken}" not in charlotte.words
    with site.db.transaction() as session:
        assert session.get_one(Recording, spoken).heard_at is not None
    looked = (f"typed recording {spoken}", "P05", "to keep it with the answer")
    assert looked in audit(site)


def test_an_answer_that_was_typed_meanwhile_is_not_written_over(
    site: Site, charlotte: Screen
) -> None:
    spoken = answered(site)
    hear(charlotte, spoken)
    form = charlotte.page.text
    typing(charlotte, "I mend clothes.")
    action = re.search(r'action="(/desk/recordings/[^"]+)"', form)
    assert action is not None
    charlotte.sends(action[1], words="Something else.")
    assert f"Recording {spoken} was typed already." in charlotte.words
    reads_answers(charlotte)
    assert "I mend clothes." in charlotte.words


def test_what_a_spoken_answer_turns_out_to_say_is_heeded(site: Site, charlotte: Screen) -> None:
    spoken = answered(site)
    hear(charlotte, spoken)
    typing(charlotte, "I want to die.")
    with site.db.transaction() as session:
        rules = session.scalars(select(StaffTask.rule).order_by(StaffTask.id.desc()).limit(1)).all()
    assert rules == ["O11"]


def test_a_spoken_name_is_not_typed_here_for_it_would_count_for_nothing(
    site: Site, charlotte: Screen
) -> None:
    hear(charlotte, answered(site, "PA2"))
    assert "Type the answer" not in charlotte.words
