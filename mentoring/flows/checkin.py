"""How it goes: the first question after some days, and the short check-in of each month (3.10)."""

from mentoring.flows.steps import Ask, Finish, Flow, Kind, Option, Reworded, Say, options_of

_THANKS = (Say("THANKS", "T-CKT", "ANSWERED"), Finish("ANSWERED", "answered"))

CHECKIN_FIRST = Flow(
    name="checkin_first",
    version=1,
    first="CKA",
    steps=(
        Ask("CKA", "T-CKA", Kind.CHOICE, options_of("yes", "not_yet", "tried"), "THANKS"),
        *_THANKS,
    ),
)

CHECKIN = Flow(
    name="checkin",
    version=1,
    first="CK0",
    steps=(
        Ask("CK0", "T-CK0", Kind.CHOICE, (Option("start"), Option("later", "LATER")), "CK1"),
        Finish("LATER", "later"),
        Ask("CK1", "T-CK1", Kind.RATING, next="CK2"),
        Ask("CK2", "T-CK2", Kind.CHOICE, options_of("little", "right", "much"), "CK3"),
        Ask(
            "CK3",
            "T-CK3",
            Kind.CHOICE,
            options_of("yes", "same", "no"),
            "CK4",
            reworded=Reworded("role", "mentor", "T-CK3M"),
        ),
        Ask("CK4", "T-CK4", Kind.CHOICE, options_of("yes", "no"), "THANKS"),
        *_THANKS,
    ),
)

# Two who have not talked for a while (rule O4).
QUIET_PAIR = Flow(
    name="quiet_pair",
    version=1,
    first="QP",
    steps=(
        Ask("QP", "T-QP", Kind.CHOICE, options_of("keep", "pause", "finish"), "ANSWERED"),
        Finish("ANSWERED", "answered"),
    ),
)

# The other side needs a break till `{date}`: may somebody cover?
COVER = Flow(
    name="cover",
    version=1,
    first="PAU2",
    steps=(
        Ask("PAU2", "T-PAU2", Kind.CHOICE, options_of("yes", "no"), "ANSWERED"),
        Finish("ANSWERED", "answered"),
    ),
)
