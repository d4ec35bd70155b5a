"""Sends one mail through the group's mail server, within a deadline.

`smtp://` speaks STARTTLS wherever the server is not this machine, `smtps://` speaks TLS from the
start. A mail that could not be handed over raises MailFailed, and MailUnsure where the server may
have taken it; nothing is tried twice here.
"""

import contextlib
import smtplib
import ssl
from collections.abc import Mapping
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from typing import Any
from urllib.parse import unquote, urlsplit

from bot.errors import MailFailed, MailUnsure

TIMEOUT_SECONDS = 10
PORTS = {"smtp": 587, "smtps": 465}
# The server's own words: whatever they refuse did not go.
ANSWERS = (smtplib.SMTPResponseException, smtplib.SMTPRecipientsRefused)
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


def compose(sender: str, recipient: str, subject: str, body: str) -> EmailMessage:
    """A plain-text mail."""
    mail = EmailMessage()
    mail["From"], mail["To"] = sender, recipient
    mail["Subject"] = " ".join(subject.split())
    mail["Date"], mail["Message-ID"] = formatdate(), make_msgid(domain="campaign.invalid")
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(body)
    return mail


def with_page(mail: EmailMessage, page: str, pictures: Mapping[str, bytes]) -> None:
    """Add the same as HTML, with the PNG pictures it shows by `cid:` and their name.

    Nothing in it is fetched from anywhere, so that nobody can see whether it was opened.
    """
    mail.add_alternative(page, subtype="html")
    *_, html = mail.iter_parts()
    for name, content in pictures.items():
        html.add_related(content, "image", "png", cid=f"<{name}>", disposition="inline")


def send(server_url: str, mail: EmailMessage) -> None:
    """Hand one mail to the server; MailFailed says what went wrong, without any secret."""
    parts = urlsplit(server_url)
    if parts.scheme not in PORTS or not parts.hostname:
        raise MailFailed("MAIL_URL is no mail server. Write smtp://user:password@host:587")
    try:
        line = _connected(parts.scheme, parts.hostname, parts.port)
    except (OSError, smtplib.SMTPException) as error:
        raise _failed(MailFailed, error) from None
    with contextlib.closing(line):
        try:
            if parts.username:
                line.login(unquote(parts.username), unquote(parts.password or ""))
            line.send_message(mail)
        except (OSError, smtplib.SMTPException) as error:
            unsure = line.has_handed_over and not isinstance(error, ANSWERS)
            raise _failed(MailUnsure if unsure else MailFailed, error) from None
        # It is taken: how the goodbye goes changes nothing.
        with contextlib.suppress(OSError, smtplib.SMTPException):
            line.quit()


def _failed(kind: type[MailFailed], error: Exception) -> MailFailed:
    return kind(f"The mail server did not take the mail ({type(error).__name__}).")


class _Line(smtplib.SMTP):
    """A talk with a mail server that notes when the mail itself begins to leave."""

    has_handed_over = False

    def data(self, msg: Any) -> tuple[int, bytes]:
        self.has_handed_over = True
        return super().data(msg)


class _SecureLine(_Line, smtplib.SMTP_SSL):
    """The same, with TLS from the start."""


def _connected(scheme: str, host: str, port: int | None) -> _Line:
    at = port or PORTS[scheme]
    if scheme == "smtps":
        secure = ssl.create_default_context()
        return _SecureLine(host, at, timeout=TIMEOUT_SECONDS, context=secure)
    line = _Line(host, at, timeout=TIMEOUT_SECONDS)
    if host not in LOOPBACK:
        try:
            line.starttls(context=ssl.create_default_context())
        except BaseException:
            line.close()
            raise
    return line
