"""The coordinators' page as a part of the site: its views, its headers and its errors."""

from collections.abc import Mapping
from functools import partial

from flask import Flask, Request, Response, request
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface
from flask_wtf.csrf import CSRFProtect
from werkzeug.routing import IntegerConverter, Map

from admin.assets import KEPT
from admin.office import Office
from admin.pages import Pages
from admin.rendering import filters
from admin.views import (
    account,
    alerts,
    annual,
    applications,
    audit,
    authenticator,
    contacts,
    decisions,
    feedback,
    feedback_forms,
    goals,
    interest,
    joining,
    lines,
    match_changes,
    matches,
    matching,
    needs,
    passkeys,
    people,
    person_changes,
    person_details,
    proposals,
    quotes,
    rehearsal,
    report_files,
    report_pages,
    reports,
    settings,
    setup,
    signing_in,
    spoken,
    staff,
    tasks,
    today,
    training,
    unsent,
    wording,
    wording_decisions,
    wording_edits,
    wording_list,
)
from admin.views import help as help_page

_AT = "/desk/"
_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "media-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
_HEADERS = {
    "Content-Security-Policy": _POLICY,
    "X-Content-Type-Options": "nosniff",
    # Where somebody goes from here, and what they were looking at, is nobody else's business.
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}
# Who was here once asks by https from then on, whatever they type. Said without https it would shut
# everybody out, so it is said where people find the page by https alone.
_SECURE = {"Strict-Transport-Security": "max-age=31536000"}
_VIEWS = (
    *(signing_in, joining, account, authenticator, passkeys, today, people, interest, applications),
    *(decisions, person_details, person_changes, quotes, training, spoken),
    *(match_changes, matches, matching, proposals, needs),
    *(contacts, alerts, tasks, feedback, feedback_forms, goals, staff, audit, help_page, unsent),
    *(wording_list, wording, wording_edits, wording_decisions),
    *(reports, report_pages, report_files, annual),
    *(lines, settings, setup, rehearsal),
)


class _DeskSessions(SecureCookieSessionInterface):
    """Keeps the cookie that guards forms to the page, and out of every call and text.

    A webhook must neither wait for it nor fail with it, least of all a fallback.
    """

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        if request.path.startswith(_AT):
            return super().open_session(app, request)
        return self.make_null_session(app)


class _RowNumber(IntegerConverter):
    """The number of a row in an address. What no table can hold is on no page."""

    def __init__(self, url_map: Map) -> None:
        super().__init__(url_map, max=2**31 - 1)


def add_desk(app: Flask, office: Office) -> None:
    """Add the coordinators' page to the site, under /desk."""
    # The key of the cookie that guards forms; whoever knows it could forge no session.
    app.secret_key = office.db.vault.index("desk:forms")
    app.session_interface = _DeskSessions()
    app.config.update(
        SESSION_COOKIE_NAME="bridgeline_forms",
        SESSION_COOKIE_PATH="/desk",
        SESSION_COOKIE_SECURE=office.secure,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        WTF_CSRF_CHECK_DEFAULT=False,
        # A form lives as long as the session of whoever fills it in, so nothing typed is lost.
        WTF_CSRF_TIME_LIMIT=None,
        # We are behind https by a proxy that need not tell us so.
        WTF_CSRF_SSL_STRICT=False,
    )
    app.url_map.converters["int"] = _RowNumber
    pages = Pages(office, CSRFProtect(app))
    for view in _VIEWS:
        view.add_to(pages)
    pages.blueprint.after_request(
        partial(_strict, _HEADERS | _SECURE if office.secure else _HEADERS)
    )
    app.jinja_env.filters.update(filters())
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.register_blueprint(pages.blueprint)


def _strict(headers: Mapping[str, str], response: Response) -> Response:
    """Let nothing run that is not ours, and let no shared screen keep what was shown."""
    response.headers.update(headers)
    if request.endpoint == "desk.static" and response.status_code < 400:
        response.headers["Cache-Control"] = KEPT
    else:
        response.headers["Cache-Control"] = "no-store"
    return response
