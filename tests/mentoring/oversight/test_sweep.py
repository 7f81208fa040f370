"""What all rules share: one open alert for each thing, an owner, a due day, and no end by time."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from mentoring.alerts import assign_alert, close_alert, is_at_risk, list_alerts
from mentoring.db import Database, Session
from mentoring.errors import ProgrammeError
from mentoring.models import (
    AuditEntry,
    Contact,
    Invitation,
    Match,
    MatchState,
    OptOutKind,
    Role,
    Severity,
    Staff,
    StaffTask,
)
from mentoring.operators import add_staff
from mentoring.optouts import refuse
from mentoring.oversight.rules import RULES, OutcomeCode, Rule
from mentoring.oversight.sweep import oversee
from mentoring.setbacks import ask_about_opt_out
from mentoring.tasks import close_task, open_task
from tests.databases import StatementCounter
from tests.make import NOW, all_at_once, another_process, make_match, make_person
from tests.watch import DAY, HOUR, answer, close, found, log, make_pair, person_of, the_alert

LATER = NOW + 36 * DAY


@pytest.fixture
def match(session: Session) -> Match:
    """An active pair who talked now, and whose silence is an O3 at the moment LATER."""
    made = make_pair(session)
    log(session, made)
    return made


def on_duty(session: Session, name: str, *, order: int, is_on: bool = True) -> Staff:
    member = add_staff(session, name=name, number=f"+1515555019{order}", ring_order=order, now=NOW)
    member.on_duty = is_on
    session.flush()
    return member


def test_a_second_sweep_opens_nothing_twice(session: Session, match: Match) -> None:
    answer(session, match, "CK1", "1")
    assert oversee(session, now=LATER) == 2
    assert oversee(session, now=LATER) == 0
    assert oversee(session, now=LATER + 5 * DAY) == 0
    assert len(list_alerts(session)) == 2


def test_two_sweeps_at_once_open_nothing_twice(real_db: Database) -> None:
    with real_db.transaction() as session:
        match = make_pair(session)
        answer(session, match, "CK1", "1")
        answer(session, match, "CK4", "yes", role=Role.MENTOR)
    with another_process(real_db) as other:
        opened = all_at_once(
            *(
                lambda db=db: db.run(lambda session: oversee(session, now=LATER))
                for db in (real_db, other, real_db, other)
            )
        )
    assert sum(number for number in opened if isinstance(number, int)) == 3
    with real_db.transaction() as session:
        assert sorted(alert.rule for alert in list_alerts(session)) == ["O3", "O7", "O8"]


def test_the_number_of_statements_does_not_grow_with_the_number_of_matches(
    db: Database, queries: StatementCounter
) -> None:
    with db.transaction() as session:
        log(session, make_pair(session))
        with queries() as few:
            oversee(session, now=LATER)
        for which in range(3, 23, 2):
            pair = make_match(
                session,
                make_person(session, which=which),
                make_person(session, Role.MENTOR, which=which + 1),
            )
            pair.state = MatchState.ACTIVE
        session.flush()
        with queries() as many:
            assert oversee(session, now=LATER) == 20
    assert len(many) <= len(few) + 2


def test_an_alert_belongs_to_whoever_is_first_on_duty_and_is_due_in_working_days(
    session: Session, match: Match
) -> None:
    on_duty(session, "Anna", order=1, is_on=False)
    ben = on_duty(session, "Ben", order=2)
    on_duty(session, "Cleo", order=3)
    oversee(session, now=LATER)
    alert = the_alert(session, "O3")
    # It opens on a Wednesday, and three working days later it is Monday.
    assert (alert.owner_id, alert.severity) == (ben.id, Severity.MEDIUM)
    assert alert.due_at == datetime(2026, 4, 13, 17, tzinfo=UTC)
    assert (alert.match_id, alert.open_key) == (match.id, f"O3:{match.code}")


def test_with_nobody_on_duty_an_alert_waits_for_an_owner_and_the_next_sweep_finds_one(
    session: Session, match: Match
) -> None:
    oversee(session, now=LATER)
    assert the_alert(session, "O3").owner_id is None
    ben = on_duty(session, "Ben", order=1)
    oversee(session, now=LATER + HOUR)
    session.expire_all()
    assert the_alert(session, "O3").owner_id == ben.id


def test_time_never_closes_an_alert_nor_does_the_end_of_what_it_is_about(
    session: Session, match: Match
) -> None:
    oversee(session, now=LATER)
    log(session, match, at=LATER + DAY)
    assert found(session, at=LATER + 20 * DAY) == ["O3"]
    assert found(session, at=LATER + 20 * DAY) == ["O3"]


def test_an_event_that_asks_for_help_is_an_alert_with_the_weight_of_its_rule(
    session: Session,
) -> None:
    for rule, severity in (("O8", "high"), ("O10", "high"), ("O14", "medium"), ("O16", "medium")):
        task = open_task(session, rule=rule, words="Look.", key=f"event {rule}", now=NOW)
        assert (task.severity, task.open_key) == (Severity(severity), f"event {rule}")
    plain = open_task(session, rule="landline", words="Look.", key="landline:1", now=NOW)
    assert (plain.severity, plain.open_key) == (None, None)


def test_what_nobody_known_asked_for_is_given_to_whoever_is_first_on_duty(
    session: Session,
) -> None:
    member = on_duty(session, "Ben", order=1)
    task = open_task(session, rule="O8", words="Call back: A caller.", key="event", now=NOW)
    assert (task.person_id, task.match_id, task.owner_id) == (None, None, None)

    oversee(session, now=NOW + HOUR)

    session.refresh(task)
    assert task.owner_id == member.id


def test_an_opt_out_that_was_told_and_is_then_found_is_one_alert(
    session: Session, match: Match
) -> None:
    phone = person_of(match).phone
    refuse(session, phone, OptOutKind.TEXTS, source="text", now=NOW)
    ask_about_opt_out(session, phone, now=NOW)
    ask_about_opt_out(session, phone, now=NOW + HOUR)
    assert found(session, at=NOW + HOUR) == ["O16"]
    close(session, "O16", at=NOW + 2 * HOUR)
    assert found(session, at=NOW + DAY) == []


def test_whoever_has_an_open_call_back_needs_no_second_one_from_a_check_in(
    session: Session, match: Match
) -> None:
    open_task(session, rule="O8", words="Call.", key="person:CA1", person=person_of(match), now=NOW)
    answer(session, match, "CK4", "yes")
    assert found(session, at=NOW) == ["O8"]


def test_an_open_alert_puts_an_active_match_at_risk_until_staff_close_it(
    session: Session, match: Match
) -> None:
    at_risk = select(Match.id).where(is_at_risk())
    assert session.scalars(at_risk).all() == []
    oversee(session, now=LATER)
    assert session.scalars(at_risk).all() == [match.id]
    match.state = MatchState.PAUSED
    session.flush()
    assert session.scalars(at_risk).all() == []
    match.state = MatchState.ACTIVE
    close(session, "O3", at=LATER)
    assert session.scalars(at_risk).all() == []


def test_an_alert_closes_with_a_code_and_the_audit_log_tells_who_did_it(
    session: Session, match: Match
) -> None:
    oversee(session, now=LATER)
    number = the_alert(session, "O3").id
    alert = close_alert(
        session,
        number,
        code=OutcomeCode.PLAN_CHANGED,
        note="every  month",
        actor="staff:cleo",
        now=LATER,
    )
    session.flush()
    assert (alert.outcome, alert.done_at, alert.open_key) == (
        "plan_changed: every month",
        LATER,
        None,
    )
    (entry,) = session.scalars(select(AuditEntry)).all()
    assert (entry.actor, entry.action, entry.entity_id, entry.reason) == (
        "staff:cleo",
        "closed alert",
        str(number),
        "plan_changed: every month",
    )


def test_an_alert_is_closed_once(session: Session, match: Match) -> None:
    oversee(session, now=LATER)
    number = the_alert(session, "O3").id
    close(session, "O3", at=LATER)
    with pytest.raises(ProgrammeError, match="was closed already: spoke_with_them"):
        close_alert(session, number, code=OutcomeCode.SPOKE, actor="staff", now=LATER)
    with pytest.raises(ProgrammeError, match="was closed already"):
        assign_alert(session, number, "Ben", actor="staff", now=LATER)


def test_the_code_other_needs_a_note(session: Session, match: Match) -> None:
    oversee(session, now=LATER)
    number = the_alert(session, "O3").id
    with pytest.raises(ProgrammeError, match="add a note"):
        close_alert(session, number, code=OutcomeCode.OTHER, note=" ", actor="staff", now=LATER)


def test_an_alert_is_no_task_to_be_done_in_any_words_and_a_task_is_no_alert(
    session: Session, match: Match
) -> None:
    oversee(session, now=LATER)
    number = the_alert(session, "O3").id
    with pytest.raises(ProgrammeError, match=f"bridgeline alerts close {number} CODE"):
        close_task(session, number, outcome="done", now=LATER)
    task = open_task(session, rule="landline", words="Look.", key="landline:1", now=NOW)
    with pytest.raises(ProgrammeError, match="is no alert"):
        close_alert(session, task.id, code=OutcomeCode.SPOKE, actor="staff", now=LATER)


def test_alerts_are_listed_by_weight_and_then_by_the_day_they_are_due(
    session: Session, match: Match
) -> None:
    for rule, hour in (("O14", 0), ("O8", 2), ("O10", 1)):
        open_task(session, rule=rule, words="Look.", key=rule, now=NOW + hour * HOUR)
    oversee(session, now=NOW + 21 * DAY)
    listed = [alert.rule for alert in list_alerts(session)]
    assert listed == ["O10", "O8", "O14", "O2"]


def test_a_sweep_sends_and_invites_nothing_by_itself(session: Session, match: Match) -> None:
    before = session.scalars(select(Contact.id)).all()
    oversee(session, now=LATER)
    assert session.scalars(select(Contact.id)).all() == before
    assert session.scalars(select(Invitation.id)).all() == []


def test_the_step_after_the_opening_is_taken_once_for_each_alert(
    session: Session, match: Match, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken = []

    def note(_session: Session, alert: StaffTask, rule: Rule, now: datetime) -> None:
        taken.append((alert.rule, alert.match_id, rule.invites, now))

    monkeypatch.setattr("mentoring.oversight.sweep.after_opening", note)
    at = NOW + 45 * DAY
    oversee(session, now=at)
    oversee(session, now=at)
    assert taken == [("O4", match.id, "quiet_pair", at)]


def test_every_rule_has_words_of_its_own_and_those_that_invite_name_their_questions() -> None:
    assert len({rule.title for rule in RULES.values()}) == len(RULES)
    invited = {name: rule.invites for name, rule in RULES.items() if rule.invites}
    assert invited == {"O1": "checkin_first", "O4": "quiet_pair", "O18": "mentor_idle"}


def test_alerts_of_a_closed_match_can_still_be_closed(session: Session, match: Match) -> None:
    oversee(session, now=LATER)
    match.state = MatchState.CLOSED
    session.flush()
    close(session, "O3", at=LATER)
    assert list_alerts(session) == []
    assert len(session.scalars(select(StaffTask)).all()) == 1
