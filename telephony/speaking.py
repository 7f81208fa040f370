"""Speaking in one call: the words of prompts and turns, for one person, in one language."""

from dataclasses import dataclass
from datetime import datetime

from mentoring.contacts import caller_of
from mentoring.conversations import Exchange, Played
from mentoring.db import Session
from mentoring.editions.current import catalog_for, catalog_in
from mentoring.facts import facts_for, language_of
from mentoring.flows import FLOWS
from mentoring.flows.render import AUDIO, Listen, say, spoken
from mentoring.models import Conversation, MatchSide, Person, Recording
from mentoring.notes import words_of
from mentoring.placeholders import params_in
from mentoring.wording import Params, language_for, params_for
from telephony.addresses import Addresses
from telephony.audio import AudioTokens
from telephony.twiml import Sound, Voice


def voice_to(side: MatchSide) -> Voice:
    """Return how to speak with somebody outside a conversation: one side of a match."""
    return Voice(language_for(side.person), side.phone.slow)


@dataclass(frozen=True)
class Speaker:
    """Speaks in one call: everything that a document needs besides the exchange itself."""

    session: Session
    addresses: Addresses
    tokens: AudioTokens
    call_sid: str
    line_number: str
    now: datetime
    # The service has rung this person, and not they us.
    rung_by_us: bool = False

    @property
    def goodbye(self) -> str:
        """The prompt that ends this call. Who was rung by us is not thanked for calling."""
        return "V-OUTBYE" if self.rung_by_us else "V-BYE"

    def voice_of(self, conversation: Conversation | None) -> Voice:
        """Return how to speak with this person: their language, and slowly if they chose so.

        Without a conversation it is whoever made this call.
        """
        if conversation is None:
            phone, person = caller_of(self.session, self.call_sid)
            return Voice(language_for(person), phone is not None and phone.slow)
        slow = conversation.phone is not None and conversation.phone.slow
        return Voice(language_of(conversation), slow)

    def words(
        self, prompt: str, conversation: Conversation | None, **known: str
    ) -> tuple[str, ...]:
        """Return the spoken form of one prompt for this person."""
        language = self.voice_of(conversation).language
        params = self.params(conversation).plus(**known)
        catalog = catalog_in(self.session, conversation)
        return say(prompt, catalog=catalog, language=language, params=params)

    def words_in(self, language: str, prompt: str) -> tuple[str, ...]:
        """Return the spoken form of one prompt for somebody who is no participant."""
        catalog = catalog_for(self.session, None)
        return say(prompt, catalog=catalog, language=language, params=self.params(None))

    def words_to(self, prompt: str, person: Person, **known: str) -> tuple[str, ...]:
        """Return the spoken form of one prompt for somebody who is not the caller."""
        params = params_for(self.session, phone=None, person=person, now=self.now).plus(**known)
        catalog = catalog_for(self.session, person)
        return say(prompt, catalog=catalog, language=language_for(person), params=params)

    def params(self, conversation: Conversation | None) -> Params:
        """Return the placeholders for prompts in a conversation, the partner's name included."""
        return params_in(self.session, conversation, now=self.now)

    def words_of_exchange(self, exchange: Exchange) -> tuple[tuple[str, ...], Listen | None]:
        """Return everything that an exchange says, in order, and how to wait then, if at all."""
        pieces: list[str] = []
        listen = None
        for played in exchange.played:
            for prompt in played.prompts:
                if prompt.startswith(AUDIO):
                    pieces.append(self._sound(prompt, exchange.conversation))
                else:
                    pieces += self.words(prompt, exchange.conversation, **played.known)
            if played.turn is not None:
                said, listen = self._turn(exchange, played)
                pieces += [self._sound(piece, exchange.conversation) for piece in said]
        return tuple(pieces), listen

    def _turn(self, exchange: Exchange, played: Played) -> tuple[tuple[str, ...], Listen | None]:
        if played.turn is None or played.flow is None:
            return (), None
        conversation = exchange.conversation
        said = spoken(
            FLOWS[played.flow],
            played.turn,
            catalog=catalog_in(self.session, conversation),
            language=language_of(conversation),
            params=self.params(conversation).plus(**played.known),
            facts=facts_for(self.session, conversation),
            first=exchange.opens_call,
        )
        return said.pieces, said.listen

    def _sound(self, piece: str, conversation: Conversation) -> str:
        """Return what to play for `AUDIO:...`: the note's address, or its words to be read."""
        if not piece.startswith(AUDIO):
            return piece
        note_id = conversation.recording_id
        note = self.session.get(Recording, note_id) if note_id is not None else None
        if note is None:
            return ""
        read = words_of(self.session, note)
        if read is not None:
            return read
        return Sound(self.addresses.audio(self.tokens.issue(note.key, now=self.now)))
