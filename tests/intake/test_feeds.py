"""Reading feeds over real sockets into a real database: once, for ever, and politely."""

import time
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from bot.errors import FetchFailed, NotFound, UsageError
from bot.intake import feedmemory, feedsweep
from bot.intake.entry import MAX_ENTRIES
from bot.intake.feedmemory import MAX_NAMES
from bot.intake.feeds import Feeds, Polled
from bot.intake.pace import Pace
from bot.model.feed import Article, Feed
from bot.model.post import Post, Quarantine
from bot.model.written import from_json
from bot.settings import Settings
from bot.store import accounts, feeds

EVERY = timedelta(minutes=15)


@pytest.fixture
def reader(world: Any, site: Any, tmp_path: Path, lasting_reader: Any) -> Feeds:
    """Feeds every fifteen minutes, from the site on loopback."""
    settings = Settings(feed_every=EVERY, fetch_allow_hosts=("127.0.0.1",), posts_dir=tmp_path)
    made = Feeds(world.store, world.clock, world.admission, settings)
    made.fetcher, made.reader = replace(made.fetcher, pace=Pace(0)), lasting_reader
    return made


@pytest.fixture
def known(reader: Feeds, site: Any, one: Any) -> Callable[..., str]:
    """Adds a feed that has shown article 1; the address."""

    def add(name: str = "news", **options: Any) -> str:
        url: str = site.feed(one(1), path=f"/{name}")
        reader.add(name, url, options)
        return url

    return add


def row(reader: Feeds, name: str = "news") -> Feed:
    with reader.store.read() as session:
        return feeds.named(session, name)


def articles(reader: Feeds, name: str = "news") -> dict[str, str]:
    """Decisions by title."""
    with reader.store.read() as session:
        found = feeds.articles_of(session, feeds.named(session, name).id)
    return {each.title: each.decision for each in found}


def posts(reader: Feeds) -> list[Post]:
    with reader.store.read() as session:
        return list(session.scalars(select(Post).order_by(Post.id)))


def bodies(reader: Feeds) -> list[str]:
    return [from_json(post.written).body for post in posts(reader)]


def quarantined(reader: Feeds) -> list[tuple[str, str, int | None, str]]:
    with reader.store.read() as session:
        rows = session.scalars(select(Quarantine).order_by(Quarantine.id))
        return [(each.source, each.key, each.line, each.reason) for each in rows]


def test_first_sight_marks_all_as_seen_and_posts_nothing(
    reader: Feeds, site: Any, one: Any
) -> None:
    """A new feed does not flood the queue with its past."""
    added = reader.add("news", site.feed(one(2), one(1)), {})

    assert added == Polled("news", skipped=2)
    assert articles(reader) == {"Article 1": "seen", "Article 2": "seen"}
    assert posts(reader) == []
    assert row(reader).title == "The site"


def test_a_feed_that_is_empty_at_first_sight_posts_what_comes_later(
    reader: Feeds, site: Any, one: Any
) -> None:
    """Having nothing yet is a first sight too."""
    reader.add("news", site.feed(path="/feed"), {})
    site.feed(one(1), path="/feed")

    assert reader.poll("news").new == 1


def test_each_later_article_becomes_a_post_once_oldest_first(
    reader: Feeds, site: Any, one: Any, known: Any
) -> None:
    """Reading again and again changes nothing."""
    known()
    site.feed(one(3), one(2), one(1), path="/news")

    polled = [reader.poll("news") for _ in range(3)]

    assert [(each.new, each.skipped) for each in polled] == [(2, 1), (0, 3), (0, 3)]
    assert list(polled[0].new_posts) == [post.name for post in posts(reader)]
    assert bodies(reader) == ["Article 2", "Article 3"]


def test_articles_that_came_out_before_a_restore_are_held(
    reader: Feeds, world: Any, site: Any, one: Any, known: Any
) -> None:
    """They may have been published by the database that was lost."""
    known(accounts=["x"], mode="queue")
    world.change_account("x", restored_at=world.clock())
    site.feed(one(2), one(1), path="/news")
    reader.poll("news")
    world.change_account("x", restored_at=world.clock() - timedelta(days=400))
    site.feed(one(3), one(2), one(1), path="/news")
    reader.poll("news")

    assert [set(each.holds) for each in world.all_rows()] == [{"first run"}, set()]


