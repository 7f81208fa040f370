"""What a person hears or reads when the service itself cannot answer.

The carrier asks these addresses after a webhook has failed. They touch no database, no session
and no guard, so that nothing that broke the webhook can break them, and they say nothing about
anybody: only what the process knows of the programme, in each language that is offered. The same
documents serve from any static host (`bridgeline numbers fallback`): then they answer even if
all else is down.

A caller may leave a message, which only the carrier knows of. When the database is back, the sweep
finds it in the carrier's list: scheduling/collect.py.
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

# Nobody pauses for longer in a message, and nobody is there to ask whether that was all.
_SILENCE_SECONDS = 10
_LEFT = "/fallback/left"


def fallback_blueprint(programme: Callable[[], Programme]) -> Blueprint:
    """Return the addresses, which ask for the programme as this process knows it."""
    blueprint = Blueprint("fallback", __name__, url_prefix="/fallback")

    @blueprint.route("/voice", methods=["GET", "POST"])
    def voice() -> Response:
        """Answer the spoken apology; to whoever has left a message by then, the thanks for it."""
        if _failed_after_message():
            return left()
        document = spoken_fallback(
            programme(), caller=number_of_caller(), takes_message=not is_dialled_leg()
        )
        return Response(document, mimetype="text/xml")

    @blueprint.route("/left", methods=["GET", "POST"])
    def left() -> Response:
        """Answer the thanks for a message."""
        document = thanks_for_message(programme(), caller=number_of_caller())
        return Response(document, mimetype="text/xml")

    @blueprint.route("/text", methods=["GET", "POST"])
    def text() -> Response:
        """Answer the texted apology."""
        document = texted_fallback(programme(), caller=number_of_caller())
        return Response(document, mimetype="text/xml")

    return blueprint


def spoken_fallback(
    programme: Programme,
    *,
    caller: str = "",
    takes_message: bool = True,
    then: str = "left",
    method: str = "POST",
) -> str:
    """Return the document for calls, with the numbers in a crisis of the country of the caller.

    After a message the carrier goes on to `then`, which is seen from the address of this document.
    """
    response = VoiceResponse()
    params = params_without_database(programme, caller)
    if takes_message:
        say_and_take_message(response, "V-FAULT", programme, params, then=then, method=method)
    else:
        say_in_each(response, ("V-FAULT",), programme, params)
        response.hangup()
    return str(response)


def thanks_for_message(programme: Programme, *, caller: str = "") -> str:
    """Return the document that ends a call in which a message was left."""
    response = VoiceResponse()
    say_in_each(response, ("V-LEFT",), programme, params_without_database(programme, caller))
    response.hangup()
    return str(response)


def say_and_take_message(
    response: VoiceResponse,
    prompt: str,
    programme: Programme,
    params: Mapping[str, str],
    *,
    then: str,
    method: str = "POST",
) -> None:
    """Say what is wrong, record what the caller wants to leave, and say goodbye to silence.

    Without `then` the carrier would ask for this same document after each message, for ever.
    """
    say_in_each(response, (prompt, "V-LEAVE"), programme, params)
    twiml.record(
        response,
        action=then,
        method=method,
        silence=_SILENCE_SECONDS,
        longest=programme.message_seconds,
    )
    say_in_each(response, ("V-BYE",), programme, params)
    response.hangup()


def say_in_each(
    response: VoiceResponse,
    prompts: Sequence[str],
    programme: Programme,
    params: Mapping[str, str],
) -> None:
    """Say all of it in one language, and then in the next."""
    for language in programme.languages:
        for prompt in prompts:
            twiml.say(response, spoken(prompt, language, params), Voice(language))


def texted_fallback(programme: Programme, *, caller: str = "") -> str:
    """Return the document for texts, with the numbers in a crisis of the country of the texter."""
    reply = MessagingResponse()
    params = params_without_database(programme, caller)
    for language in programme.languages:
        reply.message(written("T-FAULT", language, params))
    return str(reply)


def number_of_caller() -> str:
    """Return the number that calls or texts, as far as the request can be read at all."""
    return _told("From")


def is_dialled_leg() -> bool:
    """Tell whether this is the leg of somebody whom a caller has rung, where nothing may record."""
    return bool(_told("ParentCallSid"))


def _failed_after_message() -> bool:
    """Tell whether it was the thanks that failed: the apology would ask for the message again."""
    return _told("ErrorUrl").partition("?")[0].endswith(_LEFT)


def _told(name: str) -> str:
    try:
        return request.values.get(name, "")
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
