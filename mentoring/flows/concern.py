"""A worry about the match: is somebody in danger, what is it about, may we pause the match (3.10).

On the phone it is told in one's own words first; by text the most urgent question comes first.
`facts["about"]` holds a [value, label] pair for each match that it may be about. A text that
answers neither N1 nor N3 is the worry itself, in own words: it is kept, and what is open is asked.
So is the story that comes with a yes to N1, and whatever is said there that is neither yes nor no.
"""

from mentoring.flows.steps import TEXT, Ask, Branch, Finish, Flow, Kind, Option, Say, options_of
from mentoring.flows.timing import ask_slot

CONCERN = Flow(
    name="concern",
    version=1,
    first="CHANNEL",
    steps=(
        Branch("CHANNEL", "channel", {TEXT: "DANGER"}, otherwise="WORRY"),
        Ask("WORRY", "T-WORRY", Kind.OPEN, next="DANGER", timed=True, may_add=True),
        Branch("DANGER", "answer:N1", {"": "N1"}, otherwise="WHICH"),
        Ask(
            "N1",
            "T-N1",
            Kind.CHOICE,
            (Option("yes", "NUMBERS"), Option("no", "TOLD")),
            own_words="WORRY",
            at_length=True,
        ),
        # By text the numbers have gone out already, in a text that waits for nothing.
        Branch("NUMBERS", "channel", {TEXT: "TOLD"}, otherwise="N2"),
        Say("N2", "T-N2", "TOLD"),
        Branch("TOLD", "answer:WORRY", {"": "N3"}, otherwise="WHICH"),
        Ask(
            "N3",
            "T-N3",
            Kind.CHOICE,
            (*options_of("talk", "money", "privacy", "no_answers"), Option("else", "WORRY")),
            "WHICH",
            own_words="WORRY",
        ),
        Branch("WHICH", "about", {"0": "N5", "": "N5", "1": "N4"}, otherwise="N4W"),
        Ask("N4W", "T-N4W", Kind.CHOICE, next="NOBODY", options_from="about"),
        Branch("NOBODY", "answer:N4W", {"0": "N5"}, otherwise="N4"),
        Ask("N4", "T-N4", Kind.CHOICE, options_of("yes", "no"), "N5"),
        Say("N5", "T-N5", "END"),
        Finish("END", "told"),
    ),
)

# What we did about it is told by a person: when is a good time?
CONCERN_OUTCOME = Flow(
    name="concern_outcome",
    version=1,
    first="N6",
    steps=(*ask_slot("N6", "T-N6", "ANSWERED", one_off=True), Finish("ANSWERED", "answered")),
)
