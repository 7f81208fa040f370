"""What a caller or texter gets when a view fails: a sentence, and a way to a person.

Nobody can be looked up then, so it is said in each language that is offered.
"""

from collections.abc import Callable

from flask import request
from twilio.twiml.messaging_response import MessagingResponse
from twilio.twiml.voice_response import VoiceResponse

from mentoring.programme import Programme
from telephony.addresses import Addresses
from telephony.fallback import (
    is_dialled_leg,
    number_of_caller,
    params_without_database,
    say_and_take_message,
    say_in_each,
    written,
)
from telephony.webhooks import Medium


class Apology:
    """Apologises without a database, because the database may be what failed."""

    def __init__(self, addresses: Addresses, programme: Callable[[], Programme]) -> None:
        self._addresses = addresses
        self._programme = programme

    def __call__(self, medium: Medium) -> str:
        """Return the document: spoken with a transfer to a person, or texted."""
        programme = self._programme()
        params = params_without_database(programme, number_of_caller())
        if medium == "text":
            reply = MessagingResponse()
            for language in programme.languages:
                reply.message(written("T-FALL", language, params))
            return str(reply)
        response = VoiceResponse()
        # When even the way to a person fails, there is still the carrier, which can record.
        lost = request.path == self._addresses.PERSON
        if lost and not is_dialled_leg():
            left = self._addresses.fallback_left()
            say_and_take_message(response, "V-LOST", programme, params, then=left)
            return str(response)
        prompt = "V-LOST" if lost else "V-SORRY"
        say_in_each(response, (prompt,), programme, params)
        if lost:
            response.hangup()
        else:
            response.redirect(self._addresses.person())
        return str(response)
