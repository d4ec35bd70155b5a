"""Everything due now, once: folder, feeds, plan, send, confirm, collect."""

import time
from dataclasses import dataclass, field

from bot.accounts import health
from bot.delivery import sweep
from bot.flow.planning import plan
from bot.intake.folder import SETTLED_AFTER_SECONDS, Reading
from bot.intake.refresh import Refresher
from bot.wiring import Bot


@dataclass(slots=True)
class Round:
    """What one `run --once` did."""

    reading: Reading = field(default_factory=Reading)
    articles: int = 0
    planned: int = 0
    tried: int = 0
    looked: int = 0
    counted: int = 0


def once(bot: Bot, worker_id: int) -> Round:
    """Everything due now: folder, feeds, plan, send, confirm, collect."""
    done = Round()
    bot.watch.wake(worker_id)
    if bot.store.is_sqlite:
        sweep.forget(bot.store)
        bot.confirmer.free_left_by_others(worker_id)
    else:
        # Another machine's heartbeat may be at work: only what nobody holds any more is freed.
        bot.confirmer.free_expired()
        bot.confirmer.free_left_by_dead()
    Refresher(bot.store, bot.admission).refresh()
    done.reading = bot.folder.read()
    if done.reading.unsettled:
        time.sleep(SETTLED_AFTER_SECONDS)
        settled = bot.folder.read(everything=True)
        done.reading.new += settled.new
        done.reading.edited += settled.edited
        done.reading.quarantined += settled.quarantined
    health.check_due(bot.store, bot.clock, bot.platforms, bot.expected_imprint)
    # Posts first: no stranger's slow server makes them late.
    done.planned = plan(bot)
    bot.watch.read_due()
    done.tried = send_due(bot, worker_id)
    done.articles = sum(result.new for result in bot.feeds.poll_due())
    done.planned += plan(bot)
    done.tried += send_due(bot, worker_id)
    done.looked = bot.confirmer.look_due()
    done.tried += send_due(bot, worker_id)
    done.counted = bot.collector.collect_due()
    bot.by_hand.log_settled()
    bot.own_pages.count_due()
    return done


def send_due(bot: Bot, worker_id: int) -> int:
    """Send what is due, one Delivery after the other, until nothing more is."""
    tried = 0
    while hints := sweep.due(bot.store, bot.clock, bot.accounts_on):
        for hint in hints:
            tried += bot.deliverer.deliver(hint.delivery_id, worker_id)
    return tried
