"""From a feed and its pages to posts: rules, review, lapse, and articles picked by hand."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from bot.alerts.feeds import silence, silent
from bot.decisions.approve import approve
from bot.decisions.cancel import cancel
from bot.decisions.record import Decider
from bot.errors import NotAllowed, NotFound, UsageError
from bot.intake.feeds import Feeds
from bot.intake.pace import Pace
from bot.model.delivery import Decision
from bot.model.feed import Article
from bot.model.post import Post
from bot.reports import queue
from bot.settings import Settings
from bot.store import articles, feeds

LEAD = "The river defenders had been held without trial for 914 days for opposing an iron mine."
DATE = "Tue, 01 Dec 2026 10:00:00 GMT"
FURNITURE = (
    "Skip to main content",
    "Donate now to keep our reporting free.",
    "newsletter",
    "We use cookies.",
    "Read more: the dam",
    "By Ana López",
    "Photo: A. N. Other",
    "Share this article",
)
PAGE = (
    "<!doctype html><html lang='en'><head><title>{title} | Herald</title>"
    "<meta property='og:site_name' content='Herald'><meta name='author' content='Ana López'></head>"
    "<body><a href='#m'>Skip to main content</a><div class='cookies'><p>We use cookies.</p></div>"
    "<article><h1>{title}</h1><p>By Ana López</p>"
    "<p>To read of river defenders in Honduras every "
    "day, sign up for our newsletter, which ten thousand readers have.</p><p>{lead}</p>"
    "<figure><figcaption>Photo: A. N. "
    "Other</figcaption></figure><p>Share this article</p>"
    "<p>Donate now to keep our reporting free.</p>"
    "<p>Read more: the dam</p><p>Sign up for our newsletter.</p></article></body></html>"
)


@pytest.fixture
def reader(world: Any, site: Any, tmp_path: Path, lasting_reader: Any) -> Feeds:
    settings = Settings(
        feed_every=timedelta(minutes=15), fetch_allow_hosts=("127.0.0.1",), posts_dir=tmp_path
    )
    made = Feeds(world.store, world.clock, world.admission, settings)
    made.fetcher, made.reader = replace(made.fetcher, pace=Pace(0)), lasting_reader
    return made


@pytest.fixture
def story(site: Any, page: Any) -> Callable[..., str]:
    """An RSS item whose page is served: title, and what the feed says of it."""

    def make(number: int, title: str, at: str = DATE, **more: str) -> str:
        html = PAGE.format(title=title, lead=more.pop("lead", LEAD)).encode()
        headers = {"Content-Type": "text/html; charset=utf-8"}
        link = site.put(f"/news/{number}", page(html, headers=headers))
        extra = "".join(f"<{name}>{said}</{name}>" for name, said in more.items())
        return (
            f"<item><guid isPermaLink='false'>{number}</guid><title>{title}</title>"
            f"<link>{link}</link><pubDate>{at}</pubDate>{extra}</item>"
        )

    return make


@pytest.fixture
def shows(reader: Feeds, site: Any, page: Any) -> Callable[..., str]:
    """Serves a feed of these items, newest first; the address."""

    def serve(*entries: str) -> str:
        start = "<rss version='2.0'><channel><title>Herald: news</title>"
        body = f"{start}{''.join(entries)}</channel></rss>".encode()
        url: str = site.put("/feed", page(body, headers={"Content-Type": "application/rss+xml"}))
        return url

    return serve


@pytest.fixture
def follow(reader: Feeds, shows: Any, story: Any) -> Callable[..., None]:
    """Adds the feed with an old article, by these rules."""

    def add(**rules: Any) -> None:
        reader.add("news", shows(story(0, "An old story of the river")), rules)

    return add


def rows(reader: Feeds) -> dict[str, Article]:
    with reader.store.read() as session:
        found = session.scalars(select(Article).order_by(Article.id))
        return {each.title: each for each in found}


def decided(reader: Feeds) -> dict[str, str]:
    return {title: row.decision for title, row in rows(reader).items()}


def texts(world: Any) -> list[str]:
    return [part.text for row in world.all_rows() for part in world.parts(row.id)]


def test_page_furniture_never_reaches_a_post(
    reader: Feeds, world: Any, shows: Any, story: Any, follow: Any
) -> None:
    """The quotation is the page's own text, and nothing of what stands around it comes along."""
    follow()
    shows(story(1, "River defenders free in Honduras", description="Read more"))
    reader.poll("news")

    x, facebook = texts(world)
    assert f"“{LEAD}”" in x
    assert f"“{LEAD}”" in facebook
    assert "#Honduras" in x
    assert [line for line in FURNITURE if line in x or line in facebook] == []


