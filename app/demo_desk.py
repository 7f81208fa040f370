"""Who may sign in to the coordinators' page of the demo, and the authenticator that it pretends."""

from dataclasses import dataclass
from datetime import datetime

import pyotp
from flask import Blueprint, Response, render_template_string
from sqlalchemy import select

from admin.accounts import account_with_email, invite
from admin.credentials import (
    Passwords,
    add_authenticator,
    authenticator_secret,
    default_passwords,
    new_code,
)
from mentoring.clock import SystemClock
from mentoring.db import Database, Session
from mentoring.models import StaffAccount, StaffRole

_ACTOR = "demo"
# Charlotte may do everything, so that everything can be tried.
_ACCOUNTS = (
    ("charlotte@bridgeline.example", "Charlotte Reyes", StaffRole.ADMIN, None),
    ("ben@bridgeline.example", "Ben Adler", StaffRole.LEAD, None),
    ("ines@bridgeline.example", "Inès Caron", StaffRole.COORDINATOR, ["Est"]),
    ("visitor@bridgeline.example", "Vera Visitor", StaffRole.READ_ONLY, None),
)
_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Pretend authenticator · Bridgeline demo</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="stylesheet" href="{{ url_for('desk.static', filename='simple.min.css') }}"></head>
<body><main><h1>Pretend authenticator</h1>
<p>A real authenticator lives on your own phone. Each code works once and changes every half minute;
  <a href="/demo/authenticator">show the newest ones</a>.</p>
<ul>{% for account, code in codes %}
<li>{{ account.name }}, {{ account.email }}: <strong>{{ code }}</strong></li>
{% endfor %}</ul></main></body></html>"""
_POLICY = "default-src 'none'; style-src 'self'"


@dataclass(frozen=True)
class SignIn:
    """What is printed when the demo starts."""

    email: str
    password: str


def open_accounts(session: Session, *, now: datetime, passwords: Passwords | None = None) -> SignIn:
    """Open the accounts of the demo, all with one new password; returns the one to begin with."""
    hasher, password = passwords or default_passwords(), new_code(4).lower()
    kept = hasher.hash(password)
    for email, name, role, communities in _ACCOUNTS:
        account = account_with_email(session, email)
        if account is None:
            account, _ = invite(
                session,
                email=email,
                name=name,
                role=role,
                communities=communities,
                actor=_ACTOR,
                now=now,
            )
            add_authenticator(session, account)
            # As if the first code had been typed already.
            account.authenticator_step = 1
        account.password_hash, account.invitation_hash = kept, None
    return SignIn(_ACCOUNTS[0][0], password)


def authenticator_blueprint(db: Database) -> Blueprint:
    """Return the page that shows the present code of each account. For the demo only."""
    blueprint = Blueprint("demo_authenticator", __name__)
    wall_clock = SystemClock()

    @blueprint.get("/demo/authenticator")
    def authenticator() -> Response:
        with db.transaction() as session:
            accounts = session.scalars(select(StaffAccount).order_by(StaffAccount.id)).all()
            codes = [
                (account, pyotp.TOTP(secret).at(wall_clock.now()))
                for account in accounts
                if (secret := authenticator_secret(session, account)) is not None
            ]
        response = Response(render_template_string(_PAGE, codes=codes))
        response.headers["Content-Security-Policy"] = _POLICY
        response.headers["Cache-Control"] = "no-store"
        return response

    return blueprint
