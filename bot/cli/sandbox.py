"""`bot sandbox`: a simulated X and Facebook on this machine. Reads no `.env` and no database."""

import signal
import threading

import click

from bot.cli import screen
from bot.cli.door import Door
from bot.errors import BotError
from bot.sandbox import Sandbox

USUAL_PORT = 8900


@click.command()
@click.option("--port", type=click.IntRange(0, 65535), help="Listen here; 0 takes any free port.")
@click.option("--seed", type=int, default=1, show_default=True, help="Which accounts and counts.")
@click.pass_obj
def command(door: Door, port: int | None, seed: int) -> int:
    """Start a simulated X and Facebook to practise on.

    Prints the settings that point the bot at it, and the address of a page that shows both
    timelines. Nothing leaves this machine. Stop it with Ctrl-C.

    Example: bot sandbox --port 8900
    """
    ended = threading.Event()
    before = {
        number: signal.signal(number, lambda *_: ended.set())
        for number in (signal.SIGINT, signal.SIGTERM)
    }
    sandbox = _started(port, seed)
    try:
        _introduce(door, sandbox)
        ended.wait()
    finally:
        sandbox.stop()
        for number, handler in before.items():
            signal.signal(number, handler)
    door.say("The simulated platforms have stopped.")
    return 0


def _started(port: int | None, seed: int) -> Sandbox:
    try:
        return Sandbox(port=USUAL_PORT if port is None else port, seed=seed).start()
    except OSError:
        if port is None:
            return Sandbox(port=0, seed=seed).start()
        raise BotError(
            f"Another program uses port {port}. Choose another: bot sandbox --port 0"
        ) from None


def _introduce(door: Door, sandbox: Sandbox) -> None:
    screen.heading(door, f"The simulated X and Facebook run. See them: {sandbox.url}")
    door.say("Put these lines into .env; posts then go there and nowhere else:")
    door.say()
    for name, value in sandbox.settings().items():
        door.say(f"{name}={value}")
    door.say("FETCH_ALLOW_HOSTS=127.0.0.1")
    door.say()
    door.say(f"A feed to try: bot feeds add {sandbox.feed_url}")
    door.say("Stop with Ctrl-C.")
