"""`bot feeds`: web addresses whose new articles become posts."""

import itertools
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

import click

from bot import flow
from bot.alerts import feeds as silent_feeds
from bot.cli import screen
from bot.cli.deciding import actor_option, tell
from bot.cli.door import Door, json_option
from bot.cli.feedchoice import chosen
from bot.cli.feedrules import CLEARABLE, chosen_rules, rule_options, rules_in_words
from bot.cli.feedscreens import quoted, show_offers, show_trial
from bot.cli.teller import Teller, teller
from bot.clock import iso
from bot.errors import UsageError
from bot.intake import feedfile
from bot.intake.feedfind import SeveralFeeds
from bot.reports import words
from bot.store import articles, feeds
from bot.wiring import Bot

# So many approved as they came, and the feed may be trusted.
TRUSTED_AFTER = 20


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
    """Which feeds are read, by which rules, and how that went.

    Example: bot feeds list
    """
    bot = door.open()
    found = _feeds(bot)
    if as_json:
        door.print_json(found)
        return 0
    told = teller(bot)
    for row in found:
        screen.heading(door, f"{row['name']}: {row['url']}")
        for line in _told(told, row):
            door.say(f"  {line}")
        if row["last_error"]:
            door.trouble(f"  {row['last_error']}")
        if row["silent"]:
            door.say(f"  {row['silent']}")
    door.say("Read them now: bot feeds poll" if found else "No feed yet: bot feeds add URL")
    return 0


def _told(told: Teller, row: Mapping[str, Any]) -> list[str]:
    mode = "straight to the queue" if row["options"].get("mode") == "queue" else "to approve"
    lines = [f"New articles: {mode}. Last read: {told.date(row['last_read_at'])}."]
    if row["line"]:
        lines.append(f"Declared in {feedfile.FILE_NAME}, line {row['line']}; change it there.")
    if row["stopped_at"]:
        lines.append("Not read any more.")
    if row["accepted_in_a_row"] >= TRUSTED_AFTER and row["options"].get("mode") != "queue":
        where = f'write mode = "queue" in {feedfile.FILE_NAME}'
        how = where if row["line"] else f"bot feeds set {quoted(row['name'])} --queue"
        lines.append(
            f"Its last {row['accepted_in_a_row']} articles were approved as they came. To queue "
            f"the next ones without a review: {how}"
        )
    return [*lines, *rules_in_words(row["options"])]


@command.command("add")
@click.argument("url")
@click.option("--name", help="What to call it; else the site's name, numbered where it is taken.")
@click.option("--review/--queue", default=True, help="Approve each post first (usual), or not.")
@rule_options
@click.pass_obj
def add(door: Door, /, url: str, name: str | None, review: bool, **rules: Any) -> int:
    """Read this feed, or the feed behind this page, from now on.

    Ends with the newest articles as they would be posted. Nothing is posted by adding a feed.

    Example: bot feeds add https://example.org/feed.xml --include Honduras --max-per-day 2
    """
    if not url.startswith(("https://", "http://")):
        raise UsageError(
            f"“{url}” is not a web address. Write it in full: https://example.org/feed"
        )
    bot = door.open(create=True)
    options = {**chosen_rules(rules), **({} if review else {"mode": "queue"})}
    for account in (*options.get("accounts", ()), *options.get("without_link", ())):
        bot.platform_named(account)
    called = name or _free_name(bot, _name_from(url))
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
    with bot.feeds.reader:
        offers = bot.feeds.by_hand.offer(called, result.parsed)
    show_offers(door, teller(bot), called, offers)
    return 0


@command.command("set")
@click.argument("name")
@click.option("--review/--queue", default=None, help="Approve each post first (usual), or not.")
@rule_options
@click.option(
    "--clear",
    multiple=True,
    metavar="RULE",
    type=click.Choice(CLEARABLE),
    help="Take this rule away. May be repeated.",
)
@click.pass_obj
def set_(
    door: Door, /, name: str, review: bool | None, clear: tuple[str, ...], **rules: Any
) -> int:
    """Change the rules of a feed.

    What you name here replaces that rule; the others stay. Articles seen already stay as decided.

    Example: bot feeds set news --exclude sport --exclude "press release"
    """
    bot = door.open()
    mode = {} if review is None else {"mode": "review" if review else "queue"}
    row = bot.feeds.change(name, {**chosen_rules(rules), **mode}, clear)
    how = "straight to the queue" if row.options.get("mode") == "queue" else "to approve"
    door.say(f"{name}: new articles {how}.")
    for line in rules_in_words(row.options):
        door.say(f"  {line}")
    door.say(f"See what it would bring: bot feeds test {row.url}")
    return 0


@command.command("post")
@click.argument("name")
@click.argument("article", required=False, type=int)
@actor_option
@click.pass_obj
def post(door: Door, name: str, article: int | None, actor: str | None) -> int:
    """Post one article of a feed now, whatever its rules say.

    ARTICLE is its number as shown by: bot feeds post NAME

    Example: bot feeds post news 12
    """
    bot = door.open()
    told = teller(bot)
    by = actor or bot.decider().actor
    with bot.feeds.reader:
        if article is None:
            show_offers(door, told, name, bot.feeds.by_hand.offer(name))
            return 0
        admitted = bot.feeds.by_hand.post(name, article, by)
    flow.plan(bot)
    for said in admitted.errors:
        door.trouble(said)
    tell(door, bot, admitted.deliveries, "")
    door.say(f"The exact words: bot show {admitted.post.name}")
    return 0


@command.command("test")
@click.argument("url")
@rule_options
@json_option
@click.pass_obj
def test(door: Door, /, url: str, as_json: bool, **rules: Any) -> int:
    """What a feed would bring; nothing is kept.

    With rules, it is shown what they would do.

    Example: bot feeds test https://example.org/feed.xml
    """
    bot = door.open(create=True)
    if not as_json:
        door.complain("Reading the feed and the pages of its articles, a second for each ...")
    found = bot.feeds.test(url, chosen_rules(rules))
    if as_json:
        door.print_json(found)
        return 0
    show_trial(door, teller(bot), found)
    if not found["feed"]["known"]:
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
    silent = silent_feeds.silent(bot.store, bot.clock(), bot.settings.zone)
    lines = bot.feeds.lines()
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
                "line": lines.get(row.name) if row.owner == "file" else None,
                "silent": silent.get(row.name),
                "accepted_in_a_row": articles.accepted_in_a_row(session, row.id),
            }
            for row in feeds.all_of(session)
        ]
