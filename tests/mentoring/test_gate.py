"""The one gate that every text passes: consent, opt-out, phone, hours, in the recipient's zone."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from itertools import product
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest

from mentoring.gate import Verdict, judge
from mentoring.hours import check_in_hours, hard_hours, is_open
from mentoring.models import Delivery, DeliveryKind, DeliveryStatus, LineType, Person, Phone
from mentoring.programme import Programme
from tests.make import NOW

PROGRAMME = Programme()
CHICAGO = "America/Chicago"
NIGHT = datetime(2026, 3, 3, 4, 30, tzinfo=UTC)  # Half past ten in the evening in Chicago.
SEND = Verdict()


@dataclass(frozen=True)
class Case:
    """One text at the gate. What is not named is as good as can be."""

    kind: DeliveryKind = DeliveryKind.NOTICE
    agreed: bool = True
    opted_out: bool = False
    unusable: bool = False
    line_type: LineType = LineType.MOBILE
    now: datetime = NOW
    zone: str | None = CHICAGO
    wrote_ago: timedelta | None = None
    prompt: str | None = None
    lasts: timedelta = timedelta(days=3)
    known: bool = True
    programme: Programme = PROGRAMME
    disowned: bool = False

    def verdict(self) -> Verdict:
        """Return what the gate says."""
        row = Delivery(
            key=uuid4(),
            kind=self.kind,
            status=DeliveryStatus.QUEUED,
            prompt=self.prompt,
            reply_to_at=None if self.wrote_ago is None else self.now - self.wrote_ago,
            expires_at=self.now + self.lasts,
        )
        phone = Phone(
            line_type=self.line_type,
            texts_refused_at=self.now if self.opted_out else None,
            unusable_at=self.now if self.unusable else None,
            disowned=self.disowned,
        )
        return judge(
            row,
            phone=phone,
            person=Person(zone=self.zone) if self.known else None,
            agreed=self.agreed,
            programme=self.programme,
            now=self.now,
        )


def blocked(reason: str) -> Verdict:
    return Verdict(stop=DeliveryStatus.BLOCKED, reason=reason)


TEXTS = (DeliveryKind.RELAY, DeliveryKind.REPLY, DeliveryKind.NOTICE)
JUST_WROTE = timedelta(minutes=1)


@pytest.mark.parametrize("kind", TEXTS)
def test_with_consent_by_day_in_a_known_zone_every_kind_of_text_leaves(kind: DeliveryKind) -> None:
    assert Case(kind=kind).verdict() == SEND


@pytest.mark.parametrize("kind", TEXTS)
def test_without_consent_no_kind_of_text_leaves(kind: DeliveryKind) -> None:
    assert Case(kind=kind, agreed=False).verdict() == blocked("no consent to texts")


@pytest.mark.parametrize("kind", TEXTS)
@pytest.mark.parametrize("wrote_ago", [None, JUST_WROTE])
@pytest.mark.parametrize("agreed", [True, False])
def test_an_opt_out_blocks_every_text_even_an_answer_within_the_minute(
    kind: DeliveryKind, wrote_ago: timedelta | None, agreed: bool
) -> None:
    case = Case(kind=kind, wrote_ago=wrote_ago, agreed=agreed, opted_out=True)
    assert case.verdict() == blocked("opted out")


@pytest.mark.parametrize("prompt", ["T-STOP", "T-START"])
def test_the_one_confirmation_of_an_opt_out_passes_it(prompt: str) -> None:
    case = Case(
        kind=DeliveryKind.REPLY,
        prompt=prompt,
        opted_out=True,
        agreed=False,
        wrote_ago=JUST_WROTE,
        now=NIGHT,
        known=False,
    )
    assert case.verdict() == SEND


@pytest.mark.parametrize("prompt", ["T-HELP", "T-PERS", "T-WEL", "t-stop", "T-STOPPED", None])
def test_no_other_prompt_passes_an_opt_out(prompt: str | None) -> None:
    case = Case(prompt=prompt, opted_out=True, wrote_ago=JUST_WROTE)
    assert case.verdict() == blocked("opted out")


@pytest.mark.parametrize("prompt", [None, "T-STOP"])
@pytest.mark.parametrize("wrote_ago", [None, timedelta(minutes=11)])
def test_a_landline_and_a_dead_number_get_no_text_that_answers_nothing(
    prompt: str | None, wrote_ago: timedelta | None
) -> None:
    case = Case(prompt=prompt, wrote_ago=wrote_ago)
    landline = replace(case, line_type=LineType.LANDLINE)
    assert landline.verdict() == blocked("the phone takes no texts")
    assert replace(case, unusable=True).verdict() == blocked("the number is out of use")


@pytest.mark.parametrize(
    "case",
    [
        Case(kind=DeliveryKind.REPLY, wrote_ago=JUST_WROTE),
        Case(kind=DeliveryKind.REPLY, prompt="T-X1", wrote_ago=timedelta(hours=9)),
    ],
)
def test_whoever_has_just_texted_or_is_in_danger_is_answered_whatever_their_phone_is_said_to_be(
    case: Case,
) -> None:
    assert replace(case, line_type=LineType.LANDLINE, unusable=True).verdict() == SEND


@pytest.mark.parametrize(
    ("prompt", "verdict"),
    [("T-R1", blocked("the number is out of use")), ("T-WRONG", SEND), ("T-X1", SEND)],
)
def test_whoever_says_that_it_is_a_wrong_number_gets_the_last_word_and_help_in_danger(
    prompt: str, verdict: Verdict
) -> None:
    case = Case(prompt=prompt, wrote_ago=JUST_WROTE, unusable=True, disowned=True)
    assert case.verdict() == verdict


def test_a_phone_of_unknown_kind_is_tried() -> None:
    assert Case(line_type=LineType.UNKNOWN).verdict() == SEND


@pytest.mark.parametrize(
    ("ago", "verdict"),
    [
        (timedelta(), SEND),
        (timedelta(minutes=10), SEND),
        (timedelta(minutes=10, seconds=1), blocked("no consent to texts")),
    ],
)
def test_an_answer_within_ten_minutes_needs_no_consent(ago: timedelta, verdict: Verdict) -> None:
    assert Case(kind=DeliveryKind.REPLY, agreed=False, wrote_ago=ago).verdict() == verdict


def test_an_answer_within_ten_minutes_needs_no_hours_and_no_zone() -> None:
    case = Case(kind=DeliveryKind.REPLY, wrote_ago=JUST_WROTE, now=NIGHT)
    assert case.verdict() == SEND
    assert replace(case, zone=None).verdict() == SEND
    assert replace(case, known=False).verdict() == SEND


def test_a_question_of_ours_waits_out_the_weekend_and_an_answer_to_it_does_not() -> None:
    saturday = NOW + timedelta(days=4)
    row = Delivery(kind=DeliveryKind.NOTICE, expires_at=saturday + timedelta(days=3))
    person = Person(zone=CHICAGO, profile={})

    def verdict(reply_to_at: datetime | None) -> Verdict:
        row.reply_to_at = reply_to_at
        return judge(
            row,
            phone=Phone(line_type=LineType.MOBILE),
            person=person,
            agreed=True,
            programme=PROGRAMME,
            hours=check_in_hours(person, PROGRAMME),
            now=saturday,
        )

    assert verdict(None) == Verdict(hold_until=datetime(2026, 3, 9, 14, tzinfo=UTC))
    assert verdict(saturday - JUST_WROTE) == SEND


def test_an_answer_that_comes_later_waits_for_the_morning_like_everything_else() -> None:
    case = Case(kind=DeliveryKind.REPLY, wrote_ago=timedelta(minutes=11), now=NIGHT)
    assert case.verdict() == Verdict(hold_until=datetime(2026, 3, 3, 14, tzinfo=UTC))


@pytest.mark.parametrize("zone", [None, "", "Gone/Zone", "US/Pacific-New"])
def test_without_a_zone_the_gate_stays_shut_and_says_why(zone: str | None) -> None:
    for kind in (DeliveryKind.RELAY, DeliveryKind.REPLY):
        assert Case(kind=kind, zone=zone).verdict() == blocked("no time zone")


@pytest.mark.parametrize("zone", [None, "", "Gone/Zone"])
def test_what_nobody_waits_for_is_kept_until_their_zone_is_known(zone: str | None) -> None:
    held = Verdict(hold_until=NOW + timedelta(hours=1), reason="no time zone")
    assert Case(kind=DeliveryKind.NOTICE, zone=zone).verdict() == held


def test_a_text_to_nobody_in_particular_has_no_zone() -> None:
    assert Case(known=False).verdict() == blocked("no time zone")


@pytest.mark.parametrize("lasts", [timedelta(), timedelta(seconds=-1)])
@pytest.mark.parametrize("wrote_ago", [None, JUST_WROTE])
def test_a_text_past_its_time_expires_whatever_else_is_true(
    lasts: timedelta, wrote_ago: timedelta | None
) -> None:
    verdict = Verdict(stop=DeliveryStatus.EXPIRED, reason="too old to be useful")
    case = Case(lasts=lasts, wrote_ago=wrote_ago)
    assert case.verdict() == verdict
    assert replace(case, opted_out=True, agreed=False, zone=None).verdict() == verdict


# One evening as it is in six zones, half of them without daylight saving: who may be written to?
EVENING = datetime(2026, 7, 1, 2, 30, tzinfo=UTC)
ZONES = {
    "America/New_York": (False, "2026-07-01T12:00Z"),  # 10:30 pm
    "America/Puerto_Rico": (False, "2026-07-01T12:00Z"),  # 10:30 pm, no daylight saving
    "America/Chicago": (False, "2026-07-01T13:00Z"),  # 9:30 pm
    "America/Denver": (True, ""),  # 8:30 pm
    "America/Phoenix": (True, ""),  # 7:30 pm, no daylight saving
    "Pacific/Honolulu": (True, ""),  # 4:30 pm, no daylight saving
}


@pytest.mark.parametrize("zone", ZONES)
def test_hours_are_those_of_the_recipient_in_six_zones(zone: str) -> None:
    may_leave, opening = ZONES[zone]
    held = None if may_leave else datetime.fromisoformat(opening)
    assert Case(zone=zone, now=EVENING).verdict() == Verdict(hold_until=held)


@pytest.mark.parametrize(
    ("now", "opening"),
    [
        # The evening before clocks go forward, and the one before they go back.
        (datetime(2026, 3, 8, 4, tzinfo=UTC), datetime(2026, 3, 8, 13, tzinfo=UTC)),
        (datetime(2026, 11, 1, 3, tzinfo=UTC), datetime(2026, 11, 1, 14, tzinfo=UTC)),
    ],
)
def test_a_text_held_over_a_clock_change_leaves_at_eight_by_the_wall_clock(
    now: datetime, opening: datetime
) -> None:
    assert Case(now=now).verdict() == Verdict(hold_until=opening)
    assert opening.astimezone(ZoneInfo(CHICAGO)).hour == 8


ALL_CASES = [
    Case(*facts)
    for facts in product(
        TEXTS,
        (True, False),
        (True, False),
        (True, False),
        (LineType.MOBILE, LineType.LANDLINE),
        (NOW, NIGHT),
        (CHICAGO, "Gone/Zone"),
        (None, timedelta(minutes=10), timedelta(minutes=11)),
        ("T-STOP", "T-R1"),
        (timedelta(days=3), timedelta()),
    )
]


def reasons_against(case: Case) -> Sequence[str]:
    """Return, in words of our own and in no order, all that speaks against sending a text now."""
    is_answer = case.wrote_ago is not None and case.wrote_ago <= timedelta(minutes=10)
    by_day = case.zone == CHICAGO and is_open(case.now, ZoneInfo(CHICAGO), hard_hours(PROGRAMME))
    against = {
        "past its time": case.lasts <= timedelta(),
        "opt-out": case.opted_out and case.prompt != "T-STOP",
        "dead number": case.unusable and not is_answer,
        "landline": case.line_type is LineType.LANDLINE and not is_answer,
        "consent": not case.agreed and not is_answer,
        "hours": not by_day and not is_answer,
    }
    return [reason for reason, holds in against.items() if holds]


def test_of_all_combinations_exactly_those_leave_against_which_nothing_speaks() -> None:
    wrong = [case for case in ALL_CASES if (case.verdict() == SEND) != (not reasons_against(case))]
    assert len(ALL_CASES) == 2304
    assert wrong == []


def test_only_the_hours_ever_hold_a_text_and_only_until_they_open() -> None:
    held = [c for c in ALL_CASES if c.zone == CHICAGO and c.verdict().hold_until is not None]
    assert held
    for case in held:
        assert list(reasons_against(case)) == ["hours"]
        opening = case.verdict().hold_until
        assert opening is not None
        assert replace(case, now=opening, wrote_ago=None).verdict() == SEND


def test_the_hours_are_those_of_the_programme() -> None:
    case = Case(programme=replace(PROGRAMME, calling_from=time(10), calling_until=time(11)))
    assert replace(case, now=NOW - timedelta(minutes=1)).verdict() == SEND
    assert case.verdict().hold_until == NOW + timedelta(hours=23)


def test_the_reply_window_is_that_of_the_programme() -> None:
    case = Case(agreed=False, programme=replace(PROGRAMME, reply_minutes=2))
    assert replace(case, wrote_ago=timedelta(minutes=2)).verdict() == SEND
    assert replace(case, wrote_ago=timedelta(minutes=3)).verdict() != SEND
