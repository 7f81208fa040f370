"""What came of proposals once more, straight from the rows: E3."""

from datetime import datetime
from itertools import pairwise
from typing import NamedTuple

from mentoring.models import Proposal
from tests.mentoring.reports.naive import Naive, Told


class Offered(NamedTuple):
    person: int
    at: datetime
    ended: datetime | None
    is_yes: bool | None
    why: str


def offers(log: Naive) -> list[Offered]:
    """Every proposal that was sent; and every offer in the history of somebody without one."""
    found = [
        Offered(
            *(row.protege_id, row.sent_at, row.settled_at),
            None if row.settled_at is None else row.state == "accepted",
            why_not(row),
        )
        for row in log.proposals
        if row.sent_at is not None
    ]
    rows = list(found)
    for person in log.people.values():
        path = log.path("person", person.id)
        for move, after in pairwise([*path, None]):
            if person.role != "protege" or move is None or move.to_state != "offered":
                continue
            known = [row for row in rows if row.person == person.id and row.at <= move.at]
            if any(row.ended is None or row.ended >= move.at for row in known):
                continue
            ended = after.at if after else None
            is_yes = after.to_state == "matched" if after else None
            found.append(Offered(person.id, move.at, ended, is_yes, "not_said"))
    return found


def accepted(log: Naive) -> Told:
    return log.ternary([each.is_yes for each in offers(log) if log.kept(each.at, each.person)])


def declined(log: Naive) -> Told:
    return log.total(
        sum(each.is_yes is False and log.kept(each.ended, each.person) for each in offers(log))
    )


def why_not(row: Proposal) -> str:
    if row.state == "lapsed":
        return "no_answer"
    if row.state == "withdrawn":
        return "taken_back"
    return (
        row.reason
        if row.reason in ("topics", "times", "feeling", "no_room", "other")
        else "not_said"
    )


def declined_for(log: Naive, reason: str) -> Told:
    ended = [each for each in offers(log) if log.kept(each.ended, each.person)]
    return log.total(sum(each.is_yes is False and each.why == reason for each in ended))
