"""What `bot report --imprints` shows: what went out, and where its imprint stood."""

from datetime import datetime

from bot.cli import screen
from bot.cli.door import Door
from bot.cli.teller import teller
from bot.reports import imprints, words
from bot.wiring import Bot

PLACES = {
    "post": "in the post",
    "profile": "in the profile",
    "pinned": "in the pinned post",
    "link": "on the page it links to",
    "none": "none",
}


def show(
    door: Door, bot: Bot, since: datetime | None, account: str | None, *, as_json: bool
) -> int:
    """Every public part since then, oldest first."""
    with bot.store.read() as session:
        rows = imprints.rows(session, since=since, account=account)
    if as_json:
        door.print_json(rows)
        return 0
    if not rows:
        door.say("Nothing is out yet, or nothing fits what you asked for.")
        return 0
    told = teller(bot)
    short = not screen.is_plain(door)
    screen.table(
        door,
        ("Post", "Account", "Went out", "Imprint", "Why", "Approved by"),
        [
            (
                row["post"],
                told.title(row["account"]),
                told.date(row["sent_at"], short=short),
                PLACES[row["place"]],
                row["reason"] or "",
                words.actor(row["approver"]) if row["approver"] else "",
            )
            for row in rows
        ],
    )
    door.say("Every word, for the record: bot report --imprints --json")
    return 0
