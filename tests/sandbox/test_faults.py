"""Every kind of fault, as a client feels it and as the ledger remembers it."""

import json
import socket
import time
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests

from bot.sandbox import Sandbox
from bot.sandbox.fault_replies import KINDS

from .conftest import GraphClient, HandClock, XClient

BOTH = pytest.mark.parametrize("platform", ["x", "facebook"])


class Poster:
    """Posts to either platform in the same words."""

    def __init__(self, x: XClient, graph: GraphClient) -> None:
        self.clients: dict[str, Any] = {"x": x, "facebook": graph}

    def post(self, platform: str, text: str = "Solidarity") -> requests.Response:
        reply: requests.Response = self.clients[platform].post(text)
        return reply


@pytest.fixture
def poster(x: XClient, graph: GraphClient) -> Poster:
    """Both clients."""
    return Poster(x, graph)


def accepted(sandbox: Sandbox, platform: str) -> list[str]:
    """The texts the platform accepted."""
    return [entry.text for entry in sandbox.ledger.posts(platform)]


def raw_post(sandbox: Sandbox, graph: GraphClient, text: str = "Solidarity") -> bytes:
    """Everything the server sends back to one post, until it closes the connection."""
    body = f"message={text}&access_token={graph.token}".encode()
    head = (
        f"POST /graph/v26.0/{graph.page}/feed HTTP/1.1\r\nHost: 127.0.0.1\r\n"
        "Content-Type: application/x-www-form-urlencoded\r\n"
        f"Content-Length: {len(body)}\r\nConnection: close\r\n\r\n"
    ).encode()
    port = int(sandbox.url.rpartition(":")[2])
    with socket.create_connection(("127.0.0.1", port), timeout=5) as connection:
        connection.sendall(head + body)
        received = b""
        while chunk := connection.recv(65_536):
            received += chunk
        return received


@BOTH
def test_a_late_answer_comes_late_and_the_post_is_up(
    sandbox: Sandbox, poster: Poster, platform: str
) -> None:
    """`late` accepts at once and answers after its seconds."""
    sandbox.fault(platform, "late", seconds=0.2)
    started = time.monotonic()

    reply = poster.post(platform)

    assert reply.ok
    assert time.monotonic() - started >= 0.2
    assert accepted(sandbox, platform) == ["Solidarity"]


def test_a_client_that_gives_up_on_a_late_answer_has_posted_all_the_same(
    sandbox: Sandbox, x: XClient
) -> None:
    """The timeout is the client's; the post is the world's."""
    sandbox.fault("x", "late", seconds=3)

    with pytest.raises(requests.ReadTimeout):
        x.call("POST", "/2/tweets", json={"text": "Solidarity"}, timeout=0.1)

    assert accepted(sandbox, "x") == ["Solidarity"]


def test_a_post_can_be_accepted_only_after_the_client_gave_up(sandbox: Sandbox, x: XClient) -> None:
    """With accept_late the post appears after the wait, the nastiest order."""
    sandbox.fault("x", "late", seconds=0.3, accept_late=True)
    with pytest.raises(requests.ReadTimeout):
        x.call("POST", "/2/tweets", json={"text": "Solidarity"}, timeout=0.1)

    before = accepted(sandbox, "x")
    deadline = time.monotonic() + 3
    while not accepted(sandbox, "x") and time.monotonic() < deadline:
        time.sleep(0.02)

    assert before == []
    assert accepted(sandbox, "x") == ["Solidarity"]


@BOTH
@pytest.mark.parametrize(("kind", "texts"), [("cut_before", []), ("cut_after", ["Solidarity"])])
def test_a_cut_connection_is_a_true_reset(
    sandbox: Sandbox, poster: Poster, platform: str, kind: str, texts: list[str]
) -> None:
    """The client sees ECONNRESET; whether the post is up is the fault's secret."""
    sandbox.fault(platform, kind)

    with pytest.raises(requests.ConnectionError, match="Connection reset by peer"):
        poster.post(platform)

    assert texts == accepted(sandbox, platform)
    assert sandbox.requests[-1].status == 0


