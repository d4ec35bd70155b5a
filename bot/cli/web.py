"""`bot web`: the pages for volunteers, approvers and staff."""

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from types import FrameType

import click

from bot import lean, memory
from bot.cli.door import Door

LOCAL = "127.0.0.1"
# On a busy machine the heartbeat comes first: a page may be late, a post may not.
GIVES_WAY = 5
STOPS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)


@click.command()
@click.option("--host", default=LOCAL, show_default=True, help="Where to listen.")
@click.option("--port", type=click.IntRange(0, 65535), help="The port; else PORT.")
@click.pass_obj
def command(door: Door, host: str, port: int | None) -> int:
    """Serve the pages where posts are written, approved and seen.

    It runs beside bot run, on the same database. Stop it with Ctrl-C: what is under way is finished
    first. Add the first admin with bot people add.

    Example: bot web --port 8000
    """
    # Imported here: no other command needs a web server.
    memory.start_plain()
    memory.give_back()
    lean.load("flask_security")
    from bot.web.application import create, refuse_unsafe
    from bot.web.keepingup import keeping_up
    from bot.web.serving import Serving, address, server
    from bot.web.watching import watching

    bot = door.open(create=True, with_log=not door.quiet)
    refuse_unsafe(bot, host)
    listening = server(create(bot), host, bot.settings.port if port is None else port)
    with suppress(AttributeError, OSError):
        os.nice(GIVES_WAY)
    where = bot.settings.public_url or "http://{}:{}".format(*address(listening))
    serving = Serving(listening)
    with stopped_by_signals(serving.stop):
        door.say(f"The pages are at {where} Stop with Ctrl-C.")
        door.say(
            "Nobody can sign in yet? In another window: bot people add you@example.org --role admin"
        )
        with suppress(KeyboardInterrupt), keeping_up(bot), watching(bot):
            serving.run()
    door.say("Stopped. Start it again: bot web")
    return 0


@contextmanager
def stopped_by_signals(stop: Callable[[], None]) -> Iterator[None]:
    """Have those signals stop it. Settings are read at the start alone, so SIGHUP ends it, too."""

    def told(_number: int, _frame: FrameType | None) -> None:
        stop()

    # Under nohup a closed terminal is to mean nothing.
    heard = [one for one in STOPS if signal.getsignal(one) is not signal.SIG_IGN]
    before = {number: signal.signal(number, told) for number in heard}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
