"""Sends one mail through the group's mail server, within a deadline.

`smtp://` speaks STARTTLS wherever the server is not this machine, `smtps://` speaks TLS from the
start. A mail that could not be handed over raises MailFailed; nothing is tried twice here.
"""

import smtplib
import ssl
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from urllib.parse import unquote, urlsplit

from bot.errors import MailFailed

TIMEOUT_SECONDS = 10
PORTS = {"smtp": 587, "smtps": 465}
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


def send(server_url: str, mail: EmailMessage) -> None:
    """Hand one mail to the server; MailFailed says what went wrong, without any secret."""
    parts = urlsplit(server_url)
    if parts.scheme not in PORTS or not parts.hostname:
        raise MailFailed("MAIL_URL is no mail server. Write smtp://user:password@host:587")
    try:
        with _connected(parts.scheme, parts.hostname, parts.port) as server:
            if parts.username:
                server.login(unquote(parts.username), unquote(parts.password or ""))
            server.send_message(mail)
    except (OSError, smtplib.SMTPException) as error:
        raise MailFailed(
            f"The mail server did not take the mail ({type(error).__name__})."
        ) from None


def _connected(scheme: str, host: str, port: int | None) -> smtplib.SMTP:
    at = port or PORTS[scheme]
    if scheme == "smtps":
        secure = ssl.create_default_context()
        return smtplib.SMTP_SSL(host, at, timeout=TIMEOUT_SECONDS, context=secure)
    server = smtplib.SMTP(host, at, timeout=TIMEOUT_SECONDS)
    if host not in LOOPBACK:
        server.starttls(context=ssl.create_default_context())
    return server