def test_a_reply_can_be_cut_at_every_byte(sandbox: Sandbox, graph: GraphClient) -> None:
    """`cut_at` sends exactly so many bytes of the whole reply, inside the headers too."""
    whole = raw_post(sandbox, graph, "first")
    for number, cut in enumerate((0, 1, 12, 17, 60, whole.index(b"\r\n\r\n") + 4, len(whole))):
        sandbox.fault("facebook", "cut_at", bytes=cut)

        received = raw_post(sandbox, graph, f"post+{number}")

        assert cut == len(received)
        assert whole[: min(cut, 17)] == received[:17]
    assert len(sandbox.ledger.posts("facebook")) == 8


def test_a_reply_cut_inside_its_headers_reads_as_an_empty_success(
    sandbox: Sandbox, x: XClient
) -> None:
    """The trap itself: requests sees a 201 without a body and without an error."""
    sandbox.fault("x", "cut_at", bytes=60)

    reply = x.post("Solidarity")

    assert reply.status_code == 201
    assert reply.content == b""
    assert accepted(sandbox, "x") == ["Solidarity"]


def test_a_cut_reply_may_end_in_a_reset(sandbox: Sandbox, x: XClient) -> None:
    """With reset the rest is not an end of file but an error."""
    sandbox.fault("x", "cut_at", bytes=0, reset=True)

    with pytest.raises(requests.ConnectionError):
        x.post("Solidarity")

    assert accepted(sandbox, "x") == ["Solidarity"]


def test_an_x_error_after_the_post_is_a_500_problem(sandbox: Sandbox, x: XClient) -> None:
    """`error_after` on X: it says 500 and has posted."""
    sandbox.fault("x", "error_after")

    reply = x.post("Solidarity")

    assert reply.status_code == 500
    assert reply.json()["status"] == 500
    assert accepted(sandbox, "x") == ["Solidarity"]


def test_a_facebook_error_after_the_post_is_code_2(sandbox: Sandbox, graph: GraphClient) -> None:
    """`error_after` on Facebook: transient code 2, as in the seven-copies case."""
    sandbox.fault("facebook", "error_after")

    reply = graph.post("Solidarity")

    error = reply.json()["error"]
    assert (reply.status_code, error["code"], error["is_transient"]) == (500, 2, True)
    assert accepted(sandbox, "facebook") == ["Solidarity"]


@BOTH
def test_an_error_before_the_post_accepts_nothing(
    sandbox: Sandbox, poster: Poster, platform: str
) -> None:
    """`error_before` is a 503 and an empty ledger."""
    sandbox.fault(platform, "error_before")

    assert poster.post(platform).status_code == 503
    assert accepted(sandbox, platform) == []


@BOTH
@pytest.mark.parametrize(("kind", "texts"), [("html_before", []), ("html_after", ["Solidarity"])])
def test_a_gateway_page_is_html(
    sandbox: Sandbox, poster: Poster, platform: str, kind: str, texts: list[str]
) -> None:
    """A 502 in HTML, before or after the post."""
    sandbox.fault(platform, kind)

    reply = poster.post(platform)

    assert reply.status_code == 502
    assert reply.headers["content-type"].startswith("text/html")
    assert "<h1>" in reply.text
    assert texts == accepted(sandbox, platform)


@BOTH
def test_an_empty_success_has_the_right_status_and_no_body(
    sandbox: Sandbox, poster: Poster, platform: str
) -> None:
    """`empty_after` keeps the platform's own status."""
    sandbox.fault(platform, "empty_after")

    reply = poster.post(platform)

    assert {"x": 201, "facebook": 200}[platform] == reply.status_code
    assert reply.content == b""
    assert accepted(sandbox, platform) == ["Solidarity"]


@BOTH
@pytest.mark.parametrize("body", [[], None, 7, {"data": [1]}, {"errors": None}])
def test_a_reply_may_have_the_wrong_shape(
    sandbox: Sandbox, poster: Poster, platform: str, body: Any
) -> None:
    """`wrong_types` answers valid JSON that means nothing."""
    sandbox.fault(platform, "wrong_types", body=body)

    reply = poster.post(platform)

    assert reply.ok
    assert body == reply.json()
    assert accepted(sandbox, platform) == ["Solidarity"]


