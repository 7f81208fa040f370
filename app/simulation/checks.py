"""What must hold on every day of a simulation, looked at from outside.

Each check compares what the phones and the pretend carrier have seen with what is promised, or with
what the service has written down. None of them asks the code that it checks.
"""

import re
from collections import Counter
from datetime import datetime, time, timedelta
from urllib.parse import parse_qs, urlsplit

from sqlalchemy import func, select
from sqlalchemy.orm import selectinload

from app.simulation.coordinator import Coordinator
from app.simulation.oracles import Oracles
from app.simulation.somebody import NEVER, Somebody
from app.simulation.witness import Witness, Wrote
from app.simulation.world import MAIN, PAIR_LINES, STAFF, World
from mentoring.db import Session
from mentoring.models import (
    Answer,
    CallLeg,
    Contact,
    ContactKind,
    Conversation,
    Delivery,
    DeliveryKind,
    DeliveryStatus,
    Invitation,
    Match,
    MatchSide,
    MatchState,
    Receipt,
)
from telephony.emulator import Text
from telephony.emulator.store import MessageRecord

_FROM, _UNTIL = time(8), time(21)
# Who has just written gets an answer at any hour.
_A_REPLY = timedelta(minutes=15)
_LATELY = timedelta(days=7)
# What did not arrive waits to be tried again, or is let go when it was answered or may not be sent
# any more.
_NOT_TRIED_AGAIN_YET = ("queued", "expired", "blocked")
# A text that did not arrive may be tried again for so long.
_TRIED_FOR = timedelta(days=3)
_TWICE = timedelta(minutes=2)
_A_NIGHT = timedelta(days=1)
# What the carrier has taken before somebody opted out or moved still arrives.
_IN_FLIGHT = timedelta(minutes=1)
_TRIED_WITHIN = timedelta(days=21)
_NUMBER = re.compile(r"(?<!\d)(?:\+?1[-. ]?)?\(?([2-9]\d\d)?\)?[-. ]?555[-. ]?01(\d\d)(?!\d)")
# What a text that was taken is called before it has left.
_AT_THE_CARRIER = {DeliveryStatus.ACCEPTED: "queued"}
# The number that is to be rung, and the random keys in addresses, in which any digits may stand.
_BESIDE_THE_WORDS = re.compile(r"<Number[^>]*>[^<]*</Number>|\b[0-9a-f]{32}\b")
_OWN = {number[2:] for number in (MAIN, STAFF, *PAIR_LINES)}
# A time that cannot be is answered by asking these for another one, which is another question.
_ASKED_AGAIN = ("talk_time", "last_talk")


