"""Gathers the handover kit of one bot, and mails it to its admins once a quarter."""

from collections.abc import Callable
from email.message import EmailMessage
from functools import partial
from pathlib import Path

from bot import __version__
from bot.accounts.connect import Standing
from bot.accounts.credentials import Source
from bot.clock.local import in_words
from bot.flow.letters import Posted, can_mail, send_claimed
from bot.model.account import Account
from bot.model.person import Person, Role
from bot.reports import quarter
from bot.reports.handover import Holder, Keys, Kit, as_text
from bot.store import accounts, answers, letters, nightly, people
from bot.store.engine import Session
from bot.wire import mail
from bot.wiring import Bot


def kit(bot: Bot) -> Kit:
    """All that somebody needs who takes over, as it is now."""
    with bot.store.read() as session:
        rows = [row for row in accounts.all_of(session) if row.name in bot.platforms]
        everybody = people.all_of(session)
        held = _holders(session)
    standings = bot.connections.standings([row.name for row in rows])
    return Kit(
        now=bot.clock(),
        zone=bot.settings.zone,
        titles=platform_titles(bot),
        holders=held,
        accounts=[_keys(bot, row, standings[row.name]) for row in rows],
        places=places(bot),
        admins=[
            f"{one.name} <{one.email}>"
            for one in everybody
            if one.active and one.role == Role.ADMIN
        ],
    )


def platform_titles(bot: Bot) -> dict[str, str]:
    """What people call each Platform that an Account is on."""
    with bot.store.read() as session:
        rows = [row for row in accounts.all_of(session) if row.name in bot.platforms]
    return {row.platform: bot.platforms[row.name].rules.title for row in reversed(rows)}


def places(bot: Bot) -> list[tuple[str, str]]:
    """Where the database, its copies, the posts, the settings and the log are."""
    settings, env = bot.settings, Path(".env")
    return [
        ("The bot", f"version {__version__}, started in {Path.cwd()}"),
        ("Database", _database(bot)),
        ("Copies of it", _copies(bot)),
        ("Posts", str(settings.posts_dir.resolve())),
        ("Settings and keys", str(env.resolve()) if env.exists() else "the environment; no .env"),
        ("Pages", settings.public_url or f"http://127.0.0.1:{settings.port} (bot web)"),
        ("Log", "what bot run and bot web print; with systemd: journalctl -u bot-run -u bot-web"),
        ("How to run it", "docs/running.md, in the bot's folder"),
    ]


def _database(bot: Bot) -> str:
    if bot.store.path is not None:
        return str(bot.store.path.resolve())
    url = bot.store.url
    return f"PostgreSQL: {url.database} on {url.host or 'this machine'}"


def _copies(bot: Bot) -> str:
    if bot.store.path is None:
        return "made by the database's own program (pg_dump), wherever your host keeps them"
    last = nightly.newest(bot.store.path)
    when = f"the newest is of {in_words(last[0], bot.settings.zone)}" if last else "none yet"
    return f"{nightly.folder_of(bot.store.path).resolve()} ({when})"


def _holders(session: Session) -> dict[str, Holder]:
    found = {}
    for thing, row in answers.holders(session).items():
        person, _, deputy = row.said.partition("/")
        found[thing] = Holder(person, deputy, row.answered_at)
    return found


def _keys(bot: Bot, row: Account, standing: Standing) -> Keys:
    lacks = bot.platforms[row.name].missing_settings
    said = {
        Source.ENVIRONMENT: "its keys are in the settings",
        Source.STORED: "connected on a page",
        Source.NONE: "not connected",
    }[standing.source]
    if standing.connected_at is not None:
        said += f" on {in_words(standing.connected_at, bot.settings.zone)}"
    return Keys(
        title=bot.titles[row.name],
        speaks_as=row.display_name or row.remote_id or "never asked who it is",
        said=standing.trouble or said,
        ends_at=standing.expires_at,
        works=not standing.trouble and not lacks,
    )


def send_kits(bot: Bot, is_over: Callable[[], bool] = lambda: False) -> list[Posted]:
    """In the first week of a quarter: mail the kit to every admin who has not had it."""
    name = quarter.to_mail(bot.clock(), bot.settings.zone)
    if name is None or not can_mail(bot):
        return []
    with bot.store.read() as session:
        owed = letters.owed(session, name, bot.clock(), letters.runs_it())
    text = as_text(kit(bot)) if owed else ""
    posted = []
    for person in owed:
        if is_over():
            break
        written = partial(_mail, bot, person, text)
        one = send_claimed(bot, person, name, written, lambda now: now + quarter.AGAIN_AFTER)
        posted += [one] if one is not None else []
    return posted


def _mail(bot: Bot, person: Person, text: str) -> EmailMessage:
    end = "You get this each quarter because you are an admin. What is wrong in it: bot handover\n"
    subject = "Campaign bot: who holds what, and how to take over"
    return mail.compose(bot.settings.mail_from, person.email, subject, f"{text}\n{end}")
