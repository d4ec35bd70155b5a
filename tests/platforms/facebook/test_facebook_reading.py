"""What Facebook lists, counts and says of the Page, read without trusting its shape."""

import json
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, parse_qsl, urlsplit

import pytest
from raw_server import reply

from bot import wire
from bot.platforms.contract import (
    AccountCounts,
    Counts,
    CountsRead,
    Draft,
    NotReached,
    PartContent,
    Prepared,
    Refused,
    Unreadable,
)
from bot.platforms.facebook import counts, listing, marks
from bot.platforms.facebook.client import GraphSession
from bot.platforms.facebook.reading import read
from bot.wire import Reply

NOW = datetime(2026, 12, 1, 12, tzinfo=UTC)
WHEN = "2026-12-01T11:00:00+0000"
POST = {"id": "7007_1", "created_time": WHEN, "message": "m"}


def wired(body, status="200 OK", *headers):
    """A reply as a raw server sends it."""
    return reply(json.dumps(body).encode(), *headers, status=status)


def declined(code, subcode=None, **more):
    """An error of Facebook's as a raw server sends it."""
    extra = {} if subcode is None else {"error_subcode": subcode}
    error = {"message": "m", "code": code, **extra, **more}
    return wired({"error": error}, "400 Bad Request")


def target(request):
    """Path and query of a recorded request."""
    parts = urlsplit(request.split(b" ")[1].decode())
    return parts.path, {name: value[0] for name, value in parse_qs(parts.query).items()}


def test_the_post_goes_out_as_facebook_documents_it(answered_by):
    """Version and path, token in the form, link beside the text, address read back."""
    platform, server = answered_by("facebook", wired({"id": "7007_1"}))
    part = platform.compose(Draft("Hello é", "https://e.org/a", imprint="Promoted by")).parts[0]
    platform.send(part, reply_to=None, prepared=Prepared())
    head, _, body = server.requests[0].partition(b"\r\n\r\n")
    assert head.startswith(b"POST /graph/v26.0/7007/feed HTTP/1.1\r\n")
    assert dict(parse_qsl(body.decode())) == {
        "message": "Hello é\n\nPromoted by",
        "link": "https://e.org/a",
        "fields": "id,permalink_url",
        "access_token": "EAAB-page-token",
    }


def test_the_token_of_a_read_is_in_a_header(answered_by):
    """Never in the address."""
    platform, server = answered_by("facebook", wired({"data": []}))
    platform.recent(NOW)
    assert b"Authorization: Bearer EAAB-page-token" in server.requests[0]
    assert b"EAAB" not in server.requests[0].partition(b"\r\n")[0]


def test_the_version_of_the_settings_is_asked_for(answered_by):
    """The SDK knows none newer than 3.1."""
    platform, server = answered_by("facebook", wired({"data": []}), FACEBOOK_GRAPH_VERSION="v27.1")
    platform.recent(NOW)
    assert target(server.requests[0])[0] == "/graph/v27.1/7007/published_posts"


def test_a_write_without_text_carries_its_token_in_a_header_too(answered_by):
    """The SDK puts it into the address when there is no form."""
    platform, server = answered_by("facebook", wired({"success": True}))
    platform._speak(lambda sdk: sdk.put_object("7007_1", "likes"))
    assert b"EAAB" not in server.requests[0].partition(b"\r\n")[0]
    assert b"Bearer EAAB" in server.requests[0]


def test_the_session_asks_nobody_but_the_graph():
    """A foreign address in the SDK would be given the token."""
    session = GraphSession("http://127.0.0.1:1/graph", deadline_seconds=1)
    with pytest.raises(ValueError, match="not the Graph"):
        session.request("GET", "https://elsewhere.example.org/")
    assert isinstance(session, wire.Session)


def test_a_thread_is_refused_before_anything_is_sent(answered_by):
    """A Page has no threads."""
    platform, server = answered_by("facebook", wired({"id": "7007_1"}))
    outcome = platform.send(PartContent("t"), reply_to="7007_1", prepared=Prepared())
    assert isinstance(outcome, Refused)
    assert server.connections == 0


