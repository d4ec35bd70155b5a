"""What `bot report --visits` shows: how many came to the group's site from each post."""

from pathlib import Path

from bot.cli import screen
from bot.cli.door import Door
from bot.cli.teller import teller
from bot.errors import UsageError
from bot.reports import words
from bot.reports.figures import visits
from bot.wiring import Bot


def show(door: Door, bot: Bot, file: Path, *, as_json: bool) -> int:
    """Most visits first; UsageError says what the file lacks."""
    content = _content(file)
    with bot.store.read() as session:
        rows = visits.rows(session, content, file.name, bot.clock())
    if as_json:
        door.print_json(rows)
        return 0
    if not rows:
        door.say("No post of the last year has tagged links, and the file names no tags.")
        door.say("Tag links from now on: write utm: yes in a post, or set UTM_CAMPAIGNS.")
        return 0
    told = teller(bot)
    screen.table(
        door,
        ("Posts", "Accounts", "Tags", "Note", "Visits"),
        [
            (
                ", ".join(row["posts"]),
                ", ".join(told.title(name) for name in row["accounts"]),
                ", ".join(row[tag] for tag in reversed(visits.TAGS) if row[tag]),
                row["reason"] or "",
                words.count(row["visits"]),
            )
            for row in rows
        ],
        numbers=1,
    )
    door.say("The same for a machine: bot report --visits FILE.csv --json")
    return 0


def _content(file: Path) -> bytes:
    """No more of the file than may be read."""
    try:
        with file.open("rb") as opened:
            return opened.read(visits.MAX_BYTES + 1)
    except OSError:
        raise UsageError(f"{file} is not there, or cannot be read.") from None
