"""Every form of the page: whatever is sent to it, the answer is a page with words, never a failure.

What is refused changes nothing, and what is sent twice happens once.
"""

import hashlib
from collections.abc import Iterator

import pytest
from sqlalchemy import select
from werkzeug.routing import Rule

from mentoring.models import Base, Person, StaffRole
from tests.admin.conftest import PASSWORD, Screen, Site
from tests.admin.filled_in import filled_in
from tests.admin.test_pages import alert_about
from tests.admin.test_permissions import OPEN, rules
from tests.admin.test_reports import OWN, a_report
from tests.admin.test_scope import match_of
from tests.admin.test_spoken import recorded, texted

# They tell of a visit, of a wrong password, and whose turn it is: nothing of the programme.
_NOT_LOOKED_AT = {"staff_sessions", "sign_in_failures", "wording_stamps"}
# They guard themselves in other ways, each in tests of its own, or have no row behind them.
_ELSEWHERE = {
    *("/desk/sign-out", "/desk/stay", "/desk/people"),
    *("/desk/account/passkeys/ask", "/desk/account/passkeys"),
    "/desk/account/passkeys/<int:number>/remove",
}
_FIELDS = (
    *(
        "reason",
        "name",
        "email",
        "role",
        "communities",
        "code",
        "note",
        "outcome",
        "because",
        "why",
    ),
    *("item", "held_on", "how", "notes", "motive", "advice", "planning", "pace", "described"),
    *("number", "agreed", "by_text", "told_by", "zone", "verdict", "told", "protege", "mentor"),
    *(
        "who",
        "days",
        "kind",
        "voice",
        "text",
        "seen",
        "do",
        "fingerprint",
        "which",
        "since",
        "until",
    ),
    *(
        "community",
        "follows",
        "shown",
        "words",
        "language",
        "mode",
        "safe_contact",
        "slow",
        "current",
    ),
    *("password", "again", "languages", "sectors", "country", "office_zone", "calling_from"),
    *("old", "new"),
    *("org_name", "staff_name", "purpose", "place", "businesses", "sure", "label1", "cross_mode"),
)
# They ask for nothing but a press.
_BUTTONS = {
    *("/desk/account/recovery-codes", "/desk/account/sessions", "/desk/interest/invite"),
    *("/desk/alerts/<int:number>/accept", "/desk/alerts/<int:number>/step"),
    *("/desk/applications/<code>/references/<int:number>/asked",),
    *("/desk/matching/plan", "/desk/matching/<code>", "/desk/proposals/<int:number>/send"),
    *("/desk/reports/<int:number>/again", "/desk/setup/live"),
    *("/desk/staff/<int:number>/disable", "/desk/staff/<int:number>/invite"),
    "/desk/wording/<prompt>/<language>/<int:number>/live",
}
NONSENSE = {
    "nothing": "",
    "far too long": "x" * 3_000,
    "a script": "<script>alert(1)</script>",
    "a number beyond all": "9" * 40,
    "below nothing": "-1",
    "a digit of another script": "٣",
    "half a letter": "\ud83d".encode("utf-8", "surrogatepass").decode("utf-8", "replace"),
    "two lines": "a\r\nSet-Cookie: b=c",
}


def posts(site: Site) -> Iterator[Rule]:
    """Return every address at which something is done by somebody who is signed in."""
    for rule in rules(site):
        if "POST" in (rule.methods or ()) and rule.rule not in OPEN | _ELSEWHERE:
            yield rule


def records(site: Site) -> dict[str, str]:
    """Return a fingerprint of each table, to see whether anything was written."""
    found = {}
    with site.db.transaction() as session:
        for table in Base.metadata.sorted_tables:
            if table.name not in _NOT_LOOKED_AT:
                rows = sorted(map(repr, session.execute(select(table)).all()))
                found[table.name] = hashlib.sha256("\n".join(rows).encode()).hexdigest()
    return found


