"""Every page and state as axe sees it: light, dark, desktop, phone, details closed and open.

axe is put into the page from outside, as its policy of content lets in no other script.
"""

import pytest

from web.driving import Open, faults
from web.seeded import Used

pytest_plugins = ["web.browser"]

# Who opens what; `{asked}` is the number of the post that stands for that state.
PAGES = {
    "volunteer": (
        "/",
        "/compose",
        "/compose?at=2026-12-01%2008:30&text=Written%20already&link=nonsense",
        "/posts/{asked}",
        "/posts/{own}/edit",
        "/queue",
        "/me",
        "/change",
        "/wan-register",
        "/mf-recovery-codes",
        "/no-such-page",
        "/people",
    ),
    "approver": (
        "/",
        "/posts/{asked}",
        "/posts/{doubted}",
        "/posts/{failed}",
        "/posts/{undescribed}/edit",
        "/posts/{described}",
        "/posts/{sent}",
        "/queue",
        "/queue?which=needs you",
        "/queue?which=out",
        "/queue?campaign=none-such",
        "/calendar",
        "/calendar?by=week",
        "/calendar?gone=hide",
        "/articles",
        "/pause",
        "/engagement",
        "/engagement?campaign=none-such",
        "/accounts",
    ),
    "admin": ("/people", "/feeds", "/timetable", "/settings", "/accounts", "/alarms", "/tf-setup"),
    "staff": (
        "/engagement",
        "/engagement?period=1y&by=weekday&age=now",
        "/engagement/log",
        "/engagement/log?sort=views&way=up&reviewed=yes",
        "/engagement/wordings?first=P{sent}&second=P{asked}",
        "/engagement/visits",
        "/posts/{sent}/growth",
        "/record",
        "/report",
        "/me",
    ),
    None: ("/login", "/reset", "/wan-signin", "/ask/none-such"),
}
ALL = [(role, path) for role, paths in PAGES.items() for path in paths]


@pytest.mark.parametrize(("role", "path"), ALL)
def test_no_page_has_anything_that_axe_finds(used: Used, open_as: Open, role, path):
    """Refusals and missing pages included; at 320 pixels nothing scrolls sideways."""
    window = open_as(used.site.url, used.people.get(role))
    window.go(path.format(**used.posts))
    window.complaints.clear()  # a page that is refused is told to the console, too

    assert not faults(window)