@BOTH
def test_a_reply_may_have_no_content_type(sandbox: Sandbox, poster: Poster, platform: str) -> None:
    """`no_content_type` is what facebook-sdk turns into a KeyError."""
    sandbox.fault(platform, "no_content_type")

    reply = poster.post(platform)

    assert "content-type" not in reply.headers
    assert accepted(sandbox, platform) == ["Solidarity"]


@BOTH
def test_a_dripping_reply_outlasts_any_single_read(
    sandbox: Sandbox, poster: Poster, platform: str
) -> None:
    """`drip` sends a byte at a time, so a read timeout never fires."""
    sandbox.fault(platform, "drip", seconds=0.0005)

    assert poster.post(platform).ok
    assert accepted(sandbox, platform) == ["Solidarity"]


@BOTH
def test_an_endless_reply_goes_on_until_the_client_leaves(
    sandbox: Sandbox, poster: Poster, platform: str
) -> None:
    """`huge` has no end; the client must count."""
    sandbox.fault(platform, "huge")
    client = poster.clients[platform]
    received = 0
    path = "/2/tweets" if platform == "x" else f"{client.page}/feed"
    body = {"json": {"text": "Solidarity"}} if platform == "x" else {"data": {"message": "S"}}

    with client.call("POST", path, stream=True, **body) as reply:
        for chunk in reply.iter_content(65_536):
            received += len(chunk)
            if received > 5_000_000:
                break

    assert "content-length" not in reply.headers
    assert received > 5_000_000
    assert len(accepted(sandbox, platform)) == 1


@BOTH
def test_chunks_without_a_last_one_go_on_until_the_client_leaves(
    sandbox: Sandbox, poster: Poster, platform: str
) -> None:
    """`chunks` is well formed at every moment and never complete."""
    sandbox.fault(platform, "chunks", seconds=0.001)
    client = poster.clients[platform]
    path = "/2/tweets" if platform == "x" else f"{client.page}/feed"
    body = {"json": {"text": "Solidarity"}} if platform == "x" else {"data": {"message": "S"}}

    with client.call("POST", path, stream=True, **body) as reply:
        some = [chunk for chunk, _ in zip(reply.iter_content(1), range(50), strict=False)]

    assert reply.headers["transfer-encoding"] == "chunked"
    assert b"".join(some) == b" " * 50
    assert len(accepted(sandbox, platform)) == 1


@BOTH
def test_a_body_may_be_any_text_at_all(sandbox: Sandbox, poster: Poster, platform: str) -> None:
    """`garbled` keeps status and headers and puts its own words into the body."""
    sandbox.fault(platform, "garbled", text='{"id":"1","id":"2"}')

    reply = poster.post(platform)

    assert reply.ok
    assert reply.text == '{"id":"1","id":"2"}'
    assert accepted(sandbox, platform) == ["Solidarity"]


@BOTH
def test_a_small_body_may_unpack_to_a_large_one(
    sandbox: Sandbox, poster: Poster, platform: str
) -> None:
    """`bomb` is a valid answer, somewhere at the end of its megabytes."""
    sandbox.fault(platform, "bomb", megabytes=2)

    reply = poster.post(platform)

    assert int(reply.headers["content-length"]) < 100_000
    assert len(reply.content) > 2_000_000
    assert reply.json()
    assert accepted(sandbox, platform) == ["Solidarity"]


@BOTH
def test_a_limit_may_be_told_in_any_words(sandbox: Sandbox, poster: Poster, platform: str) -> None:
    """`raw` stands in the header that names the end, whatever it is."""
    sandbox.fault(platform, "rate_limited", raw="-1e9")
    header = {"x": "x-rate-limit-reset", "facebook": "x-business-use-case-usage"}[platform]

    assert poster.post(platform).headers[header] == "-1e9"
    assert accepted(sandbox, platform) == []


@BOTH
@pytest.mark.parametrize("status", [302, 307])
def test_a_redirect_that_is_followed_is_seen(
    sandbox: Sandbox, poster: Poster, platform: str, status: int
) -> None:
    """`redirect` leads to a place that records who came."""
    sandbox.fault(platform, "redirect", status=status)

    reply = poster.post(platform)

    assert status == reply.history[0].status_code
    assert {302: "GET", 307: "POST"}[status] == sandbox.requests[-1].method
    assert sandbox.requests[-1].platform == "elsewhere"
    assert accepted(sandbox, platform) == []


