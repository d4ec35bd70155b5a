"""Makes the Flask app for one bot: people, headers, language, pages and what stands for errors."""

from pathlib import Path

from flask import Flask, Response, send_from_directory
from flask_wtf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

from bot.errors import SettingsError
from bot.settings import is_loopback
from bot.web import (
    accounts,
    alarms,
    articles,
    asking,
    calendar,
    charts,
    compose,
    connecting,
    deciding,
    entry,
    failures,
    feeds,
    figures,
    fleet,
    headers,
    language,
    mine,
    passkeys,
    pausing,
    persons,
    pictures,
    posts,
    queue,
    record,
    report,
    security,
    sessions,
    setup,
    sheets,
    subscription,
    timetable,
    today,
    trustee,
    wording,
)
from bot.web.here import EXTENSION
from bot.web.probes import Probes
from bot.wiring import Bot

HERE = Path(__file__).parent
MEGABYTE = 1_000_000
# A phone's photograph, once shrunk, has less than one; a form of words far less.
MAX_REQUEST = 16 * MEGABYTE
MAX_WORDS = MEGABYTE
MAX_FIELDS = 300
PAGES = (
    today,
    compose,
    pictures,
    queue,
    calendar,
    subscription,
    posts,
    deciding,
    articles,
    figures,
    report,
    charts,
    accounts,
    connecting,
    sheets,
    pausing,
    trustee,
    mine,
    persons,
    record,
    alarms,
    feeds,
    timetable,
    fleet,
    setup,
)


def create(bot: Bot) -> Flask:
    """The app; SettingsError where it could not be run safely."""
    secret = bot.settings.secret_key.get_secret_value()
    if len(secret) < 32:
        raise SettingsError(NO_KEY)
    is_https = bot.settings.public_url.startswith("https://")
    app = Flask(__name__, static_folder="static", static_url_path="/static")
    app.extensions[EXTENSION] = bot
    app.config.update(security.configuration(secret))
    app.config.update(
        MAX_CONTENT_LENGTH=MAX_REQUEST,
        MAX_FORM_MEMORY_SIZE=MAX_WORDS,
        MAX_FORM_PARTS=MAX_FIELDS,
        SESSION_COOKIE_NAME="__Host-campaign" if is_https else "campaign",
        SESSION_COOKIE_SECURE=is_https,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        PERMANENT_SESSION_LIFETIME=sessions.LASTS[1],
        PREFERRED_URL_SCHEME="https" if is_https else "http",
    )
    if is_https:
        # One proxy stands before it; what comes before that in the header anybody could write.
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=1, x_proto=1, x_host=1)  # type: ignore[method-assign]
    asking.add(app)
    headers.add(app, bot.settings.public_url)
    CSRFProtect(app)
    language.add(app)
    passkeys.start(app)
    security.add(app, bot)
    sessions.start(app)
    entry.add(app)
    wording.add(app)
    failures.add(app)
    for page in PAGES:
        app.register_blueprint(page.pages)

    @app.get("/vendor/<path:name>", endpoint="vendor")
    def vendor(name: str) -> Response:
        return send_from_directory(HERE / "vendor", name)

    app.wsgi_app = Probes(app.wsgi_app, bot)  # type: ignore[method-assign,assignment]
    return app


def refuse_unsafe(bot: Bot, host: str) -> None:
    """SettingsError where words and passwords would cross a network in the open."""
    address = bot.settings.public_url
    if is_loopback(f"http://{host}/") or address.startswith("https://"):
        return
    raise SettingsError(NO_TLS.format(host=host, port=bot.settings.port))


NO_KEY = """\
SECRET_KEY is not set, or has fewer than 32 characters. It signs sign-ins and links.
Put a line SECRET_KEY=... into .env; this makes one:
  python3 -c "import secrets; print('SECRET_KEY=' + secrets.token_urlsafe(48))" >> .env"""

NO_TLS = """\
On {host} others could read passwords on their way, so nothing was started.
Let Caddy stand before it: it gets the certificate by itself. In its Caddyfile:

  campaign.example.org {{
      reverse_proxy 127.0.0.1:{port}
  }}

Then, in .env:  PUBLIC_URL=https://campaign.example.org
And start it on this machine only:  bot web"""
