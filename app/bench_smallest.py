"""The smallest honest app, with which the bench compares ours.

It does what no text webhook can do without: check the signature, find who wrote, keep the text.
That is one indexed select and one insert, in one transaction, through the ORM; nothing more.
"""

import os
import threading
from contextlib import nullcontext
from typing import Any

from flask import Flask, Response, abort, request
from sqlalchemy import Engine, ForeignKey, String, select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from app.memory import keep_what_is_loaded
from mentoring.db import make_engine
from telephony.webhooks import validator_of

_ANSWER = '<?xml version="1.0" encoding="UTF-8"?><Response/>'


class Base(DeclarativeBase):
    """The base of the two records, beside our own tables in the same database."""


class Sender(Base):
    """Somebody who may write."""

    __tablename__ = "smallest_senders"

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(20), unique=True)


class Received(Base):
    """One text."""

    __tablename__ = "smallest_texts"

    id: Mapped[int] = mapped_column(primary_key=True)
    sender_id: Mapped[int] = mapped_column(ForeignKey("smallest_senders.id"))
    sid: Mapped[str] = mapped_column(String(34))
    body: Mapped[str] = mapped_column(String(1600))


def add_senders(engine: Engine, numbers: list[str]) -> None:
    """Make the two tables, and a sender for each number (E.164)."""
    Base.metadata.create_all(engine)
    with Session(engine) as session, session.begin():
        session.add_all(Sender(number=number) for number in numbers)


def make_app() -> Flask:
    """Return the app, on DATABASE_URL, behind PUBLIC_BASE_URL, with TWILIO_AUTH_TOKEN."""
    app = Flask("smallest")
    # Plain, but for SQLite's recipe, without which no app gets through a round.
    engine = make_engine(os.environ["DATABASE_URL"])
    base_url = os.environ["PUBLIC_BASE_URL"]
    validator = validator_of(os.environ["TWILIO_AUTH_TOKEN"])
    # Without it one thread in ten waits for seconds on SQLite, and any app would look fast beside.
    turn: Any = threading.Lock() if engine.dialect.name == "sqlite" else nullcontext()

    @app.post("/sms/inbound")
    def inbound() -> Response:
        url = base_url + request.full_path.removesuffix("?")
        if not validator.validate(url, request.form, request.headers.get("X-Twilio-Signature", "")):
            abort(403)
        with turn, Session(engine) as session, session.begin():
            sender = session.scalar(select(Sender).where(Sender.number == request.form["From"]))
            if sender is None:
                abort(404)
            text = Received(
                sender_id=sender.id, sid=request.form["MessageSid"], body=request.form["Body"]
            )
            session.add(text)
        return Response(_ANSWER, mimetype="text/xml")

    # As in ours: whatever makes both faster makes the comparison no better for us.
    keep_what_is_loaded()
    return app
