"""What the pages show and do: people, matches, alerts, tasks, the first page and the audit log."""

import json
import re
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from admin.assets import edition_of
from mentoring.errors import ProgrammeError
from mentoring.matches import match_with_code
from mentoring.models import (
    AuditEntry,
    Match,
    MatchState,
    Severity,
)
from mentoring.people import forget_number, person_with_code
from mentoring.tasks import open_task
from tests.admin.conftest import Screen, Site
from tests.admin.filled_in import seen
from tests.admin.test_scope import match_of

DENISE = "515 555 0135"


def audit(site: Site) -> list[tuple[str, str, str]]:
    """Return what was written down as (what, about, why), the oldest first."""
    with site.db.transaction() as session:
        rows = session.scalars(select(AuditEntry).order_by(AuditEntry.id)).all()
        return [(row.action, row.entity_id, row.reason) for row in rows]


def state(site: Site, code: str) -> MatchState:
    """Return the state of a match."""
    with site.db.transaction() as session:
        return match_with_code(session, code).state


# -- people ---------------------------------------------------------------------------------------


def test_a_number_that_was_purged_is_called_forgotten_and_cannot_be_shown(
    site: Site, charlotte: Screen
) -> None:
    with site.db.transaction() as session:
        forget_number(person_with_code(session, "P05").phone)
    charlotte.opens("/desk/people/P05")
    assert "forgotten" in charlotte.words
    charlotte.opens("/desk/people/P05/number")
    charlotte.sends("/desk/people/P05/number", reason="to call her")
    assert "This number is forgotten: it was too old to keep." in charlotte.words
    assert charlotte.opens("/desk/people?q=0135").status_code == 200


def test_a_number_is_shown_for_a_reason_and_the_look_is_kept_on_the_page(
    site: Site, charlotte: Screen
) -> None:
    charlotte.opens("/desk/people/P05")
    assert DENISE not in charlotte.words
    charlotte.opens("/desk/people/P05/number")

    # This one page may show it, so the leak check is not shown it.
    token = re.search(r'name="csrf_token" value="([^"]+)"', charlotte.page.text)
    assert token is not None
    answer = charlotte.client.post(
        "/desk/people/P05/number", data={"csrf_token": token[1], "reason": "She asked for a call."}
    )

    assert DENISE in answer.text
    assert ("revealed number", "P05", "She asked for a call.") in audit(site)
    charlotte.opens("/desk/people/P05")
    assert DENISE not in charlotte.words
    assert "revealed number She asked for a call." in charlotte.words


def test_a_number_that_a_task_shows_is_kept_on_the_page_of_whoever_has_it(
    site: Site, charlotte: Screen
) -> None:
    now = site.clock.now()
    with site.db.transaction() as session:
        phone = person_with_code(session, "P05").phone
        task = open_task(session, rule="call", words="Call.", key="t", phone=phone, now=now).id
    charlotte.opens(f"/desk/tasks/{task}/number")
    charlotte.sends(f"/desk/tasks/{task}/number", reason="To call back.")
    assert DENISE in charlotte.words
    charlotte.opens("/desk/people/P05")

    assert f"revealed number for task {task} To call back." in charlotte.words


@pytest.mark.parametrize(
    ("reason", "said"), [("  ", "Say why."), ("x" * 201, "Use 200 characters or fewer.")]
)
def test_without_a_reason_nothing_is_shown_and_nothing_written_down(
    site: Site, charlotte: Screen, reason: str, said: str
) -> None:
    before = audit(site)
    charlotte.opens("/desk/people/P05/number")
    charlotte.sends("/desk/people/P05/number", reason=reason)

    assert (charlotte.page.status_code, said in charlotte.words) == (422, True)
    assert DENISE not in charlotte.words
    assert audit(site) == before


def test_a_page_of_a_person_says_what_is_known(charlotte: Screen) -> None:
    charlotte.opens("/desk/people/P05")

    for words in ("Denise P05", "Likes phone calls", "Phone a landline", "Topics money, customers"):
        assert words in charlotte.words
    assert "Business open over 1 year" in charlotte.words


