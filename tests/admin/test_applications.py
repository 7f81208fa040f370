"""Applications on the page: the list, the checklist, references, the decision, and who may what."""

import re
from collections.abc import Callable

import pytest
from sqlalchemy import select

from mentoring.models import Decision, Delivery, PersonState, Reference, Role, StaffRole
from mentoring.people import add_person, find_or_add_phone, person_with_code
from tests.admin.a_form import MEANWHILE
from tests.admin.conftest import Screen, Site
from tests.admin.filled_in import filled_in, seen
from tests.admin.test_pages import audit

MIA = "515 555 0188"
OLGA = "/desk/applications/M12"


def state(site: Site, code: str) -> PersonState:
    with site.db.transaction() as session:
        return person_with_code(session, code).state


def applicant(site: Site, role: Role = Role.PROTEGE, community: str = "") -> str:
    """Add somebody who has just finished the intake; returns their code."""
    with site.db.transaction() as session:
        person = add_person(
            session,
            role=role,
            phone=find_or_add_phone(session, "+15155550171", now=site.clock.now()),
            first_name="Ada",
            state=PersonState.SCREENING,
            actor="test",
            reason="test",
            now=site.clock.now(),
        )
        person.community = community
        return person.code


def does(screen: Screen, code: str, what: str, **fields: str) -> None:
    """Open an application and send one of its forms."""
    screen.opens(f"/desk/applications/{code}")
    address = f"/desk/applications/{code}/{what}"
    screen.sends(address, seen=seen(screen, address), **fields)


def says_yes(screen: Screen) -> None:
    """Press the button of a page that asks once more."""
    held = {name: value for name, (value, *_) in filled_in(screen).items() if name != "csrf_token"}
    screen.sends(screen.path, **held)


def ticks_talk(screen: Screen, code: str) -> None:
    does(
        screen, code, "check", item="screening_talk", held_on="2026-03-02", how="text", notes="Ok."
    )


def reference_ids(site: Site) -> list[int]:
    with site.db.transaction() as session:
        olga = person_with_code(session, "M12")
        open_ones = select(Reference.id).where(
            Reference.person_id == olga.id, Reference.answered_at.is_(None)
        )
        return list(session.scalars(open_ones.order_by(Reference.id)))


def test_the_list_says_what_is_missing_and_what_comes_next(charlotte: Screen) -> None:
    charlotte.opens("/desk/applications")
    rows = {row[1]: row for row in charlotte.rows()}
    assert set(rows) == {"P09", "M12"}
    assert rows["M12"][5] == "the screening talk, 1 answer from references"
    assert rows["M12"][6].startswith("M12 finished the intake.")
    assert rows["P09"][5] == "the lessons and the promise"
    assert rows["P09"][6] == "They are asked or reminded by the service."
    assert all(row[7] for row in rows.values())
    charlotte.opens("/desk/applications?role=mentor&state=screening")
    assert [row[1] for row in charlotte.rows()] == ["M12"]


def test_a_mentor_is_screened_and_taken_on(site: Site, charlotte: Screen) -> None:
    charlotte.opens(OLGA)
    charlotte.sends(f"{OLGA}/decision", outcome="eligible", because="fits")
    assert (charlotte.page.status_code, state(site, "M12")) == (422, PersonState.SCREENING)
    assert "Not yet. Missing: the screening talk, 1 answer from references." in charlotte.words

    ticks_talk(charlotte, "M12")
    assert "It is on file." in charlotte.words
    assert charlotte.rows("What is on file")[0][4] == "Charlotte"
    (open_one,) = reference_ids(site)
    does(charlotte, "M12", f"references/{open_one}/asked")
    does(charlotte, "M12", f"references/{open_one}", verdict="good", told="Patient.")
    does(charlotte, "M12", "talk", motive="give_back", own_line="See soap.com")
    assert "The line holds a number, an address or a page." in charlotte.words
    talk = {"motive": "give_back", "advice": "", "planning": "try", "pace": "chatty"}
    does(charlotte, "M12", "talk", **talk, own_line="I began with one pot")
    does(charlotte, "M12", "decision", outcome="eligible", because="fits")

    assert "It is decided." in charlotte.words
    assert state(site, "M12") is PersonState.ORIENTATION
    assert [action for action, code, _ in audit(site) if code == "M12"][-5:] == [
        "ticked screening talk",
        "asked reference",
        "reference answered",
        "wrote down the talk",
        "decided eligible",
    ]
    with site.db.transaction() as session:
        told = person_with_code(session, "M12").profile
        assert (told["motive"], told["own_line"]) == ("give_back", "I began with one pot.")
    assert "Missing the orientation talk, the lessons and the promise" in charlotte.words


