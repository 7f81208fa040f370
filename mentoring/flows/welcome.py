"""The first thing that somebody unknown is asked: what brings you here?"""

from mentoring.flows.annual import about_us
from mentoring.flows.steps import Ask, Finish, Flow, Kind, Option

WELCOME = Flow(
    name="welcome",
    version=2,
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
        *about_us("WEL"),
        Finish("PROTEGE", "protege"),
        Finish("MENTOR", "mentor"),
    ),
)
