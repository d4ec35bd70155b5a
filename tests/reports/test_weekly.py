"""The week's report: its figures reckoned once more from the raw rows, its weeks, its words.

The reckoning shares nothing with the bot: plain SQL for whole tables, plain Python for the rest.
"""

import io
import json
import re
import sqlite3
import statistics
from collections import defaultdict
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import busyyear
import pytest
from python_calamine import CalamineWorkbook

from bot.errors import UsageError
from bot.model.delivery import Delivery, State
from bot.reports.costs import Costs
from bot.reports.figures.figure import SHOWN
from bot.reports.weekly import gathering, page, plain, summary, text
from bot.reports.weekly import week as weeks
from bot.reports.weekly.document import document, told_at
from bot.reports.weekly.facts import Ahead, FeedWeek, Followers, Report, Some, Spent
from bot.reports.weekly.gathering import Place
from bot.reports.weekly.week import Week
from bot.store import accounts
from bot.store.engine import Store

LONDON = ZoneInfo("Europe/London")
TITLES = {"x": "X", "facebook": "Facebook"}
NEAR = timedelta(hours=6)
DAY = timedelta(hours=24)
NAMES = {1: "x", 2: "facebook"}
WEEKS = [Week.of(f"2026-W{number:02}") for number in range(5, 49)]


def report(store: Store, week: Week, **more: Any) -> Report:
    place = Place(LONDON, busyyear.NOW, TITLES, (1, 2))
    with store.read() as session:
        return gathering.gather(session, week, place, **more)


# The figures


@pytest.fixture(scope="module")
def raw(year: Store) -> dict[int, dict[str, Any]]:
    """Every post that is out, by its row's number: whose, when, what of, and its readings."""
    database = sqlite3.connect(str(year.url.database))
    out = database.execute(
        "SELECT d.id, d.post_id, d.account_id, d.sent_at, p.campaign FROM delivery d"
        " JOIN post p ON p.id = d.post_id WHERE d.sent_at IS NOT NULL"
    ).fetchall()
    found: dict[int, dict[str, Any]] = {
        row[0]: {"post": row[1], "account": NAMES[row[2]], "at": moment(row[3]), "of": row[4]}
        for row in out
    }
    for one in found.values():
        one["parts"] = defaultdict(list)
    columns = ", ".join(f"s.{name}" for name in SHOWN)
    for delivery, part, *read in database.execute(
        f"SELECT p.delivery_id, p.id, s.taken_at, {columns} FROM part p"
        " LEFT JOIN snapshot s ON s.part_id = p.id ORDER BY s.taken_at"
    ):
        readings = found[delivery]["parts"][part]
        readings += [(moment(read[0]), dict(zip(SHOWN, read[1:], strict=True)))] if read[0] else []
    database.close()
    return found


def moment(typed: str) -> datetime:
    return datetime.fromisoformat(typed).replace(tzinfo=UTC)


def added(values: list[int | None]) -> int | None:
    known = [value for value in values if value is not None]
    return sum(known) if known else None


def newest(one: dict[str, Any], count: str) -> int | None:
    """The last number that was said of each part, together."""
    said = [
        [read[count] for _, read in readings if read[count] is not None]
        for readings in one["parts"].values()
    ]
    return added([values[-1] for values in said if values])


def after_a_day(one: dict[str, Any], count: str) -> int | None:
    """Of the reading nearest to 24 hours, at most 6 off, of every part."""
    total = []
    parts = sorted(one["parts"])
    for k, part in enumerate(parts):
        # Parts of a thread go out four seconds apart.
        wanted = one["at"] + k * timedelta(seconds=4) + DAY
        near = [(abs(at - wanted), read[count]) for at, read in one["parts"][part]]
        near = [pair for pair in near if pair[0] <= NEAR]
        if not near:
            return None
        total.append(min(near, key=lambda pair: pair[0])[1])
    return added(total)


