"""`bot resolve`: a person's answer to "is it up?"."""

import click

from bot import flow
from bot.cli.deciding import actor_option, plain_rows, reason_option
from bot.cli.door import Door
from bot.cli.teller import teller
from bot.decisions.resolve import Answer
from bot.errors import UsageError

ABSENT = {"now": Answer.ABSENT_NOW, "next": Answer.ABSENT_NEXT}
ANSWERS = """Look whether it is up, then answer with one of these:
  It is up:                          bot resolve {target} --sent LINK
  It is not up, send it now:         bot resolve {target} --absent now
  It is not up, next free time:      bot resolve {target} --absent next
  Drop it, whether it is up or not:  bot resolve {target} --drop
Nothing goes wrong by waiting."""


@click.command()
@click.argument("target", metavar="POST")
@click.option("--sent", "url", metavar="LINK", help="It is up; this is its link.")
@click.option("--absent", type=click.Choice(list(ABSENT)), help="It is not up: send it then.")
@click.option("--drop", is_flag=True, help="Leave it, whether it is up or not.")
@reason_option
@actor_option
@click.pass_obj
def command(
    door: Door,
    target: str,
    url: str | None,
    absent: str | None,
    drop: bool,
    reason: str | None,
    actor: str | None,
) -> int:
    """Say whether a post we are not sure of is up.

    POST is its number (12), or the post (P12) where only one account is in doubt. Before it is sent
    again the bot looks once more.

    Example: bot resolve 12 --sent https://x.com/example/status/1234567890
    """
    answer = _answer(target, url, absent, drop)
    bot = door.open()
    delivery, found = flow.answer_doubt(bot, bot.decider(actor, reason), target, answer, url or "")
    row = plain_rows(bot, [delivery.id])[0]
    name = f"{row['post']} on {teller(bot).title(row['account'])} (number {row['delivery']})"
    if found:
        door.say(f"We looked once more and found it: {name} is out. Nothing is sent again.")
    else:
        said = teller(bot).goes_out(row)
        door.say(f"{name}: {said}.")
    if row["due_at"] and row["state"] == "waiting":
        door.say("If the bot is not running: bot run --once")
    else:
        door.say(f"The whole story: bot show {row['post']}")
    return 0


def _answer(target: str, url: str | None, absent: str | None, drop: bool) -> Answer:
    given = [url is not None, absent is not None, drop]
    if sum(given) != 1:
        raise UsageError(ANSWERS.format(target=target))
    if url is not None:
        return Answer.SENT
    return ABSENT[absent] if absent is not None else Answer.DROP