def test_a_listed_post_has_its_text_its_address_and_the_link_that_was_sent():
    """`url` is a shim, `unshimmed_url` is not."""
    attached = {"data": [{"url": "https://l.facebook.com/x"}, {"unshimmed_url": "https://e.org/a"}]}
    seen = listing.seen({**POST, "attachments": attached, "permalink_url": "https://f.example/1"})
    assert (seen.text, seen.link, seen.url) == ("m", "https://e.org/a", "https://f.example/1")
    assert seen.created_at == datetime(2026, 12, 1, 11, tzinfo=UTC)
    bare = listing.seen(POST)
    assert (bare.link, bare.url) == (None, "https://www.facebook.com/7007_1")


@pytest.mark.parametrize(
    "post",
    [{}, {"id": "7007_1"}, {"id": 5, "created_time": WHEN}, {"id": "7", "created_time": WHEN}],
)
def test_a_post_that_cannot_be_read_makes_the_list_unreadable(answered_by, post):
    """It might be the very post that is looked for."""
    platform, _ = answered_by("facebook", wired({"data": [post]}))
    assert isinstance(platform.recent(NOW), Unreadable)


@pytest.mark.parametrize("body", [{}, {"data": None}, {"data": "x"}, {"data": {}}])
def test_a_list_that_is_none_is_unreadable(answered_by, body):
    """Absence of posts must be said."""
    platform, _ = answered_by("facebook", wired(body))
    assert isinstance(platform.recent(NOW), Unreadable)


NEXT = "http://127.0.0.1:1/steal?after=C2&access_token=EAAB-page-token"


@pytest.mark.parametrize(
    "paging",
    [{"next": NEXT, "cursors": {"after": "C2"}}, {"next": NEXT}, {"next": NEXT, "cursors": 1}],
)
def test_the_next_page_is_asked_of_our_own_address(answered_by, paging):
    """Only the cursor is taken from what Facebook names."""
    last = {"data": [{**POST, "id": "7007_2"}], "paging": {"cursors": {"after": "C9"}}}
    platform, server = answered_by(
        "facebook", wired({"data": [POST], "paging": paging}), wired(last)
    )
    found = platform.recent(NOW - timedelta(days=1))
    assert [seen.remote_id for seen in found] == ["7007_1", "7007_2"]
    path, query = target(server.requests[1])
    assert (path, query["after"]) == ("/graph/v26.0/7007/published_posts", "C2")


@pytest.mark.parametrize(
    "next_", ["https://g.example/x", "http://[broken", 5, "https://g.example/?after="]
)
def test_a_next_page_without_a_place_is_unreadable(answered_by, next_):
    """Half a list must not look whole."""
    platform, _ = answered_by("facebook", wired({"data": [POST], "paging": {"next": next_}}))
    assert isinstance(platform.recent(NOW - timedelta(days=1)), Unreadable)


def test_a_list_that_turns_in_a_circle_is_unreadable(answered_by):
    """The same cursor again leads nowhere."""
    page = wired({"data": [POST], "paging": {"next": NEXT}})
    platform, server = answered_by("facebook", page)
    assert isinstance(platform.recent(NOW - timedelta(days=1)), Unreadable)
    assert server.connections == 2


def test_a_later_page_that_cannot_be_read_makes_the_whole_list_unreadable():
    """Half a list is not one without the post; a stated time is passed on."""
    first = {"data": [], "paging": {"next": "n", "cursors": {"after": "c"}}}
    limited = Unreadable("Limited.", NOW)
    for second in (limited, {"data": None}):
        pages = iter((first, second))
        found = listing.read_published(lambda _, left=pages: next(left), NOW, "")
        assert isinstance(found, Unreadable)
        assert (second is limited) is (found is limited)


