"""What a person hears or reads when the service itself cannot answer.

The carrier asks these two addresses after a webhook has failed. They touch no database, no session
and no guard, so that nothing that broke the webhook can break them, and they say nothing about
anybody. The same two files serve from any static host: then they answer even if all else is down.
"""

from pathlib import Path

from flask import Blueprint, Response

_FILES = Path(__file__).parent / "static"
_VOICE = (_FILES / "fallback-voice.xml").read_bytes()
_TEXT = (_FILES / "fallback-text.xml").read_bytes()

blueprint = Blueprint("fallback", __name__, url_prefix="/fallback")


@blueprint.route("/voice", methods=["GET", "POST"])
def voice() -> Response:
    """Answer the spoken apology, the same for every call."""
    return Response(_VOICE, mimetype="text/xml")


@blueprint.route("/text", methods=["GET", "POST"])
def text() -> Response:
    """Answer the texted apology, the same for every text."""
    return Response(_TEXT, mimetype="text/xml")
