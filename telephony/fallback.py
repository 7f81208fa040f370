"""What a person hears or reads when the service itself cannot answer.

The carrier asks these two addresses after a webhook has failed. They touch no database, no session
and no guard, so that nothing that broke the webhook can break them, and they say nothing about
anybody: only what the process knows of the programme, in each language that is offered. The same
two documents serve from any static host (`bridgeline numbers fallback`): then they answer even if
all else is down.
"""

from collections.abc import Callable, Mapping, Sequence

from flask import Blueprint, Response, request
from twilio.twiml.messaging_response import MessagingResponse
from twilio.twiml.voice_response import VoiceResponse
from werkzeug.exceptions import HTTPException

from mentoring.flows.catalog import Catalog
from mentoring.flows.render import say, write
from mentoring.programme import Programme
from telephony import twiml
from telephony.twiml import Voice


def fallback_blueprint(programme: Callable[[], Programme]) -> Blueprint:
    """Return the two addresses, which ask for the programme as this process knows it."""
    blueprint = Blueprint("fallback", __name__, url_prefix="/fallback")

    @blueprint.route("/voice", methods=["GET", "POST"])
    def voice() -> Response:
        """Answer the spoken apology."""
        document = spoken_fallback(programme(), caller=number_of_caller())
        return Response(document, mimetype="text/xml")

    @blueprint.route("/text", methods=["GET", "POST"])
    def text() -> Response:
        """Answer the texted apology."""
        document = texted_fallback(programme(), caller=number_of_caller())
        return Response(document, mimetype="text/xml")

    return blueprint


def spoken_fallback(programme: Programme, *, caller: str = "") -> str:
    """Return the document for calls, with the numbers in a crisis of the country of the caller."""
    response = VoiceResponse()
    params = params_without_database(programme, caller)
    for language in programme.languages:
        twiml.say(response, spoken("V-FAULT", language, params), Voice(language))
    response.hangup()
    return str(response)


def texted_fallback(programme: Programme, *, caller: str = "") -> str:
    """Return the document for texts, with the numbers in a crisis of the country of the texter."""
    reply = MessagingResponse()
    params = params_without_database(programme, caller)
    for language in programme.languages:
        reply.message(written("T-FAULT", language, params))
    return str(reply)


def number_of_caller() -> str:
    """Return the number that calls or texts, as far as the request can be read at all."""
    try:
        return request.values.get("From", "")
    except HTTPException:
        return ""


def params_without_database(programme: Programme, caller: str) -> Mapping[str, str]:
    """Return the placeholders of what is said when nothing can be looked up."""
    in_danger = programme.crisis_numbers_for(caller)
    return {
        "org": programme.org_name,
        "staff": programme.staff_name,
        "emergency": in_danger.emergency,
        "crisis": in_danger.crisis_line,
    }


def spoken(prompt: str, language: str, params: Mapping[str, str]) -> Sequence[str]:
    """Return the pieces of a prompt as it was shipped."""
    return say(prompt, catalog=Catalog.load(), language=language, params=params)


def written(prompt: str, language: str, params: Mapping[str, str]) -> str:
    """Return the text of a prompt as it was shipped."""
    return write(prompt, catalog=Catalog.load(), language=language, params=params)
