"""The web application, made of the parts that app.wiring puts together."""

import logging
from collections.abc import Callable
from threading import Thread
from typing import Any

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from admin.office import Office
from admin.site import add_desk
from app.health import health_blueprint
from app.settings_shown import settings_shown
from app.wiring import Parts
from mentoring.trouble import tell_about_webhooks
from sms.views import TextDesk, text_blueprint
from telephony.apology import Apology
from telephony.failures import FailureWatch
from telephony.fallback import fallback_blueprint
from telephony.voice import VoiceDesk, voice_blueprint
from telephony.webhooks import Guard

log = logging.getLogger("bridgeline.site")


def create_app(parts: Parts, *, office: Office | None = None) -> Flask:
    """Return the site: webhooks, fallback documents, health check, and the coordinators' page.

    Tests bring an `office` of their own, with a clock at the screen that they can move.
    """
    app = Flask("bridgeline", static_folder=None)
    guard = Guard(
        parts.settings.auth_tokens,
        parts.settings.PUBLIC_BASE_URL,
        apology=Apology(parts.addresses, lambda: parts.db.programme),
        hash_number=parts.db.vault.short_hash,
        clock=parts.clock,
        failures=FailureWatch(parts.clock, lambda: parts.db.programme, alarm_about_webhooks(parts)),
    )
    guard.watch(app)
    app.register_blueprint(
        voice_blueprint(guard, VoiceDesk(parts.db, parts.clock, parts.addresses))
    )
    app.register_blueprint(text_blueprint(guard, TextDesk(parts.db, parts.clock)))
    app.register_blueprint(fallback_blueprint(lambda: parts.db.programme))
    app.register_blueprint(health_blueprint(parts.db, parts.clock))
    add_desk(app, office or office_of(parts))
    if parts.settings.PROXIES:
        # Only where a request comes from is taken from the proxy: never the host or the scheme,
        # for signatures are made with PUBLIC_BASE_URL.
        site: Any = app
        site.wsgi_app = ProxyFix(app.wsgi_app, x_for=parts.settings.PROXIES, x_proto=0, x_host=0)
    return app


def office_of(parts: Parts, *, handsets: str = "") -> Office:
    """Return what the coordinators' page works with; a rehearsal has the address of its phones."""
    base_url = parts.settings.PUBLIC_BASE_URL
    return Office(
        parts.db,
        parts.clock,
        base_url=base_url,
        secure=base_url.startswith("https://"),
        settings=settings_shown(parts.settings),
        handsets=handsets,
    )


def alarm_about_webhooks(parts: Parts) -> Callable[[int, int], None]:
    """Return what opens the alert about failing webhooks, in a thread of its own.

    A caller is waiting, and it may be the database itself that fails.
    """

    def tell(failed: int, total: int) -> None:
        try:
            with parts.db.transaction() as session:
                tell_about_webhooks(session, failed=failed, total=total, now=parts.clock.now())
        except Exception:
            log.exception("Too many webhooks fail, and no alert could be opened.")

    return lambda failed, total: Thread(
        name="alarm", target=tell, args=(failed, total), daemon=True
    ).start()
