"""Voice notes and notices: leaving a note, and hearing what has come. Only on the phone.

`AUDIO:note` is the note in question, played by whoever speaks the turn. The fact `lost` holds that
the carrier has no file of it: then it can neither be heard nor sent, and is asked for again.
"""

from mentoring.flows.steps import VOICE, Ask, Branch, Finish, Flow, Kind, Option, Say

LEAVE_NOTE = Flow(
    name="leave_note",
    version=1,
    first="NOTE",
    channels=(VOICE,),
    steps=(
        Ask("NOTE", "V-VM", Kind.OPEN, (Option("", "SILENT"),), "CHECK", timed=True),
        Ask(
            "CHECK",
            "V-VM2",
            Kind.CHOICE,
            (Option("hear", "HEAR"), Option("send", "SEND"), Option("again", "NOTE")),
        ),
        Branch("HEAR", "lost", {"yes": "GONE"}, otherwise="PLAY"),
        Branch("SEND", "lost", {"yes": "GONE"}, otherwise="SENT"),
        Say("GONE", "V-NOTE-GONE", "NOTE"),
        Say("PLAY", "AUDIO:note", "CHECK"),
        Finish("SENT", "sent"),
        Say("SILENT", "V-NOTE-NONE", "NONE"),
        Finish("NONE", "none"),
    ),
)

# `facts["new"]` is the number of new notes when this is the first of them; later it is absent.
PLAY_NOTES = Flow(
    name="play_notes",
    version=1,
    first="HOWMANY",
    channels=(VOICE,),
    steps=(
        Branch("HOWMANY", "new", {"": "PLAY", "0": "PLAY", "1": "ONE"}, otherwise="COUNT"),
        Say("ONE", "V-NOTES-1", "PLAY"),
        Say("COUNT", "V-NOTES", "PLAY"),
        Ask(
            "PLAY",
            "V-PLAY",
            Kind.CHOICE,
            (Option("answer", "ANSWER"), Option("next", "NEXT"), Option("delete", "DELETE")),
        ),
        Finish("ANSWER", "answer"),
        Finish("NEXT", "next"),
        Finish("DELETE", "delete"),
    ),
)

# What others get as texts. It may be heard again; whoever waits goes on.
NOTICES = Flow(
    name="notices",
    version=1,
    first="NEWS",
    channels=(VOICE,),
    steps=(
        Ask("NEWS", "V-NEWS", Kind.CHOICE, (Option("on"),), next="HEARD", silent="HEARD"),
        Finish("HEARD", "heard"),
    ),
)
