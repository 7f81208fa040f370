"""After a match: what it was like, in two parts on two days, and what is next (3.11)."""

from mentoring.flows.steps import (
    SKIP,
    Ask,
    Finish,
    Flow,
    Kind,
    Option,
    Reworded,
    Say,
    Step,
    options_of,
)

_YES_NO = options_of("yes", "no")


def _choice(key: str, following: str, *values: str) -> Ask:
    return Ask(key, f"T-{key}", Kind.CHOICE, options_of(*values), following)


def _rating(key: str, following: str, *, low: int = 1, high: int = 5) -> Ask:
    return Ask(key, f"T-{key}", Kind.RATING, next=following, low=low, high=high)


def _thanked(prompt: str) -> tuple[Step, ...]:
    return (Say("THANKS", prompt, "ANSWERED"), Finish("ANSWERED", "answered"))


def _last_questions(following: str) -> tuple[Step, ...]:
    """Return what is asked of both sides on the second day: would they tell a friend, and more."""
    return (
        _rating("CS8", "CS9", low=0, high=10),
        Ask("CS9", "T-CS9", Kind.OPEN, (Option(SKIP),), "DEB", timed=True, may_add=True),
        _choice("DEB", following, "yes", "no", "text"),
    )


# A sale, funds, help hired; D is "none of these", and stands alone.
_STEPS_TAKEN = (Option("A"), Option("B"), Option("C"), Option("D", alone=True))

SURVEY_PROTEGE_1 = Flow(
    name="survey_protege_1",
    version=1,
    first="CS1",
    steps=(
        _rating("CS1", "CS2"),
        _choice("CS2", "CS3", "no", "part", "most", "all"),
        _rating("CS3", "CS4"),
        _rating("CS4", "CS5"),
        _choice("CS5", "CS6", "idea", "ready", "open", "closed", "other"),
        Ask("CS6", "T-CS6", Kind.PICKS, _STEPS_TAKEN, "THANKS", max_picks=3),
        *_thanked("T-CSM"),
    ),
)

SURVEY_PROTEGE_2 = Flow(
    name="survey_protege_2",
    version=1,
    first="CS7",
    steps=(
        _rating("CS7", "CS8"),
        *_last_questions("NX1"),
        _choice("NX1", "THANKS", "mentor", "group", "classes", "be_mentor", "nothing"),
        *_thanked("T-CST"),
    ),
)

SURVEY_MENTOR_1 = Flow(
    name="survey_mentor_1",
    version=1,
    first="CS1",
    steps=(
        _rating("CS1", "CM2"),
        _choice("CM2", "CM3", "none", "some", "most", "all", "not_sure"),
        _rating("CM3", "CM4"),
        _rating("CM4", "CM5"),
        _rating("CM5", "CM6"),
        _rating("CM6", "THANKS"),
        *_thanked("T-CSM"),
    ),
)

SURVEY_MENTOR_2 = Flow(
    name="survey_mentor_2",
    version=1,
    first="CM7",
    steps=(
        _choice("CM7", "CS8", "now", "later", "no"),
        *_last_questions("THANKS"),
        *_thanked("T-CST"),
    ),
)


def _single(name: str, question: Ask) -> Flow:
    """Return a conversation of one question, thanked for."""
    return Flow(name, 1, (question, *_thanked("T-CST")), question.key)


FOLLOW_UP_6 = _single("follow_up_6", _choice("FU6", "THANKS", "yes", "not_yet", "closed", "other"))
FOLLOW_UP_12 = _single(
    "follow_up_12", _choice("FU12", "THANKS", "yes", "not_yet", "closed", "other")
)
THANKS_NAME = _single(
    "thanks_name",
    Ask(
        "T3",
        "T-T3",
        Kind.CHOICE,
        _YES_NO,
        "THANKS",
        reworded=Reworded("has_hours", "no", "T-T3N"),
    ),
)
PEER_GUIDE = _single(
    "peer_guide",
    Ask(
        "T5",
        "T-T5",
        Kind.CHOICE,
        _YES_NO,
        "THANKS",
        # Whoever reads texts only is never asked for a call.
        reworded=Reworded("mode", "text", "T-T5T"),
    ),
)
