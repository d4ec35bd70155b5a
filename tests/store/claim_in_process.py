"""Run by a test as a process of its own: claim each Delivery named, say which were won."""

import sys
from datetime import datetime, timedelta

from bot.store import claims
from bot.store.engine import Store


def main(url: str, now: str, *ids: str) -> None:
    """Wait for a line, so that all processes start together; then claim as fast as it goes."""
    moment = datetime.fromisoformat(now)
    store = Store(url, lambda: moment)
    store.ping()
    print("ready", flush=True)
    sys.stdin.readline()
    for delivery_id in ids:
        with store.write() as session:
            if claims.claim(
                session,
                int(delivery_id),
                worker_id=None,
                token="a process",
                now=moment,
                lease_until=moment + timedelta(minutes=1),
            ):
                print(delivery_id, flush=True)
    store.close()


main(*sys.argv[1:])
