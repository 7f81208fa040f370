"""The fictional programme: the people and pairs of section 9, with a history that adds up."""

from collections import Counter
from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select

from app.seed import cast, seed
from mentoring.alerts import list_alerts
from mentoring.clock import ManualClock, zone_named
from mentoring.consents import has_agreed
from mentoring.conversations import Exchange
from mentoring.db import Database, Session
from mentoring.errors import ProgrammeError
from mentoring.lines import add_line
from mentoring.matches import match_with_code
from mentoring.matching.sectors import SECTORS
from mentoring.models import (
    Answer,
    Contact,
    Feedback,
    HeardIn,
    Line,
    LineKind,
    LineType,
    Match,
    MatchState,
    Mode,
    OptOutEvent,
    Person,
    PersonState,
    Quote,
    Role,
    Severity,
    StaffTask,
    Transition,
)
from mentoring.operators import add_staff, staff_to_ring
from mentoring.oversight.sweep import oversee
from mentoring.people import (
    add_person,
    find_or_add_phone,
    find_phone,
    number_of,
    person_with_code,
)
from mentoring.quotes import quoted
from mentoring.reception import receive_call
from mentoring.routing import Refusal, Route, find_reached

DENISE = "+15155550135"


def _open_pairs(session: Session) -> dict[str, str]:
    pairs = {}
    for match in session.scalars(select(Match).where(Match.state != MatchState.CLOSED)):
        pairs[_pair(match)] = match.state.value
    return pairs


def _pair(match: Match) -> str:
    codes = {side.role: side.person.code for side in match.sides}
    return f"{codes[Role.PROTEGE]}-{codes[Role.MENTOR]}"


def test_everybody_of_the_data_is_there_with_their_own_number(seeded: Database) -> None:
    with seeded.transaction() as session:
        for member in cast():
            if member.role in ("protege", "mentor"):
                person = person_with_code(session, member.code)
                assert number_of(session, person.phone) == member.number
                assert person.first_name == member.name.split()[0]
                assert (person.phone.line_type is LineType.LANDLINE) is member.landline
        assert session.scalar(select(func.count(Person.id))) == 31


def test_the_open_matches_are_those_of_the_table(seeded: Database) -> None:
    with seeded.transaction() as session:
        pairs = _open_pairs(session)
    assert pairs == {
        "P01-M02": "active",
        "P02-M05": "early",
        "P03-M03": "active",
        "P05-M06": "active",
        "P07-M01": "active",
        "P08-M09": "intro",
        "P10-M07": "active",
        "P12-M11": "early",
        "P13-M09": "active",
        "P14-M10": "paused",
        "P15-M04": "active",
        "P17-M13": "safety_hold",
        "P18-M01": "active",
    }


def test_three_matches_are_closed_for_three_reasons(seeded: Database) -> None:
    with seeded.transaction() as session:
        closed = session.scalars(select(Match).where(Match.state == MatchState.CLOSED)).all()
    assert {str(match.closure_reason) for match in closed} == {
        "term_end",
        "poor_fit_time",
        "no_contact",
    }


@pytest.mark.parametrize(
    ("code", "state"),
    [
        ("P04", PersonState.WAITING),
        ("P06", PersonState.OFFERED),
        ("P09", PersonState.ORIENTATION),
        ("P11", PersonState.INTAKE),
        ("P14", PersonState.PAUSED),
        ("P16", PersonState.ALUM),
        ("M08", PersonState.AVAILABLE),
        ("M10", PersonState.ON_BREAK),
        ("M12", PersonState.SCREENING),
        ("M13", PersonState.EXITED),
    ],
)
def test_a_state_is_the_last_of_its_logged_transitions(
    seeded: Database, code: str, state: PersonState
) -> None:
    with seeded.transaction() as session:
        person = person_with_code(session, code)
        assert person.state is state
        moves = session.scalars(
            select(Transition)
            .where(Transition.entity == "person", Transition.entity_id == person.id)
            .order_by(Transition.id)
        ).all()
    assert moves[-1].to_state == state.value
    assert [move.to_state for move in moves[:-1]] == [move.from_state for move in moves[1:]]
    assert [move.at for move in moves] == sorted(move.at for move in moves)


def test_every_match_routes_from_both_sides_on_its_own_line(seeded: Database) -> None:
    with seeded.transaction() as session:
        for match in session.scalars(select(Match).where(Match.state != MatchState.CLOSED)):
            for side in match.sides:
                reached = find_reached(
                    session,
                    number=number_of(session, side.phone),
                    line_number=match.line.number,
                )
                if match.state is MatchState.SAFETY_HOLD:
                    assert reached.way is Refusal.HELD
                else:
                    assert isinstance(reached.way, Route)
                    assert reached.way.match.code == match.code


