"""How a call of ours opens: nothing private is said before a key or a confirmed word (S9).

`facts["says_name"]` is "yes" where the name may be said to whoever answers, else "no". A machine
that answers ends the call and is never brought to a person.
"""

from mentoring.flows.steps import VOICE, Ask, Finish, Flow, Kind, Option, Reworded

OUTBOUND = Flow(
    name="outbound",
    version=1,
    first="OUT",
    channels=(VOICE,),
    steps=(
        Ask(
            "OUT",
            "V-OUTN",
            Kind.CHOICE,
            (
                Option("yes", "YES"),
                Option("no", "NO"),
                Option("wrong", "WRONG"),
                Option("stop", "STOP", key="9"),
            ),
            read_back=True,
            reworded=Reworded("says_name", "yes", "V-OUT"),
            unanswered="NOBODY",
        ),
        Finish("YES", "yes"),
        Finish("NO", "no"),
        Finish("WRONG", "wrong"),
        Finish("STOP", "stop"),
        Finish("NOBODY", "nobody"),
    ),
)
