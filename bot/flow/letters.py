"""Hands one mail over, claimed first where nobody may get it twice.

What surely did not go is tried again when the caller says so; what nobody can tell never is.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from enum import StrEnum

from bot.errors import MailFailed, MailUnsure
from bot.model.person import Person
from bot.store import letters
from bot.wire import mail
from bot.wiring import Bot


class Went(StrEnum):
    """How it went with one Letter."""

    SENT = "sent"
    FAILED = "failed"
    UNSURE = "unsure"
    HAD_IT = "had it already"


@dataclass(frozen=True, slots=True)
class Posted:
    """What became of one mail, and why it did not go where it did not."""

    recipient: str
    went: Went
    reason: str | None = None


def can_mail(bot: Bot) -> bool:
    """Whether a mail server and a sender are set."""
    return bool(bot.settings.mail_url.get_secret_value() and bot.settings.mail_from)


def hand_over(bot: Bot, letter: EmailMessage, recipient: str) -> Posted:
    """One mail to the server; no Letter is claimed for it."""
    try:
        mail.send(bot.settings.mail_url.get_secret_value(), letter)
    except MailFailed as error:
        went = Went.UNSURE if isinstance(error, MailUnsure) else Went.FAILED
        return Posted(recipient, went, str(error))
    return Posted(recipient, Went.SENT)


def send_claimed(
    bot: Bot,
    person: Person,
    name: str,
    compose: Callable[[], EmailMessage],
    again_at: Callable[[datetime], datetime],
) -> Posted | None:
    """Claim, hand over, note how it went; None where another holds the claim of that name."""
    with bot.store.write() as session:
        claimed = letters.claim(session, person.id, name, bot.clock())
    if claimed is None:
        return None
    one = hand_over(bot, compose(), person.email)
    with bot.store.write() as session:
        now = bot.clock()
        if one.went == Went.SENT:
            letters.sent(session, claimed, now)
        else:
            again = again_at(now) if one.went == Went.FAILED else None
            letters.failed(session, claimed, one.reason or "", again)
    return Posted(person.name, one.went, one.reason)
