"""`bot web`: the pages for volunteers, approvers and staff."""

import os
import signal
from contextlib import suppress
from types import FrameType

import click

from bot.cli.door import Door

LOCAL = "127.0.0.1"
# On a busy machine the heartbeat comes first: a page may be late, a post may not.
GIVES_WAY = 5


@click.command()
@click.option("--host", default=LOCAL, show_default=True, help="Where to listen.")
@click.option("--port", type=click.IntRange(0, 65535), help="The port; else PORT.")
@click.pass_obj
def command(door: Door, host: str, port: int | None) -> int:
    """Serve the pages where posts are written, approved and seen.

    It runs beside bot run, on the same database. Stop it with Ctrl-C. Add the first admin with
    bot people add.

    Example: bot web --port 8000
    """
    # Imported here: no other command needs a web server.
    from bot.web import lean, memory, wordless

    memory.start_plain()
    memory.give_back()
    lean.load()
    from bot.web.application import create, refuse_unsafe
    from bot.web.keepingup import keeping_up
    from bot.web.serving import server

    bot = door.open(create=True, with_log=not door.quiet)
    refuse_unsafe(bot, host)
    app = create(bot)
    wordless.forget()
    serving = server(app, host, bot.settings.port if port is None else port)

    def stop(_number: int, _frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    with suppress(AttributeError, OSError):
        os.nice(GIVES_WAY)
    before = signal.signal(signal.SIGTERM, stop)
    where = bot.settings.public_url or f"http://{host}:{serving.effective_port}"
    door.say(f"The pages are at {where} Stop with Ctrl-C.")
    door.say(
        "Nobody can sign in yet? In another window: bot people add you@example.org --role admin"
    )
    try:
        with keeping_up(bot):
            serving.run()
    except KeyboardInterrupt:
        pass
    finally:
        serving.close()
        signal.signal(signal.SIGTERM, before)
    door.say("Stopped. Start it again: bot web")
    return 0
