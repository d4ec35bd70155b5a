"""The engagement pages over a seeded year: what they say is what the figures and the rows say."""

import csv
import io
import json
import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from html import unescape
from typing import Any

import busyyear
import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy import func, select
from world import HandClock

from bot.model.base import Base
from bot.model.delivery import Decision, Delivery
from bot.model.review import Review
from bot.reports import log, seenlog
from bot.reports.figures import counted, followers, groups, money, periods, wordings
from bot.sandbox import Sandbox
from bot.store import accounts, byhand, engagement
from bot.store.figures import Asked
from bot.web import figurewords

from .site import Site, Visitor, running

SEED, POSTS = 11, 90
NOTE = "Use this picture again.\nIt did well."
HOUR_AGO = busyyear.NOW - timedelta(hours=1)
HAND = "Typed on a phone at the march in Bogotá."


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A year of posts, followers by day, and one post made by hand."""
    clock = HandClock()
    folder = tmp_path_factory.mktemp("site")
    with Sandbox(clock=clock) as sandbox, running(folder, sandbox, clock) as site:
        busyyear.fill(site.bot.store, SEED, POSTS)
        with site.bot.store.write() as session:
            for days in range(40):
                at = clock() - timedelta(days=days)
                counts = {"followers": 1204 - days, "posts": 400, "page_views": None}
                engagement.record_account(session, 1, at, counts)
            seen = byhand.Public("99", "https://x.test/99", HAND, None, HOUR_AGO, 40)
            byhand.add(session, accounts.named(session, "x"), seen, clock())
        yield site


@pytest.fixture(scope="module")
def staff(site: Site) -> Visitor:
    return site.person("staff", "Stella")


@pytest.fixture(scope="module")
def admin(site: Site) -> Visitor:
    return site.person("admin", "Ada")


def words_of(page: str) -> str:
    """What somebody reads, on one line."""
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", page)).split())


def year(site: Site, *ages: int, days: int = 365) -> list[counted.Counted]:
    now = site.bot.clock()
    asked = Asked(since=now - timedelta(days=days), until=now)
    with site.bot.store.read() as session:
        return counted.read(session, asked, site.bot.settings.zone, ages, labelled=True)


def exported(visitor: Visitor, path: str) -> list[dict[str, str]]:
    text = visitor.get(path).content.decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def test_the_pages_sentences_are_those_of_the_figures(site: Site) -> None:
    """Told twice, in two languages, they may never say different things."""
    now, titles = site.bot.clock(), site.bot.titles
    everything = year(site, 0, 24)
    middle = now - timedelta(days=60)
    this, last = ([o for o in everything if (o.sent_at >= middle) is new] for new in (True, False))
    pair = ("P1", "P2")
    with site.bot.store.read() as session, site.app.test_request_context():
        for sides in ((this, last), (this[:9], last), (this, []), (this[:40], this[40:80])):
            for change in periods.compare(*sides, 24, now, titles):
                said = figurewords.change(change, titles[change.account], 24)
                assert said == change.sentence
            for one in wordings.judge(pair, *sides, 24, now, titles):
                assert figurewords.verdict(one, pair, titles[one.account]) == one.sentence
        prices = money.prices(session, everything, middle, now, titles, "account")
        assert {one.owner for one in prices} == {"x", "facebook"}
        for price in prices:
            title = titles[price.owner]
            assert figurewords.price(price, title) == money.sentence(price, title)


def test_every_reason_is_told_in_spanish(site: Site) -> None:
    """Whatever a figure may lack."""
    now, titles, posts = site.bot.clock(), site.bot.titles, year(site, 0, 24, 168)
    found = {
        figure.reason
        for by in groups.GROUPINGS
        for age in (0, 24, 168)
        for group in groups.grouped(posts, by, age, now, titles)
        for figure in group.figures.values()
        if figure.reason
    }
    found |= {"not yet 7 days old", "too few posts: 3", "not counted yet", "no posts"}
    assert len(found) >= 5
    with site.app.test_request_context(headers={"Accept-Language": "es"}):
        for reason in found:
            told = figurewords.reason(reason)
            assert told != reason, reason
            assert not re.search(r"hours|days|posts", told), told


def test_the_dashboard_tells_each_account_by_itself(site: Site, staff: Visitor) -> None:
    """Sentences, groups in medians, followers and cost; nothing over two platforms."""
    page = words_of(staff.get("/engagement?period=90d&by=label&age=7d").text)
    now, titles = site.bot.clock(), site.bot.titles
    new, old = year(site, 168, days=90), year(site, 168, days=180)
    last = [one for one in old if one.sent_at < now - timedelta(days=90)]
    changes = periods.compare(new, last, 168, now, titles)
    assert len(changes) == 10
    for change in changes:
        assert change.sentence in page
    found = groups.grouped(new, "label", 168, now, titles)
    assert {"spyware", "mines", "events", "no label"} == {group.name for group in found}
    for group in found:
        views = group.figures["views"]
        few = "few " if views.is_small else ""
        row = f"{group.name} {group.posts} {few}{figurewords.median(views)} "
        assert row in page, row
    assert "X has 1,204 followers, 39 more than on Friday 23 October 2026." in page
    assert "Facebook: not counted in this time." in page
    assert "X cost $" in page
    everything = sum(group.posts for group in found)
    assert f" {everything} posts" not in page


def test_filters_stay_in_the_address_and_narrow_what_is_told(site: Site, staff: Visitor) -> None:
    page = staff.get(
        "/engagement?period=days&since=2026-03-01&until=2026-03-31&account=x&campaign=rivers"
    ).text
    zone = site.bot.settings.zone
    march = [
        one
        for one in year(site, 24)
        if one.account == "x"
        and one.campaign == "rivers"
        and one.sent_at.astimezone(zone).month == 3
    ]
    said = words_of(page)
    assert f"X: {len(march)} post" in said
    assert "Facebook:" not in said
    assert "What it cost" not in said  # what an account cost is not the cost of some of its posts
    assert 'value="2026-03-31"' in page
    wrong = words_of(staff.get("/engagement?period=days&since=2026-04-01&until=2026-03-01").text)
    assert "The first day is after the last one." in wrong


def test_the_log_is_sorted_and_exported_exactly_as_it_is_seen(site: Site, staff: Visitor) -> None:
    """Same posts, same order, same columns, over all pages; unknown last whichever way."""
    asked = "?sort=views&way=up&account=x&period=all"
    with site.bot.store.read() as session:
        rows = log.rows(session, account="x")
    known = sorted(row["views"] for row in rows if row["views"] is not None)
    assert 0 < len(known) < len(rows)
    found = exported(staff, f"/engagement/log.csv{asked}")
    assert list(found[0]) == list(seenlog.COLUMNS)
    assert [int(row["views"]) for row in found if row["views"]] == known
    assert [row["views"] for row in found][len(known) :] == [""] * (len(rows) - len(known))

    seen: list[str] = []
    for page in range(1, -(-len(rows) // 40) + 1):
        text = staff.get(f"/engagement/log{asked}&page={page}").text
        seen += re.findall(r'name="target" value="(\d+)"', text)
        assert 'aria-sort="ascending"' in text
    whole = exported(staff, f"/engagement/whole.csv{asked}")
    assert seen == [row["delivery"] for row in whole]
    assert list(whole[0]) == list(log.COLUMNS)
    total = sum(known)
    assert re.search(rf"All on X {len(rows)} posts {total:,} ", words_of(text))
    assert [row["post"] for row in json.loads(staff.get(f"/engagement/log.json{asked}").text)] == [
        row["post"] for row in found
    ]


def test_the_sheet_has_numbers_and_local_dates(site: Site, staff: Visitor) -> None:
    content = staff.get("/engagement/log.xlsx?sort=views&made=ours").content
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    head, *rows = book.get_sheet_by_index(0).to_python()
    first = dict(zip(head, rows[0], strict=True))
    assert list(head) == list(seenlog.COLUMNS)
    seen = exported(staff, "/engagement/log.csv?sort=views&made=ours")
    assert len(rows) == len(seen)
    assert first["views"] == float(seen[0]["views"])
    sent_at = datetime.fromisoformat(seen[0]["sent_at"]).astimezone(site.bot.settings.zone)
    assert abs(first["sent_at"] - sent_at.replace(tzinfo=None)) < timedelta(seconds=1)


def test_posts_are_reviewed_together_with_who_when_and_on_the_record(
    site: Site, staff: Visitor
) -> None:
    with site.bot.store.read() as session:
        chosen = list(session.scalars(select(Delivery.id).order_by(Delivery.id).limit(3)))
    form = [("target", str(one)) for one in chosen]
    page = staff.post("/engagement/log", [*form, ("note", NOTE), ("verb", "mark")])
    assert "Marked as reviewed: 3." in page.text

    reviewed = exported(staff, "/engagement/log.csv?reviewed=yes&period=all")
    assert {row["review_note"] for row in reviewed} == {NOTE}
    assert {row["reviewed_by"] for row in reviewed} == {"Stella"}
    with site.bot.store.read() as session:
        rows = log.rows(session, reviewed=True)
        assert list(rows[0])[-2:] == ["reviewed_at", "review_note"]
        assert sorted(int(row["delivery"]) for row in rows) == chosen
        assert len(log.rows(session, reviewed=False)) == len(log.rows(session)) - 3
        noted = session.scalars(select(Decision).where(Decision.verb == "review")).all()
    assert [one.delivery_id for one in noted] == chosen
    assert {str(one.after) for one in noted} == {str({"note": NOTE})}

    staff.post("/engagement/log", [("target", str(chosen[0])), ("verb", "unmark")])
    staff.post("/engagement/log", [*form[1:], ("note", "x" * 2001), ("verb", "mark")])
    assert len(exported(staff, "/engagement/log.csv?reviewed=yes&period=all")) == 2
    with site.bot.store.read() as session:
        assert {row.note for row in session.scalars(select(Review))} == {NOTE}
    volunteer = site.person("volunteer", "Vera")
    assert volunteer.post("/engagement/log", [*form, ("verb", "unmark")]).status_code == 403
    assert "Mark as reviewed" not in volunteer.get("/engagement/log").text


def test_what_is_handed_out_has_the_allowed_columns_alone(site: Site, staff: Visitor) -> None:
    """No note, no reviewer, no author, no money; nothing that was taken back or is gone."""
    rows = exported(staff, "/engagement/public.csv?period=all")
    assert list(rows[0]) == [
        "account", "sent_at", "url", "text", "views", "likes", "comments", "shares",
        "link_clicks", "campaign",
    ]  # fmt: skip
    with site.bot.store.read() as session:
        standing = select(func.count()).where(Delivery.state == "sent", Delivery.gone_at.is_(None))
        assert len(rows) == session.scalar(standing)
        withdrawn = [row["text"] for row in log.rows(session) if row["state"] == "cancelled"]
    assert withdrawn
    assert not {row["text"] for row in rows} & set(withdrawn)
    page = staff.get("/engagement/public.html?period=all")
    assert "attachment" in page.headers["Content-Disposition"]
    for secret in ("Use this picture again", "Stella", ">ana<", "bob", "$", "<form", "<script"):
        assert secret not in page.text, secret


def test_a_slot_is_added_in_one_click_by_those_who_may(site: Site, admin: Visitor, staff: Visitor):
    """By the same door as the timetable's page; never where a file has the say."""
    form = {"slot": "monday 09:15", "back": "/engagement"}
    assert staff.post("/timetable/x/add", form).status_code == 403
    with site.bot.store.read() as session:
        before = site.bot.planner.timetable_of(session, accounts.named(session, "x"))
    page = admin.post("/timetable/x/add", form)
    assert page.url.endswith("/engagement")
    with site.bot.store.read() as session:
        after = site.bot.planner.timetable_of(session, accounts.named(session, "x"))
    assert set(after) - set(before) == {(0, "09:15")}
    assert set(before) <= set(after)

    declared = site.folder / "posts" / "timetable.toml"
    declared.write_text('[facebook]\nslots = "daily 10:00"\n')
    page = admin.post("/timetable/facebook/add", form)
    declared.unlink()
    assert "A file says when it goes out" in page.text
    with site.bot.store.read() as session:
        assert not accounts.slots(session, 2)


