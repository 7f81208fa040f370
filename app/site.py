"""The web application, made of the parts that app.wiring puts together."""

from typing import Any

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from admin.office import Office
from admin.site import add_desk
from app.health import health_blueprint
from app.wiring import Parts
from sms.views import TextDesk, text_blueprint
from telephony import fallback
from telephony.apology import Apology
from telephony.voice import VoiceDesk, voice_blueprint
from telephony.webhooks import Guard


def create_app(parts: Parts, *, office: Office | None = None) -> Flask:
    """Return the site: webhooks, fallback documents, health check, and the coordinators' page.

    Tests bring an `office` of their own, with a clock at the screen that they can move.
    """
    app = Flask("bridgeline", static_folder=None)
    guard = Guard(
        parts.settings.auth_tokens,
        parts.settings.PUBLIC_BASE_URL,
        apology=Apology(parts.addresses, parts.settings.programme()),
        hash_number=parts.db.vault.short_hash,
        clock=parts.clock,
    )
    guard.watch(app)
    app.register_blueprint(
        voice_blueprint(guard, VoiceDesk(parts.db, parts.clock, parts.addresses))
    )
    app.register_blueprint(text_blueprint(guard, TextDesk(parts.db, parts.clock)))
    app.register_blueprint(fallback.blueprint)
    app.register_blueprint(health_blueprint(parts.db, parts.clock))
    secure = parts.settings.PUBLIC_BASE_URL.startswith("https://")
    add_desk(
        app,
        office
        or Office(parts.db, parts.clock, base_url=parts.settings.PUBLIC_BASE_URL, secure=secure),
    )
    if parts.settings.PROXIES:
        # Only where a request comes from is taken from the proxy: never the host or the scheme,
        # for signatures are made with PUBLIC_BASE_URL.
        site: Any = app
        site.wsgi_app = ProxyFix(app.wsgi_app, x_for=parts.settings.PROXIES, x_proto=0, x_host=0)
    return app
