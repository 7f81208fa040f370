"""The news of a voice note offers it in writing, and takes the answer on the line of the two."""

from mentoring.announcements import ask_staff_to_type
from mentoring.db import Session
from mentoring.notes import unheard_spoken_note
from mentoring.routing import Route
from sms.letters import Letter
from sms.replies import Replies


def ask_for_writing(session: Session, letter: Letter, route: Route, replies: Replies) -> bool:
    """Have the note typed that they were told of, if this asks for it (T-CL3)."""
    if letter.body.strip() != "1":
        return False
    note = unheard_spoken_note(session, route, now=letter.now)
    if note is None:
        return False
    ask_staff_to_type(session, note, route.mine.person, now=letter.now)
    replies.prompt("T-TYPE", person=route.mine.person)
    return True
