"""What X accepts from an ordinary account, as data."""

from datetime import date, timedelta

from bot.platforms.contract import Rules
from bot.platforms.x.prices import OWN_POST_READ

X_RULES = Rules(
    platform="x",
    title="X",
    max_weight=280,
    link_weight=23,
    refuses_duplicates=True,
    threads=True,
    max_images=4,
    max_alt=1000,
    park_for=timedelta(minutes=15),
    source="https://docs.x.com/fundamentals/counting-characters",
    read_on=date(2026, 11, 23),
    own_read_price=OWN_POST_READ,
)