def test_an_x_rate_limit_names_its_reset(sandbox: Sandbox, x: XClient, clock: HandClock) -> None:
    """`rate_limited` on X counts its seconds from now."""
    sandbox.fault("x", "rate_limited", seconds=60)

    reply = x.post("Solidarity")

    assert reply.status_code == 429
    assert reply.headers["x-rate-limit-remaining"] == "0"
    assert int(reply.headers["x-rate-limit-reset"]) - clock().timestamp() == 60
    assert accepted(sandbox, "x") == []


@pytest.mark.parametrize(
    ("headers", "reset"), [("missing", None), ("words", "soon"), ("past", "past")]
)
def test_an_x_rate_limit_may_name_its_reset_badly(
    sandbox: Sandbox, x: XClient, clock: HandClock, headers: str, reset: str | None
) -> None:
    """The header may be missing, no number, or already over."""
    sandbox.fault("x", "rate_limited", headers=headers)

    given = x.post("Solidarity").headers.get("x-rate-limit-reset")

    if reset == "past":
        assert given is not None
        assert int(given) < clock().timestamp()
    else:
        assert reset == given


@pytest.mark.parametrize("who", ["app", "user"])
def test_a_daily_cap_hides_behind_a_healthy_window(
    sandbox: Sandbox, x: XClient, clock: HandClock, who: str
) -> None:
    """The 24-hour headers say what the 15-minute ones do not."""
    sandbox.fault("x", "rate_limited", headers=f"day_{who}", seconds=3600)

    headers = x.post("Solidarity").headers

    assert int(headers["x-rate-limit-remaining"]) > 0
    assert headers[f"x-{who}-limit-24hour-remaining"] == "0"
    assert int(headers[f"x-{who}-limit-24hour-reset"]) > clock().timestamp() + 3000


@pytest.mark.parametrize("code", [4, 17, 32, 341, 613, 80001])
def test_a_facebook_rate_limit_has_its_code_and_its_minutes(
    sandbox: Sandbox, graph: GraphClient, code: int
) -> None:
    """`rate_limited` on Facebook tells the wait in a header of JSON."""
    sandbox.fault("facebook", "rate_limited", code=code, minutes=7)

    reply = graph.post("Solidarity")

    usage = json.loads(reply.headers["x-business-use-case-usage"])
    assert code == reply.json()["error"]["code"]
    assert usage[graph.page][0]["estimated_time_to_regain_access"] == 7
    assert accepted(sandbox, "facebook") == []


def test_a_dead_token_is_401_on_x(sandbox: Sandbox, x: XClient) -> None:
    """`dead_token` on X."""
    sandbox.fault("x", "dead_token")

    assert x.post("Solidarity").status_code == 401
    assert accepted(sandbox, "x") == []


@pytest.mark.parametrize("subcode", [463, 460])
def test_a_dead_token_is_190_on_facebook(
    sandbox: Sandbox, graph: GraphClient, subcode: int
) -> None:
    """`dead_token` on Facebook, with the subcode that was asked for."""
    sandbox.fault("facebook", "dead_token", subcode=subcode)

    error = graph.post("Solidarity").json()["error"]

    assert (190, subcode) == (error["code"], error["error_subcode"])
    assert accepted(sandbox, "facebook") == []


@pytest.mark.parametrize(
    ("kind", "status", "last"),
    [
        ("suspended", 403, "user-suspended"),
        ("credits_gone", 402, "credits"),
        ("spending_limit", 403, "credits"),
        ("duplicate", 403, "about:blank"),
        ("blocked", 403, "about:blank"),
    ],
)
def test_x_refuses_in_its_own_words(
    sandbox: Sandbox, x: XClient, kind: str, status: int, last: str
) -> None:
    """Each refusal has X's status and type, and accepts nothing."""
    sandbox.fault("x", kind)

    reply = x.post("Solidarity")

    assert status == reply.status_code
    assert last == reply.json()["type"].rpartition("/")[2]
    assert accepted(sandbox, "x") == []


