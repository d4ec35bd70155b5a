"""What X lists, counts and says of a profile, read without trusting its shape."""

import json
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from urllib.parse import parse_qs, urlsplit

import pytest
from raw_server import reply

from bot.platforms.contract import (
    AccountCounts,
    Counts,
    CountsRead,
    Draft,
    Image,
    NotReached,
    PartContent,
    Sent,
    Unreadable,
)
from bot.platforms.x import counts, prices, timeline
from bot.platforms.x.profile import read_profile
from bot.wire import Reply

NOW = datetime(2026, 12, 1, 12, tzinfo=UTC)
WHEN = "2026-12-01T11:00:00.000Z"


def answer(body, status=200):
    """A reply as the session captures it."""
    return Reply(status, {}, json.dumps(body).encode())


def wired(body, status="200 OK"):
    """A reply as a raw server sends it."""
    return reply(json.dumps(body).encode(), status=status)


def queries(server):
    """The query parameters of every request a raw server got."""
    targets = [request.split(b" ")[1].decode() for request in server.requests]
    return [{k: v[0] for k, v in parse_qs(urlsplit(target).query).items()} for target in targets]


def test_shortened_links_and_escaped_characters_are_undone():
    """Only the three characters X escapes, and in the right order."""
    post = {
        "id": "1",
        "created_at": WHEN,
        "text": "A &lt;b&gt; &amp;amp; &copy= https://t.co/a https://t.co/p",
        "entities": {
            "urls": [
                {"url": "https://t.co/a", "expanded_url": "https://e.org/?x=1&copy=2"},
                {"url": "https://t.co/p", "expanded_url": "https://x.com/p/1", "media_key": "3_1"},
                {"url": "https://t.co/n"},
                {"expanded_url": "https://e.org/none"},
            ]
        },
    }
    seen = timeline.seen(post)
    assert seen.text == "A <b> &amp; &copy= https://e.org/?x=1&copy=2"
    assert seen.created_at == datetime(2026, 12, 1, 11, tzinfo=UTC)


@pytest.mark.parametrize("name", ["note_tweet", "note_post"])
def test_a_long_post_is_read_whole(name):
    """X puts the tail of a long post elsewhere, under an old and a new name."""
    long = {
        "text": "long &amp; whole https://t.co/z",
        "entities": {"urls": [{"url": "https://t.co/z", "expanded_url": "https://e.org/z"}]},
    }
    post = {"id": "1", "created_at": WHEN, "text": "long… https://t.co/q", name: long}
    assert timeline.seen(post).text == "long & whole https://e.org/z"


@pytest.mark.parametrize("name", ["referenced_tweets", "referenced_posts"])
def test_a_reply_names_what_it_answers_and_a_repost_is_left_out(name):
    """Threads are recognised by it; a repost is nobody's attempt."""
    base = {"created_at": WHEN, "text": "t"}
    posts = (
        {**base, "id": "2", name: [{"type": "replied_to", "id": "1"}]},
        {**base, "id": "3", name: [{"type": "retweeted", "id": "9"}]},
    )
    (seen,) = timeline.seen_since(posts, NOW - timedelta(days=1))
    assert (seen.remote_id, seen.reply_to) == ("2", "1")


@pytest.mark.parametrize(
    "post",
    [
        {},
        {"id": "1", "text": "t"},
        {"id": 1, "text": "t", "created_at": WHEN},
        {"id": "1", "created_at": WHEN},
        {"id": "1", "text": "t", "created_at": "yesterday"},
        {"id": "1", "text": "t", "created_at": "2026-12-01T11:00:00"},
    ],
)
def test_a_post_that_cannot_be_read_makes_the_list_unreadable(post):
    """It might be the very post that is looked for."""
    assert isinstance(timeline.seen_since((post,), NOW), Unreadable)


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"meta": {}},
        {"data": None},
        {"data": "x"},
        {"errors": [{}]},
        {"meta": {"result_count": 2}},
    ],
)
def test_a_list_without_posts_and_without_a_count_of_zero_is_unreadable(body):
    """Absence of posts must be said, not just not contradicted."""
    assert isinstance(timeline.read_pages(lambda _: answer(body), {}), Unreadable)


