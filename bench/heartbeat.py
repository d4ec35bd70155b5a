"""A heartbeat over many accounts in a process of its own, as bench/punctuality and bench/rivals
start it.

The class that `bot run` runs, on a Bot that was wired as `bot run` wires it; only the Platforms of
the further accounts are put in by hand, with the keys of the sandbox's one X profile. Prints
`ready` when it beats, and ends as `bot run` does, by SIGTERM.
"""

import os
import signal
import sys
from dataclasses import replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from sqlalchemy import select

from bench import posting
from bot import wiring
from bot.delivery.watch import Watch
from bot.model.account import Account
from bot.settings import load
from bot.worker import Heartbeat


def main() -> int:
    settings = load(env_file=None)
    wiring.configure_log(settings, file=Path(os.devnull).open("w"))  # noqa: SIM115  to the end
    bot = wiring.build(settings)
    with bot.store.read() as session:
        ids = list(session.scalars(select(Account.id).where(Account.name.like("account%"))))
    bot.by_id.update(posting.platforms_of(settings, ids))  # type: ignore[attr-defined]
    heartbeat = Heartbeat(replace(bot, watch=Watch(bot.deliverer)))
    signal.signal(signal.SIGTERM, lambda *_: heartbeat.stop())
    heartbeat.run(lambda: print("ready", flush=True))
    return 0


if __name__ == "__main__":
    sys.exit(main())
