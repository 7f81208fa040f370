"""Every address to which something is sent, and what becomes of it when it is sent again.

`FORMS` change or make something: the same sent twice happens once, and of two members of staff who
opened the same page the second is told. An address that stands in none of these tables fails a
test.
"""

from datetime import timedelta

from sqlalchemy import func, select

from mentoring.models import Proposal, Reference, ReportRun
from mentoring.people import person_with_code
from mentoring.tasks import open_task
from mentoring.wrong_numbers import disown
from tests.admin.a_form import MEANWHILE, Fields, Form
from tests.admin.conftest import Site
from tests.admin.forms_of_feedback import FEEDBACK
from tests.admin.forms_of_goals import GOALS
from tests.admin.test_alerts import alert_about
from tests.admin.test_reports import OWN as OWN_MONTHS
from tests.admin.test_reports import a_report
from tests.admin.test_scope import match_of

_FILE = "/desk/applications/M12"
_ASKED = "/desk/applications/<code>/references/<int:number>"
_MATCH, _PERSON = "/desk/matches/<code>", "/desk/people/<code>"
_WORDS = "/desk/wording/<prompt>/<language>/<int:number>"
_WHY = {"reason": "They told us so."}

FORMS = {
    "tick": Form(
        "/desk/applications/<code>/check",
        _FILE,
        "The screening talk is ticked already.",
        {"item": "screening_talk", "held_on": "2026-03-02", "how": "call"},
        {"item": "screening_talk", "held_on": "2026-03-01", "how": "in_person"},
        to=f"{_FILE}/check",
    ),
    "untick": Form(
        "/desk/applications/<code>/uncheck",
        _FILE,
        "The screening talk is not ticked.",
        {"item": "screening_talk", **_WHY},
        to=f"{_FILE}/uncheck",
        after=("tick",),
    ),
    "talk": Form(
        "/desk/applications/<code>/talk",
        _FILE,
        MEANWHILE,
        {"motive": "give_back", "pace": "chatty"},
        {"motive": "share_skill"},
        to=f"{_FILE}/talk",
    ),
    "reference": Form(
        "/desk/applications/<code>/references",
        _FILE,
        "Whoever has that number is reference",
        {"name": "Mia", "number": "515 555 0187", "agreed": "She told Olga on Monday."},
        {"name": "Mia B", "number": "515 555 0187", "agreed": "She told me."},
        to=f"{_FILE}/references",
    ),
    "reference asked": Form(
        f"{_ASKED}/asked",
        _FILE,
        "It is on file that they were asked.",
        to=_FILE + "/references/{reference}/asked",
    ),
    "reference texted": Form(
        f"{_ASKED}/text",
        _FILE,
        "That reference was asked by text, or has answered already.",
        {"by_text": "y", "told_by": "Olga, on Monday.", "zone": "America/Chicago"},
        {"by_text": "y", "told_by": "Olga, today.", "zone": "America/New_York"},
        to=_FILE + "/references/{reference}/text",
    ),
    "reference answered": Form(
        _ASKED,
        _FILE,
        "That reference has answered already.",
        {"verdict": "good", "told": "Patient."},
        {"verdict": "doubts", "told": "In a hurry."},
        to=_FILE + "/references/{reference}",
    ),
    "decision": Form(
        "/desk/applications/<code>/decision",
        _FILE,
        "so there is nothing to decide.",
        {"outcome": "referred", "because": "not_yet", "why": "Ask the chamber.", "sure": "yes"},
        {"outcome": "declined", "because": "other", "why": "No.", "sure": "yes"},
        to=f"{_FILE}/decision",
    ),
    "owner": Form(
        "/desk/alerts/<int:number>/owner",
        "{worry}",
        MEANWHILE,
        {"name": "Ben Adler"},
        {"name": "Inès Caron"},
        to="{worry}/owner",
    ),
    "accept": Form(
        "/desk/alerts/<int:number>/accept",
        "{danger}",
        "was accepted already.",
        to="{danger}/accept",
    ),
    "step": Form("/desk/alerts/<int:number>/step", "{worry}", MEANWHILE, to="{worry}/step"),
    "alert": Form(
        "/desk/alerts/<int:number>/close",
        "{worry}",
        "was closed already: no_action_needed",
        {"code": "no_action_needed"},
        {"code": "other", "note": "They talked."},
        to="{worry}/close",
    ),
    "task": Form(
        "/desk/tasks/<int:number>",
        "{task}",
        "was closed already: We talked.",
        {"outcome": "We talked."},
        {"outcome": "No answer."},
    ),
    **GOALS,
    **FEEDBACK,
    "pick": Form(
        "/desk/matching/<code>/<mentor>",
        "/desk/matching/P06/M08",
        "cannot be suggested to P06 now.",
        {"how": "draft", "reason": "protege_request"},
        {"how": "send", "reason": "protege_request"},
        after=("withdraw",),
    ),
    "send": Form(
        "/desk/proposals/<int:number>/send",
        "{draft}",
        "was sent or ended already.",
        to="{draft}/send",
        after=("withdraw", "pick"),
    ),
    "withdraw": Form(
        "/desk/proposals/<int:number>/withdraw",
        "/desk/proposals/1/withdraw",
        "has ended already: withdrawn.",
        {"reason": "She is ill."},
        {"reason": "He is ill."},
    ),
    "apart": Form(
        "/desk/matching/<code>/<mentor>/apart",
        "/desk/matching/P04/M04/apart",
        "are kept apart already.",
        {"reason": "family"},
        {"reason": "staff"},
    ),
    "open": Form(
        "/desk/matches/new",
        "/desk/matches/new",
        "P04",
        {"protege": "P04", "mentor": "M04", "sure": "yes"},
        {"protege": "P04", "mentor": "M04", "sure": "yes"},
    ),
    "hold": Form(f"{_MATCH}/hold", "{match}/hold", "is on hold already.", _WHY),
    "pause": Form(
        f"{_MATCH}/pause",
        "{match}/pause",
        "P05 is on a pause already.",
        {"who": "P05", "days": "14", **_WHY},
        {"who": "P05", "days": "30", **_WHY},
    ),
    "resume": Form(
        f"{_MATCH}/resume", "{match}/resume", "and not on a pause.", _WHY, after=("pause",)
    ),
    "finish": Form(
        f"{_MATCH}/finish", "{match}/finish", "is closing already.", {"reason": "other"}
    ),
    "reopen": Form(
        f"{_MATCH}/reopen", "{match}/reopen", "and not closing.", _WHY, after=("finish",)
    ),
    "close": Form(
        f"{_MATCH}/close", "{match}/close", "was closed on 2026-03-03 already.", {"reason": "other"}
    ),
    "details": Form(
        f"{_PERSON}/edit",
        "/desk/people/P05/edit",
        "somebody else made it Denise Ann meanwhile.",
        {"name": "Denise Ann"},
        {"name": "Dee"},
    ),
    "suspend": Form(
        f"{_PERSON}/suspend", "/desk/people/P05/suspend", "P05 is suspended already.", _WHY
    ),
    "let go on": Form(
        f"{_PERSON}/release", "/desk/people/P05/release", "is not on hold", _WHY, after=("suspend",)
    ),
    "no contact": Form(
        f"{_PERSON}/do-not-contact",
        "/desk/people/P05/do-not-contact",
        "That is written down about P05 already.",
        {"kind": "texts", **_WHY},
    ),
    "contact again": Form(
        f"{_PERSON}/contact-again",
        "/desk/people/P05/contact-again",
        "P05 has not opted out of texts.",
        {"kind": "texts", **_WHY},
        after=("no contact",),
    ),
    "number": Form(
        f"{_PERSON}/new-number",
        "/desk/people/P05/new-number",
        "That is the number that we have of P05.",
        {"number": "515 555 0168", **_WHY},
    ),
    "number right": Form(
        f"{_PERSON}/right-number",
        "/desk/people/P16/right-number",
        "The number of P16 is in use.",
        _WHY,
    ),
    "training": Form(
        f"{_PERSON}/training",
        "/desk/people/M06/training",
        "Training of that day and that kind is noted already.",
        {"held_on": "2026-03-02", "how": "call", "minutes": "20", "reason": "how to begin"},
    ),
    "training back": Form(
        f"{_PERSON}/training-back",
        "/desk/people/M06/training-back",
        "Choose which training to take back.",
        {"which": "2026-03-02 call", **_WHY},
        after=("training",),
    ),
    "wording": Form(
        "/desk/wording/<prompt>/<language>/edit",
        "/desk/wording/V-GREET/en/edit",
        "while you were writing.",
        {"voice": "Welcome to {{org}}.", "note": "Warmer", "do": "save"},
        {"voice": "Hello from {{org}}.", "note": "Shorter", "do": "save"},
    ),
    "live": Form(
        f"{_WORDS}/live",
        "/desk/wording/V-GREET/en/1/live",
        "Version 1 is no draft any more.",
        after=("wording",),
    ),
    "sign": Form(
        f"{_WORDS}/sign",
        "/desk/wording/V-GREET/fr/0/back",
        "is signed by Charlotte.",
        to="/desk/wording/V-GREET/fr/0/sign",
    ),
    "back": Form(
        f"{_WORDS}/back",
        "/desk/wording/V-GREET/en/0/back",
        "Another version is live by now.",
        _WHY,
        after=("wording", "live"),
    ),
    "invitation": Form(
        "/desk/staff/invite",
        "/desk/staff/invite",
        "has an account already.",
        {"name": "Ines", "email": "ines@example.org", "role": "lead"},
        {"name": "Ines", "email": "ines@example.org", "role": "admin"},
    ),
    "account": Form(
        "/desk/staff/<int:number>",
        "{lea}",
        MEANWHILE,
        {"role": "coordinator", "communities": ""},
        {"role": "read_only", "communities": ""},
    ),
    "invited again": Form("/desk/staff/<int:number>/invite", "{lea}/invite", MEANWHILE),
    "shut": Form("/desk/staff/<int:number>/disable", "{lea}/disable", "can sign in no more."),
    "set-up": Form(
        "/desk/setup/<part>",
        "/desk/setup/purpose",
        "has changed the programme meanwhile",
        {"purpose": "We bring people together."},
        {"purpose": "We help."},
    ),
    "on call": Form(
        "/desk/setup/<part>",
        "/desk/setup/staff",
        "Zoe is there already",
        {"name": "Zoe", "number": "515 555 0186"},
        {"name": "Zoe", "number": "515 555 0183"},
    ),
    "line": Form(
        "/desk/setup/<part>",
        "/desk/setup/lines",
        "is a line of ours already.",
        {"number": "515 555 0185"},
    ),
    "report": Form(
        "/desk/reports",
        "/desk/reports",
        "It is being worked out",
        {**OWN_MONTHS, "since": "2025-05-01"},
    ),
    "report again": Form(
        "/desk/reports/<int:number>/again", "{report}", "worked out again", to="{report}/again"
    ),
}