def test_a_list_that_does_not_end_is_unreadable():
    """Ever new cursors must not hang the bot."""
    asked = []

    def ask(query):
        asked.append(query)
        return answer({"data": [], "meta": {"next_token": f"t{len(asked)}"}})

    assert isinstance(timeline.read_pages(ask, {}), Unreadable)
    assert timeline.MOST_PAGES == len(asked)


def test_a_later_page_that_cannot_be_read_makes_the_whole_list_unreadable():
    """Half a timeline is not one without the post; a stated time is passed on."""
    first = answer({"data": [], "meta": {"next_token": "t"}})
    limited = Unreadable("Limited.", NOW)
    for second in (limited, Reply(200, {}, b'{"data":[')):
        pages = iter((first, second))
        found = timeline.read_pages(lambda _, left=pages: next(left), {})
        assert isinstance(found, Unreadable)
        assert (second is limited) is (found is limited)


@pytest.mark.parametrize("length", [1, 2, 5])
def test_a_list_that_turns_in_a_circle_is_unreadable_after_one_round(length):
    """However long the circle; the same page is not paid for again and again."""
    asked = []

    def ask(query):
        asked.append(query)
        return answer({"data": [], "meta": {"next_token": f"t{len(asked) % length}"}})

    assert isinstance(timeline.read_pages(ask, {}), Unreadable)
    assert length + 1 == len(asked)


@pytest.mark.parametrize(
    "body",
    [
        {"data": [None], "meta": {"result_count": 1}},
        {"data": [{"id": "1"}, "text"], "meta": {"result_count": 2}},
        {"data": [{"id": "1"}], "meta": {"result_count": 2}},
        {"data": [], "meta": {"result_count": 0, "next_token": 5}},
    ],
)
def test_a_page_with_a_piece_missing_is_unreadable(body):
    """What is missing may be the post that is looked for."""
    assert isinstance(timeline.read_pages(lambda _: answer(body), {}), Unreadable)


def test_a_token_that_names_no_account_asks_who_it_is(answered_by):
    """Tokens usually begin with the account's id; this one does not."""
    me = wired({"data": {"id": "77", "username": "u"}})
    platform, server = answered_by(
        "x", me, wired({"meta": {"result_count": 0}}), X_ACCESS_TOKEN="opaque"
    )
    assert platform.recent(NOW) == ()
    assert b" /x/2/users/77/tweets?" in server.requests[1]


def test_nobody_is_asked_when_the_account_is_not_known(answered_by):
    """Without an identity there is no timeline."""
    platform, server = answered_by("x", wired({}, "401 Unauthorized"), X_ACCESS_TOKEN="opaque")
    assert isinstance(platform.recent(NOW), Unreadable)
    assert server.connections == 1


def test_counts_have_our_names_under_old_and_new_names_of_x():
    """retweet_count and repost_count are the same figure."""
    public = {
        "impression_count": 9,
        "like_count": 8,
        "reply_count": 7,
        "quote_count": 6,
        "bookmark_count": 5,
    }
    private = {"url_link_clicks": 3, "user_profile_clicks": 2, "engagements": 1}
    expected = Counts(
        views=9,
        likes=8,
        comments=7,
        shares=4,
        quotes=6,
        bookmarks=5,
        link_clicks=3,
        profile_clicks=2,
        engagements=1,
    )
    for name in ("retweet_count", "repost_count"):
        post = {"public_metrics": {**public, name: 4}, "non_public_metrics": private}
        assert counts.counts_of(post) == expected


