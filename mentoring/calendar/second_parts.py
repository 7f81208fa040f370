"""Questions in two parts: the second waits until the first has ended, and then for a day (3.11).

So nobody has both before them at once, and the reminders of either are about that one alone.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import and_, bindparam, select
from sqlalchemy.orm import aliased

from mentoring.calendar.ladders import LADDERS
from mentoring.db import Session
from mentoring.models import Invitation, InvitationState

_A_DAY = timedelta(days=1)
_First = aliased(Invitation)
_FIRST_PARTS = (
    select(Invitation.id, _First.state, _First.settled_at)
    .join(
        _First,
        and_(
            _First.match_id == Invitation.match_id,
            _First.person_id == Invitation.person_id,
            _First.number == Invitation.number,
        ),
    )
    .where(
        Invitation.id.in_(bindparam("ids", expanding=True)),
        _First.flow.in_([ladder.second_to for ladder in LADDERS.values() if ladder.second_to]),
    )
)


def not_before(
    session: Session, invitations: Sequence[Invitation], *, now: datetime
) -> Mapping[int, datetime]:
    """Return until when second parts wait that were not asked yet, by their invitation's id.

    After an answer they come a day later, or on the next day for asking; after the last try at
    once.
    """
    ids = [
        each.id
        for each in invitations
        if each.state is InvitationState.WAITING and LADDERS[each.flow].second_to
    ]
    if not ids:
        return {}
    waits = {}
    for id_, state, settled_at in session.columns(_FIRST_PARTS, {"ids": ids}):
        if settled_at is None:
            waits[id_] = now + _A_DAY
        elif state is InvitationState.ANSWERED and settled_at + _A_DAY > now:
            waits[id_] = settled_at + _A_DAY
    return waits
