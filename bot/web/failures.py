"""What a person sees when something went wrong: what happened, and what to do now."""

import re

import structlog
from flask import Flask, render_template, request
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from bot.errors import BotError, NotFound
from bot.web.language import _

log = structlog.get_logger()
# Fields whose words are never shown again.
SECRET = re.compile(r"password|token|code|credential")
Answer = tuple[str, int] | tuple[str, int, list[tuple[str, str]]]


def add(app: Flask) -> None:
    """Pages for every kind of error."""

    @app.errorhandler(CSRFError)
    def stale(_error: CSRFError) -> Answer:
        """The sign-in behind the form is over; what was typed is shown, so that it is not lost."""
        typed = {
            name: value
            for name, value in request.form.items()
            if value.strip() and not SECRET.search(name) and len(value) < 60_000
        }
        return render_template("stale.html", typed=typed), 400

    @app.errorhandler(NotFound)
    def missing(error: NotFound) -> Answer:
        return render_template("problem.html", title=_("Not here"), said=str(error)), 404

    @app.errorhandler(BotError)
    def refused(error: BotError) -> Answer:
        return render_template("problem.html", title=_("That did not work"), said=str(error)), 409

    @app.errorhandler(HTTPException)
    def failed(error: HTTPException) -> Answer:
        code = error.code or 500
        title, said = told(code)
        kept = [header for header in error.get_headers() if header[0] == "Retry-After"]
        return render_template("problem.html", title=title, said=said), code, kept

    @app.errorhandler(Exception)
    def unforeseen(error: Exception) -> Answer:
        log.exception("page failed", action="page", page=request.path, reason=type(error).__name__)
        title, said = told(500)
        return render_template("problem.html", title=title, said=said), 500


def told(code: int) -> tuple[str, str]:
    """Title and words for an HTTP status."""
    known = {
        400: (_("That could not be read"), _("Go back and try again.")),
        403: (
            _("Not for you"),
            _("Your role does not let you do this. Ask an admin if you need to."),
        ),
        404: (_("Not here"), _("There is no such page. It may have been moved or taken away.")),
        405: (_("Not this way"), _("Go back and use the button on the page.")),
        413: (_("Too large"), _("At most 16 MB can be sent at once. Make the picture smaller.")),
        503: (
            _("Many ask for figures just now"),
            _("Wait half a minute, then load the page again. The other pages go on."),
        ),
    }
    return known.get(
        code,
        (
            _("Something went wrong here"),
            _("It was noted in the log. Nothing you queued is lost. Try again in a minute."),
        ),
    )