def test_a_post_carries_the_feeds_choices_and_waits_for_approval(
    reader: Feeds, world: Any, site: Any, one: Any, known: Any
) -> None:
    """Review is the default; author and source say where it came from."""
    known(campaign="honduras", labels=["news"], accounts=["x"])
    site.feed(one(2), one(1), path="/news")
    reader.poll("news")

    (post,) = posts(reader)
    written = from_json(post.written)
    (delivery,) = world.all_rows()
    assert (post.source, post.key, post.author) == ("feed", f"{row(reader).id}:tag:2", "feed:news")
    assert (written.body, written.link) == ("Article 2", "https://example.org/2")
    assert (written.campaign, written.labels, written.to) == ("honduras", ("news",), ("x",))
    assert (written.timing, written.election) == ("next", "unsure")
    assert (delivery.state, delivery.holds) == ("held", frozenset({"approval"}))
    assert articles(reader)["Article 2"] == "review"


def test_a_trusted_feed_goes_straight_to_the_queue(
    reader: Feeds, world: Any, site: Any, one: Any, known: Any
) -> None:
    """Nobody has to approve, and both accounts get it."""
    known(mode="queue")
    site.feed(one(2), one(1), path="/news")
    reader.poll("news")

    assert [each.state for each in world.all_rows()] == ["waiting", "waiting"]
    assert articles(reader)["Article 2"] == "post"


@pytest.mark.parametrize(
    "changed",
    [
        {"key": "tag:new"},
        {"link": "https://example.org/moved"},
        {"title": "A better title"},
        {"at": "2026-12-01T11:30:00Z"},
        {"at": "2020-01-01T00:00:00Z"},
        {"key": "tag:new", "title": "A better title"},
        {"title": "A better title", "link": "https://example.org/moved"},
        {"key": "tag:new", "link": "https://example.org/moved"},
        {"key": "tag:new", "link": "http://www.example.org/2/?utm_source=rss#top", "title": "B"},
        {"title": "ARTICLE 2!", "key": "tag:new", "link": "https://example.org/moved"},
    ],
)
def test_an_article_that_changed_is_no_new_article(
    reader: Feeds, site: Any, one: Any, known: Any, changed: dict[str, str]
) -> None:
    """Ids, titles, addresses and dates change; the post does not come again, nor when they
    change back."""
    known()
    site.feed(one(2), one(1), path="/news")
    reader.poll("news")

    for entries in (one(2, **changed), one(2), one(2, **changed)):
        site.feed(entries, one(1), path="/news")
        assert reader.poll("news").error is None

    assert bodies(reader) == ["Article 2"]


def test_a_chain_of_changes_is_still_the_same_article(
    reader: Feeds, site: Any, one: Any, known: Any
) -> None:
    """Each step keeps only one name; the last has none of the first."""
    known()
    chain = [
        one(2),
        one(2, link="https://example.org/b"),
        one(2, "B", link="https://example.org/b", key="tag:b"),
        one(2, "B", link="https://example.org/c", key="tag:c"),
        one(2, "C", link="https://example.org/c", key="tag:d"),
    ]
    for entry in chain:
        site.feed(entry, path="/news")
        reader.poll("news")

    assert bodies(reader) == ["Article 2"]


def test_an_article_is_remembered_after_it_left_the_feed(
    reader: Feeds, site: Any, one: Any, known: Any
) -> None:
    """Gone for a year and back again is not new."""
    known()
    site.feed(one(2), path="/news")
    reader.poll("news")
    site.feed(path="/news")
    reader.poll("news")
    reader.clock.move(days=400)
    site.feed(one(2), one(1), path="/news")

    assert reader.poll("news").new == 0


def test_a_feed_that_renames_everything_at_each_reading_does_not_fill_the_database(
    reader: Feeds, site: Any, one: Any, known: Any
) -> None:
    """A session number in every address is remembered a few times, then no more."""
    known()
    for n in range(30):
        site.feed(one(1, key=f"tag:{n}", link=f"https://example.org/1?s={n}"), path="/news")
        reader.poll("news")

    with reader.store.read() as session:
        (one_article,) = feeds.articles_of(session, row(reader).id)
        names = feeds.names_each_has(session, [one_article.id])
    assert names == {one_article.id: MAX_NAMES}
    assert posts(reader) == []


def test_the_same_article_in_two_feeds_is_one_post(
    reader: Feeds, site: Any, one: Any, known: Any
) -> None:
    """Known by its address, however each feed spells it."""
    known("news")
    known("more")
    site.feed(one(2), path="/news")
    site.feed(one(9, "Another title", link="http://www.example.org/2/?fbclid=1"), path="/more")

    assert [reader.poll(name).new for name in ("news", "more")] == [1, 0]
    assert articles(reader, "more")["Another title"] == "seen"