@pytest.mark.parametrize("value", [None, "3", True, -1, 1.5, [], {}])
def test_a_count_of_the_wrong_type_is_none(value):
    """Never zero for what is not known."""
    post = {"public_metrics": {"like_count": value}, "non_public_metrics": None}
    assert counts.counts_of(post) == Counts()


def test_posts_close_together_share_a_window_and_old_ones_ask_for_nothing_private():
    """Each post read is paid for, and private counts end after 30 days."""
    sent = {
        "1": NOW - timedelta(days=31),
        "2": NOW - timedelta(days=2),
        "3": NOW - timedelta(days=2) + timedelta(minutes=20),
        "4": NOW - timedelta(seconds=10),
    }
    windows = list(counts.windows(sent, NOW))
    assert [window["tweet_fields"] for window in windows] == [
        "public_metrics",
        "public_metrics,non_public_metrics",
        "public_metrics,non_public_metrics",
    ]
    assert windows[1]["start_time"] == "2026-11-29T11:55:00Z"
    assert windows[1]["end_time"] == "2026-11-29T12:22:00Z"
    assert "end_time" not in windows[2]


def test_own_timeline_is_read_first_and_only_the_missing_are_looked_up(answered_by):
    """A fifth of the price, and the look-up tells which posts are gone."""
    listed = {"data": [{"id": "1", "public_metrics": {"like_count": 4}}, {"id": "9"}], "meta": {}}
    gone = {"resource_id": "2", "type": "https://api.x.com/2/problems/resource-not-found"}
    other = {"resource_id": "3", "type": "https://api.x.com/2/problems/not-authorized-for-resource"}
    looked = {"data": [{"id": "4", "public_metrics": {"like_count": 1}}], "errors": [gone, other]}
    platform, server = answered_by("x", wired(listed), wired(looked), clock=lambda: NOW)
    read = platform.counts(dict.fromkeys("1234", NOW - timedelta(hours=1)))
    assert read == CountsRead(
        {"1": Counts(likes=4), "4": Counts(likes=1)},
        frozenset("2"),
        {"1": Decimal("0.001"), "9": Decimal("0.001"), "4": Decimal("0.005")},
    )
    assert queries(server)[1]["ids"] == "2,3,4"
    assert "non_public_metrics" not in queries(server)[1]["tweet.fields"]


def test_private_counts_that_are_refused_are_left_out(answered_by):
    """A plan without them still gets the public ones."""
    refused = wired({"title": "Forbidden", "detail": "no"}, "403 Forbidden")
    public = wired({"data": [{"id": "1", "public_metrics": {"like_count": 4}}], "meta": {}})
    platform, server = answered_by("x", refused, public, clock=lambda: NOW)
    read = platform.counts({"1": NOW - timedelta(hours=1)})
    assert read.counts == {"1": Counts(likes=4)}
    assert queries(server)[1]["tweet.fields"] == "public_metrics"


def test_what_was_read_before_a_trouble_is_kept_with_its_cost(answered_by):
    """It is paid for."""
    first = wired({"data": [{"id": "1", "public_metrics": {"like_count": 4}}], "meta": {}})
    throttled = wired({"title": "Too Many Requests"}, "429 Too Many Requests")
    platform, _ = answered_by("x", first, throttled, clock=lambda: NOW)
    read = platform.counts({"1": NOW - timedelta(days=40), "2": NOW - timedelta(days=35)})
    assert set(read.counts) == {"1"}
    assert read.gone == frozenset()
    assert read.billed == {"1": Decimal("0.001")}
    assert read.unread == {"2"}


def test_a_lookup_that_cannot_be_understood_is_unreadable():
    """No figures from it, and nobody is called gone."""
    empty = answer({"meta": {"result_count": 0}})
    sent = {"1": NOW - timedelta(days=31)}
    for looked in (Reply(200, {}, b"[]"), Unreadable("no")):
        read = counts.read_counts(sent, NOW, lambda _: empty, lambda _, one=looked: one)
        assert isinstance(read, Unreadable)


