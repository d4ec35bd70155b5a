"""Best times, wordings, curves and sentences: what is told, and what is left undecided."""

import io
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from countedposts import counted_post
from python_calamine import CalamineWorkbook

from bot.reports import log
from bot.reports.figures import besttimes, curve, figure, periods, usual, wordings
from bot.reports.figures.counted import Counted
from bot.reports.figures.figure import SHOWN
from bot.reports.figures.workbook import as_xlsx
from bot.store import engagement
from bot.timetable.slots import parse_timetable

NOW = datetime(2026, 12, 1, 12, tzinfo=UTC)
MONDAY = datetime(2026, 6, 1, 8, 30, tzinfo=UTC)
BOGOTA = ZoneInfo("America/Bogota")
TITLES = {"x": "X", "facebook": "Facebook"}
NAMES = ("P1", "P2")


def post(sent_at: datetime, views: int | None, account: str = "x", **changed: Any) -> Counted:
    totals = {24: dict.fromkeys(SHOWN) | {"views": views}}
    return counted_post(sent_at, totals, account, **changed)


def weekly(start: datetime, views: list[int], **changed: Any) -> list[Counted]:
    return [post(start + timedelta(weeks=n), value, **changed) for n, value in enumerate(views)]


def test_an_hour_that_is_surely_better_is_suggested_as_a_timetable_takes_it() -> None:
    """In the account's own zone, at the minute its posts had."""
    good = weekly(MONDAY, list(range(300, 312)), zone=BOGOTA)
    poor = weekly(MONDAY + timedelta(days=1, hours=9), list(range(100, 130)), zone=BOGOTA)
    (week,) = besttimes.weeks([*good, *poor], 24, NOW)

    assert week.timetable == "monday 03:30"
    assert [(0, "03:30")] == parse_timetable(week.timetable)
    assert [(0, 3, 12, True), (1, 12, 30, False)] == [
        (hour.weekday, hour.hour, hour.posts, hour.suggested) for hour in week.hours
    ]
    assert all(hour.low <= hour.median <= hour.high for hour in week.hours if hour.low)


def test_four_posts_at_an_hour_are_too_few_however_good() -> None:
    """And said to be."""
    good = weekly(MONDAY, [9_000, 9_100, 9_200, 9_300])
    poor = weekly(MONDAY + timedelta(days=1), list(range(100, 130)))
    (week,) = besttimes.weeks([*good, *poor], 24, NOW)

    assert (None, "too few posts: 4", None) == (
        week.timetable,
        week.hours[0].reason,
        week.hours[0].low,
    )


def test_where_all_hours_are_alike_luck_suggests_nothing_nine_times_in_ten() -> None:
    """Forty hours of posts dealt from one hat, forty times over."""
    import random

    dealt = random.Random(5)
    wrong = 0
    for _ in range(40):
        posts = [
            one
            for n in range(40)
            for one in weekly(
                MONDAY + timedelta(hours=n), [int(dealt.lognormvariate(5, 1)) for _ in range(12)]
            )
        ]
        (week,) = besttimes.weeks(posts, 24, NOW)
        wrong += week.timetable is not None

    assert wrong <= 4


def test_an_account_without_views_is_judged_by_what_it_has() -> None:
    """Facebook often says likes alone."""
    totals = {24: dict.fromkeys(SHOWN) | {"likes": 4}}
    posts = weekly(MONDAY, [0] * 6, account="facebook", totals=totals)
    (week,) = besttimes.weeks(posts, 24, NOW)

    assert ("likes", 4) == (week.measure, week.median)


def test_the_better_wording_is_named_only_where_luck_is_unlikely() -> None:
    """Same account, same age."""
    first = weekly(MONDAY, [100, 110, 120, 130])
    second = weekly(MONDAY, [200, 210, 220, 230])
    views = wordings.judge(NAMES, first, second, 24, NOW, TITLES)[0]
    assert ("views", "P2") == (views.count, views.better)
    assert views.p == pytest.approx(2 / 70)
    assert "P2 did better; 115 and 215 in the middle." in views.sentence

    alike = wordings.judge(NAMES, first, weekly(MONDAY, [105, 115, 125, 135]), 24, NOW, TITLES)[0]
    assert (alike.better, "undecided" in alike.sentence) == (None, True)


def test_too_few_or_unknown_wordings_are_undecided_with_the_reason() -> None:
    """Three of each can never decide, and nobody counts what was not said."""
    few = wordings.judge(NAMES, weekly(MONDAY, [1] * 3), weekly(MONDAY, [900] * 9), 24, NOW, TITLES)
    assert few[0].better is None
    assert "too few posts: 3" in few[0].sentence
    assert "X did not say" in next(one.sentence for one in few if one.count == "likes")