@pytest.mark.parametrize(
    ("what", "fields", "said"),
    [
        ("check", {"item": "screening_talk", "how": "call"}, "Enter the day."),
        (
            "check",
            {"item": "screening_talk", "held_on": "soon", "how": "call"},
            "Enter a day, such as 2026-03-02.",
        ),
        ("check", {"item": "screening_talk", "held_on": "", "how": "call"}, "Enter the day."),
        ("check", {"item": "screening_talk", "held_on": "2026-03-02"}, "Choose how it was held."),
        (
            "check",
            {"item": "screening_talk", "held_on": "2030-01-01", "how": "call"},
            "That day is still to come.",
        ),
        (
            "check",
            {"item": "screening_talk", "held_on": "1926-03-02", "how": "call"},
            "That day is more than ten years ago.",
        ),
        ("check", {"item": "x", "held_on": "2026-03-02", "how": "call"}, "There is no x"),
        ("uncheck", {"item": "screening_talk"}, "Say why."),
        ("references", {"name": "Mia", "number": "515 555 0187"}, "Without their yes"),
        ("references", {"name": "Mia", "number": "12", "agreed": "so"}, "not a valid phone number"),
        ("references/99", {"verdict": "good"}, "has no reference 99"),
        ("decision", {}, "Choose the decision."),
        ("decision", {"outcome": "declined", "because": "conduct"}, "Say in your own words why"),
        (
            "decision",
            {"outcome": "declined", "because": "fits", "why": "x"},
            "Choose a reason that",
        ),
        ("talk", {"pace": "loud"}, "Choose one of the answers."),
        ("override", {}, "Say why."),
    ],
)
def test_what_is_not_filled_in_well_is_said_and_changes_nothing(
    site: Site, charlotte: Screen, what: str, fields: dict[str, str], said: str
) -> None:
    before = audit(site)
    does(charlotte, "M12", what, **fields)
    assert (charlotte.page.status_code, said in charlotte.words) == (422, True)
    assert audit(site) == before
    assert state(site, "M12") is PersonState.SCREENING


def test_somebody_who_is_referred_is_told_by_a_person(site: Site, charlotte: Screen) -> None:
    code = applicant(site)
    ticks_talk(charlotte, code)
    does(charlotte, code, "decision", outcome="referred", because="other_service", why="A lawyer.")
    says_yes(charlotte)
    assert state(site, code) is PersonState.EXITED
    charlotte.opens("/desk/tasks")
    assert f"{code} was referred. Tell them in person, kindly" in charlotte.words


@pytest.mark.parametrize(
    ("outcome", "because", "said"),
    [
        ("referred", "not_yet", "Refer Olga (M12) The reason is: not yet."),
        ("declined", "conduct", "Decline Olga (M12) The reason is: conduct."),
    ],
)
def test_what_ends_an_application_is_asked_once_more(
    site: Site, charlotte: Screen, outcome: str, because: str, said: str
) -> None:
    before = audit(site)
    does(charlotte, "M12", "decision", outcome=outcome, because=because, why="Ask the chamber.")

    assert said in charlotte.words
    assert "this cannot be undone" in charlotte.words
    assert (audit(site), state(site, "M12")) == (before, PersonState.SCREENING)
    says_yes(charlotte)
    assert "It is decided." in charlotte.words
    assert state(site, "M12") is PersonState.EXITED
    assert audit(site)[-1] == (f"decided {outcome}", "M12", because)