def test_a_whole_history_is_read_in_few_windows():
    """Some a day apart for a year: old ones apart from young ones, and X is asked a few times."""
    sent = {str(n): NOW - timedelta(days=n) for n in range(365)}
    queries = list(counts.windows(sent, NOW))
    assert [one["tweet_fields"] for one in queries] == [
        "public_metrics",
        "public_metrics,non_public_metrics",
    ]
    assert len(list(counts.windows(dict(list(sent.items())[:90]), NOW))) == 90


@pytest.mark.parametrize("name", ["tweet_count", "post_count"])
def test_an_account_is_counted_by_either_name(answered_by, name):
    """The older specification and the newer; one reading of a profile."""
    user = {"id": "42", "public_metrics": {"followers_count": 7, name: 3}}
    platform, server = answered_by("x", wired({"data": user}))
    assert platform.account_counts() == AccountCounts(followers=7, posts=3, cost=Decimal("0.010"))
    assert queries(server)[0]["user.fields"] == "public_metrics"


@pytest.mark.parametrize("body", [{}, {"data": []}, {"data": {"id": "x"}}])
def test_counts_of_an_account_that_make_no_sense_are_unreadable(answered_by, body):
    """Never zero."""
    platform, _ = answered_by("x", wired(body))
    assert isinstance(platform.account_counts(), Unreadable)


def test_more_than_a_hundred_are_looked_up_in_turns():
    """X takes a hundred ids at a time."""
    empty, asked = answer({"meta": {"result_count": 0}}), []

    def look(query):
        asked.append(len(query["ids"]))
        return answer({"errors": []})

    sent = {str(n): NOW - timedelta(days=31) for n in range(150)}
    assert counts.read_counts(sent, NOW, lambda _: empty, look) == CountsRead({})
    assert asked == [100, 50]


@pytest.mark.parametrize("level", ["read-write", "", "read-write-directmessages"])
def test_a_profile_is_read_with_its_bio_and_pinned_post(level):
    """What the imprint check needs."""
    user = {"id": "42", "username": "group", "description": "We", "pinned_tweet_id": "5"}
    body = {"data": user, "includes": {"tweets": [{"id": "5", "text": "Promoted by"}]}}
    headers = {"x-access-level": level, "Date": "Tue, 01 Dec 2026 12:00:00 GMT"}
    health = read_profile(Reply(200, headers, json.dumps(body).encode()), "42")
    assert (health.ok, health.bio, health.pinned) == (True, "We", "Promoted by")
    assert (health.server_date, health.name) == (NOW, "group")


def test_a_pinned_post_that_x_does_not_send_along_is_named_by_its_id():
    """Better than saying there is none."""
    health = read_profile(answer({"data": {"id": "42", "pinned_post_id": "5"}}), None)
    assert (health.pinned, health.name, health.bio) == ("5", None, None)


def test_keys_that_may_only_read_are_a_problem():
    """The commonest mistake when keys are made."""
    reply_ = Reply(200, {"x-access-level": "read"}, b'{"data": {"id": "42"}}')
    health = read_profile(reply_, "42")
    assert (health.ok, health.missing_scopes) == (False, ("write",))
    assert "Read and Write" in health.problem


def test_another_account_is_a_problem():
    """Posting to the wrong account is worse than not posting."""
    health = read_profile(answer({"data": {"id": "43"}}), "42")
    assert not health.ok
    assert health.remote_id == "43"
    assert health.problem


@pytest.mark.parametrize("value", ["", "yesterday", "Tue, 01 Dec 2026 12:00:00"])
def test_a_date_that_is_none_is_left_out(value):
    """The clock check needs a real one."""
    assert (
        read_profile(Reply(200, {"Date": value}, b'{"data": {"id": "42"}}'), "42").server_date
        is None
    )