@pytest.mark.parametrize("length", [1, 2, 5])
def test_a_circle_of_any_length_is_left_after_one_round(length):
    """Of two pages or of five: no page is asked for again."""
    asked = []

    def ask(query):
        asked.append(query.get("after"))
        cursor = f"c{len(asked) % length}"
        return {"data": [], "paging": {"next": "n", "cursors": {"after": cursor}}}

    assert isinstance(listing.read_published(ask, NOW, ""), Unreadable)
    assert length + 1 == len(asked)


@pytest.mark.parametrize(
    ("made_by", "other"),
    [(None, False), ({"id": "55"}, False), ({"id": "6628568379"}, True), ({"name": "n"}, False)],
)
def test_a_post_that_facebook_says_another_app_made_is_known_as_such(made_by, other):
    """A person's own post with the same words is not the bot's; without a word, who knows."""
    post = {**POST, "application": made_by}
    assert listing.seen(post, "55").by_other_app is other
    assert listing.seen(post, "").by_other_app is False


def test_a_list_that_does_not_end_is_unreadable():
    """Ever new cursors must not hang the bot."""
    calls = iter(range(10_000))

    def ask(_query):
        return {"data": [], "paging": {"next": "n", "cursors": {"after": f"c{next(calls)}"}}}

    assert isinstance(listing.read_published(ask, NOW, ""), Unreadable)


def whole(remote_id="7007_1", shares=None, likes=3, comments=2, **values):
    """A post with its insights, as the Graph API gives both in one answer."""
    drawn = {
        "id": remote_id,
        "is_published": True,
        "is_hidden": False,
        "reactions": {"data": [], "summary": {"total_count": likes}},
        "comments": {"data": [], "summary": {"total_count": comments}},
        "insights": {"data": metrics(**values)},
    }
    return drawn if shares is None else {**drawn, "shares": {"count": shares}}


def metrics(**values):
    """Rows of insights."""
    return [{"name": name, "values": [{"value": value}]} for name, value in values.items()]


def insights(**values):
    """An insights reply with these metrics."""
    return wired({"data": metrics(**values)})


ALL = {
    "post_media_view": 90,
    "post_total_media_view_unique": 80,
    "post_clicks_by_type": {"link clicks": 5},
}


def counted(platform, *ids):
    """Counts of these posts."""
    return platform.counts(dict.fromkeys(ids or ("7007_1",), NOW))


def test_one_call_gives_fields_and_insights(answered_by):
    """Reactions are likes, media views are views, link clicks are not all clicks."""
    platform, server = answered_by("facebook", wired(whole(shares=4, **ALL)))
    read_ = counted(platform)
    expected = Counts(views=90, viewers=80, likes=3, comments=2, shares=4, link_clicks=5)
    assert read_ == CountsRead({"7007_1": expected})
    (request,) = server.requests
    path, query = target(request)
    assert path == "/graph/v26.0/7007_1"
    assert f"insights.metric({','.join(ALL)})" in query["fields"]


def test_shares_left_out_are_zero_only_beside_the_rest(answered_by):
    """Facebook leaves the field out at zero; a broken answer says nothing."""
    platform, _ = answered_by("facebook", wired(whole()))
    assert counted(platform).counts["7007_1"].shares == 0
    platform, _ = answered_by("facebook", wired({"reactions": {}}))
    assert isinstance(counted(platform), Unreadable)
    platform, _ = answered_by("facebook", wired({**whole(), "shares": None}))
    assert counted(platform).counts["7007_1"].shares is None


@pytest.mark.parametrize("left_out", [True, False])
def test_empty_insights_are_none_and_not_zero(answered_by, left_out):
    """Small Pages get no insights at all."""
    post = whole()
    if left_out:
        del post["insights"]
    platform, _ = answered_by("facebook", wired(post))
    counts_ = counted(platform).counts["7007_1"]
    assert (counts_.views, counts_.viewers, counts_.link_clicks) == (None, None, None)


