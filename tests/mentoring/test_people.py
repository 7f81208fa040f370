"""People and phones: found by blind index, consent per phone, opt-outs for every line at once."""

from datetime import timedelta

import pytest
from sqlalchemy import select, text

from mentoring.codes import next_code, note_code
from mentoring.consents import answers_to, has_agreed
from mentoring.db import Database, Session
from mentoring.errors import ProgrammeError
from mentoring.models import Line, OptOutEvent, OptOutKind, PersonState, Phone, Role, Transition
from mentoring.operators import add_staff, staff_to_ring
from mentoring.optouts import lines_blocked_by_carrier, refuse, restore
from mentoring.people import (
    add_person,
    find_or_add_phone,
    find_phone,
    masked_number,
    move_person,
    number_of,
    person_with_code,
    read_number,
)
from mentoring.programme import Programme
from mentoring.tasks import answered_by_person, close_task, open_task
from tests.make import (
    NOW,
    agree,
    all_at_once,
    another_process,
    make_lines,
    make_person,
    make_phone,
    number,
)


def test_a_number_is_kept_sealed_and_found_by_its_index(session: Session) -> None:
    phone = make_phone(session, 5)
    assert number(5).encode() not in phone.number_sealed
    assert number(5).encode() not in phone.number_index
    assert find_phone(session, number(5)) is phone
    assert find_phone(session, number(6)) is None
    assert number_of(session, phone) == number(5)
    assert masked_number(session, phone) == "ends in 35"


def test_a_number_sealed_for_one_phone_cannot_be_put_behind_another(session: Session) -> None:
    mine, other = make_phone(session, 1), make_phone(session, 2)
    other.number_sealed = mine.number_sealed
    with pytest.raises(ValueError, match="does not belong"):
        number_of(session, other)


def test_one_number_called_at_the_same_moment_is_one_phone(real_db: Database) -> None:
    def add(session: Session) -> int:
        return find_or_add_phone(session, number(1), now=NOW).id

    with another_process(real_db) as other:
        ids = all_at_once(*(lambda db=db: db.run(add) for db in (real_db, other) * 2))
    assert len(set(ids)) == 1
    with real_db.transaction() as session:
        assert len(session.scalars(select(Phone)).all()) == 1


@pytest.mark.parametrize("text", ["", "12345", "sip:ada@example.org", "515 555"])
def test_staff_who_mistype_a_number_read_a_sentence(text: str) -> None:
    with pytest.raises(ProgrammeError, match="That is not a valid phone number"):
        read_number(text)


def test_codes_count_up_by_role(session: Session) -> None:
    codes = [make_person(session, which=n).code for n in (1, 2)]
    codes += [make_person(session, Role.MENTOR, which=3).code]
    assert codes == ["P01", "P02", "M01"]
    assert [next_code(session, letter) for letter in "PM"] == ["P03", "M02"]


def test_codes_go_on_after_one_that_was_given_by_hand(session: Session) -> None:
    phone = make_phone(session, 1)
    person = add_person(
        session,
        role=Role.PROTEGE,
        phone=phone,
        code="P99",
        actor="staff",
        reason="moved here",
        now=NOW,
    )
    assert person.code == "P99"
    assert [next_code(session, "P") for _ in range(2)] == ["P100", "P101"]


def test_a_code_by_hand_that_is_behind_the_newest_sets_nothing_back(session: Session) -> None:
    assert [next_code(session, "K") for _ in range(2)] == ["K01", "K02"]
    note_code(session, "K01")
    assert next_code(session, "K") == "K03"


def test_two_new_people_at_the_same_moment_get_two_codes(real_db: Database) -> None:
    def ask() -> str:
        return real_db.run(lambda session: next_code(session, "P"))

    assert sorted(map(str, all_at_once(*[ask] * 6))) == [f"P0{n}" for n in range(1, 7)]


def test_a_person_is_found_by_code_however_it_is_typed(session: Session) -> None:
    ben = make_person(session)
    assert person_with_code(session, " p01") is ben
    with pytest.raises(ProgrammeError, match="There is nobody with the code P77"):
        person_with_code(session, "P77")


