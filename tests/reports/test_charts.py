"""Charts: the picture has the table's numbers, the sentence is honest, the colours can be told."""

import contextlib
import statistics
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import busyyear
import pytest
from countedposts import counted_post
from world import QUICK_DISK

from bot.reports.charts import besttimes, curve, followers, gallery, groups, weeks
from bot.reports.charts.chart import Chart
from bot.reports.charts.gallery import Wish
from bot.reports.charts.style import THEMES
from bot.reports.figures import besttimes as times
from bot.reports.figures import counted, periods
from bot.reports.figures import groups as grouping
from bot.reports.figures.counted import Counted
from bot.store import engagement, schema
from bot.store.engine import Store
from bot.store.figures import Asked

ZONE = ZoneInfo("Europe/London")
NOW = busyyear.NOW
TITLES = {"x": "X", "facebook": "Facebook"}
WISH = Wish("weeks", ZONE, NOW, TITLES, post_id=1)


def chart_of(store: Store, name: str, **more: Any) -> Chart:
    with store.read() as session:
        return gallery.chart(session, replace(WISH, name=name, **more))


@pytest.fixture(scope="module")
def followed() -> Iterator[Store]:
    """A small year with followers, of which a week was not counted."""
    with new_store() as store:
        busyyear.fill(store, seed=5, posts=40)
        with store.write() as session:
            for back in (*range(30), *range(37, 50)):
                counts = {"followers": 1_500 - back, "posts": 1, "page_views": None}
                engagement.record_account(session, 1, NOW - timedelta(days=back), counts)
        yield store


@contextlib.contextmanager
def new_store() -> Iterator[Store]:
    """A database without a row."""
    with tempfile.TemporaryDirectory(prefix="bot-charts-", dir=QUICK_DISK) as folder:
        store = Store(f"sqlite:///{folder}/bot.db", lambda: NOW)
        schema.upgrade(store)
        yield store
        store.close()


def post(sent_at: datetime, views: int | None, account: str = "x", **changed: Any) -> Counted:
    ones = dict.fromkeys(("likes", "comments", "shares"), 1)
    totals = {0: {"views": views, **ones, "link_clicks": None}}
    return counted_post(sent_at, totals, account, **changed)


