"""Those who publish in bench/overhead and bench/rivals, each a child process of its own.

    posters.py bare     a plain tweepy loop: tweepy.Client.create_tweet, nothing else
    posters.py bot      the bot's own path: claim, gates, Attempt, tweepy, outcome
    posters.py profile  the same under cProfile, its table to standard error

Publishes a post for each thread to get warm, says `ready`, waits for a line, publishes the rest of
what it was given, and prints what that took as JSON.
"""

import argparse
import cProfile
import importlib
import json
import os
import pstats
import resource
import sys
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

Send = Callable[[int], object]


def bare(asked: argparse.Namespace) -> tuple[Send, dict[str, Any]]:
    """What anybody would write: one tweepy client for each thread, and no database."""
    import threading

    import requests
    import tweepy

    class Elsewhere(requests.Session):
        """requests' own session; only the host that tweepy has built in is another."""

        def request(self, method: str, url: str, **named: Any) -> requests.Response:  # type: ignore[override]
            url = url.replace("https://api.twitter.com", os.environ["X_API_URL"])
            return super().request(method, url, **named)

    mine = threading.local()

    def send(number: int) -> object:
        if not hasattr(mine, "client"):
            mine.client = tweepy.Client(
                consumer_key=os.environ["X_API_KEY"],
                consumer_secret=os.environ["X_API_SECRET"],
                access_token=os.environ["X_ACCESS_TOKEN"],
                access_token_secret=os.environ["X_ACCESS_TOKEN_SECRET"],
            )
            mine.client.session = Elsewhere()
        return mine.client.create_tweet(text=f"Number {number} of {asked.words}, said plainly.")

    return send, {}


def bot(asked: argparse.Namespace) -> tuple[Send, dict[str, Any]]:
    """The Deliverer of a bot wired as `bot run` wires it, its log written as that writes it."""
    from bench import posting
    from bot import wiring
    from bot.settings import load
    from bot.store import workers

    settings = load(env_file=None)
    wiring.configure_log(settings, file=Path(os.devnull).open("w"))  # noqa: SIM115  to the end
    deliverer = wiring.build(settings).deliverer
    store = deliverer.store
    with store.write() as session:
        worker = workers.begin(session, host="bench", pid=os.getpid(), now=deliverer.clock()).id
    # tweepy and the counter's tables are loaded before the start, as they are for the bare loop.
    importlib.import_module("bot.platforms.x.client")
    deliverer.platforms[asked.accounts[0]].measure("A word.")
    counted = posting.counted(store)

    def send(number: int) -> object:
        # Another thread may have this account's other post under way: then it is not due yet.
        while not deliverer.deliver(number, worker):
            time.sleep(0.001)
        return None

    return send, counted.__dict__


KINDS = {"bare": bare, "bot": bot, "profile": bot}


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("kind", choices=KINDS)
    parser.add_argument("--threads", type=int, default=8)
    parser.add_argument("--words", default="a bare loop", help="what a bare post is one of")
    asked = parser.parse_args()
    asked.numbers, asked.accounts = json.loads(sys.stdin.readline())
    return asked


def publish(send: Send, numbers: Sequence[int], threads: int) -> None:
    """All of it, through a pool as `bot run` has one; the first trouble ends it."""
    with ThreadPoolExecutor(threads, thread_name_prefix="send") as pool:
        for _ in pool.map(send, numbers):
            pass


def main() -> int:
    asked = arguments()
    send, counted = KINDS[asked.kind](asked)
    # The first ones open connections and put statements together, once for as long as it runs.
    publish(send, asked.numbers[: asked.threads], asked.threads)
    asked.numbers = asked.numbers[asked.threads :]
    print("ready", flush=True)
    sys.stdin.readline()
    before = dict(counted)
    began, used = time.time(), time.process_time()
    if asked.kind == "profile":
        _profiled(send, asked.numbers)
    else:
        publish(send, asked.numbers, asked.threads)
    print(
        json.dumps(
            {
                "posts": len(asked.numbers),
                "began": began,
                "ended": time.time(),
                "cpu": time.process_time() - used,
                "peak_kb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss,
                **{name: counted[name] - before[name] for name in counted},
            }
        )
    )
    return 0


def _profiled(send: Send, numbers: Sequence[int]) -> None:
    """One thread, since cProfile sees only its own."""
    profile = cProfile.Profile()
    profile.enable()
    for number in numbers:
        send(number)
    profile.disable()
    pstats.Stats(profile, stream=sys.stderr).sort_stats("cumulative").print_stats(90)


if __name__ == "__main__":
    sys.exit(main())
