"""How a call of the service itself opens: who is there, before anything private is said (S9).

`facts["says_name"]` is "yes" where a name may be said before anybody has pressed a key.
"""

from mentoring.flows.steps import NO_CALLS, VOICE, Ask, Branch, Finish, Flow, Kind, Option

# 9 ends these calls in every one of them (3.3). Silence ends here, and never at a person: it may
# be a machine, and a machine is not to be brought to staff.
_ANSWERS = (Option("yes", "YES"), Option("no", "NO"), Option(NO_CALLS, "STOP", key="9"))

OUTBOUND = Flow(
    name="outbound",
    version=1,
    first="HOW",
    channels=(VOICE,),
    steps=(
        Branch("HOW", "says_name", {"yes": "OUT"}, otherwise="OUTN"),
        Ask("OUT", "V-OUT1", Kind.CHOICE, _ANSWERS, unheard="NOBODY"),
        Ask("OUTN", "V-OUT2", Kind.CHOICE, _ANSWERS, unheard="NOBODY"),
        Finish("YES", "yes"),
        Finish("NO", "no"),
        Finish("STOP", "stop"),
        Finish("NOBODY", "nobody"),
    ),
)