class Checks:
    """Collects what does not hold, as sentences with the day on which it was seen."""

    def __init__(
        self, world: World, people: list[Somebody], coordinator: Coordinator, witness: Witness
    ) -> None:
        self.breaches: list[str] = []
        self.oracles = Oracles(witness, coordinator, self.say)
        self._world = world
        self._people = people
        self._witness = witness
        self._hooks_seen = 0
        # The matches of which it is known whether both sides were asked how it was.
        self._parted: set[int] = set()

    # -- as it happens --------------------------------------------------------------------------

    def saw_text(self, who: Somebody, text: Text) -> None:
        """Look at one text as it appears on somebody's phone."""
        word = text.body.strip().upper()
        if text.direction == "out":
            if word == "STOP":
                who.stops.append((text.at, NEVER))
            elif word == "START" and who.stops:
                who.stops[-1] = (who.stops[-1][0], text.at)
            return
        if text.carrier:
            return
        self._look_at_hours(who, text)
        if any(stop + _IN_FLIGHT < text.at < start for stop, start in who.stops):
            self.say(f"{who.code} was texted after STOP: {text.body[:60]}")
        by_partner = self._by_partner(who, text.body)
        if not by_partner:
            self._look_for_numbers(text.body, f"a text to {who.code}")
        for earlier in reversed(who.phone.texts[-6:]):
            if earlier is text:
                continue
            if earlier.at < text.at - _TWICE or earlier.direction == "out":
                break
            is_the_same = (earlier.peer, earlier.body) == (text.peer, text.body)
            # What a partner writes twice in a night comes twice in the morning.
            lately = [wrote for wrote in by_partner if wrote.at > text.at - _A_NIGHT]
            if is_the_same and len(lately) < 2:
                self.say(f"{who.code} got the same text twice: {text.body[:60]}")

    def saw_ring(self, who: Somebody) -> None:
        """Look at a phone that has begun to ring."""
        now = self._world.clock.now()
        if _is_night(who, now):
            self.say(f"{who.code} was rung at {now.astimezone(who.zone):%H:%M} on their clock")

    def _by_partner(self, who: Somebody, body: str) -> list[Wrote]:
        """Return when the partner has written it: what they tell of themselves is theirs."""
        bond = self._witness.bond_of(who)
        written = bond.wrote if bond is not None else []
        return [wrote for wrote in written if wrote.by is not who and body.endswith(wrote.body)]

    def _look_at_hours(self, who: Somebody, text: Text) -> None:
        if not _is_night(who, text.at):
            return
        lately = text.at - _A_REPLY
        wrote = any(t.direction == "out" and t.at >= lately for t in who.phone.texts[-12:])
        called = any(c.leg.record.created >= lately for c in who.phone.calls[-3:])
        if not wrote and not called:
            local = f"{text.at.astimezone(who.zone):%H:%M}"
            self.say(f"{who.code} was texted at {local} on their clock: {text.body[:60]}")

    # -- at the end of a day --------------------------------------------------------------------

    def end_day(self) -> None:
        """Look over the day: what was said, what was written down, and what should have been."""
        self._look_at_documents()
        self.look_for_busy_phones()
        self._witness.look_at_carrier()
        with self._world.parts.db.transaction() as session:
            self._witness.look_at_matches(session)
            self.look_at_rows(session)

    def look_at_rows(self, session: Session) -> None:
        """Hold what the service has written down against what the phones and the carrier know."""
        self._look_at_answers(session)
        self._look_at_closed_matches(session)
        self.oracles.look(session, self._world.clock.now())
        self._compare_texts(session)
        self._compare_calls(session)
        self._compare_legs(session)

    def _look_at_documents(self) -> None:
        hooks = self._world.emulator.webhooks
        for hook in hooks[self._hooks_seen :]:
            if hook.status is None or hook.status >= 400:
                self.say(f"a webhook was answered by {hook.status}: {hook.kind}")
            self._look_for_numbers(_BESIDE_THE_WORDS.sub("", hook.response_body), "a document")
        self._hooks_seen = len(hooks)

    def look_for_busy_phones(self) -> None:
        """Find phones that were rung on the day although they were in a call."""
        numbers = {who.number: who.code for who in self._people}
        since = self._world.clock.now() - timedelta(days=1)
        for call in reversed(self._world.emulator.store.calls.values()):
            if call.created < since:
                break
            if call.status == "busy" and call.called in numbers:
                self.say(f"{numbers[call.called]} was rung while in a call")

    def _look_at_answers(self, session: Session) -> None:
        """Look at what was answered on the day, beside all that was answered of the same kind."""
        since = self._world.clock.now() - timedelta(days=1)
        lately = select(Conversation.invitation_id).join(Answer).where(Answer.at >= since)
        twice = session.execute(
            select(Conversation.invitation_id, Answer.question)
            .join(Conversation)
            .where(Conversation.invitation_id.in_(lately), Answer.value != "later")
            .where(Conversation.flow.not_in(_ASKED_AGAIN))
            .group_by(Conversation.invitation_id, Answer.question)
            .having(func.count(Answer.id) > 1)
        )
        for invitation_id, question in twice:
            self.say(f"question {question} of invitation {invitation_id} was answered twice")

    def _look_at_closed_matches(self, session: Session) -> None:
        now = self._world.clock.now()
        refused = {who.code: who.stops for who in self._people if who.stops}
        over = Match.state == MatchState.CLOSED, Match.closed_at <= now - _TRIED_WITHIN
        new = set(session.scalars(select(Match.id).where(*over))) - self._parted
        if not new:
            return
        self._parted |= new
        closed = session.scalars(
            select(Match)
            .where(Match.id.in_(new))
            .order_by(Match.id)
            .options(selectinload(Match.sides).joinedload(MatchSide.person))
        )
        surveys = set(
            session.execute(
                select(Invitation.match_id, Invitation.person_id).where(
                    Invitation.match_id.in_(new),
                    Invitation.flow.startswith("survey_"),
                    Invitation.asked_at.is_not(None),
                )
            ).all()
        )
        for match in closed:
            for side in match.sides:
                asked = (match.id, side.person_id) in surveys
                stops = refused.get(side.person.code, [])
                # Who had opted out at that time, or has refused calls on a landline, is left alone.
                away = side.phone.calls_refused_at or any(
                    stop <= (match.closed_at or now) < start for stop, start in stops
                )
                if not asked and not away:
                    self.say(f"a side of {match.code} was never asked how it was")

    def _compare_texts(self, session: Session) -> None:
        """The outbox and the carrier know of the same texts of late, with the same fate."""
        lately = self._world.clock.now() - _LATELY
        theirs: dict[str, MessageRecord] = {}
        received = 0
        for sid, message in reversed(self._world.emulator.store.messages.items()):
            if message.created <= lately:
                break
            if message.direction == "inbound":
                received += 1
            elif message.direction == "outbound-api":
                theirs[sid] = message
        rows = session.execute(
            select(Delivery.carrier_sid, Delivery.key, Delivery.status, Delivery.attempts).where(
                Delivery.created_at > lately - _TRIED_FOR, Delivery.kind != DeliveryKind.CALL
            )
        ).all()
        ours = {sid: _AT_THE_CARRIER.get(status, status.value) for sid, _, status, _ in rows}
        tries = {key.hex: attempts for _, key, _, attempts in rows}
        for sid, message in theirs.items():
            told = ours.get(sid)
            if told == message.status:
                continue
            asked = parse_qs(urlsplit(message.callback).query)
            is_lost = message.status in ("undelivered", "failed")
            is_tried_again = tries.get(asked["d"][0], 0) > int(asked["n"][0])
            if not (is_lost and (told in _NOT_TRIED_AGAIN_YET or is_tried_again)):
                self.say(f"a text is {told} here and {message.status} at the carrier")
        sent = select(Delivery.carrier_sid).where(
            Delivery.carrier_sid.is_not(None),
            Delivery.kind != DeliveryKind.CALL,
            Delivery.created_at > lately,
        )
        for unknown in set(session.scalars(sent)) - set(self._world.emulator.store.messages):
            self.say(f"the carrier knows nothing of the text {unknown}")
        receipts = session.scalar(
            select(func.count())
            .select_from(Receipt)
            .where(Receipt.key.startswith("text:"), Receipt.at > lately)
        )
        if received != receipts:
            self.say(f"the carrier has received {received} texts of late, and we {receipts}")

    def _compare_calls(self, session: Session) -> None:
        """What the log calls a talk has lasted as long on the carrier's own record."""
        legs = self._world.emulator.store.calls
        talks = session.scalars(
            select(Contact).where(
                Contact.kind == ContactKind.CALL,
                Contact.two_way.is_(True),
                Contact.ended_at >= self._world.clock.now() - timedelta(days=1),
            )
        )
        for contact in talks:
            lasted = [c.seconds for c in legs.values() if c.parent_sid == contact.source_sid]
            if not any(abs(seconds - (contact.seconds or 0)) <= 30 for seconds in lasted):
                self.say(f"a talk of {contact.seconds} s is {lasted} s on the carrier's record")

    def _compare_legs(self, session: Session) -> None:
        """Both know of the same calls of late, each leg with the same end and as long.

        Those that we placed are the ones of the outbox. When a caller is put through to staff,
        what came of it stands in the log of that call, and not in a leg of its own.
        """
        lately = self._world.clock.now() - _LATELY
        theirs = {
            sid: call
            for sid, call in self._world.emulator.store.calls.items()
            if call.created > lately and (call.direction, call.called) != ("outbound-dial", STAFF)
        }
        legs = select(CallLeg.call_sid, CallLeg.status, CallLeg.seconds)
        rows = session.execute(legs.where(CallLeg.started_at > lately - _TRIED_FOR))
        # Whoever was never answered has not talked for so long.
        ours = {sid: (status, seconds or 0) for sid, status, seconds in rows}
        for sid, call in theirs.items():
            told = ours.get(sid)
            if told is None:
                self.say(f"we know nothing of a call ({call.direction}, {call.status})")
            elif call.over and told != (call.status, call.seconds):
                self.say(f"a call is {told} here, and {call.status, call.seconds} at the carrier")
        for sid in ours.keys() - self._world.emulator.store.calls.keys():
            self.say(f"the carrier knows nothing of the call {sid}")
        placed = select(Delivery.carrier_sid).where(
            Delivery.kind == DeliveryKind.CALL,
            Delivery.carrier_sid.is_not(None),
            Delivery.created_at > lately - _TRIED_FOR,
        )
        of_service = {sid for sid, call in theirs.items() if call.direction == "outbound-api"}
        for sid in of_service - set(session.scalars(placed)):
            self.say(f"the outbox knows nothing of the call {sid}")

    # -- inside ---------------------------------------------------------------------------------

    def _look_for_numbers(self, words: str, where: str) -> None:
        for found in _NUMBER.finditer(words):
            digits = f"{found[1] or '515'}55501{found[2]}"
            if digits not in _OWN:
                self.say(f"somebody's number stands in {where}")

    def say(self, words: str) -> None:
        """Write down what does not hold."""
        self.breaches.append(f"{self._world.clock.now():%Y-%m-%d %H:%M} {words}.")


def tally(breaches: list[str]) -> Counter[str]:
    """Count breaches by what they are about, without their days and codes."""
    return Counter(re.sub(r"[A-Z]+\d+|\d+", "#", words[17:]) for words in breaches)


def _is_night(who: Somebody, at: datetime) -> bool:
    """Tell whether it is night for somebody; what overtook their move goes by where they lived."""
    zones = [who.zone]
    if who.moved is not None and at <= who.moved[1] + _IN_FLIGHT:
        zones.append(who.moved[0])
    return not any(_FROM <= at.astimezone(zone).time() < _UNTIL for zone in zones)
