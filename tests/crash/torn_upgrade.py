"""Run by a test as a program of its own: upgrades a database and kills itself on the way.

`python torn_upgrade.py URL N...`: for each N a child upgrades, and gets SIGKILL at its N-th
statement; 0 kills right before the commit. Prints how many children died of it.
"""

import itertools
import os
import signal
import sys
from typing import Any

from alembic import command  # noqa: F401  before the forks, which would each import it
from sqlalchemy import Engine, event

from bot.clock import system_now
from bot.store import schema
from bot.store.engine import Store


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def upgrade(url: str, n: int) -> None:
    """Never returns when there are that many statements."""
    store = Store(url, system_now)
    passed = itertools.count(1)

    @event.listens_for(Engine, "before_cursor_execute")
    def _at_the_nth(*_given: Any) -> None:
        if next(passed) == n:
            die()

    if n == 0:
        store.engine.dialect.do_commit = lambda connection: die()  # type: ignore[method-assign]
    schema.upgrade(store)


def main(url: str, *at: str) -> None:
    died = 0
    for n in map(int, at):
        child = os.fork()
        if child == 0:
            upgrade(url, n)
            os._exit(0)
        _, status = os.waitpid(child, 0)
        died += os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL
    print(died)


main(*sys.argv[1:])
