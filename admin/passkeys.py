"""Passkeys (WebAuthn): a key in somebody's device that signs what we ask, after PIN or fingerprint.

A device signs for one origin only, so a passkey cannot be given away on a forged page. What it is
asked to sign is a row that the first answer uses up.
"""

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import ip_address
from typing import TypeVar
from urllib.parse import urlsplit

from sqlalchemy import delete, select
from webauthn import (
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import parse_authentication_credential_json
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from mentoring.db import Session
from mentoring.errors import ProgrammeError
from mentoring.models import Passkey, PasskeyChallenge, StaffAccount
from mentoring.rows import insert_row

MOST, NAME_LIMIT = 10, 40
_CHALLENGE_LASTS = timedelta(minutes=5)
_CHALLENGE_BYTES = 32
# No answer of a device is nearly as long.
_LONGEST_ANSWER = 20_000
_REFUSED = "That passkey was not accepted. Try again, or use your authenticator."

Checked = TypeVar("Checked")


@dataclass(frozen=True)
class RelyingParty:
    """For whom devices sign: the name of our site, and the one origin at which it counts."""

    id: str
    origin: str


def relying_party(base_url: str) -> RelyingParty | None:
    """Return for whom devices sign at this address, or None where browsers offer no passkeys.

    They do behind https, and on the machine itself under the name localhost; never for a number.
    """
    parts = urlsplit(base_url)
    host, port = parts.hostname or "", f":{parts.port}" if parts.port else ""
    try:
        if ip_address(host).is_loopback:
            return RelyingParty("localhost", f"{parts.scheme}://localhost{port}")
    except ValueError:
        if parts.scheme == "https" or host == "localhost":
            return RelyingParty(host, f"{parts.scheme}://{host}{port}")
    return None


def passkeys_of(session: Session, account: StaffAccount) -> Sequence[Passkey]:
    """Return the passkeys of an account, the oldest first."""
    mine = select(Passkey).where(Passkey.account_id == account.id).order_by(Passkey.id)
    return session.scalars(mine).all()


@dataclass(frozen=True)
class Asked:
    """What a device is asked to sign: `options` for the browser (JSON), and the row it is kept in.

    The browser keeps the number of the row, so that nobody else's answer fits.
    """

    options: str
    number: int


def ask_for_new(
    session: Session, account: StaffAccount, party: RelyingParty, *, now: datetime
) -> Asked:
    """Ask a device for a new passkey of an account; one that it has already is not made twice."""
    row = _new_challenge(session, account, now=now)
    options = generate_registration_options(
        rp_id=party.id,
        rp_name=session.programme.org_name,
        user_id=account.key.bytes,
        user_name=account.email,
        user_display_name=account.name,
        challenge=row.challenge,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED,
            user_verification=UserVerificationRequirement.REQUIRED,
        ),
        exclude_credentials=[
            PublicKeyCredentialDescriptor(id=known.credential_id)
            for known in passkeys_of(session, account)
        ],
    )
    return Asked(options_to_json(options), row.id)