# Why somebody looks at what is private is asked each time, and each look is a row of its own.
LOOKS = {
    *(f"{_PERSON}/number", f"{_PERSON}/answers", "/desk/applications/<code>/words"),
    *("/desk/alerts/<int:number>/words", "/desk/tasks/<int:number>/number"),
    *("/desk/texts/<int:number>", "/desk/recordings/<int:number>"),
    "/desk/feedback/<int:number>/words",
    "/desk/reports/<int:number>/counselling",
}
# They work out again what is known anyway, or change nothing.
AGAIN = {
    *("/desk/matching/plan", "/desk/matching/<code>", "/desk/people"),
    *("/desk/wording/<prompt>/<language>/check", "/desk/stay", f"{_MATCH}/touch"),
}
# Whose they are is one person, at one browser or two: tests of their own go through them.
OWN = {
    *("/desk/account/password", "/desk/account/recovery-codes", "/desk/account/sessions"),
    *("/desk/account/authenticator", "/desk/account/authenticator/new", "/desk/sign-out"),
    *("/desk/account/passkeys/ask", "/desk/account/passkeys"),
    "/desk/account/passkeys/<int:number>/remove",
}
# Tests of their own send them twice, for there is more to be made ready: see those files.
ELSEWHERE = {
    # It takes two, so the second of two who opened the same page does what the first began.
    "/desk/applications/<code>/override": "test_applications.py",
    f"{_MATCH}/release": "test_pages.py",
    "/desk/alerts/<int:number>/ask": "test_concerns.py",
    "/desk/recordings/<int:number>/typed": "test_spoken.py",
    "/desk/interest/invite": "test_interest.py",
    "/desk/setup/live": "test_setup.py",
    "/desk/unsent": "test_unsent.py",
}