def test_a_link_makes_a_post_dear():
    """Dated data, exact amounts."""
    assert prices.price_of(links=0) == Decimal("0.015")
    assert prices.price_of(links=2) == Decimal("0.200")
    assert prices.price_of(links=0, alt_texts=2) == Decimal("0.025")


def test_the_price_follows_the_links_of_the_text(open_on):
    """A bare domain is a link too."""
    platform = open_on("x")
    assert platform.price(PartContent("no link here")) == prices.POST
    assert platform.price(PartContent("see example.org")) == prices.POST_WITH_LINK


def test_what_is_sent_fits_the_published_schema(answered_by):
    """Ids are strings, and no key that X does not know."""
    good = wired({"data": {"id": "5", "text": "t"}}, "201 Created")
    platform, server = answered_by("x", good)
    prepared = type(platform.prepare(PartContent("t")))(("7", "8"))
    platform.send(PartContent("t é"), reply_to="4", prepared=prepared)
    head, _, body = server.requests[0].partition(b"\r\n\r\n")
    assert head.startswith(b"POST /x/2/tweets HTTP/1.1\r\n")
    assert b"Authorization: OAuth " in head
    assert json.loads(body) == {
        "text": "t é",
        "reply": {"in_reply_to_tweet_id": "4"},
        "media": {"media_ids": ["7", "8"]},
    }


def test_a_thread_part_answers_the_part_before(open_on, sandbox):
    """In the ledger and in the listing."""
    platform = open_on("x")
    outcomes = []
    for text in ("one", "two"):
        part = platform.compose(Draft(text)).parts[0]
        before = outcomes[-1].remote_id if outcomes else None
        outcomes.append(platform.send(part, reply_to=before, prepared=platform.prepare(part)))
    assert all(isinstance(outcome, Sent) for outcome in outcomes)
    seen = {one.text: one for one in platform.recent(datetime.now(UTC) - timedelta(minutes=1))}
    assert seen["two"].reply_to == outcomes[0].remote_id


def test_a_404_that_is_not_about_the_post_deletes_nothing(answered_by):
    """An unknown route is no proof that a post is gone."""
    body = {"title": "Not Found", "type": "about:blank", "detail": "no route"}
    platform, _ = answered_by("x", wired(body, "404 Not Found"))
    deletion = platform.delete("5")
    assert not deletion.done
    assert deletion.reason


def test_new_names_of_metrics_are_counted(open_on, sandbox):
    """The sandbox under X's newer specification."""
    platform = open_on("x")
    part = PartContent("count me")
    outcome = platform.send(part, reply_to=None, prepared=platform.prepare(part))
    sandbox.metric_names = "new"
    try:
        read = platform.counts({outcome.remote_id: datetime.now(UTC)})
    finally:
        sandbox.metric_names = "old"
    assert read.counts[outcome.remote_id].shares is not None


def test_an_alt_text_that_is_lost_ends_the_upload(open_on, sandbox):
    """A picture is not shown without the words that were approved with it."""
    image = Image("1" * 64, "image/png", "A banner")
    platform = open_on("x", picture_bytes=lambda _: b"\x89PNG\r\n\x1a\n" + b"0" * 9)
    sandbox.fault("x", "html_before", on="upload", path="metadata")
    assert isinstance(platform.prepare(PartContent("t", images=(image,))), NotReached)


@pytest.mark.parametrize("body", [{"data": {"deleted": False}}, {"data": {"id": "5"}}, {}])
def test_a_deletion_that_is_not_confirmed_is_not_done(answered_by, body):
    """Only a yes is a yes."""
    platform, _ = answered_by("x", wired(body))
    deletion = platform.delete("5")
    assert not deletion.done
    assert deletion.reason


def test_a_read_answered_with_a_created_post_is_unreadable(answered_by):
    """An answer that does not fit the question says nothing."""
    platform, _ = answered_by("x", wired({"data": {"id": "5"}}, "201 Created"))
    assert isinstance(platform.recent(NOW), Unreadable)
