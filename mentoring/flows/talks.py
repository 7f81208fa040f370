"""Around the talks themselves: before one, after one, and the last one (3.8, 3.11)."""

from dataclasses import replace

from mentoring.flows.steps import Ask, Finish, Flow, Kind, Option, options_of
from mentoring.flows.timing import ask_slot

TALK_REMINDER = Flow(
    name="talk_reminder",
    version=1,
    first="CL1",
    steps=(
        Ask("CL1", "T-CL1", Kind.CHOICE, (Option("ring", "RING"), Option("move")), "CL1N"),
        Finish("RING", "ring"),
        *ask_slot("CL1N", "T-CL1N", "MOVED", one_off=True),
        Finish("MOVED", "moved"),
    ),
)

# The same for two of whom one reads texts only: nobody is rung.
TEXT_REMINDER = Flow(
    name="text_reminder",
    version=1,
    first="CLT",
    steps=(
        Ask("CLT", "T-CLT", Kind.CHOICE, (Option("ok", "OK"), Option("move")), "CL1N"),
        Finish("OK", "ok"),
        *ask_slot("CL1N", "T-CL1N", "MOVED", one_off=True),
        Finish("MOVED", "moved"),
    ),
)

# Whoever takes no texts is called about a new time, and asked the same as a day before the talk.
NEW_TIME = replace(TALK_REMINDER, name="new_time")
TEXT_NEW_TIME = replace(TEXT_REMINDER, name="text_new_time")

# A time for the first talk, which comes with the news of the match.
FIRST_TALK = Flow(
    name="first_talk",
    version=1,
    first="MP3",
    steps=(
        Ask("MP3", "T-MP3T", Kind.CHOICE, (Option("ok", "OK"), Option("move")), "CL1N"),
        Finish("OK", "ok"),
        *ask_slot("CL1N", "T-CL1N", "MOVED", one_off=True),
        Finish("MOVED", "moved"),
    ),
)

# The same question again, where the time that was told cannot be.
TALK_TIME = Flow(
    name="talk_time",
    version=1,
    first="CL1N",
    steps=(*ask_slot("CL1N", "T-CL1N", "MOVED", one_off=True), Finish("MOVED", "moved")),
)

TALK_CHECK = Flow(
    name="talk_check",
    version=1,
    first="CL4",
    steps=(
        Ask("CL4", "T-CL4", Kind.CHOICE, options_of("yes", "so_so", "no"), "ANSWERED"),
        Finish("ANSWERED", "answered"),
    ),
)

# For whoever cannot be texted: a talk did not come about, and the other one is a key away.
TALK_MISSED = Flow(
    name="talk_missed",
    version=1,
    first="MISS",
    steps=(
        Ask("MISS", "T-MISS", Kind.CHOICE, (Option("call", "CALL"), Option("later", "BYE"))),
        Finish("CALL", "call"),
        Finish("BYE", "answered"),
    ),
)

# The same for two who have been quiet for a while (rule O2).
NUDGE = Flow(
    name="nudge",
    version=1,
    first="NUDGE",
    steps=(
        Ask("NUDGE", "T-NUDGEC", Kind.CHOICE, (Option("call", "CALL"), Option("later", "BYE"))),
        Finish("CALL", "call"),
        Finish("BYE", "answered"),
    ),
)

LAST_TALK = Flow(
    name="last_talk",
    version=1,
    first="Z1",
    steps=(
        *ask_slot("Z1", "T-Z1", "TALK", others=(Option("none", "NONE"),), one_off=True),
        Finish("TALK", "talk"),
        Finish("NONE", "none"),
    ),
)