def places(site: Site) -> Fields:
    """Return where some of the pages are, by the names that stand for them in the tables."""
    now = site.clock.now()
    report = a_report(site, done=False)
    with site.db.transaction() as session:
        run = session.get_one(ReportRun, report)
        run.asked_at = run.done_at = now - timedelta(hours=1)
        person = person_with_code(session, "P02")
        disown(session, person_with_code(session, "P16").phone, how="by text", now=now)
        words = "P02 may be in danger."
        danger = open_task(session, rule="O11", words=words, subject="P02", person=person, now=now)
        return {
            "danger": f"/desk/alerts/{danger.id}",
            "report": f"/desk/reports/{report}",
            "worry": f"/desk/alerts/{alert_about(site, 'P17 has a worry')}",
            "task": f"/desk/tasks/{alert_about(site, 'M12 finished')}",
            "match": f"/desk/matches/{match_of(site, 'P05')}",
            "lea": f"/desk/staff/{site.number('lea@example.org')}",
        }


def made(site: Site) -> Fields:
    """Return the numbers of what the forms that were sent before have made."""
    with site.db.transaction() as session:
        return {
            "reference": str(session.scalar(select(func.max(Reference.id)))),
            "draft": f"/desk/proposals/{session.scalar(select(func.max(Proposal.id)))}",
        }
