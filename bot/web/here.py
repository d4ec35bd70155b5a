"""What every page is given: the bot it belongs to, the person who asks, and how things are said."""

from datetime import datetime
from typing import cast

from flask import current_app
from flask_security import current_user
from werkzeug.local import LocalProxy

from bot.decisions.record import Decider
from bot.flow import Author
from bot.model.person import DECIDING
from bot.web.signedin import SignedIn
from bot.wiring import Bot

EXTENSION = "campaign bot"


def the_bot() -> Bot:
    """The bot this app was made for."""
    return cast("Bot", current_app.extensions[EXTENSION])


def me() -> SignedIn:
    """Who is signed in; only asked where somebody must be."""
    return cast("LocalProxy[SignedIn]", current_user)._get_current_object()  # noqa: SLF001


def now() -> datetime:
    """This moment, by the bot's clock."""
    return the_bot().clock()


def decider(reason: str | None = None) -> Decider:
    """Decisions made by who is signed in."""
    bot = the_bot()
    return Decider(bot.store, bot.clock, me().actor, reason)


def author() -> Author:
    """Who is signed in, as an author."""
    return Author(me().actor, me().role in DECIDING)
