"""Accounts of staff: invited by an admin, taken up with a code, changed, and closed again."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import uuid4

from sqlalchemy import func, select

from admin.credentials import hash_of, new_code
from admin.passkeys import remove_passkeys
from admin.sessions import end_sessions
from mentoring.audit import write_audit
from mentoring.db import Session
from mentoring.errors import ProgrammeError
from mentoring.models import Staff, StaffAccount, StaffRole

_INVITED_FOR = timedelta(days=7)
_LONGEST_NAME, _LONGEST_EMAIL = 40, 120


def invite(
    session: Session,
    *,
    email: str,
    name: str,
    role: StaffRole,
    communities: Sequence[str] | None = None,
    actor: str,
    now: datetime,
) -> tuple[StaffAccount, str]:
    """Open an account and return it with its invitation code, which is shown once and never kept.

    `communities` None means all. Who is rung by callers under the same name is the same person.
    Raises ProgrammeError with a sentence.
    """
    email, name = read_email(email), _read_name(name)
    if account_with_email(session, email) is not None:
        raise ProgrammeError(f"{email} has an account already. Invite them again from its page.")
    account = StaffAccount(
        key=uuid4(),
        email=email,
        name=name,
        role=role,
        communities=None if communities is None else sorted(set(communities)),
        staff_id=session.scalar(select(Staff.id).where(Staff.name == name)),
        created_at=now,
    )
    session.add(account)
    session.flush()
    code = invite_again(session, account, actor=actor, now=now)
    return account, code


def invite_again(session: Session, account: StaffAccount, *, actor: str, now: datetime) -> str:
    """Return a new invitation code, good for a week; whatever opened the account before is void."""
    code = new_code(4)
    account.invitation_hash = hash_of(session, code)
    account.invited_until = now + _INVITED_FOR
    account.password_hash = account.authenticator_sealed = account.disabled_at = None
    account.authenticator_step = 0
    remove_passkeys(session, account)
    end_sessions(session, account)
    write_down(session, account, "invited", actor=actor, now=now)
    return code


def account_with_email(session: Session, email: str) -> StaffAccount | None:
    """Return the account of that address, in whatever letters it is written."""
    return session.scalar(select(StaffAccount).where(StaffAccount.email == email.strip().lower()))


def invited_account(
    session: Session, email: str, code: str, *, now: datetime
) -> StaffAccount | None:
    """Return the account that this code invites to, or None when it does not or is too old."""
    account = account_with_email(session, email)
    if account is None or account.invitation_hash != hash_of(session, code):
        return None
    if account.invited_until is None or account.invited_until < now:
        return None
    return account


def change_account(
    session: Session,
    account: StaffAccount,
    *,
    role: StaffRole,
    communities: Sequence[str] | None,
    actor: str,
    now: datetime,
) -> None:
    """Change what somebody may do and see; raises ProgrammeError when nobody could undo it."""
    if account.role is StaffRole.ADMIN and role is not StaffRole.ADMIN:
        _refuse_last_admin(session, account)
    named = None if communities is None else sorted(set(communities))
    if (account.role, account.communities) == (role, named):
        return
    account.role, account.communities = role, named
    seen = "all communities" if communities is None else ", ".join(account.communities or ["none"])
    write_down(session, account, f"changed to {role.value}, {seen}", actor=actor, now=now)


def disable(session: Session, account: StaffAccount, *, actor: str, now: datetime) -> None:
    """Shut an account at once, in every browser; raises ProgrammeError for the last admin."""
    if account.disabled_at is not None:
        return
    if account.role is StaffRole.ADMIN:
        _refuse_last_admin(session, account)
    account.disabled_at = now
    account.invitation_hash = None
    end_sessions(session, account)
    write_down(session, account, "disabled", actor=actor, now=now)


def _refuse_last_admin(session: Session, account: StaffAccount) -> None:
    others = session.scalar(
        select(func.count(StaffAccount.id)).where(
            StaffAccount.role == StaffRole.ADMIN,
            StaffAccount.disabled_at.is_(None),
            StaffAccount.password_hash.is_not(None),
            StaffAccount.id != account.id,
        )
    )
    if not others:
        raise ProgrammeError(
            f"{account.name} is the only admin. Make somebody else an admin first, or nobody could"
            " invite staff any more."
        )


def write_down(
    session: Session, account: StaffAccount, action: str, *, actor: str, now: datetime
) -> None:
    """Write what happened to an account into the audit log."""
    write_audit(
        session,
        actor=actor,
        action=f"account {action}",
        entity="account",
        entity_id=account.email,
        reason="",
        now=now,
    )


def read_email(text: str) -> str:
    """Return a typed e-mail address in small letters; raises ProgrammeError with a sentence."""
    email = text.strip().lower()
    name, at, place = email.partition("@")
    fits = name and at and "." in place.strip(".") and len(email) <= _LONGEST_EMAIL
    if not fits or any(sign.isspace() or not sign.isprintable() for sign in email):
        raise ProgrammeError("Write an e-mail address, such as charlotte@example.org.")
    return email


def _read_name(text: str) -> str:
    name = " ".join(text.split())
    if not name or len(name) > _LONGEST_NAME or not name.isprintable():
        raise ProgrammeError(f"A name has 1 to {_LONGEST_NAME} letters on one line.")
    return name


def member_of(session: Session, account: StaffAccount) -> Staff | None:
    """Return who of those on call an account belongs to; by name where they were added later."""
    if account.staff is not None:
        return account.staff
    return session.scalar(select(Staff).where(Staff.name == account.name))
