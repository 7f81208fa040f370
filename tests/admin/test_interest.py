"""The list of those who left their interest, and the press that invites them once it is live."""

from collections.abc import Callable
from dataclasses import replace

from sqlalchemy import func, select

from mentoring.consents import INTEREST_PART, record_consent
from mentoring.models import Channel, Due, Invitation, Mode, Person, PersonState, Role, StaffRole
from mentoring.people import add_person, find_or_add_phone
from tests.admin.conftest import Screen, Site

LIST, INVITE = "/desk/interest", "/desk/interest/invite"


def leaves_interest(
    site: Site, name: str, number: str, *, mode: Mode = Mode.TEXT, community: str = ""
) -> Person:
    """Let somebody have left their interest."""
    now = site.clock.now()
    with site.db.transaction() as session:
        phone = find_or_add_phone(session, number, now=now)
        person = add_person(
            session,
            role=Role.PROTEGE,
            phone=phone,
            first_name=name,
            actor="caller",
            reason="interest",
            now=now,
        )
        person.mode, person.zone, person.community = mode, "America/Chicago", community
        record_consent(
            session,
            phone=phone,
            person=person,
            part=INTEREST_PART,
            agreed=True,
            channel=Channel.TEXT,
            language="en",
            proof="test",
            known_by="sender id",
            now=now,
        )
    return person


def invited(site: Site) -> list[int]:
    with site.db.transaction() as session:
        return list(
            session.scalars(
                select(Invitation.person_id)
                .where(Invitation.flow == "interest_begin")
                .order_by(Invitation.id)
            )
        )


def test_the_list_shows_them_and_one_press_invites_all_once(site: Site, charlotte: Screen) -> None:
    kim = leaves_interest(site, "<b>Kim</b>", "+15155550148")
    dan = leaves_interest(site, "Dan", "+15155550177", mode=Mode.VOICE)
    charlotte.opens(LIST)
    assert [row[0] for row in charlotte.rows()] == ["<b>Kim</b>", "Dan"]
    assert [row[-1] for row in charlotte.rows()] == ["not yet", "not yet"]

    charlotte.opens(INVITE)
    assert "2 people were not invited yet: 1 by text, 1 by a call." in charlotte.words
    charlotte.sends(INVITE)
    assert "2 people are called or texted, each in their own hours." in charlotte.words
    assert [row[-1] for row in charlotte.rows()] == ["waits for their hours"] * 2
    charlotte.sends(INVITE)

    assert invited(site) == [kim.id, dan.id]
    with site.db.transaction() as session:
        due = select(func.count(Due.id)).where(Due.person_id.in_([kim.id, dan.id]))
        assert session.scalar(due) == 2
    assert charlotte.opens(f"{LIST}?invited=no&as=csv").text.count("\n") == 1
    assert charlotte.opens(f"{LIST}?role=protege&as=csv").text.count("\n") == 3


def test_before_it_is_live_nobody_can_be_invited(site: Site, charlotte: Screen) -> None:
    leaves_interest(site, "Kim", "+15155550148")
    site.db.programme = replace(site.db.programme, is_live=False)
    charlotte.opens(LIST)
    assert "Invite them" not in charlotte.words
    charlotte.sends(INVITE)

    assert charlotte.page.status_code == 422
    assert "The programme is not live yet, so there is nothing to invite to." in charlotte.words
    assert invited(site) == []


def test_staff_of_a_community_see_and_invite_its_people_only(site: Site) -> None:
    leaves_interest(site, "Kim", "+15155550148")
    dan = leaves_interest(site, "Dan", "+15155550177", community="River")
    screen = site.sign_in(
        site.add("ines@example.org", StaffRole.COORDINATOR, communities=["River"])
    )
    screen.opens(LIST)
    assert [row[0] for row in screen.rows()] == ["Dan"]
    screen.sends(INVITE)

    assert invited(site) == [dan.id]


def test_who_only_reads_sees_no_button(
    site: Site, signed_in: Callable[[StaffRole], Screen]
) -> None:
    kim = leaves_interest(site, "Kim", "+15155550148")
    screen = signed_in(StaffRole.READ_ONLY)
    screen.opens(LIST)

    assert kim.state is PersonState.LEAD
    assert "Kim" in screen.words
    assert "Invite them" not in screen.words


def test_what_they_need_and_offer_is_counted_before_the_start(
    site: Site, charlotte: Screen
) -> None:
    needs = {
        ("Kim", "+15155550148", Role.PROTEGE): {"topics": "A,B", "hours": "3"},
        ("Ana", "+15155550149", Role.PROTEGE): {"topics": "B", "hours": "3,4"},
        ("Dan", "+15155550177", Role.MENTOR): {"topics": "A", "hours": "1"},
        ("Bo", "+15155550178", Role.PROTEGE): {},
    }
    people = {
        leaves_interest(site, name, number).id: (role, told)
        for (name, number, role), told in needs.items()
    }
    with site.db.transaction() as session:
        for number, (role, told) in people.items():
            person = session.get_one(Person, number)
            person.role, person.profile = role, told
            person.language = "es" if told == {} else "en"
    site.db.programme = replace(site.db.programme, is_live=False)
    charlotte.opens("/desk/needs")
    assert "Before the start look at Interest by need." in charlotte.words
    charlotte.opens(f"{LIST}/needs")
    assert charlotte.rows() == [
        ["money", "topic", "1", "1", "0"],
        ["customers", "topic", "2", "0", "2"],
        ["English", "language", "2", "1", "1"],
        ["Spanish", "language", "1", "0", "1"],
        ["mornings", "hours", "0", "1", "0"],
        ["evenings", "hours", "2", "0", "2"],
        ["weekends", "hours", "1", "0", "1"],
    ]


def test_needs_are_counted_of_the_own_communities_alone(site: Site) -> None:
    leaves_interest(site, "Kim", "+15155550148")
    leaves_interest(site, "Dan", "+15155550177", community="River")
    screen = site.sign_in(
        site.add("ines@example.org", StaffRole.COORDINATOR, communities=["River"])
    )
    screen.opens(f"{LIST}/needs")
    assert screen.rows() == [["English", "language", "1", "0", "1"]]