def test_what_another_feed_only_had_before_us_is_still_new_here(
    reader: Feeds, site: Any, one: Any, known: Any
) -> None:
    """Otherwise adding a second feed could swallow an article that was never posted."""
    known("news")
    site.feed(one(2), path="/second")
    reader.add("second", site.at("/second"), {})
    site.feed(one(2), path="/news")

    assert reader.poll("news").new == 1
    assert reader.poll("second").new == 0


def test_an_article_dated_ahead_is_seen_and_not_posted(
    reader: Feeds, site: Any, one: Any, known: Any
) -> None:
    """A date within a day may be another time zone; beyond, it is a mistake or a trick."""
    known()
    near = one(2, at="2026-12-02T09:00:00Z")
    far = one(3, at="2027-12-01T09:00:00Z")
    site.feed(far, near, path="/news")
    reader.poll("news")
    reader.clock.move(days=400)
    reader.poll("news")

    assert bodies(reader) == ["Article 2"]
    assert articles(reader)["Article 3"] == "seen"


def test_an_article_that_cannot_become_a_post_is_quarantined_and_the_rest_go_on(
    reader: Feeds, site: Any, one: Any, known: Any
) -> None:
    """Never silently lost: the reason stands in two places."""
    known()
    site.feed(one(3), one(2, title=""), path="/news")

    polled = [reader.poll("news"), reader.poll("news")]

    assert [(each.new, each.refused) for each in polled] == [(1, 1), (0, 0)]
    assert articles(reader)[""] == "refused"
    ((source, key, _, reason),) = quarantined(reader)
    assert (source, key) == ("feed", f"{row(reader).id}:tag:2")
    assert reason.endswith("The article has no title, and a post is never only a link.")


def test_a_refused_article_is_shown_for_a_week_and_remembered_for_ever(
    reader: Feeds, world: Any, site: Any, one: Any, known: Any
) -> None:
    """Nobody can put it right, so it must not keep the exit code at 1 for ever."""
    known()
    site.feed(one(3), one(2, title=""), path="/news")
    reader.poll("news")
    world.clock.move(days=6)
    reader.poll_due()
    within = len(quarantined(reader))
    world.clock.move(days=2)
    reader.poll_due()

    assert (within, len(quarantined(reader))) == (1, 0)
    assert articles(reader)[""] == "refused"


def test_an_article_somebody_posted_by_hand_is_refused_as_the_same(
    reader: Feeds, world: Any, site: Any, one: Any, known: Any
) -> None:
    """The check for the same words lately holds for articles as for files."""
    known()
    world.queue("Article 2", link="https://example.org/2")
    site.feed(one(2), path="/news")

    assert reader.poll("news").refused == 1
    assert "Same as P" in quarantined(reader)[0][3]


def test_a_title_too_long_for_one_platform_is_cut_there(
    reader: Feeds, world: Any, site: Any, one: Any, known: Any
) -> None:
    """Nothing is refused, and the other account gets the whole title."""
    known(mode="queue")
    title = " ".join(f"word{n}" for n in range(60))
    site.feed(one(2, title), path="/news")
    reader.poll("news")

    texts = [world.parts(each.id)[0].text for each in world.all_rows()]
    assert len(texts[0]) <= 280
    assert "…\n\nhttps://example.org/2" in texts[0]
    assert title in texts[1]


def test_an_unchanged_feed_is_not_parsed_and_keeps_its_validators(
    reader: Feeds, site: Any, page: Any, one: Any, atom_feed: Any
) -> None:
    """The second request is conditional; 304 leaves everything as it was."""
    headers = {"ETag": '"1"', "Last-Modified": "Tue, 01 Dec 2026 10:00:00 GMT"}

    def answer(asked: Any) -> Any:
        same = asked["If-None-Match"] == '"1"' and asked["If-Modified-Since"]
        return page(status=304) if same else page(atom_feed(one(1)), headers=headers)

    reader.add("news", site.put("/feed", answer), {})

    polled = [reader.poll("news"), reader.poll("news")]

    assert polled == [Polled("news"), Polled("news")]
    assert (row(reader).etag, row(reader).last_modified) == ('"1"', headers["Last-Modified"])
    assert len(site.asked) == 3


def test_a_feed_that_could_not_be_parsed_is_asked_for_whole_again(
    reader: Feeds, site: Any, page: Any, known: Any
) -> None:
    """The validators of a broken answer are not kept, or 304 would hide the mended one."""
    known()
    site.put("/news", page(b"<html>down</html>", headers={"ETag": '"broken"'}))

    polled = reader.poll("news")

    assert polled.error is not None
    assert polled.error.startswith("What is at this address is not a feed.")
    assert row(reader).etag is None


