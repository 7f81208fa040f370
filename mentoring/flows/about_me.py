"""What others may hear of a mentor, as the mentor says by phone or text (V-BROWSE, V-MP)."""

from mentoring.flows.steps import SKIP, Ask, Finish, Flow, Kind, Option, options_of

# The question for the one line in their own words, and the one whether they may be described.
OWN, DESCRIBED_ASKED = "OWN", "OWND"

ABOUT_ME = Flow(
    name="about_me",
    version=1,
    first=DESCRIBED_ASKED,
    steps=(
        Ask(DESCRIBED_ASKED, "T-OWND", Kind.CHOICE, options_of("yes", "no"), OWN),
        Ask(
            OWN,
            "T-OWN",
            Kind.OPEN,
            (Option(SKIP, "SKIPPED"),),
            "TOLD",
            timed=True,
            may_add=True,
        ),
        Finish("TOLD", "told"),
        Finish("SKIPPED", "skipped"),
    ),
)
