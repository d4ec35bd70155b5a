"""The guarded GET, over real sockets."""

import gzip
import socket
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import requests

from bot.clock import Clock
from bot.errors import FetchFailed
from bot.intake import fetch
from bot.intake.fetch import FEED, PAGE, PICTURE, Fetcher, Kind
from bot.intake.pace import Pace

HERE = ("127.0.0.1",)


@pytest.fixture
def fetcher(clock: Clock) -> Fetcher:
    return Fetcher(clock, HERE, pace=Pace(0))


def refusal(fetcher: Fetcher, url: str, **named: Any) -> FetchFailed:
    with pytest.raises(FetchFailed) as failed:
        fetcher.get(url, **named)
    return failed.value


def test_a_page_comes_with_what_the_next_reading_needs(
    site: Any, page: Any, fetcher: Fetcher
) -> None:
    """Body, type, ETag and date are handed on as they came."""
    headers = {"ETag": '"a"', "Last-Modified": "Tue, 01 Dec 2026 10:00:00 GMT"}
    url = site.put("/feed", page(b"<rss/>", headers={**headers, "Content-Type": "text/xml"}))

    got = fetcher.get(url)

    assert (got.status, got.url, got.body) == (200, url, b"<rss/>")
    assert (got.content_type, got.etag) == ("text/xml", '"a"')
    assert got.last_modified == headers["Last-Modified"]
    assert (got.moved_to, got.not_before) == (None, None)


def test_what_was_learnt_is_asked_with_and_304_is_no_change(
    site: Any, page: Any, fetcher: Fetcher
) -> None:
    """Conditional requests carry both validators."""
    url = site.put("/feed", page(status=304))

    got = fetcher.get(url, etag='"a"', last_modified="then")

    asked = site.asked[-1][1]
    assert got.is_unchanged
    assert (asked["If-None-Match"], asked["If-Modified-Since"]) == ('"a"', "then")


def test_304_without_a_question_is_a_fault(site: Any, page: Any, fetcher: Fetcher) -> None:
    """A site that says "not changed" to a first reading has given us nothing."""
    assert "(304)" in str(refusal(fetcher, site.put("/feed", page(status=304))))


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("ftp://example.org/feed", "not a web address"),
        ("file:///etc/passwd", "not a web address"),
        ("example.org/feed", "not a web address"),
        ("https://", "not a web address"),
        ("https://example.org/a b", "not a web address"),
        ("https://example.org\\@evil.org/", "not a web address"),
        ("https://[::1/", "not a web address"),
        ("https://example.org:port/", "not a web address"),
        ("https://ana:secret@example.org/", "name or password"),
        ("https://example.org:8080/", "port 8080"),
        ("http://localhost/feed", "private network"),
        ("http://127.0.0.1:9/feed", "private network"),
        ("http://[::1]/feed", "private network"),
        ("http://169.254.169.254/latest", "private network"),
        ("https://example.org/" + "a" * 2000, "2,000"),
    ],
)
def test_an_address_that_may_not_be_read_is_refused_before_anything_is_asked(
    url: str, said: str, clock: Clock
) -> None:
    """No socket is opened: the test would fail for having none."""
    refused = refusal(Fetcher(clock), url)

    assert said in str(refused)
    assert "secret" not in str(refused)


