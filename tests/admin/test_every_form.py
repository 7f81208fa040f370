"""Every form of the page: whatever is sent to it, the answer is a page with words, never a failure.

What is refused changes nothing, and nothing is done to what belongs to others.
"""

import hashlib
import re
from collections.abc import Iterator

import pytest
from sqlalchemy import select, text
from werkzeug.routing import Rule

from mentoring.models import Base, Person, StaffRole
from tests.admin.conftest import Screen, Site
from tests.admin.filled_in import places
from tests.admin.test_alerts import alert_about
from tests.admin.test_applications import reference_ids
from tests.admin.test_permissions import OPEN, rules
from tests.admin.test_reports import a_report
from tests.admin.test_scope import match_of
from tests.admin.test_spoken import recorded, texted

# They tell of a visit, of a wrong password, and whose turn it is: nothing of the programme.
_NOT_LOOKED_AT = {"staff_sessions", "sign_in_failures", "wording_stamps"}
# They sign out, stay, find, or have no row behind them: tests of their own go through them.
_OTHERWISE = {
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
    *(
        "item",
        "held_on",
        "how",
        "minutes",
        "notes",
        "motive",
        "advice",
        "planning",
        "pace",
        "described",
    ),
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
    *("action", "owner", "due_on", "answer", "person", "heard_in", "changed"),
    *("named_as", "permitted_on"),
    *("org_name", "staff_name", "purpose", "place", "businesses", "sure", "label1", "cross_mode"),
)
# They ask for nothing but a press.
_BUTTONS = {
    *("/desk/account/recovery-codes", "/desk/account/sessions", "/desk/interest/invite"),
    *("/desk/alerts/<int:number>/accept", "/desk/alerts/<int:number>/step"),
    *("/desk/applications/<code>/references/<int:number>/asked",),
    *("/desk/matching/plan", "/desk/matching/<code>", "/desk/proposals/<int:number>/send"),
    *("/desk/reports/<int:number>/again", "/desk/setup/live"),
    "/desk/staff/<int:number>/disable",
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
        if "POST" in (rule.methods or ()) and rule.rule not in OPEN | _OTHERWISE:
            yield rule


def records(site: Site) -> dict[str, str]:
    """Return a fingerprint of each table, to see whether anything was written."""
    found = {}
    with site.db.transaction() as session:
        for table in Base.metadata.sorted_tables:
            if table.name not in _NOT_LOOKED_AT:
                # As the driver has it: to turn it into our own types takes longer than all else.
                raw = select(text("*")).select_from(table)
                rows = sorted(repr(tuple(row)) for row in session.execute(raw))
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
        "applications": reference_ids(site)[0],
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
@pytest.mark.parametrize("words", ["", "x" * 3_000], ids=["nothing", "far too long"])
def test_each_fault_leads_to_its_field(site: Site, screen: Screen, words: str) -> None:
    known = addresses(site)
    led = {}
    for rule, address in known.items():
        screen.opens("/desk/account")
        screen.sends(address, **dict.fromkeys(_FIELDS, words))
        faults = re.findall(r'<li><a href="#([^"]+)">', screen.page.text)
        stands = [screen.page.text.find(f'id="{each}"') for each in faults]
        assert stands == sorted(stands), f"{rule}: {faults} stand in another order on the page"
        led[rule] = set(faults)
        # What is not on the page any more, such as a tick to take back, has no field there.
        assert led[rule] <= (places(screen, address) or led[rule]), rule

    assert len([rule for rule in led if led[rule]]) > 20


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


# They belong to no community: who may open them at all sees them all, or what is shipped for all.
_OF_NOBODY = {"staff", "setup", "wording", "goals"}


@pytest.mark.timeout(120)
def test_for_what_belongs_to_others_there_is_no_page(site: Site) -> None:
    with site.db.transaction() as session:
        session.scalars(select(Person).where(Person.code == "P03")).one().community = "Harbour"
    site.add("lea@example.org", StaffRole.LEAD)
    # As an admin, so that nothing is refused but for whose it is.
    email = site.add("ines@example.org", StaffRole.ADMIN, communities=["Harbour"])
    screen = site.sign_in(email)
    known = {rule: at for rule, at in addresses(site, of="P01").items() if "<" in rule}
    foreign = {rule: at for rule, at in known.items() if rule.split("/")[2] not in _OF_NOBODY}
    before = records(site)
    for rule, address in foreign.items():
        screen.opens("/desk/account")
        answer = screen.sends(address, **dict.fromkeys(_FIELDS, "1"))
        assert (answer.status_code, "There is no such page" in screen.words) == (404, True), rule
        assert screen.opens(address).status_code in (404, 405), rule

    assert len(foreign) > 40
    assert records(site) == before
