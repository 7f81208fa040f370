"""The forms about feedback and quotes, for the table of every form."""

from tests.admin.a_form import MEANWHILE, Form

_ACTION = {"action": "Call them two days before.", "due_on": "2026-03-31"}
_WHY = {"reason": "They told us so."}

FEEDBACK = {
    "feedback": Form(
        "/desk/feedback/new",
        "/desk/feedback/new",
        "That is written down already, as feedback",
        {**_ACTION, "words": "Call me earlier.", "heard_in": "debrief", "person": "P05"},
        to="/desk/feedback/new",
    ),
    "feedback edit": Form(
        "/desk/feedback/<int:number>/edit", "/desk/feedback/1/edit", MEANWHILE, _ACTION
    ),
    "feedback done": Form(
        "/desk/feedback/<int:number>/done",
        "/desk/feedback/1/done",
        MEANWHILE,
        {"changed": "We remind on the evening before."},
        {"changed": "We remind a day before."},
    ),
    "quote": Form(
        "/desk/people/<code>/quote",
        "/desk/people/P05/quote",
        "That is written down already, as quote",
        {"words": "I sell more now.", "how": "call", **_WHY},
    ),
    "quote withdrawn": Form(
        "/desk/people/<code>/quotes/<int:number>/withdraw",
        "/desk/people/P16/quotes/1/withdraw",
        "The permission for quote 1 was withdrawn already.",
        _WHY,
    ),
}
