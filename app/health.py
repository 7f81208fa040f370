"""One address that tells a monitor whether the service can do its work."""

from datetime import timedelta

from flask import Blueprint, Response
from sqlalchemy.exc import SQLAlchemyError

from mentoring.calendar.dues import oldest_waiting
from mentoring.clock import Clock
from mentoring.db import Database
from mentoring.outbox import oldest_due

# A text or a planned thing that waits longer than this means that nobody is at work.
_LATE = timedelta(minutes=5)


def health_blueprint(db: Database, clock: Clock) -> Blueprint:
    """Return /healthz: 200 `ok`, or 503 and the part that is ill."""
    blueprint = Blueprint("health", __name__)

    @blueprint.get("/healthz")
    def healthz() -> Response:
        try:
            with db.transaction() as session:
                waiting = oldest_due(session)
                planned = oldest_waiting(session)
        except SQLAlchemyError:
            return Response("The database does not answer.\n", 503, mimetype="text/plain")
        if waiting is not None and waiting < clock.now() - _LATE:
            return Response("Texts wait and nobody sends them.\n", 503, mimetype="text/plain")
        if planned is not None and planned < clock.now() - _LATE:
            return Response("What was planned is late.\n", 503, mimetype="text/plain")
        return Response("ok\n", mimetype="text/plain")

    return blueprint