def test_the_next_check_is_set_before_the_fetch(
    reader: Feeds, site: Any, page: Any, known: Any
) -> None:
    """A crash while reading cannot make the bot ask without pause."""
    known()
    seen: list[datetime] = []

    def answer(_: Any) -> Any:
        seen.append(row(reader).next_check_at)
        return page(status=500)

    site.put("/news", answer)
    reader.clock.move(hours=1)
    reader.poll_due()

    assert seen == [reader.clock() + EVERY]


def test_only_what_is_due_is_read(reader: Feeds, site: Any, known: Any) -> None:
    """Two feeds, and time."""
    known("news")
    reader.clock.move(minutes=10)
    known("more")
    asked = len(site.asked)

    assert reader.poll_due() == []
    reader.clock.move(minutes=5)
    assert [each.feed for each in reader.poll_due()] == ["news"]
    assert reader.poll_due() == []
    assert len(site.asked) == asked + 1


def test_errors_are_counted_told_and_waited_out_twice_as_long_each_time(
    reader: Feeds, site: Any, page: Any, known: Any
) -> None:
    """Up to a day; the first success forgets them."""
    known()
    good = site.pages["/news"]
    site.put("/news", page(status=503))
    waits = []
    for _ in range(9):
        reader.poll("news")
        waits.append(row(reader).next_check_at - reader.clock())
    failing = row(reader)
    site.pages["/news"] = good
    reader.poll("news")
    mended = row(reader)

    assert waits[:3] == [2 * EVERY, 4 * EVERY, 8 * EVERY]
    assert waits[-2:] == [timedelta(hours=24)] * 2
    assert failing.errors == 9
    assert failing.last_error == ("127.0.0.1 has trouble of its own. We try again later. (503)")
    assert (mended.errors, mended.last_error) == (0, None)
    assert mended.next_check_at == reader.clock() + EVERY


def test_one_feeds_trouble_leaves_the_others_alone(
    reader: Feeds, site: Any, page: Any, one: Any, known: Any
) -> None:
    """The broken one is read first."""
    known("bad")
    known("good")
    site.put("/bad", page(b'<!DOCTYPE a [<!ENTITY b "c">]><rss/>'))
    site.feed(one(2), path="/good")
    reader.clock.move(hours=1)

    found = {each.feed: each for each in reader.poll_due()}

    assert "entities" in (found["bad"].error or "")
    assert found["good"].new == 1


@pytest.mark.parametrize(("status", "header"), [(429, "Retry-After"), (200, "Cache-Control")])
def test_a_site_that_asks_for_patience_gets_it(
    reader: Feeds, site: Any, page: Any, one: Any, known: Any, atom_feed: Any, status: int,
    header: str,
) -> None:  # fmt: skip
    """Beyond our own rhythm, never below it."""
    known()
    value = "7200" if status == 429 else "max-age=7200"
    site.put("/news", page(atom_feed(one(1)), status, {header: value}))
    reader.poll("news")

    assert row(reader).next_check_at == reader.clock() + timedelta(hours=2)


def test_a_feed_that_is_gone_stops_and_says_so(
    reader: Feeds, site: Any, page: Any, known: Any
) -> None:
    """It is not asked again, not even on request."""
    known()
    site.put("/news", page(status=410))
    reader.poll("news")
    asked = len(site.asked)
    reader.clock.move(days=3)

    assert reader.poll_due() == []
    assert "has been stopped" in (reader.poll("news").error or "")
    assert len(site.asked) == asked
    assert row(reader).stopped_at is not None
    assert "(410)" in (row(reader).last_error or "")
    ((_, _, _, reason),) = quarantined(reader)
    assert reason.startswith("news: 127.0.0.1 says this address is gone for good.")
    assert reason.endswith("Its new address: bot feeds add")


def test_a_stopped_feed_can_be_added_again_and_starts_over(
    reader: Feeds, site: Any, page: Any, one: Any, known: Any
) -> None:
    """What came meanwhile is seen, not posted; what was posted is remembered."""
    known()
    site.feed(one(2), path="/news")
    reader.poll("news")
    site.put("/news", page(status=410))
    reader.poll("news")
    site.feed(one(3), one(2), path="/new")
    reader.add("news", site.at("/new"), {})
    site.feed(one(4), one(3), one(2), path="/new")
    reader.poll("news")

    assert bodies(reader) == ["Article 2", "Article 4"]


def test_a_permanent_move_is_learnt(reader: Feeds, site: Any, one: Any, known: Any) -> None:
    """The old address is asked once more, and then no longer."""
    known()
    site.redirect("/news", "/moved", 301)
    site.feed(one(2), path="/moved")
    first = reader.poll("news")
    reader.poll("news")

    assert first.new == 1
    assert row(reader).url == site.at("/moved")
    assert [path for path, _ in site.asked[-3:]] == ["/news", "/moved", "/moved"]


