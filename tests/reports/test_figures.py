"""A seeded year: every figure equals one reckoned from the raw rows, to the last count.

The reckoning below shares nothing with the bot: plain SQL for whole tables, plain Python for the
rest, its own quartiles, its own nearest reading.
"""

import sqlite3
from collections import defaultdict
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import busyyear
import pytest

from bot.reports.figures import counted, figure, groups, money, periods, usual
from bot.reports.figures.figure import SHOWN, MixedPlatforms
from bot.store.engine import Store
from bot.store.figures import Asked

LONDON = ZoneInfo("Europe/London")
TITLES = {"x": "X", "facebook": "Facebook"}
TOLERANCE = {24: timedelta(hours=6), 168: timedelta(hours=24)}
NOW = busyyear.NOW
Raw = dict[str, list[dict[str, Any]]]
Mine = dict[int, list[dict[str, Any]]]


@pytest.fixture(scope="session")
def raw(year: Store) -> Raw:
    """Every row of the tables the figures are of, as the database file has them."""
    connection = sqlite3.connect(str(year.url.database))
    connection.row_factory = sqlite3.Row
    names = ("delivery", "part", "snapshot", "post", "post_label", "account", "charge")
    found = {name: [dict(r) for r in connection.execute(f"SELECT * FROM {name}")] for name in names}
    connection.close()
    return found


@pytest.fixture(scope="session")
def mine(raw: Raw) -> Mine:
    """By age, every post as reckoned here."""
    return {age: reckoned(raw, age) for age in (0, 24, 168)}


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def reckoned(raw: Raw, age: int) -> list[dict[str, Any]]:
    """Each post that is out on an account, with what groups it and its counts at that age."""
    readings = defaultdict(list)
    for row in raw["snapshot"]:
        readings[row["part_id"]].append(row)
    posts = {row["id"]: row for row in raw["post"]}
    accounts = {row["id"]: row for row in raw["account"]}
    labels = defaultdict(list)
    for row in raw["post_label"]:
        labels[row["post_id"]].append(row["label"])
    found = []
    for row in raw["delivery"]:
        if row["state"] not in ("sent", "cancelled") or row["sent_at"] is None:
            continue
        parts = [p for p in raw["part"] if p["delivery_id"] == row["id"] and p["remote_id"]]
        chosen = [nearest(readings[p["id"]], moment(p["sent_at"]), age) for p in parts]
        account, post = accounts[row["account_id"]], posts[row["post_id"]]
        local = moment(row["sent_at"]).astimezone(ZoneInfo(account["timezone"] or LONDON.key))
        has_link = any(p["link"] or "https://" in p["text"] for p in parts)
        has_image = any(p["images"] != "[]" for p in parts)
        found.append(
            {
                "id": row["id"],
                "sent_at": moment(row["sent_at"]),
                "campaign": [post["campaign"] or "no campaign"],
                "label": labels[row["post_id"]] or ["no label"],
                "account": [account["name"]],
                "platform": [account["platform"]],
                "author": [{"cli:bob": "bob (terminal)"}.get(post["author"], post["author"])],
                "weekday": [f"{local:%A}"],
                "hour": [f"{local:%H}:00"],
                "link": ["with a link" if has_link else "without a link"],
                "image": ["with an image" if has_image else "without an image"],
                "counts": summed(chosen, age),
            }
        )
    return found


def nearest(rows: list[dict[str, Any]], sent_at: datetime, age: int) -> dict[str, Any] | None:
    if age == 0:
        # A count that is no longer told is the last that was.
        row: dict[str, Any] = {}
        for reading in sorted(rows, key=lambda row: row["taken_at"]):
            row |= {name: value for name, value in reading.items() if value is not None}
        return dict.fromkeys(SHOWN) | row if row else None
    at = sent_at + timedelta(hours=age)
    near = [row for row in rows if abs(moment(row["taken_at"]) - at) <= TOLERANCE[age]]
    return min(near, key=lambda row: abs(moment(row["taken_at"]) - at), default=None)


def summed(chosen: list[dict[str, Any] | None], age: int) -> dict[str, int | None]:
    if age and None in chosen:
        return {}
    there = [row for row in chosen if row is not None]
    totals = {}
    for name in SHOWN if there else ():
        known = [row[name] for row in there if row[name] is not None]
        totals[name] = sum(known) if known else None
    return totals


def at_share(values: list[int], share: float) -> float:
    """A quantile between the two values it falls between."""
    ordered = sorted(values)
    place = share * (len(ordered) - 1)
    low = int(place)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (ordered[high] - ordered[low]) * (place - low)


def read(year: Store, age: int, **asked: Any) -> list[counted.Counted]:
    with year.read() as session:
        return counted.read(session, Asked(**asked), LONDON, (age,), labelled=True)


