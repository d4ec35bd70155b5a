"""What X accepts from an ordinary account and from one with Premium, as data."""

from dataclasses import replace
from datetime import date, timedelta

from bot.platforms.contract import FileLimits, Rules
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
    max_links=1,
    max_hashtags=2,
    max_cashtags=1,  # https://docs.x.com/x-api/posts/manage-tweets/integrate
    imprint_elsewhere=True,
    labels_automation=True,
    # https://docs.x.com/x-api/media/introduction and quickstart/best-practices, read 2026-11-23.
    # X states no longest side for still pictures; ours keeps an upload small.
    files=(
        FileLimits("image/png", 5_000_000, max_width=4096, max_height=4096),
        FileLimits("image/jpeg", 5_000_000, max_width=4096, max_height=4096),
        FileLimits(
            "image/gif", 15_000_000, max_width=1280, max_height=1080, max_frames=350, alone=True
        ),
        FileLimits(
            "video/mp4",
            512_000_000,
            min_seconds=0.5,
            max_seconds=140,
            max_ratio=3,
            max_frames_per_second=60,
            codecs=("avc1", "avc3", "mp4a"),
            alone=True,
        ),
    ),
    refuses_mentions=True,  # changelog of 23 February 2026: of people who did not write first
    own_read_price=OWN_POST_READ,
    most_listed=3_200,  # X shows no older posts of an account, however long its timeline
)

# Since 20 August 2024 by the API too: https://docs.x.com/changelog
PREMIUM_RULES = replace(X_RULES, max_weight=25_000)