def test_a_page_that_is_not_there_or_a_consent_page_leaves_the_feeds_words(
    reader: Feeds, world: Any, site: Any, page: Any, shows: Any, story: Any, follow: Any
) -> None:
    """An article is not lost because its page is."""
    follow(accounts=["x"])
    gone = story(1, "River one", description="The first one said so. And more …")
    consent = story(2, "River two", description="The second said so.")
    site.put("/news/1", page(b"nothing", 500))
    site.put("/news/2", page(b"<title>Before you continue</title><p>We value privacy.</p>"))
    shows(consent, gone)
    reader.poll("news")

    first, second = texts(world)
    assert first.startswith("River one\n\nThe first one said so.\n\n")
    assert second.startswith("River two\n\nThe second said so.\n\n")


RULES: list[tuple[dict[str, Any], str, str]] = [
    ({"exclude": ["Sporting"]}, "excluded", "It has “Sporting”, which you exclude."),
    ({"exclude": ["política social"]}, "excluded", "It has “política social”"),
    ({"include": ["Chile", "teach*"]}, "excluded", "none of the words you want (Chile, teach*)"),
    ({"authors": ["Juan Pérez"]}, "other author", "It is by Ana López."),
    ({"sections": ["world"]}, "other section", "It is in another section (Sport, Politics)."),
    ({"too_old": "2 hours"}, "too old", "It is older than 2 hours."),
]


@pytest.mark.parametrize(("rules", "decision", "reason"), RULES)
def test_a_rule_leaves_an_article_out_and_says_so(
    reader: Feeds, shows: Any, story: Any, follow: Any, rules: Any, decision: str, reason: str
) -> None:
    """With a stable word for machines and a sentence for people; it is remembered all the same."""
    follow(**rules)
    shows(
        story(
            1,
            "SPORTING river",
            at="Tue, 01 Dec 2026 09:00:00 GMT",
            description="Una politica  SOCIAL.",
            category="Sport</category><category>Politics",
        )
    )
    polled = reader.poll("news")

    row = rows(reader)["SPORTING river"]
    assert (polled.new, polled.skipped) == (0, 1)
    assert row.decision == decision
    assert reason in (row.reason or "")


@pytest.mark.parametrize(
    "rules",
    [
        {"exclude": ["sport", "politica"]},
        {"include": ["sporting"]},
        {"include": ["rív*"]},
        {"authors": ["Ana Lopez"]},
        {"sections": ["politics"]},
        {"sections": ["news"]},
        {"too_old": "1 day"},
        {"max_per_day": 1},
    ],
)
def test_what_no_rule_speaks_against_becomes_a_post(
    reader: Feeds, shows: Any, story: Any, follow: Any, rules: Any
) -> None:
    """Words count whole; the page may say who wrote it."""
    follow(**rules)
    shows(story(1, "Sporting river", category="Politics"))

    assert reader.poll("news").new == 1


def test_a_day_takes_no_more_than_its_limit(
    reader: Feeds, world: Any, shows: Any, story: Any, follow: Any
) -> None:
    """London's day; the next has room again, and what was left out stays out."""
    follow(max_per_day=2)
    made = [story(n, f"River news {n}") for n in range(1, 5)]
    shows(*made[2::-1])
    first = reader.poll("news").new
    world.clock.move(hours=12)  # midnight in London
    shows(*reversed(made))
    second = reader.poll("news").new

    assert (first, second) == (2, 1)
    assert decided(reader)["River news 3"] == "over limit"


def test_an_article_that_is_very_old_waits_for_a_person_whatever_the_mode(
    reader: Feeds, world: Any, shows: Any, story: Any, follow: Any
) -> None:
    """It is most likely an archive that came back."""
    follow(mode="queue", accounts=["x"])
    shows(story(2, "New river"), story(1, "Ancient river", at="Tue, 01 Oct 2024 10:00:00 GMT"))
    reader.poll("news")

    assert decided(reader)["Ancient river"] == "review"
    assert rows(reader)["Ancient river"].reason == "It is dated Tuesday 1 October 2024, 11:00."
    assert sorted(row.state for row in world.all_rows()) == ["held", "waiting"]


def test_quiet_hours_of_a_feed_move_its_posts_to_a_later_slot(
    reader: Feeds, world: Any, shows: Any, story: Any, follow: Any
) -> None:
    """The timetable has 12:30, 18:00 and 08:30; only the last is outside."""
    follow(mode="queue", quiet_hours="12:00-08:00", accounts=["x"])
    shows(story(1, "River"))
    reader.poll("news")
    world.planner.plan_due()

    (row,) = world.all_rows()
    assert row.quiet_hours == "12:00-08:00"
    assert f"{row.due_at:%F %H:%M}" == "2026-12-02 08:30"


