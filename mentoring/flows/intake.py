"""The intake in two sets of at most six questions (3.4, G7). Values are the codes that are stored.

`slow` and `texts` at PB5 and the modes at PA3 act at once; all else is kept for staff. Whoever
wants texts there and has not agreed to them is asked for it (PA3C, PB5C): without it none may go.
"""

from mentoring.flows.consent import told_of_opt_out
from mentoring.flows.steps import (
    HALF_DAY,
    Ask,
    Branch,
    Finish,
    Flow,
    Kind,
    Option,
    Say,
    Step,
    options_of,
)

TOPICS = tuple(Option(letter) for letter in "ABCDEFGH")
_ACCESS = (
    Option("slow"),
    Option("texts", "PB5A"),
    *options_of("relay", "other", "none"),
)
_YES_NO = (Option("yes"), Option("no"))


def _agree_to_texts(key: str, following: str) -> tuple[Step, ...]:
    """Return what follows a wish for texts: consent to them (C1), and whether they are off."""
    off = f"{key}OFF"
    agrees = (Option("yes"), Option("no", following))
    return (
        Branch(f"{key}T", "without_texts", {"yes": key}, otherwise=off),
        Ask(key, "T-C1", Kind.CHOICE, agrees, off, read_back=True, timed=True),
        *told_of_opt_out(off, following),
    )


def _part_one(following: str) -> tuple[Step, ...]:
    """Return part A, which both roles answer. PA4H and PA4M settle PA4 when its guess is wrong."""
    adult = (Option("yes"), Option("no", "YOUNG"))
    right = (Option("yes"), Option("no", "PA4H"))
    hour_only = (Option(HALF_DAY, "PA4M"),)
    likes = (Option("voice", "PA4"), Option("text"), Option("both"))
    return (
        Ask("PA1", "T-PA1", Kind.CHOICE, adult, "PA2"),
        Say("YOUNG", "T-MINOR", "MINOR"),
        Finish("MINOR", "minor"),
        Ask("PA2", "T-PA2", Kind.NAME, next="PA3", read_back=True),
        Ask("PA3", "T-PA3", Kind.CHOICE, likes, "PA3CT"),
        *_agree_to_texts("PA3C", "PA4"),
        Ask("PA4", "T-PA4", Kind.CLOCK, right, "PA5"),
        Ask("PA4H", "T-PA4H", Kind.HOUR, hour_only, "PA5", settles="PA4"),
        Ask("PA4M", "T-PA4M", Kind.CHOICE, options_of("am", "pm"), "PA5", settles="PA4"),
        Ask("PA5", "T-PA5", Kind.CHOICE, options_of("1", "2", "3"), following),
    )


def hours(following: str) -> Ask:
    """Return the question about the parts of the day, which leads on to that step."""
    return Ask("PB4", "T-PB4", Kind.PICKS, options_of("1", "2", "3", "4"), following, max_picks=2)


INTAKE_PROTEGE = Flow(
    name="intake_protege",
    version=2,
    first="PA1",
    steps=(
        *_part_one("PA6"),
        Ask("PA6", "T-PA6", Kind.CHOICE, (Option("now"), Option("later", "LATER")), "PB1"),
        Finish("LATER", "later"),
        Ask("PB1", "T-PB1", Kind.CHOICE, options_of("1", "2", "3", "4"), "PB2"),
        Ask("PB2", "T-PB2", Kind.OPEN, next="PB3", timed=True, may_add=True),
        Ask("PB3", "T-PB3", Kind.PICKS, TOPICS, "PB4", max_picks=3),
        hours("PB5"),
        Ask("PB5", "T-PB5", Kind.CHOICE, _ACCESS, "PB6"),
        # Who has just said no to texts is not asked for the same again.
        Branch("PB5A", "answer:PA3C", {"no": "PB6"}, otherwise="PB5CT"),
        *_agree_to_texts("PB5C", "PB6"),
        Ask("PB6", "T-PB6", Kind.CHOICE, options_of("yes", "either", "skip"), "PB9"),
        Say("PB9", "T-PB9", "COMPLETE"),
        Finish("COMPLETE", "complete"),
    ),
)

INTAKE_MENTOR = Flow(
    name="intake_mentor",
    version=2,
    first="PA1",
    steps=(
        *_part_one("MB1"),
        Ask("MB1", "T-MB1", Kind.CHOICE, options_of("1", "2", "3", "4"), "MB2"),
        Ask("MB2", "T-MB2", Kind.OPEN, next="MB3", timed=True, may_add=True),
        Ask("MB3", "T-MB3", Kind.PICKS, TOPICS, "MB4", max_picks=len(TOPICS)),
        Ask("MB4", "T-MB4", Kind.CHOICE, options_of("1", "2", "3"), "MB5"),
        Ask("MB5", "T-MB5", Kind.CHOICE, options_of("1", "2", "3"), "PB4"),
        hours("MB7"),
        Ask("MB7", "T-MB7", Kind.CHOICE, _YES_NO, "MB8"),
        Ask("MB8", "T-MB8", Kind.OPEN, next="MB9", timed=True, may_add=True),
        Say("MB9", "T-MB9", "COMPLETE"),
        Finish("COMPLETE", "complete"),
    ),
)
