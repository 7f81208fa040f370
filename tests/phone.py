"""Somebody with a telephone, so that a test reads like the call: they call, hear, press and say.

    denise = town.caller(DENISE)
    denise.calls(MAIN)
    denise.hears("Hello again", "press 1")
    denise.presses("1")

After each act the person listens until the line waits for them, rings on, or is dead. `hears` looks
at what was heard since that act, so a sentence from before never makes a test pass.
"""

from telephony.emulator import Emulator
from telephony.emulator.phones import Phone

# Longer than any wait of the service; a person who waits longer has met a dead line.
_PATIENCE_SECONDS = 300.0
# Who expects to hear something waits a little for it: longer than the line waits for a key after
# its last words, and less long than it waits for an answer.
_A_MOMENT = 9


class Caller:
    """One person on one handset. Seconds are those of the emulator's clock."""

    def __init__(self, emulator: Emulator, handset: Phone) -> None:
        self._emulator = emulator
        self.handset = handset
        self._since = 0

    # -- what they do -------------------------------------------------------------------------

    def calls(self, number: str, *, from_override: str | None = None) -> str:
        """Dial one of our lines and listen; returns what was heard."""
        self._mark()
        self.handset.dial(number, from_override=from_override)
        return self.listens()

    def answers(self) -> str:
        """Take the call that rings and listen."""
        self._mark()
        self.handset.answer()
        return self.listens()

    def presses(self, keys: str) -> str:
        """Press keys and listen."""
        self._mark()
        self.handset.press(keys)
        return self.listens()

    def says(self, words: str, confidence: float | None = 0.95) -> str:
        """Say something to the line and listen."""
        self._mark()
        self.handset.say(words, confidence)
        return self.listens()

    def talks(self, words: str) -> None:
        """Say something to the other person."""
        self.handset.talk(words)

    def records(self, words: str, *, end: str = "#") -> str:
        """Wait for the beep, speak, press a key, and listen; with an empty `end` no key."""
        self.waits_for_the_beep()
        self._mark()
        self.handset.say(words)
        if not end:
            return ""
        self.handset.press(end)
        return self.listens()

    def waits_for_the_beep(self) -> None:
        """Let time pass until the line records."""
        for _ in range(int(_PATIENCE_SECONDS)):
            call = self.handset.call
            assert call is not None, f"The call ended before the beep: {self.heard}"
            if call.leg.recording:
                return
            self._emulator.advance(0.5)
        raise AssertionError("There was no beep.")

    def waits(self) -> str:
        """Stay silent until the line says something more, and listen to it."""
        self._mark()
        before, waited = len(self.handset.heard), 0.0
        while len(self.handset.heard) == before:
            assert waited < _PATIENCE_SECONDS, "The line said nothing more."
            self._emulator.advance(1)
            waited += 1
        return self.listens()

    def hangs_up(self) -> None:
        """Put the receiver down."""
        self.handset.hang_up()

    # -- what they notice ---------------------------------------------------------------------

    @property
    def heard(self) -> str:
        """What the line or the other person said since the last act."""
        return " ".join(caption.text for caption in self.handset.heard[self._since :])

    @property
    def is_in_call(self) -> bool:
        """Whether their phone is in a call, or rings."""
        return self.handset.call is not None

    def listens(self) -> str:
        """Listen on; returns what was heard since the last act."""
        self.handset.listen()
        return self.heard

    def hears(self, *phrases: str) -> str:
        """Listen on, and check that each phrase was heard since the last act, in that order."""
        words, place = self.listens(), 0
        for phrase in phrases:
            for _ in range(_A_MOMENT):
                if phrase in words[place:] or not self.is_in_call:
                    break
                self._emulator.advance(1)
                words = self.listens()
            found = words.find(phrase, place)
            assert found >= 0, f"{phrase!r} was not heard (in this order) in: {words}"
            place = found + len(phrase)
        return words

    def hears_none_of(self, *phrases: str) -> None:
        """Check that no phrase was heard since the last act."""
        words = self.listens()
        for phrase in phrases:
            assert phrase not in words, f"{phrase!r} was heard in: {words}"

    def _mark(self) -> None:
        self._since = len(self.handset.heard)
