"""A text between two people goes on its way, whatever it holds; staff see what they must see."""

from dataclasses import replace

from mentoring.db import Session
from mentoring.oversight.silence_told import plan_words_for_silence
from mentoring.routing import Route
from mentoring.safety.flagged import flag_relayed, warn_partner
from sms.letters import Letter
from sms.relay import mask_private_digits, relay


def pass_on(session: Session, letter: Letter, route: Route) -> None:
    """Relay a text. A cry for help is explained to whoever gets it; the rest only staff see."""
    before = route.mine.last_text_day
    contact = relay(
        session,
        route,
        letter.body,
        message_sid=letter.message_sid,
        media=letter.media,
        now=letter.now,
    )
    if letter.flags.crisis:
        warn_partner(session, route, contact, now=letter.now)
    else:
        # To somebody in danger nobody says that some people need a few days.
        plan_words_for_silence(session, route, before, now=letter.now)
    told = mask_private_digits(letter.body)
    flags = letter.flags if told == letter.body else replace(letter.flags, money=True)
    if flags:
        flag_relayed(session, route, flags, told, now=letter.now)