def addresses(site: Site, *, of: str = "P05") -> dict[str, str]:
    """Return an address for each rule, about somebody of the fictional programme."""
    match, report = match_of(site, of), a_report(site)
    parts = {
        **{"code": of, "mentor": "M06", "part": "hours", "kind": "board"},
        **{"prompt": "V-GREET", "language": "en"},
    }
    numbers = {
        "alerts": alert_about(site, "P17 has a worry"),
        "tasks": alert_about(site, "M12 finished"),
        "recordings": recorded(site),
        "texts": texted(site, "Hello"),
        "reports": report,
        "staff": site.number("lea@example.org"),
    }
    found = {}
    for rule in posts(site):
        kind = rule.rule.split("/")[2]
        own = parts | {"number": numbers.get(kind, 1)}
        if kind == "matches" and "code" in rule.arguments:
            own["code"] = match
        if kind == "applications":
            own["code"] = "M12"
        built = rule.build({name: own[name] for name in rule.arguments}, append_unknown=False)
        assert built is not None
        found[rule.rule] = built[1]
    return found


@pytest.fixture
def screen(site: Site) -> Screen:
    """Charlotte, beside others of the staff, at a programme with something of everything."""
    site.add("lea@example.org", StaffRole.LEAD)
    return site.sign_in(site.add())


@pytest.mark.timeout(120)
@pytest.mark.parametrize("words", NONSENSE.values(), ids=list(NONSENSE))
def test_nonsense_is_answered_in_a_page(site: Site, screen: Screen, words: str) -> None:
    for rule, address in addresses(site).items():
        screen.opens("/desk/account")
        answer = screen.sends(address, **dict.fromkeys(_FIELDS, words))
        assert answer.status_code < 500, rule
        assert answer.text.strip(), rule
        assert "<script>alert" not in answer.text, rule


@pytest.mark.timeout(120)
@pytest.mark.parametrize("words", [None, "x" * 3_000], ids=["nothing", "far too much"])
def test_only_a_button_does_something_without_sense(
    site: Site, screen: Screen, words: str | None
) -> None:
    changed = set()
    known = addresses(site)
    before = records(site)
    for rule, address in known.items():
        screen.opens("/desk/account")
        screen.sends(address, **(dict.fromkeys(_FIELDS, words) if words else {}))
        after = records(site)
        if after != before:
            changed.add(rule)
        before = after

    assert changed - _BUTTONS == set()


@pytest.mark.timeout(120)
def test_for_what_is_not_there_there_is_no_page(site: Site, screen: Screen) -> None:
    known = addresses(site)
    before = records(site)
    nobody = {"code": "P99", "mentor": "M99", "number": 999_999, "part": "nonsense"}
    nowhere = nobody | {"prompt": "V-NONE", "language": "xx", "kind": "board"}
    for rule in posts(site):
        if rule.arguments:
            built = rule.build({name: nowhere[name] for name in rule.arguments}, False)
            assert built is not None
            screen.opens("/desk/account")
            answer = screen.sends(built[1], **dict.fromkeys(_FIELDS, "1"))
            assert (answer.status_code, "There is no such page" in screen.words) == (404, True), (
                rule.rule
            )

    assert known
    assert records(site) == before


@pytest.mark.timeout(120)
def test_for_what_belongs_to_others_there_is_no_page(site: Site) -> None:
    with site.db.transaction() as session:
        session.scalars(select(Person).where(Person.code == "P03")).one().community = "Harbour"
    site.add("lea@example.org", StaffRole.LEAD)
    email = site.add("ines@example.org", StaffRole.LEAD, communities=["Harbour"])
    screen = site.sign_in(email)
    foreign = addresses(site, of="P01")
    before = records(site)
    for rule, address in foreign.items():
        if "<" in rule:
            screen.opens("/desk/account")
            answer = screen.sends(address, **dict.fromkeys(_FIELDS, "1"))
            assert answer.status_code in (403, 404), rule

    assert records(site) == before


