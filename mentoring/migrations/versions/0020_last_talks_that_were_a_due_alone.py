"""A last talk that was set before 0008 becomes a talk as well, so that it is reminded of and rung."""

import os
from datetime import UTC, datetime, timedelta

import sqlalchemy as sa
from alembic import op

from mentoring.models import UtcDateTime

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

_OVER_AFTER = timedelta(minutes=30)
_EARLY, _LATE = timedelta(hours=24), timedelta(hours=2)

_time = UtcDateTime(timezone=True)
_dues = sa.table(
    "dues",
    *(sa.column(name) for name in ("id", "kind", "match_id", "talk_id", "round", "faults")),
    *(sa.column(name, _time) for name in ("due_at", "created_at", "done_at")),
    sa.column("dedupe_key"),
)
_talks = sa.table(
    "talks",
    *(sa.column(name) for name in ("id", "match_id", "state")),
    sa.column("is_last", sa.Boolean()),
    *(sa.column(name, _time) for name in ("at", "created_at")),
)
_matches = sa.table("matches", sa.column("id"), sa.column("state"))


def upgrade() -> None:
    bind, now = op.get_bind(), datetime.now(UTC)
    # The due came when the talk would be over, at the latest: no other record says when it begins.
    length = timedelta(minutes=int(os.environ.get("CALL_LIMIT_MINUTES") or 60))
    alone = (
        sa.select(_dues.c.id, _dues.c.match_id, _dues.c.due_at)
        .join(_matches, _matches.c.id == _dues.c.match_id)
        .where(_dues.c.kind == "last_talk", _dues.c.talk_id.is_(None), _dues.c.done_at.is_(None))
        .where(_matches.c.state == "closing", _dues.c.due_at > now + length)
        .order_by(_dues.c.id)
    )
    for due_id, match_id, over_at in bind.execute(alone).all():
        _make_it_a_talk(due_id, match_id, at=over_at - length, now=now)


def downgrade() -> None:
    # They are talks like any other by then.
    pass


def _make_it_a_talk(due_id: int, match_id: int, *, at: datetime, now: datetime) -> None:
    bind = op.get_bind()
    counts = _talks.c.match_id == match_id, _talks.c.state.not_in(["moved", "cancelled", "missed"])
    if bind.scalar(sa.select(_talks.c.id).where(*counts, _talks.c.is_last.is_(True))) is not None:
        return
    talk_id = bind.scalar(sa.select(_talks.c.id).where(*counts, _talks.c.at == at))
    if talk_id is None:
        row = {"match_id": match_id, "at": at, "state": "planned", "is_last": True}
        made = _talks.insert().values(**row, created_at=now).returning(_talks.c.id)
        talk_id = bind.execute(made).scalar_one()
        _plan(match_id, talk_id, at=at, now=now)
    else:
        # One that their plan has at that moment has its dues already.
        bind.execute(_talks.update().where(_talks.c.id == talk_id).values(is_last=True))
    bind.execute(_dues.update().where(_dues.c.id == due_id).values(talk_id=talk_id))


def _plan(match_id: int, talk_id: int, *, at: datetime, now: datetime) -> None:
    moments = {"talk ring": at, "talk over": at + _OVER_AFTER}
    remind = next((at - before for before in (_EARLY, _LATE) if at - before > now), None)
    if remind is not None:
        moments["talk reminder"] = remind
    about = {"match_id": match_id, "talk_id": talk_id, "round": 1, "faults": 0, "created_at": now}
    rows = [
        {**about, "kind": kind, "due_at": moment, "dedupe_key": f"{kind}:{talk_id}"}
        for kind, moment in moments.items()
    ]
    op.bulk_insert(_dues, rows)