def test_no_link_click_among_the_clicks_is_zero(answered_by):
    """By type, the kinds that did not happen are left out."""
    post = whole(post_clicks_by_type={"other clicks": 4})
    platform, _ = answered_by("facebook", wired(post))
    assert counted(platform).counts["7007_1"].link_clicks == 0


@pytest.mark.parametrize(
    "row",
    [
        {"name": "post_media_view", "values": []},
        {"name": "post_media_view", "values": [{}]},
        {"name": "post_media_view", "values": [{"value": "9"}]},
        {"name": "post_media_view"},
        {"name": "unasked", "values": [{"value": 9}]},
        {"values": [{"value": 9}]},
    ],
)
def test_an_insight_of_the_wrong_shape_is_none(answered_by, row):
    """Never zero for what is not known."""
    platform, _ = answered_by("facebook", wired({**whole(), "insights": {"data": [row]}}))
    assert counted(platform).counts["7007_1"].views is None


def test_a_total_value_is_read_too(answered_by):
    """Some metrics come in the other shape."""
    row = {"name": "post_media_view", "total_value": {"value": 9}}
    platform, _ = answered_by("facebook", wired({**whole(), "insights": {"data": [row]}}))
    assert counted(platform).counts["7007_1"].views == 9


def test_a_retired_metric_costs_only_itself_and_is_not_asked_again(answered_by):
    """One dead name fails the whole call; the other post of the reading is not asked in vain."""
    dead = declined(100)
    platform, server = answered_by(
        "facebook",
        dead,
        wired(whole()),
        dead,
        insights(post_media_view=9),
        dead,
        insights(post_clicks_by_type={}),
        wired(whole("7007_2")),
        insights(post_media_view=4),
        wired(whole(post_media_view=10)),
    )
    both = counted(platform, "7007_1", "7007_2").counts
    first = both["7007_1"]
    assert (first.views, first.viewers, first.link_clicks, first.likes) == (9, None, 0, 3)
    assert both["7007_2"].views == 4
    assert counted(platform).counts["7007_1"].views == 10
    asked = target(server.requests[8])[1]["fields"]
    assert asked.endswith("insights.metric(post_media_view,post_clicks_by_type)")


def test_a_post_without_any_insights_buries_no_metric(answered_by):
    """When not one name is answered, the names are not to blame."""
    dead = declined(100)
    platform, _ = answered_by(
        "facebook", dead, wired(whole()), dead, dead, dead, dead, wired(whole(**ALL))
    )
    assert counted(platform).counts["7007_1"].views is None
    assert counted(platform).counts["7007_1"].views == 90


def test_no_metric_left_asks_for_none():
    """Every name retired."""
    asked = []

    def ask(path, query):
        asked.append((path, "insights" in query["fields"]))
        return whole()

    read_ = counts.read_counts(["7007_1"], "7007", ask, set(counts.METRICS))
    assert read_.counts["7007_1"].views is None
    assert asked == [("7007_1", False)]


def test_a_missing_permission_costs_only_its_own_count(answered_by):
    """Comments need one more permission than shares do."""
    no = declined(10)
    platform, _ = answered_by(
        "facebook",
        no,
        no,
        wired({"id": "7007_1", "shares": {"count": 4}}),
        no,
        wired({"id": "7007_1", "comments": {"summary": {"total_count": 2}}}),
        declined(200),
    )
    assert counted(platform).counts["7007_1"] == Counts(shares=4, comments=2)


def test_a_missing_post_is_gone_when_the_page_is_there(answered_by):
    """Asked once per reading."""
    missing = declined(100, 33)
    platform, server = answered_by("facebook", missing, wired({"id": "7007"}), missing)
    assert counted(platform, "7007_1", "7007_2").gone == {"7007_1", "7007_2"}
    assert server.connections == 3


