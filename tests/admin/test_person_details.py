"""Changing what is written down about somebody: kept with old and new, and nothing overwritten."""

from typing import Any

import pytest
from sqlalchemy import select

from mentoring.models import AuditEntry, Mode, Person, StaffRole
from mentoring.people import person_with_code
from tests.admin.conftest import Screen, Site
from tests.admin.filled_in import filled_in

ROSA = "/desk/people/P01/edit"
AMINA = "/desk/people/M06/edit"


def sends(screen: Screen, address: str, **changed: Any) -> None:
    """Open a form, change some of its fields, and send it."""
    screen.opens(address)
    screen.sends(address, **{**filled_in(screen), **changed})


def kept(site: Site) -> list[tuple[str, str, str]]:
    """Return the changes that were written down: what, about whom, and from what to what."""
    with site.db.transaction() as session:
        rows = session.scalars(
            select(AuditEntry)
            .where(AuditEntry.action.startswith("changed "), AuditEntry.entity == "person")
            .order_by(AuditEntry.id)
        ).all()
        return [(row.action, row.entity_id, row.reason) for row in rows]


def person(site: Site, code: str) -> Person:
    """Return somebody as they are in the database now."""
    with site.db.transaction() as session:
        found = person_with_code(session, code)
        session.expunge_all()
        return found


def test_everything_is_changed_in_one_form_and_each_change_is_kept(
    site: Site, charlotte: Screen
) -> None:
    sends(
        charlotte,
        AMINA,
        name="Aminah",
        zone="America/Denver",
        mode="both",
        language="fr",
        safe_contact="3",
        slow="yes",
        community=" North  Shore ",
        languages=["es", "en"],
        sectors=["shop", "food"],
        slow_welcome="yes",
        cross_mode="no",
        relay_announced="yes",
    )

    assert charlotte.path == "/desk/people/M06"
    assert kept(site) == [
        ("changed name", "M06", "Amina -> Aminah"),
        ("changed zone", "M06", "America/Chicago -> America/Denver"),
        ("changed mode", "M06", "text -> both"),
        ("changed language", "M06", "en -> fr"),
        ("changed safe contact", "M06", "1 -> 3"),
        ("changed slow", "M06", "no -> yes"),
        ("changed relay announced", "M06", "nothing -> yes"),
        ("changed community", "M06", "River -> North Shore"),
        ("changed languages", "M06", "nothing -> en,es"),
        ("changed sectors", "M06", "clothes -> food,shop"),
        ("changed slow welcome", "M06", "nothing -> yes"),
        ("changed cross mode", "M06", "nothing -> no"),
    ]
    amina = person(site, "M06")
    assert (amina.mode, amina.phone.slow, amina.community) == (Mode.BOTH, True, "North Shore")
    assert amina.profile["topics"] == "A,B,H"
    for words in ("Also speaks English, Spanish", "Kind of business food, a shop"):
        assert words in charlotte.words
    assert "changed safe contact from may show our name to leave no message" in charlotte.words
    assert "changed languages from nothing to English, Spanish" in charlotte.words
    assert "changed zone from America/Chicago to America/Denver" in charlotte.words


def test_what_stays_as_it_is_is_neither_checked_nor_kept(site: Site, charlotte: Screen) -> None:
    with site.db.transaction() as session:
        rosa = person_with_code(session, "P01")
        rosa.zone, rosa.first_name = "Mars/Olympus", ""
    sends(charlotte, ROSA)
    assert "stays as it was." in charlotte.words
    sends(charlotte, ROSA, cross_mode="no")

    assert kept(site) == [("changed cross mode", "P01", "nothing -> no")]


def test_an_answer_is_taken_back(site: Site, charlotte: Screen) -> None:
    sends(charlotte, ROSA, sectors=["food"], cross_mode="yes")
    sends(charlotte, ROSA, sectors=[], cross_mode="")

    assert kept(site)[-2:] == [
        ("changed sectors", "P01", "food -> nothing"),
        ("changed cross mode", "P01", "yes -> nothing"),
    ]
    assert not {"sectors", "cross_mode"} & person(site, "P01").profile.keys()


def test_the_second_of_two_is_told_and_overwrites_nothing(site: Site, charlotte: Screen) -> None:
    ben = site.sign_in(site.add("ben@example.org", StaffRole.LEAD))
    ben.opens(ROSA)
    sends(charlotte, ROSA, name="Rosita", zone="America/Denver")
    ben.sends(ROSA, **{**filled_in(ben), "name": "Rosalia"})  # type: ignore[arg-type]

    assert ben.page.status_code == 409
    assert "Somebody else has changed this person meanwhile. Nothing was written." in ben.words
    assert "First name: somebody else made it Rosita meanwhile." in ben.words
    assert "Time zone: somebody else made it America/Denver meanwhile." in ben.words
    assert person(site, "P01").first_name == "Rosita"
    again = filled_in(ben)
    # What Ben had typed stays; what he had not touched is as it is now.
    assert (again["name"], again["zone"]) == (["Rosalia"], ["America/Denver"])
    ben.sends(ROSA, **again)  # type: ignore[arg-type]

    assert person(site, "P01").first_name == "Rosalia"
    assert person(site, "P01").zone == "America/Denver"


