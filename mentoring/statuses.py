"""How far a text or a call has come, in the carrier's own words. A status only ever rises.

Callbacks arrive twice, late, or in another order than they were sent; a rank settles who is right
without asking when anything arrived. All final words share one rank: the first final word stays.
"""

FINAL = 9

# Before `queued` come the words of a messaging service; `sent` may be the last word ever heard,
# for not every network reports what reached the handset.
MESSAGE_RANK = {
    "scheduled": 0,
    "accepted": 1,
    "queued": 2,
    "sending": 3,
    "sent": 4,
    "delivered": FINAL,
    "partially_delivered": FINAL,
    "read": FINAL,
    "undelivered": FINAL,
    "failed": FINAL,
    "canceled": FINAL,
}

CALL_RANK = {
    "queued": 2,
    "initiated": 3,
    "ringing": 4,
    "in-progress": 5,
    "completed": FINAL,
    "busy": FINAL,
    "no-answer": FINAL,
    "failed": FINAL,
    "canceled": FINAL,
}

# A word that both tables know has the same rank in both, so one look-up serves texts and calls.
_RANK = MESSAGE_RANK | CALL_RANK


def rises(old: str | None, new: str) -> bool:
    """Tell whether `new` is further on than `old`, so that it may replace it.

    No status yet counts as the lowest. A word that the carrier has never used before changes
    nothing, since nobody knows where it belongs.
    """
    if new not in _RANK:
        return False
    return _RANK[new] > _RANK.get(old or "", -1)


def is_final(status: str) -> bool:
    """Tell whether a text or call of that status will not change any more."""
    return _RANK.get(status) == FINAL
