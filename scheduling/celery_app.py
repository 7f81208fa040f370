"""Celery: speed for the outbox. The table is the truth, so a lost task costs a few seconds."""

from celery import Celery
from celery.schedules import crontab

DRAIN = "bridgeline.drain"
SWEEP = "bridgeline.sweep"
BLANK = "bridgeline.blank"
OVERSEE = "bridgeline.oversee"


def make_celery(redis_url: str) -> Celery:
    """Return the Celery application on Redis, with the beat that asks for what is due.

    Times are UTC and intervals plain: local hours are decided row by row, at the moment of sending.
    """
    celery = Celery("bridgeline", broker=redis_url)
    celery.conf.update(
        task_ignore_result=True,
        task_acks_late=True,
        task_reject_on_worker_lost=True,
        worker_prefetch_multiplier=1,
        worker_hijack_root_logger=False,
        broker_connection_retry_on_startup=True,
        broker_transport_options={"socket_timeout": 5, "socket_connect_timeout": 2},
        timezone="UTC",
        beat_schedule={
            "drain": {"task": DRAIN, "schedule": 5.0, "options": {"expires": 5}},
            # A hold ends a talk within a minute (S20), so looking for it may not take a whole one.
            "sweep": {"task": SWEEP, "schedule": 30.0, "options": {"expires": 30}},
            # The soonest limit of a rule is days away, so a quarter of an hour is soon enough.
            "oversee": {"task": OVERSEE, "schedule": 900.0, "options": {"expires": 900}},
            # At an hour, because an interval of a day begins anew whenever beat is restarted.
            "blank": {"task": BLANK, "schedule": crontab(minute=30, hour=8)},
        },
    )
    return celery
