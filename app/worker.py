"""Celery's entry: `celery -A app.worker worker` and `celery -A app.worker beat`."""

import logging

from app.memory import keep_what_is_loaded
from app.settings import read_settings
from app.wiring import assemble
from scheduling.celery_app import make_celery
from scheduling.due import Ticker
from scheduling.tasks import register

settings = read_settings()
logging.basicConfig(level=settings.LOG_LEVEL, format="%(asctime)s %(name)s %(message)s")
parts = assemble(settings)
celery = make_celery(settings.REDIS_URL)
register(celery, Ticker(parts.db, parts.carrier, parts.clock, parts.dispatcher))
keep_what_is_loaded()
