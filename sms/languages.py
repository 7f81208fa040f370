"""In which language somebody is written to: offered with the first text, changed by its name."""

from collections.abc import Mapping

from mentoring.conversations import go_on_in
from mentoring.db import Session
from mentoring.editions.current import catalog_for
from mentoring.flows.render import write
from mentoring.languages import ENGLISH
from mentoring.models import Conversation
from mentoring.rows import change_row
from sms.keywords import Word
from sms.letters import Letter, Writer
from sms.replies import Replies

LANGUAGE_WORDS: Mapping[Word, str] = {Word.ENGLISH: "en", Word.SPANISH: "es", Word.FRENCH: "fr"}


def change_language(
    session: Session,
    letter: Letter,
    writer: Writer,
    waiting: Conversation | None,
    replies: Replies,
) -> bool:
    """Write to somebody in the language that the text names from now on, and say so in it.

    False where it is not offered, or several people share the phone and nobody has said who writes:
    then it is a text like any other.
    """
    language = LANGUAGE_WORDS[letter.reading.word] if letter.reading.word else ""
    person = waiting.person if waiting is not None else writer.person
    if language not in session.programme.languages or (person is None and writer.phone.people):
        return False
    if person is not None:
        change_row(session, person, language=language)
    if waiting is not None:
        go_on_in(session, waiting, language, now=letter.now)
    replies.language = language
    replies.prompt("T-LANGOK", person=person)
    return True


def offer_of_languages(session: Session) -> str:
    """Return how to ask for each language but English, in that language; empty without a choice.

    This is the only text that holds more than one language.
    """
    others = [code for code in session.programme.languages if code != ENGLISH]
    catalog = catalog_for(session, None)
    return " ".join(write("T-LANG", catalog=catalog, language=code, params={}) for code in others)