def test_articles_wait_while_no_account_is_on(
    reader: Feeds, world: Any, site: Any, one: Any, known: Any
) -> None:
    """They would all be refused, and lost; so the feed is not read until one is."""
    known()
    site.feed(one(2), path="/news")
    asked = len(site.asked)
    world.x.missing_settings = world.facebook.missing_settings = ("A_KEY",)
    waiting = reader.poll("news")
    world.x.missing_settings = ()
    polled = reader.poll("news")

    assert "No account is on" in (waiting.error or "")
    assert len(site.asked) == asked + 1
    assert polled.new == 1
    assert row(reader).last_error is None


def test_a_feed_changed_by_a_person_while_it_was_read_is_left_to_its_next_time(
    reader: Feeds, site: Any, page: Any, one: Any, known: Any, atom_feed: Any
) -> None:
    """An answer from the old address says nothing about the new one."""
    known()

    def answer(_: Any) -> Any:
        with reader.store.write() as session:
            feeds.named(session, "news").url = "https://example.org/other"
        return page(atom_feed(one(2)))

    site.put("/news", answer)

    assert reader.poll("news") == Polled("news")
    assert posts(reader) == []


def test_a_name_or_address_in_use_is_refused(reader: Feeds, known: Any) -> None:
    """Two feeds are two names and two addresses."""
    url = known("news")

    with pytest.raises(UsageError, match="named news already"):
        reader.add("news", f"{url}2", {})
    with pytest.raises(UsageError, match="read already, as news"):
        reader.add("other", url, {})
    with pytest.raises(UsageError, match="no name for a feed"):
        reader.add("a/b", url, {})
    with pytest.raises(NotFound, match="Feeds: news"):
        reader.poll("newz")


def test_a_feed_that_cannot_be_read_is_not_added(reader: Feeds, site: Any, page: Any) -> None:
    """Nothing is stored for a mistyped address."""
    with pytest.raises(FetchFailed):
        reader.add("news", site.at("/nowhere"), {})
    with pytest.raises(FetchFailed):
        reader.add("news", site.put("/page", page(b"<html></html>")), {})
    with reader.store.read() as session:
        assert feeds.all_of(session) == []


def test_the_file_declares_feeds_and_their_first_reading_posts_nothing(
    reader: Feeds, site: Any, one: Any
) -> None:
    """Taken over before what is due is read."""
    url = site.feed(one(1))
    reader.file.write_text(f'[news]\nurl = "{url}"\nmode = "queue"\n')

    first = reader.poll_due()
    site.feed(one(2), one(1))
    reader.clock.move(minutes=15)
    second = reader.poll_due()

    assert [(each.new, each.skipped) for each in (*first, *second)] == [(0, 1), (1, 1)]
    assert (row(reader).owner, row(reader).options) == ("file", {"mode": "queue"})


def test_a_feed_taken_out_of_the_file_stops_and_comes_back_without_a_flood(
    reader: Feeds, site: Any, one: Any
) -> None:
    """What was published meanwhile is seen only."""
    declared = f'[news]\nurl = "{site.feed(one(1))}"\n'
    for text in (declared, "", declared):
        reader.file.write_text(text)
        reader.sync()
        reader.clock.move(minutes=15)
        stopped = row(reader).stopped_at
        site.feed(one(2), one(1))
        reader.poll_due()
        assert (stopped is None) == bool(text)

    assert posts(reader) == []


def test_changed_options_are_taken_over_and_a_changed_address_starts_over(
    reader: Feeds, site: Any, one: Any
) -> None:
    """The same feed goes on where it was."""
    url, other = site.feed(one(1)), site.feed(one(2), path="/other")
    reader.file.write_text(f'[news]\nurl = "{url}"\n')
    reader.poll_due()
    reader.file.write_text(f'[news]\nurl = "{url}"\ncampaign = "honduras"\n')
    reader.sync()
    same = row(reader)
    reader.file.write_text(f'[news]\nurl = "{other}"\n')
    reader.sync()
    moved = row(reader)

    assert (same.options, same.first_read_at) == ({"campaign": "honduras"}, reader.clock())
    assert (moved.url, moved.first_read_at, moved.options) == (other, None, {})