@pytest.mark.parametrize("sign", [{"is_hidden": True}, {"is_published": False}])
def test_a_post_taken_off_the_timeline_is_gone(answered_by, sign):
    """Facebook still answers for it by its id; its counts would stand for a public post."""
    platform, _ = answered_by("facebook", wired({**whole(**ALL), **sign}), wired(whole("7007_2")))
    read_ = counted(platform, "7007_1", "7007_2")
    assert (read_.gone, set(read_.counts)) == ({"7007_1"}, {"7007_2"})


def test_a_token_without_rights_does_not_make_every_post_gone(answered_by):
    """Facebook gives the same answer for a post that is not there and one that may not be seen."""
    platform, _ = answered_by("facebook", declined(100, 33))
    assert isinstance(counted(platform), Unreadable)
    deletion = platform.delete("7007_1")
    assert not deletion.done
    assert deletion.reason


def test_throttling_ends_the_reading_and_keeps_what_was_read(answered_by):
    """Calls while throttled count on."""
    platform, server = answered_by("facebook", wired(whole(**ALL)), declined(80001))
    read_ = counted(platform, "7007_1", "7007_2", "7007_3")
    assert set(read_.counts) == {"7007_1"}
    assert server.connections == 2


def test_insights_that_cannot_be_read_leave_the_rest(answered_by):
    """Reactions are worth having alone."""
    platform, _ = answered_by("facebook", declined(10), wired(whole()), b"")
    assert counted(platform).counts["7007_1"] == Counts(likes=3, comments=2, shares=0)


def described(**changed):
    """What debug_token says, with changes."""
    scopes = [
        "pages_manage_posts",
        "pages_read_engagement",
        "pages_read_user_content",
        "read_insights",
    ]
    token = {"type": "PAGE", "is_valid": True, "expires_at": 0, "scopes": scopes}
    return wired({"data": {**token, **changed}})


ME = wired({"id": "7007", "name": "Group"})
ABOUT = wired({"id": "7007", "about": "We"})
APP = {"FACEBOOK_APP_ID": "11", "FACEBOOK_APP_SECRET": "app-secret"}


def health_of(answered_by, token):
    """Health with this description of the token."""
    platform, server = answered_by("facebook", ME, ABOUT, token, **APP)
    return platform.health(), server


def test_a_good_token_is_healthy_and_the_app_mode_is_warned_of(answered_by):
    """Facebook never tells that an app is in Development mode."""
    health, server = health_of(answered_by, described())
    assert (health.ok, health.problem, health.missing_scopes) == (True, "", ())
    assert (health.expires_at, health.bio) == (None, "We")
    assert any("Development mode" in warning for warning in health.warnings)
    assert b"Bearer 11|app-secret" in server.requests[2]


ENDS = int((NOW + timedelta(days=1)).timestamp())


@pytest.mark.parametrize(
    ("changed", "ok", "missing"),
    [
        ({"is_valid": False}, False, ()),
        ({"type": "USER"}, False, ()),
        (
            {"scopes": ["pages_manage_posts", "pages_read_engagement"]},
            True,
            ("pages_read_user_content", "read_insights"),
        ),
        (
            {"scopes": ["read_insights", "pages_read_user_content", "pages_read_engagement"]},
            False,
            ("pages_manage_posts",),
        ),
        (
            {"scopes": None},
            False,
            (
                "pages_manage_posts",
                "pages_read_engagement",
                "pages_read_user_content",
                "read_insights",
            ),
        ),
        ({"expires_at": ENDS}, True, ()),
    ],
)
def test_a_token_is_judged_by_kind_validity_and_permissions(answered_by, changed, ok, missing):
    """What stops posting is a problem, what stops counting is only listed."""
    health, _ = health_of(answered_by, described(**changed))
    assert (health.ok, health.missing_scopes) == (ok, missing)
    assert bool(health.problem) is not ok


def test_a_token_that_ends_says_when(answered_by):
    """The commonest mistake at set-up."""
    health, _ = health_of(answered_by, described(expires_at=ENDS))
    assert health.expires_at == NOW + timedelta(days=1)
    assert any("ends" in warning for warning in health.warnings)


