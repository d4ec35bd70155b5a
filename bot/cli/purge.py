"""`bot purge`: carries out what is kept for how long, or says what would go."""

from typing import Any

import click

from bot.cli.door import Door, json_option
from bot.store import retention


@click.command()
@click.option("--dry-run", is_flag=True, help="Only say what would go.")
@json_option
@click.pass_obj
def command(door: Door, dry_run: bool, as_json: bool) -> int:
    """Let go of what is past its time; figures stay as they are.

    The running bot does it every night. The newest counts of every post stay for good.

    Example: bot purge --dry-run
    """
    bot = door.open()
    went = retention.purge(bot.store, bot.clock(), dry_run=dry_run)
    rows = [
        {"rule": rule.name, "says": rule.says, "why": rule.why, "rows": went[rule.name]}
        for rule in retention.RULES
    ]
    if as_json:
        door.print_json({"dry_run": dry_run, "rules": rows})
        return 0
    for row in rows:
        if row["rows"]:
            door.say(_line(row))
    if not any(went.values()):
        door.say("Nothing is past its time.")
    elif dry_run:
        door.say("Nothing was changed. To let it go: bot purge")
    return 0


def _line(row: dict[str, Any]) -> str:
    return f"{row['rows']:,}  {row['says']} ({row['why']})."