def test_answers_are_read_for_a_reason(site: Site, charlotte: Screen) -> None:
    charlotte.opens("/desk/people/P11/answers")
    charlotte.sends("/desk/people/P11/answers", reason="To finish the intake by phone.")

    assert "A day care in my home" in charlotte.words
    assert audit(site)[-1] == ("read answers", "P11", "To finish the intake by phone.")


def test_nobody_has_that_code(charlotte: Screen) -> None:
    for code in ("P99", "x", "é", "P05" * 20):
        assert charlotte.opens(f"/desk/people/{code}").status_code == 404


def test_what_no_keyboard_types_is_refused_in_a_page(charlotte: Screen) -> None:
    charlotte.opens("/desk/people/P05/number")
    charlotte.sends("/desk/people/P05/number", reason="why\0not")
    assert charlotte.page.status_code == 400
    for address in ("/desk/people/%00", "/desk/people?q=%00", "/desk/contacts?person=%00"):
        assert charlotte.opens(address).status_code == 400
        assert "That could not be read" in charlotte.words


# -- matches --------------------------------------------------------------------------------------


def test_a_match_is_opened_with_a_line_and_shown(site: Site, charlotte: Screen) -> None:
    charlotte.opens("/desk/matches/new")
    charlotte.sends("/desk/matches/new", protege="p04", mentor=" M08 ")
    assert "Open a match of Jean-Luc (P04) and Carmen (M08)" in charlotte.words
    charlotte.sends("/desk/matches/new", protege="P04", mentor="M08", sure="yes")

    assert "Both are told." in charlotte.words
    assert charlotte.path == f"/desk/matches/{match_of(site, 'P04')}"
    assert "Jean-Luc (P04)" in charlotte.words


@pytest.mark.parametrize(
    ("protege", "mentor", "said"),
    [
        ("", "M08", "Enter the code of a protege, such as P05."),
        ("P77", "M08", "There is nobody with the code P77."),
        ("M08", "P04", "A match needs a protege first and a mentor second"),
        ("P05", "M06", "P05 and M06 have an open match already."),
    ],
)
def test_a_match_that_cannot_be_says_why(
    site: Site, charlotte: Screen, protege: str, mentor: str, said: str
) -> None:
    with site.db.transaction() as session:
        before = len(session.scalars(select(Match.id)).all())
    charlotte.opens("/desk/matches/new")
    charlotte.sends("/desk/matches/new", protege=protege, mentor=mentor)

    assert charlotte.page.status_code == 422
    assert said in charlotte.words
    assert f'value="{protege}"' in charlotte.page.text
    with site.db.transaction() as session:
        assert len(session.scalars(select(Match.id)).all()) == before


def test_contact_is_stopped_and_allowed_again_by_two_with_reasons(
    site: Site, charlotte: Screen
) -> None:
    ben = site.sign_in(site.add("ben@example.org", name="Ben Adler"))
    code = match_of(site, "P05")
    charlotte.opens(f"/desk/matches/{code}/hold")
    charlotte.sends(f"/desk/matches/{code}/hold", reason="Denise is worried.")
    assert state(site, code) is MatchState.SAFETY_HOLD
    assert "Lift the hold" in charlotte.words
    charlotte.opens(f"/desk/matches/{code}/release")
    charlotte.sends(f"/desk/matches/{code}/release", reason="Cleared with both.")
    assert f"{code} stays on hold until somebody else says the same." in charlotte.words
    charlotte.sends(f"/desk/matches/{code}/release", reason="Cleared with both.")
    assert "You have said so already. It takes somebody else as well." in charlotte.words
    assert state(site, code) is MatchState.SAFETY_HOLD
    ben.opens(f"/desk/matches/{code}")
    assert "to be lifted Charlotte Cleared with both." in ben.words
    ben.opens(f"/desk/matches/{code}/release")
    ben.sends(f"/desk/matches/{code}/release", reason="I see it so too.")

    assert f"The hold of {code} is lifted." in ben.words
    assert state(site, code) is not MatchState.SAFETY_HOLD
    assert "Denise is worried." in ben.words