def test_the_same_form_sent_twice_changes_things_once(site: Site, charlotte: Screen) -> None:
    charlotte.opens(ROSA)
    wanted = {**filled_in(charlotte), "name": "Rosita"}
    charlotte.sends(ROSA, **wanted)  # type: ignore[arg-type]
    charlotte.opens(ROSA)
    charlotte.sends(ROSA, **wanted)  # type: ignore[arg-type]

    assert (charlotte.path, "stays as it was" in charlotte.words) == ("/desk/people/P01", True)
    assert kept(site) == [("changed name", "P01", "Rosa -> Rosita")]


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("name", "", "A first name has 1 to 40 letters"),
        ("name", "x" * 41, "A first name has 1 to 40 letters"),
        ("zone", "", "There is no time zone called"),
        ("zone", "Chicago", "There is no time zone called Chicago."),
        ("mode", "smoke", "Choose how they like to talk."),
        ("language", "de", "Choose a language."),
        ("safe_contact", "4", "Choose what a message may say."),
        ("slow", "", "Choose whether the voice speaks slowly."),
        ("community", "x" * 61, "up to 60 letters and no comma"),
        ("community", "North, River", "up to 60 letters and no comma"),
        ("sectors", ["food", "arms"], "Choose kinds of business offered."),
        ("languages", ["xx"], "Choose languages offered."),
        ("cross_mode", "maybe", "Choose yes, no, or not asked yet."),
    ],
)
def test_what_cannot_be_is_refused_beside_its_field(
    site: Site, charlotte: Screen, field: str, value: Any, said: str
) -> None:
    sends(charlotte, ROSA, **{field: value})

    assert (charlotte.page.status_code, kept(site)) == (422, [])
    assert said in charlotte.words
    assert f'<a href="#{field}">' in charlotte.page.text


def test_all_that_is_wrong_is_said_at_once(charlotte: Screen) -> None:
    sends(charlotte, ROSA, name="", zone="Chicago")

    assert charlotte.words.count("Problem:") == 1 + 2


def test_who_has_no_texts_cannot_like_texts_alone(charlotte: Screen) -> None:
    sends(charlotte, "/desk/people/P05/edit", mode="text")

    assert "The phone of P05 gets no texts" in charlotte.words


def test_who_has_not_agreed_to_texts_gets_none_by_liking_them(charlotte: Screen) -> None:
    sends(charlotte, ROSA, mode="both")

    assert "They have not agreed to texts, so none goes out before they do." in charlotte.words


def test_a_protege_is_not_asked_whether_a_slow_pace_suits_them(
    site: Site, charlotte: Screen
) -> None:
    charlotte.opens(ROSA)
    assert "slow_welcome" not in filled_in(charlotte)
    sends(charlotte, ROSA, slow_welcome="yes")

    assert "slow_welcome" not in person(site, "P01").profile


def test_that_those_who_wait_may_hear_of_a_mentor_is_written_down_later_as_well(
    site: Site, charlotte: Screen
) -> None:
    sends(charlotte, "/desk/people/M08/edit", described="no")
    assert person(site, "M08").profile["described"] == "no"
    sends(charlotte, "/desk/people/M08/edit", described="yes")
    assert person(site, "M08").profile["described"] == "yes"
    charlotte.opens(ROSA)
    assert "described" not in filled_in(charlotte)


def test_a_line_of_a_mentor_is_written_down_unless_it_holds_a_number(
    site: Site, charlotte: Screen
) -> None:
    sends(charlotte, "/desk/people/M08/edit", own_line="I began with one bucket")
    assert person(site, "M08").profile["own_line"] == "I began with one bucket."
    sends(charlotte, "/desk/people/M08/edit", own_line="Call me: 907 555 0142")
    assert "The line holds a number, an address or a page." in charlotte.words
    assert person(site, "M08").profile["own_line"] == "I began with one bucket."
    charlotte.opens(ROSA)
    assert "own_line" not in filled_in(charlotte)


@pytest.mark.parametrize("shown", ["", "[]", "{", '{"name": 7}'])
def test_a_form_that_does_not_say_what_it_showed_counts_as_old(
    site: Site, charlotte: Screen, shown: str
) -> None:
    sends(charlotte, ROSA, shown=shown, name="Rosita")

    assert (charlotte.page.status_code, person(site, "P01").first_name) == (409, "Rosa")


def test_a_script_in_a_name_is_shown_as_text(charlotte: Screen) -> None:
    sends(charlotte, ROSA, name="<script>alert(1)</script>")

    assert charlotte.path == "/desk/people/P01"
    assert "<script>alert" not in charlotte.page.text
    assert "<script>alert(1)</script> P01" in charlotte.words


def test_nobody_is_put_where_one_would_see_them_no_more(site: Site) -> None:
    email = site.add("ines@example.org", StaffRole.COORDINATOR, communities=["River", "Est"])
    ines = site.sign_in(email)
    for community in ("North", ""):
        sends(ines, ROSA, community=community)
        assert "Choose one of your communities" in ines.words
    sends(ines, ROSA, community="Est")

    assert (ines.path, person(site, "P01").community) == ("/desk/people/P01", "Est")
    assert ines.opens("/desk/people/P02/edit").status_code == 404
