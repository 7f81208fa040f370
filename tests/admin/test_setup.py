"""The set-up: left and taken up again, refused while something is empty, and live by one press."""

import pytest
from sqlalchemy import func, select

from mentoring.lines import note_check
from mentoring.models import Line, ProgrammeEdition, Staff
from mentoring.programme_editions import begin_with_newest, count_as_live, newest_edition
from tests.admin.conftest import Screen, Site
from tests.admin.test_pages import audit

HOURS = {
    **{"country": "US", "office_zone": "America/Chicago"},
    **{"calling_from": "09:00", "calling_until": "20:00"},
    **{"check_in_from": "10:00", "check_in_until": "18:00"},
}
PURPOSE = {
    **{"org_name": "Three Rivers", "staff_name": "Charlotte"},
    "purpose": "We bring owners of small businesses together.",
}


@pytest.fixture
def new_site(empty_site: Site) -> Site:
    """A programme that was installed a minute ago."""
    begin_with_newest(empty_site.db)
    return empty_site


@pytest.fixture
def admin(new_site: Site) -> Screen:
    return new_site.sign_in(new_site.add())


def keeps(screen: Screen, part: str, **said: str) -> Screen:
    """Open a page of the set-up and send it with the edition that it shows."""
    screen.opens(f"/desk/setup/{part}")
    screen.sends(f"/desk/setup/{part}", follows=shown_edition(screen), **said)
    return screen


def shown_edition(screen: Screen) -> str:
    return screen.page.text.partition('name="follows" value="')[2].partition('"')[0]


def editions(site: Site) -> int:
    with site.db.transaction() as session:
        return session.scalar(select(func.count(ProgrammeEdition.id))) or 0


def written_down(site: Site) -> list[tuple[str, str]]:
    return [(what, why) for what, _, why in audit(site)]


def goes_live(screen: Screen, **said: str) -> Screen:
    screen.opens("/desk/setup")
    screen.sends("/desk/setup/live", follows=shown_edition(screen), **said)
    return screen


def fills_in_everything(site: Site, screen: Screen) -> None:
    keeps(screen, "purpose", **PURPOSE)
    keeps(screen, "eligibility", place="Polk County", businesses="Any lawful one.")
    keeps(screen, "hours", **HOURS)
    keeps(screen, "languages", languages="en")
    keeps(screen, "lines", number="515 555 0100", kind="main")
    keeps(screen, "lines", number="515 555 0101", kind="pair")
    keeps(screen, "staff", name="Ines", number="515 555 0191")
    with site.db.transaction() as session:
        for line in session.scalars(select(Line)).all():
            note_check(session, line.number, fault="", now=site.clock.now())


def test_a_new_programme_says_what_to_do_first_and_is_not_live(admin: Screen) -> None:
    admin.opens("/desk/")
    assert "Not started. The service takes nobody on yet." in admin.words
    admin.opens("/desk/setup")

    assert "3 of 7 parts are complete" in admin.words
    assert "Say what the programme is for." in admin.words
    assert "There is no main line. Add its number." in admin.words
    assert "Nobody is on call. Add somebody with a phone." in admin.words
    assert {row[2] for row in admin.rows("What is missing")} == {"Going live."}


def test_a_live_programme_says_what_does_not_work_until_the_set_up_is_complete(
    site: Site, charlotte: Screen
) -> None:
    charlotte.opens("/desk/setup")

    assert "The programme is live, so callers are let in, but the set-up is not" in charlotte.words
    assert ["Who may take part", "something is missing"] in charlotte.rows("Parts of the set-up")
    held = {row[0]: row[2] for row in charlotte.rows("What is missing")}
    assert held["Who may take part"] == (
        "Staff have no rule by which to decide. Calls are not affected."
    )


def test_what_is_kept_leads_on_is_there_again_and_counts_at_once(
    new_site: Site, admin: Screen
) -> None:
    keeps(admin, "purpose", **PURPOSE)

    assert admin.path == "/desk/setup/eligibility"
    assert "Part 2 of 7" in admin.words
    assert 'value="Three Rivers"' in admin.opens("/desk/setup/purpose").text
    assert new_site.db.programme.org_name == "Three Rivers"
    assert ("changed the programme", "what it is for") in written_down(new_site)