def test_a_match_on_hold_is_closed_by_two(site: Site, charlotte: Screen) -> None:
    ben, code = site.sign_in(site.add("ben@example.org", name="Ben Adler")), match_of(site, "P05")
    charlotte.opens(f"/desk/matches/{code}/hold")
    charlotte.sends(f"/desk/matches/{code}/hold", reason="Denise is worried.")
    for one, state_then in ((charlotte, MatchState.SAFETY_HOLD), (ben, MatchState.CLOSED)):
        one.opens(f"/desk/matches/{code}/close")
        assert "Out of a hold it takes two of you." in one.words
        assert "end well" not in one.words
        shown = seen(one, f"/desk/matches/{code}/close")
        one.sends(f"/desk/matches/{code}/close", reason="safety", seen=shown)
        assert state(site, code) is state_then


def test_a_match_ends_well_or_at_once(site: Site, charlotte: Screen) -> None:
    first, second = match_of(site, "P03"), match_of(site, "P10")
    charlotte.opens(f"/desk/matches/{first}/finish")
    charlotte.sends(f"/desk/matches/{first}/finish", reason="goal_met")
    charlotte.opens(f"/desk/matches/{second}/close")
    shown = seen(charlotte, f"/desk/matches/{second}/close")
    charlotte.sends(f"/desk/matches/{second}/close", reason="other", seen=shown)

    assert (state(site, first), state(site, second)) == (MatchState.CLOSING, MatchState.CLOSED)
    assert "This cannot be undone" not in charlotte.words


def test_an_end_that_was_begun_by_mistake_is_taken_back(site: Site, charlotte: Screen) -> None:
    code = match_of(site, "P03")
    before = state(site, code)
    charlotte.opens(f"/desk/matches/{code}/finish")
    charlotte.sends(f"/desk/matches/{code}/finish", reason="goal_met")
    charlotte.opens(f"/desk/matches/{code}/reopen")
    charlotte.sends(f"/desk/matches/{code}/reopen", reason="The wrong match.")

    assert state(site, code) is before
    assert f"{code} goes on. Both are told." in charlotte.words
    assert "Take back the end" not in charlotte.words


def test_a_wish_to_keep_in_touch_is_noted_for_whoever_told_it_by_phone(
    site: Site, charlotte: Screen
) -> None:
    code = match_of(site, "P03")
    charlotte.opens(f"/desk/matches/{code}")
    assert "Note: keep in touch" not in charlotte.words
    charlotte.opens(f"/desk/matches/{code}/finish")
    charlotte.sends(f"/desk/matches/{code}/finish", reason="goal_met")
    assert "Note: keep in touch" in charlotte.words
    with site.db.transaction() as session:
        both = [side.person.code for side in match_with_code(session, code).sides]

    said = []
    for who in (*both, "P01"):
        charlotte.opens(f"/desk/matches/{code}/touch")
        charlotte.sends(f"/desk/matches/{code}/touch", reason=who)
        said.append(charlotte.words)

    assert "Once the other one says so too" in said[0]
    assert "Both have said so: there is a task to call both." in said[1]
    assert "Choose who has said so." in said[2]


@pytest.mark.parametrize("reason", ["", "because"])
def test_why_a_match_ends_is_chosen_from_a_list(site: Site, charlotte: Screen, reason: str) -> None:
    code = match_of(site, "P03")
    charlotte.opens(f"/desk/matches/{code}/close")
    charlotte.sends(f"/desk/matches/{code}/close", reason=reason)

    assert "Choose why it ends." in charlotte.words
    assert state(site, code) is not MatchState.CLOSED


def test_codes_are_words_in_the_list_of_people(charlotte: Screen) -> None:
    charlotte.opens("/desk/people?q=P11")

    assert charlotte.rows()[0][6] == "Spanish"


# -- the first page -------------------------------------------------------------------------------


def test_the_first_page_begins_with_what_is_most_urgent(charlotte: Screen) -> None:
    charlotte.opens("/desk/")

    urgencies = [row[1] for row in charlotte.rows()]
    assert urgencies == sorted(urgencies, key=["critical", "high", "medium", "low"].index)
    assert "6 alerts and 3 tasks open: 1 urgent" in charlotte.words
    assert "1 protege waits for a mentor" in charlotte.words
    assert "Lena protege orientation" in charlotte.words


