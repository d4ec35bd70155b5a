"""Sign-ins as rows: signing out ends one on the server, and each ends by itself in time.

The browser's cookie carries a random secret; only its digest is stored.
"""

import hashlib
import secrets
from datetime import datetime, timedelta
from typing import Any

from flask import Flask, request, session
from flask_login import user_logged_out
from flask_security import current_user, logout_user
from flask_security.signals import password_changed, password_reset, user_authenticated

from bot.model.person import SignIn
from bot.store import people
from bot.web.here import me, now, the_bot
from bot.web.language import _
from bot.web.signedin import SignedIn

SECRET = "sign_in"  # noqa: S105  the name of a field of the cookie
# How long a sign-in lasts without a visit, and in all. Those who decide sign in more often.
LASTS = (timedelta(days=30), timedelta(days=90))
LASTS_DECIDING = (timedelta(days=3), timedelta(days=14))
NOTED_EVERY = timedelta(minutes=5)
MAX_DEVICE = 120


def digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def start(app: Flask) -> None:
    """Keep sign-ins for this app."""
    user_authenticated.connect(_begin, app)
    user_logged_out.connect(_end, app)
    password_changed.connect(_end_others, app)
    password_reset.connect(_end_others, app)
    app.before_request(_require_alive)


def _begin(_app: Flask, user: SignedIn, **_more: Any) -> None:
    secret = secrets.token_urlsafe(32)
    session[SECRET] = secret
    session.permanent = True
    with the_bot().store.write() as rows:
        rows.add(
            SignIn(
                person_id=user.id,
                secret_digest=digest(secret),
                device=device(request.user_agent.string),
                started_at=now(),
                seen_at=now(),
            )
        )


def _end(_app: Flask, **_more: Any) -> None:
    secret = session.pop(SECRET, "")
    with the_bot().store.write() as rows:
        row = people.signed_in(rows, digest(secret))
        if row is not None:
            row.ended_at = now()


def _end_others(_app: Flask, user: SignedIn, **_more: Any) -> None:
    """Whoever knew the old password is signed out."""
    with the_bot().store.write() as rows:
        people.end_sign_ins(rows, user.id, now(), but_not=digest(session.get(SECRET, "")))


def _require_alive() -> None:
    """Sign out whose sign-in is over: ended elsewhere, unused for long, or old."""
    if request.endpoint in ("static", "vendor") or not current_user.is_authenticated:
        return
    store = the_bot().store
    with store.read() as rows:
        row = people.signed_in(rows, digest(session.get(SECRET, "")))
    if row is None or row.person_id != me().id or is_over(row, me(), now()):
        logout_user()
    elif now() - row.seen_at > NOTED_EVERY:
        with store.write() as rows:
            rows.merge(row).seen_at = now()


def is_over(row: SignIn, person: SignedIn, at: datetime) -> bool:
    """Whether a sign-in has lasted, or been left alone, for too long."""
    idle, whole = LASTS_DECIDING if person.needs_second_factor else LASTS
    return at - row.seen_at > idle or at - row.started_at > whole


DEVICES = ("iPhone", "iPad", "Android", "Windows", "Macintosh", "Linux")
MACS = {"Macintosh": "Mac"}
BROWSERS = (("Edg", "Edge"), ("Firefox", "Firefox"), ("Chrome", "Chrome"), ("Safari", "Safari"))


def device(agent: str) -> str:
    """`Firefox on Windows`: enough to know one's own devices by."""
    system = next((name for name in DEVICES if name in agent), _("an unknown device"))
    browser = next((name for sign, name in BROWSERS if sign in agent), _("A browser"))
    named = _("%(browser)s on %(device)s", browser=browser, device=MACS.get(system, system))
    return named[:MAX_DEVICE]