def test_going_live_is_refused_while_something_is_empty(new_site: Site, admin: Screen) -> None:
    keeps(admin, "purpose", **PURPOSE)
    goes_live(admin, sure="y")

    assert admin.page.status_code == 422
    assert "5 things are still empty or wrong, so nobody is let in." in admin.words
    assert editions(new_site) == 1


def test_with_everything_there_it_goes_live_after_a_tick(new_site: Site, admin: Screen) -> None:
    fills_in_everything(new_site, admin)
    goes_live(admin)
    assert "Call the numbers and play a call through, then tick this." in admin.words
    goes_live(admin, sure="y")

    assert "The programme is live." in admin.words
    assert "Go live now" not in admin.page.text
    assert new_site.db.programme.is_live
    assert ("went live", "went live") in written_down(new_site)


def test_a_country_without_numbers_keeps_it_from_going_live(new_site: Site, admin: Screen) -> None:
    fills_in_everything(new_site, admin)
    keeps(admin, "hours", **{**HOURS, "country": "gb"})
    goes_live(admin, sure="y")
    assert "GB has no emergency number or no crisis line." in admin.words

    british = {"GB_emergency": "999", "GB_crisis_line": "116 123"}
    keeps(admin, "crisis", **british, **numbers_of("US", "CA", "PR"))
    goes_live(admin, sure="y")
    assert new_site.db.programme.is_live


def test_hours_that_contradict_each_other_keep_it_from_going_live(
    new_site: Site, admin: Screen
) -> None:
    fills_in_everything(new_site, admin)
    with new_site.db.transaction() as session:
        newest = newest_edition(session)
        assert newest is not None
        facts = {**newest.facts, "calling_from": "20:00", "calling_until": "09:00"}
        row = {"facts": facts, "live": False, "what": "by hand", "actor": "test"}
        session.add(ProgrammeEdition(follows=newest.id, at=new_site.clock.now(), **row))
    goes_live(admin, sure="y")

    assert "6 of 7 parts are complete" in admin.words
    assert admin.rows("What is missing") == [
        [
            "Hours and country",
            "The start of the calling hours must be earlier in the day than their end.",
            "Going live.",
        ]
    ]
    assert not new_site.db.programme.is_live


def numbers_of(*countries: str) -> dict[str, str]:
    named = {f"{country}_emergency": "911" for country in countries}
    return named | {f"{country}_crisis_line": "988" for country in countries}


def test_once_live_a_row_of_crisis_numbers_cannot_be_emptied(site: Site, charlotte: Screen) -> None:
    with site.db.transaction() as session:
        count_as_live(session, actor="test", now=site.clock.now())
    keeps(charlotte, "crisis", **{**numbers_of("US", "CA", "PR"), "CA_crisis_line": ""})
    assert charlotte.page.status_code == 422
    assert "CA: without an emergency number and a crisis line" in charlotte.words
    keeps(charlotte, "hours", **{**HOURS, "country": "GB"})

    assert charlotte.page.status_code == 422
    assert site.db.programme.country == "US"


