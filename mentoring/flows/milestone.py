"""How far they came and what is next: every 90 days, from both sides (3.11)."""

from mentoring.flows.steps import SKIP, Ask, Finish, Flow, Kind, Option, Reworded, options_of

_HOW_FAR = options_of("none", "some", "half", "nearly", "done")

MILESTONE = Flow(
    name="milestone",
    version=1,
    first="MS0",
    steps=(
        Ask("MS0", "T-MS0", Kind.CHOICE, (Option("start"), Option("later", "LATER")), "MS1"),
        Finish("LATER", "later"),
        Ask(
            "MS1",
            "T-MS1",
            Kind.CHOICE,
            _HOW_FAR,
            "MS2",
            reworded=Reworded("role", "mentor", "T-MS1M"),
        ),
        Ask("MS2", "T-MS2", Kind.RATING, next="MS3"),
        Ask("MS3", "T-MS3", Kind.OPEN, (Option(SKIP),), "MS4", timed=True, may_add=True),
        Ask("MS4", "T-MS4", Kind.CHOICE, options_of("keep", "change", "finish", "staff"), "DONE"),
        Finish("DONE", "answered"),
    ),
)
