"""While somebody waits: short tips from mentors, one after another (V-MAINW, T-W3).

There is one for each topic of the intake, which staff put into the words of their own mentors on
the page about wording.
"""

from collections.abc import Iterator

from mentoring.flows.steps import Ask, Branch, Finish, Flow, Kind, Option

TOPICS_OF_TIPS = "ABCDEFGH"


def _asked() -> Iterator[Ask]:
    """Yield a tip for each topic, each leading to the next one and the last to the first."""
    for place, topic in enumerate(TOPICS_OF_TIPS):
        following = TOPICS_OF_TIPS[(place + 1) % len(TOPICS_OF_TIPS)]
        options = (Option("next", f"TIP{following}"), Option("enough", "OVER"))
        yield Ask(f"TIP{topic}", f"T-TIP{topic}", Kind.CHOICE, options)


# `facts["tip"]` is the topic of the tip that is new this week.
TIPS = Flow(
    name="tips",
    version=1,
    first="NEW",
    steps=(
        Branch("NEW", "tip", {each: f"TIP{each}" for each in TOPICS_OF_TIPS}, otherwise="TIPA"),
        *_asked(),
        Finish("OVER", "over"),
    ),
)
