"""What every verb is given: the settings and the bot when it asks for them, and a way to speak.

Standard output carries what was asked for, standard error what went wrong. Nothing is opened until
a verb needs it, so that help and previews work without a database.
"""

import json
import re
import sys
import textwrap
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from bot.platforms.contract import Platform
    from bot.settings import Settings
    from bot.store.engine import Store
    from bot.wiring import Bot

WIDTH = 80
# What a terminal would obey instead of show; a feed's title may carry some.
CONTROL_SIGNS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")


@dataclass(slots=True)
class Door:
    """One run of the command."""

    quiet: bool = False
    plain: bool = False
    debug: bool = False
    in_log: bool = False
    secrets: tuple[str, ...] = field(default=(), repr=False)

    def say(self, text: str = "") -> None:
        """A line for the person who asked."""
        if self.in_log:
            self._log("info", text)
        elif not self.quiet:
            click.echo(fitted(shown(text)) if sys.stdout.isatty() else shown(text))

    def complain(self, text: str) -> None:
        """A line about what went wrong, without any secret."""
        if self.in_log:
            self._log("error", text)
            return
        said = shown(self._without_secrets(text))
        click.echo(fitted(said) if sys.stderr.isatty() else said, err=True)

    def trouble(self, text: str) -> None:
        """Part of the answer that is said even when quiet, then where cron looks for it."""
        if self.quiet:
            self.complain(text)
        else:
            self.say(text)

    def print_json(self, plain: Any) -> None:
        """The answer for machines, and nothing beside it."""
        readable = (sys.stdout.encoding or "").lower().replace("-", "") == "utf8"
        click.echo(json.dumps(plain, ensure_ascii=not readable, indent=2))

    def settings(self) -> "Settings":
        """Settings from the environment and `.env`; SettingsError lists all that is wrong."""
        from bot import settings

        loaded = settings.load()
        self.secrets = loaded.secrets()
        return loaded

    def open(self, *, create: bool = False, with_log: bool = False) -> "Bot":
        """The whole bot on its database; with `create` the database is made when missing."""
        from bot import wiring

        loaded = self.settings()
        wiring.configure_log(loaded, quiet=not with_log)
        if with_log:
            self._keep_log(loaded)
        if create:
            make_room(loaded)
        else:
            self.refuse_missing(loaded)
        return wiring.build(loaded, create=create)

    def platforms(
        self, loaded: "Settings", store: "Store | None" = None
    ) -> "Mapping[str, Platform]":
        """The Platforms alone, with what the database stores for them where there is one."""
        from bot import wiring
        from bot.clock import system_now

        wiring.configure_log(loaded, quiet=True)
        found = wiring.open_platforms(loaded, system_now)
        return found if store is None else wiring.platforms_of(loaded, system_now, store, found)

    def memory(self, loaded: "Settings") -> "Store | None":
        """The database, where there is one that can be read: checking works without."""
        from bot.clock import system_now
        from bot.errors import StoreError
        from bot.store import schema
        from bot.store.engine import Store

        path = database_file(loaded)
        if path is not None and not path.exists():
            return None
        try:
            store = Store(loaded.database_url.get_secret_value(), system_now)
            schema.require_current(store)
        except StoreError:
            return None
        return store

    def refuse_missing(self, loaded: "Settings") -> None:
        """Reading must not leave an empty database file behind."""
        from bot.errors import StoreError

        path = database_file(loaded)
        if path is not None and not path.exists():
            raise StoreError(f"There is no database yet ({path}). Run: bot init")

    def _keep_log(self, loaded: "Settings") -> None:
        """For what runs for months. A log that machines read has no other line in it."""
        from bot import journal

        journal.adopt_the_rest()
        self.in_log = loaded.log_format == "json"

    def _log(self, level: str, text: str) -> None:
        if not text:
            return
        import structlog

        getattr(structlog.get_logger(), level)(shown(text))

    def _without_secrets(self, text: str) -> str:
        if not self.secrets:
            return text
        from bot.wire.redaction import redact

        return redact(text, self.secrets)


def fitted(text: str) -> str:
    """Lines broken between words for a terminal; the exact text of a post (after |) is not."""
    return "\n".join(line for long in text.split("\n") for line in _broken(long))


def _broken(line: str) -> list[str]:
    start = line[: len(line) - len(line.lstrip())]
    if len(line) <= WIDTH or line.lstrip().startswith("|"):
        return [line]
    return textwrap.wrap(
        line,
        WIDTH,
        subsequent_indent=start + "  ",
        break_long_words=False,
        break_on_hyphens=False,
        drop_whitespace=True,
        replace_whitespace=False,
    )


def shown(text: str) -> str:
    """The text without signs that a terminal would obey."""
    return CONTROL_SIGNS.sub("", text)


def database_file(loaded: "Settings") -> Path | None:
    """The SQLite file the settings name; None for PostgreSQL or a database in memory."""
    from bot.store.engine import parse_url

    url = parse_url(loaded.database_url.get_secret_value())
    in_file = url.drivername == "sqlite" and url.database not in {None, "", ":memory:"}
    return Path(str(url.database)) if in_file else None


def make_room(loaded: "Settings") -> None:
    """Make the folder the database file goes into; StoreError where that cannot be."""
    from bot.errors import StoreError

    path = database_file(loaded)
    try:
        if path is not None:
            path.parent.mkdir(parents=True, exist_ok=True)
    except OSError:
        raise StoreError(
            f"The folder {path.parent if path else ''} cannot be made. Check DATABASE_URL."
        ) from None


json_option = click.option(
    "--json", "as_json", is_flag=True, help="Print JSON for machines and nothing else."
)
