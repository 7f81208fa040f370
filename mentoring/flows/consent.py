"""Consent by part (text C-2025.1). No part but C2 can be left out; a no offers a person (3.2)."""

from mentoring.flows.steps import (
    TEXT,
    TO_PERSON,
    VOICE,
    Ask,
    Branch,
    Finish,
    Flow,
    Kind,
    Option,
    Say,
    Step,
)


def told_of_opt_out(key: str, following: str) -> tuple[Step, ...]:
    """Return what is said after a yes to texts while an opt-out is in force: only START ends it.

    The opt-out is the phone's, and others may share it: no yes of one person lifts it.
    """
    return (
        Branch(key, "texts_are_off", {"yes": f"{key}Y"}, otherwise=following),
        Say(f"{key}Y", "T-ISOFF", following),
    )


def _part(key: str, prompt: str, following: str, on_no: str | None) -> Ask:
    """Return one part: read back when spoken (A10), and never cut off in silence (A6)."""
    options = (Option("yes"), Option("no", on_no))
    return Ask(key, prompt, Kind.CHOICE, options, following, read_back=True, timed=True)


CONSENT = Flow(
    name="consent",
    version=2,
    first="HOW",
    steps=(
        # By text the phone takes texts, and by texting us the person wants them.
        Branch("HOW", "channel", {VOICE: "C0", TEXT: "C1"}, otherwise="C1"),
        _part("C0", "V-C0", "C1", "C2"),
        _part("C1", "T-C1", "C1OFF", "CNO"),
        *told_of_opt_out("C1OFF", "C2"),
        _part("C2", "T-C2", "C3", None),
        _part("C3", "T-C3", "C4", "CNO"),
        _part("C4", "T-C4", "C5", "CNO"),
        _part("C5", "T-C5", "JOINED", "CNO"),
        Say("JOINED", "T-C6", "AGREED"),
        Finish("AGREED", "agreed"),
        Ask(
            "CNO",
            "T-CNO",
            Kind.CHOICE,
            (Option("person", TO_PERSON), Option("leave", "LEFT")),
        ),
        Say("LEFT", "T-REFUSED", "REFUSED"),
        Finish("REFUSED", "refused"),
    ),
)
