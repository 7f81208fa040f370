"""What a caller or texter gets when a view fails: a sentence, and a way to a person."""

from collections.abc import Callable

from flask import request
from twilio.twiml.messaging_response import MessagingResponse
from twilio.twiml.voice_response import VoiceResponse

from mentoring.flows.catalog import Catalog
from mentoring.flows.render import say, write
from mentoring.programme import Programme
from telephony import twiml
from telephony.addresses import Addresses
from telephony.twiml import Voice
from telephony.webhooks import Medium


class Apology:
    """Apologises without a database, because the database may be what failed."""

    def __init__(self, addresses: Addresses, programme: Callable[[], Programme]) -> None:
        self._addresses = addresses
        self._programme = programme

    def __call__(self, medium: Medium) -> str:
        """Return the document: spoken with a transfer to a person, or texted."""
        programme = self._programme()
        params = {"org": programme.org_name, "staff": programme.staff_name}
        if medium == "text":
            reply = MessagingResponse()
            reply.message(write("T-FALL", catalog=Catalog.load(), params=params))
            return str(reply)
        response = VoiceResponse()
        # When even the way to a person fails, saying so kindly is all that is left.
        lost = request.path == self._addresses.PERSON
        prompt = "V-LOST" if lost else "V-SORRY"
        twiml.say(response, say(prompt, catalog=Catalog.load(), params=params), Voice())
        if lost:
            response.hangup()
        else:
            response.redirect(self._addresses.person())
        return str(response)
