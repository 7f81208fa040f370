"""What somebody typed into a form that could not be sent is kept, and shown to them again.

It is kept when the session of whoever sent it had ended, or when the page it stood on was too old
to be believed. It is a row, sealed, found by a key in the signed cookie of that browser, and opened
for the same account alone; it is deleted when it is sent, when somebody else signs in there, and
after an hour. Nothing is ever sent from here: people look at it and send it themselves.
"""

import json
import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import TypedDict
from urllib.parse import urlsplit

from flask import Response, current_app, request, url_for
from flask import session as cookie
from sqlalchemy import ColumnElement, delete, select
from werkzeug.exceptions import HTTPException

from admin.office import Office, Visit
from admin.refill import FormsOfPage
from admin.rendering import render
from admin.sessions import owner_of
from admin.unsent_fields import SHOWN, Fields, worth_keeping
from mentoring.db import Session
from mentoring.models import StaffAccount, UnsentForm
from mentoring.retention import UNSENT_LASTS

# In the signed cookie: the key of this browser, the account that signed in last, and whether there
# was another one before it.
_KEY, _ACCOUNT, _OTHERS = "unsent", "account", "others"
# Somebody's own browser could else be made to fill our disk.
_AT_MOST = 20
_SEALED = "form_sealed"


class _Form(TypedDict):
    to: str
    page: str
    fields: Fields
    out: bool


@dataclass(frozen=True)
class Unsent:
    """A form that was not sent: where it goes, the page on which it stood, and what was typed."""

    number: int
    to: str
    page: str
    fields: Fields
    was_signed_out: bool
    until: datetime


def keep(session: Session, office: Office, token: str, page: str, *, is_forged: bool) -> str | None:
    """Keep what was just sent; return the page on which to go on, None if nothing was kept.

    `token` is that of the session's cookie and `page` where the form stood. A form is `is_forged`
    whose own token was refused: it is kept if its session is known, unless somebody else was signed
    in at this browser before, whose it may be.
    """
    fields = worth_keeping(request.path, request.form.items(multi=True))
    account = owner_of(session, token) or _signed_in_last(session)
    if not fields or account is None or (is_forged and cookie.get(_OTHERS)):
        return None
    key = cookie.setdefault(_KEY, secrets.token_urlsafe(32))
    page = _page_to_show(page)
    form = _Form(to=request.full_path, page=page, fields=fields, out=not is_forged)
    _drop(session, account, now=office.wall_clock.now())
    for each in _rows(session, account, now=office.wall_clock.now()):
        before = _opened(session, each)
        is_repeated = (before["to"], before["fields"]) == (request.full_path, fields)
        if is_repeated or _is_same(each, request.form.get("unsent")):
            session.delete(each)
    row = UnsentForm(
        account_id=account.id,
        browser_hash=_hash(session, key),
        kept_at=office.wall_clock.now(),
        form_sealed=b"",
    )
    session.add(row)
    session.flush()
    _seal(session, row, form)
    return page


def settle(session: Session, account: StaffAccount) -> None:
    """Throw away what somebody else typed here, now that this account has signed in.

    What they still have open cannot be sent under the new name either.
    """
    if key := cookie.get(_KEY):
        is_theirs = _is_of_browser(session, key) & (UnsentForm.account_id != account.id)
        session.execute(delete(UnsentForm).where(is_theirs))
    if cookie.get(_ACCOUNT, account.id) != account.id:
        cookie.pop("csrf_token", None)
        cookie[_OTHERS] = True
    cookie[_ACCOUNT] = account.id


def is_sent_again(visit: Visit) -> None:
    """Delete what was kept of the form that is being sent now; undone if it is refused."""
    for row in _rows(visit.session, visit.account, now=visit.office.wall_clock.now()):
        if _is_same(row, request.form.get("unsent")):
            visit.session.delete(row)


def was_refused(session: Session, office: Office, token: str) -> None:
    """Note that a form was refused: next time it goes by what the page shows now, as was told."""
    account = owner_of(session, token)
    if account is None or "unsent" not in request.form:
        return
    for row in _rows(session, account, now=office.wall_clock.now()):
        if _is_same(row, request.form["unsent"]):
            form = _opened(session, row)
            form["fields"] = [pair for pair in form["fields"] if pair[0] not in SHOWN]
            _seal(session, row, form)


