"""In which language the pages speak: the person's choice, else the browser's, else English."""

from pathlib import Path

from flask import Flask, has_request_context, request
from flask_babel import Babel, gettext, ngettext
from flask_security import current_user

LANGUAGES = {"en": "English", "es": "Español"}
FOLDER = Path(__file__).parent / "translations"


def _(text: str, **values: object) -> str:
    """The text in the language of this request."""
    # Of an empty text a catalogue would give its own header.
    return str(gettext(text, **values)) if text else ""


def plural(one: str, many: str, number: int, **values: object) -> str:
    """The text for that number of things."""
    return str(ngettext(one, many, _Told(number), **values))


class _Told(int):
    """A number that is written as pages write numbers: 1,204."""

    def __str__(self) -> str:
        return f"{int(self):,}"


def chosen() -> str:
    """The language of this request."""
    if not has_request_context():
        return "en"
    own = getattr(current_user, "language", None)
    return own or request.accept_languages.best_match(list(LANGUAGES), "en") or "en"


def add(app: Flask) -> None:
    """Let the app speak them."""
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = str(FOLDER)
    Babel(app, locale_selector=chosen)
    app.jinja_env.globals["plural"] = plural