def test_a_good_hour_is_offered_with_how_sure_it_is(tmp_path: Any) -> None:
    """Mondays at 09:15 did surely better; an admin gets a button, staff a hint."""
    clock = HandClock()
    with Sandbox(clock=clock) as sandbox, running(tmp_path, sandbox, clock) as site:
        busyyear.fill_hours(site.bot.store, 20, 20)
        admin, staff = site.person("admin", "Ada"), site.person("staff", "Stella")
        path = "/engagement?period=1y"
        page = admin.get(path).text
        assert '<input type="hidden" name="slot" value="monday 09:15">' in page
        assert re.search(r"Half of 20 posts had 9\d\d or more; with 90 % confidence", page)
        assert "An admin can add it to the timetable." in staff.get(path).text
        admin.post("/timetable/x/add", {"slot": "monday 09:15", "back": path})
        assert "In the timetable already" in admin.get(path).text


def tables(site: Site) -> dict[str, int]:
    with site.bot.store.read() as session:
        return {
            one.name: session.scalar(select(func.count()).select_from(one)) or 0
            for one in Base.metadata.sorted_tables
        }


def test_visits_are_shown_and_nothing_of_the_file_is_kept(site: Site, staff: Visitor) -> None:
    before = tables(site)
    content = b"visits,utm_content\n1204,post-3\n7,post-none\n"
    page = staff.post("/engagement/visits", files={"file": ("web.csv", content, "text/csv")})
    assert "1,204" in page.text
    assert "no post of the last year has these tags" in page.text
    large = b"visits,utm_content\n" + b"1,a\n" * 1_400_000
    page = staff.post("/engagement/visits", files={"file": ("web.csv", large, "text/csv")})
    assert "larger than 5 MB" in page.text
    assert tables(site) == before