def test_an_account_without_link_gets_the_words_and_the_sites_name(
    reader: Feeds, world: Any, shows: Any, story: Any, follow: Any
) -> None:
    """The other keeps the link."""
    follow(without_link=["x"])
    shows(story(1, "River defenders free in Honduras"))
    reader.poll("news")

    x, facebook = texts(world)
    assert "http" not in x
    assert x.endswith("\n\n(Herald)")
    assert "/news/1" in facebook


def test_what_nobody_reviewed_in_time_lapses_and_is_counted(
    reader: Feeds, world: Any, shows: Any, story: Any, follow: Any
) -> None:
    """Cancelled with its reason and on record; what was approved goes on."""
    follow(lapse_after="3 days", accounts=["x"])
    shows(story(2, "River two"), story(1, "River one"))
    reader.poll("news")
    approve(world.decider(), "P1")
    world.clock.move(days=3)
    reader.poll_due()
    before = decided(reader)
    world.clock.move(minutes=20)
    reader.poll_due()

    kept, lapsed = world.all_rows()
    assert (before["River two"], decided(reader)["River two"]) == ("review", "lapsed")
    assert (kept.state, lapsed.state) == ("waiting", "cancelled")
    assert lapsed.reason == "Nobody reviewed it within 3 days, so it was left out."
    with world.store.read() as session:
        made = session.scalars(select(Decision).where(Decision.verb == "lapse")).all()
        now = world.clock()
        counted = articles.lapsed_between(session, now - timedelta(days=7), now + timedelta(1))
    assert [(each.actor, each.delivery_id) for each in made] == [("bot", lapsed.id)]
    assert counted == {"news": 1}
    shows(story(2, "River two"))
    assert reader.poll("news").new == 0


def test_half_of_a_post_that_was_approved_does_not_lapse(
    reader: Feeds, world: Any, shows: Any, story: Any, follow: Any
) -> None:
    """One account's words were approved, the other's were not."""
    follow()
    shows(story(1, "River one"))
    reader.poll("news")
    approve(world.decider(), str(world.all_rows()[0].id))
    world.clock.move(days=8)
    reader.poll_due()

    assert sorted(row.state for row in world.all_rows()) == ["cancelled", "waiting"]
    assert decided(reader)["River one"] == "review"


def test_the_newest_articles_are_offered_and_one_can_be_posted_now(
    reader: Feeds, world: Any, shows: Any, story: Any, follow: Any
) -> None:
    """The first sight posts nothing; a person may. It is not held for the feed's review."""
    entries = [story(n, f"River {n}", at=f"Tue, 0{n} Nov 2026 10:00:00 GMT") for n in range(1, 6)]
    added = reader.add("news", shows(*reversed(entries)), {"exclude": ["4"]})
    offers = reader.by_hand.offer("news", added.parsed)
    admitted = reader.by_hand.post("news", offers[1].article, "ana")
    world.planner.plan_due()

    assert [offer.title for offer in offers] == ["River 5", "River 4", "River 3"]
    assert offers[1].reason == ("By its rules it would be left out: It has “4”, which you exclude.")
    assert [part.text for row in admitted.deliveries for part in world.parts(row.id)] == list(
        offers[1].posts.values()
    )
    assert {row.state for row in world.all_rows()} == {"waiting"}
    assert {row.due_at for row in world.all_rows()} == {world.clock()}
    assert admitted.post.author == "ana"
    assert decided(reader)["River 4"] == "post"
    with pytest.raises(NotAllowed, match=f"post already.*{admitted.post.name}"):
        reader.by_hand.post("news", offers[1].article, "ana")
    assert [offer.title for offer in reader.by_hand.offer("news")] == [
        "River 5",
        "River 3",
        "River 2",
    ]


def test_an_article_that_left_the_feed_can_still_be_posted(
    reader: Feeds, world: Any, site: Any, page: Any, shows: Any, story: Any, follow: Any
) -> None:
    """What is remembered of it, and its page, are enough."""
    follow(accounts=["x"])
    number = rows(reader)["An old story of the river"].id
    site.put("/feed", page(b"down", 500))
    reader.by_hand.post("news", number, "ana")

    (text,) = texts(world)
    assert text.startswith(f"An old story of the river\n\n“{LEAD}”")
    for feed, article in (("news", 999), ("no", number)):
        with pytest.raises(NotFound):
            reader.by_hand.post(feed, article, "ana")


def test_show_tells_the_article_and_why_this_sentence(
    reader: Feeds, world: Any, shows: Any, story: Any, follow: Any
) -> None:
    """Whoever approves sees where the words come from."""
    follow()
    shows(story(1, "River defenders free in Honduras"))
    reader.poll("news")

    with world.store.read() as session:
        post = session.scalars(select(Post)).one()
        told = queue.story(session, post.id)["article"]
    assert (told["feed"], told["title"]) == ("news", "River defenders free in Honduras")
    assert (told["source"], told["site"], told["author"]) == ("page", "Herald", "Ana López")
    assert told["quotations"]["x"] == {
        "quote": LEAD,
        "why": "from the first paragraph, out of 1 sentences; it shares 2 words with the title",
    }
    assert told["hashtags"] == ["#Honduras"]