def test_every_change_of_a_persons_state_is_one_row(session: Session) -> None:
    ben = make_person(session)
    for state in (PersonState.OFFERED, PersonState.OFFERED, PersonState.WAITING):
        later = NOW + timedelta(days=1)
        move_person(session, ben, state, actor="staff:cleo", reason="asked", now=later)
    session.flush()
    rows = session.scalars(select(Transition).order_by(Transition.id)).all()
    assert [(row.from_state, row.to_state, row.actor) for row in rows] == [
        (None, "waiting", "staff"),
        ("waiting", "offered", "staff:cleo"),
        ("offered", "waiting", "staff:cleo"),
    ]
    assert ben.state_since == NOW + timedelta(days=1)


def test_the_newest_answer_to_a_part_of_the_consent_counts(session: Session) -> None:
    phone, silent = make_phone(session, 1), make_phone(session, 2)
    both = (phone.id, silent.id)
    seen = []
    for agreed in (True, False, True):
        agree(session, phone, "C1", agreed=agreed)
        agree(session, phone, "C2", agreed=False)
        session.flush()
        seen.append([answers_to(session, "C1", both).agreed(each, None) for each in both])
    assert seen == [[True, False], [False, False], [True, False]]
    assert not answers_to(session, "C2", both).agreed(phone.id, None)
    assert not answers_to(session, "C1", ()).agreed(phone.id, None)


def test_what_one_of_a_household_answers_binds_none_of_the_others(session: Session) -> None:
    ana = make_person(session, shared=True)
    bea = make_person(session, phone=ana.phone, shared=True)
    phone, stranger = ana.phone, make_person(session, Role.MENTOR)
    assert [has_agreed(session, each, "C1") for each in (ana, bea)] == [True, True]
    agree(session, phone, "C1", agreed=False, person=bea)
    assert [has_agreed(session, each, "C1") for each in (ana, bea)] == [True, False]
    agree(session, phone, "CR")
    assert [has_agreed(session, each, "CR") for each in (ana, bea, stranger)] == [True, True, False]
    # A text for nobody in particular is for whoever answered last.
    assert not answers_to(session, "C1", {phone.id}).agreed(phone.id, None)


def test_an_opt_out_counts_once_for_every_line(session: Session) -> None:
    line, phone = make_lines(session, 2)[0], make_phone(session)
    assert refuse(session, phone, OptOutKind.TEXTS, source="text", line=line, now=NOW)
    assert not refuse(session, phone, OptOutKind.TEXTS, source="text", line=line, now=NOW)
    assert phone.texts_refused_at == NOW
    assert not phone.takes_texts
    assert len(session.scalars(select(OptOutEvent)).all()) == 1


def test_texts_and_calls_are_refused_apart(session: Session) -> None:
    phone = make_phone(session)
    refuse(session, phone, OptOutKind.CALLS, source="voice", now=NOW)
    assert (phone.calls_refused_at, phone.texts_refused_at) == (NOW, None)
    assert phone.takes_texts
    assert not restore(session, phone, OptOutKind.TEXTS, source="text", now=NOW)
    assert restore(session, phone, OptOutKind.CALLS, source="staff", now=NOW)
    assert phone.calls_refused_at is None


def blocked(session: Session, phone: Phone) -> list[str]:
    session.flush()
    return [line.number for line in lines_blocked_by_carrier(session, phone)]


def test_the_carriers_block_lies_on_the_line_where_it_was_said_and_ends_there(
    session: Session,
) -> None:
    lines, phone = make_lines(session, 2), make_phone(session)
    for line in lines:
        refuse(session, phone, OptOutKind.TEXTS, source="text", line=line, now=NOW)
    assert blocked(session, phone) == [line.number for line in lines]

    restore(session, phone, OptOutKind.TEXTS, source="text", line=lines[0], now=NOW)
    assert phone.texts_refused_at is None
    assert blocked(session, phone) == [lines[1].number]
    assert restore(session, phone, OptOutKind.TEXTS, source="text", line=lines[1], now=NOW)
    assert blocked(session, phone) == []


@pytest.mark.parametrize(
    ("source", "is_carriers"), [("text", True), ("carrier", True), ("staff", False)]
)
def test_only_its_own_words_and_refusals_are_blocks_of_the_carrier(
    session: Session, source: str, is_carriers: bool
) -> None:
    line, phone = make_lines(session, 1)[0], make_phone(session)
    refuse(session, phone, OptOutKind.TEXTS, source=source, line=line, now=NOW)
    assert bool(blocked(session, phone)) is is_carriers
    assert phone.texts_refused_at == NOW


