"""The records of the programme, one file per aggregate."""

from mentoring.models.accounts import (
    Passkey,
    PasskeyChallenge,
    RecoveryCode,
    SessionStage,
    SignInFailure,
    StaffAccount,
    StaffRole,
    StaffSession,
    UnsentForm,
)
from mentoring.models.applications import (
    Decision,
    DecisionOutcome,
    DecisionReason,
    How,
    Reference,
    ScreeningCheck,
    TrainingTalk,
    Verdict,
)
from mentoring.models.bars import BarReason, MatchBar
from mentoring.models.base import Base, UtcDateTime
from mentoring.models.consents import Channel, Consent, OptOutEvent, OptOutKind
from mentoring.models.contacts import CallLeg, Contact, ContactKind, LegSide, Outcome
from mentoring.models.conversations import (
    Answer,
    CallEnd,
    Conversation,
    ConversationStatus,
)
from mentoring.models.deliveries import (
    UNSETTLED,
    Delivery,
    DeliveryKind,
    DeliveryStatus,
    is_unsettled,
    is_unsettled_call,
)
from mentoring.models.dues import Due, DueKind, Invitation, InvitationState
from mentoring.models.feedback import Feedback, HeardIn, Quote
from mentoring.models.goals import Goal, GoalOutcome
from mentoring.models.lines import Line, LineKind
from mentoring.models.matches import (
    NOT_CONNECTING,
    RESTING,
    RUNNING,
    ClosureReason,
    Match,
    MatchSide,
    MatchState,
)
from mentoring.models.people import (
    OUT,
    LineType,
    Mode,
    Person,
    PersonState,
    Phone,
    Role,
    only_one,
)
from mentoring.models.planned import PlannedMatch, PlannedNeed
from mentoring.models.plans import Plan
from mentoring.models.programme_editions import ProgrammeEdition
from mentoring.models.proposals import Proposal, ProposalState
from mentoring.models.recordings import Purpose, Recording, RecordingState
from mentoring.models.records import (
    AuditEntry,
    Mark,
    MatchNumber,
    MentorNumber,
    ProtegeNumber,
    Receipt,
    Transition,
)
from mentoring.models.reports import ReportRun
from mentoring.models.spoken_notices import SpokenNotice
from mentoring.models.staff import Severity, Staff, StaffTask
from mentoring.models.talks import OPEN_TALKS, VOID_TALKS, Talk, TalkState
from mentoring.models.wordings import EditionState, WordingEdition, WordingReview, WordingStamp

__all__ = [
    "NOT_CONNECTING",
    "OPEN_TALKS",
    "OUT",
    "RESTING",
    "RUNNING",
    "UNSETTLED",
    "VOID_TALKS",
    "Answer",
    "AuditEntry",
    "BarReason",
    "Base",
    "CallEnd",
    "CallLeg",
    "Channel",
    "ClosureReason",
    "Consent",
    "Contact",
    "ContactKind",
    "Conversation",
    "ConversationStatus",
    "Decision",
    "DecisionOutcome",
    "DecisionReason",
    "Delivery",
    "DeliveryKind",
    "DeliveryStatus",
    "Due",
    "DueKind",
    "EditionState",
    "Feedback",
    "Goal",
    "GoalOutcome",
    "HeardIn",
    "How",
    "Invitation",
    "InvitationState",
    "LegSide",
    "Line",
    "LineKind",
    "LineType",
    "Mark",
    "Match",
    "MatchBar",
    "MatchNumber",
    "MatchSide",
    "MatchState",
    "MentorNumber",
    "Mode",
    "OptOutEvent",
    "OptOutKind",
    "Outcome",
    "Passkey",
    "PasskeyChallenge",
    "Person",
    "PersonState",
    "Phone",
    "Plan",
    "PlannedMatch",
    "PlannedNeed",
    "ProgrammeEdition",
    "Proposal",
    "ProposalState",
    "ProtegeNumber",
    "Purpose",
    "Quote",
    "Receipt",
    "Recording",
    "RecordingState",
    "RecoveryCode",
    "Reference",
    "ReportRun",
    "Role",
    "ScreeningCheck",
    "SessionStage",
    "Severity",
    "SignInFailure",
    "SpokenNotice",
    "Staff",
    "StaffAccount",
    "StaffRole",
    "StaffSession",
    "StaffTask",
    "Talk",
    "TalkState",
    "TrainingTalk",
    "Transition",
    "UnsentForm",
    "UtcDateTime",
    "Verdict",
    "WordingEdition",
    "WordingReview",
    "WordingStamp",
    "is_unsettled",
    "is_unsettled_call",
    "only_one",
]
