"""`bridgeline people` and `bridgeline consents`."""

import pytest
from sqlalchemy import select

from app.seed import cast
from mentoring.consents import WITHOUT_TEXTS
from mentoring.db import Database
from mentoring.enrollment import is_minor
from mentoring.models import (
    AuditEntry,
    Consent,
    LineType,
    Mode,
    PersonState,
    Role,
    StaffTask,
    Transition,
)
from mentoring.people import add_person, find_or_add_phone, number_of, person_with_code
from mentoring.tasks import ask_for_zone, open_task
from tests.app.conftest import Answer, Bridgeline
from tests.make import make_answer, make_conversation

DENISE = "+15155550135"
NEW = "515 555 0160"


def _audits(database: Database) -> list[tuple[str, str, str, str]]:
    with database.transaction() as session:
        # What the story itself has written down is none of theirs.
        entries = session.scalars(
            select(AuditEntry).where(AuditEntry.actor == "staff:cleo").order_by(AuditEntry.id)
        )
        return [(e.actor, e.action, e.entity_id, e.reason) for e in entries]


def _add(bridgeline: Bridgeline, *more: str, number: str = NEW, zone: str | None = None) -> Answer:
    words = ["people", "add", "--role", "protege", "--name", "Ben", "--number", number]
    # The sentence about a number that is none holds an example of one.
    return bridgeline(*words, *(["--zone", zone] if zone else []), *more, shows=frozenset({DENISE}))


def test_everybody_is_listed_with_masked_numbers(bridgeline: Bridgeline) -> None:
    answer = bridgeline("people")
    assert answer.code == 0
    assert answer.lines[0].split() == [
        *("code", "name", "role", "state", "since", "mode", "language", "zone", "phone"),
        "matches",
    ]
    assert len(answer.lines) == 32
    assert "ends in 35" in answer.out
    for member in cast():
        assert member.number[2:] not in answer.out


def test_people_are_filtered_by_role_and_state(bridgeline: Bridgeline) -> None:
    waiting = bridgeline("people", "--role", "protege", "--state", "waiting", "--json").data
    assert [person["code"] for person in waiting] == ["P04"]
    assert waiting[0]["zone"] == "America/Toronto"
    mentors = bridgeline("people", "list", "--role", "mentor", "--json").data
    assert {person["role"] for person in mentors} == {"mentor"}
    # There are people, so nobody is told to add the first.
    assert bridgeline("people", "--state", "suspended").out == (
        "There is nobody of that kind. `bridgeline people` lists everybody.\n"
    )


def test_a_person_with_two_matches_shows_both(bridgeline: Bridgeline) -> None:
    (judith,) = [p for p in bridgeline("people", "--json").data if p["code"] == "M09"]
    assert len(judith["matches"]) == 2


def test_one_person_is_shown_with_consents_matches_and_history(bridgeline: Bridgeline) -> None:
    shown = bridgeline("people", "show", "p05", "--json").data
    assert shown["name"] == "Denise"
    assert shown["phone"] == "landline"
    assert shown["number"] == "ends in 35"
    assert shown["topics"] == "A,B"
    assert {row["part"] for row in shown["consents"]} == {"C2", "C3", "C4", "C5", "AP"}
    assert [row["with"] for row in shown["matches"]] == ["M06"]
    assert shown["history"][-1]["to"] == "matched"


def test_the_time_of_a_person_is_shown_in_their_own_zone(bridgeline: Bridgeline) -> None:
    # It is 11 in the morning in Chicago, where the office is.
    assert "Tue 2026-03-03 13:00 AST" in bridgeline("people", "show", "P06").out


def test_what_a_phone_refused_is_said_in_words(bridgeline: Bridgeline) -> None:
    assert "no texts (opted out)" in bridgeline("people", "show", "P18").out
    assert "shared" in bridgeline("people", "show", "P17").out


def test_a_number_is_revealed_for_a_reason_that_is_written_down(
    bridgeline: Bridgeline, seeded: Database
) -> None:
    answer = bridgeline(
        *("people", "show", "P05", "--reveal", "--reason", "post returned"),
        shows=frozenset({DENISE}),
    )
    assert DENISE in answer.out
    assert _audits(seeded) == [("staff:cleo", "revealed number", "P05", "post returned")]


def test_looking_without_revealing_is_not_written_down(
    bridgeline: Bridgeline, seeded: Database
) -> None:
    bridgeline("people", "show", "P05")
    assert _audits(seeded) == []


@pytest.mark.parametrize(
    "words", [("--reveal",), ("--reveal", "--reason", "  "), ("--reason", "curious")]
)
def test_revealing_without_a_reason_is_a_wrong_use(
    bridgeline: Bridgeline,
    seeded: Database,
    capsys: pytest.CaptureFixture[str],
    words: tuple[str, ...],
) -> None:
    with pytest.raises(SystemExit) as ended:
        bridgeline("people", "show", "P05", *words)
    assert ended.value.code == 2
    assert "--reason" in capsys.readouterr().err
    assert _audits(seeded) == []


