"""Who may do what: the table, cell by cell, and every address of the page held against it."""

from collections.abc import Callable, Iterator

import pytest
from werkzeug.routing import Rule

from admin.assets import FOLDER, edition_of
from admin.permissions import MATRIX, Permission, may
from mentoring.models import StaffRole
from tests.admin.conftest import Screen, Site
from tests.tree import ROOT

PAGE = (ROOT / "docs" / "coordinators.md").read_text()
# What stands for the parts of an address; all of it exists in the fictional programme.
PARTS = {
    **{"code": "P05", "mentor": "M06", "number": "1", "rest": "nowhere", "part": "hours"},
    **{"prompt": "V-GREET", "language": "en"},
    **{"kind": "board", "indicator": "E7", "measure": "E7.healthy", "split": "month"},
}
# Who is not signed in yet reaches these, and nothing else.
OPEN = {
    "/desk/sign-in",
    "/desk/sign-in/code",
    "/desk/sign-in/passkey",
    "/desk/sign-in/passkey/ask",
    "/desk/join",
    "/desk/join/password",
    "/desk/join/authenticator",
    "/desk/join/authenticator.svg",
    "/desk/about",
    f"/desk/static/{edition_of(FOLDER)}/<path:filename>",
}


def rules(site: Site) -> Iterator[Rule]:
    """Return every address of the page."""
    yield from (rule for rule in site.app.url_map.iter_rules() if rule.rule.startswith("/desk"))


def needed(site: Site, rule: Rule) -> Permission | None:
    """Return what an address needs."""
    found: Permission | None = getattr(site.app.view_functions[rule.endpoint], "permission", None)
    return found


def address(rule: Rule) -> str:
    """Return an address with its parts filled in."""
    # The one recording there belongs to a worry, which opens to fewer than the table says.
    parts = PARTS | ({"number": "2"} if "/recordings/" in rule.rule else {})
    return rule.build({name: parts[name] for name in rule.arguments}, append_unknown=False)[1]  # type: ignore[index]


def test_the_table_of_the_page_about_it_is_the_one_in_use() -> None:
    heads = [role.value for role in StaffRole]
    for permission in Permission:
        cells = ["yes" if may(role, permission) else "no" for role in StaffRole]
        assert f"| {permission.value} | {' | '.join(cells)} |" in PAGE
    assert f"| | {' | '.join(head.replace('_', ' ') for head in heads)} |" in PAGE


@pytest.mark.parametrize("role", list(StaffRole))
@pytest.mark.parametrize("permission", list(Permission))
def test_each_cell(role: StaffRole, permission: Permission) -> None:
    allowed = {
        StaffRole.READ_ONLY: {Permission.SEE},
        StaffRole.COORDINATOR: {
            *(Permission.SEE, Permission.EXPORT, Permission.WORK, Permission.REVEAL)
        },
        StaffRole.LEAD: set(Permission)
        - {Permission.ACCOUNTS, Permission.OVERRIDE, Permission.SETUP},
        StaffRole.ADMIN: set(Permission),
    }
    assert may(role, permission) is (permission in allowed[role])


def test_what_stands_nowhere_is_forbidden(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(MATRIX, Permission.AUDIT)

    assert not may(StaffRole.ADMIN, Permission.AUDIT)


def test_every_address_needs_something_or_is_known_to_be_open(site: Site) -> None:
    assert {rule.rule for rule in rules(site) if needed(site, rule) is None} == OPEN


def test_without_signing_in_every_page_leads_to_the_sign_in(site: Site) -> None:
    screen = site.screen()
    for rule in rules(site):
        if rule.rule not in OPEN and "GET" in (rule.methods or ()):
            assert screen.opens(address(rule)).request.path == "/desk/sign-in", rule


@pytest.mark.parametrize("role", list(StaffRole))
def test_every_page_is_open_to_its_roles_only(
    site: Site, signed_in: Callable[[StaffRole], Screen], role: StaffRole
) -> None:
    screen = signed_in(role)
    for rule in rules(site):
        permission = needed(site, rule)
        if permission is None or "GET" not in (rule.methods or ()):
            continue
        refused = screen.opens(address(rule)).status_code == 403
        assert refused is not may(role, permission), (rule, screen.words)


@pytest.mark.parametrize("role", [StaffRole.READ_ONLY, StaffRole.COORDINATOR, StaffRole.LEAD])
def test_nothing_can_be_done_without_the_right_to_it(
    site: Site, signed_in: Callable[[StaffRole], Screen], role: StaffRole
) -> None:
    screen = signed_in(role)
    for rule in rules(site):
        permission = needed(site, rule)
        if permission is None or may(role, permission) or "POST" not in (rule.methods or ()):
            continue
        screen.opens("/desk/account")
        answer = screen.sends(address(rule), reason="out of curiosity", code="other")
        assert answer.status_code == 403, rule
        assert f"You may not {permission.value}." in screen.words


def test_who_may_not_export_is_refused_the_file_and_not_offered_it(
    signed_in: Callable[[StaffRole], Screen],
) -> None:
    screen = signed_in(StaffRole.READ_ONLY)
    screen.opens("/desk/people")
    assert "Download as CSV" not in screen.words

    assert screen.opens("/desk/people?as=csv").status_code == 403
