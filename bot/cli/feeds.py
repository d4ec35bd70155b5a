"""`bot feeds`: web addresses whose new articles become posts."""

import itertools
import re
from typing import Any
from urllib.parse import urlsplit

import click

from bot import flow
from bot.cli import screen
from bot.cli.door import Door, json_option
from bot.cli.feedchoice import chosen
from bot.cli.teller import teller
from bot.clock import iso
from bot.errors import UsageError
from bot.intake.feedfind import SeveralFeeds
from bot.reports import words
from bot.store import feeds
from bot.wiring import Bot


@click.group()
def command() -> None:
    """Turn new articles into posts.

    The first time a feed is read, its articles are only remembered; each later one becomes a post.

    Example: bot feeds add https://example.org/feed.xml --review
    """


@command.command("list")
@json_option
@click.pass_obj
def list_(door: Door, as_json: bool) -> int:
    """Which feeds are read, and how that went.

    Example: bot feeds list
    """
    bot = door.open()
    bot.feeds.sync()
    found = _feeds(bot)
    if as_json:
        door.print_json(found)
        return 0
    told = teller(bot)
    for row in found:
        screen.heading(door, f"{row['name']}: {row['url']}")
        mode = "straight to the queue" if row["options"].get("mode") == "queue" else "to approve"
        door.say(f"  New articles: {mode}. Last read: {told.date(row['last_read_at'])}.")
        if row["stopped_at"]:
            door.say("  Not read any more.")
        if row["last_error"]:
            door.trouble(f"  {row['last_error']}")
    door.say("Read them now: bot feeds poll" if found else "No feed yet: bot feeds add URL")
    return 0


@command.command("add")
@click.argument("url")
@click.option("--name", help="What to call it; else the site's name, numbered where it is taken.")
@click.option("--review/--queue", default=True, help="Approve each post first (usual), or not.")
@click.option("--account", "accounts", multiple=True, help="Only for this one; may be repeated.")
@click.option("--campaign", help="The campaign its posts belong to.")
@click.option("--label", "labels", multiple=True, help="A label for its posts; may be repeated.")
@click.pass_obj
def add(
    door: Door,
    url: str,
    name: str | None,
    review: bool,
    accounts: tuple[str, ...],
    campaign: str | None,
    labels: tuple[str, ...],
) -> int:
    """Read this feed, or the feed behind this page, from now on.

    Example: bot feeds add https://example.org/feed.xml --review --campaign honduras
    """
    if not url.startswith(("https://", "http://")):
        raise UsageError(
            f"“{url}” is not a web address. Write it in full: https://example.org/feed"
        )
    bot = door.open(create=True)
    for account in accounts:
        flow.platform_of(bot, account)
    called = name or _free_name(bot, _name_from(url))
    options = _options(review, accounts, campaign, labels)
    try:
        result = bot.feeds.add(called, url, options)
    except SeveralFeeds as several:
        url = chosen(door, several)
        result = bot.feeds.add(called, url, options)
    url = next(row["url"] for row in _feeds(bot) if row["name"] == called)
    there = words.plural(result.skipped, "article")
    door.say(f"{called} is read from now on. What stands there now ({there}) is only remembered.")
    door.say(
        "New articles wait for your approval." if review else "New articles go out by themselves."
    )
    if name is None:
        door.say("Another name for it is given with --name when it is added.")
    door.say(f"See what it would bring: bot feeds test {url}")
    return 0


@command.command("test")
@click.argument("url")
@json_option
@click.pass_obj
def test(door: Door, url: str, as_json: bool) -> int:
    """What a feed would bring; nothing is kept.

    Example: bot feeds test https://example.org/feed.xml
    """
    found = door.open(create=True).feeds.test(url)
    if as_json:
        door.print_json(found)
        return 0
    screen.heading(door, f"{found['feed'].get('title') or url}")
    for entry in found["items"]:
        decision = words.ARTICLE_DECISIONS.get(entry["decision"], entry["decision"])
        door.say(f"  {words.excerpt(entry['title'])}: {decision}")
        if entry["reason"]:
            door.say(f"    {entry['reason']}")
    if not found["items"]:
        door.say("  0 articles; nothing would come.")
    door.say(f"Read it from now on: bot feeds add {url}")
    return 0


@command.command("poll")
@click.argument("name", required=False)
@click.pass_obj
def poll(door: Door, name: str | None) -> int:
    """Read the feeds now, not at their next time.

    Example: bot feeds poll
    """
    bot = door.open()
    bot.feeds.sync()
    names = [name] if name else [row["name"] for row in _feeds(bot) if not row["stopped_at"]]
    if not names:
        door.say("No feed yet: bot feeds add URL")
        return 0
    failed = 0
    for one in names:
        result = bot.feeds.poll(one)
        if result.error:
            failed += 1
            door.trouble(f"{one}: {result.error}")
            continue
        door.say(f"{one}: {words.plural(result.new, 'new article')}.")
        if result.refused:
            door.trouble(
                f"{one}: {words.plural(result.refused, 'article')} could not become a post."
            )
    flow.plan(bot)
    door.say("See what waits: bot queue")
    return 1 if failed else 0


def _options(
    review: bool, accounts: tuple[str, ...], campaign: str | None, labels: tuple[str, ...]
) -> dict[str, Any]:
    given = {
        "mode": "review" if review else "queue",
        "accounts": list(accounts),
        "campaign": campaign,
        "labels": list(labels),
    }
    return {name: value for name, value in given.items() if value}


def _name_from(url: str) -> str:
    """`example.org` for https://www.example.org/feed.xml."""
    host = (urlsplit(url).hostname or "feed").removeprefix("www.")
    return re.sub(r"[^\w.-]", "-", host)[:60]


def _free_name(bot: Bot, wanted: str) -> str:
    """The name, numbered where another feed has it: example.org-2."""
    taken = {row["name"] for row in _feeds(bot)}
    numbered = (f"{wanted}-{n}" for n in itertools.count(2))
    return wanted if wanted not in taken else next(name for name in numbered if name not in taken)


def _feeds(bot: Bot) -> list[dict[str, Any]]:
    bot.feeds.sync()
    with bot.store.read() as session:
        return [
            {
                "name": row.name,
                "url": row.url,
                "title": row.title,
                "owner": row.owner,
                "options": row.options,
                "last_read_at": iso(row.last_read_at),
                "next_check_at": iso(row.next_check_at),
                "errors": row.errors,
                "last_error": row.last_error,
                "stopped_at": iso(row.stopped_at),
            }
            for row in feeds.all_of(session)
        ]