def test_a_mistake_in_the_file_is_quarantined_and_changes_nothing_until_mended(
    reader: Feeds, site: Any, one: Any
) -> None:
    """The feeds that were there are read on."""
    good = f'[news]\nurl = "{site.feed(one(1))}"\n'
    reader.file.write_text(good)
    reader.poll_due()
    reader.file.write_text(f"{good}lable = 1\n")
    reader.sync()
    reader.sync()
    wrong = quarantined(reader)
    site.feed(one(2), one(1))
    reader.clock.move(minutes=15)
    polled = reader.poll_due()
    reader.file.write_text(good)
    reader.sync()

    assert wrong == [("feed", "feeds.toml", 3, "[news]: lable is not known. Did you mean labels?")]
    assert [each.new for each in polled] == [1]
    assert quarantined(reader) == []


def test_a_file_that_vanished_stops_nothing(reader: Feeds, site: Any, one: Any) -> None:
    """A folder that is not mounted looks the same."""
    reader.file.write_text(f'[news]\nurl = "{site.feed(one(1))}"\n')
    reader.sync()
    reader.file.unlink()
    reader.sync()

    assert row(reader).stopped_at is None


def test_a_feed_of_the_file_that_is_gone_stays_stopped(reader: Feeds, site: Any, page: Any) -> None:
    """A restart reads the file again, and does not ask a dead address again for that."""
    reader.file.write_text(f'[news]\nurl = "{site.put("/feed", page(status=410))}"\n')
    reader.poll_due()
    reader._synced = None
    reader.sync()

    assert row(reader).stopped_at is not None


def test_a_move_of_a_feed_of_the_file_is_followed_and_not_learnt(
    reader: Feeds, site: Any, one: Any
) -> None:
    """The file is the truth about its own feeds."""
    site.feed(one(1), path="/moved")
    url = site.redirect("/feed", "/moved", 301)
    reader.file.write_text(f'[news]\nurl = "{url}"\n')

    assert reader.poll_due()[0].error is None
    assert row(reader).url == url


def test_a_feed_added_by_command_becomes_the_files_when_named_there(
    reader: Feeds, known: Any
) -> None:
    """It keeps what it has seen."""
    url = known("news", campaign="old")
    reader.file.write_text(f'[news]\nurl = "{url}"\n')
    reader.sync()

    assert (row(reader).owner, row(reader).options) == ("file", {})
    assert row(reader).first_read_at is not None


def test_counts_say_what_became_of_a_feeds_articles(
    reader: Feeds, site: Any, one: Any, known: Any
) -> None:
    """For the page that says why a feed has not posted."""
    known()
    site.feed(one(3), one(2, title=""), path="/news")
    reader.poll("news")

    with reader.store.read() as session:
        counted = feeds.counts(session)
    assert counted == {row(reader).id: {"seen": 1, "review": 1, "refused": 1}}


def test_a_long_feed_is_taken_in_one_reading(reader: Feeds, site: Any, one: Any) -> None:
    """Five hundred entries at first sight, five hundred lookups."""
    entries = [one(n, at=f"2026-11-{n // 24 + 1:02}T{n % 24:02}:00:00Z") for n in range(600)]
    added = reader.add("news", site.feed(*reversed(entries)), {})

    assert added.skipped == MAX_ENTRIES


def shown(reader: Feeds, url: str) -> list[tuple[str, str, bool]]:
    return [
        (entry["title"], entry["decision"], bool(entry["posts"]))
        for entry in reader.test(url)["items"]
    ]


def rows_of(reader: Feeds) -> list[object]:
    with reader.store.read() as session:
        return [len(session.scalars(select(kind)).all()) for kind in (Feed, Article, Post)]


def test_an_unknown_feed_is_shown_as_if_it_were_known(
    reader: Feeds, world: Any, site: Any, one: Any
) -> None:
    """Newest first, with the words each account would get; nothing is kept."""
    old, new = one(1, at="2026-11-30T10:00:00Z"), one(2)
    url = site.feed(old, new, one(3, title="", at="2026-11-29T10:00:00Z"))

    report = reader.test(url)

    assert report["feed"] == {
        "url": url,
        "title": "The site",
        "name": None,
        "known": False,
        "mode": "review",
    }
    assert report["items"][0] == {
        "id": "tag:2",
        "title": "Article 2",
        "link": "https://example.org/2",
        "published": "2026-12-01T10:00:00Z",
        "decision": "review",
        "reason": None,
        "posts": dict.fromkeys(world.by_name, "Article 2\n\nhttps://example.org/2"),
    }
    assert shown(reader, url) == [
        ("Article 2", "review", True),
        ("Article 1", "review", True),
        ("", "refused", False),
    ]
    assert rows_of(reader) == [0, 0, 0]