def ask_to_sign_in(session: Session, party: RelyingParty, *, now: datetime) -> Asked:
    """Ask whatever device somebody has to say who they are."""
    row = _new_challenge(session, None, now=now)
    options = generate_authentication_options(
        rp_id=party.id,
        challenge=row.challenge,
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    return Asked(options_to_json(options), row.id)


def add_passkey(
    session: Session,
    account: StaffAccount,
    party: RelyingParty,
    *,
    name: str,
    answer: str,
    number: object,
    now: datetime,
) -> Passkey:
    """Keep a new passkey; raises ProgrammeError with a sentence. `number` is that of the asking."""
    challenge = _use_up(session, number, account.id, now=now)
    name = " ".join(name.split())
    if not name or len(name) > NAME_LIMIT or not name.isprintable():
        raise ProgrammeError(f"The name of a passkey has 1 to {NAME_LIMIT} letters on one line.")
    if len(passkeys_of(session, account)) >= MOST:
        raise ProgrammeError(f"You have {MOST} passkeys. Remove one first.")
    made = _checked(
        lambda: verify_registration_response(
            credential=_short(answer),
            expected_challenge=challenge,
            expected_rp_id=party.id,
            expected_origin=party.origin,
            require_user_verification=True,
        )
    )
    row = {
        "account_id": account.id,
        "name": name,
        "credential_id": made.credential_id,
        "public_key": made.credential_public_key,
        "sign_count": made.sign_count,
        "created_at": now,
        "used_at": None,
    }
    added = insert_row(session, Passkey, row, "credential_id")
    if added is None:
        raise ProgrammeError("That passkey is kept already.")
    return session.get_one(Passkey, added)


def account_that_signed(
    session: Session,
    party: RelyingParty,
    *,
    answer: str,
    number: object,
    now: datetime,
    meant: StaffAccount | None = None,
) -> StaffAccount:
    """Return whose passkey has signed what was asked; raises ProgrammeError otherwise.

    `meant` is who gave the password before: then nobody else's passkey will do.
    """
    challenge = _use_up(session, number, None, now=now)
    given = _checked(lambda: parse_authentication_credential_json(_short(answer)))
    passkey = session.scalar(
        select(Passkey).where(Passkey.credential_id == given.raw_id).with_for_update()
    )
    account = session.get(StaffAccount, passkey.account_id) if passkey else None
    if passkey is None or account is None or not _may_sign_in(account, meant):
        raise ProgrammeError(_REFUSED)
    if given.response.user_handle not in (None, account.key.bytes):
        raise ProgrammeError(_REFUSED)
    signed = _checked(
        lambda: verify_authentication_response(
            credential=given,
            expected_challenge=challenge,
            expected_rp_id=party.id,
            expected_origin=party.origin,
            credential_public_key=passkey.public_key,
            credential_current_sign_count=passkey.sign_count,
            require_user_verification=True,
        )
    )
    passkey.sign_count, passkey.used_at = signed.new_sign_count, now
    return account


def _may_sign_in(account: StaffAccount, meant: StaffAccount | None) -> bool:
    is_open = account.disabled_at is None and account.password_hash is not None
    return is_open and (meant is None or meant.id == account.id)


def remove_passkeys(session: Session, account: StaffAccount) -> None:
    """Remove all passkeys of an account, and what its devices were asked."""
    session.execute(delete(Passkey).where(Passkey.account_id == account.id))
    session.execute(delete(PasskeyChallenge).where(PasskeyChallenge.account_id == account.id))


def _new_challenge(
    session: Session, account: StaffAccount | None, *, now: datetime
) -> PasskeyChallenge:
    """Write down what is asked, and forget what was asked and never answered."""
    old = PasskeyChallenge.made_at < now - _CHALLENGE_LASTS
    session.execute(delete(PasskeyChallenge).where(old))
    row = PasskeyChallenge(
        challenge=secrets.token_bytes(_CHALLENGE_BYTES),
        account_id=account.id if account else None,
        made_at=now,
    )
    session.add(row)
    session.flush()
    return row


def _use_up(session: Session, number: object, account_id: int | None, *, now: datetime) -> bytes:
    """Take back what was asked: the database lets only one answer have it."""
    asked = PasskeyChallenge.account_id == account_id
    if account_id is None:
        asked = PasskeyChallenge.account_id.is_(None)
    taken: bytes | None = session.scalar(
        delete(PasskeyChallenge)
        .where(
            PasskeyChallenge.id == (number if isinstance(number, int) else 0),
            PasskeyChallenge.made_at >= now - _CHALLENGE_LASTS,
            asked,
        )
        .returning(PasskeyChallenge.challenge)
    )
    if taken is None:
        raise ProgrammeError("That took too long, or it was sent twice. Try again.")
    return taken


def _short(answer: str) -> str:
    return answer if len(answer) <= _LONGEST_ANSWER else ""


def _checked(check: Callable[[], Checked]) -> Checked:
    """Return what the library finds right. Whatever else a device may send is refused alike."""
    try:
        return check()
    except (WebAuthnException, ValueError, TypeError, KeyError) as error:
        raise ProgrammeError(_REFUSED) from error
