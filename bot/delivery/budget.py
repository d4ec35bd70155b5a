"""What an Account's monthly money still covers, and who goes without first.

Near the end of the money engagement is read less often, then articles wait, then everything that
was queued; an urgent post asks. A month begins on the first, in UTC, as X bills it. Lifting a hold
sends nothing: the planner and the gates decide on the post as on any other.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from bot.clock import Clock
from bot.delivery.outcomes import content_of
from bot.model.delivery import Delivery, Hold
from bot.platforms.contract import Platform
from bot.store import charges, deliveries, posts
from bot.store.engine import Session, Store

FEED = "feed"
# The share of the month's money up to which posts of a source may spend.
ARTICLES_UP_TO = Decimal("0.90")
POSTS_UP_TO = Decimal(1)


@dataclass(frozen=True, slots=True)
class Money:
    """A month's limit, what is spent of it, and what one post wants."""

    limit: Decimal
    spent: Decimal
    wanted: Decimal
    share: Decimal

    @property
    def is_enough(self) -> bool:
        return self.wanted == 0 or self.spent + self.wanted <= self.limit * self.share

    @property
    def shortage(self) -> str:
        """Why the post waits, in a sentence."""
        said = f"It costs ${self.wanted:.3f}; ${self.spent:.2f} of this month's ${self.limit:.2f}"
        if self.share < POSTS_UP_TO:
            return f"{said} is spent, and the rest is kept for posts that people wrote."
        return f"{said} is spent."


@dataclass(frozen=True, slots=True)
class Budgets:
    """Monthly limits in US dollars by Account id; no limit where there is none."""

    store: Store
    clock: Clock
    platforms: Mapping[int, Platform]
    limits: Mapping[int, Decimal]

    def lift(self) -> int:
        """Take the budget's hold off what the money covers again; how many."""
        if not self.limits:
            return 0
        with self.store.read() as session:
            ids = [row.id for row in deliveries.held_for(session, Hold.BUDGET)]
        return sum(self._lift_one(delivery_id) for delivery_id in ids)

    def _lift_one(self, delivery_id: int) -> bool:
        with self.store.write() as session:
            delivery = deliveries.get(session, delivery_id, lock=True)
            platform = self.platforms.get(delivery.account_id)
            if platform is None or Hold.BUDGET not in delivery.holds:
                return False
            limit = self.limits.get(delivery.account_id)
            if limit is not None:
                money = money_for(session, delivery, platform, limit, self.clock())
                if not money.is_enough:
                    return False
            delivery.clear(Hold.BUDGET)
            return True


def money_for(
    session: Session, delivery: Delivery, platform: Platform, limit: Decimal, now: datetime
) -> Money:
    """What sending the rest of this Delivery wants, against the month it falls in."""
    wanted = sum(
        (
            platform.price(content_of(part))
            for part in deliveries.parts(session, delivery.id)
            if part.remote_id is None
        ),
        Decimal(0),
    )
    since = charges.month_start(now)
    spent = charges.spent_between(session, delivery.account_id, since)
    source = posts.get(session, delivery.post_id).source
    spares = source == FEED and not delivery.urgent
    return Money(limit, spent, wanted, ARTICLES_UP_TO if spares else POSTS_UP_TO)
