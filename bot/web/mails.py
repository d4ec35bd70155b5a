"""Mails that Flask-Security asks for, sent through the group's own mail server where one is set."""

from typing import Any

import structlog
from flask import current_app
from flask_security import MailUtil

from bot.errors import MailFailed
from bot.web.here import the_bot
from bot.wire import mail

log = structlog.get_logger()


def can_send() -> bool:
    """Whether a mail server is set."""
    settings = the_bot().settings
    return bool(settings.mail_url.get_secret_value() and settings.mail_from)


class Mails(MailUtil):
    """Plain-text mails; without a server nothing is sent, and the pages say so."""

    def send_mail(
        self,
        template: str,
        subject: str,
        recipient: str | tuple[str, str],
        sender: str | tuple[str, str],  # noqa: ARG002
        body: str | None,
        html: str | None,  # noqa: ARG002
        **kwargs: Any,  # noqa: ARG002
    ) -> None:
        if not can_send() or body is None:
            return
        settings = the_bot().settings
        letter = mail.compose(settings.mail_from, str(recipient), str(subject), body)
        try:
            mail.send(settings.mail_url.get_secret_value(), letter)
        except MailFailed as error:
            # Nobody who types an address may learn from the answer whether it is known.
            log.warning("mail failed", action="mail", reason=str(error), about=template)
            current_app.extensions["mail trouble"] = str(error)
