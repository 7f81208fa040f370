"""The export that public business counselling asks for: one row for each protege, by code alone.

It is about single people, so nothing is hidden in it, and whoever takes it is written down.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from fractions import Fraction

from mentoring.audit import write_audit
from mentoring.db import Session
from mentoring.errors import ProgrammeError
from mentoring.models import ReportRun
from mentoring.reports.facts import Facts, Pair, in_hours
from mentoring.reports.figures import written
from mentoring.reports.periods import Period
from mentoring.reports.reading import read_facts
from mentoring.reports.summary import COMMUNITY

COLUMNS = (
    "Client",
    "In business",
    "Start date",
    "Jobs",
    "Funds",
    "Contact hours",
    "Mode",
)
# What says that a business is open: the stage at the intake, the end of a match, and later on.
_MEANS_OPEN = {"PB1": ("3", "4"), "CS5": ("open",), "FU6": ("yes",), "FU12": ("yes",)}
_YES_NO = {True: "Y", False: "N", None: ""}


@dataclass(frozen=True)
class Client:
    """One protege who was in a match in the period. What nobody has answered is None.

    `jobs` and `funds` tell whether they hired help or got funds; nobody is asked how much.
    `hours` are those of two-way calls in the period.
    """

    code: str
    in_business: bool | None
    started_on: date
    jobs: bool | None
    funds: bool | None
    hours: str
    mode: str

    def row(self) -> tuple[str, ...]:
        """Return it as words, in the order of COLUMNS."""
        return (
            self.code,
            _YES_NO[self.in_business],
            self.started_on.isoformat(),
            _YES_NO[self.jobs],
            _YES_NO[self.funds],
            self.hours,
            self.mode,
        )


def export_clients(
    session: Session, *, period: Period, community: str, actor: str, reason: str, now: datetime
) -> list[Client]:
    """Return the clients of a period, of all or of one community, and write down who took them."""
    facts = read_facts(session, period=period, community=community or None, now=now)
    clients = list(clients_of(facts, community or None))
    _keep_export(session, period, actor=actor, reason=reason, now=now)
    return clients


def kept_clients(
    session: Session, run: ReportRun, *, actor: str, reason: str, now: datetime
) -> Sequence[Sequence[str]]:
    """Return the rows that were worked out with a report, and write down who took them.

    Raises ProgrammeError where they were forgotten, or never kept by an older version.
    """
    if run.clients is None:
        raise ProgrammeError(
            "The clients of this report are not kept any more. Work it out again to have them."
        )
    period = Period(run.since, run.until)
    _keep_export(session, period, actor=actor, reason=reason, now=now)
    return run.clients


def _keep_export(
    session: Session, period: Period, *, actor: str, reason: str, now: datetime
) -> None:
    """Write down who took the rows about single clients of a period, and why."""
    write_audit(
        session,
        actor=actor,
        action="exported counselling report",
        entity="report",
        entity_id=f"{period.since} to {period.last_day}",
        reason=reason,
        now=now,
    )


def clients_of(facts: Facts, community: str | None) -> Iterator[Client]:
    """Return the clients of a period, of all or of one community."""
    since, until = facts.period.moments(facts.zone)
    matches: dict[int, list[Pair]] = {}
    for pair in facts.pairs.values():
        if pair.opened_at < until and (pair.closed_at is None or pair.closed_at >= since):
            matches.setdefault(pair.protege, []).append(pair)
    for person_id, pairs in sorted(matches.items()):
        person = facts.people[person_id]
        if community is not None and person.groups[COMMUNITY] != community:
            continue
        steps = _newest(facts, person_id, "CS6", until)
        seconds = sum(
            talk.seconds
            for pair in pairs
            for talk in pair.contacts
            if talk.is_call and since <= talk.at < until
        )
        yield Client(
            code=person.code,
            in_business=_in_business(facts, person_id, person.stage, until),
            started_on=facts.day(min(pair.opened_at for pair in pairs)),
            jobs=None if steps is None else "C" in steps.split(","),
            funds=None if steps is None else "B" in steps.split(","),
            hours=written(in_hours(timedelta(seconds=seconds)) if seconds else Fraction(), 2),
            mode=person.groups["mode"],
        )


def _newest(facts: Facts, person_id: int, question: str, until: datetime) -> str | None:
    """Return somebody's newest answer to a question before the end of the period."""
    given = [
        reply.value for reply in facts.replies_of.get((person_id, question), ()) if reply.at < until
    ]
    return given[-1] if given else None


def _in_business(facts: Facts, person_id: int, stage: str, until: datetime) -> bool | None:
    """Tell whether a business is open, by the newest thing that its owner has said about it.

    After 12 months with one mentor somebody may have ended with another one since.
    """
    said = [
        reply
        for question in _MEANS_OPEN
        for reply in facts.replies_of.get((person_id, question), ())
        if reply.at < until
    ]
    if said:
        newest = max(said, key=lambda reply: reply.at)
        return newest.value in _MEANS_OPEN[newest.question]
    return stage in _MEANS_OPEN["PB1"] if stage else None