def test_an_unknown_code_is_answered_with_a_sentence(bridgeline: Bridgeline) -> None:
    answer = bridgeline("people", "show", "P99")
    assert (answer.code, answer.out) == (1, "")
    assert answer.err == "There is nobody with the code P99. `bridgeline people` lists everybody.\n"


def test_a_person_added_with_consent_is_ready_for_the_intake(
    bridgeline: Bridgeline, seeded: Database
) -> None:
    answer = _add(
        bridgeline,
        *("--mode", "both", "--slow", "--safe-contact", "1"),
        *("--consent-by", "paper form of 2 March", "--json"),
        zone="America/Denver",
    )
    assert answer.code == 0
    assert answer.data["code"] == "P19"
    assert answer.data["number"] == "ends in 60"
    with seeded.transaction() as session:
        ben = person_with_code(session, "P19")
        assert number_of(session, ben.phone) == "+15155550160"
        assert (ben.state, ben.zone, ben.mode) == (
            PersonState.INTAKE,
            "America/Denver",
            Mode.BOTH,
        )
        assert ben.phone.slow
        assert ben.safe_contact == 1
        parts = session.scalars(select(Consent).where(Consent.phone_id == ben.phone_id)).all()
        assert sorted(consent.part for consent in parts) == ["C1", "C2", "C3", "C4", "C5"]
        assert {(c.proof, c.known_by, c.channel.value) for c in parts} == {
            ("paper form of 2 March", "staff:cleo", "staff")
        }
        assert {consent.agreed for consent in parts} == {True}
    assert _audits(seeded)[-1][:3] == ("staff:cleo", "added person", "P19")


@pytest.mark.parametrize("words", [("--mode", "voice"), ("--landline",)])
def test_who_cannot_or_will_not_text_is_not_written_down_as_agreeing_to_texts(
    bridgeline: Bridgeline, seeded: Database, words: tuple[str, ...]
) -> None:
    _add(bridgeline, *words, "--consent-by", "by phone")
    parts = [row["part"] for row in bridgeline("consents", "P19", "--json").data]
    assert parts == ["C2", "C3", "C4", "C5"]
    with seeded.transaction() as session:
        # The intake asks them, should they want texts there after all.
        assert WITHOUT_TEXTS in person_with_code(session, "P19").profile


def test_a_person_without_consent_or_zone_is_added_with_a_warning_for_each(
    bridgeline: Bridgeline, seeded: Database
) -> None:
    answer = _add(bridgeline)
    assert "No consent is written down yet" in answer.out
    assert "bridgeline people zone P19 ZONE" in answer.out
    with seeded.transaction() as session:
        ben = person_with_code(session, "P19")
        assert ben.state is PersonState.LEAD
        assert ben.safe_contact == 2
        moves = session.scalars(
            select(Transition).where(Transition.entity == "person", Transition.entity_id == ben.id)
        ).all()
        assert [move.actor for move in moves] == ["staff:cleo"]


@pytest.mark.parametrize(
    ("number", "said"),
    [
        ("12345", "not a valid phone number"),
        ("515 555 0100", "one of our own lines"),
        ("515 555 0135", "belongs to P05 already"),
        ("+44 20 7946 0018", "its country is not one that the programme calls"),
        ("1 900 555 0123", "The service can never ring that number"),
    ],
)
def test_a_number_that_cannot_be_a_participants_is_refused(
    bridgeline: Bridgeline, number: str, said: str
) -> None:
    answer = _add(bridgeline, number=number)
    assert answer.code == 1
    assert said in answer.err
    assert len(bridgeline("people", "--json").data) == 31


def test_two_people_can_share_a_phone_when_staff_say_so(
    bridgeline: Bridgeline, seeded: Database
) -> None:
    assert _add(bridgeline, "--shared", number="515 555 0135").code == 0
    with seeded.transaction() as session:
        phone = person_with_code(session, "P05").phone
        assert phone.shared
        assert {person.code for person in phone.people} == {"P05", "P19"}


@pytest.mark.parametrize("zone", ["Chicago", "America/Nowhere", "../../etc/passwd"])
def test_an_unknown_zone_is_refused(bridgeline: Bridgeline, zone: str) -> None:
    answer = _add(bridgeline, zone=zone)
    assert answer.code == 1
    assert "There is no time zone called" in answer.err


