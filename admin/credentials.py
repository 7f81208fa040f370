"""What proves who somebody is: a password, an authenticator's code, or a recovery code.

Passwords are hashed by argon2. A password is refused when it is short, on the lists of those that
leaked and are tried first, or easily guessed from the person's own name. Codes and tokens of ours
are long and random, so a keyed hash of them is enough.
"""

import re
import secrets
from base64 import b32encode
from collections.abc import Sequence
from datetime import datetime
from functools import cache

import pyotp
from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError
from sqlalchemy import select
from zxcvbn import zxcvbn

from mentoring.db import Session
from mentoring.errors import ProgrammeError
from mentoring.models import RecoveryCode, StaffAccount

SHORTEST, LONGEST = 12, 200
RECOVERY_CODES = 10
# How many guesses a password has to withstand: 3 of 4 is "safely unguessable" by zxcvbn's scale.
_STRENGTH = 3
# zxcvbn looks at so much; more than that is strong anyway.
_LOOKED_AT = 72
_STEP_SECONDS = 30
# An authenticator whose clock is a little off shows the code before or after.
_STEPS_OFF = (0, -1, 1)
_AUTHENTICATOR = ("authenticator_sealed", "authenticator_step")


def password_fault(password: str, *, email: str, name: str, org: str) -> str | None:
    """Return why a new password will not do, in a sentence, or None when it will."""
    if len(password) < SHORTEST:
        return f"Choose a password of {SHORTEST} characters or more. Four plain words are fine."
    if len(password) > LONGEST:
        return f"Choose a password of {LONGEST} characters or fewer."
    known = [*email.replace("@", " ").replace(".", " ").split(), *name.split(), *org.split()]
    rest = _beside(password, known)
    if zxcvbn(rest[:_LOOKED_AT], user_inputs=known)["score"] < _STRENGTH:
        return (
            "This password has leaked before or is easy to guess. Choose another one, such as four"
            " words that have nothing to do with each other."
        )
    return None


def _beside(password: str, known: Sequence[str]) -> str:
    """Return what there is to guess of a password beside the words that anybody would try first.

    zxcvbn takes two or three of them in a row for hard to guess.
    """
    words = sorted((re.escape(word) for word in known if len(word) > 2), key=len, reverse=True)
    return re.sub("|".join(words), " ", password, flags=re.IGNORECASE) if words else password


class Passwords:
    """Hashes and checks passwords with argon2. Tests bring a hasher that takes less time."""

    def __init__(self, hasher: PasswordHasher | None = None) -> None:
        self._hasher = hasher or PasswordHasher()
        # Who has no account takes as long to refuse as who gave the wrong password.
        self._nobodys = self._hasher.hash(secrets.token_urlsafe())

    def hash(self, password: str) -> str:
        """Return what is kept of a password."""
        return self._hasher.hash(password)

    def fits(self, password: str, kept: str | None) -> bool:
        """Tell whether it is the password that is kept; `kept` None fits nothing."""
        try:
            fits = self._hasher.verify(kept or self._nobodys, password[:LONGEST])
        except (Argon2Error, InvalidHashError):
            return False
        return fits and kept is not None

    def is_old(self, kept: str) -> bool:
        """Tell whether a password should be hashed anew, with today's cost."""
        return self._hasher.check_needs_rehash(kept)


@cache
def default_passwords() -> Passwords:
    """Return the one hasher of this process."""
    return Passwords()