@pytest.mark.parametrize("ip", ["127.0.0.1", "10.1.2.3", "169.254.169.254"])
def test_a_public_name_for_a_private_address_is_refused_when_dialled(
    ip: str, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What counts is where the name leads at that moment."""
    answer = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (ip, 80))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: answer)

    assert "private network" in str(refusal(Fetcher(clock), "http://feeds.example.org/"))


def test_three_redirects_are_followed_and_a_fourth_is_not(
    site: Any, page: Any, fetcher: Fetcher
) -> None:
    """An endless chain ends."""
    site.put("/0", page(b"here"))
    for step in range(1, 5):
        site.redirect(f"/{step}", f"/{step - 1}")

    assert fetcher.get(site.at("/3")).url == site.at("/0")
    assert "without end" in str(refusal(fetcher, site.at("/4")))
    assert len(site.asked) == 4 + 4


@pytest.mark.parametrize(
    ("target", "said"),
    [
        ("http://169.254.169.254/latest", "private network"),
        ("http://localhost:1/", "private network"),
        ("https://example.org:22/", "port 22"),
        ("ftp://example.org/", "not a web address"),
        ("https://ana:secret@example.org/", "name or password"),
    ],
)
def test_every_redirect_is_checked_like_the_first_address(
    site: Any, fetcher: Fetcher, target: str, said: str
) -> None:
    """A public site cannot send the bot where it may not go."""
    refused = str(refusal(fetcher, site.redirect("/feed", target)))

    assert refused.startswith("127.0.0.1 sends us on")
    assert said in refused
    assert "secret" not in refused


def test_a_redirect_from_https_to_http_is_refused() -> None:
    """Encryption, once there, is not given up."""
    response = requests.Response()
    response.headers["Location"] = "http://example.org/feed"

    with pytest.raises(FetchFailed, match="not safe"):
        fetch._next_address("https://example.org/feed", response)


@pytest.mark.parametrize("location", [None, "http://[::1/"])
def test_a_redirect_to_nowhere_is_a_fault(
    site: Any, page: Any, fetcher: Fetcher, location: str | None
) -> None:
    """Without an address there is nothing to follow."""
    headers = {"Location": location} if location else {}
    url = site.put("/feed", page(status=302, headers=headers))

    assert "without saying where" in str(refusal(fetcher, url))


@pytest.mark.parametrize(
    ("first", "second", "learnt"),
    [(301, 308, True), (301, 302, False), (307, 301, False)],
)
def test_a_move_is_learnt_only_when_every_step_is_permanent(
    site: Any, page: Any, fetcher: Fetcher, first: int, second: int, learnt: bool
) -> None:
    """A detour for today does not change the feed's address."""
    site.put("/new", page(b"here"))
    site.redirect("/middle", "/new", second)
    url = site.redirect("/old", "/middle", first)

    assert fetcher.get(url).moved_to == (site.at("/new") if learnt else None)


@pytest.mark.parametrize(
    ("status", "said"),
    [
        (401, "password"),
        (403, "does not let us"),
        (404, "nothing at this address"),
        (410, "gone for good"),
        (429, "less often"),
        (418, "did not give us the page"),
        (503, "trouble of its own"),
    ],
)
def test_a_refusal_is_told_in_words_without_the_body(
    site: Any, page: Any, fetcher: Fetcher, status: int, said: str
) -> None:
    """What a stranger's server wrote is never repeated; the number comes last."""
    refused = refusal(fetcher, site.put("/feed", page(b"internal secret", status)))

    assert said in str(refused)
    assert str(refused).endswith(f"({status})")
    assert "internal" not in str(refused)
    assert refused.gone == (status == 410)
    assert refused.retry_at is None


@pytest.mark.parametrize(
    ("header", "wait"),
    [
        ("120", timedelta(seconds=120)),
        ("Tue, 01 Dec 2026 13:00:00 GMT", timedelta(hours=1)),
        ("999999999", timedelta(hours=24)),
        ("Fri, 01 Jan 2100 00:00:00 GMT", timedelta(hours=24)),
        ("Tue, 01 Dec 2026 11:00:00 GMT", None),
        ("soon", None),
    ],
)
def test_retry_after_is_honoured_up_to_a_day(
    site: Any, page: Any, fetcher: Fetcher, clock: Clock, header: str, wait: timedelta | None
) -> None:
    """Seconds and dates count; nonsense and the past do not."""
    url = site.put("/feed", page(status=429, headers={"Retry-After": header}))

    assert refusal(fetcher, url).retry_at == (clock() + wait if wait else None)


@pytest.mark.parametrize(
    ("header", "wait"),
    [
        ("public, max-age=3600", timedelta(hours=1)),
        ("max-age=31536000", timedelta(hours=6)),
        ("max-age=0, no-cache", None),
        ("", None),
    ],
)
def test_a_page_said_to_be_fresh_is_not_asked_for_again_too_soon(
    site: Any, page: Any, fetcher: Fetcher, clock: Clock, header: str, wait: timedelta | None
) -> None:
    """A year of freshness, set by mistake, does not silence a feed."""
    url = site.put("/feed", page(b"here", headers={"Cache-Control": header}))

    assert fetcher.get(url).not_before == (clock() + wait if wait else None)


def test_more_bytes_than_the_cap_are_refused_on_the_wire_and_unpacked(
    site: Any, page: Any, clock: Clock
) -> None:
    """A small gzip file that becomes a large one is as large."""
    fetcher = Fetcher(clock, HERE, max_bytes=10_000)
    plain = site.put("/plain", page(b"a" * 10_001))
    packed = gzip.compress(b"a" * 1_000_000)
    bomb = site.put("/bomb", page(packed, headers={"Content-Encoding": "gzip"}))
    fits = site.put(
        "/fits", page(gzip.compress(b"a" * 9_000), headers={"Content-Encoding": "gzip"})
    )

    assert len(packed) < 10_000
    assert "5 MB" in str(refusal(fetcher, plain))
    assert "5 MB" in str(refusal(fetcher, bomb))
    assert len(fetcher.get(fits).body) == 9_000


def test_a_dripping_server_is_left_at_the_deadline(site: Any, page: Any, clock: Clock) -> None:
    """The deadline is for the whole answer, not for each byte."""
    fetcher = Fetcher(clock, HERE, deadline_seconds=0.3)
    url = site.put("/feed", page(b"a" * 1000, pause=0.02))
    began = time.monotonic()

    refused = refusal(fetcher, url)

    assert "too long" in str(refused)
    assert time.monotonic() - began < 2


def test_redirects_share_one_deadline(site: Any, page: Any, clock: Clock) -> None:
    """Three slow steps do not make three times the wait."""
    fetcher = Fetcher(clock, HERE, deadline_seconds=0.4)

    def slow(to: str) -> Callable[[Any], Any]:
        def answer(_: Any) -> Any:
            time.sleep(0.25)
            return page(status=302, headers={"Location": to})

        return answer

    site.put("/a", slow("/b"))
    site.put("/b", slow("/c"))
    site.put("/c", page(b"here"))

    assert "too long" in str(refusal(fetcher, site.at("/a")))


def test_half_an_answer_is_no_answer(site: Any, page: Any, fetcher: Fetcher) -> None:
    """Otherwise half a feed would pass for a whole one."""
    assert "broke off" in str(refusal(fetcher, site.put("/feed", page(b"a" * 100, cut=50))))


def test_a_site_that_is_down_cannot_be_reached(site: Any, fetcher: Fetcher) -> None:
    """The host is named, and that we try again."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]

    refused = str(refusal(fetcher, f"http://127.0.0.1:{port}/feed"))

    assert refused == "127.0.0.1 cannot be reached. Check the address; we try again later."


@pytest.mark.parametrize(
    ("kind", "content_type", "fits"),
    [
        (FEED, "application/octet-stream", True),
        (FEED, "text/html", True),
        (FEED, "", True),
        (FEED, "image/png", False),
        (FEED, "Application/PDF", False),
        (PAGE, "text/html; charset=utf-8", True),
        (PAGE, "application/xhtml+xml", True),
        (PAGE, "application/pdf", False),
        (PAGE, "video/mp4", False),
        (PICTURE, "image/jpeg", True),
        (PICTURE, "image/svg+xml", False),
        (PICTURE, "text/html", False),
    ],
)
def test_what_comes_must_be_able_to_be_what_was_asked_for(
    site: Any, page: Any, fetcher: Fetcher, kind: Kind, content_type: str, fits: bool
) -> None:
    """Feeds go by many names; a page or a picture by few."""
    url = site.put("/x", page(b"here", headers={"Content-Type": content_type}))

    if fits:
        assert fetcher.get(url, kind=kind).body == b"here"
    else:
        assert f"is not {kind.called}" in str(refusal(fetcher, url, kind=kind))
    assert site.asked[-1][1]["Accept"] == kind.accept


@pytest.mark.parametrize(
    ("headers", "wait"),
    [
        ({"Expires": "Tue, 01 Dec 2026 13:00:00 GMT"}, timedelta(hours=1)),
        ({"Expires": "Tue, 01 Dec 2026 11:00:00 GMT"}, None),
        ({"Expires": "0"}, None),
        ({"Expires": "Fri, 01 Jan 2100 00:00:00 GMT"}, timedelta(hours=6)),
        (
            {"Expires": "Tue, 01 Dec 2026 13:00:00 GMT", "Cache-Control": "max-age=60"},
            timedelta(minutes=1),
        ),
        ({"Cache-Control": "max-age=3600", "Age": "3000"}, timedelta(minutes=10)),
        ({"Cache-Control": "max-age=3600", "Age": "4000"}, None),
        ({"Cache-Control": "no-cache, max-age=3600"}, None),
    ],
)
def test_what_says_how_long_a_page_is_fresh(
    site: Any, page: Any, fetcher: Fetcher, clock: Clock, headers: Any, wait: timedelta | None
) -> None:
    """max-age before Expires, less the age it has already; no-cache before both."""
    url = site.put("/feed", page(b"here", headers=headers))

    assert fetcher.get(url).not_before == (clock() + wait if wait else None)


def test_requests_to_one_host_are_kept_apart(site: Any, page: Any, clock: Clock) -> None:
    """A feed and the page of its article wait for one another; a redirect is one request."""
    waits: list[float] = []
    pace = Pace(5.0, now=lambda: 100.0, sleep=waits.append)
    fetcher = Fetcher(clock, HERE, pace=pace)
    site.put("/page", page(b"here"))
    site.redirect("/feed", "/page")

    fetcher.get(site.at("/feed"))
    fetcher.get(site.at("/page"), kind=PAGE)
    fetcher.get(site.at("/page"), kind=PAGE)

    assert waits == [5.0, 10.0]


def test_turns_of_one_host_are_no_other_hosts_business() -> None:
    """And a host that was left alone long enough is served at once."""
    now, waits = [0.0], list[float]()
    pace = Pace(2.0, now=lambda: now[0], sleep=waits.append)

    for host, at in (("a", 0.0), ("b", 0.5), ("a", 1.0), ("a", 5.0), ("b", 5.0)):
        now[0] = at
        pace.wait(host)

    assert waits == [1.0]