def of_week(raw: dict[int, dict[str, Any]], week: Week, account: str) -> list[dict[str, Any]]:
    begin = datetime.combine(week.monday, datetime.min.time(), LONDON)
    end = datetime.combine(week.sunday + timedelta(days=1), datetime.min.time(), LONDON)
    return [one for one in raw.values() if begin <= one["at"] < end and one["account"] == account]


def middle(values: list[int | None]) -> float | None:
    known = [value for value in values if value is not None]
    return statistics.median(known) if known else None


def test_every_week_of_a_year_has_the_figures_that_the_raw_rows_have(year: Store, raw: Any):
    """Posts, sums by the newest counts, medians after 24 hours: to the last count."""
    compared = 0
    for week in WEEKS:
        told = report(year, week)
        assert told.number == len(
            {one["post"] for name in TITLES for one in of_week(raw, week, name)}
        )
        for row in plain.as_json(told, public=False)["accounts"]:
            mine, before = (of_week(raw, each, row["account"]) for each in (week, week.before))
            count = row["count"]
            assert (len(mine), len(before)) == (row["posts"], row["posts_before"])
            assert added([newest(one, count) for one in mine]) == row["total_so_far"]
            assert middle([after_a_day(one, count) for one in mine]) == row["median"]
            assert middle([after_a_day(one, count) for one in before]) == row["median_before"]
            compared += row["median"] is not None
    assert compared > 200


def test_campaigns_and_best_posts_are_those_of_the_raw_rows(year: Store, raw: Any):
    judged = 0
    for week in WEEKS[::6]:
        found = plain.as_json(report(year, week), public=False)
        for row in found["campaigns"]:
            name = None if row["campaign"] == "no campaign" else row["campaign"]
            mine = [one for one in of_week(raw, week, row["account"]) if one["of"] == name]
            assert len(mine) == row["posts"]
            assert added([newest(one, "views") for one in mine]) == row["views_so_far"]
            assert middle([after_a_day(one, "views") for one in mine]) == row["views_median"]
        for best in {one.post.account: one for one in reversed(report(year, week).best)}.values():
            mine = [after_a_day(one, best.measure) for one in of_week(raw, week, best.post.account)]
            assert best.value == max(value for value in mine if value is not None)
            judged += 1
    assert judged > 8


def test_the_usual_of_an_account_is_the_same_whichever_campaign_is_told_of(year: Store):
    week = WEEKS[-1]
    whole = {one.account: one.usual for one in report(year, week).accounts}
    some = report(year, week, campaign="rivers")
    assert some.posts
    assert {one.campaign for one in some.posts} == {"rivers"}
    assert all(whole[one.account] == one.usual for one in some.accounts)


# The weeks


@pytest.mark.parametrize(
    ("name", "hours"), [("2026-W12", 168), ("2026-W13", 167), ("2026-W43", 169)]
)
def test_a_week_lasts_from_midnight_to_midnight_whatever_the_clocks_do(name: str, hours: int):
    week = Week.of(name)
    assert week.end(LONDON) - week.start(LONDON) == timedelta(hours=hours)
    assert week.name == name
    assert Week.at(week.end(LONDON) - timedelta(seconds=1), LONDON) == week


@pytest.mark.parametrize(
    ("now", "week"),
    [
        ("2026-03-30 06:59", None),  # summer time began the day before: 07:59 on the wall
        ("2026-03-30 07:00", "2026-W13"),
        ("2026-04-01 06:59", "2026-W13"),
        ("2026-04-01 07:00", None),
        ("2026-10-26 07:59", None),  # and ended
        ("2026-10-26 08:00", "2026-W43"),
        ("2027-01-04 08:00", "2026-W53"),
        ("2026-12-03 12:00", None),
    ],
)
def test_it_is_mailed_from_monday_at_eight_until_wednesday_at_eight(now: str, week: str | None):
    found = weeks.to_mail(datetime.fromisoformat(f"{now}+00:00"), LONDON)
    assert (found and found.name) == week