def test_who_only_talks_was_not_asked_about_texts(seeded: Database) -> None:
    with seeded.transaction() as session:
        people = {p.code: p for p in session.scalars(select(Person))}
        assert not has_agreed(session, people["P05"], "C1")
        assert has_agreed(session, people["P02"], "C1")
        assert not has_agreed(session, people["P07"], "C2")
        assert all(has_agreed(session, each, "C5") for each in people.values())


def test_kim_opted_out_of_texts_yesterday(seeded: Database, clock: ManualClock) -> None:
    with seeded.transaction() as session:
        phone = person_with_code(session, "P18").phone
        (event,) = session.scalars(select(OptOutEvent)).all()
        assert phone.texts_refused_at is not None
        assert not phone.takes_texts
    assert event.phone_id == phone.id
    assert timedelta(days=1) <= clock.now() - event.at < timedelta(days=2)


def test_the_history_is_long_believable_and_in_the_past(
    seeded: Database, clock: ManualClock
) -> None:
    with seeded.transaction() as session:
        contacts = session.scalars(select(Contact).order_by(Contact.id)).all()
    assert 200 <= len(contacts) <= 240
    oldest = clock.now() - timedelta(days=121)
    assert all(oldest < c.started_at <= clock.now() for c in contacts)
    assert all(c.ended_at is not None and c.ended_at >= c.started_at for c in contacts)
    kinds = Counter(c.kind.value for c in contacts)
    assert set(kinds) == {"call", "text", "voice note", "menu call", "staff call"}
    outcomes = Counter(c.outcome.value for c in contacts)
    assert {"talked", "no answer", "undelivered", "not rung", "refused"} <= set(outcomes)
    held = [c for c in contacts if c.ended_at and c.ended_at - c.started_at > timedelta(hours=8)]
    assert held


def test_nobody_talked_outside_the_calling_hours(seeded: Database) -> None:
    with seeded.transaction() as session:
        for contact in session.scalars(select(Contact).where(Contact.accepted_at.is_not(None))):
            callee = session.get_one(Person, contact.to_person_id)
            local = contact.started_at.astimezone(zone_named(callee.zone))
            assert 8 <= local.hour < 21, (callee.code, local)


def test_denise_has_had_no_contact_for_24_days(seeded: Database, clock: ManualClock) -> None:
    assert _last_contact(seeded, "P05", "M06").date() == (clock.now() - timedelta(days=24)).date()


def test_samir_has_not_talked_with_his_new_mentor(seeded: Database) -> None:
    with seeded.transaction() as session:
        match = _match_of(session, "P08", "M09")
        attempts = session.scalars(select(Contact).where(Contact.match_id == match.id)).all()
    assert attempts
    assert not any(contact.two_way for contact in attempts)


def test_everybody_who_told_it_has_a_kind_of_business(seeded: Database) -> None:
    """Of Maria staff will write it down when they have talked; of a former mentor nobody does."""
    with seeded.transaction() as session:
        kinds = {
            person.code: set(str(person.profile.get("sectors", "")).split(","))
            for person in session.scalars(select(Person))
        }
    assert {code for code, known in kinds.items() if not known <= SECTORS.keys()} == {"M13", "P11"}
    assert kinds["P06"] == kinds["M08"] == {"vehicles"}


def test_olga_waits_for_her_screening_talk_darnell_and_peter_for_a_call_samir_for_a_change(
    seeded: Database,
) -> None:
    with seeded.transaction() as session:
        olgas, of_both, to_change = session.scalars(
            select(StaffTask)
            .where(StaffTask.severity.is_(None), StaffTask.done_at.is_(None))
            .order_by(StaffTask.rule.desc())
        ).all()
        assert olgas.person_id == person_with_code(session, "M12").id
        assert of_both.match_id == _match_of(session, "P10", "M07").id
        assert to_change.person_id == person_with_code(session, "P08").id


def test_the_open_alerts_are_those_of_the_stories(seeded: Database, clock: ManualClock) -> None:
    with seeded.transaction() as session:
        oversee(session, now=clock.now())
        assert oversee(session, now=clock.now()) == 0
        alerts = list_alerts(session)
        people = {person.id: person.code for person in session.scalars(select(Person))}
        pairs = {match.id: _pair(match) for match in session.scalars(select(Match))}
        found = {
            alert.rule: people.get(alert.person_id or 0) or pairs[alert.match_id or 0]
            for alert in alerts
        }
    assert len(alerts) == len(found)
    assert found == {
        "O1": "P08-M09",
        "O3": "P05-M06",
        "O10": "P17",
        "O15": "P02-M05",
        "O16": "P18",
        "O17": "P04",
    }
    assert {alert.severity for alert in alerts if alert.rule == "O17"} == {Severity.MEDIUM}


