"""How articles are shown on the screen: what a feed would bring, and the newest as offers."""

from collections.abc import Mapping, Sequence
from typing import Any

from bot.cli import screen
from bot.cli.door import Door
from bot.cli.teller import Teller
from bot.clock import iso
from bot.intake.byhand import Offered
from bot.reports import words

SHOWN_WHOLE = 10
SHOWN = 40


def show_trial(door: Door, told: Teller, found: Mapping[str, Any]) -> None:
    """Article by article, newest first: what would be posted, or why not."""
    entries = found["items"]
    screen.heading(door, f"{found['feed'].get('title') or found['feed']['url']}")
    whole = 0
    for entry in entries[:SHOWN]:
        door.say()
        date = f" ({told.date(entry['published'])})" if entry["published"] else ""
        screen.heading(door, f"{words.excerpt(entry['title'] or entry['link'])}{date}")
        decision = words.ARTICLE_DECISIONS.get(entry["decision"], entry["decision"])
        reason = f": {entry['reason']}" if entry["reason"] else ""
        door.say(f"  {decision[:1].upper()}{decision[1:]}{reason or '.'}")
        if entry["posts"] and whole < SHOWN_WHOLE:
            whole += 1
            show_posts(door, told, entry["posts"])
    if len(entries) > SHOWN:
        door.say(f"And {words.plural(len(entries) - SHOWN, 'older article')}; --json has them all.")
    if not entries:
        door.say("  0 articles; nothing would come.")


def show_posts(door: Door, told: Teller, posts: Mapping[str, str]) -> None:
    """Each account's text, exactly; the same text is shown once."""
    accounts: dict[str, list[str]] = {}
    for account, text in posts.items():
        accounts.setdefault(text, []).append(told.title(account))
    for text, names in accounts.items():
        door.say(f"  On {' and '.join(names)}:")
        for line in text.split("\n"):
            door.say(f"  | {line}".rstrip())


def show_offers(door: Door, told: Teller, name: str, offers: Sequence[Offered]) -> None:
    """The newest articles as they would be posted, and the command that posts one now."""
    if not offers:
        return
    door.say()
    many = "newest article" if len(offers) == 1 else f"{len(offers)} newest articles"
    screen.heading(door, f"The {many} as they would be posted; none is unless you say so:")
    for offer in offers:
        date = f", {told.date(iso(offer.published_at))}" if offer.published_at else ""
        door.say()
        door.say(f"  Article {offer.article}{date}: {words.excerpt(offer.title)}")
        if offer.reason:
            door.say(f"  {offer.reason}")
        show_posts(door, told, offer.posts)
    door.say()
    door.say(f"To post one now: bot feeds post {quoted(name)} {offers[0].article}")


def quoted(name: str) -> str:
    """A feed's name as it is typed in a command."""
    return f'"{name}"' if " " in name else name
