"""Every address that the carrier is told: absolute, built in one place, without any secret."""

from dataclasses import replace
from urllib.parse import urlencode
from uuid import UUID

from telephony.carrier import NumberHooks

# What a static host serves when nothing of ours answers.
STATIC_VOICE = "fallback-voice.xml"
STATIC_TEXT = "fallback-text.xml"


class Addresses:
    """The public addresses of our webhooks, under PUBLIC_BASE_URL."""

    PERSON = "/voice/person"

    def __init__(self, public_base_url: str) -> None:
        self._base = public_base_url.rstrip("/")

    def _at(self, path: str, **query: object) -> str:
        return f"{self._base}{path}" + (f"?{urlencode(query)}" if query else "")

    def turn(self, conversation: UUID, turn: int, **more: object) -> str:
        """Where the answer to a question goes: which conversation, and which turn of it."""
        return self._at("/voice/turn", c=conversation.hex, t=turn, **more)

    def dial_ended(self, contact: int) -> str:
        """Where a caller goes on when the dialled side has ended."""
        return self._at("/voice/dial-ended", k=contact)

    def once_more(self, contact: int, waited: int) -> str:
        """Where a caller goes on who has waited so often for the other side, who is rung again."""
        return self._at("/voice/once-more", k=contact, n=waited)

    def whisper(self, contact: int, **more: object) -> str:
        """What the person called hears before joining."""
        return self._at("/voice/whisper", k=contact, **more)

    def whisper_answer(self, contact: int, **more: object) -> str:
        """Where the person called says yes or no."""
        return self._at("/voice/whisper-answer", k=contact, **more)

    def leg(self, contact: int) -> str:
        """Where the carrier reports on the dialled leg."""
        return self._at("/voice/leg", k=contact)

    def person(self) -> str:
        """Where a call goes that must reach a person now, such as after an error of ours."""
        return self._at(self.PERSON)

    def person_ended(self, tried: int, visit: int) -> str:
        """Where a caller goes on when a member of staff did not answer, or the talk is over."""
        return self._at("/voice/person-ended", n=tried, r=visit)

    def person_whisper(self, task: int) -> str:
        """What a member of staff hears before joining."""
        return self._at("/voice/person-whisper", k=task)

    def person_accept(self, task: int) -> str:
        """Where a member of staff takes the call."""
        return self._at("/voice/person-accept", k=task)

    def message(self, visit: int, **more: object) -> str:
        """Where a message to staff arrives, and each step on the way to it."""
        return self._at("/voice/message", r=visit, **more)

    def last_words(self, prompt: str, visit: int) -> str:
        """Where a key goes that is pressed while a call says its last words."""
        return self._at("/voice/last-words", p=prompt, r=visit)

    def time_up(self, contact: int) -> str:
        """Where a key goes after a talk that its time limit has ended."""
        return self._at("/voice/time-up", k=contact)

    def recording(self) -> str:
        """Where the carrier says that a recording's file is there."""
        return self._at("/voice/recording")

    def audio(self, token: str) -> str:
        """Where the carrier fetches a note to play: unguessable, and gone after an hour."""
        return self._at(f"/audio/{token}")

    def text_status(self, key: UUID, tries: int) -> str:
        """Where the carrier reports on one text of ours, and on which attempt of it."""
        return self._at("/sms/status", d=key.hex, n=tries)

    def answered(self, key: UUID, **more: object) -> str:
        """What somebody hears whom the service itself has rung."""
        return self._at("/voice/outbound", d=key.hex, **more)

    def service_leg(self, key: UUID, tries: int) -> str:
        """Where the carrier reports on a call of the service, and on which attempt of it."""
        return self._at("/voice/service-leg", d=key.hex, n=tries)

    def fallback_voice(self) -> str:
        """Where the carrier asks what to say when we do not answer: it always speaks."""
        return self._at("/fallback/voice")

    def fallback_left(self) -> str:
        """Where a message goes on that was recorded while we did not answer."""
        return self._at("/fallback/left")

    def hooks(self) -> NumberHooks:
        """Return what every line of ours must be set to at the carrier."""
        return NumberHooks(
            voice_url=self._at("/voice/inbound"),
            voice_fallback_url=self.fallback_voice(),
            status_callback=self._at("/voice/ended"),
            sms_url=self._at("/sms/inbound"),
            sms_fallback_url=self._at("/fallback/text"),
        )


def hooks(public_base_url: str, fallback_base_url: str = "") -> NumberHooks:
    """Return what every line of ours must be set to at the carrier.

    With a second address the documents of a static host there stand in for our own fallback.
    """
    ours = Addresses(public_base_url).hooks()
    if not fallback_base_url:
        return ours
    return replace(
        ours,
        voice_fallback_url=f"{fallback_base_url}/{STATIC_VOICE}",
        voice_fallback_method="GET",
        sms_fallback_url=f"{fallback_base_url}/{STATIC_TEXT}",
        sms_fallback_method="GET",
    )
