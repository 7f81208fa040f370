"""Somebody on call is rung about a critical alert. Nothing is said of whom it is about.

A machine that answers accepts nothing, and nobody who is silent does.
"""

from mentoring.flows.steps import VOICE, Ask, Finish, Flow, Kind, Option

PAGE = Flow(
    name="page",
    version=1,
    first="PG",
    channels=(VOICE,),
    steps=(
        Ask(
            "PG",
            "V-PAGE",
            Kind.CHOICE,
            (Option("yes", "YES"), Option("no", "NO")),
            read_back=True,
            unanswered="NOBODY",
        ),
        Finish("YES", "yes"),
        Finish("NO", "no"),
        Finish("NOBODY", "nobody"),
    ),
)
