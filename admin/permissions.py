"""Who may do what on the coordinators' page: one table. What stands nowhere in it is forbidden."""

from enum import StrEnum

from mentoring.models import StaffRole


class Permission(StrEnum):
    """What a page or a button needs, in words that complete "You may not ..."."""

    SEE = "see the programme"
    EXPORT = "export lists"
    WORK = "change people, matches, tasks and alerts"
    REVEAL = "see numbers and read words"
    CONCERNS = "open any worry"
    RELEASE = "lift a hold"
    OVERRIDE = "let an application pass without every check"
    WORDING = "change the wording"
    GOALS = "set goals and publish the annual message"
    AUDIT = "read the audit log"
    SETUP = "set up the programme"
    ACCOUNTS = "invite staff and change what they may do"


_R, _C, _L, _A = StaffRole.READ_ONLY, StaffRole.COORDINATOR, StaffRole.LEAD, StaffRole.ADMIN

MATRIX: dict[Permission, frozenset[StaffRole]] = {
    Permission.SEE: frozenset({_R, _C, _L, _A}),
    Permission.EXPORT: frozenset({_C, _L, _A}),
    Permission.WORK: frozenset({_C, _L, _A}),
    Permission.REVEAL: frozenset({_C, _L, _A}),
    Permission.CONCERNS: frozenset({_L, _A}),
    Permission.RELEASE: frozenset({_L, _A}),
    Permission.WORDING: frozenset({_L, _A}),
    Permission.GOALS: frozenset({_L, _A}),
    Permission.AUDIT: frozenset({_L, _A}),
    Permission.OVERRIDE: frozenset({_A}),
    Permission.SETUP: frozenset({_A}),
    Permission.ACCOUNTS: frozenset({_A}),
}


def may(role: StaffRole, permission: Permission) -> bool:
    """Tell whether somebody of that role may do that."""
    return role in MATRIX.get(permission, frozenset())


def may_open_concern(role: StaffRole, *, is_theirs: bool) -> bool:
    """Tell whether somebody may open a worry: those named by their role, and whoever sees to it."""
    return may(role, Permission.CONCERNS) or (is_theirs and may(role, Permission.REVEAL))