def test_names_numbers_and_notes_are_opened_with_a_reason(site: Site, charlotte: Screen) -> None:
    charlotte.opens(OLGA)
    assert "Mia" not in charlotte.words
    assert MIA not in charlotte.words
    charlotte.opens(f"{OLGA}/words")
    token = re.search(r'name="csrf_token" value="([^"]+)"', charlotte.page.text)
    assert token is not None
    # This one page may show a number, so the leak check is not shown it.
    page = charlotte.client.post(
        f"{OLGA}/words", data={"csrf_token": token[1], "reason": "To call Mia."}
    )
    assert "Mia" in page.text
    assert MIA in page.text
    assert audit(site)[-1] == ("read application", "M12", "To call Mia.")


def test_why_somebody_was_declined_is_for_admins_alone(
    site: Site, charlotte: Screen, signed_in: Callable[[StaffRole], Screen]
) -> None:
    does(charlotte, "M12", "decision", outcome="declined", because="conduct", why="Rude to Ben.")
    says_yes(charlotte)
    with site.db.transaction() as session:
        assert session.scalars(select(Decision).order_by(Decision.id.desc())).first() is not None
    for screen, sees in ((charlotte, True), (signed_in(StaffRole.LEAD), False)):
        screen.opens(f"{OLGA}/words")
        token = re.search(r'name="csrf_token" value="([^"]+)"', screen.page.text)
        assert token is not None
        page = screen.client.post(f"{OLGA}/words", data={"csrf_token": token[1], "reason": "look"})
        assert ("Rude to Ben." in page.text) is sees


def test_two_admins_let_the_checks_pass_and_one_does_not(site: Site, charlotte: Screen) -> None:
    does(charlotte, "M12", "override", reason="Known for years.")
    does(charlotte, "M12", "override", reason="Really.")
    assert "It takes another admin as well." in charlotte.words
    does(charlotte, "M12", "decision", outcome="eligible", because="fits")
    assert state(site, "M12") is PersonState.SCREENING
    ana = site.sign_in(site.add("ana@example.org"))
    does(ana, "M12", "override", reason="Me too.")
    does(ana, "M12", "decision", outcome="eligible", because="fits")
    assert state(site, "M12") is PersonState.ORIENTATION


@pytest.mark.parametrize("role", [StaffRole.READ_ONLY, StaffRole.COORDINATOR, StaffRole.LEAD])
def test_only_admins_let_checks_pass(
    site: Site, signed_in: Callable[[StaffRole], Screen], role: StaffRole
) -> None:
    screen = signed_in(role)
    does(screen, "M12", "override", reason="in a hurry")
    assert screen.page.status_code == 403
    assert "Let the checks pass" not in screen.opens(OLGA).text
    assert ("Tick it" in screen.page.text) is (role is not StaffRole.READ_ONLY)
    assert state(site, "M12") is PersonState.SCREENING


def test_applications_of_another_community_are_not_there(site: Site) -> None:
    code = applicant(site, community="Lake")
    ines = site.sign_in(site.add("ines@example.org", StaffRole.COORDINATOR, communities=["Lake"]))
    ines.opens("/desk/applications")
    assert [row[1] for row in ines.rows()] == [code]
    assert ines.opens(OLGA).status_code == 404
    ines.opens(f"/desk/applications/{code}")
    assert ines.sends(f"{OLGA}/decision", outcome="eligible").status_code == 404


def test_a_slip_is_taken_back(site: Site, charlotte: Screen) -> None:
    ticks_talk(charlotte, "M12")
    does(charlotte, "M12", "uncheck", item="screening_talk", reason="It was Olga Two.")
    assert "The tick is taken back." in charlotte.words
    assert ("unticked screening talk", "M12", "It was Olga Two.") in audit(site)


def test_a_tick_that_was_set_anew_meanwhile_is_not_taken_back(
    site: Site, charlotte: Screen
) -> None:
    ticks_talk(charlotte, "M12")
    charlotte.opens(OLGA)
    stale = seen(charlotte, f"{OLGA}/uncheck")
    does(charlotte, "M12", "uncheck", item="screening_talk", reason="It was another day.")
    ticks_talk(charlotte, "M12")
    before = audit(site)
    charlotte.sends(f"{OLGA}/uncheck", seen=stale, item="screening_talk", reason="It was Olga Two.")

    assert MEANWHILE in charlotte.words
    assert audit(site) == before
    does(charlotte, "M12", "uncheck", item="screening_talk", reason="It was Olga Two.")
    assert audit(site)[-1] == ("unticked screening talk", "M12", "It was Olga Two.")