def new_code(groups: int) -> str:
    """Return a random code to be copied by hand, such as `K7QW-3MPA`: 20 bits for each group."""
    letters = b32encode(secrets.token_bytes(5 * ((groups + 1) // 2))).decode()
    return "-".join(letters[place : place + 4] for place in range(0, 4 * groups, 4))


def hash_of(session: Session, code: str) -> bytes:
    """Return the keyed hash of a code or token, however it was typed."""
    plain = "".join(sign for sign in code.upper() if sign.isalnum())
    return session.vault.index(f"code:{plain}")


def new_secret() -> str:
    """Return a secret (base32) that an authenticator may share with us."""
    return pyotp.random_base32()


def add_authenticator(session: Session, account: StaffAccount) -> str:
    """Give an account a new authenticator secret and return it (base32); the old one is void."""
    secret = new_secret()
    _keep_secret(session, account, secret, step=0)
    return secret


def replace_authenticator(
    session: Session, account: StaffAccount, secret: str, code: str, *, now: datetime
) -> bool:
    """Give an account another secret if its first code fits; until then the old one works."""
    step = _step_shown(secret, code, now=now)
    if step is None:
        return False
    _keep_secret(session, account, secret, step=step)
    return True


def _keep_secret(session: Session, account: StaffAccount, secret: str, *, step: int) -> None:
    place = account.place("authenticator_sealed")
    account.authenticator_sealed = session.vault.seal(secret, place=place)
    account.authenticator_step = step


def authenticator_secret(session: Session, account: StaffAccount) -> str | None:
    """Return the secret that an account's authenticator shares with us (base32)."""
    if account.authenticator_sealed is None:
        return None
    place = account.place("authenticator_sealed")
    return session.vault.open(account.authenticator_sealed, place=place)


def authenticator_address(secret: str, *, email: str, org: str) -> str:
    """Return what the picture for the authenticator says: an otpauth address."""
    return pyotp.TOTP(secret).provisioning_uri(name=email, issuer_name=org)


def takes_authenticator_code(
    session: Session, account: StaffAccount, code: str, *, now: datetime
) -> bool:
    """Tell whether it is a code of this minute, and use it up: it opens nothing again.

    Of two who bring the same one at the same moment the second waits here until the first is in.
    """
    session.refresh(account, _AUTHENTICATOR, with_for_update=True)
    secret = authenticator_secret(session, account)
    step = _step_shown(secret, code, now=now, after=account.authenticator_step) if secret else None
    if step is None:
        return False
    account.authenticator_step = step
    return True


def _step_shown(secret: str, code: str, *, now: datetime, after: int = 0) -> int | None:
    """Return the time step of which a secret has this code, if it is one of now and `after` one."""
    digits = "".join(sign for sign in code if sign.isascii() and sign.isdigit())
    if len(digits) != 6:
        return None
    step = int(now.timestamp()) // _STEP_SECONDS
    for off in _STEPS_OFF:
        right = pyotp.TOTP(secret).generate_otp(step + off)
        if secrets.compare_digest(right, digits) and step + off > after:
            return step + off
    return None


def new_recovery_codes(session: Session, account: StaffAccount) -> list[str]:
    """Replace all recovery codes of an account; returns the new ones, which are shown once."""
    for old in session.scalars(select(RecoveryCode).where(RecoveryCode.account_id == account.id)):
        session.delete(old)
    session.flush()
    codes = [new_code(3) for _ in range(RECOVERY_CODES)]
    session.add_all(
        RecoveryCode(account_id=account.id, code_hash=hash_of(session, code)) for code in codes
    )
    return codes


def takes_recovery_code(
    session: Session, account: StaffAccount, code: str, *, now: datetime
) -> bool:
    """Tell whether it is a recovery code that was not used yet, and use it up."""
    found = session.scalar(
        select(RecoveryCode)
        .where(
            RecoveryCode.account_id == account.id,
            RecoveryCode.code_hash == hash_of(session, code),
            RecoveryCode.used_at.is_(None),
        )
        .with_for_update()
    )
    if found is None:
        return False
    found.used_at = now
    return True


def recovery_codes_left(session: Session, account: StaffAccount) -> int:
    """Return how many recovery codes of an account were not used yet."""
    unused = select(RecoveryCode.id).where(
        RecoveryCode.account_id == account.id, RecoveryCode.used_at.is_(None)
    )
    return len(session.scalars(unused).all())


def set_password(
    session: Session, account: StaffAccount, password: str, *, passwords: Passwords
) -> None:
    """Give an account a new password; raises ProgrammeError with why it will not do."""
    fault = password_fault(
        password, email=account.email, name=account.name, org=session.programme.org_name
    )
    if fault is not None:
        raise ProgrammeError(fault)
    account.password_hash = passwords.hash(password)