def test_maria_goes_on_by_phone_at_the_question_where_she_stopped_texting(
    seeded: Database, clock: ManualClock
) -> None:
    with seeded.transaction() as session:
        maria = person_with_code(session, "P11")
        answers = session.scalars(
            select(Answer).where(Answer.person_id == maria.id).order_by(Answer.id)
        ).all()
        called = receive_call(
            session,
            number=number_of(session, maria.phone),
            line_number="+15155550100",
            call_sid="CA1",
            now=clock.now(),
        )
    assert " ".join(answer.question for answer in answers) == "PA1 PA2 PA3 PA4 PA5 PA6 PB1 PB2"
    assert maria.profile == {"adult": "yes", "stage": "1"}
    assert (maria.first_name, maria.mode, maria.zone) == ("Maria", Mode.BOTH, "America/Chicago")
    assert isinstance(called, Exchange)
    assert called.played[-1].turn is not None
    assert called.played[-1].turn.state.step == "PB3"


def test_a_spanish_caller_reaches_charlotte_and_a_french_one_ines(seeded: Database) -> None:
    with seeded.transaction() as session:
        spanish = staff_to_ring(session, after=0, language="es")
        french = staff_to_ring(session, after=0, language="fr")
    assert spanish == (1, "+15155550190")
    assert french == (1, "+15155550192")


def test_seeding_twice_changes_nothing(seeded: Database, clock: ManualClock) -> None:
    clock.advance(3600)
    with seeded.transaction() as session:
        before = session.scalar(select(func.count(Contact.id)))
        assert seed(session, now=clock.now()) is None
        assert session.scalar(select(func.count(Contact.id))) == before


def test_the_same_moment_gives_the_same_history(
    seeded: Database, db: Database, clock: ManualClock
) -> None:
    with db.transaction() as session:
        assert seed(session, now=clock.now()) is not None
    histories = []
    for database in (seeded, db):
        with database.transaction() as session:
            entries = session.scalars(select(Contact).order_by(Contact.id))
            histories.append([(c.started_at, c.kind, c.outcome, c.source_sid) for c in entries])
    assert histories[0] == histories[1]


def test_seeding_works_at_night_as_well(db: Database, clock: ManualClock) -> None:
    clock.advance(15 * 3600)
    with db.transaction() as session:
        assert seed(session, now=clock.now()) is not None
        newest = session.scalar(select(func.max(Contact.ended_at)))
    assert isinstance(newest, datetime)
    assert newest <= clock.now()


def test_a_database_with_other_people_is_refused(db: Database, clock: ManualClock) -> None:
    with db.transaction() as session:
        phone = find_or_add_phone(session, "+15155550199", now=clock.now())
        add_person(session, role=Role.PROTEGE, phone=phone, actor="t", reason="t", now=clock.now())
        with pytest.raises(ProgrammeError, match="holds people of another programme"):
            seed(session, now=clock.now())
        assert find_phone(session, DENISE) is None


def test_a_database_with_other_lines_or_staff_is_refused(db: Database, clock: ManualClock) -> None:
    with db.transaction() as session:
        add_line(session, "+15155550198", LineKind.PAIR, now=clock.now())
        with pytest.raises(ProgrammeError, match="holds lines of another programme"):
            seed(session, now=clock.now())
        add_staff(session, name="Cleo", number="+15155550197", now=clock.now())
        with pytest.raises(ProgrammeError, match="holds staff of another programme"):
            seed(session, now=clock.now())
        assert session.scalar(select(func.count(Line.id))) == 1


def test_the_cast_holds_fictional_numbers_only_and_a_note_for_everybody() -> None:
    members = cast()
    assert len(members) == 31 + 3 + 1
    assert len({member.number for member in members}) == len(members)
    assert all(member.number[5:10] == "55501" for member in members)
    assert all(member.note for member in members)


def _match_of(session: Session, protege: str, mentor: str) -> Match:
    for match in session.scalars(select(Match).where(Match.state != MatchState.CLOSED)):
        if {side.person.code for side in match.sides} == {protege, mentor}:
            return match_with_code(session, match.code)
    raise AssertionError(f"{protege} and {mentor} have no open match")


def _last_contact(database: Database, protege: str, mentor: str) -> datetime:
    with database.transaction() as session:
        match = _match_of(session, protege, mentor)
        newest = session.scalar(
            select(func.max(Contact.started_at)).where(Contact.match_id == match.id)
        )
    assert isinstance(newest, datetime)
    return newest


def test_two_things_were_asked_for_one_is_done_and_one_person_may_be_quoted(
    seeded: Database,
) -> None:
    with seeded.transaction() as session:
        open_one, done = session.scalars(select(Feedback).order_by(Feedback.id)).all()
        quote = session.scalars(select(Quote)).one()
        assert (open_one.done_at, open_one.heard_in) == (None, HeardIn.TALK)
        assert done.done_at is not None
        assert done.done_at == done.task.done_at
        assert (done.heard_in, done.words_sealed) == (HeardIn.SURVEY, None)
        assert quoted(session, quote) == "My first stall at the farmers' market."
        assert quote.person_id == person_with_code(session, "P16").id
