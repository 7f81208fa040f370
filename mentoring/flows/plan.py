"""The goal and the contact plan: each side answers alone, then both confirm (3.6).

Two sets, for nobody is asked more than six questions at once (G7).
"""

from mentoring.flows.steps import Ask, Branch, Finish, Flow, Kind, Option, Say, Step, options_of
from mentoring.flows.timing import ask_slot


def _goal() -> tuple[Step, ...]:
    """Return part 1. How sure they are is asked of the protege alone."""
    now_or_later = (Option("now"), Option("later", "LATER"))
    return (
        Branch("WHOSE", "role", {"protege": "GP0"}, otherwise="GP1"),
        Ask("GP0", "T-GP0", Kind.RATING, next="GP1"),
        Ask("GP1", "T-GP1", Kind.OPEN, next="GP2", timed=True, may_add=True),
        Ask("GP2", "T-GP2", Kind.CHOICE, options_of("1m", "3m", "6m"), "GPN"),
        Ask("GPN", "T-GPN", Kind.CHOICE, now_or_later, "GP3"),
        Finish("LATER", "later"),
    )


PLAN = Flow(
    name="plan",
    version=2,
    first="WHOSE",
    steps=(
        *_goal(),
        Ask("GP3", "T-GP3", Kind.CHOICE, options_of("week", "two_weeks", "month"), "GP4"),
        *ask_slot("GP4", "T-GP4", "HOURS"),
        # Nobody would be rung for a talk at night, so it is said before both agree to one.
        Branch("HOURS", "rings:GP4", {"no": "NIGHT"}, otherwise="GP5"),
        Say("NIGHT", "T-CLNIGHT", "GP4"),
        Ask("GP5", "T-GP5", Kind.CHOICE, options_of("day", "two_days", "week"), "GP6"),
        Ask("GP6", "T-GP6", Kind.CHOICE, options_of("text", "wait", "staff"), "ANSWERED"),
        Finish("ANSWERED", "answered"),
    ),
)

# `{mine} {theirs}` are what each has answered to GP3, two steps apart (O15).
PLAN_RHYTHM = Flow(
    name="plan_rhythm",
    version=1,
    first="GP3",
    steps=(
        Ask("GP3", "T-GP3A", Kind.CHOICE, options_of("week", "two_weeks", "month"), "ANSWERED"),
        Finish("ANSWERED", "answered"),
    ),
)

# A wish for the rhythm is told with the whole plan, and once more where the two are far apart.
RHYTHM_TOLD_IN = (PLAN.name, PLAN_RHYTHM.name)

# `{freq} {day} {time} {reply}` are the plan that both get to hear.
PLAN_CONFIRM = Flow(
    name="plan_confirm",
    version=1,
    first="GP7",
    steps=(
        Ask(
            "GP7",
            "T-GP7",
            Kind.CHOICE,
            (Option("yes", "AGREED"), Option("change", "CHANGE")),
            read_back=True,
        ),
        Finish("AGREED", "agreed"),
        Finish("CHANGE", "change"),
    ),
)
