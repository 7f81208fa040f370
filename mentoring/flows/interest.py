"""Before the programme is live: leaving one's interest, taking it back, and beginning after it.

Whoever calls or texts then is asked what they wish for, whether we may call or text them when it
starts, their first name, which help and which hours: so staff know what mentors to look for.
Nothing else is asked, and without a yes nothing is kept.
"""

from mentoring.flows.intake import TOPICS, hours
from mentoring.flows.steps import TO_PERSON, Ask, Branch, Finish, Flow, Kind, Option, Say

INTEREST = Flow(
    name="interest",
    version=1,
    first="INT",
    steps=(
        Ask(
            "INT",
            "T-INT",
            Kind.CHOICE,
            (
                Option("protege"),
                Option("mentor"),
                Option("person", TO_PERSON),
                Option("later", "LATER"),
            ),
            "INTC",
        ),
        Ask(
            "INTC",
            "T-INTC",
            Kind.CHOICE,
            (Option("yes", "AGREED"), Option("no", "LATER")),
            read_back=True,
            timed=True,
        ),
        Finish("AGREED", "agreed"),
        Say("LATER", "T-HELDBYE", "LEFT"),
        Finish("LEFT", "left"),
    ),
)

# Asked only once they have agreed, so that no name is kept of anybody who has not. Its questions
# are those of the intake, with all that follows from an answer to them.
INTEREST_NAME = Flow(
    name="interest_name",
    version=2,
    first="PA2",
    steps=(
        Ask("PA2", "T-PA2", Kind.NAME, next="WHO", read_back=True),
        Branch("WHO", "role", {"mentor": "MB3"}, otherwise="PB3"),
        Ask("PB3", "T-PB3", Kind.PICKS, TOPICS, "PB4", max_picks=3),
        Ask("MB3", "T-MB3", Kind.PICKS, TOPICS, "PB4", max_picks=len(TOPICS)),
        hours("DOWN"),
        Say("DOWN", "T-INTOK", "KEPT"),
        Finish("KEPT", "kept"),
    ),
)

INTEREST_KEPT = Flow(
    name="interest_kept",
    version=1,
    first="INTK",
    steps=(
        Ask(
            "INTK",
            "T-INTK",
            Kind.CHOICE,
            (Option("stay", "FINE"), Option("back", "OFF")),
            read_back=True,
        ),
        Say("FINE", "T-HELDBYE", "STAYS"),
        Finish("STAYS", "left"),
        Say("OFF", "T-INTOFF", "BACK"),
        Finish("BACK", "back"),
    ),
)

# The one call or text that they agreed to, once the programme is live.
INTEREST_BEGIN = Flow(
    name="interest_begin",
    version=1,
    first="INTB",
    steps=(
        Ask(
            "INTB",
            "T-INTB",
            Kind.CHOICE,
            (Option("begin", "NOW"), Option("later", "LATER"), Option("back", "OFF")),
        ),
        Finish("NOW", "begin"),
        Say("LATER", "T-HELDBYE", "LEFT"),
        Finish("LEFT", "left"),
        Say("OFF", "T-INTOFF", "BACK"),
        Finish("BACK", "back"),
    ),
)

# What is asked before the programme is live, and makes no sense any more once it is.
EARLY = frozenset({INTEREST.name, INTEREST_NAME.name, INTEREST_KEPT.name})