@pytest.mark.parametrize(
    ("part", "said", "refusal"),
    [
        ("purpose", {**PURPOSE, "org_name": ""}, "Enter the name of the programme."),
        ("purpose", {**PURPOSE, "org_name": "x" * 31}, "Use 30 characters or fewer."),
        ("hours", {**HOURS, "country": "XX"}, "Enter two letters, such as US or CA."),
        ("hours", {**HOURS, "office_zone": "Nowhere"}, "Enter a zone such as America/Chicago."),
        ("hours", {**HOURS, "calling_from": "9"}, "Enter a time such as 09:00"),
        ("hours", {**HOURS, "calling_from": "21:00"}, "must be earlier in the day than"),
        ("hours", {**HOURS, "check_in_until": "08:00"}, "must be earlier in the day than"),
        ("hours", {**HOURS, "check_in_until": "20:30"}, "must lie within the calling hours"),
        ("crisis", {"US_emergency": "help"}, "Enter digits, such as 911."),
        ("languages", {"languages": "tlh"}, "Choose at least one of the languages."),
        ("lines", {"number": "12"}, "That is not a valid phone number."),
        ("staff", {"name": "Ines", "number": "911"}, "That is not a valid phone number."),
        ("staff", {"name": "", "number": "515 555 0191"}, "Enter their name."),
    ],
)
def test_what_makes_no_sense_is_refused_and_nothing_is_kept(
    new_site: Site, admin: Screen, part: str, said: dict[str, str], refusal: str
) -> None:
    keeps(admin, part, **said)

    assert admin.page.status_code == 422
    assert refusal in admin.words
    assert "There is a problem" in admin.words
    assert editions(new_site) == 0


def test_the_second_of_two_is_told_and_overwrites_nothing(new_site: Site, admin: Screen) -> None:
    ben = new_site.sign_in(new_site.add("ben@example.org"))
    ben.opens("/desk/setup/purpose")
    old = shown_edition(ben)
    keeps(admin, "purpose", **PURPOSE)
    ben.sends("/desk/setup/purpose", follows=old, **{**PURPOSE, "org_name": "Bens"})
    assert ben.page.status_code == 422
    assert (
        "Charlotte has changed the programme meanwhile, so nothing of yours was kept." in ben.words
    )
    # Pressing again without having looked does not help.
    ben.sends("/desk/setup/purpose", follows=shown_edition(ben), **{**PURPOSE, "org_name": "Bens"})

    assert ben.page.status_code == 422
    assert new_site.db.programme.org_name == "Three Rivers"


def test_pressed_twice_it_is_kept_once(new_site: Site, admin: Screen) -> None:
    admin.opens("/desk/setup/purpose")
    for _ in range(2):
        admin.sends("/desk/setup/purpose", follows="0", **PURPOSE)

    assert admin.path == "/desk/setup/eligibility"
    assert editions(new_site) == 1


def test_a_script_in_a_text_is_shown_as_text(admin: Screen) -> None:
    keeps(admin, "purpose", **{**PURPOSE, "purpose": "<script>alert(1)</script>"})
    admin.opens("/desk/settings")

    assert "<script>alert(1)" not in admin.page.text
    assert "<script>alert(1)</script>" in admin.words


def test_there_is_one_main_line_and_everybody_on_call_once(site: Site, charlotte: Screen) -> None:
    keeps(charlotte, "lines", number="515 555 0105", kind="main")
    assert "There is a main line already." in charlotte.words
    keeps(charlotte, "staff", name="Charlotte Reyes", number="515 555 0195")
    assert "is there already, with that name or that number" in charlotte.words

    with site.db.transaction() as session:
        assert session.scalar(select(func.count(Line.id))) == 5
        assert session.scalar(select(func.count(Staff.id))) == 3


@pytest.mark.parametrize("part", ["nowhere", "live", "../setup"])
def test_there_are_no_other_pages(admin: Screen, part: str) -> None:
    assert admin.opens(f"/desk/setup/{part}").status_code in (404, 405)


def test_the_settings_say_where_each_comes_from(admin: Screen) -> None:
    keeps(admin, "hours", **HOURS)
    admin.opens("/desk/settings")

    assert "CALLING_FROM 09:00 this page The earliest time for ringing" in admin.words
    assert "RING_SECONDS 25 default How long the other phone rings." in admin.words
    assert "ORG_NAME BridgeLine default" in admin.words
    assert "COSTS not set default What things cost" in admin.words
    assert "a-token" not in admin.words
    assert "DATABASE_URL" not in admin.page.text


def test_the_rehearsal_is_explained_and_started_nowhere_here(charlotte: Screen) -> None:
    charlotte.opens("/desk/rehearsal")

    assert "python3 run.py rehearse" in charlotte.words
    assert "Phones of the rehearsal" not in charlotte.words
