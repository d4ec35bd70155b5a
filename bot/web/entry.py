"""The doors where somebody says who they are: throttled, and noted in the log."""

from typing import Any

import structlog
from flask import (
    Flask,
    Response,
    make_response,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask_security import current_user
from flask_security.signals import user_authenticated, user_failed_authn
from werkzeug.wrappers import Response as BaseResponse

from bot.web.security import DOORS, SECOND_STEP, Throttle
from bot.web.signedin import SignedIn

log = structlog.get_logger()
WAIT_SECONDS = 900
BY_ADDRESS = frozenset({"security.login", "security.forgot_password"})


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

    @app.before_request
    def is_in_already() -> BaseResponse | None:
        # Flask-Security would sign out whoever strays there, by a mere link.
        if request.endpoint in SECOND_STEP and current_user.is_authenticated:
            return redirect(url_for("today.show"))
        return None

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
    """Whom the try is about: by the address typed, the link, the password just given, or as signed
    in."""
    if request.endpoint in BY_ADDRESS:
        return request.form.get("email", "")
    link = (request.view_args or {}).get("token")
    signed_in = current_user.fs_uniquifier if current_user.is_authenticated else ""
    return str(link or session.get("tf_user_id") or signed_in)