def test_a_known_feed_is_shown_with_what_would_and_would_not_come(
    reader: Feeds, site: Any, one: Any, known: Any
) -> None:
    """As the next reading would decide, and that is what it then does."""
    url = known(mode="queue", accounts=["x"])
    site.feed(
        one(4, link="https://example.org/2?utm_medium=x", at="2026-12-01T09:00:00Z"),
        one(2, at="2026-12-01T08:00:00Z"),
        one(1, at="2026-12-01T07:00:00Z"),
        path="/news",
    )
    before = rows_of(reader)

    found = shown(reader, url)

    assert found == [
        ("Article 4", "seen", False),
        ("Article 2", "post", True),
        ("Article 1", "seen", False),
    ]
    assert reader.test(url)["items"][0]["reason"] == "It has been seen before."
    assert rows_of(reader) == before
    assert reader.poll("news").new == 1


def test_an_account_that_cannot_take_it_is_named_and_the_other_shown(
    reader: Feeds, world: Any, site: Any, one: Any
) -> None:
    """A word too long for one platform costs the other nothing."""
    url = site.feed(one(1, title="a" * 400))

    (entry,) = reader.test(url)["items"]

    assert list(entry["posts"]) == ["facebook"]
    assert "too many" in entry["reason"]
    assert entry["decision"] == "review"


def test_without_an_account_everything_is_shown_as_refused(
    reader: Feeds, world: Any, site: Any, one: Any
) -> None:
    """With the reason, which is the same for all."""
    world.x.missing_settings = world.facebook.missing_settings = ("A_KEY",)

    (entry,) = reader.test(site.feed(one(1)))["items"]

    assert (entry["decision"], entry["posts"]) == ("refused", {})
    assert "No account is on" in entry["reason"]


def test_an_account_removed_since_stops_nothing_else(
    reader: Feeds, world: Any, site: Any, one: Any, known: Any
) -> None:
    """The feed says what is wrong, and its articles wait."""
    known(accounts=["x"])
    with world.store.write() as session:
        accounts.named(session, "x").removed_at = world.clock()
    reader.admission = replace(world.admission, platforms={"facebook": world.facebook})
    site.feed(one(2), path="/news")

    assert "no account named x" in (reader.poll("news").error or "")
    assert posts(reader) == []


def test_the_server_and_the_feed_may_each_put_the_next_check_off(
    reader: Feeds, site: Any, page: Any
) -> None:
    """By the time to live it names, kept for the days on which it answers "not changed"."""
    body = b"<rss version='2.0'><channel><title>S</title><ttl>120</ttl></channel></rss>"
    same = page(status=304)
    url = site.put(
        "/feed", lambda asked: same if asked["If-None-Match"] else page(body, headers={"ETag": "a"})
    )
    reader.add("news", url, {})
    reader.poll("news")

    assert row(reader).next_check_at == reader.clock() + timedelta(hours=2)
    assert site.asked[-1][1]["If-None-Match"] == "a"


def test_a_feed_is_not_read_in_the_hours_it_asks_to_be_left_alone(
    reader: Feeds, site: Any, page: Any
) -> None:
    """The next check falls on the first hour that it does not skip."""
    hours = "".join(f"<hour>{n}</hour>" for n in (12, 13, 14))
    body = f"<rss version='2.0'><channel><skipHours>{hours}</skipHours></channel></rss>"
    reader.add("news", site.put("/feed", page(body.encode())), {})

    assert row(reader).next_check_at == reader.clock().replace(hour=15)


def test_a_server_that_says_not_changed_for_ever_is_asked_for_all_of_it_weekly(
    reader: Feeds, site: Any, page: Any, one: Any, atom_feed: Any
) -> None:
    """An ETag that never changes hides what is new."""
    entries = [one(1)]

    def answer(asked: Any) -> Any:
        if asked["If-None-Match"]:
            return page(status=304)
        return page(atom_feed(*entries), headers={"ETag": "always"})

    reader.add("news", site.put("/feed", answer), {})
    entries.append(one(2))
    reader.clock.move(days=6)
    early = reader.poll("news").new
    reader.clock.move(days=2)

    assert (early, reader.poll("news").new) == (0, 1)


def test_a_feed_of_the_file_that_moved_says_what_to_change(
    reader: Feeds, site: Any, one: Any, tmp_path: Path
) -> None:
    """The file is a person's; the bot follows and asks."""
    old = site.redirect("/old", "/new", 301)
    site.feed(one(1), path="/new")
    (tmp_path / "feeds.toml").write_text(f'[news]\nurl = "{old}"\n')
    reader.poll_due()

    assert row(reader).url == old
    assert row(reader).last_error == (
        f"It has moved for good. Change its address in feeds.toml: {site.at('/new')}"
    )