@pytest.mark.parametrize(
    ("kind", "options", "code", "subcode"),
    [
        ("suspended", {}, 190, 459),
        ("duplicate", {}, 506, 1455006),
        ("blocked", {}, 368, 1390008),
        ("blocked", {"subcode": 4854002}, 368, 4854002),
        ("graph_error", {"code": 10}, 10, None),
        ("graph_error", {"code": 200, "subcode": 2069030, "status": 403}, 200, 2069030),
    ],
)
def test_facebook_refuses_in_its_own_words(
    sandbox: Sandbox,
    graph: GraphClient,
    kind: str,
    options: dict[str, Any],
    code: int,
    subcode: int | None,
) -> None:
    """Each refusal has Facebook's code and subcode, and accepts nothing."""
    sandbox.fault("facebook", kind, **options)

    reply = graph.post("Solidarity")

    assert options.get("status", 400) == reply.status_code
    assert (code, subcode) == (
        reply.json()["error"]["code"],
        reply.json()["error"].get("error_subcode"),
    )
    assert accepted(sandbox, "facebook") == []


def test_any_graph_error_can_come_after_the_post(sandbox: Sandbox, graph: GraphClient) -> None:
    """With accepted, an error says no while the post is up."""
    sandbox.fault("facebook", "graph_error", code=1, is_transient=True, accepted=True)

    assert graph.post("Solidarity").json()["error"]["is_transient"]
    assert accepted(sandbox, "facebook") == ["Solidarity"]


def test_any_problem_can_be_had_from_x(sandbox: Sandbox, x: XClient) -> None:
    """`problem` takes status, title, detail and type."""
    sandbox.fault("x", "problem", status=403, title="Client Forbidden", type="client-forbidden")

    assert x.post("Solidarity").json()["title"] == "Client Forbidden"


@BOTH
def test_a_hidden_post_is_listed_only_later(
    sandbox: Sandbox, poster: Poster, clock: HandClock, platform: str
) -> None:
    """`hidden_for` answers as usual and keeps the post out of listings for its seconds."""
    sandbox.fault(platform, "hidden_for", seconds=30)
    client = poster.clients[platform]
    read = client.timeline if platform == "x" else client.listing

    assert poster.post(platform).ok
    before = read().get("data", [])
    clock.move(seconds=30)

    assert before == []
    assert len(read()["data"]) == 1


def test_a_cut_post_can_be_hidden_as_well(sandbox: Sandbox, x: XClient, clock: HandClock) -> None:
    """The worst case of all: no answer, and not there when the bot looks."""
    sandbox.fault("x", "cut_after", hidden_seconds=60)
    with pytest.raises(requests.ConnectionError):
        x.post("Solidarity")

    before = x.timeline()["meta"]["result_count"]
    clock.move(seconds=61)

    assert (before, x.timeline()["meta"]["result_count"]) == (0, 1)


@BOTH
def test_a_ranked_listing_is_complete_but_not_newest_first(
    sandbox: Sandbox, poster: Poster, platform: str
) -> None:
    """`out_of_order` shuffles the listing, and its pages still add up."""
    for number in range(12):
        sandbox.post_by_hand(platform, f"post {number}")
    client = poster.clients[platform]
    read = client.timeline if platform == "x" else client.listing
    size = {"max_results": 7} if platform == "x" else {"limit": 7}
    newest_first = [post["id"] for post in read(**{next(iter(size)): 100})["data"]]
    sandbox.fault(platform, "out_of_order", count=None)

    first = read(**size)
    after = (
        {"pagination_token": first["meta"]["next_token"]}
        if platform == "x"
        else {"after": first["paging"]["cursors"]["after"]}
    )
    ranked = [post["id"] for post in first["data"] + read(**size, **after)["data"]]

    assert ranked != newest_first
    assert sorted(newest_first) == sorted(ranked)


def test_a_fault_is_used_up_and_then_all_is_well(sandbox: Sandbox, x: XClient) -> None:
    """`count` is how often."""
    sandbox.fault("x", "error_before", count=2)

    assert [x.post("Solidarity").status_code for _ in range(3)] == [503, 503, 201]


