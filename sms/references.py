"""A text from somebody who knows a mentor: the answer to the one question that they were asked."""

from mentoring.applications.referees import ASKS
from mentoring.applications.reference_texts import question_open, take_answer
from mentoring.db import Session
from mentoring.models import Person, Phone
from sms.keywords import Word
from sms.letters import Letter
from sms.relay import mask_private_digits
from sms.replies import Replies

_REPEATS = (Word.AGAIN, Word.MENU)


def take_reference(session: Session, letter: Letter, phone: Phone, replies: Replies) -> bool:
    """Take an answer about a mentor; False when nothing was asked, or it is for somebody else.

    PERSON and other commands go their own way, and so does a cry for help.
    """
    word = letter.reading.word
    if letter.flags.crisis or (word is not None and word not in _REPEATS):
        return False
    reference = question_open(session, phone, now=letter.now)
    if reference is None:
        return False
    if replies.are_too_many:
        # Two machines are talking to each other; what was said before is kept.
        return True
    person = session.get_one(Person, reference.person_id)
    if word in _REPEATS:
        replies.prompt(ASKS[-1], mentor=person.shown_name)
        return True
    words = mask_private_digits(letter.body)
    replies.prompt(take_answer(session, reference, words, now=letter.now))
    return True