def unsent_of(visit: Visit) -> list[Unsent]:
    """Return what was typed at this browser by whoever is signed in, and not sent; newest first."""
    rows = _rows(visit.session, visit.account, now=visit.office.wall_clock.now())
    found = []
    for row in rows:
        form = _opened(visit.session, row)
        until = row.kept_at + UNSENT_LASTS
        found.append(Unsent(row.id, form["to"], form["page"], form["fields"], form["out"], until))
    return found


def throw_away(visit: Visit, number: str) -> bool:
    """Delete one of them by hand; tell whether it was there."""
    for row in _rows(visit.session, visit.account, now=visit.office.wall_clock.now()):
        if _is_same(row, number):
            visit.session.delete(row)
            return True
    return False


def show_again(visit: Visit, answer: Response) -> Response:
    """Fill in the forms of a page with what was typed, and say so at its top."""
    if _KEY not in cookie or answer.status_code != 200 or answer.mimetype != "text/html":
        return answer
    kept = unsent_of(visit)
    if not kept:
        cookie.pop(_KEY)
        return answer
    if request.path == url_for("desk.show_unsent"):
        return answer
    page = FormsOfPage(answer.get_data(as_text=True), here=request.full_path)
    placed = [(each, page.put_back(each.to, each.fields, each.number)) for each in kept]
    filled = [(each, there) for each, there in placed if there is not None]
    is_all = len(filled) == len(kept) and all(there.is_whole for _, there in filled)
    page.announce(render("unsent_notice.html", visit, filled=filled, is_all=is_all))
    answer.set_data(page.text)
    return answer


def _rows(session: Session, account: StaffAccount, *, now: datetime) -> list[UnsentForm]:
    key = cookie.get(_KEY)
    if not key:
        return []
    chosen = (
        select(UnsentForm)
        .where(
            _is_of_browser(session, key),
            UnsentForm.account_id == account.id,
            UnsentForm.kept_at > now - UNSENT_LASTS,
        )
        .order_by(UnsentForm.id.desc())
    )
    return list(session.scalars(chosen))


def _drop(session: Session, account: StaffAccount, *, now: datetime) -> None:
    """Delete whatever is too old, and of an account's all but the newest."""
    newest = (
        select(UnsentForm.id)
        .where(UnsentForm.account_id == account.id)
        .order_by(UnsentForm.id.desc())
        .limit(_AT_MOST - 1)
    )
    too_many = (UnsentForm.account_id == account.id) & UnsentForm.id.not_in(
        session.scalars(newest).all()
    )
    session.execute(delete(UnsentForm).where((UnsentForm.kept_at <= now - UNSENT_LASTS) | too_many))


def _signed_in_last(session: Session) -> StaffAccount | None:
    """Return whose browser this was last, also after they have signed out."""
    number = cookie.get(_ACCOUNT)
    account = session.get(StaffAccount, number) if number is not None else None
    return account if account is not None and account.disabled_at is None else None


def _page_to_show(page: str) -> str:
    """Return a page that can be opened, best the one with the form; else that of what was typed."""
    for address in (page, request.full_path.rstrip("?")):
        try:
            current_app.url_map.bind("").match(urlsplit(address).path, method="GET")
        except HTTPException:
            continue
        return address
    return url_for("desk.show_unsent")


def _seal(session: Session, row: UnsentForm, form: _Form) -> None:
    row.form_sealed = session.vault.seal(json.dumps(form), place=row.place(_SEALED))


def _opened(session: Session, row: UnsentForm) -> _Form:
    form = json.loads(session.vault.open(row.form_sealed, place=row.place(_SEALED)))
    fields = [(name, value) for name, value in form["fields"]]
    return _Form(to=form["to"], page=form["page"], fields=fields, out=form["out"])


def _is_same(row: UnsentForm, number: str | None) -> bool:
    return str(row.id) == number


def _is_of_browser(session: Session, key: str) -> ColumnElement[bool]:
    return UnsentForm.browser_hash == _hash(session, key)


def _hash(session: Session, key: str) -> bytes:
    return session.vault.index(f"unsent:{key}")
