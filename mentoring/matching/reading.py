"""Reads everybody whom matching looks at, in a few statements however many they are."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, select, true, union_all
from sqlalchemy.orm import InstrumentedAttribute

from mentoring.applications.own_line import OWN_LINE
from mentoring.applications.talk import WAYS_OF_WORKING
from mentoring.applications.waits import KEEPS_PLACE
from mentoring.consents import answers_to
from mentoring.db import Session
from mentoring.flows.orientation import LESSONS, MENTOR_LESSONS
from mentoring.matching.candidates import (
    MENTORS_LOOKED_AT,
    PROTEGES_LOOKED_AT,
    Apart,
    Candidate,
    Pool,
    pool_of,
)
from mentoring.matching.rules import MatchingRules
from mentoring.matching.sectors import SECTORS
from mentoring.models import (
    Answer,
    BarReason,
    ClosureReason,
    Match,
    MatchBar,
    MatchSide,
    MatchState,
    Person,
    PersonState,
    Proposal,
    ProposalState,
    Role,
    StaffTask,
    Transition,
)

# The alerts that stand for a case of safety: a worry, danger, words that hurt, money.
SAFETY_RULES = ("O10", "O11", "O12", "O13")
# A match that ended for one of these reasons ended through no fault of the protege.
_BAD_LUCK = (
    ClosureReason.MENTOR_LIFE_CHANGE,
    ClosureReason.POOR_FIT_TOPIC,
    ClosureReason.POOR_FIT_STYLE,
    ClosureReason.POOR_FIT_TIME,
    ClosureReason.PROGRAM_END,
    ClosureReason.SAFETY,
)


def read_pool(session: Session, *, now: datetime, among: Collection[int] | None = None) -> Pool:
    """Return everybody who waits and everybody who mentors or soon may, as they are now.

    `among` are the ids of the people who are wanted; then nothing else is read.
    """
    rules = session.programme.matching
    people = session.columns(_PEOPLE.where(_in(Person.id, among))).all()
    phones = None if among is None else [row.phone_id for row in people]
    joined = answers_to(session, "C5", phones)
    pairs = _Pairs(session, among)
    unsafe = pairs.people_held | _people_with_a_case(session, among)
    beginnings = _beginnings(session, among)
    lessons = _lessons_passed(session, among)
    proposed = _Proposed(session, among, now)
    proteges, mentors = [], []
    for row in people:
        agreed = joined.agreed(row.phone_id, row.id)
        known = _known(row, agreed=agreed, safety_case=row.id in unsafe)
        since = beginnings.get(row.id, row.state_since)
        if row.role is Role.PROTEGE:
            days = max(0, (now - since) // timedelta(days=1))
            luck = row.id in pairs.had_bad_luck
            proteges.append(
                Candidate(
                    **known,
                    days_waiting=days,
                    had_bad_luck=luck,
                    has_proposal=row.id in proposed.proteges,
                )
            )
        else:
            places = _places(row.profile, days=(now - since) / timedelta(days=1), rules=rules)
            taken = pairs.open_of[row.id] + proposed.places_of[row.id]
            passed = lessons.get(row.id)
            mentors.append(Candidate(**known, places=places, taken=taken, lessons=passed))
    return pool_of(proteges, mentors, _apart(session, among, pairs, proposed))


def _in(column: InstrumentedAttribute[Any], among: Collection[int] | None) -> ColumnElement[bool]:
    """Return the condition that a row is about one of these; for None, about anybody."""
    return true() if among is None else column.in_(among)


_PEOPLE = select(
    *(Person.id, Person.code, Person.first_name, Person.role, Person.state, Person.state_since),
    *(Person.phone_id, Person.language, Person.mode, Person.zone, Person.profile),
    Person.community,
).where(
    ((Person.role == Role.PROTEGE) & Person.state.in_(PROTEGES_LOOKED_AT))
    | ((Person.role == Role.MENTOR) & Person.state.in_(MENTORS_LOOKED_AT))
)
_BEGINNINGS = (
    select(Transition.entity_id, Person.role, Transition.to_state, Transition.at)
    .join(Person, Person.id == Transition.entity_id)
    .where(
        Transition.entity == "person",
        ((Person.role == Role.PROTEGE) & Person.state.in_(PROTEGES_LOOKED_AT))
        | (
            (Person.role == Role.MENTOR)
            & Person.state.in_(MENTORS_LOOKED_AT)
            & (Transition.to_state == PersonState.AVAILABLE.value)
        ),
    )
    .order_by(Transition.id)
)


def _beginnings(session: Session, among: Collection[int] | None) -> dict[int, datetime]:
    """Return since when each protege has waited, and when each mentor first was available.

    An offer or a pause in between takes no place in the line.
    """
    since: dict[int, datetime] = {}
    for person_id, role, state, at in session.columns(
        _BEGINNINGS.where(_in(Transition.entity_id, among))
    ):
        if role is Role.PROTEGE and state not in KEEPS_PLACE:
            since.pop(person_id, None)
        elif state in (PersonState.WAITING, PersonState.AVAILABLE):
            since.setdefault(person_id, at)
    return since


_TAUGHT = (
    select(Answer.person_id, Answer.question, Answer.value)
    .join(Person, Person.id == Answer.person_id)
    .where(
        Answer.question.in_(
            [key for each in MENTOR_LESSONS for key in (each.key, each.second_key)]
        ),
        Person.role == Role.MENTOR,
        Person.state.in_(MENTORS_LOOKED_AT),
    )
    .order_by(Answer.id)
)


def _lessons_passed(
    session: Session, among: Collection[int] | None
) -> dict[int | None, frozenset[str]]:
    """Return which lessons each mentor has answered rightly in the end; nobody who had none."""
    newest: dict[int | None, dict[str, str | None]] = defaultdict(dict)
    for person_id, question, value in session.columns(_TAUGHT.where(_in(Person.id, among))):
        newest[person_id][question.removesuffix("B")] = value
    return {
        person_id: frozenset(key for key, value in told.items() if value == LESSONS[key].right)
        for person_id, told in newest.items()
    }


def _people_with_a_case(session: Session, among: Collection[int] | None) -> set[int]:
    """Return everybody whom an open case of safety is about, or whose match it is about."""
    is_open = StaffTask.rule.in_(SAFETY_RULES) & StaffTask.done_at.is_(None)
    about_person: Select[Any] = select(StaffTask.person_id).where(
        is_open, StaffTask.person_id.is_not(None), _in(StaffTask.person_id, among)
    )
    about_match: Select[Any] = (
        select(MatchSide.person_id)
        .join(StaffTask, StaffTask.match_id == MatchSide.match_id)
        .where(is_open, _in(MatchSide.person_id, among))
    )
    return set(session.columns(union_all(about_person, about_match)).scalars())


class _Proposed:
    """What proposals say: whose is open, whose places are kept for one, and who has said no."""

    def __init__(self, session: Session, among: Collection[int] | None, now: datetime) -> None:
        self.proteges: set[int] = set()
        self.places_of: dict[int, int] = defaultdict(int)
        self.declined: set[tuple[int, int]] = set()
        lately = now - timedelta(days=session.programme.matching.declined_days)
        is_open = Proposal.settled_at.is_(None)
        is_no = (Proposal.state == ProposalState.DECLINED) & (Proposal.settled_at > lately)
        rows = session.columns(
            select(Proposal.protege_id, Proposal.mentor_id, is_open).where(
                is_open | is_no,
                _in(Proposal.protege_id, among) | _in(Proposal.mentor_id, among),
            )
        )
        for protege_id, mentor_id, goes_on in rows:
            if goes_on:
                self.proteges.add(protege_id)
                self.places_of[mentor_id] += 1
            else:
                self.declined.add((protege_id, mentor_id))


class _Pairs:
    """What the matches, open and closed, say about pairs and about the people in them."""

    def __init__(self, session: Session, among: Collection[int] | None) -> None:
        self.open_of: dict[int, int] = defaultdict(int)
        self.people_held: set[int] = set()
        self.had_bad_luck: set[int] = set()
        self.together: set[tuple[int, int]] = set()
        self.parted_for_safety: set[tuple[int, int]] = set()
        theirs = select(MatchSide.match_id).where(_in(MatchSide.person_id, among))
        chosen = true() if among is None else MatchSide.match_id.in_(theirs)
        for sides in _by_match(session.columns(_SIDES.where(chosen)).all()):
            self._count(sides)

    def _count(self, sides: dict[Role, Row[Any]]) -> None:
        protege, mentor = sides[Role.PROTEGE], sides[Role.MENTOR]
        pair = (protege.person_id, mentor.person_id)
        if protege.state is not MatchState.CLOSED:
            self.together.add(pair)
            self.open_of[mentor.person_id] += 1
            if protege.state is MatchState.SAFETY_HOLD:
                self.people_held.update(pair)
            return
        if protege.closure_reason is ClosureReason.SAFETY:
            self.parted_for_safety.add(pair)
        if protege.closure_reason in _BAD_LUCK:
            self.had_bad_luck.add(protege.person_id)


_SIDES = (
    select(
        MatchSide.match_id, MatchSide.role, MatchSide.person_id, Match.state, Match.closure_reason
    )
    .join(Match, Match.id == MatchSide.match_id)
    .order_by(MatchSide.match_id)
)


def _by_match(rows: Iterable[Any]) -> Iterator[dict[Role, Row[Any]]]:
    sides: dict[int, dict[Role, Row[Any]]] = defaultdict(dict)
    for row in rows:
        sides[row.match_id][row.role] = row
    yield from (each for each in sides.values() if len(each) == len(Role))


def _apart(
    session: Session, among: Collection[int] | None, pairs: _Pairs, proposed: _Proposed
) -> dict[tuple[int, int], BarReason | Apart]:
    """Return who is kept apart. What has happened outweighs what staff have ticked."""
    bars = session.columns(
        select(MatchBar.protege_id, MatchBar.mentor_id, MatchBar.reason).where(
            _in(MatchBar.protege_id, among)
        )
    )
    apart: dict[tuple[int, int], BarReason | Apart] = dict.fromkeys(
        proposed.declined, Apart.DECLINED
    )
    apart.update({(protege, mentor): reason for protege, mentor, reason in bars})
    apart.update(dict.fromkeys(pairs.together, Apart.OPEN_MATCH))
    apart.update(dict.fromkeys(pairs.parted_for_safety, Apart.SAFETY_CLOSURE))
    return apart


def _places(profile: dict[str, Any], *, days: float, rules: MatchingRules) -> int:
    stated = _number(profile, "capacity") or 1
    most = rules.first_places if days < rules.first_days else rules.most_places
    return min(stated, most)


def candidate_of(person: Person) -> Candidate:
    """Return one person as matching sees them, as far as their own record tells."""
    return Candidate(**_known(person, agreed=True, safety_case=False))


def _known(row: Row[Any] | Person, *, agreed: bool, safety_case: bool) -> dict[str, Any]:
    """Return what both roles have told, with codes that nobody knows left out."""
    profile: dict[str, Any] = row.profile
    return {
        "id": row.id,
        "code": row.code,
        "name": row.first_name or row.code,
        "role": row.role,
        "state": row.state,
        "phone_id": row.phone_id,
        "agreed": agreed,
        "language": row.language,
        "languages": frozenset((row.language, *_several(profile, "languages"))),
        "mode": row.mode,
        "zone": row.zone,
        "hours": ",".join(_several(profile, "hours")),
        "topics": tuple(dict.fromkeys(_several(profile, "topics"))),
        "sectors": frozenset(_several(profile, "sectors")) & SECTORS.keys(),
        "community": row.community,
        "stage": _number(profile, "stage"),
        "years": _number(profile, "years"),
        "way": frozenset(
            said for key, ends in WAYS_OF_WORKING.items() if (said := profile.get(key)) in ends
        ),
        "crosses_modes": profile.get("cross_mode") != "no",
        "welcomes_slow": _yes_or_no(profile.get("slow_welcome")),
        "wants_lived_experience": profile.get("prefers_lived_experience") == "yes",
        "shares_lived_experience": profile.get("may_share_disability") == "yes",
        "own_line": str(profile.get(OWN_LINE) or ""),
        "safety_case": safety_case,
    }


def _several(profile: dict[str, Any], key: str) -> list[str]:
    return [code for code in str(profile.get(key) or "").replace(" ", "").split(",") if code]


def _number(profile: dict[str, Any], key: str) -> int:
    said = str(profile.get(key) or "")
    return int(said) if said in ("1", "2", "3", "4") else 0


def _yes_or_no(said: object) -> bool | None:
    return {"yes": True, "no": False}.get(str(said))
