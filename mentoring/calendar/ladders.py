"""How a person is invited to a set of questions, and what follows when no answer comes.

A ladder is data: after how long which way is tried. Every set of questions has one (3.10, 2.3). A
way that is not open to a person is left out, or another one takes its place: whoever reads texts
only is never called, and a landline never gets a text.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from mentoring.flows.interest import EARLY
from mentoring.models import PersonState


class Way(StrEnum):
    """What one rung does."""

    PREFERRED = "preferred"
    TEXT = "text"
    # A text that says that we will call, for trust.
    ANNOUNCE = "announce"
    CALL = "call"
    # A member of staff takes over; without answers it is given up.
    STAFF = "staff"
    GIVE_UP = "give up"


@dataclass(frozen=True)
class Rung:
    """One try, so long after the first one."""

    after: timedelta
    way: Way


@dataclass(frozen=True)
class Ladder:
    """The tries for one set of questions, in order.

    `name` tells staff what it is about. `reminder` is the text for somebody who has not answered
    the first question yet; without one the question itself is asked again.
    """

    name: str
    rungs: tuple[Rung, ...]
    reminder: str | None = None
    after_closing: bool = False
    # It cannot wait for a working day: it may be asked on any day, in the person's own hours.
    any_day: bool = False
    # What is told to a phone that has another question open, where this one cannot wait.
    when_busy: str | None = None
    # Asked while the match rests, because it is about the rest itself.
    while_resting: bool = False
    # What is told where others may read a text, in place of the usual words (S8).
    discreet: str | None = None
    # Sets of questions that give way when these are asked, and are asked again after them.
    goes_before: tuple[str, ...] = ()
    # The questions that it is the second part of (mentoring/calendar/second_parts.py).
    second_to: str | None = None
    # When staff take over: their working days for it.
    staff_days: int = 3
    # It is too much to let go where no text and no call of ours may go: staff are asked at once.
    else_staff: bool = False
    # It goes by the clock of a talk, in the hours for ringing: where only a call can tell of it,
    # another open question makes room.
    by_the_clock: bool = False
    # News that is old after so long, and then not told any more.
    stale_after: timedelta | None = None
    # Asked of people in these states, and past when they are in another one.
    asked_in: tuple[PersonState, ...] = ()
    # Of no use any more once the two are in touch again.
    of_silence: bool = False

    def is_stale(self, due_at: datetime, now: datetime) -> bool:
        """Tell whether what was due at that moment is old news by now."""
        return self.stale_after is not None and now - due_at >= self.stale_after

    def rung(self, round_: int) -> Rung | None:
        """Return the rung of a round, counted from 1; None past the last."""
        return self.rungs[round_ - 1] if 1 <= round_ <= len(self.rungs) else None


def _rungs(*steps: tuple[float, Way]) -> tuple[Rung, ...]:
    return tuple(Rung(timedelta(days=days), way) for days, way in steps)


# In the preferred channel; after two days a text; after four one call, told of a day before; after
# a week a person. So there are at most two calls and two reminders.
_CHECK_IN = _rungs(
    (0, Way.PREFERRED), (2, Way.TEXT), (3, Way.ANNOUNCE), (4, Way.CALL), (7, Way.STAFF)
)
_MILESTONE = _rungs(
    (0, Way.PREFERRED), (3, Way.TEXT), (6, Way.ANNOUNCE), (7, Way.CALL), (10, Way.STAFF)
)
# A match is closed whether or not anybody answers: the questions are tried and then let go.
_SURVEY = _rungs(
    (0, Way.PREFERRED), (3, Way.TEXT), (6, Way.ANNOUNCE), (7, Way.CALL), (14, Way.GIVE_UP)
)
# It ends when the talk begins (mentoring/calendar/talks.py), so nothing waits behind it for long.
_TALK = _rungs((0, Way.PREFERRED))
# Old news after a day; who calls later still hears it.
_MISSED = _rungs((0, Way.PREFERRED), (1, Way.GIVE_UP))
_TALK_CHECK = _rungs((0, Way.PREFERRED), (3, Way.GIVE_UP))

# These wait for a date of their own, so they are not asked for long and nobody is told in the end.
_LAST_TALK = _rungs(
    (0, Way.PREFERRED), (3, Way.TEXT), (4, Way.ANNOUNCE), (5, Way.CALL), (10, Way.GIVE_UP)
)
# Before the day by which the outcome is to be told (mentoring/oversight/rules.py) staff take over.
_OUTCOME = _rungs((0, Way.PREFERRED), (2, Way.TEXT), (7, Way.STAFF))
_ONCE = _rungs((0, Way.PREFERRED), (7, Way.GIVE_UP))
# The lessons: two reminders, and a person after two weeks, or three for mentors (2.1, 2.2).
_LESSONS = ((0, Way.PREFERRED), (3, Way.TEXT), (7, Way.CALL))
# Three days to answer (mentoring/proposals/lapsing.py), with a reminder on each of the first two.
_PROPOSAL = _rungs((0, Way.PREFERRED), (1, Way.TEXT), (2, Way.CALL), (7, Way.GIVE_UP))

LADDERS: Mapping[str, Ladder] = {
    "plan": Ladder("the plan", _CHECK_IN),
    "plan_rhythm": Ladder("how often to talk", _CHECK_IN),
    "plan_confirm": Ladder("the plan to agree on", _CHECK_IN),
    "checkin_first": Ladder("the first check-in", _CHECK_IN),
    "checkin": Ladder("a check-in", _CHECK_IN, "T-CKR"),
    "quiet_pair": Ladder("how to go on after a silence", _CHECK_IN),
    "talk_reminder": Ladder(
        "a talk to come",
        _TALK,
        any_day=True,
        when_busy="T-CL1P",
        by_the_clock=True,
    ),
    "text_reminder": Ladder(
        "a talk to come", _TALK, any_day=True, when_busy="T-CLTEXT", by_the_clock=True
    ),
    # It gives way to others some time after its call (mentoring/calendar/new_times.py).
    "new_time": Ladder(
        "a new time for a talk", _TALK, any_day=True, when_busy="T-CL1P", by_the_clock=True
    ),
    "text_new_time": Ladder(
        "a new time for a talk", _TALK, any_day=True, when_busy="T-CLTEXT", by_the_clock=True
    ),
    "talk_missed": Ladder(
        "a talk that was missed",
        _MISSED,
        any_day=True,
        by_the_clock=True,
        stale_after=timedelta(days=1),
    ),
    "nudge": Ladder("a while without a talk", _TALK_CHECK, of_silence=True),
    "talk_check": Ladder("how a talk went", _TALK_CHECK),
    "milestone": Ladder("the 90-day questions", _MILESTONE, "T-MSR"),
    "survey_protege_1": Ladder("the closing survey", _SURVEY, after_closing=True, else_staff=True),
    "survey_protege_2": Ladder(
        "the closing survey, part 2",
        _SURVEY,
        after_closing=True,
        second_to="survey_protege_1",
        else_staff=True,
    ),
    "survey_mentor_1": Ladder("the closing survey", _SURVEY, after_closing=True, else_staff=True),
    "survey_mentor_2": Ladder(
        "the closing survey, part 2",
        _SURVEY,
        after_closing=True,
        second_to="survey_mentor_1",
        else_staff=True,
    ),
    "follow_up_6": Ladder(
        "the question after 6 months", _SURVEY, after_closing=True, else_staff=True
    ),
    "follow_up_12": Ladder(
        "the question after 12 months", _SURVEY, after_closing=True, else_staff=True
    ),
    "last_talk": Ladder("the last talk", _LAST_TALK, else_staff=True),
    # A worry outlives the match that it is about.
    "concern_outcome": Ladder("when to hear about their worry", _OUTCOME, after_closing=True),
    "pause_check": Ladder(
        "the end of the pause",
        _ONCE,
        while_resting=True,
        else_staff=True,
        asked_in=(PersonState.PAUSED, PersonState.ON_BREAK),
    ),
    "cover": Ladder("a cover for the mentor", _ONCE, while_resting=True, else_staff=True),
    "thanks_name": Ladder("thanks by name", _ONCE, after_closing=True),
    "peer_guide": Ladder("help for new mentors", _ONCE, after_closing=True),
    "orientation_protege": Ladder(
        "the lessons",
        _rungs(*_LESSONS, (14, Way.STAFF)),
        "T-OREM",
        asked_in=(PersonState.ORIENTATION,),
    ),
    "orientation_mentor": Ladder(
        "the lessons",
        _rungs(*_LESSONS, (21, Way.STAFF)),
        "T-OREM",
        asked_in=(PersonState.ORIENTATION,),
    ),
    "proposal_protege": Ladder(
        "a mentor for them",
        _PROPOSAL,
        "T-MP5",
        any_day=True,
        asked_in=(PersonState.OFFERED,),
    ),
    "proposal_mentor": Ladder("somebody to mentor", _PROPOSAL, "T-MP5M", any_day=True),
    "mentor_idle": Ladder(
        "a group call while they have no match", _ONCE, asked_in=(PersonState.AVAILABLE,)
    ),
    "first_talk": Ladder("a time for the first talk", _ONCE, any_day=True, else_staff=True),
    "match_news": Ladder("the news of their match", _ONCE, any_day=True, else_staff=True),
    # They agreed to one text or call, so it is tried once.
    "interest_begin": Ladder(
        "whether to begin",
        _ONCE,
        discreet="T-INTBN",
        goes_before=tuple(sorted(EARLY)),
        asked_in=(PersonState.LEAD,),
    ),
    "waiting_update": Ladder("the wait for a mentor", _ONCE, asked_in=(PersonState.WAITING,)),
    "waiting_long": Ladder("the long wait for a mentor", _ONCE, asked_in=(PersonState.WAITING,)),
}


# These flows wait for days and may change channel; the others live as long as one call.
LASTING = frozenset(
    {"welcome", "consent", "intake_protege", "intake_mentor", "talk_time", "concern", *LADDERS}
)


# These end when a talk begins, or soon after it: asked again days later they would be of no use.
ABOUT_A_TALK = frozenset(
    {"talk_time", *(name for name, ladder in LADDERS.items() if ladder.by_the_clock)}
)


# These ask how a match goes, and nobody once it is closed.
UNTIL_CLOSED = tuple(name for name, ladder in LADDERS.items() if not ladder.after_closing)


@dataclass(frozen=True)
class Reach:
    """By which ways a person may be reached: consent, opt-outs, kind of phone, own wish."""

    texts: bool
    calls: bool
    prefers_calls: bool


def way_for(rung: Rung, reach: Reach) -> Way | None:
    """Return what a rung does for this person; None when it has nothing for them."""
    text = Way.TEXT if reach.texts else None
    call = Way.CALL if reach.calls else None
    match rung.way:
        case Way.PREFERRED:
            return (call or text) if reach.prefers_calls else (text or call)
        case Way.TEXT:
            return text
        case Way.ANNOUNCE:
            return Way.ANNOUNCE if reach.texts and reach.calls else None
        case Way.CALL:
            return call or text
    return rung.way
