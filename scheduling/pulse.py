"""Asking whether a worker is alive, for an operator who looks for what is dead."""

import logging

from kombu.exceptions import OperationalError

from scheduling.celery_app import make_celery

_SECONDS = 2.0


def worker_answers(redis_url: str) -> bool:
    """Tell whether any worker answers through the broker within two seconds."""
    logging.getLogger("kombu").setLevel(logging.CRITICAL)
    try:
        return bool(make_celery(redis_url).control.ping(timeout=_SECONDS))
    except (OperationalError, OSError):
        return False
