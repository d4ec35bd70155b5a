"""`bot show`: the story of one post, with its times, tries, decisions and counts."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

import click

from bot.cli import screen
from bot.cli.door import Door, json_option
from bot.cli.teller import Teller, teller
from bot.errors import NotFound
from bot.intake.foldersheets import MARK
from bot.model.delivery import State
from bot.reports import queue, words
from bot.store import deliveries
from bot.wiring import Bot

# Whose posts have a name of their own in the posts folder or in a sheet.
KEYED = ("folder", "sheet")

SHOWN_TIMES = 2
COUNT_NOUNS = {"link_clicks": "link clicks", "profile_clicks": "profile clicks"}


@click.command()
@click.argument("target", metavar="POST")
@json_option
@click.pass_obj
def command(door: Door, target: str, as_json: bool) -> int:
    """One post: its times, tries, decisions and counts.

    POST is a post (P12) or one of its numbers (12).

    Example: bot show P12
    """
    bot = door.open()
    with bot.store.read() as session:
        story = queue.story(session, _post_id(bot, target))
    if as_json:
        door.print_json(story)
        return 0
    _tell(door, teller(bot), story)
    return 0


def _post_id(bot: Bot, target: str) -> int:
    match = re.fullmatch(r"([Pp]?)(\d{1,9})", target.strip())
    if match is None:
        raise NotFound(f"“{target}” is no post (P12) and no number (12). See: bot queue")
    if match[1]:
        return int(match[2])
    with bot.store.read() as session:
        return deliveries.get(session, int(match[2])).post_id


def _tell(door: Door, told: Teller, story: Mapping[str, Any]) -> None:
    screen.heading(door, f"{story['post']}: “{words.excerpt(story['text'])}”")
    source = words.SOURCES.get(story["source"], story["source"])
    place = f" ({story['key'].removeprefix(MARK)})" if story["source"] in KEYED else ""
    author = words.actor(story["author"])
    door.say(f"From {source}{place}, {told.date(story['created_at'])}, by {author}.")
    if story["campaign"] or story["labels"]:
        labels = ", ".join(story["labels"]) or "none"
        door.say(f"Campaign: {story['campaign'] or 'none'}. Labels: {labels}.")
    if story["article"]:
        _tell_article(door, told, story["article"])
    if story["template"]:
        door.say(f"Made with the template {story['template']}.")
    if story["recurrence"]:
        _tell_recurrence(door, told, story["recurrence"])
    shown = _newest(story["deliveries"])
    if len(shown) < len(story["deliveries"]):
        hidden = words.plural(len(story["deliveries"]) - len(shown), "earlier time")
        door.say(f"{hidden} not shown here: bot show {story['post']} --json")
    for row in shown:
        door.say()
        _tell_account(door, told, row)
    if story["decisions"]:
        door.say()
        screen.heading(door, "Decisions")
    for made in story["decisions"]:
        what = words.DECISIONS.get(made["verb"], made["verb"])
        why = f": {made['reason']}" if made["reason"] else ""
        door.say(f"  {told.date(made['made_at'])}: {words.actor(made['actor'])} {what}{why}")
    door.say()
    steps = [told.next_step([row]) for row in story["deliveries"]]
    door.say(next(filter(None, steps), "Nothing needs you here. All posts: bot queue"))


def _newest(rows: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Of a post that went out many times on an account, the newest times."""
    last: dict[str, int] = {}
    for row in rows:
        last[row["account"]] = max(row["round"], last.get(row["account"], 0))
    return [row for row in rows if row["round"] > last[row["account"]] - SHOWN_TIMES]


def _tell_recurrence(door: Door, told: Teller, found: Mapping[str, Any]) -> None:
    """How often, until when, and what comes next on each account."""
    until = told.day(found["until"])
    door.say(f"Repeated every {found['every']} until {until}.")
    for one in found["accounts"]:
        door.say(f"  {told.title(one['account'])}: {_next_time(told, one)}.")


def _next_time(told: Teller, one: Mapping[str, Any]) -> str:
    if one["stopped"]:
        return words.STOPS[one["stopped"]]
    if one["wording"] is None:
        return "nothing further is planned"
    when = told.date(one["next_due_at"]) if one["next_due_at"] else "no time yet"
    return f"next {when}, in wording {one['wording']} of {one['wordings']}"


def _tell_article(door: Door, told: Teller, article: Mapping[str, Any]) -> None:
    """Which article it is, where the words come from, and why this sentence is quoted."""
    by = ", by ".join(filter(None, (article["site"], article["author"])))
    where = "its page" if article["source"] == "page" else "the feed's own words"
    dated = f", {told.date(article['published'])}" if article["published"] else ""
    door.say(
        f"Article of the feed {article['feed']}: “{article['title']}” ({by or 'no name'}{dated})."
    )
    door.say(f"  {article['link']}")
    if article["reason"]:
        door.say(f"  {article['reason']}")
    door.say(f"  Its words come from {where}.")
    for account, quotation in article["quotations"].items():
        said = f"quotes a sentence {quotation['why']}" if quotation else "quotes nothing"
        door.say(f"  On {told.title(account)} it {said}.")


def _tell_account(door: Door, told: Teller, row: Mapping[str, Any]) -> None:
    if row["state"] == State.SENT:
        gone = f" It was gone there {told.date(row['gone_at'])}." if row["gone_at"] else ""
        twice = " Perhaps twice." if row["to_be_noted"] else ""
        stands = f"went out {told.date(row['sent_at'])}.{twice}{gone}"
    else:
        stands = told.goes_out(row)
    name = f"{told.title(row['account'])} (number {row['delivery']})"
    screen.heading(door, f"{name}: {stands}")
    if row["reason"] and row["reason"].rstrip(".") not in stands and not told.holder(row):
        door.say(f"  {row['reason']}")
    for text, link, images in zip(row["parts"], row["links"], row["images"], strict=True):
        for line in text.split("\n"):
            door.say(f"  | {line}".rstrip())
        if link:
            door.say(f"  Link card: {link}")
        for image in images:
            door.say(f"  Picture: {image['alt']}" if image["alt"] else "  Picture without alt text")
    for line in told.evidence(row) or row["urls"]:
        door.say(f"  {line}")
    _tell_tries(door, told, row)
    counts = _counts(row["counts"])
    if counts:
        door.say(f"  Counts: {counts}")


def _tell_tries(door: Door, told: Teller, row: Mapping[str, Any]) -> None:
    many = len(row["parts"]) > 1
    for attempt in row["attempts"]:
        part = f", part {attempt['part']}" if many else ""
        outcome = words.OUTCOMES.get(attempt["outcome"], attempt["outcome"])
        reason = f". {attempt['reason']}" if attempt["reason"] else ""
        codes = [str(code) for code in (attempt["status"], attempt["code"]) if code]
        shown = f" ({'/'.join(codes)})" if codes and attempt["outcome"] != "sent" else ""
        door.say(
            f"  Try {attempt['n']}{part}, {told.date(attempt['started_at'])}: "
            f"{outcome}{reason}{shown}"
        )


def _counts(counts: Mapping[str, int | None]) -> str:
    return ", ".join(
        f"{number:,} {COUNT_NOUNS.get(name, name)}"
        for name, number in counts.items()
        if number is not None
    )
