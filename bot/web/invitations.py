"""Links with which somebody chooses a password: they work once, for three days."""

from typing import cast

from flask import Flask, url_for
from flask_security.recoverable import generate_reset_password_token

from bot.store import people
from bot.web.here import the_bot
from bot.web.signedin import SignedIn


def link(person_id: int) -> str:
    """The link for that person; whoever has it may choose the password."""
    with the_bot().store.read() as session:
        person = cast("SignedIn", people.one_where(session, SignedIn, "id", person_id))
    token = generate_reset_password_token(person)  # type: ignore[no-untyped-call]
    path = url_for("security.reset_password", token=token, _external=False)
    return f"{address()}{path}"


def address() -> str:
    """Where the web app is, as links name it."""
    settings = the_bot().settings
    return settings.public_url or f"http://127.0.0.1:{settings.port}"


def link_outside(app: Flask, person_id: int) -> str:
    """The same for a command, which answers no request."""
    with app.test_request_context(base_url="http://127.0.0.1"):
        return link(person_id)
