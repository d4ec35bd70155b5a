"""The doors where somebody says who they are: throttled, and noted in the log."""

from typing import Any

import structlog
from flask import Flask, Response, make_response, render_template, request
from flask_security.signals import user_authenticated, user_failed_authn

from bot.web.security import DOORS, Throttle
from bot.web.signedin import SignedIn

log = structlog.get_logger()
WAIT_SECONDS = 900


def add(app: Flask) -> None:
    """Count tries at every door of this app."""
    throttle = Throttle()

    @app.before_request
    def slow_down() -> Response | None:
        door = request.endpoint or ""
        if request.method != "POST" or door not in DOORS:
            return None
        if not throttle.refuses(door, place(), person()):
            return None
        log.warning("too many tries", action="sign in", door=door)
        answer = make_response(render_template("too_many.html"), 429)
        answer.headers["Retry-After"] = str(WAIT_SECONDS)
        return answer

    def succeeded(_app: Flask, user: SignedIn, authn_via: Any = (), **_more: Any) -> None:
        throttle.forget(request.endpoint or "", place(), person())
        log.info("signed in", action="sign in", person=user.id, by=",".join(authn_via or ()))

    def failed(_app: Flask, user: SignedIn, auth_type: str = "", **_more: Any) -> None:
        log.warning("sign-in failed", action="sign in", person=user.id, by=auth_type)

    # Kept on the app, as signals hold their listeners weakly.
    app.extensions["entry listeners"] = (succeeded, failed)
    user_authenticated.connect(succeeded, app)
    user_failed_authn.connect(failed, app)


def place() -> str:
    return request.remote_addr or ""


def person() -> str:
    return request.form.get("email", "")
