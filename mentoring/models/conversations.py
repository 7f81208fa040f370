"""Conversations in progress and the answers they gave."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, LargeBinary, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from mentoring.models.base import Base, SealedRow, asked_in, words
from mentoring.models.consents import Channel
from mentoring.models.people import Person, Phone


class ConversationStatus(StrEnum):
    OPEN = "open"
    FINISHED = "finished"
    LEFT = "left"


class Conversation(SealedRow, Base):
    """One run of a flow with one phone. `lasting` ones wait for days and can change channel."""

    __tablename__ = "conversations"
    __table_args__ = (
        # A person has one open question at a time (A23): a second lasting flow cannot start.
        Index(
            "uq_conversations_lasting_open",
            "phone_id",
            unique=True,
            # The very words of our statements, or neither would see that it may use the index.
            postgresql_where=text("lasting IS true AND status = 'open'"),
            sqlite_where=text("lasting IS 1 AND status = 'open'"),
        ),
        # Few are put aside, so it costs the steps of all others nothing.
        Index(
            "ix_conversations_aside",
            "phone_id",
            postgresql_where=text("effect = 'aside'"),
            sqlite_where=text("effect = 'aside'"),
        ),
        Index(None, "call_sid"),
        Index(
            "ix_conversations_invited",
            "invitation_id",
            postgresql_where=text("invitation_id IS NOT NULL"),
            sqlite_where=text("invitation_id IS NOT NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    # A withheld caller has no phone that we know: such a run lives for one call.
    phone_id: Mapped[int | None] = mapped_column(ForeignKey("phones.id"))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    flow: Mapped[str]
    # The engine's state holds names and free words, so it is sealed as a whole.
    state_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    lasting: Mapped[bool]
    status: Mapped[ConversationStatus] = mapped_column(
        words(ConversationStatus), default=ConversationStatus.OPEN
    )
    channel: Mapped[Channel] = mapped_column(words(Channel))
    call_sid: Mapped[str | None]
    match_id: Mapped[int | None] = mapped_column(ForeignKey("matches.id"))
    # The invitation that its questions belong to, if somebody was invited to them.
    invitation_id: Mapped[int | None] = mapped_column(ForeignKey("invitations.id"))
    # The voice note that is being made or heard, if the flow is about one. No foreign key, because
    # a recording points here as well and neither table could be made first.
    recording_id: Mapped[int | None]
    # What the newest answer led to beyond words, so that a doubled request leads there again.
    effect: Mapped[str | None]
    # Counts answers and never goes back, through all flows of the row; it travels in addresses.
    turn: Mapped[int] = mapped_column(default=0)
    # The newest spoken document: a request that is doubled gets the same answer, word for word.
    spoken_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    # How many answers came by key or voice, and how many of them were not understood: of the call
    # that it is in, for when that ends before the conversation, both go with its CallEnd.
    heard: Mapped[int] = mapped_column(default=0)
    misheard: Mapped[int] = mapped_column(default=0)
    revision: Mapped[int] = mapped_column()
    started_at: Mapped[datetime]
    touched_at: Mapped[datetime]

    phone: Mapped[Phone | None] = relationship()
    person: Mapped[Person | None] = relationship()

    # Two requests that answer the same turn at once: the second is told its row is stale.
    __mapper_args__ = {"version_id_col": revision}  # noqa: RUF012

    @property
    def was_asked(self) -> bool:
        """Whether its question was put: one that waits for a call was in none so far."""
        return self.channel is Channel.TEXT or self.call_sid is not None


class CallEnd(Base):
    """Where a conversation stood when its call ended before it did.

    The conversation may go on in another call, and what it holds is forgotten one day: of this call
    there is only what is written here.
    """

    __tablename__ = "call_ends"
    __table_args__ = (Index(None, "conversation_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    call_sid: Mapped[str] = mapped_column(unique=True)
    conversation_id: Mapped[int] = mapped_column(ForeignKey("conversations.id"))
    flow: Mapped[str]
    # The key of the question that was open.
    question: Mapped[str]
    # What the line had led to by itself, such as a person; None where somebody just hung up.
    effect: Mapped[str | None]
    heard: Mapped[int]
    misheard: Mapped[int]
    at: Mapped[datetime]


class Answer(SealedRow, Base):
    """One answer, kept with the wording it was given to. Free words are sealed."""

    __tablename__ = "answers"
    __table_args__ = (
        UniqueConstraint("conversation_id", "question", "turn"),
        Index(None, "person_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    conversation_id: Mapped[int] = mapped_column(ForeignKey("conversations.id"))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    question: Mapped[str]
    prompt_version: Mapped[int]
    # The edition by staff in which it was asked, where it was not asked as shipped.
    edition_id: Mapped[int | None] = mapped_column(ForeignKey("wording_editions.id"))
    turn: Mapped[int]
    value: Mapped[str | None]
    words_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    channel: Mapped[Channel] = mapped_column(words(Channel))
    at: Mapped[datetime]

    @property
    def wording(self) -> str:
        """In which wording it was asked."""
        return asked_in(self.prompt_version, self.edition_id)
