"""What staff do about a person on the page: suspend them, let them go on, and not contact them."""

from collections.abc import Callable

import pytest
from sqlalchemy import select

from mentoring.lines import main_line
from mentoring.matches import match_with_code
from mentoring.models import (
    Delivery,
    MatchState,
    OptOutEvent,
    OptOutKind,
    PersonState,
    StaffRole,
    StaffTask,
)
from mentoring.optouts import refuse
from mentoring.people import number_of, person_with_code
from mentoring.wrong_numbers import disown
from tests.admin.conftest import Screen, Site
from tests.admin.test_pages import audit, state
from tests.admin.test_scope import match_of

ROSA = "/desk/people/P01"


def does(screen: Screen, address: str, **fields: str) -> None:
    """Open a form and send it."""
    screen.opens(address)
    screen.sends(address, **fields)


def state_of(site: Site, code: str) -> PersonState:
    """Return the state of a person."""
    with site.db.transaction() as session:
        return person_with_code(session, code).state


def test_somebody_is_suspended_at_once_and_a_lead_lifts_it(
    site: Site, signed_in: Callable[[StaffRole], Screen]
) -> None:
    ines, ben = signed_in(StaffRole.COORDINATOR), signed_in(StaffRole.LEAD)
    does(ines, f"{ROSA}/suspend", reason="A worry about how she speaks to him.")
    assert "Rosa is suspended." in ines.words
    assert f"{ROSA}/suspend" not in ines.page.text
    assert state_of(site, "P01") is PersonState.SUSPENDED
    with site.db.transaction() as session:
        task = session.scalars(select(StaffTask).where(StaffTask.rule == "suspension")).one()
        assert "P01 is suspended. Call them" in task.words
    assert f"{ROSA}/release" not in ines.page.text
    assert ines.opens(f"{ROSA}/release").status_code == 403

    does(ben, f"{ROSA}/release", reason="Talked with both.")

    assert state_of(site, "P01") is PersonState.MATCHED
    assert "Lead Talked with both." in ben.words


def test_twice_is_refused_with_a_sentence(site: Site, charlotte: Screen) -> None:
    for _ in range(2):
        does(charlotte, f"{ROSA}/suspend", reason="a worry")
    assert "P01 is suspended already." in charlotte.words
    for _ in range(2):
        does(charlotte, f"{ROSA}/release", reason="all is well")
    assert "P01 is not on hold" in charlotte.words


def test_who_wants_no_contact_gets_one_text_about_it_and_nothing_else(
    site: Site, charlotte: Screen
) -> None:
    does(charlotte, "/desk/people/P02/do-not-contact", kind="both", reason="He told me on Monday.")

    assert "texts: opted out" in charlotte.words
    assert "calls: opted out" in charlotte.words
    assert audit(site)[-1] == (
        "wrote down an opt-out: texts and calls",
        "P02",
        "He told me on Monday.",
    )
    with site.db.transaction() as session:
        marcus = person_with_code(session, "P02")
        told = select(Delivery.prompt).where(
            Delivery.to_phone_id == marcus.phone_id, Delivery.created_at == site.clock.now()
        )
        assert session.scalars(told).all() == ["T-STOP"]
        events = select(OptOutEvent).where(OptOutEvent.phone_id == marcus.phone_id)
        assert [(event.kind.value, event.source) for event in session.scalars(events)] == [
            ("texts", "staff"),
            ("calls", "staff"),
        ]
    assert "/do-not-contact" not in charlotte.page.text
    does(charlotte, "/desk/people/P02/do-not-contact", kind="texts", reason="again")
    assert "That is written down about P02 already." in charlotte.words


def test_who_asks_for_it_is_contacted_again(site: Site, charlotte: Screen) -> None:
    does(charlotte, f"{ROSA}/do-not-contact", kind="calls", reason="She told me.")
    does(charlotte, f"{ROSA}/contact-again", kind="texts", reason="She asked for it.")
    assert "P01 has not opted out of texts." in charlotte.words
    does(charlotte, f"{ROSA}/contact-again", kind="calls", reason="She asked for it.")

    assert "no automated calls: opted out" not in charlotte.words
    assert audit(site)[-1] == ("lifted an opt-out: calls", "P01", "She asked for it.")