@pytest.mark.parametrize("token", [wired({"data": {}}), declined(190), b"", wired([])])
def test_a_token_that_facebook_does_not_describe_is_only_warned_of(answered_by, token):
    """Identity was confirmed; the rest is unknown."""
    health, _ = health_of(answered_by, token)
    assert health.ok
    assert any("describe" in warning for warning in health.warnings)


def test_a_token_of_something_else_is_a_problem(answered_by):
    """A person's token, or another Page's."""
    platform, server = answered_by("facebook", wired({"id": "9", "name": "A Person"}), **APP)
    health = platform.health()
    assert not health.ok
    assert health.remote_id == "9"
    assert server.connections == 1


def test_without_app_credentials_the_token_is_not_described(answered_by):
    """Only the app may ask about a token."""
    platform, server = answered_by("facebook", ME, declined(100))
    health = platform.health()
    assert (health.ok, health.bio, server.connections) == (True, None, 2)


def test_a_deletion_that_says_no_is_not_done(answered_by):
    """Only a yes is a yes."""
    platform, _ = answered_by("facebook", wired({"success": False}))
    assert not platform.delete("7007_1").done


def test_reading_tells_a_body_from_an_error_and_from_nothing():
    """A whole answer with any status but 200 is no body."""
    assert read(Reply(200, {}, b'{"id": "1"}'), NOW, str) == {"id": "1"}
    assert isinstance(read(Reply(404, {}, b'{"id": "1"}'), NOW, str), Unreadable)
    assert isinstance(read(Reply(200, {}, b"<html>"), NOW, str), Unreadable)
    assert isinstance(read(NotReached("no"), NOW, str), Unreadable)


@pytest.mark.parametrize(
    ("text", "links", "mentions", "hashtags"),
    [
        ("(https://e.org/a).", ["https://e.org/a"], [], []),
        ("https://e.org/@x#y and @z #w", ["https://e.org/@x#y"], ["@z"], ["#w"]),
        ("mail a@b.org, #1 ##x &#39; a#b", [], [], []),
        ("#Frieden@heute @a.b. #ä_1", [], ["@a.b"], ["#Frieden", "#ä_1"]),
        ("example.org", [], [], []),
    ],
)
def test_marks_are_found_where_facebook_finds_them(text, links, mentions, hashtags):
    """Links with a scheme, mentions and hashtags outside of them."""
    length = marks.measure(text)
    assert length.weight == len(text)
    assert [span.text for span in length.links] == links
    assert [span.text for span in length.mentions] == mentions
    assert [span.text for span in length.hashtags] == hashtags
    for span in (*length.links, *length.mentions, *length.hashtags):
        assert text[span.start : span.end] == span.text


def test_a_retired_metric_of_the_page_costs_only_itself(answered_by):
    """Followers are a field of the Page, views an insight."""
    page = wired({"id": "7007", "followers_count": 12})
    platform, server = answered_by("facebook", page, declined(100))
    assert platform.account_counts() == AccountCounts(followers=12)
    assert target(server.requests[1])[1]["metric"] == "page_views_total"


def test_views_of_the_page_are_those_of_the_last_day_listed(answered_by):
    """Facebook lists them in order; a small Page gets none."""
    page = wired({"id": "7007", "followers_count": 12})
    days = {"name": "page_views_total", "values": [{"value": 4}, {"value": 9}]}
    platform, _ = answered_by("facebook", page, wired({"data": [days]}))
    assert platform.account_counts() == AccountCounts(followers=12, page_views=9)
    platform, _ = answered_by("facebook", page, wired({"data": []}))
    assert platform.account_counts() == AccountCounts(followers=12)


def test_what_a_trouble_kept_from_being_read_is_named(answered_by):
    """So that it is asked again, and not taken for counted."""
    platform, _ = answered_by("facebook", wired(whole()), declined(4))
    now = NOW - timedelta(hours=1)
    assert platform.counts({"7007_1": now, "7007_2": now}).unread == {"7007_2"}