@pytest.mark.parametrize("typed", ["2026-W54", "2025-W53", "W47", "2026-47-1", "", "2026-W00"])
def test_what_is_no_week_is_refused(typed: str):
    with pytest.raises(UsageError, match="2026-W47"):
        Week.of(typed)


def test_a_week_over_the_turn_of_the_year_is_said_with_both_years():
    assert Week.of("2026-W53").in_words == "Monday 28 December 2026 to Sunday 3 January 2027"
    assert Week.of("2026-W47").in_words == "Monday 16 to Sunday 22 November 2026"
    assert Week.of("2026-W49").in_words == "Monday 30 November to Sunday 6 December 2026"


# The three sentences


def test_a_full_week_is_told_in_three_sentences(year: Store):
    """Each ends once, names both accounts, and calls few posts few."""
    out, best, changed = summary.sentences(report(year, WEEKS[-1]))
    assert out.startswith("In the week from Monday 23 to Sunday 29 November 2026, ")
    assert " on Facebook and " in out
    posts, *places, both = (int(n) for n in re.findall(r"\d+ (?=posts|on|of)", out))
    assert sum(places) - both == posts
    assert "half of the posts of the last 90 days had" in best
    assert "http" not in best
    assert changed.startswith("In the week before, ")
    assert "too few to tell a change" in changed
    assert all(said.endswith(".") and "None" not in said for said in (out, best, changed))


@pytest.fixture
def empty(store: Store) -> Store:
    with store.write() as session:
        for name in TITLES:
            accounts.ensure(session, name, name, busyyear.NOW)
    return store


def test_a_week_without_posts_says_so_and_why(empty: Store):
    """No account; nothing due; a pause, without the words of who paused."""
    week = WEEKS[-1]
    said = summary.sentences(report(empty, week))
    assert said[0].endswith("29 November 2026, nothing went out: no post was due.")
    assert said[2] == "In the week before, nothing went out either, so that nothing changed."
    place = Place(LONDON, busyyear.NOW, TITLES, ())
    with empty.read() as session:
        told = gathering.gather(session, week, place)
    assert summary.what_went_out(told).endswith("nothing went out: no account is connected.")

    with empty.write() as session:
        at = week.start(LONDON) + timedelta(days=1)
        accounts.pause(session, None, reason="Bob forgot the imprint", actor="cli:bob", now=at)
    told = report(empty, week)
    assert summary.what_went_out(told).endswith("nothing went out: sending was paused.")
    assert "Bob" not in page.whole(document(told, public=True), told_at(told))


def test_the_week_after_a_pause_does_not_blame_it(empty: Store):
    with empty.write() as session:
        at = WEEKS[-2].start(LONDON)
        accounts.pause(session, None, reason="a rest", actor="cli:bob", now=at)
        accounts.open_pauses(session)[0].ended_at = at + timedelta(days=1)
    assert "no post was due" in summary.what_went_out(report(empty, WEEKS[-1]))
    assert "sending was paused" in summary.what_went_out(report(empty, WEEKS[-2]))


# Every form, and the public one

MONEY = Costs("x", "2026-11", *[Decimal("31.415")] * 2, None, Decimal("27.18"), {}, {}, {"Zora": 1})
WAITS = Ahead("P9", "x", busyyear.NOW, "on hold", "Zora keeps it back", "Words not out yet")


@pytest.fixture
def told(year: Store) -> Report:
    """A week with something in every part of it."""
    return replace(
        report(year, WEEKS[-1]),
        spent=(Spent("x", Decimal("16.18"), MONEY),),
        asked=Some((WAITS,), 3),
        coming=Some((WAITS,), 1),
        quiet={"news": "No post so far. 3 waiting for Zora"},
        articles=(FeedWeek("news", 9, 2, 3, 1, 3, 4),),
        followers=(Followers("x", 1204, 1200), Followers("facebook", 300, None)),
    )


