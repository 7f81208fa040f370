"""The first thing that somebody unknown is asked: what brings you here?"""

from mentoring.flows.steps import Ask, Finish, Flow, Kind, Option, Say

WELCOME = Flow(
    name="welcome",
    version=1,
    first="WEL",
    steps=(
        Ask(
            "WEL",
            "T-WEL",
            Kind.CHOICE,
            (
                Option("protege", "PROTEGE"),
                Option("mentor", "MENTOR"),
                Option("about", "ABOUT"),
            ),
        ),
        Say("ABOUT", "T-ABOUT", "WEL"),
        Finish("PROTEGE", "protege"),
        Finish("MENTOR", "mentor"),
    ),
)
