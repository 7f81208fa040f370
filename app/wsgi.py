"""The web server's entry: `gunicorn app.wsgi:app`."""

import logging

from app.memory import keep_what_is_loaded
from app.settings import read_settings
from app.site import create_app
from app.wiring import assemble
from scheduling.celery_app import make_celery
from scheduling.wake import Waker
from sms.letters import load_words

settings = read_settings()
logging.basicConfig(level=settings.LOG_LEVEL, format="%(message)s")
parts = assemble(settings)
parts.db.wake = Waker(make_celery(settings.REDIS_URL))
app = create_app(parts)
load_words()
keep_what_is_loaded()