@pytest.mark.parametrize("age", [0, 24, 168])
@pytest.mark.parametrize("by", list(groups.GROUPINGS))
def test_every_group_of_a_year_equals_the_raw_rows(
    year: Store, mine: Mine, by: str, age: int
) -> None:
    """Posts, known, total, median, quartiles and range of every count."""
    wanted = defaultdict(list)
    for row in mine[age]:
        for name in row[by]:
            owner = row["platform"] if by == "platform" else row["account"]
            wanted[name, owner[0]].append(row["counts"])

    found = groups.grouped(read(year, age), by, age, NOW, TITLES)

    assert set(wanted) == {(group.name, group.account) for group in found}
    for group in found:
        counts = wanted[group.name, group.account]
        assert len(counts) == group.posts
        for name in SHOWN:
            known = [row[name] for row in counts if row.get(name) is not None]
            assert (len(known), sum(known) if known else None) == (
                group.figures[name].known,
                group.figures[name].total,
            )
            if known:
                it = group.figures[name]
                assert pytest.approx([at_share(known, n / 4) for n in range(5)]) == [
                    it.least,
                    it.low,
                    it.median,
                    it.high,
                    it.most,
                ]
            else:
                assert group.figures[name].reason


def test_the_year_has_every_kind_of_gap(raw: Raw, mine: Mine) -> None:
    """Else the comparison above would prove little."""
    day = mine[24]
    parts = [row["delivery_id"] for row in raw["part"]]

    assert len(day) > 350
    assert any(not row["counts"] for row in day)
    assert any(row["counts"].get("views") is None for row in day if row["counts"])
    assert len(parts) > len(set(parts))
    assert any(row["state"] == "cancelled" for row in raw["delivery"])


def test_the_usual_of_90_days_equals_the_raw_rows(year: Store, mine: Mine) -> None:
    """Median and quartiles by account, and where each post stands."""
    posts = read(year, 24)
    rows = usual.rows(posts, posts, 24, NOW, TITLES)
    ours = {row["id"]: row for row in mine[24]}

    assert len(ours) == len(rows)
    for row in rows:
        own = ours[int(row["delivery"])]
        recent = [
            other["counts"]["views"]
            for other in ours.values()
            if other["account"] == own["account"]
            and other["sent_at"] >= NOW - timedelta(days=90)
            and other["counts"].get("views") is not None
        ]
        low, middle, high = (at_share(recent, share) for share in (0.25, 0.5, 0.75))
        assert (low, middle, high) == (
            row["views_usual_low"],
            row["views_usual"],
            row["views_usual_high"],
        )
        views = own["counts"].get("views")
        assert views == row["views"]
        expected = None if views is None else "as usual"
        if views is not None and views > high:
            expected = "above"
        if views is not None and views < low:
            expected = "below"
        assert expected == row["views_standing"]


def test_two_periods_equal_the_raw_rows(year: Store, mine: Mine) -> None:
    """Posts, totals and medians of both."""
    edges = [NOW - timedelta(days=60 * n) for n in (2, 1, 0)]
    last, this = (read(year, 24, since=a, until=b) for a, b in pairwise(edges))
    changes = periods.compare(this, last, 24, NOW, TITLES)

    assert {"x", "facebook"} == {change.account for change in changes}
    for change in changes:
        for shown, (since, until) in (
            (change.before, edges[:2]),
            (change.now, edges[1:]),
        ):
            rows = [
                row["counts"]
                for row in mine[24]
                if row["account"] == [change.account] and since <= row["sent_at"] < until
            ]
            known = [row[change.count] for row in rows if row.get(change.count) is not None]
            assert (len(rows), len(known)) == (shown.posts, shown.known)
            assert (sum(known) if known else None) == shown.total
            assert (at_share(known, 0.5) if known else None) == shown.median


def test_cost_per_thousand_views_equals_the_raw_rows(year: Store, raw: Raw, mine: Mine) -> None:
    """Charges over the newest views; an account that costs nothing has no price."""
    since = NOW - timedelta(days=200)
    posts = read(year, 0, since=since)
    with year.read() as session:
        free, priced = money.prices(session, posts, since, NOW, TITLES, "account")
    spent = sum(r["amount_micros"] for r in raw["charge"] if moment(r["made_at"]) >= since)
    views = sum(
        row["counts"].get("views") or 0
        for row in mine[0]
        if row["account"] == ["x"] and row["sent_at"] >= since
    )

    assert ("x", spent) == (priced.owner, priced.spent * 1_000_000)
    assert f"{spent / 1000 / views:.2f}" == str(priced.per_thousand)
    assert (None, "it cost nothing") == (free.per_thousand, free.reason)


def test_views_of_two_platforms_are_never_in_one_figure(year: Store) -> None:
    """It refuses, rather than trusting whoever asks."""
    both = read(year, 0)

    with pytest.raises(MixedPlatforms):
        figure.of(both, "views", 0, NOW, TITLES)
