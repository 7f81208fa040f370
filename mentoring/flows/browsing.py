"""While somebody waits: a few mentors are described, and they may wish to meet one."""

from mentoring.flows.steps import Ask, Branch, Finish, Flow, Kind, Option, Step

# As many as are easily held in mind; `facts["described"]` has one id for each.
MOST = 3


def _heard(place: int) -> tuple[Step, ...]:
    """Return the description of one mentor, and whether there is another one."""
    more, met, following = f"MORE{place}", f"MET{place}", f"BR{place + 1}"
    prompt = "T-BRW" if place == 1 else f"T-BRW{place}"
    is_last = place == MOST
    options = (Option("meet", met), Option("next", "OVER" if is_last else more))
    asked = Ask(f"BR{place}", prompt, Kind.CHOICE, options)
    wished = Finish(met, f"meet {place}")
    if is_last:
        return (asked, wished)
    over = {str(count): "OVER" for count in range(place + 1)}
    return (asked, Branch(more, "described", over, otherwise=following), wished)


BROWSE = Flow(
    name="browse",
    version=1,
    first="ANY",
    steps=(
        Branch("ANY", "described", {"": "NOBODY", "0": "NOBODY"}, otherwise="BR1"),
        *(step for place in range(1, MOST + 1) for step in _heard(place)),
        Finish("OVER", "over"),
        Finish("NOBODY", "nobody"),
    ),
)

MENTOR_IDLE = Flow(
    name="mentor_idle",
    version=1,
    first="W4",
    steps=(
        Ask("W4", "T-W4", Kind.CHOICE, (Option("yes"), Option("no")), "ANSWERED"),
        Finish("ANSWERED", "answered"),
    ),
)