def fields_in(value: Any) -> Iterator[str]:
    """Every field that a specification's encodings name."""
    if isinstance(value, dict):
        if "field" in value:
            yield value["field"]
        for inner in value.values():
            yield from fields_in(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from fields_in(inner)


@pytest.mark.parametrize("name", gallery.NAMES)
def test_a_picture_has_the_tables_numbers_and_a_panel_for_each_account(
    followed: Store, name: str
) -> None:
    """Nothing beside its rows, and no measure shared by two accounts."""
    chart = chart_of(followed, name)
    spec = chart.spec
    accounts = list(dict.fromkeys(row["account"] for row in chart.rows))

    assert chart.rows
    assert {"rows": [dict(row) for row in chart.rows]} == spec["datasets"]
    assert accounts == [panel["title"] for panel in spec["vconcat"]]
    for account, panel in zip(accounts, spec["vconcat"], strict=True):
        for layer in panel["layer"]:
            named = [one["data"] for one in (spec, panel, layer) if "data" in one]
            assert [{"name": "rows"}] == named
            assert {"field": "account", "equal": account} == layer["transform"][0]["filter"]
    assert set(fields_in(spec["vconcat"])) <= set(chart.rows[0])
    assert spec.get("resolve", {"scale": {}})["scale"].get("y") is None
    if name in ("groups", "compare"):
        assert "resolve" not in spec
    assert "color" not in str(spec.get("resolve"))
    assert all(len(row) == len(chart.columns) for row in chart.written)


def test_rows_are_the_figures_own(followed: Store) -> None:
    """Groups, best times and the comparison, number by number; weeks reckoned anew."""
    asked = Asked(NOW - timedelta(days=365), NOW)
    with followed.read() as session:
        posts = counted.read(session, asked, ZONE, (0, 24))
    newest = grouping.as_rows(grouping.grouped(posts, "campaign", 0, NOW, TITLES), "campaign")
    best = times.as_rows(times.weeks(posts, 24, NOW))
    month = [NOW - timedelta(days=days) for days in (0, 30, 60)]
    pair = [[p for p in posts if b <= p.sent_at < a] for a, b in pairwise(month)]
    changes = [c for c in periods.compare(*pair, 24, NOW, TITLES) if c.count == "views"]
    week = [row for row in chart_of(followed, "weeks").rows if row["account"] == "X"]

    assert sorted(
        (TITLES[r["account"]], r["campaign"], r["views_median"]) for r in newest
    ) == sorted((r["account"], r["group"], r["median"]) for r in chart_of(followed, "groups").rows)
    assert [(r["weekday"], r["hour"], r["median"], r["low"]) for r in best] == [
        (r["weekday"], r["hour"], r["median"], r["low"])
        for r in chart_of(followed, "best-times").rows
    ]
    assert [m for c in changes for m in (c.now.median, c.before.median)] == [
        row["median"] for row in chart_of(followed, "compare").rows
    ]
    for row in week:
        first = date.fromisoformat(row["week"])
        views = [
            one.totals[0]["views"]
            for one in posts
            if one.account == "x"
            and 0 <= (one.local.date() - first).days < 7
            and 0 in one.totals
            and one.totals[0]["views"] is not None
        ]
        assert (statistics.median(views) if views else None) == row["median"]
    assert {0} == {date.fromisoformat(row["week"]).weekday() for row in week}


def test_a_chart_of_nothing_says_so_and_has_no_picture() -> None:
    """Before anything went out."""
    with new_store() as store:
        said = [chart_of(store, name) for name in gallery.NAMES]

    assert not any(chart.has_picture for chart in said)
    assert {
        "P1 has not been counted yet.",
        "Nothing went out in this time, or nothing fits what was asked for.",
        "No account is connected.",
    } == {chart.sentence for chart in said}


MONDAY = datetime(2026, 11, 2, 9, tzinfo=UTC)


def test_weeks_say_which_stand_on_few_posts_and_leave_gaps() -> None:
    """A week without posts has no number, nor has one whose views nobody knows."""
    many = [post(MONDAY + timedelta(hours=n), 100 + n) for n in range(5)]
    few = [post(MONDAY + timedelta(weeks=2), 40), post(MONDAY + timedelta(weeks=3), None)]
    chart = weeks.told([*many, *few], "views", 0, NOW, TITLES)

    assert [
        ("2026-11-02", 5, 102, False, None),
        ("2026-11-09", 0, None, False, "no posts"),
        ("2026-11-16", 1, 40, True, "fewer than 5 posts"),
        ("2026-11-23", 1, None, False, "X did not say"),
    ] == [
        (row["week"], row["posts"], row["median"], row["is_few"], row["note"]) for row in chart.rows
    ]
    assert chart.sentence == (
        "Half of the 7 posts on X, of which 6 were counted, had 102 views or more so far; "
        "1 week of 4 had fewer than 5 posts."
    )


def with_images(ours: Sequence[int], theirs: Sequence[int]) -> str:
    posts = [post(MONDAY, views, has_image=True) for views in ours]
    posts += [post(MONDAY, views) for views in theirs]
    return groups.told(posts, "image", "views", 0, NOW, TITLES).sentence


def test_a_group_is_called_better_only_where_it_hardly_is_luck() -> None:
    """And nothing is said of four posts."""
    surely = with_images(range(200, 212), range(100, 112))

    assert surely == (
        "Half of the 24 posts on X had 156 views or more so far; "
        "“with an image” had most in the middle (206)."
    )
    assert "which may be chance" in with_images(range(100, 112), range(98, 110))
    assert "too few groups have 5 posts" in with_images(range(900, 904), range(100, 112))
    assert with_images([7], []).startswith("The one post on X that was counted had 7 views so far")


def test_only_the_groups_with_most_posts_are_drawn() -> None:
    """And how many are not is said."""
    posts = [post(MONDAY, 1, campaign=f"c{n:02}") for n in range(25) for _ in range(n + 1)]
    chart = groups.told(posts, "campaign", "views", 0, NOW, TITLES)

    assert [f"c{n:02}" for n in range(5, 25)] == [row["group"] for row in chart.rows]
    assert "5 groups with fewer posts not shown" in chart.sentence


def test_a_curve_says_how_far_and_how_fast_and_who_did_not_say() -> None:
    """An age in hours up to three days, then in days."""
    read = {"x": [(1, 300), (6.4, 700), (24, None), (168, 1_204)], "facebook": [(24, None)]}
    rows = [
        {"account": TITLES[name], "age_hours": age, "views": views, "views_gained": None}
        for name, readings in read.items()
        for age, views in readings
    ]
    chart = curve.told(rows, 12, "views")

    assert chart.sentence == (
        "P12 on X had 1,204 views 7 days after it went out; half of them were there after 6 hours. "
        "Facebook did not say how many views P12 had."
    )
    assert rows == list(chart.rows)
    assert not curve.told(rows[4:], 12, "views").has_picture


def test_followers_say_the_change_and_break_where_nobody_counted() -> None:
    """By the days that were counted."""
    days = [(date(2026, 11, 1), 1_170), (date(2026, 11, 4), 1_204)]
    chart = followers.told({"X": days, "Facebook": []})

    assert chart.sentence == (
        "X had 1,204 followers on 4 November 2026, 34 more than on 1 November 2026. "
        "Followers of Facebook were not counted in this time."
    )
    assert [1_170, None, None, 1_204] == [row["followers"] for row in chart.rows]


def test_best_times_say_how_sure_they_are() -> None:
    """An hour is named only where it is surely better; a few posts are judged by nobody."""
    good = [post(MONDAY + timedelta(weeks=n), 300 + n) for n in range(12)]
    poor = [post(MONDAY + timedelta(days=1, weeks=n), 100 + n) for n in range(30)]
    few = [post(MONDAY + timedelta(days=2), 999)]
    chart = besttimes.told(times.weeks([*good, *poor, *few], 0, NOW), 0, TITLES)

    assert (
        chart.sentence
        == "On X, posts had surely more views than usual (121 so far) on Monday 09:00."
    )
    assert ["better", "judged", "few"] == [row["standing"] for row in chart.rows]
    unsure = besttimes.told(times.weeks([*poor, *few], 0, NOW), 0, TITLES).sentence
    assert "no hour is surely better than the others; 1 hour of the week had 5 posts" in unsure


Colour = tuple[float, float, float]
# What is left of linear colour without one kind of cone (Viénot, Brettel and Mollon 1999).
SEEN = {
    "all": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "no green": ((0.29275, 0.70725, 0), (0.29275, 0.70725, 0), (-0.02234, 0.02234, 1)),
    "no red": ((0.11238, 0.88762, 0), (0.11238, 0.88762, 0), (0.00401, -0.00401, 1)),
}


def linear(colour: str) -> Colour:
    shares = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in shares)
    return red, green, blue


