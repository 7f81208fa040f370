"""What people of the fictional programme were asked and have answered, as rows of their own.

The calendar, the ladders of tries and the conversations would write the same rows, one after the
other; here they are worked out and go in at once, or every start of the demo would take longer. No
text and no call of theirs is written: nothing leaves because of them.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import chain
from typing import Any
from uuid import uuid4

from sqlalchemy import update

from app.seed_story import Story
from mentoring.calendar.asking_hours import asking_hours
from mentoring.calendar.dues import due_row
from mentoring.calendar.ladders import LADDERS, Reach, Way, way_for
from mentoring.calendar.wishes import feedback_words
from mentoring.clock import zone_named
from mentoring.crypto import FORGOTTEN
from mentoring.editions.current import catalog_for
from mentoring.flows import FLOWS
from mentoring.flows.steps import SKIP, Kind, worded_for
from mentoring.hours import next_opening
from mentoring.models import (
    Answer,
    Channel,
    Conversation,
    ConversationStatus,
    Due,
    DueKind,
    Invitation,
    InvitationState,
    Match,
    Mode,
    Person,
    StaffTask,
)
from mentoring.rows import insert_rows

# What the tries of a ladder come to (mentoring/calendar/invitations.py).
_OUTCOMES = {
    Way.TEXT: "texted",
    Way.CALL: "to be called",
    Way.ANNOUNCE: "told that we will call",
    None: "no way to reach them",
}
_REACHED = (_OUTCOMES[Way.TEXT], _OUTCOMES[Way.CALL])
_NO_ANSWER, _ANSWERED = "no answer", "answered"
# How long one answer takes by phone and by text, and after how many minutes a text is answered.
_BY_PHONE, _BY_TEXT = timedelta(seconds=15), timedelta(seconds=40)
_TEXT_RESTS = (3, 90)
# Staff do on the next day what the answers ask of them, or that there are none.
_DONE_AFTER, _CALLED, _FEEDBACK_DAYS = timedelta(days=1), "Called: all is well.", 5


@dataclass(frozen=True)
class Occasion:
    """What led to the questions: something that was planned for the match, and what came of it."""

    kind: DueKind
    match: Match
    round: int
    at: datetime
    outcome: str

    @property
    def key(self) -> str:
        """The key under which it was planned."""
        return f"{self.kind}:{self.match.id}:{self.round}"


@dataclass(frozen=True)
class Asked:
    """One set of questions that one person was asked from a moment on.

    Until `free_at` their phone has another question open, and one at a time is asked (A23). `said`
    are the answers by question; there are none where nobody answered. `in_try` tells how often the
    person was reached before they answered.
    """

    occasion: Occasion
    person: Person
    flow: str
    number: int
    free_at: datetime
    said: Mapping[str, str] = field(default_factory=dict)
    in_try: int = 1
    # What staff did about words of the person's own.
    acted: str = ""

    @property
    def match(self) -> Match:
        """The match that the questions are about."""
        return self.occasion.match

    @property
    def at(self) -> datetime:
        """From when on they were asked."""
        return self.occasion.at


@dataclass(frozen=True)
class _Try:
    due_at: datetime
    done_at: datetime
    outcome: str


@dataclass(frozen=True)
class _Told:
    """How it went: the tries that were made, when it was over, and when each answer came."""

    asked: Asked
    tries: Sequence[_Try]
    answers_at: Sequence[datetime]
    by_text: bool

    @property
    def asked_at(self) -> datetime:
        return self.tries[0].done_at

    @property
    def settled_at(self) -> datetime:
        return self.tries[-1].done_at

    @property
    def over_at(self) -> datetime:
        """When staff had done what it asked of them as well."""
        was_for_staff = not self.asked.said or self.asked.acted
        return self.settled_at + (_DONE_AFTER if was_for_staff else timedelta())


def write_answers(story: Story, all_asked: Sequence[Asked]) -> None:
    """Write what was asked and answered; what would not be over by now was not asked yet."""
    told = [_tell(story, asked) for asked in sorted(all_asked, key=_order)]
    told = [each for each in told if each.over_at <= story.now]
    invitations = [_invitation(each) for each in told]
    story.session.add_all(invitations)
    story.session.flush()
    pairs = list(zip(told, invitations, strict=True))
    conversations = [_conversation(story, each, invitation) for each, invitation in pairs]
    story.session.add_all(conversations)
    story.session.flush()
    rows = chain.from_iterable(_dues(each, invitation) for each, invitation in pairs)
    insert_rows(story.session, Due, list(rows))
    answered = zip(told, conversations, strict=True)
    answers = chain.from_iterable(_answers(story, each, held) for each, held in answered)
    insert_rows(story.session, Answer, list(answers))
    _finish_occasions(story, told)
    tasks = chain.from_iterable(_tasks(story, each, row.id) for each, row in pairs)
    insert_rows(story.session, StaffTask, list(tasks))


def _order(asked: Asked) -> tuple[datetime, int]:
    return asked.at, asked.person.id


def _reach(person: Person) -> Reach:
    """Return by which ways somebody could be reached then: opt-outs came later, if at all."""
    return Reach(
        texts=person.mode is not Mode.VOICE,
        calls=person.mode is not Mode.TEXT,
        prefers_calls=person.mode is Mode.VOICE,
    )


def _tell(story: Story, asked: Asked) -> _Told:
    """Work out the tries, up to the one that was answered or to the end of the ladder."""
    tries: list[_Try] = []
    reached: list[_Try] = []
    for at, outcome in _ways(story, asked):
        if asked.said and len(reached) == asked.in_try:
            answers_at = _moments(story, asked, reached[-1])
            tries.append(_Try(at, answers_at[-1], _ANSWERED))
            return _Told(asked, tries, answers_at, reached[-1].outcome == _OUTCOMES[Way.TEXT])
        tries.append(_Try(at, at, outcome))
        if outcome in _REACHED:
            reached.append(tries[-1])
    return _Told(asked, tries, (), reached[-1].outcome == _OUTCOMES[Way.TEXT])


def _ways(story: Story, asked: Asked) -> Iterator[tuple[datetime, str]]:
    """Yield when each try of the ladder came, and what it came to while nobody had answered."""
    programme, person = story.session.programme, asked.person
    zone = zone_named(person.zone) or programme.office
    hours = asking_hours(asked.flow, person, programme)
    asked_at = max(asked.at, asked.free_at)
    first = next_opening(asked_at, zone, hours) or asked_at
    for rung in LADDERS[asked.flow].rungs:
        at = first + rung.after
        if rung.way in (Way.STAFF, Way.GIVE_UP):
            yield at, _NO_ANSWER
        else:
            yield next_opening(at, zone, hours) or at, _OUTCOMES[way_for(rung, _reach(person))]


def _moments(story: Story, asked: Asked, reached: _Try) -> Sequence[datetime]:
    """Return when each answer came: in the call itself, or some time after the text."""
    by_text = reached.outcome == _OUTCOMES[Way.TEXT]
    rest = timedelta(minutes=story.dice.randrange(*_TEXT_RESTS)) if by_text else timedelta()
    each = _BY_TEXT if by_text else _BY_PHONE
    return [reached.done_at + rest + place * each for place in range(1, len(asked.said) + 1)]


def _invitation(told: _Told) -> Invitation:
    asked = told.asked
    return Invitation(
        flow=asked.flow,
        match_id=asked.match.id,
        person_id=asked.person.id,
        number=asked.number,
        state=InvitationState.ANSWERED if asked.said else InvitationState.LAPSED,
        due_at=asked.at,
        asked_at=told.asked_at,
        settled_at=told.settled_at,
    )


def _conversation(story: Story, told: _Told, invitation: Invitation) -> Conversation:
    """Return the conversation in which it was answered, or that was left unanswered."""
    asked, is_answered = told.asked, bool(told.asked.said)
    in_call = is_answered and not told.by_text
    return Conversation(
        key=uuid4(),
        phone_id=asked.person.phone_id,
        person_id=asked.person.id,
        flow=asked.flow,
        state_sealed=FORGOTTEN,
        lasting=True,
        status=ConversationStatus.FINISHED if is_answered else ConversationStatus.LEFT,
        channel=Channel.TEXT if told.by_text else Channel.VOICE,
        call_sid=story.sid("CA") if in_call else None,
        match_id=asked.match.id,
        invitation_id=invitation.id,
        turn=1 + len(asked.said),
        heard=len(asked.said) if in_call else 0,
        misheard=0,
        started_at=told.asked_at,
        touched_at=told.answers_at[-1] if told.answers_at else told.asked_at,
    )


def _dues(told: _Told, invitation: Invitation) -> Iterator[dict[str, Any]]:
    planned_at = told.asked.at
    for round_, each in enumerate(told.tries, start=1):
        row = due_row(
            DueKind.INVITE,
            at=each.due_at,
            key=f"invite:{invitation.id}:{round_}",
            match_id=invitation.match_id,
            person_id=invitation.person_id,
            invitation_id=invitation.id,
            round_=round_,
            now=planned_at,
        )
        yield {**row, "done_at": each.done_at, "outcome": each.outcome}
        planned_at = each.done_at


def _finish_occasions(story: Story, told: Sequence[_Told]) -> None:
    """Write down what has led to the questions. Some of it was planned by the story itself."""
    occasions = {each.asked.occasion.key: each.asked.occasion for each in told}
    for outcome in {each.outcome for each in occasions.values()}:
        keys = [key for key, each in occasions.items() if each.outcome == outcome]
        planned = update(Due).where(Due.dedupe_key.in_(keys), Due.done_at.is_(None))
        done = planned.values(done_at=Due.due_at, outcome=outcome)
        story.session.execute(done, execution_options={"synchronize_session": False})
    rows = [
        due_row(
            each.kind,
            at=each.at,
            key=key,
            match_id=each.match.id,
            round_=each.round,
            now=each.match.opened_at,
        )
        | {"done_at": each.at, "outcome": each.outcome}
        for key, each in occasions.items()
    ]
    insert_rows(story.session, Due, rows)


def _answers(story: Story, told: _Told, held: Conversation) -> Iterator[dict[str, Any]]:
    """Yield the answers in the order of the questions; free words are sealed."""
    person = told.asked.person
    catalog = catalog_for(story.session, person)
    said = zip(told.asked.said.items(), told.answers_at, strict=True)
    for turn, ((question, value), at) in enumerate(said, start=1):
        ask = FLOWS[held.flow].ask(question)
        if ask is None:
            raise ValueError(f"{held.flow} does not ask {question}.")
        prompt = worded_for(ask, {"role": person.role.value}).prompt
        answer, in_words = Answer(key=uuid4()), _is_open(held.flow, question)
        place = answer.place("words_sealed")
        yield {
            "key": answer.key,
            "conversation_id": held.id,
            "person_id": person.id,
            "question": question,
            "prompt_version": catalog.wording(prompt, person.language).version,
            "edition_id": None,
            "turn": turn,
            "value": None if in_words else value,
            "words_sealed": story.session.vault.seal(value, place=place) if in_words else None,
            "channel": held.channel,
            "at": at,
        }


def _tasks(story: Story, told: _Told, invitation_id: int) -> Iterator[dict[str, Any]]:
    """Yield what staff were asked to do about the answers, or about none, and have done."""
    asked, ladder = told.asked, LADDERS[told.asked.flow]
    code, at = asked.person.code, told.settled_at
    if not asked.said and ladder.rungs[-1].way is Way.STAFF:
        yield _done_task(
            story,
            asked,
            rule="check-in",
            words=f"{code} has not answered {ladder.name}. Please call or text.",
            key=f"lapsed:{invitation_id}",
            working_days=ladder.staff_days,
            at=at,
            outcome=_CALLED,
        )
    for question, value in asked.said.items():
        if _is_open(asked.flow, question) and value != SKIP:
            yield _done_task(
                story,
                asked,
                rule="feedback",
                words=f"{code} {feedback_words(question)}",
                key=f"feedback:{invitation_id}",
                working_days=_FEEDBACK_DAYS,
                at=at,
                outcome=asked.acted,
            )


def _done_task(
    story: Story,
    asked: Asked,
    *,
    rule: str,
    words: str,
    key: str,
    working_days: int,
    at: datetime,
    outcome: str,
) -> dict[str, Any]:
    return {
        "rule": rule,
        "words": words,
        "person_id": asked.person.id,
        "match_id": asked.match.id,
        "dedupe_key": key,
        "opened_at": at,
        "due_at": story.session.programme.add_working_days(at, working_days),
        "step": 0,
        "done_at": at + _DONE_AFTER,
        "outcome": outcome,
    }


def _is_open(flow: str, question: str) -> bool:
    """Tell whether a question is answered in words of one's own."""
    ask = FLOWS[flow].ask(question)
    return ask is not None and ask.kind is Kind.OPEN
