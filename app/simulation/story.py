"""What a simulation leaves behind: a log of all that happened, and a page for a coordinator."""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from statistics import median
from urllib.parse import urlsplit

from sqlalchemy import func, select

from app.simulation.checks import tally
from app.simulation.play import Play
from mentoring.db import Session
from mentoring.models import (
    Contact,
    ContactKind,
    Invitation,
    InvitationState,
    Match,
    MatchState,
    Severity,
    StaffTask,
    Transition,
)
from mentoring.oversight.rules import RULES

_SHOWN = 20
_MOST_ASKED = 6


def log_lines(play: Play) -> list[str]:
    """Return every text, call, change of state and alert, in the order of their time (UTC).

    The same people and the same seed give the same lines, to the letter.
    """
    with play.world.parts.db.transaction() as session:
        entries = [*_on_the_wire(play), *_written_down(session)]
    return [f"{at:%Y-%m-%dT%H:%M:%S} {words}" for at, words in sorted(entries)]


def _on_the_wire(play: Play) -> Iterator[tuple[datetime, str]]:
    names = {who.number: who.code or who.number for who in play.people}
    store = play.world.emulator.store
    for text in store.messages.values():
        ends = f"{_named(names, text.sender)} -> {_named(names, text.recipient)}"
        yield text.created, f"text {ends} {text.status}: {' '.join(text.body.split())}"
    for call in store.calls.values():
        ends = f"{_named(names, call.caller)} -> {_named(names, call.called)}"
        yield call.created, f"call {ends} {call.status} {call.seconds} s"


def _named(names: dict[str, str], number: str) -> str:
    return names.get(number, number)


def _written_down(session: Session) -> Iterator[tuple[datetime, str]]:
    for moved in session.scalars(select(Transition)):
        what = f"{moved.entity} {moved.entity_id} {moved.from_state} -> {moved.to_state}"
        yield moved.at, f"state {what} by {moved.actor}: {moved.reason}"
    for task in session.scalars(select(StaffTask)):
        yield task.opened_at, f"task {task.rule} {task.words}"


def summary(play: Play, days: int) -> str:
    """Return what a coordinator would want to know about these days."""
    with play.world.parts.db.transaction() as session:
        parts = [
            f"{days} days, {len(play.people)} people, {_matches(session)}",
            _first_contacts(session),
            _contacts(session),
            _questions(session),
            _alerts(session),
            _wire(play),
        ]
    return "\n".join([*parts, "", _promises(play, days)])


def _matches(session: Session) -> str:
    states = Counter(session.scalars(select(Match.state)))
    # One that is still closing has a reason as well.
    over = select(Match.closure_reason).where(Match.state == MatchState.CLOSED)
    closed = Counter(reason.value for reason in session.scalars(over) if reason)
    reasons = ", ".join(f"{reason} {count}" for reason, count in sorted(closed.items()))
    return f"{states.total()} matches, of which closed {states[MatchState.CLOSED]} ({reasons})"


def _first_contacts(session: Session) -> str:
    first = (
        select(Match.opened_at, func.min(Contact.started_at))
        .join(Contact, Contact.match_id == Match.id)
        .where(Contact.two_way.is_(True))
        .group_by(Match.id, Match.opened_at)
    )
    waits = [(contact - opened).days for opened, contact in session.execute(first).all()]
    if not waits:
        return "no pair has had two-way contact"
    soon = sum(days <= 10 for days in waits)
    return (
        f"{len(waits)} pairs have had two-way contact, {soon} of them within 10 days; median"
        f" {median(waits):.0f} days after the match was opened"
    )


def _contacts(session: Session) -> str:
    counted = session.execute(
        select(Contact.kind, func.count(), func.sum(Contact.seconds))
        .where(Contact.two_way.is_(True))
        .group_by(Contact.kind)
    ).all()
    seconds = {kind: (count, total or 0) for kind, count, total in counted}
    talks, talked = seconds.get(ContactKind.CALL, (0, 0))
    return (
        f"two-way contacts: {talks} talks of {talked / 3600:.0f} hours together,"
        f" {seconds.get(ContactKind.TEXT, (0, 0))[0]} texts,"
        f" {seconds.get(ContactKind.NOTE, (0, 0))[0]} voice notes"
    )


def _questions(session: Session) -> str:
    states = Counter(session.scalars(select(Invitation.state)))
    told = ", ".join(f"{state.value} {states[state]}" for state in InvitationState if states[state])
    return f"invitations to questions: {told}"


def _alerts(session: Session) -> str:
    rules = Counter(
        session.scalars(select(StaffTask.rule).where(StaffTask.severity.in_(list(Severity))))
    )
    told = ", ".join(f"{rule} {RULES[rule].title} {rules[rule]}" for rule in RULES if rules[rule])
    return f"alerts: {told or 'none'}"


def _wire(play: Play) -> str:
    emulator = play.world.emulator
    store = emulator.store
    texts = Counter(text.direction == "inbound" for text in store.messages.values())
    asked = Counter(urlsplit(hook.url).path for hook in emulator.webhooks)
    most = ", ".join(f"{path} {count}" for path, count in asked.most_common(_MOST_ASKED))
    return (
        f"at the carrier: {texts[False]} texts sent, {texts[True]} received,"
        f" {len(store.calls)} call legs, {len(emulator.webhooks)} webhooks ({most})"
    )


def _promises(play: Play, days: int) -> str:
    breaches = play.checks.breaches
    if not breaches:
        return f"Every promise was kept on each of {days} days."
    kinds = [f"{count:5} times: {words}" for words, count in tally(breaches).most_common()]
    return "\n".join(["PROMISES THAT WERE NOT KEPT", *kinds, "", *breaches[:_SHOWN]])
