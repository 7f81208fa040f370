"""Before anything else: in which language, and who is this when the number does not tell?"""

from mentoring.flows.annual import about_us
from mentoring.flows.steps import (
    TO_PERSON,
    VOICE,
    Ask,
    Finish,
    Flow,
    Kind,
    Option,
    Say,
    options_of,
)

# In which language to go on. Each language offers itself; whoever waits goes on in English, and
# so does whoever is not understood. `facts["languages"]` holds the codes that are offered.
LANGUAGE = Flow(
    name="language",
    version=1,
    first="LANG",
    channels=(VOICE,),
    steps=(
        Ask(
            "LANG",
            "V-LANG",
            Kind.CHOICE,
            options_of("en", "es", "fr"),
            next="CHOSEN",
            silent="CHOSEN",
            unanswered="CHOSEN",
            in_each_language=True,
        ),
        Finish("CHOSEN", "chosen"),
    ),
)

# Several people share this phone. `facts["people"]` holds an [id, first name] pair for each, and
# ["0", ...] for somebody else; nothing private is said before this is answered (S9).
WHO = Flow(
    name="who",
    version=1,
    first="WHO",
    steps=(
        Ask("WHO", "T-WHO", Kind.CHOICE, next="KNOWN", options_from="people"),
        Finish("KNOWN", "known"),
    ),
)

# Without a number nothing could be saved or called back, so a person is offered at once.
WITHHELD = Flow(
    name="withheld",
    version=2,
    first="HIDDEN",
    channels=(VOICE,),
    steps=(
        Ask(
            "HIDDEN",
            "V-HIDDEN",
            Kind.CHOICE,
            (Option("person", "PERSON"), Option("about", "ABOUT")),
        ),
        *about_us("HIDDEN"),
        Finish("PERSON", "person"),
    ),
)

# Staff are still setting the programme up: nobody is taken on yet, and a person is one key away.
NOT_STARTED = Flow(
    name="not_started",
    version=1,
    first="SOON",
    channels=(VOICE,),
    steps=(
        Ask(
            "SOON",
            "V-SOON",
            Kind.CHOICE,
            (Option("person", TO_PERSON), Option("later", "LATER")),
        ),
        Say("LATER", "T-HELDBYE", "LEFT"),
        Finish("LEFT", "left"),
    ),
)

# It was said that this phone is a wrong number. Whoever calls from it now may have said so by
# mistake; nothing is told of whose it was.
DISOWNED = Flow(
    name="disowned",
    version=1,
    first="MINE",
    channels=(VOICE,),
    steps=(
        Ask("MINE", "V-MINE", Kind.CHOICE, (Option("mine", "MINE_IT_IS"), Option("not", "NOT"))),
        Finish("MINE_IT_IS", "mine"),
        Finish("NOT", "not"),
    ),
)

# Staff have to decide about this person first (S23): nothing else is asked, and nothing is said of
# why. A person is one key away.
HELD = Flow(
    name="held",
    version=1,
    first="HELD",
    steps=(
        Ask(
            "HELD",
            "T-HELD",
            Kind.CHOICE,
            (Option("person", TO_PERSON), Option("later", "LATER")),
        ),
        Say("LATER", "T-HELDBYE", "LEFT"),
        Finish("LEFT", "left"),
    ),
)