def test_what_is_new_comes_by_itself_and_is_said(site: Site, charlotte: Screen) -> None:
    first = json.loads(charlotte.opens("/desk/news").text)
    same = charlotte.opens(f"/desk/news?version={first['version']}")
    assert same.status_code == 304
    with site.db.transaction() as session:
        task = open_task(
            session,
            rule="O11",
            words="Somebody is in danger.",
            key="danger",
            now=site.clock.now(),
        )
        assert task.severity is Severity.CRITICAL
    news = json.loads(charlotte.opens(f"/desk/news?version={first['version']}").text)

    assert "Somebody is in danger." in news["html"]
    assert news["said"] == "7 alerts and 3 tasks open: 2 urgent, 1 overdue."


def test_what_is_late_is_called_overdue(site: Site, charlotte: Screen) -> None:
    site.clock.advance(timedelta(days=30).total_seconds())
    charlotte.opens("/desk/alerts")

    assert {row[-1] for row in charlotte.rows()} == {"overdue"}


# -- every page -----------------------------------------------------------------------------------


def test_nothing_runs_that_is_not_ours_and_nothing_is_kept(charlotte: Screen) -> None:
    for address in ("/desk/", "/desk/people", "/desk/people/P05", "/desk/help", "/desk/nowhere"):
        headers = charlotte.opens(address).headers
        assert "default-src 'none'" in headers["Content-Security-Policy"]
        assert "unsafe" not in headers["Content-Security-Policy"]
        assert headers["Cache-Control"] == "no-store"
        assert not re.search(r"<script(?![^>]*\bsrc=)|\son\w+=|\sstyle=", charlotte.page.text)


def test_after_an_update_no_old_script_meets_a_new_page(charlotte: Screen, tmp_path: Path) -> None:
    scripts = re.findall(r'src="(\S+\.js)"', charlotte.opens("/desk/").text)
    assert scripts
    for address in scripts:
        assert "immutable" in charlotte.opens(address).headers["Cache-Control"]
        assert charlotte.opens(f"{address}.map").headers["Cache-Control"] == "no-store"
    (tmp_path / "a.js").write_text("old")
    before = edition_of(tmp_path)
    assert edition_of(tmp_path) == before
    (tmp_path / "a.js").write_text("new")

    assert edition_of(tmp_path) != before


def test_a_page_that_fails_says_so_in_a_page(
    charlotte: Screen, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("admin.views.audit._FILTERS", None)
    charlotte.opens("/desk/audit")

    assert charlotte.page.status_code == 500
    assert "Something went wrong Try again in a minute." in charlotte.words


def test_far_too_much_is_refused_in_a_page(charlotte: Screen) -> None:
    charlotte.opens("/desk/people/P05/number")
    charlotte.sends("/desk/people/P05/number", reason="x" * 300_000)

    assert charlotte.page.status_code == 413
    assert "That was too long Send less at once." in charlotte.words


def test_a_page_that_cannot_be_shown_says_why_and_leads_nobody_round_in_circles(
    charlotte: Screen, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise ProgrammeError("The plan is being changed. Look again in a minute.")

    monkeypatch.setattr("admin.views.matches.newest_plan", refuse)
    address = "/desk/matches/K09"
    charlotte.opens(address, Referer=f"http://localhost{address}")

    assert (charlotte.page.status_code, charlotte.path) == (409, address)
    assert "The plan is being changed. Look again in a minute." in charlotte.words


def test_the_audit_log_tells_who_looked(site: Site, charlotte: Screen) -> None:
    charlotte.opens("/desk/people/P11/answers")
    charlotte.sends("/desk/people/P11/answers", reason="To finish the intake.")
    charlotte.opens("/desk/audit?what=read&about=P11")

    assert [row[1:] for row in charlotte.rows()] == [
        ["Charlotte", "read answers", "person P11", "To finish the intake."]
    ]
