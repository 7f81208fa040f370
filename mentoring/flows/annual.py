"""What we do, and after it the annual message: our goals and what came of them.

It stands wherever somebody asks what we do. `facts["annual"]` is `yes` when a message has been
published in their language: read aloud as a whole, and texted in a short form of its own.
"""

from mentoring.flows.steps import TEXT, Ask, Branch, Kind, Option, Say, Step

# The short form takes so many texts at most.
TEXTS = 3


def about_us(after: str) -> tuple[Step, ...]:
    """Return the steps from ABOUT on, which lead to the question `after` in the end."""
    heard = (Option("hear", "ANHOW"), Option("on", after))
    again = (Option("again", "ANHOW"), Option("on", after))
    texts = [f"ANT{place}" for place in range(1, TEXTS + 1)]
    return (
        Branch("ABOUT", "annual", {"yes": "ABOUTAN"}, otherwise="ABOUTUS"),
        Say("ABOUTUS", "T-ABOUT", after),
        # The usual sentence ends with what to reply to the question after it.
        Say("ABOUTAN", "T-ABOUT2", "AN"),
        Ask("AN", "T-AN", Kind.CHOICE, heard, after, aside=True),
        # Staff may have taken it back while the question was open.
        Branch("ANHOW", "annual", {"yes": "ANIN"}, otherwise=after),
        Branch("ANIN", "channel", {TEXT: texts[0]}, otherwise="ANHEARD"),
        Ask("ANHEARD", "T-ANEND", Kind.CHOICE, again, after, aside=True, lesson="T-AN1"),
        *(
            Say(text, f"T-AN{place}", following)
            for place, (text, following) in enumerate(
                zip(texts, [*texts[1:], "ANREAD"], strict=True), 1
            )
        ),
        Ask("ANREAD", "T-ANEND", Kind.CHOICE, again, after, aside=True),
    )