def test_what_the_carrier_blocks_only_its_owner_lifts(site: Site, charlotte: Screen) -> None:
    with site.db.transaction() as session:
        rosa = person_with_code(session, "P01")
        line = main_line(session)
        refuse(
            session,
            rosa.phone,
            OptOutKind.TEXTS,
            source="text",
            line=line,
            now=site.clock.now(),
        )
    does(charlotte, f"{ROSA}/contact-again", kind="texts", reason="She asked for it.")

    assert "Ask P01 to text START there." in charlotte.words
    with site.db.transaction() as session:
        assert person_with_code(session, "P01").phone.texts_refused_at is not None


@pytest.mark.parametrize(
    ("address", "fields", "said"),
    [
        ("suspend", {"reason": " "}, "Say why."),
        ("do-not-contact", {"reason": "x", "kind": ""}, "Choose what they want none of."),
        ("do-not-contact", {"reason": "x", "kind": "post"}, "Choose what they want none of."),
        ("contact-again", {"reason": "x", "kind": "both"}, "Choose what they want again."),
        ("do-not-contact", {"reason": "x" * 201, "kind": "both"}, "200 characters or fewer"),
    ],
)
def test_what_is_missing_or_wrong_is_said(
    site: Site, charlotte: Screen, address: str, fields: dict[str, str], said: str
) -> None:
    before = audit(site)
    does(charlotte, f"{ROSA}/{address}", **fields)

    assert (charlotte.page.status_code, said in charlotte.words) == (422, True)
    assert audit(site) == before


def test_a_match_rests_and_goes_on(site: Site, charlotte: Screen) -> None:
    code = match_of(site, "P01")
    does(charlotte, f"/desk/matches/{code}/pause", who="P01", days="20", reason="She is ill.")

    assert f"{code} rests. Tell them that they come back by themselves." in charlotte.words
    assert (state(site, code), state_of(site, "P01")) == (MatchState.PAUSED, PersonState.PAUSED)
    assert f"{code}/pause" not in charlotte.page.text
    with site.db.transaction() as session:
        assert person_with_code(session, "P01").profile["away_until"] == "2026-03-23"
    does(charlotte, f"/desk/matches/{code}/resume", reason="She is well.")
    assert (state(site, code), state_of(site, "P01")) == (MatchState.ACTIVE, PersonState.MATCHED)
    does(charlotte, f"/desk/matches/{code}/resume", reason="twice")
    assert f"{code} is active, and not on a pause." in charlotte.words


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"who": "", "days": "20"}, "Choose who needs the rest."),
        ({"who": "P02", "days": "20"}, "Choose who needs the rest."),
        ({"who": "P01", "days": "91"}, "A pause is from 1 to 90 days long."),
        ({"who": "P01", "days": "a week"}, "A pause is from 1 to 90 days long."),
        ({"who": "P01", "days": "9" * 5000}, "A pause is from 1 to 90 days long."),
    ],
)
def test_a_pause_that_makes_no_sense_is_refused(
    site: Site, charlotte: Screen, fields: dict[str, str], said: str
) -> None:
    code = match_of(site, "P01")
    does(charlotte, f"/desk/matches/{code}/pause", reason="ill", **fields)

    assert said in charlotte.words
    with site.db.transaction() as session:
        assert match_with_code(session, code).state is MatchState.ACTIVE


def test_the_right_number_is_written_down_where_one_is_wrong(site: Site, charlotte: Screen) -> None:
    with site.db.transaction() as session:
        rosa = person_with_code(session, "P01")
        disown(session, rosa.phone, how="by text", now=site.clock.now())
    charlotte.opens(ROSA)
    assert "a wrong number, they say: nothing goes there" in charlotte.words

    does(charlotte, f"{ROSA}/new-number", number="515 555 0187", reason="She called us.")

    assert "The new number is written down, and all goes on there." in charlotte.words
    assert audit(site)[-1] == ("changed number", "P01", "She called us.")
    with site.db.transaction() as session:
        rosa = person_with_code(session, "P01")
        assert number_of(session, rosa.phone) == "+15155550187"
    assert f"{ROSA}/right-number" not in charlotte.page.text


def test_a_number_is_used_again_once_staff_know_that_it_is_right(
    site: Site, charlotte: Screen
) -> None:
    with site.db.transaction() as session:
        rosa = person_with_code(session, "P01")
        disown(session, rosa.phone, how="by text", now=site.clock.now())
    charlotte.opens(ROSA)
    assert f"{ROSA}/right-number" in charlotte.page.text

    does(charlotte, f"{ROSA}/right-number", reason="She was there.")

    assert "The number is in use again." in charlotte.words
    assert "a wrong number" not in charlotte.words
    with site.db.transaction() as session:
        assert person_with_code(session, "P01").phone.unusable_at is None
