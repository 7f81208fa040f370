"""Answers to one text: queued in order, in the same thread, and never more than a person would."""

from functools import cached_property

from mentoring.conversations import Exchange, take
from mentoring.db import Session
from mentoring.editions.current import catalog_in
from mentoring.effects import Connect
from mentoring.facts import facts_for, language_of
from mentoring.flows import FLOWS
from mentoring.flows.inputs import Text
from mentoring.flows.render import write, written
from mentoring.interest import early_flow
from mentoring.models import Channel, Conversation, DeliveryKind, Line, Person, Phone
from mentoring.notices import queue_prompt
from mentoring.optouts import confirms_opt_out
from mentoring.phone import written as number_written
from mentoring.placeholders import params_in
from mentoring.queueing import queue_text, talks_to_a_machine
from mentoring.reception import welcome
from mentoring.routing import Refusal, route_of_side
from sms.letters import Letter
from sms.who import FLOW as WHO
from sms.who import named_in

_REFUSED = {Refusal.CLOSED: "T-ENDED", Refusal.PARTED: "T-CLOSED"}


class Replies:
    """Queues the answers to one text. Each has a key of its own, so a repeated text adds none."""

    def __init__(self, session: Session, letter: Letter, *, phone: Phone, line: Line) -> None:
        self._session = session
        self._phone = phone
        self._line = line
        self._sid = letter.message_sid
        self._now = letter.now
        self._written_at = letter.written_at
        self._count = 0
        # What was chosen by somebody of whom nothing is known yet.
        self.language = ""

    def prompt(self, key: str, *, person: Person | None = None, **known: str) -> None:
        """Answer with one prompt of the catalog."""
        if self.are_too_many and not confirms_opt_out(key):
            return
        self._count += 1
        queue_prompt(
            self._session,
            key,
            to=self._phone,
            line=self._line,
            kind=DeliveryKind.REPLY,
            dedupe_key=f"reply:{self._sid}:{self._count}",
            person=person,
            reply_to_at=self._written_at,
            known=known,
            language=self.language if person is None else "",
            now=self._now,
        )

    def text(self, body: str) -> None:
        """Answer somebody unknown with words of our own; an empty body is no answer."""
        if body:
            self._queue(body, person=None)

    def greet(self, waiting: Conversation | None, *, person: Person | None, body: str = "") -> None:
        """Go on with the open question, else offer the menu that fits; or say that it is too soon.

        Where it is asked first who writes, a name alone in the `body` has told it already.

        Before the service has started nothing is asked of whoever is with us already.
        """
        if self._is_too_soon(waiting):
            self.prompt("T-SOON", person=person)
            return
        exchange = welcome(
            self._session,
            phone=self._phone,
            waiting=waiting,
            channel=Channel.TEXT,
            call_sid=None,
            language=self.language,
            now=self._now,
        )
        asked = exchange.conversation
        if asked.flow == WHO and named_in(self._phone, body) is not None:
            self._session.flush()
            exchange = take(self._session, asked, Text(body), proof=self._sid, now=self._now)
        self.exchange(exchange)

    def _is_too_soon(self, waiting: Conversation | None) -> bool:
        if self._session.programme.is_live or waiting is not None:
            return False
        return early_flow(self._session, self._phone) == "not_started"

    def refuse(self, way: Refusal, *, person: Person | None) -> None:
        """Say kindly that a line is not theirs, or not any more; never whose it is."""
        self.prompt(_REFUSED.get(way, "T-REFUSE-PAIR"), person=person)

    def exchange(self, exchange: Exchange) -> None:
        """Answer with everything that a conversation says now: one question per text."""
        for body in self.texts_of(exchange):
            self._text(body, exchange.conversation)

    def texts_of(self, exchange: Exchange) -> list[str]:
        """Return everything that a conversation says now, as texts, and queue nothing."""
        conversation = exchange.conversation
        params = params_in(self._session, conversation, now=self._now)
        language = language_of(conversation)
        catalog = catalog_in(self._session, conversation)
        texts: list[str] = []
        for played in exchange.played:
            known = params.plus(**played.known)
            texts += (
                write(prompt, catalog=catalog, language=language, params=known)
                for prompt in played.prompts
            )
            if played.turn is not None and played.flow is not None:
                texts += written(
                    FLOWS[played.flow],
                    played.turn,
                    catalog=catalog,
                    language=language,
                    params=known,
                    facts=facts_for(self._session, conversation),
                )
        return texts

    def in_one_text(self, exchange: Exchange) -> str:
        """Return what is asked if one text holds it: a lesson comes when they want to go on."""
        texts = self.texts_of(exchange)
        return texts[0] if len(texts) == 1 else ""

    def _text(self, body: str, conversation: Conversation) -> None:
        if body:
            self._queue(body, person=conversation.person)

    def _queue(self, body: str, *, person: Person | None) -> None:
        if self.are_too_many:
            return
        self._count += 1
        queue_text(
            self._session,
            body,
            to=self._phone,
            line=self._line,
            kind=DeliveryKind.REPLY,
            dedupe_key=f"reply:{self._sid}:{self._count}",
            person=person,
            reply_to_at=self._written_at,
            now=self._now,
        )

    @cached_property
    def are_too_many(self) -> bool:
        """Whether this phone got so many answers of late that it must be a machine.

        Then nothing is answered but an opt-out, a return or a wrong number, each of which ends what
        goes on; and what it told is kept all the same.
        """
        return talks_to_a_machine(self._session, self._phone, now=self._now)

    def pair_line(self, effect: Connect) -> None:
        """Tell whoever asked for a call by text which line reaches the other one."""
        route = route_of_side(self._session, effect.side_id)
        if route is not None:
            self.prompt(
                "T-CALL",
                person=route.mine.person,
                mentor=route.other.person.shown_name,
                line=number_written(route.line.number),
            )
