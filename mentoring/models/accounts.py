"""Who may sign in to the coordinators' page, how they prove it, and for how long."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column, relationship

from mentoring.models.base import Base, SealedRow, words
from mentoring.models.staff import Staff


class StaffRole(StrEnum):
    """What somebody may do on the page: admin/permissions.py says which role may do what."""

    READ_ONLY = "read_only"
    COORDINATOR = "coordinator"
    LEAD = "lead"
    ADMIN = "admin"


class StaffAccount(SealedRow, Base):
    """Somebody who may sign in. Whoever is also rung by callers has a `staff` row beside it."""

    __tablename__ = "staff_accounts"
    __table_args__ = (Index(None, "staff_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    # In small letters, so that one address is one account.
    email: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    role: Mapped[StaffRole] = mapped_column(words(StaffRole))
    # The communities whose people they see; None means all of them.
    communities: Mapped[list[str] | None] = mapped_column(JSON(none_as_null=True))
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    password_hash: Mapped[str | None]
    # The secret that an authenticator shares with us, and the newest time step that was used: the
    # same code opens nothing twice.
    authenticator_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    authenticator_step: Mapped[int] = mapped_column(default=0)
    # The hash of an invitation that was not taken up yet, and until when it may be.
    invitation_hash: Mapped[bytes | None] = mapped_column(LargeBinary(32))
    invited_until: Mapped[datetime | None]
    created_at: Mapped[datetime]
    disabled_at: Mapped[datetime | None]

    staff: Mapped[Staff | None] = relationship()


class RecoveryCode(Base):
    """One code, good for one sign-in without the authenticator."""

    __tablename__ = "recovery_codes"
    __table_args__ = (Index(None, "account_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("staff_accounts.id"))
    code_hash: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    used_at: Mapped[datetime | None]


class Passkey(Base):
    """The public half of a key pair in somebody's device. It is no secret, so it is not sealed."""

    __tablename__ = "passkeys"
    __table_args__ = (Index(None, "account_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("staff_accounts.id"))
    name: Mapped[str]
    credential_id: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    public_key: Mapped[bytes] = mapped_column(LargeBinary)
    # How often the device says it has signed; one that goes back was copied. Many always say 0.
    sign_count: Mapped[int] = mapped_column(BigInteger)
    created_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class PasskeyChallenge(Base):
    """What a device was asked to sign. It is deleted by the first answer, right or wrong."""

    __tablename__ = "passkey_challenges"

    id: Mapped[int] = mapped_column(primary_key=True)
    # Random, so that nobody who guesses the number of a row can use it up.
    challenge: Mapped[bytes] = mapped_column(LargeBinary(64), unique=True)
    # Whose new passkey it is for; None while somebody signs in.
    account_id: Mapped[int | None] = mapped_column(ForeignKey("staff_accounts.id"))
    made_at: Mapped[datetime]


class SessionStage(StrEnum):
    """How far somebody has come: only who is signed in sees anything of the programme."""

    JOINING = "joining"
    PASSWORD_GIVEN = "password_given"  # noqa: S105 - no password
    SIGNED_IN = "signed_in"


class StaffSession(Base):
    """One browser in which somebody signs in or is signed in. The cookie's hash is kept only."""

    __tablename__ = "staff_sessions"
    __table_args__ = (Index(None, "account_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("staff_accounts.id"))
    stage: Mapped[SessionStage] = mapped_column(words(SessionStage))
    began_at: Mapped[datetime]
    seen_at: Mapped[datetime]

    account: Mapped[StaffAccount] = relationship(lazy="joined")


class SignInFailure(Base):
    """One wrong password, code or invitation. `subject` stands for an account, a place or both."""

    __tablename__ = "sign_in_failures"
    __table_args__ = (Index(None, "subject", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    subject: Mapped[str]
    at: Mapped[datetime]


class UnsentForm(SealedRow, Base):
    """What somebody typed into a form that could not be sent: until they send it, or for an hour.

    The hash is that of a key in the signed cookie of their browser.
    """

    __tablename__ = "unsent_forms"
    __table_args__ = (Index(None, "account_id"), Index(None, "browser_hash"))

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("staff_accounts.id"))
    browser_hash: Mapped[bytes] = mapped_column(LargeBinary(32))
    kept_at: Mapped[datetime]
    form_sealed: Mapped[bytes] = mapped_column(LargeBinary)
