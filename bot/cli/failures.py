"""Every way a command can end, as an exit code and words a person can act on.

0 done, 1 trouble found, 2 wrong usage, 130 stopped with Ctrl-C. Never a traceback, unless
BOT_DEBUG=1 asks for one, and never a secret.
"""

import contextlib
import os
import sys
import traceback
from collections.abc import Callable
from typing import Any, NoReturn

import click

from bot.cli.door import Door
from bot.errors import BotError, PostInvalid

TROUBLE = 1
STOPPED = 130
REPORT_AT = "the people who look after this bot (see CONTRIBUTING.md)"


def leave(run: Callable[[], Any], door: Door) -> NoReturn:
    """Run a command and exit with its code."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    try:
        code = run()
    except BotError as error:
        door.complain(plain(error))
        code = error.exit_code
    except click.ClickException as error:
        _show(error, door)
        code = error.exit_code
    except (click.Abort, KeyboardInterrupt):
        code = STOPPED
    except Exception as error:  # noqa: BLE001  the last line of defence against a traceback
        _unforeseen(error, door)
        code = TROUBLE
    sys.exit(code if isinstance(code, int) else 0)


def plain(error: BotError) -> str:
    """An error's words, with its line where it has one."""
    if isinstance(error, PostInvalid) and error.line is not None:
        return f"Line {error.line}: {error}"
    return str(error)


def _show(error: click.ClickException, door: Door) -> None:
    said = error.format_message()
    door.complain(said if said.endswith((".", "?", "!")) or ": bot " in said else f"{said}.")
    context = getattr(error, "ctx", None)
    if context is not None and context.command.params:
        door.complain(f"Help: {context.command_path} --help")


def nobody_reads() -> int:
    """Whoever read our output has gone, as `head` does: end without another word."""
    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 0


def _unforeseen(error: Exception, door: Door) -> None:
    if door.debug:
        door.complain("".join(traceback.format_exception(error)))
    reason = f" ({error.strerror})" if isinstance(error, OSError) and error.strerror else ""
    door.complain(
        f"Something went wrong that the bot did not foresee{reason}. Nothing is sent twice because "
        f"of it. Run the command again with BOT_DEBUG=1 in front, and give what it prints to "
        f"{REPORT_AT}. ({type(error).__name__})"
    )
