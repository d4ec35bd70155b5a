"""Huey as its guide sets it up without a server: a file of SQLite, each write on the disk.

Imported by Huey's own consumer, and by bench/rivals to enqueue. RIVAL_PLACE is the file.
"""

import os
from datetime import datetime

from huey import SqliteHuey

from bench.rival_send import send

huey = SqliteHuey("rival", filename=os.environ["RIVAL_PLACE"], fsync=True, results=False)


@huey.task()
def deliver(number: int) -> None:
    send(number)


def enqueue(number: int, due: datetime | None) -> None:
    if due is None:
        deliver(number)
    else:
        deliver.schedule((number,), eta=due)
