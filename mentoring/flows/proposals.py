"""Before a match both are asked: the protege first, then the mentor (3.7). Nobody is pushed.

What each hears of the other fills the placeholders; it was put together when staff picked.
"""

from mentoring.flows.steps import (
    TEXT,
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


def _asked(question: str, reasons: tuple[str, ...], *, after_more: str = "") -> tuple[Step, ...]:
    """Return the question, what else can be told, the question once more, and why it is a no."""
    again, more, why = f"{question}B", f"{question}M", f"{question}N"
    yes, no = Option("yes", "YES"), Option("no", why)
    return (
        Ask(question, f"T-{question}", Kind.CHOICE, (yes, no, Option("more", more))),
        Say(more, f"T-{more}", after_more or again),
        Ask(again, f"T-{again}", Kind.CHOICE, (yes, no)),
        Ask(why, f"T-{why}", Kind.CHOICE, options_of(*reasons), "NO"),
        Finish("YES", "yes"),
        Finish("NO", "no"),
    )


PROPOSAL_PROTEGE = Flow(
    name="proposal_protege",
    version=2,
    first="MP1",
    steps=(
        *_asked("MP1", ("topics", "times", "feeling"), after_more="MP1C"),
        # On the phone the mentor's own line was heard with the question already.
        Branch("MP1C", "channel", {TEXT: "MP1L"}, otherwise="MP1B"),
        Say("MP1L", "T-MP1L", "MP1B"),
    ),
)
PROPOSAL_MENTOR = Flow(
    name="proposal_mentor",
    version=1,
    first="MP2",
    steps=_asked("MP2", ("topics", "times", "no_room", "other")),
)

# For whoever cannot be texted: both said yes, and the other one is a key away.
MATCH_NEWS = Flow(
    name="match_news",
    version=1,
    first="MPN",
    steps=(
        Ask("MPN", "T-MPN", Kind.CHOICE, (Option("call", "CALL"), Option("later", "BYE"))),
        Finish("CALL", "call"),
        Finish("BYE", "answered"),
    ),
)
