"""The conversations of the service, written once and used by voice and text alike."""

from mentoring.flows.checks import check_flow
from mentoring.flows.consent import CONSENT
from mentoring.flows.greeting import HELD, WHO, WITHHELD
from mentoring.flows.intake import INTAKE_MENTOR, INTAKE_PROTEGE
from mentoring.flows.menu import MAIN_MENU, WAITING_MENU
from mentoring.flows.notes import LEAVE_NOTE, PLAY_NOTES
from mentoring.flows.outbound import OUTBOUND
from mentoring.flows.steps import Flow
from mentoring.flows.welcome import WELCOME

__all__ = ["FLOWS", "check_flow"]

FLOWS: dict[str, Flow] = {
    flow.name: flow
    for flow in (
        WELCOME,
        WHO,
        WITHHELD,
        HELD,
        CONSENT,
        INTAKE_PROTEGE,
        INTAKE_MENTOR,
        MAIN_MENU,
        WAITING_MENU,
        LEAVE_NOTE,
        PLAY_NOTES,
        OUTBOUND,
    )
}