def test_a_zone_and_a_name_written_down_close_the_tasks_that_asked_for_them(
    bridgeline: Bridgeline, seeded: Database
) -> None:
    with seeded.transaction() as session:
        now = person_with_code(session, "P01").created_at
        phone = find_or_add_phone(session, "+15155550160", now=now)
        person = add_person(session, role=Role.MENTOR, phone=phone, actor="t", reason="t", now=now)
        code = person.code
        open_task(session, rule="name", words="?", key=f"name:{person.id}", person=person, now=now)
        ask_for_zone(session, person, now=now)
    named = bridgeline("people", "name", code, " Zoë ")
    assert named.out == f"{code} is called Zoë now.\n"
    zoned = bridgeline("people", "zone", code, "America/Denver")
    assert zoned.out == f"{code} lives by the time of America/Denver now.\n"
    with seeded.transaction() as session:
        person = person_with_code(session, code)
        assert (person.first_name, person.zone) == ("Zoë", "America/Denver")
        tasks = session.scalars(select(StaffTask).where(StaffTask.person_id == person.id)).all()
        assert [task.outcome for task in tasks] == ["written down", "written down"]


@pytest.mark.parametrize("name", ["", "   ", "x" * 41, "Eve\n"])
def test_a_name_has_1_to_40_letters_on_one_line(bridgeline: Bridgeline, name: str) -> None:
    answer = bridgeline("people", "name", "P01", f"{name}\x1b[2J" if name == "Eve\n" else name)
    assert answer.code == 1
    assert "A first name has 1 to 40 letters" in answer.err


def test_a_landline_is_remembered(bridgeline: Bridgeline, seeded: Database) -> None:
    assert bridgeline("people", "landline", "P01").code == 0
    with seeded.transaction() as session:
        phone = person_with_code(session, "P01").phone
        assert phone.line_type is LineType.LANDLINE
        assert not phone.takes_texts


def test_consents_show_which_answer_counts(bridgeline: Bridgeline, seeded: Database) -> None:
    refused = [row for row in bridgeline("consents", "P07", "--json").data if not row["agreed"]]
    assert [row["part"] for row in refused] == ["C2"]
    assert all(row["counts"] for row in refused)
    assert refused[0]["proof"].startswith("SM")


def test_who_agreed_to_nothing_is_said_so(bridgeline: Bridgeline) -> None:
    _add(bridgeline)
    assert "P19 has agreed to nothing yet" in bridgeline("consents", "P19").out


def _tell(database: Database, code: str, question: str, words: str) -> None:
    with database.transaction() as session:
        person = person_with_code(session, code)
        at = person.created_at
        talk = make_conversation(session, person, "menu", now=at)
        make_answer(session, talk, question, words=words, now=at)


def test_what_somebody_told_us_is_read_for_a_reason_that_is_written_down(
    bridgeline: Bridgeline, seeded: Database
) -> None:
    _tell(seeded, "P05", "WORRY", "He asked me for money.")
    _tell(seeded, "P01", "WORRY", "Not for this list.")
    answer = bridgeline("people", "answers", "P05", "--reason", "she called", "--json")
    assert [(row["question"], row["words"], row["answer"]) for row in answer.data][-2:] == [
        ("CK4", None, "no"),
        ("WORRY", "He asked me for money.", None),
    ]
    assert _audits(seeded) == [("staff:cleo", "read answers", "P05", "she called")]


def test_answers_are_not_shown_without_a_reason(bridgeline: Bridgeline, seeded: Database) -> None:
    with pytest.raises(SystemExit) as ended:
        bridgeline("people", "answers", "P05", "--reason", " ")
    assert ended.value.code == 2
    assert _audits(seeded) == []


def test_who_has_told_us_nothing_is_said_so(bridgeline: Bridgeline) -> None:
    answer = bridgeline("people", "answers", "M12", "--reason", "screening")
    assert answer.out == "M12 has answered nothing yet.\n"


def test_a_hold_is_ended_by_staff_with_a_reason(bridgeline: Bridgeline, seeded: Database) -> None:
    with seeded.transaction() as session:
        maria = person_with_code(session, "P11")
        is_minor(session, maria, actor="P11", now=maria.created_at)
    held = bridgeline("people", "--state", "suspended", "--json").data
    assert "P11" in [person["code"] for person in held]
    answer = bridgeline("people", "release", "P11", "--reason", "born 1980, pressed a wrong key")
    assert answer.out.startswith("P11 goes on where they were: intake.")
    history = bridgeline("people", "show", "P11", "--json").data["history"]
    assert (history[-1]["to"], history[-1]["by"]) == ("intake", "staff:cleo")
    assert history[-1]["reason"] == "born 1980, pressed a wrong key"


def test_only_a_hold_can_be_ended(bridgeline: Bridgeline) -> None:
    answer = bridgeline("people", "release", "P05", "--reason", "none")
    assert answer.code == 1
    assert "P05 is not on hold: the state is matched." in answer.err
