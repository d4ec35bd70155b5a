"""Celery as its guide sets it up, with Redis: an app, and one task that publishes a post.

Imported by Celery's own worker, and by bench/rivals to enqueue. RIVAL_PLACE is the broker.
"""

import os
from datetime import datetime

from celery import Celery

from bench.rival_send import send

app = Celery("rival", broker=os.environ["RIVAL_PLACE"])
app.conf.broker_connection_retry_on_startup = True


@app.task(name="deliver", ignore_result=True)
def deliver(number: int) -> None:
    send(number)


def enqueue(number: int, due: datetime | None) -> None:
    deliver.apply_async((number,), eta=due)
