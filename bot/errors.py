"""The errors a room may raise.

Each says what happened, to what, and what to do now, in words a volunteer can act on. Platforms do
not raise: they return Outcomes. Doors turn both into text and an exit code.
"""

from datetime import datetime


class BotError(Exception):
    """Something is wrong that the person at the door can put right."""

    exit_code = 1


class UsageError(BotError):
    """The command or its arguments cannot be understood."""

    exit_code = 2


class SettingsError(BotError):
    """One or more settings are wrong or missing; all are listed at once, without their values."""

    exit_code = 2


class StoreError(BotError):
    """The database cannot be used: missing, locked, full, damaged or from another version."""


class Outgrown(StoreError):
    """The database was changed in a way that this version of the bot cannot work with."""


class NotFound(BotError):
    """No post, delivery, account or feed goes by that name."""

    exit_code = 2


class NotAllowed(BotError):
    """The decision does not fit the state the delivery is in."""


class CannotLook(NotAllowed):
    """Sending again was asked for, and whether it is up could not be looked at just now."""


class PostInvalid(BotError):
    """What was written cannot become a Post; `line` is 1-based, or None where no line applies."""

    def __init__(self, reason: str, *, line: int | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.line = line


class FetchFailed(BotError):
    """A web address could not be read within the limits set for it."""

    def __init__(
        self, reason: str, *, gone: bool = False, retry_at: datetime | None = None
    ) -> None:
        super().__init__(reason)
        self.gone = gone
        self.retry_at = retry_at


class MailFailed(BotError):
    """A mail could not be handed to the group's mail server."""


class MailUnsure(MailFailed):
    """The line broke after the mail was handed over: the server may have taken it."""


class AlreadyRunning(BotError):
    """Another heartbeat owns this database."""
