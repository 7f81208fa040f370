"""Calling one of the account's own numbers: two legs of the same carrier, joined back to back."""

from telephony.emulator.calls import Exchange
from telephony.emulator.leg import Leg, Voice
from telephony.emulator.script import Words
from telephony.emulator.speaking import speaking_seconds
from telephony.emulator.store import NumberRecord


class _FarSide:
    """The party of the inbound leg: what it hears comes out of the outgoing leg."""

    machine = False

    def __init__(self, outgoing: Leg) -> None:
        self._outgoing = outgoing

    def ring(self, _leg: Leg) -> None:
        """An inbound leg is never rung."""

    def hear(self, _leg: Leg, _voice: Voice, text: str, _language: str = "") -> None:
        """Pass the words on a moment later, when whoever dialled has noticed the answer."""
        words = Words(text, speaking_seconds(text))
        self._outgoing.hub.engine.soon(lambda: self._outgoing.speak(words))

    def hear_key(self, _leg: Leg, digit: str) -> None:
        self._outgoing.press(digit)

    def listening(self, _leg: Leg) -> None:
        """Nothing to do: whoever called has its own document."""

    def ended(self, leg: Leg) -> None:
        """The inbound leg is over, and so is the leg that reached it."""
        if self._outgoing.record.answered is not None:
            self._outgoing.end("completed")
        else:
            self._outgoing.end("busy" if leg.record.status == "busy" else "failed")


class Crosswire:
    """The party of a leg that was dialled to an own number: that number takes an inbound call."""

    machine = False

    def __init__(self, exchange: Exchange, number: NumberRecord) -> None:
        self._exchange = exchange
        self._number = number
        self._inbound: Leg | None = None

    def ring(self, leg: Leg) -> None:
        """Let the number take an inbound call; without a document for that the call fails."""
        if not self._number.setting("VoiceUrl"):
            leg.end("failed")
            return
        leg.rings()
        self._inbound = self._exchange.incoming(_FarSide(leg), leg.record.caller, self._number)
        self._inbound.on_pick_up = leg.pick_up

    def hear(self, _leg: Leg, _voice: Voice, text: str, _language: str = "") -> None:
        if self._inbound is not None:
            self._inbound.speak(Words(text, speaking_seconds(text)))

    def hear_key(self, _leg: Leg, digit: str) -> None:
        if self._inbound is not None:
            self._inbound.press(digit)

    def listening(self, _leg: Leg) -> None:
        """Nothing to do: the inbound leg has its own document."""

    def ended(self, _leg: Leg) -> None:
        if self._inbound is not None:
            self._inbound.hang_up()
