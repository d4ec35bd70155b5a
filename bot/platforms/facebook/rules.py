"""What a Facebook Page accepts, as data.

Meta does not publish the longest text; the figure is the one every public scheduler uses.
"""

from datetime import date, timedelta

from bot.platforms.contract import Rules

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
)
