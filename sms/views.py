"""The text webhooks: verify, read, open the one transaction, call one function, answer."""

from flask import Blueprint, Response, request

from mentoring.clock import Clock
from mentoring.db import Database, Session
from sms.inbox import receive_text
from sms.letters import read_letter
from telephony.reports import take_report
from telephony.requests import parse_key, parse_status
from telephony.webhooks import Guard

# Every answer leaves through the outbox, so the carrier is told to do nothing.
_NOTHING = '<?xml version="1.0" encoding="UTF-8"?><Response/>'


class TextDesk:
    """The text views, with what they need: database and clock."""

    def __init__(self, db: Database, clock: Clock) -> None:
        self._db = db
        self._clock = clock

    def inbound(self) -> Response:
        """A text has reached one of our lines."""
        letter = read_letter(request.form, now=self._clock.now())
        self._db.run(lambda session: receive_text(session, letter))
        return Response(_NOTHING, mimetype="text/xml")

    def status(self) -> Response:
        """The carrier reports on a text of ours. Unknown ids are fine: their row may be gone."""
        told = parse_status(request.form)
        key = parse_key(request.args.get("d"))
        tries = request.args.get("n", "")
        now = self._clock.now()
        if key is None or not tries.isdecimal():
            return Response(status=204)

        def take(session: Session) -> None:
            take_report(
                session,
                key,
                sid=told.message_sid,
                tries=int(tries[:6]),
                status=told.status,
                code=told.error_code,
                now=now,
            )

        self._db.run(take)
        return Response(status=204)


def text_blueprint(guard: Guard, desk: TextDesk) -> Blueprint:
    """Return the text webhooks, all guarded."""
    blueprint = Blueprint("sms", __name__)
    methods = ["GET", "POST"]
    blueprint.add_url_rule("/sms/inbound", "inbound", guard.text(desk.inbound), methods=methods)
    blueprint.add_url_rule("/sms/status", "status", guard.callback(desk.status), methods=methods)
    return blueprint