# The page of a form, where it is sent unless that is the page itself, and what is filled in beside
# what stands there already.
_TWICE: dict[str, tuple[str, str, dict[str, str]]] = {
    "tick": (
        "/desk/applications/M12",
        "/desk/applications/M12/check",
        {"item": "screening_talk", "held_on": "2026-03-02", "how": "call"},
    ),
    "reference": (
        "/desk/applications/M12",
        "/desk/applications/M12/references",
        {"name": "Mia", "number": "515 555 0187", "agreed": "She told Olga on Monday."},
    ),
    "talk": (
        "/desk/applications/M12",
        "/desk/applications/M12/talk",
        {"motive": "give_back", "pace": "chatty"},
    ),
    "override": (
        "/desk/applications/M12",
        "/desk/applications/M12/override",
        {"reason": "We know her well."},
    ),
    "owner": ("{worry}", "{worry}/owner", {"name": "Ben Adler"}),
    "step": ("{worry}", "{worry}/step", {}),
    "alert": ("{worry}", "{worry}/close", {"code": "no_action_needed"}),
    "task": ("{task}", "{task}", {"outcome": "We talked."}),
    "apart": ("/desk/matching/P04/M04/apart", "", {"reason": "family"}),
    "withdraw": ("/desk/proposals/1/withdraw", "", {"reason": "She is ill."}),
    "hold": ("{match}/hold", "", {"reason": "They asked."}),
    "pause": ("{match}/pause", "", {"who": "P05", "days": "14", "reason": "She travels."}),
    "finish": ("{match}/finish", "", {"reason": "other"}),
    "close": ("{match}/close", "", {"reason": "other"}),
    "details": ("/desk/people/P05/edit", "", {"name": "Denise Ann"}),
    "suspend": ("/desk/people/P05/suspend", "", {"reason": "We look into it."}),
    "no contact": ("/desk/people/P05/do-not-contact", "", {"kind": "texts", "reason": "So said."}),
    "report": ("/desk/reports", "", OWN),
    "wording": (
        "/desk/wording/V-GREET/en/edit",
        "",
        {"voice": "Welcome to {{org}}.", "note": "Warmer", "do": "save"},
    ),
    "set-up": ("/desk/setup/purpose", "", {"purpose": "We bring people together."}),
    "on call": ("/desk/setup/staff", "", {"name": "Zoe", "number": "515 555 0186"}),
    "line": ("/desk/setup/lines", "", {"number": "515 555 0185", "kind": "pair"}),
    "invitation": (
        "/desk/staff/invite",
        "",
        {"name": "Ines", "email": "ines@example.org", "role": "lead"},
    ),
    "account": ("{lea}", "", {"role": "coordinator", "communities": ""}),
    "shut": ("{lea}", "{lea}/disable", {}),
    "password": (
        "/desk/account",
        "/desk/account/password",
        {"old": PASSWORD, "new": "quiet orange ladder storm"},
    ),
}


def places(site: Site) -> dict[str, str]:
    """Return where some of the pages are, by the names that stand for them above."""
    return {
        "worry": f"/desk/alerts/{alert_about(site, 'P17 has a worry')}",
        "task": f"/desk/tasks/{alert_about(site, 'M12 finished')}",
        "match": f"/desk/matches/{match_of(site, 'P05')}",
        "lea": f"/desk/staff/{site.number('lea@example.org')}",
    }


@pytest.mark.parametrize("form", _TWICE)
def test_what_is_sent_twice_happens_once(site: Site, screen: Screen, form: str) -> None:
    at = places(site)
    page, to, fields = _TWICE[form]
    address = (to or page).format(**at)
    screen.opens(page.format(**at))
    kept = filled_in(screen, address)
    sent = {**kept, **{name: words.format() for name, words in fields.items()}}
    token = kept["csrf_token"][0]
    before = records(site)
    screen.sends(address, token=token, **sent)  # type: ignore[arg-type]
    once = records(site)
    assert once != before, screen.words
    screen.sends(address, token=token, **sent)  # type: ignore[arg-type]

    assert screen.page.status_code < 500
    twice = records(site)
    assert {name for name in once if once[name] != twice[name]} == set()


_AT_ONCE = {
    "owner": ("name", "Ben Adler", "Inès Caron"),
    "talk": ("motive", "give_back", "share_skill"),
    "account": ("role", "coordinator", "read_only"),
    "step": ("", "", ""),
}


@pytest.mark.parametrize("form", _AT_ONCE)
def test_of_two_at_once_the_second_is_told(site: Site, screen: Screen, form: str) -> None:
    at = places(site)
    page, to, _ = _TWICE[form]
    address = (to or page).format(**at)
    ben = site.sign_in(site.add("ben@example.org"))
    name, first, second = _AT_ONCE[form]
    for each in (screen, ben):
        each.opens(page.format(**at))
    typed = [(screen, first), (ben, second)]
    forms = [(each, {**filled_in(each, address), name: words}) for each, words in typed]
    (_, sent), (_, late) = forms
    screen.sends(address, **sent)  # type: ignore[arg-type]
    once = records(site)
    ben.sends(address, **late)  # type: ignore[arg-type]

    assert "Somebody else has changed this meanwhile, and nothing was written." in ben.words
    assert records(site) == once
    again = {**filled_in(ben, address), name: second}
    if name:
        ben.sends(address, **again)  # type: ignore[arg-type]
        assert records(site) != once
