"""Asking whether a worker is alive, for an operator who looks for what is dead."""

import logging

from kombu.exceptions import OperationalError

from scheduling.celery_app import make_celery

_SECONDS = 2.0


def worker_answers(redis_url: str) -> bool:
    """Tell whether any worker answers through the broker within two seconds."""
    logging.getLogger("kombu").setLevel(logging.CRITICAL)
    celery = make_celery(redis_url)
    # Somebody waits for the answer, so a broker that is down is asked once.
    celery.conf.broker_transport_options |= {"max_retries": 1, "interval_start": 0}
    try:
        return bool(celery.control.ping(timeout=_SECONDS))
    except (OperationalError, OSError):
        return False