def test_a_return_without_an_opt_out_is_no_event(session: Session) -> None:
    line: Line = make_lines(session, 1)[0]
    phone = make_phone(session)
    assert not restore(session, phone, OptOutKind.TEXTS, source="text", line=line, now=NOW)
    assert session.scalars(select(OptOutEvent)).all() == []


def test_one_event_opens_one_task_that_is_due_in_working_days(session: Session) -> None:
    friday = NOW + timedelta(days=3)
    first = open_task(session, rule="O8", words="Call back.", key="person:CA1", now=friday)
    again = open_task(session, rule="O8", words="Again.", key="person:CA1", now=friday)
    assert first is again
    # Clocks went forward on the Sunday, so the same hour of the day is an hour earlier in UTC.
    assert first.due_at == friday + timedelta(days=3, hours=-1)
    quick = open_task(session, rule="O11", words="At once.", key="x", working_days=0, now=friday)
    assert quick.due_at == friday + timedelta(hours=1)


def test_a_task_is_closed_once(session: Session) -> None:
    task = open_task(session, rule="number", words="Call.", key="number:1", now=NOW)
    close_task(session, task.id, outcome="talked", now=NOW)
    with pytest.raises(ProgrammeError, match="was closed already: talked"):
        close_task(session, task.id, outcome="again", now=NOW)
    with pytest.raises(ProgrammeError, match="There is no task 999"):
        close_task(session, 999, outcome="x", now=NOW)
    answered_by_person(session, task.id, now=NOW)
    assert task.outcome == "talked"


def test_a_call_that_staff_took_needs_no_call_back(session: Session) -> None:
    task = open_task(session, rule="O8", words="Call back.", key="person:CA1", now=NOW)
    answered_by_person(session, task.id, now=NOW)
    assert (task.done_at, task.outcome) == (NOW, "answered_at_once")
    answered_by_person(session, 999_999, now=NOW)


def test_staff_on_duty_are_rung_in_order_and_those_with_the_language_first(
    session: Session,
) -> None:
    for order, (name, languages) in enumerate(
        [("Ben", "en"), ("Charlotte", "en/es"), ("Inès", "fr/en")], 1
    ):
        add_staff(
            session,
            name=name,
            number=f"+1515555019{order}",
            languages=languages,
            ring_order=order,
            now=NOW,
        )

    def order_for(language: str) -> list[str]:
        rung: list[str] = []
        following = staff_to_ring(session, after=0, language=language)
        while following is not None:
            rung.append(following[1][-1])
            following = staff_to_ring(session, after=following[0], language=language)
        return rung

    assert order_for("en") == ["1", "2", "3"]
    assert order_for("es") == ["2", "1", "3"]
    assert order_for("fr") == ["3", "1", "2"]


def test_nobody_on_duty_is_nobody_to_ring(session: Session) -> None:
    assert staff_to_ring(session, after=0, language="en") is None
    add_staff(session, name="Ben", number="+15155550191", now=NOW).on_duty = False
    session.flush()
    assert staff_to_ring(session, after=0, language="en") is None


def test_a_rehearsal_rings_no_real_staff(session: Session) -> None:
    session.programme = Programme(fictional_numbers_only=True)
    add_staff(session, name="Zadie", number="+442079460018", now=NOW)
    assert staff_to_ring(session, after=0, language="en") is None
    add_staff(session, name="Ben", number="+15155550191", ring_order=2, now=NOW)
    assert staff_to_ring(session, after=0, language="en") == (2, "+15155550191")


def test_the_people_of_a_shared_phone_keep_their_order_whatever_changes_about_them(
    session: Session,
) -> None:
    """They are offered by number, so 1 must mean the same one in the question and in the answer."""
    phone = make_phone(session)
    ana = make_person(session, name="Ana", phone=phone)
    make_person(session, name="Bea", phone=phone)
    session.flush()
    ana.language = "es"
    session.flush()
    session.expire_all()
    if session.connection().dialect.name == "postgresql":
        # As it reads a small table once it knows its size: a changed row comes last.
        session.execute(text("SET LOCAL enable_indexscan = off"))
        session.execute(text("SET LOCAL enable_bitmapscan = off"))
    assert [person.first_name for person in phone.people] == ["Ana", "Bea"]
