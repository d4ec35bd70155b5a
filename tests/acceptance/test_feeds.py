"""From an article in a feed to a post on both platforms."""

from tests.acceptance.conftest import Desk


def test_a_new_article_becomes_a_post_once_after_approval(desk: Desk) -> None:
    """What stood there at first sight stays unposted; the new one waits, then goes out once."""
    desk.sandbox.add_article("An old article")
    tried = desk.bot("feeds", "test", desk.sandbox.feed_url, "--json").json
    added = desk.bot(
        "feeds", "add", desk.sandbox.feed_url, "--name", "news", "--campaign", "honduras"
    )
    desk.sandbox.add_article("The eight are free", summary="They are home.")
    second = desk.bot("feeds", "poll", "news")
    waiting = desk.queue()
    desk.once()
    before = desk.texts("x")
    approved = desk.bot("approve", "P1")
    desk.bot("release", "P1", "--at", "now")
    desk.once()

    assert set(tried) == {"feed", "items"}
    assert [entry["title"] for entry in tried["items"]] == ["An old article"]
    assert set(tried["items"][0]) >= {
        "id", "title", "link", "published", "decision", "reason", "posts",
    }  # fmt: skip
    assert (added.code, second.code) == (0, 0)
    assert "(1 article) is only remembered" in added.out
    assert "news: 1 new article." in second.out
    assert [row["holds"] for row in waiting] == [["approval"], ["approval"]]
    assert before == []
    assert approved.code == 0
    assert len(desk.texts("x")) == len(desk.texts("facebook")) == 1
    assert f"{desk.sandbox.url}/articles/2" in desk.texts("x")[0]


def test_a_feed_that_cannot_be_read_is_told_plainly(desk: Desk) -> None:
    """No address repeats what a stranger's server said; a private address is refused."""
    desk.env["FETCH_ALLOW_HOSTS"] = ""
    refused, nonsense = desk.together(
        ["feeds", "test", desk.sandbox.feed_url], ["feeds", "add", "not an address"]
    )

    assert refused.code == 1
    assert "private network" in refused.err
    assert "Traceback" not in refused.err
    assert nonsense.code == 2


def test_a_feed_without_articles_and_a_second_one_of_the_site(desk: Desk) -> None:
    """Nothing would come is said; the second name is numbered, and --name is named."""
    tried = desk.bot("feeds", "test", desk.sandbox.feed_url)
    first = desk.bot("feeds", "add", desk.sandbox.feed_url)
    second = desk.bot("feeds", "add", f"{desk.sandbox.feed_url}?other=1")

    assert "0 articles; nothing would come." in tried.out
    assert first.out.startswith("127.0.0.1 is read from now on.")
    assert second.out.startswith("127.0.0.1-2 is read from now on.")
    assert "--name" in second.out