def forms(told: Report, *, public: bool) -> dict[str, str]:
    read = document(told, public=public)
    sheets = CalamineWorkbook.from_filelike(io.BytesIO(plain.as_workbook(told, public=public)))
    cells = {name: sheets.get_sheet_by_name(name).to_python() for name in sheets.sheet_names}
    return {
        "text": " ".join(text.as_text(read).split()),
        "html": page.whole(read, told_at(told)),
        "json": json.dumps(plain.as_json(told, public=public), ensure_ascii=False),
        "xlsx": json.dumps(cells, default=str, ensure_ascii=False),
    }


SECRET = ("31.4", "27.18", "16.18", "usd", "Zora", "Words not out yet", "keeps it back", "cli:bob")


def test_every_form_says_everything_and_the_public_one_no_money_author_or_note(told: Report):
    inside, outside = forms(told, public=False), forms(told, public=True)
    for kind, said in inside.items():
        assert "Zora keeps it back" in said, kind
        assert "16.18" in said, kind
        assert summary.what_went_out(told).split(",")[0] in said, kind
    for kind, said in outside.items():
        assert [word for word in (*SECRET, "$", "ana", '"cleo"', "author") if word in said] == [], (
            kind
        )
        assert summary.what_went_out(told).split(",")[0] in said, kind
        assert "1204" in said.replace(",", ""), kind
    assert "1 post planned until the end of next week." in outside["text"]


def test_no_column_gets_into_the_public_version_by_itself(told: Report):
    """Every column it has stands in the list of what is allowed, and the list is no wider."""
    allowed = {view.key: set(view.public) for view in plain.VIEWS if view.public}
    found = plain.views(told, public=True)
    assert set(found) == set(allowed)
    for key, rows in found.items():
        assert set(rows[0]) == allowed[key], key


def test_sheets_have_typed_columns(told: Report):
    sheets = CalamineWorkbook.from_filelike(io.BytesIO(plain.as_workbook(told, public=False)))
    costs = sheets.get_sheet_by_name("Costs").to_python()
    assert costs[1][:2] == ["x", 16.18]
    posts = sheets.get_sheet_by_name("Posts").to_python()
    head = posts[0]
    assert isinstance(posts[1][head.index("sent_at")], datetime)
    campaigns = sheets.get_sheet_by_name("Campaigns").to_python()
    assert "=press" in {row[0] for row in campaigns}
    assert len(sheets.sheet_names) == len(plain.VIEWS)


def test_what_posts_say_is_never_markup_and_no_odd_address_is_a_link(told: Report):
    best = told.best[0]
    evil = replace(best.post, opening="<script>alert(1)</script>")
    links = {best.post.delivery_id: "javascript:alert(2)"}
    seen = page.whole(
        document(replace(told, best=(replace(best, post=evil),), links=links), public=True), ""
    )
    assert "<script" not in seen
    assert "javascript:" not in seen
    assert "&lt;script&gt;alert(1)" in seen
    assert "http://" not in seen.replace("https://example.org", "")


def test_what_stands_only_now_is_not_said_of_an_older_week(year: Store):
    older = report(year, WEEKS[10])
    assert (older.asked, older.coming, older.quiet) == (None, None, None)
    assert "needs a person" not in text.as_text(document(older, public=False))


def test_what_waits_and_what_comes_is_told_with_its_week(empty: Store):
    """What is due next week is there, what is due later is not, what failed needs a person."""
    monday = WEEKS[-1].after.start(LONDON)
    with empty.write() as session:
        for n, (state, days) in enumerate([("waiting", 2), ("waiting", 9), ("failed", -3)], 1):
            busyyear._post(session, busyyear.random.Random(n), n, busyyear.NOW)
            session.add(
                Delivery(
                    id=n,
                    post_id=n,
                    account_id=1,
                    state=State(state).value,
                    timing="typed",
                    variant_digest="",
                    text_key=str(n),
                    due_at=monday + timedelta(days=days),
                    created_at=busyyear.NOW,
                )
            )
    told = report(empty, WEEKS[-1])
    assert [one.post for one in told.coming.rows] == ["P1"]
    assert [one.post for one in told.asked.rows] == ["P3"]
    assert "1 post that was due did not go" in summary.what_went_out(told)
