"""Mails that Flask-Security asks for, sent through the group's own mail server where one is set."""

from concurrent.futures import ThreadPoolExecutor
from email.message import EmailMessage
from typing import Any

import structlog
from flask import Flask
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
    """Plain-text mails; without a server nothing is sent, and the pages say so.

    They leave beside the answer: how long it takes, or that it failed, would tell whoever types
    an address whether it is known.
    """

    def __init__(self, app: Flask) -> None:
        super().__init__(app)
        self._post = ThreadPoolExecutor(max_workers=2, thread_name_prefix="mail")

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
        self._post.submit(_send, settings.mail_url.get_secret_value(), letter, template)


def _send(server_url: str, letter: EmailMessage, about: str) -> None:
    try:
        mail.send(server_url, letter)
    except MailFailed as error:
        log.warning("mail failed", action="mail", reason=str(error), about=about)
