"""What a known person can do: with a match, and before there is one.

`facts["matches"]` holds a [value, label] pair for each person whom they may call.
"""

from mentoring.flows.steps import Ask, Branch, Finish, Flow, Kind, Option, Say

_SLOWER = (Say("SLOWER", "T-SLOW", "SLOW"), Finish("SLOW", "slow"))
# Mentors say what others may hear of them.
_ABOUT_ME = Finish("ABOUTME", "about me")

MAIN_MENU = Flow(
    name="main_menu",
    version=4,
    first="HOWMANY",
    steps=(
        Branch("HOWMANY", "matches", {"": "MENU", "0": "MENU", "1": "MENU"}, otherwise="MENUN"),
        Ask(
            "MENU",
            "T-MENU",
            Kind.CHOICE,
            (
                Option("call", "CALL"),
                Option("notes", "NOTES"),
                Option("else"),
                Option("plan", "PLAN"),
            ),
            "MORE",
        ),
        Ask(
            "MENUN",
            "T-MENUN",
            Kind.CHOICE,
            (
                Option("call", "MATCH"),
                Option("notes", "NOTES"),
                Option("else"),
                Option("plan", "WHOSE"),
            ),
            "MORE",
        ),
        Ask("MATCH", "T-WHOM", Kind.CHOICE, next="CALL", options_from="matches"),
        Ask("WHOSE", "T-WHOSE", Kind.CHOICE, next="PLAN", options_from="matches"),
        Finish("PLAN", "plan"),
        Finish("CALL", "call"),
        Finish("NOTES", "notes"),
        Branch("MORE", "role", {"mentor": "RESTM"}, otherwise="REST"),
        Ask(
            "RESTM",
            "T-RESTM",
            Kind.CHOICE,
            (
                Option("worry", "WORRY"),
                Option("slow", "SLOWER"),
                Option("part", "PART"),
                Option("about me", "ABOUTME"),
            ),
        ),
        _ABOUT_ME,
        Ask(
            "REST",
            "T-REST",
            Kind.CHOICE,
            (Option("worry", "WORRY"), Option("slow", "SLOWER"), Option("part", "PART")),
        ),
        Ask("PART", "T-PF", Kind.CHOICE, (Option("pause", "PAUSE"), Option("finish", "FINISH"))),
        Finish("PAUSE", "pause"),
        Finish("FINISH", "finish"),
        Finish("WORRY", "worry"),
        *_SLOWER,
    ),
)

WAITING_MENU = Flow(
    name="waiting_menu",
    version=4,
    first="WHICH",
    steps=(
        # Whoever waits for a mentor may hear of some, and what some have to say.
        Branch("WHICH", "waits", {"yes": "WAITB"}, otherwise="WHO"),
        Branch("WHO", "role", {"mentor": "WAITM"}, otherwise="WAIT"),
        Ask(
            "WAITM",
            "T-DONEM",
            Kind.CHOICE,
            (Option("message", "MESSAGE"), Option("slow", "SLOWER"), Option("about me", "ABOUTME")),
        ),
        _ABOUT_ME,
        Ask(
            "WAITB",
            "T-DONEB",
            Kind.CHOICE,
            (
                Option("message", "MESSAGE"),
                Option("slow", "SLOWER"),
                Option("browse", "BROWSE"),
                Option("tips", "TIPS"),
            ),
        ),
        Finish("BROWSE", "browse"),
        Finish("TIPS", "tips"),
        Ask(
            "WAIT", "T-DONE", Kind.CHOICE, (Option("message", "MESSAGE"), Option("slow", "SLOWER"))
        ),
        Ask("MESSAGE", "T-MSG", Kind.OPEN, next="HEARD", timed=True, may_add=True),
        Say("HEARD", "T-MSG-OK", "TOLD"),
        Finish("TOLD", "message"),
        *_SLOWER,
    ),
)