def items(*numbers: int, change: str = "", at: str = "Tue, 01 Dec 2026 11:00:00 GMT") -> bytes:
    """An RSS feed whose articles are all named anew by `change`."""
    date = f"<pubDate>{at}</pubDate>" if at else ""
    rows = "".join(
        f"<item><title>Number {n} {change}</title><guid isPermaLink='false'>{change}{n}</guid>"
        f"<link>https://example.org/{change}/{n}</link>{date}</item>"
        for n in numbers
    )
    return f"<rss version='2.0'><channel><title>S</title>{rows}</channel></rss>".encode()


@pytest.mark.parametrize(
    ("many", "at", "hours", "posted"),
    [
        (12, "Mon, 02 Nov 2026 10:00:00 GMT", 1, 0),
        (12, "", 1, 0),
        (9, "", 1, 9),
        (12, "Tue, 01 Dec 2026 12:30:00 GMT", 1, 12),
        (16, "Tue, 01 Dec 2026 12:30:00 GMT", 1, 0),
        (16, "Tue, 01 Dec 2026 12:30:00 GMT", 30, 16),
    ],
)
def test_a_feed_that_renames_everything_at_once_floods_nobody(
    reader: Feeds,
    site: Any,
    page: Any,
    monkeypatch: pytest.MonkeyPatch,
    many: int,
    at: str,
    hours: int,
    posted: int,
) -> None:
    """Ids, links and titles all new: with old dates or none they are old articles under new names,
    and so are more than anyone writes in an hour. It is said, and remembered."""
    monkeypatch.setattr(feedmemory, "MANY", 15)
    reader.add("news", site.put("/feed", page(items(*range(many)))), {})
    site.put("/feed", page(items(*range(many), change="new", at=at)))
    reader.clock.move(hours=hours)

    found = [reader.poll("news").new, reader.poll("news").new]

    assert found == [posted, 0]
    assert len(posts(reader)) == posted
    said = [reason for _, key, _, reason in quarantined(reader) if key.endswith(":renamed")]
    assert bool(said) is (posted == 0)
    assert all(f"{many} unknown articles appeared at once" in reason for reason in said)


def test_a_series_under_one_title_is_several_articles(
    reader: Feeds, site: Any, one: Any, known: Any
) -> None:
    """Both are listed, with ids and addresses of their own and a week between them."""
    known()
    last = one(2, "This week", at="2026-11-24T10:00:00Z")
    site.feed(last, path="/news")
    reader.poll("news")
    site.feed(one(3, "This week", at="2026-12-01T10:00:00Z"), last, path="/news")
    reader.poll("news")
    site.feed(one(4, "This week", at="2026-12-01T11:00:00Z"), last, path="/news")
    reader.poll("news")

    assert list(articles(reader)) == ["Article 1", "This week"]
    with reader.store.read() as session:
        taken = [each.entry_id for each in feeds.articles_of(session, row(reader).id)]
    assert taken == ["tag:1", "tag:2", "tag:3"]


def test_a_sweep_begins_nothing_once_the_bot_is_stopping(
    reader: Feeds, site: Any, known: Any
) -> None:
    """What is due stays due."""
    known("news")
    known("more")
    reader.clock.move(hours=1)
    asked = len(site.asked)

    assert reader.poll_due(lambda: False) == []
    assert len(site.asked) == asked
    assert len(reader.poll_due()) == 2


def test_slow_sites_hold_up_neither_others_nor_the_sweep(
    reader: Feeds, site: Any, page: Any, one: Any, known: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While one host drips, the feeds of another are read; the rest of the slow host's wait."""
    slow = [known(f"slow{n}") for n in range(3)]
    for url in slow:
        site.put(url.removeprefix(site.url), page(b"a" * 1000, pause=0.05))
    reader.fetcher = replace(reader.fetcher, deadline_seconds=1.0)
    monkeypatch.setattr(feedsweep, "BEGIN_WITHIN_SECONDS", 0.5)
    elsewhere = site.url.replace("127.0.0.1", "localhost")
    reader.fetcher = replace(reader.fetcher, allow_hosts=("127.0.0.1", "localhost"))
    site.feed(one(1), path="/quick")
    reader.add("quick", f"{elsewhere}/quick", {})
    site.feed(one(2), path="/quick")
    reader.clock.move(hours=1)
    began = time.monotonic()

    found = {each.feed: each for each in reader.poll_due()}

    assert found["quick"].new == 1
    assert "took too long" in (found["slow0"].error or "")
    assert "slow2" not in found
    assert time.monotonic() - began < 10
    with reader.store.read() as session:
        assert [name for name, _ in feeds.due(session, reader.clock())] == ["slow1", "slow2"]