def test_the_test_shows_what_the_next_reading_then_does(
    reader: Feeds, world: Any, shows: Any, story: Any, follow: Any
) -> None:
    """Article by article, with the very same texts; and it changes nothing."""
    follow(exclude=["sport"], max_per_day=1, accounts=["x"])
    url = shows(story(3, "River three"), story(2, "River sport"), story(1, "River defenders free"))
    tried = reader.test(url)
    again = reader.test(url)
    before = decided(reader)
    reader.poll("news")

    assert tried == again
    assert before == {"An old story of the river": "seen"}
    assert {one["title"]: one["decision"] for one in tried["items"]} == {
        "River three": "over limit",
        "River sport": "excluded",
        "River defenders free": "review",
    }
    assert {one["title"]: one["decision"] for one in tried["items"]} == {
        title: decision for title, decision in decided(reader).items() if title not in before
    }
    assert [one["posts"] for one in tried["items"] if one["posts"]] == [{"x": texts(world)[0]}]


def test_rules_can_be_tried_out_before_a_feed_is_added(
    reader: Feeds, shows: Any, story: Any
) -> None:
    """And on top of a known feed's own."""
    url = shows(story(2, "River sport"), story(1, "River news"))

    def tried(**rules: Any) -> list[str]:
        return [one["decision"] for one in reader.test(url, rules)["items"]]

    assert tried() == ["review", "review"]
    assert tried(exclude=["sport"]) == ["excluded", "review"]
    with pytest.raises(UsageError, match="Did you mean exclude"):
        tried(exclud=["sport"])
    assert rows(reader) == {}


def test_rules_of_a_feed_can_be_changed_where_the_file_does_not_own_it(
    reader: Feeds, shows: Any, follow: Any
) -> None:
    """One rule replaced, one taken away, the others kept."""
    follow(exclude=["sport"], labels=["news"], max_per_day=2)
    reader.change("news", {"exclude": ["football"]}, clear=["max_per_day"])
    with reader.store.read() as session:
        kept = feeds.named(session, "news").options
    reader.file.write_text(f'\n[news]\nurl = "{shows()}"\n')

    assert kept == {"exclude": ["football"], "labels": ["news"]}
    with pytest.raises(UsageError, match=r"feeds.toml, line 2\. Change it there"):
        reader.change("news", {"exclude": ["x"]})
    assert reader.lines() == {"news": 2}


def approve_all(decider: Decider, names: tuple[str, ...]) -> None:
    for name in names:
        approve(decider, name)


def test_articles_accepted_as_they_came_are_counted_until_one_was_not(
    reader: Feeds, world: Any, shows: Any, story: Any, follow: Any
) -> None:
    """What waits is not counted and breaks nothing; a withdrawn or edited one does."""
    follow(accounts=["x"])
    made = [story(n, f"River {n}") for n in range(1, 7)]
    shows(*reversed(made))
    posts = reader.poll("news").new_posts

    def streak() -> int:
        with reader.store.read() as session:
            return articles.accepted_in_a_row(session, feeds.named(session, "news").id)

    approve_all(world.decider(), posts[1:5])
    whole = streak()
    cancel(world.decider(), posts[3])
    broken = streak()
    with world.store.write() as session:
        for post in session.scalars(select(Post)):
            post.version = 2

    assert (whole, broken, streak()) == (4, 1, 0)


def test_a_silent_feed_says_why(
    reader: Feeds, world: Any, shows: Any, story: Any, follow: Any
) -> None:
    """After two weeks without a post; not before, and not once one went out."""
    follow(exclude=["sport"], lapse_after="60 days", accounts=["x"])
    zone = world.admission.zone
    world.clock.move(days=13)
    early = silent(world.store, world.clock(), zone)
    world.clock.move(days=1)
    shows(story(2, "Sport"), story(3, "More sport"))
    nothing = silent(world.store, world.clock(), zone)
    reader.poll("news")
    shows(story(1, "River"))
    reader.poll("news")
    full = silence(world.store, world.clock(), zone)
    world.change(world.all_rows()[0].id, state="sent", holds=frozenset(), sent_at=world.clock())

    assert early == {}
    assert nothing == {"news": "No post so far. In the last 14 days: nothing new."}
    (note,) = full
    assert (note.ok, note.note) == (True, True)
    assert note.says == (
        "news: No post so far. In the last 14 days: 2 excluded by words, 1 waiting for review: "
        "bot queue."
    )
    assert silent(world.store, world.clock(), zone) == {}
