"""`bot resolve`: a person's answer to "is it up?"; without one, the question itself."""

import sys

import click

from bot import flow
from bot.cli.deciding import actor_option, plain_rows, reason_option
from bot.cli.door import Door
from bot.cli.teller import Row, Teller, teller
from bot.decisions.record import Decider
from bot.decisions.resolve import Answer
from bot.errors import CannotLook, UsageError
from bot.model.delivery import Delivery
from bot.reports import words
from bot.wiring import Bot

ABSENT = {"now": Answer.ABSENT_NOW, "next": Answer.ABSENT_NEXT}
ANSWERS = """Look whether it is up, then answer with one of these:
  It is up:                          bot resolve {target} --sent LINK
  It is not up, send it now:         bot resolve {target} --absent now
  It is not up, next free time:      bot resolve {target} --absent next
  Drop it, whether it is up or not:  bot resolve {target} --drop
Nothing goes wrong by waiting."""
CHOICES: tuple[tuple[str, Answer], ...] = (
    ("It is up", Answer.SENT),
    ("It is not up, send it now", Answer.ABSENT_NOW),
    ("It is not up, send it at the next free time", Answer.ABSENT_NEXT),
    ("Drop it, whether it is up or not", Answer.DROP),
)


@click.command()
@click.argument("target", metavar="POST")
@click.option("--sent", "url", metavar="LINK", help="It is up; this is its link.")
@click.option("--absent", type=click.Choice(list(ABSENT)), help="It is not up: send it then.")
@click.option("--drop", is_flag=True, help="Leave it, whether it is up or not.")
@click.option("--sure", is_flag=True, help="Send it even if the bot cannot look once more.")
@reason_option
@actor_option
@click.pass_obj
def command(
    door: Door,
    target: str,
    url: str | None,
    absent: str | None,
    drop: bool,
    sure: bool,
    reason: str | None,
    actor: str | None,
) -> int:
    """Say whether a post we are not sure of is up.

    POST is its number (12), or the post (P12) where only one account is in doubt. Whatever you
    answer, the bot looks once more first. Without an answer it shows what it knows, and asks.

    Example: bot resolve 12 --sent https://x.com/example/status/1234567890
    """
    answer = _answer(url, absent, drop)
    bot = door.open()
    if answer is None:
        answer, url = _asked(door, bot, target)
    decider = bot.decider(actor, reason)
    delivery, found = _answered(bot, decider, target, answer, url or "", sure=sure)
    _tell(door, bot, delivery, found=found)
    return 0


def _answer(url: str | None, absent: str | None, drop: bool) -> Answer | None:
    given = [url is not None, absent is not None, drop]
    if sum(given) > 1:
        raise UsageError(
            "Give one answer only: --sent LINK, --absent now, --absent next or --drop."
        )
    if url is not None:
        return Answer.SENT
    if absent is not None:
        return ABSENT[absent]
    return Answer.DROP if drop else None


def _asked(door: Door, bot: Bot, target: str) -> tuple[Answer, str]:
    """What is known, and the four answers, put to the person at the terminal."""
    told, row = teller(bot), plain_rows(bot, [flow.in_doubt(bot, target).id])[0]
    if not sys.stdin.isatty():
        raise UsageError("\n".join((*_known(told, row), ANSWERS.format(target=target))))
    for line in _known(told, row):
        door.say(line)
    for number, (said, _) in enumerate(CHOICES, 1):
        door.say(f"  {number}  {said}")
    door.say("Nothing goes wrong by waiting: Ctrl-C leaves it as it is.")
    picked: int = click.prompt("Which", type=click.IntRange(1, len(CHOICES)))
    answer = CHOICES[picked - 1][1]
    url: str = click.prompt("Its link") if answer == Answer.SENT else ""
    return answer, url


def _known(told: Teller, row: Row) -> list[str]:
    known = [row["reason"] or "", *told.evidence(row)]
    return [f"{_name(told, row)}: {told.state(row)}", *(f"  {line}" for line in known if line)]


def _answered(
    bot: Bot, decider: Decider, target: str, answer: Answer, url: str, *, sure: bool
) -> tuple[Delivery, bool]:
    """The answer applied; where the bot cannot look, the person at the terminal is asked again."""
    try:
        return flow.answer_doubt(bot, decider, target, answer, url, sure=sure)
    except CannotLook as error:
        if not sys.stdin.isatty():
            raise
        click.echo(str(error))
        click.confirm("Are you sure that it is not there?", default=False, abort=True)
    return flow.answer_doubt(bot, decider, target, answer, url, sure=True)


def _name(told: Teller, row: Row) -> str:
    return f"{row['post']} on {told.title(row['account'])} (number {row['delivery']})"


def _tell(door: Door, bot: Bot, delivery: Delivery, *, found: bool) -> None:
    told, row = teller(bot), plain_rows(bot, [delivery.id])[0]
    name = _name(told, row)
    link = f" {row['urls'][-1]}" if row["urls"] else ""
    if found and row["state"] == "sent":
        door.say(f"We looked once more and found it: {name} is out. Nothing is sent again.{link}")
    elif found:
        rest = words.state(row["state"], row["holds"])
        door.say(
            f"We looked once more and found that part: {name}.{link} The rest of it is {rest}."
        )
    else:
        door.say(f"{name}: {told.goes_out(row)}.{link}")
    if row["due_at"] and row["state"] == "waiting":
        door.say("If the bot is not running: bot run --once")
    else:
        door.say(f"The whole story: bot show {row['post']}")
