"""The drawn timelines."""

import base64
import re

import requests

from bot.sandbox import Sandbox

from .conftest import GraphClient, XClient


def read(sandbox: Sandbox) -> str:
    """The page as a browser gets it."""
    return requests.get(sandbox.url + "/", timeout=5).text


def test_the_page_says_what_it_is(sandbox: Sandbox) -> None:
    """Simulated, and nothing leaves this machine."""
    page = read(sandbox)

    assert "Simulated platforms." in page
    assert "nothing leaves this machine" in page


def test_posts_of_both_platforms_are_drawn_and_escaped(
    sandbox: Sandbox, x: XClient, graph: GraphClient
) -> None:
    """A hostile text is words, not markup."""
    x.post("<script>alert(1)</script> https://example.org <script>alert(3)")
    graph.post('<img src=x onerror="alert(2)">', link="https://example.org/?<b>")

    page = read(sandbox)

    assert "&lt;script&gt;alert(1)" in page
    assert "<script" not in page
    assert "<img" not in page
    assert "EXAMPLE.ORG" in page


def test_what_is_special_about_a_post_is_said(sandbox: Sandbox) -> None:
    """By hand, deleted and struck through, not listed yet."""
    sandbox.ledger.delete("x", sandbox.post_by_hand("x", "Mistake").remote_id)
    sandbox.ledger.accept("facebook", "Later", hidden_seconds=60)

    page = read(sandbox)

    assert "posted by hand" in page
    assert "<del>Mistake</del>" in page
    assert "not listed yet" in page


def test_a_picture_is_drawn_with_its_alt_text(
    sandbox: Sandbox, graph: GraphClient, png: bytes
) -> None:
    """Served from memory, with its own type."""
    graph.call(
        "POST",
        f"{graph.page}/photos",
        data={"caption": "Look", "alt_text_custom": 'A "banner"'},
        files={"source": ("a.png", png, "image/png")},
    )

    source = re.search(r'<img src="([^"]+)" alt="A &quot;banner&quot;"', read(sandbox))

    assert source is not None
    picture = requests.get(sandbox.url + source[1], timeout=5)
    assert ("image/png", png) == (picture.headers["content-type"], picture.content)


def test_the_page_to_keep_has_its_pictures_inside(sandbox: Sandbox, x: XClient, png: bytes) -> None:
    """And takes no words for a picture."""
    body = {"media": base64.b64encode(png).decode(), "media_category": "tweet_image"}
    media_id = x.call("POST", "/2/media/upload", json=body).json()["data"]["id"]
    x.post(f'Look src="/media/x/{media_id}"', media={"media_ids": [media_id]})
    kept = sandbox.timelines()

    assert 1 == kept.count(f'src="data:image/png;base64,{base64.b64encode(png).decode()}"')
    assert 'src="/media/' not in kept
    assert f'src="/media/x/{media_id}"' in read(sandbox)


def test_the_page_needs_nothing_from_outside(sandbox: Sandbox) -> None:
    """No scripts, no addresses elsewhere, and a policy that says so."""
    sandbox.post_by_hand("x", "See https://example.org")

    reply = requests.get(sandbox.url + "/", timeout=5)

    assert not re.findall(r'(?:src|href|action)="(?!/media/)', reply.text)
    assert reply.headers["content-security-policy"].startswith("default-src 'none'")
    assert 'http-equiv="refresh"' in reply.text
