"""The addresses of the page. Each names the permission that it needs; without one it is refused.

A view is a function of a visit. It reads, changes rows and returns what is shown; the one
transaction around it is opened and committed here. What cannot be done is a ProgrammeError: nothing
is changed, and the page says why.
"""

from collections.abc import Callable
from functools import partial
from typing import Any, Concatenate, ParamSpec
from urllib.parse import urlsplit

from flask import Blueprint, Response, abort, flash, g, make_response, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError, CSRFProtect
from werkzeug.exceptions import Conflict, HTTPException

from admin.assets import FOLDER, edition_of
from admin.office import Office, Visit
from admin.permissions import Permission
from admin.rendering import show_problem
from admin.sessions import ends_at, find_session
from admin.unsent import is_sent_again, keep, show_again, was_refused
from mentoring.db import Session
from mentoring.errors import ProgrammeError
from mentoring.models import SessionStage

COOKIE = "bridgeline_desk"
# A script that looks for news says so: a screen that nobody looks at must not stay signed in.
BY_ITSELF = "X-By-Itself"

_BODY_LIMIT = 256 * 1024

Args = ParamSpec("Args")
View = Callable[Concatenate[Visit, Args], ResponseReturnValue]
OpenView = Callable[Concatenate[Session, Args], ResponseReturnValue]


class _RefusedError(Exception):
    """Carries the page of an error out of the transaction, which is rolled back."""

    def __init__(self, page: Response) -> None:
        super().__init__()
        self.page = page


class Pages:
    """Collects the views of the page into one blueprint under /desk."""

    def __init__(self, office: Office, csrf: CSRFProtect) -> None:
        self.office = office
        self.blueprint = Blueprint(
            "desk",
            "admin",
            url_prefix="/desk",
            template_folder="templates",
            static_folder=FOLDER,
            static_url_path=f"/static/{edition_of(FOLDER)}",
        )
        self._csrf = csrf
        self.blueprint.before_request(_limit_body)
        self.blueprint.before_request(_refuse_nul)
        self.blueprint.before_request(self._refuse_forgery)
        self.blueprint.register_error_handler(HTTPException, show_problem)

    def get(self, rule: str, needs: Permission, view: View[...]) -> None:
        """Add a page that shows something."""
        self._add(rule, "GET", needs, view)

    def post(self, rule: str, needs: Permission, view: View[...]) -> None:
        """Add an address at which something is done."""
        self._add(rule, "POST", needs, view)

    def open(self, rule: str, method: str, view: OpenView[...]) -> None:
        """Add an address for people who are not signed in yet, given a session only."""

        def handle(**args: Any) -> Response:
            return make_response(
                self.office.db.run(lambda session: view(session, self.office, **args))
            )

        handle.permission = None  # type: ignore[attr-defined]
        self.blueprint.add_url_rule(
            rule, endpoint=_endpoint(view, method), view_func=handle, methods=[method]
        )

    def _add(self, rule: str, method: str, needs: Permission, view: View[...]) -> None:
        def handle(**args: Any) -> Response:
            try:
                return make_response(self.office.db.run(partial(self._visit, needs, view, args)))
            except _RefusedError as refused:
                return refused.page
            except ProgrammeError as error:
                self.office.db.run(lambda session: was_refused(session, self.office, _token()))
                flash(str(error), "error")
                return make_response(redirect(came_from(), 303))

        handle.permission = needs  # type: ignore[attr-defined]
        self.blueprint.add_url_rule(
            rule, endpoint=_endpoint(view, method), view_func=handle, methods=[method]
        )

    def _visit(
        self, needs: Permission, view: View[...], args: dict[str, Any], session: Session
    ) -> ResponseReturnValue:
        office = self.office
        browser = find_session(
            session,
            _token(),
            now=office.wall_clock.now(),
            by_hand=BY_ITSELF not in request.headers,
        )
        if browser is None or browser.stage is not SessionStage.SIGNED_IN:
            if BY_ITSELF in request.headers:
                abort(401)
            return redirect(url_for("desk.sign_in", next=self._wanted(session)), 303)
        visit = Visit(session, office, browser.account, browser, office.clock.now())
        g.signed_in_until = ends_at(browser)
        try:
            if not visit.may(needs):
                abort(403, f"You may not {needs.value}. An admin can change that.")
            if request.method == "POST":
                is_sent_again(visit)
            return show_again(visit, make_response(view(visit, **args)))
        except HTTPException as problem:
            # Shown while the account can still be read; the transaction is rolled back after that.
            raise _RefusedError(show_problem(problem, visit)) from problem
        except ProgrammeError as error:
            if request.method != "GET":
                raise
            # Nobody is led back from a page: they may have come from this very one.
            raise _RefusedError(show_problem(Conflict(str(error)), visit)) from error

    def _wanted(self, session: Session) -> str:
        """Return the page to be shown after signing in; what was typed meanwhile is kept for it."""
        if request.method == "GET":
            return request.full_path.rstrip("?")
        page = keep(session, self.office, _token(), came_from(), is_forged=False)
        if page is not None:
            flash(
                "You were signed out before you sent it. Sign in again: what you typed is kept for"
                " an hour.",
                "error",
            )
        return page or came_from()

    def _refuse_forgery(self) -> Response | None:
        if request.method != "POST":
            return None
        try:
            self._csrf.protect()
        except CSRFError:
            page = self.office.db.run(self._keep_too_old) if self._is_from_here() else None
            if page is not None:
                return make_response(redirect(page, 303))
            abort(
                400,
                "This form is too old, or it came from another site. Nothing was done. Go back,"
                " load the page anew, and send it again.",
            )
        return None

    def _keep_too_old(self, session: Session) -> str | None:
        return keep(session, self.office, _token(), came_from(), is_forged=True)

    def _is_from_here(self) -> bool:
        """Tell whether the browser itself says that a form was sent from a page of ours."""
        site = request.headers.get("Sec-Fetch-Site")
        if BY_ITSELF in request.headers or (site or "same-origin") != "same-origin":
            return False
        origin = urlsplit(request.headers.get("Origin", "")).netloc
        return bool(site) or origin in {request.host, urlsplit(self.office.base_url).netloc}


def _token() -> str:
    return request.cookies.get(COOKIE, "")


def _limit_body() -> None:
    request.max_content_length = _BODY_LIMIT


def _refuse_nul() -> None:
    """Refuse what no keyboard types and PostgreSQL cannot keep."""
    given = (request.path, *request.args.values(), *request.form.values())
    if any("\0" in words for words in given):
        abort(400)


def _endpoint(view: Callable[..., Any], method: str) -> str:
    return view.__name__ if method == "GET" else f"{view.__name__}_{method.lower()}"


def came_from() -> str:
    """Return the page of ours from which a form was sent, else the first one."""
    return own_page(urlsplit(request.referrer or "")._replace(scheme="", netloc="").geturl())


def own_page(address: str) -> str:
    """Return an address if it is a page of ours, else the first page: nobody is led elsewhere."""
    parts = urlsplit(address)
    is_ours = not parts.scheme and not parts.netloc and parts.path.startswith("/desk/")
    return address if is_ours and "\\" not in address else url_for("desk.today")