def luminance(colour: Colour) -> float:
    return 0.2126 * colour[0] + 0.7152 * colour[1] + 0.0722 * colour[2]


def contrast(one: str, other: str) -> float:
    low, high = sorted(luminance(linear(colour)) for colour in (one, other))
    return (high + 0.05) / (low + 0.05)


def lab(colour: Colour) -> Colour:
    """CIE 1976, under D65."""
    red, green, blue = colour
    x = (0.4124 * red + 0.3576 * green + 0.1805 * blue) / 0.9505
    z = (0.0193 * red + 0.1192 * green + 0.9505 * blue) / 1.089
    fx, fy, fz = (
        max(v, 0) ** (1 / 3) if v > 0.008856 else 7.787 * v + 16 / 116
        for v in (x, luminance(colour), z)
    )
    return 116 * fy - 16, 500 * (fx - fy), 200 * (fy - fz)


def distance(one: str, other: str, seen: str) -> float:
    pair = []
    for colour in (one, other):
        line = linear(colour)
        pair.append(
            lab(tuple(sum(a * b for a, b in zip(row, line, strict=True)) for row in SEEN[seen]))
        )
    return sum((a - b) ** 2 for a, b in zip(*pair, strict=True)) ** 0.5


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("seen", SEEN)
def test_the_two_colours_are_far_apart_for_everybody(theme: str, seen: str) -> None:
    """From each other and from the paper; a red and a green of like brightness would not be."""
    colours = THEMES[theme]

    assert distance("#c04040", "#707000", "no green") < 20
    assert distance(colours["first"], colours["second"], seen) > 40
    assert min(distance(colours[name], colours["paper"], seen) for name in ("first", "second")) > 40


@pytest.mark.parametrize("theme", THEMES)
def test_text_and_marks_stand_out_from_their_paper(theme: str) -> None:
    """WCAG 2.2: 4.5 for text, 3 for what must be seen."""
    colours = THEMES[theme]

    assert min(contrast(colours[name], colours["paper"]) for name in ("ink", "soft")) >= 4.5
    assert min(contrast(colours[name], colours["paper"]) for name in ("first", "second")) >= 3
