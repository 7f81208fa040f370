"""A pause and an end: whether somebody is sure, and whether they come back (3.3, 3.11)."""

from mentoring.flows.steps import Ask, Branch, Finish, Flow, Kind, Option

# Nobody ends a match by a slip. Whoever has several tells first which one they mean.
FINISH = Flow(
    name="finish",
    version=1,
    first="HOWMANY",
    steps=(
        Branch("HOWMANY", "matches", {"": "FIN", "0": "FIN", "1": "FIN"}, otherwise="FINW"),
        Ask("FINW", "T-FINW", Kind.CHOICE, next="FIN", options_from="matches"),
        Ask(
            "FIN",
            "T-FIN",
            Kind.CHOICE,
            (Option("finish", "FINISH"), Option("keep", "KEEP"), Option("staff", "STAFF")),
        ),
        Finish("FINISH", "finish"),
        Finish("KEEP", "keep"),
        Finish("STAFF", "staff"),
    ),
)

# What somebody is asked first who is on a pause or a break and calls or writes to us.
COME_BACK = Flow(
    name="come_back",
    version=1,
    first="BACK",
    steps=(
        Ask(
            "BACK",
            "T-BACK",
            Kind.CHOICE,
            (Option("back", "RETURN"), Option("stay", "STAY"), Option("else", "ELSE")),
        ),
        Finish("RETURN", "back"),
        Finish("STAY", "stay"),
        Finish("ELSE", "else"),
    ),
)

# Some days before a pause ends, on `{date}`.
PAUSE_CHECK = Flow(
    name="pause_check",
    version=1,
    first="PAUC",
    steps=(
        Ask(
            "PAUC",
            "T-PAUC",
            Kind.CHOICE,
            (Option("then"), Option("longer"), Option("now")),
            "ANSWERED",
        ),
        Finish("ANSWERED", "answered"),
    ),
)