def test_what_was_made_by_hand_says_so_and_has_no_button_that_fails(
    site: Site, admin: Visitor
) -> None:
    with site.bot.store.read() as session:
        made = session.scalars(select(Delivery).where(Delivery.by_hand)).one()
    page = admin.get(f"/posts/{made.post_id}").text
    assert HAND in page
    assert "made on the account's own page" in unescape(page)
    for word in ("Take it down", "Change the words", "The same again", "Withdraw it"):
        assert word not in page
    assert admin.get(f"/posts/{made.post_id}/edit").status_code == 403
    again = admin.post(f"/posts/{made.post_id}/duplicate", {})
    assert "not sent again from here" in again.text
    for path in ("/", "/queue?which=out", "/engagement/log?made=hand"):
        assert '<span class="badge calm">by hand</span>' in admin.get(path).text, path
    assert re.search(
        r"11:00 X [^<]*out by hand Typed on a phone", words_of(admin.get("/calendar").text)
    )
    assert HAND not in admin.get("/engagement/log?made=ours").text
    assert [row["text"] for row in exported(admin, "/engagement/log.csv?made=hand")] == [HAND]


def test_a_posts_growth_stands_beside_the_usual(site: Site, staff: Visitor) -> None:
    """The same numbers as the readings, and marked where they are outside the middle half."""
    newest = next(
        one
        for one in reversed(year(site, 168, days=80))
        if isinstance(one.value("views", 168, site.bot.clock()), int)
    )
    page = words_of(staff.get(f"/posts/{newest.post_id}/growth").text)
    views = newest.value("views", 168, site.bot.clock())
    assert re.search(rf"After 7 days {views:,}( [↑↓])? ", page)
    assert "Usual then" in page
    with site.bot.store.read() as session:
        readings = engagement.history(session, [newest.delivery_id])
    for _part, one in readings:
        if one.views is not None and len({part.id for part, _ in readings}) == 1:
            assert f" {one.views:,} " in page
    assert f"/posts/{newest.post_id}/growth" in staff.get(f"/posts/{newest.post_id}").text


def test_followers_change_only_between_known_days() -> None:
    """A day that is not known is no zero."""
    day = date(2026, 11, 1)
    known = [followers.Day(day, 10, None), followers.Day(day + timedelta(days=2), 14, 3)]
    unknown = followers.Day(day + timedelta(days=1), None, None)
    assert followers.Following("x", [unknown, *known, unknown]).gained == 4
    assert followers.Following("x", [unknown, known[0]]).gained is None
    assert followers.Following("x", [unknown]).last is None
