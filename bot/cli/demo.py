"""`bot demo`: the whole thing at work on simulated platforms, with a database of its own."""

import signal
import threading

import click

from bot.cli.door import Door
from bot.cli.screen import is_plain
from bot.settings import duration


def _seconds(_context: click.Context, _option: click.Parameter, value: str | None) -> float | None:
    if value is None:
        return None
    try:
        return duration(value).total_seconds()
    except ValueError as error:
        raise click.BadParameter(str(error)) from None


@click.command()
@click.option("--for", "run_for", metavar="TIME", callback=_seconds, help="End after e.g. 60s.")
@click.pass_obj
def command(door: Door, run_for: float | None) -> None:
    """Watch posts go out on simulated platforms; nothing leaves this machine.

    Press c to cut the line in the middle of a post and see it go out once all the same. Ends by
    itself with --for, else with q or Ctrl-C.

    Example: bot demo --for 60s
    """
    from bot.cli.demo_screen import Screen
    from bot.cli.demo_stage import Stage

    ended = threading.Event()
    previous = signal.signal(signal.SIGTERM, lambda *_: ended.set())
    try:
        with Stage() as stage:
            screen = Screen(stage, ended, run_for, is_plain=is_plain(door))
            try:
                screen.play()
            except KeyboardInterrupt:
                ended.set()
            screen.farewell()
    except KeyboardInterrupt:
        click.echo("Ended.")
    finally:
        signal.signal(signal.SIGTERM, previous)
