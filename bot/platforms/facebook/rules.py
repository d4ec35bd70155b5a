"""What a Facebook Page accepts, as data.

Meta does not publish the longest text; the figure is the one every public scheduler uses.
"""

from datetime import date, timedelta

from bot.platforms.contract import FileLimits, Rules

FACEBOOK_RULES = Rules(
    platform="facebook",
    title="Facebook",
    max_weight=63_206,
    link_weight=None,
    refuses_duplicates=False,
    threads=False,
    max_images=10,
    max_alt=1000,
    park_for=timedelta(minutes=60),
    source="https://developers.facebook.com/docs/pages-api/posts",
    read_on=date(2026, 11, 23),
    # https://developers.facebook.com/docs/graph-api/photo-uploads, read 2026-11-23: under 4 MB, PNG
    # best under 1 MB. No video: none can be uploaded unseen and shown by one small request.
    files=(
        FileLimits("image/png", 1_000_000, max_width=2048, max_height=2048),
        FileLimits("image/jpeg", 3_900_000, max_width=2048, max_height=2048),
    ),
)
