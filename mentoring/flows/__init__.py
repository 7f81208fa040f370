"""The conversations of the service, written once and used by voice and text alike."""

from mentoring.flows.about_me import ABOUT_ME
from mentoring.flows.browsing import BROWSE, MENTOR_IDLE
from mentoring.flows.checkin import CHECKIN, CHECKIN_FIRST, COVER, QUIET_PAIR
from mentoring.flows.checks import check_flow
from mentoring.flows.closure import (
    FOLLOW_UP_6,
    FOLLOW_UP_12,
    PEER_GUIDE,
    SURVEY_MENTOR_1,
    SURVEY_MENTOR_2,
    SURVEY_PROTEGE_1,
    SURVEY_PROTEGE_2,
    THANKS_NAME,
)
from mentoring.flows.concern import CONCERN, CONCERN_OUTCOME
from mentoring.flows.consent import CONSENT
from mentoring.flows.ending import COME_BACK, FINISH, PAUSE_CHECK
from mentoring.flows.greeting import DISOWNED, HELD, LANGUAGE, NOT_STARTED, WHO, WITHHELD
from mentoring.flows.intake import INTAKE_MENTOR, INTAKE_PROTEGE
from mentoring.flows.interest import INTEREST, INTEREST_BEGIN, INTEREST_KEPT, INTEREST_NAME
from mentoring.flows.menu import MAIN_MENU, WAITING_MENU
from mentoring.flows.milestone import MILESTONE
from mentoring.flows.notes import LEAVE_NOTE, NOTICES, PLAY_NOTES
from mentoring.flows.orientation import (
    ORIENTATION_MENTOR,
    ORIENTATION_PROTEGE,
    WAITING_LONG,
    WAITING_UPDATE,
)
from mentoring.flows.outbound import OUTBOUND
from mentoring.flows.paging import PAGE
from mentoring.flows.plan import PLAN, PLAN_CONFIRM, PLAN_RHYTHM
from mentoring.flows.proposals import MATCH_NEWS, PROPOSAL_MENTOR, PROPOSAL_PROTEGE
from mentoring.flows.steps import Flow
from mentoring.flows.talks import (
    FIRST_TALK,
    LAST_TALK,
    NEW_TIME,
    NUDGE,
    TALK_CHECK,
    TALK_MISSED,
    TALK_REMINDER,
    TALK_TIME,
    TEXT_NEW_TIME,
    TEXT_REMINDER,
)
from mentoring.flows.tips import TIPS
from mentoring.flows.welcome import WELCOME

__all__ = ["FLOWS", "check_flow"]

# How somebody joins, what they can do, and how a call of ours opens.
_ALWAYS = (
    *(WELCOME, WHO, WITHHELD, HELD, NOT_STARTED, CONSENT, INTAKE_PROTEGE, INTAKE_MENTOR, MAIN_MENU),
    *(WAITING_MENU, LEAVE_NOTE, PLAY_NOTES, OUTBOUND, CONCERN, PAGE, FINISH, COME_BACK),
    *(ORIENTATION_PROTEGE, ORIENTATION_MENTOR, WAITING_UPDATE, WAITING_LONG, LANGUAGE),
    *(INTEREST, INTEREST_NAME, INTEREST_KEPT, INTEREST_BEGIN),
    *(PROPOSAL_PROTEGE, PROPOSAL_MENTOR, MATCH_NEWS, BROWSE, TIPS, MENTOR_IDLE),
    *(ABOUT_ME, DISOWNED, NOTICES),
)
# What the calendar of a match asks, from the plan to a year after its end.
_IN_A_MATCH = (
    *(PLAN, PLAN_RHYTHM, PLAN_CONFIRM, CHECKIN_FIRST, CHECKIN, QUIET_PAIR, COVER, MILESTONE),
    *(TALK_REMINDER, TALK_TIME, TALK_CHECK, LAST_TALK, SURVEY_PROTEGE_1, SURVEY_PROTEGE_2),
    *(SURVEY_MENTOR_1, SURVEY_MENTOR_2, FOLLOW_UP_6, FOLLOW_UP_12, THANKS_NAME, PEER_GUIDE),
    *(PAUSE_CHECK, TALK_MISSED, NUDGE, CONCERN_OUTCOME, FIRST_TALK, TEXT_REMINDER),
    *(NEW_TIME, TEXT_NEW_TIME),
)

FLOWS: dict[str, Flow] = {flow.name: flow for flow in (*_ALWAYS, *_IN_A_MATCH)}