AGREED = {"by_text": "yes", "told_by": "Olga, on Monday", "zone": "America/Denver"}


@pytest.mark.parametrize(
    ("left_out", "said"),
    [
        ("by_text", "Tick that they agreed to be asked by text."),
        ("told_by", "Say who told you"),
        ("zone", "Enter their time zone"),
    ],
)
def test_nobody_is_asked_by_text_without_all_that_it_takes(
    site: Site, charlotte: Screen, left_out: str, said: str
) -> None:
    (open_one,) = reference_ids(site)
    given = {name: value for name, value in AGREED.items() if name != left_out}
    does(charlotte, "M12", f"references/{open_one}/text", **given)

    assert (charlotte.page.status_code, said in charlotte.words) == (422, True)
    with site.db.transaction() as session:
        assert session.get_one(Reference, open_one).texted_at is None


def test_a_reference_who_agreed_is_asked_by_text_once(site: Site, charlotte: Screen) -> None:
    (open_one,) = reference_ids(site)
    does(charlotte, "M12", f"references/{open_one}/text", **AGREED)
    assert "They are asked by text, by day where they live." in charlotte.words
    assert f"Ask reference {open_one} by text" not in charlotte.words
    assert audit(site)[-1] == (
        "texted reference",
        "M12",
        f"reference {open_one}: Olga, on Monday",
    )
    with site.db.transaction() as session:
        asked = select(Delivery.prompt).where(Delivery.prompt.startswith("T-REF"))
        assert session.scalars(asked.order_by(Delivery.id)).all() == ["T-REF1", "T-REF2"]
    does(charlotte, "M12", f"references/{open_one}/text", **AGREED)
    assert "That reference was asked by text, or has answered already." in charlotte.words


def test_what_was_typed_stays_beside_what_was_wrong(site: Site, charlotte: Screen) -> None:
    (open_one,) = reference_ids(site)
    texted = f"{OLGA}/references/{open_one}/text"
    does(charlotte, "M12", f"references/{open_one}/text", **AGREED | {"zone": ""})
    held = filled_in(charlotte, texted)
    assert (held["told_by"], held["by_text"]) == (["Olga, on Monday"], ["yes"])
    does(charlotte, "M12", f"references/{open_one}", told="Patient and kind.")
    assert filled_in(charlotte, f"{OLGA}/references/{open_one}")["told"] == ["Patient and kind."]
    # Else the next press would tick what nobody chose.
    does(charlotte, "M12", "check", item="orientation_talk", how="call")
    assert filled_in(charlotte, f"{OLGA}/check")["item"] == ["orientation_talk"]


def ticks_live_talk(screen: Screen, minutes: str) -> None:
    """Tick the live talk of a mentor, with how long it took."""
    told = {"item": "orientation_talk", "held_on": "2026-03-02", "how": "call"}
    does(screen, "M12", "check", **told, minutes=minutes)


def test_how_long_the_live_talk_took_is_noted_and_shown(site: Site, charlotte: Screen) -> None:
    ticks_live_talk(charlotte, "25")
    charlotte.opens(OLGA)

    assert re.search(r"<td>call</td>\s*<td>25</td>", charlotte.page.text)
    assert ("ticked orientation talk", "M12", "call, 2026-03-02, 25 minutes") in audit(site)


@pytest.mark.parametrize("told", ["0", "481", "2.5", "-3", "half an hour", "\u0662"])
def test_a_length_that_is_none_is_refused_beside_its_field(
    site: Site, charlotte: Screen, told: str
) -> None:
    before = audit(site)
    ticks_live_talk(charlotte, told)

    assert "Enter whole minutes from 1 to 480" in charlotte.words
    assert audit(site) == before
