"""The forms about goals and the annual message, for the table of every form."""

from tests.admin.a_form import MEANWHILE, Form

_GOAL = {"words": "More people stay.", "target": "8 of 10", "due_on": "2026-12-31"}

GOALS = {
    "goal": Form("/desk/goals/new", "/desk/goals/new", "There is that goal for that day", _GOAL),
    "goal edit": Form(
        "/desk/goals/<int:number>/edit",
        "/desk/goals/2/edit",
        MEANWHILE,
        {"target": "9 of 10"},
        {"target": "7 of 10"},
    ),
    "goal result": Form(
        "/desk/goals/<int:number>/result",
        "/desk/goals/2/result",
        MEANWHILE,
        {"outcome": "reached", "result": "Each of them got one."},
        {"outcome": "not reached", "result": "Not all got one."},
    ),
    "annual message": Form(
        "/desk/reports/<int:number>/message",
        "{report}/message",
        "has changed the programme meanwhile",
        {"en_spoken": "We made 44 matches.", "en_texted": "44 matches."},
        {"en_spoken": "We made 45 matches.", "en_texted": "45 matches."},
    ),
}