def test_wordings_on_two_accounts_are_judged_apart() -> None:
    """Views of one platform say nothing of another's."""
    first = weekly(MONDAY, [1] * 4)
    second = weekly(MONDAY, [9] * 4, account="facebook")
    found = wordings.judge(NAMES, first, second, 24, NOW, TITLES)

    assert {("facebook", None), ("x", None)} == {(one.account, one.better) for one in found}
    assert all("no posts" in one.sentence for one in found if one.count == "views")


@pytest.mark.parametrize(
    ("totals", "sent_at", "age", "said"),
    [
        ({24: dict.fromkeys(SHOWN)}, MONDAY, 24, "X did not say"),
        ({}, MONDAY, 24, "not read at 24 hours"),
        ({}, NOW - timedelta(hours=23), 24, "not yet 24 hours old"),
        ({}, NOW - timedelta(days=6), 168, "not yet 7 days old"),
        ({}, MONDAY, 0, "not counted yet"),
    ],
)
def test_an_empty_figure_says_why(
    totals: dict[int, Any], sent_at: datetime, age: int, said: str
) -> None:
    """Never a zero, never a blank."""
    found = figure.of([post(sent_at, 0, totals=totals)], "views", age, NOW, TITLES)

    assert (None, 0, said) == (found.median, found.known, found.reason)


def test_a_usual_of_fewer_than_eight_posts_is_not_told() -> None:
    """Seven are too few."""
    posts = weekly(NOW - timedelta(weeks=8), [10] * 7)
    (few,) = usual.usual(posts, "views", 24, NOW, TITLES).values()
    (enough,) = usual.usual([*posts, posts[0]], "views", 24, NOW, TITLES).values()

    assert (None, "too few posts: 7") == (few.median, few.reason)
    assert (10, None) == (enough.median, enough.reason)


@pytest.mark.parametrize(
    ("this", "last", "said"),
    [
        ([200] * 9, [100] * 9, "half of the posts had 200 or more, before 100, 100% more."),
        ([50] * 9, [100] * 9, "before 100, 50% fewer."),
        ([101, 99] * 4, [100] * 8, "no change; a difference this small may be chance."),
        ([200] * 4, [100] * 9, "too few posts to tell a change: 4."),
        ([200] * 9, [], "nothing to compare with (no posts)."),
        ([], [100] * 9, "nothing to say of this period (no posts)."),
    ],
)
def test_each_change_is_one_plain_sentence(this: list[int], last: list[int], said: str) -> None:
    """With what cannot be told."""
    pair = weekly(MONDAY, this), weekly(MONDAY, last)
    change = periods.compare(*pair, 24, NOW, TITLES)[0]

    assert change.sentence.startswith("X, views after 24 hours: ")
    assert change.sentence.endswith(said)


def test_a_curve_has_every_reading_and_what_it_gained(world: Any) -> None:
    """Unknown breaks it; it never falls to zero."""
    delivery_id = world.queue()
    world.send_due()
    (part,) = world.parts(delivery_id)
    with world.store.write() as session:
        for hours, views in ((1, 10), (6, 25), (24, None), (48, 60)):
            at = part.sent_at + timedelta(hours=hours)
            counts = dict.fromkeys(log.COUNTS) | {"views": views}
            engagement.record(session, part.id, at, counts)
    with world.store.read() as session:
        rows = curve.rows(session, 1)

    assert [(1, 10, None), (6, 25, 15), (24, None, None), (48, 60, None)] == [
        (row["age_hours"], row["views"], row["views_gained"]) for row in rows
    ]


def test_a_workbook_has_typed_cells_and_no_formula() -> None:
    """Numbers as numbers, local times as times, and = is text."""
    rows = [
        {"sent_at": "2026-07-01T11:30:00Z", "views": 1204, "text": "=1+1 Bogotá", "likes": None},
        {"sent_at": None, "views": 3, "text": "https://example.org", "likes": 1},
    ]
    content = as_xlsx({"Posts": rows, "Empty": []}, ZoneInfo("Europe/London"), NOW)
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    head, first, second = book.get_sheet_by_name("Posts").to_python()

    assert ["Posts", "Empty"] == book.sheet_names
    assert ["sent_at", "views", "text", "likes"] == head
    assert [datetime(2026, 7, 1, 12, 30), 1204, "=1+1 Bogotá", ""] == first
    assert [1, "https://example.org"] == [second[3], second[2]]
    assert b"<f>" not in content