def test_a_standing_fault_lasts_until_it_is_cleared(sandbox: Sandbox, x: XClient) -> None:
    """`count=None` is a switch."""
    sandbox.fault("x", "error_before", count=None)
    before = [x.post("Solidarity").status_code for _ in range(3)]

    sandbox.clear_faults()

    assert before == [503, 503, 503]
    assert x.post("Solidarity").ok


def test_a_write_fault_leaves_reads_and_uploads_alone(
    sandbox: Sandbox, x: XClient, graph: GraphClient, png: bytes
) -> None:
    """The default is what the public sees: creating and deleting posts."""
    for platform in ("x", "facebook"):
        sandbox.fault(platform, "error_before")
    hidden = {"data": {"published": "false"}, "files": {"source": ("a.png", png)}}

    assert x.call("GET", "/2/users/me").ok
    assert x.call(
        "POST", "/2/media/upload", data={"media_category": "tweet_image"}, files={"media": png}
    ).ok
    assert graph.call("GET", "me").ok
    assert graph.call("POST", f"{graph.page}/photos", **hidden).ok
    assert [x.post("a").status_code, graph.post("a").status_code] == [503, 503]


def test_a_fault_can_be_for_reads_or_for_one_path(sandbox: Sandbox, graph: GraphClient) -> None:
    """`on` and `path` narrow a fault down."""
    sandbox.fault("facebook", "graph_error", code=2, on="read", path="/insights")

    assert graph.call("GET", "me").ok
    assert graph.post("Solidarity").ok
    assert graph.call("GET", f"{graph.page}/insights").json()["error"]["code"] == 2


@pytest.mark.parametrize(
    ("platform", "kind", "options", "words"),
    [
        ("x", "no_such_kind", {}, "There is no fault"),
        ("x", "graph_error", {}, "is not for 'x'"),
        ("telegram", "late", {}, "is not for 'telegram'"),
        ("x", "late", {"second": 3}, "does not take second"),
        ("x", "late", {"on": "tuesdays"}, "on must be one of"),
        ("x", "late", {"count": 0}, "count must be at least 1"),
    ],
)
def test_a_mistaken_plan_is_refused_at_once(
    sandbox: Sandbox, platform: str, kind: str, options: dict[str, Any], words: str
) -> None:
    """A typo in a test must not turn into a fault that never happens."""
    with pytest.raises(ValueError, match=words):
        sandbox.fault(platform, kind, **options)


@pytest.mark.parametrize(("platform", "status"), [("x", 401), ("facebook", 400)])
def test_a_grant_may_be_stale(sandbox: Sandbox, platform: str, status: int) -> None:
    """What a person allowed is no longer taken."""
    base = {"x": sandbox.x_url, "facebook": f"{sandbox.graph_url}/v26.0"}[platform]
    sandbox.fault(platform, "stale_grant")
    reply = requests.post(f"{base}/oauth/access_token", timeout=5)

    assert reply.status_code == status
    assert "verif" in reply.text or "authorization code" in reply.text


def test_a_callback_address_may_be_refused(sandbox: Sandbox) -> None:
    """X's code 415, as for an address that the app's settings do not list."""
    sandbox.fault("x", "callback_refused")
    reply = requests.post(f"{sandbox.x_url}/oauth/request_token", timeout=5)

    assert (reply.status_code, reply.json()["errors"][0]["code"]) == (403, 415)


def test_the_way_back_may_carry_another_state(sandbox: Sandbox) -> None:
    """As a link does that somebody else has made."""
    sandbox.fault("facebook", "wrong_state", method="POST", path="/dialog/oauth")
    form = {
        "client_id": sandbox.accounts.app_id,
        "redirect_uri": "https://bot.example.org/back",
        "state": "abc",
        "answer": "yes",
    }
    dialog = f"{sandbox.graph_url}/v26.0/dialog/oauth"
    states = [
        parse_qs(urlsplit(reply.headers["location"]).query)["state"]
        for _ in range(2)
        for reply in [requests.post(dialog, data=form, timeout=5, allow_redirects=False)]
    ]

    assert states == [["cba"], ["abc"]]


def test_every_kind_is_named_in_these_tests() -> None:
    """A new kind needs a test here."""
    with open(__file__, encoding="utf-8") as file:
        text = file.read()

    assert [kind for kind in KINDS if f'"{kind}"' not in text] == []
