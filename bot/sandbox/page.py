"""The drawn timelines: what a person would see on both platforms, and the honest counts.

One page of plain HTML that asks for itself again every few seconds; no scripts, no outside files.
Draws everything in the ledger, also what a listing hides, and says so. All text is escaped.
"""

import re
from base64 import b64encode
from collections.abc import Callable
from html import escape
from itertools import islice

from werkzeug.wrappers import Request

from bot.sandbox.engagement import Counts
from bot.sandbox.ledger import Entry
from bot.sandbox.page_style import STYLE
from bot.sandbox.wire import Reply, text_reply
from bot.sandbox.world import World
from bot.sandbox.x_text import Span, display, links, normalise

SHOWN = 100
REFRESH_SECONDS = 3
PICTURE_TYPES = ("image/jpeg", "image/png", "image/gif", "image/webp")
# In the words of a post a quotation mark is escaped, so this is nowhere but in a picture.
PICTURE_ADDRESS = re.compile(r'src="/media/(x|facebook)/([0-9]+)"')
POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src 'self'; base-uri 'none'"


def answer(world: World, request: Request) -> Reply:
    """The page at "/", or one picture below /media."""
    if request.path == "/":
        reply = text_reply(200, draw(world))
        return Reply(200, reply.body, reply.content_type, _guards())
    if request.path.startswith("/media/"):
        return _picture(world, *request.path[7:].partition("/")[::2])
    return Reply(404)


def _guards() -> list[tuple[str, str]]:
    return [("content-security-policy", POLICY), ("x-content-type-options", "nosniff")]


def _picture(world: World, platform: str, media_id: str) -> Reply:
    upload = world.shelf.get(platform, media_id)
    if upload is None or upload.media_type not in PICTURE_TYPES or not upload.data:
        return Reply(404)
    return Reply(200, upload.data, upload.media_type, _guards())


def draw(world: World) -> str:
    """The whole page."""
    accounts = world.accounts
    timelines = "".join(
        (
            _timeline(world, "x", accounts.x_name, f"@{accounts.x_username}", _x_counts),
            _timeline(world, "facebook", accounts.page_name, "Page", _facebook_counts),
        )
    )
    return (
        '<!doctype html><html lang="en-GB"><head><meta charset="utf-8">'
        f'<meta http-equiv="refresh" content="{REFRESH_SECONDS}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta name="color-scheme" content="light dark">'
        f"<title>Simulated platforms</title><style>{STYLE}</style></head><body>"
        '<p class="notice" role="note"><strong>Simulated platforms.</strong> Nothing on this page '
        "is on X or Facebook, and nothing leaves this machine.</p>"
        f"<main>{timelines}</main></body></html>"
    )


def draw_to_keep(world: World) -> str:
    """The page with its pictures inside, for when nothing answers for them any more."""
    return PICTURE_ADDRESS.sub(lambda found: _inside(world, found), draw(world))


def _inside(world: World, found: re.Match[str]) -> str:
    reply = _picture(world, *found.groups())
    if reply.status != 200:
        return found[0]
    return f'src="data:{reply.content_type};base64,{b64encode(reply.body).decode("ascii")}"'


def _timeline(
    world: World, platform: str, name: str, handle: str, draw_counts: Callable[[Counts], str]
) -> str:
    entries = list(islice(world.ledger.newest_first(platform), SHOWN))
    posts = "".join(_post(world, entry, name, handle, draw_counts) for entry in entries)
    title = {"x": "X", "facebook": "Facebook"}[platform]
    total = len(world.ledger.posts(platform))
    empty = '<p class="empty">Nothing here yet. What the bot publishes appears within seconds.</p>'
    return (
        f'<section class="{platform}" aria-labelledby="{platform}-title"><header>'
        f'<h1 id="{platform}-title">{title} <small>simulated</small></h1>'
        f"<p>{_number(total)} accepted</p></header>{posts or empty}</section>"
    )


def _post(
    world: World,
    entry: Entry,
    name: str,
    handle: str,
    draw_counts: Callable[[Counts], str],
) -> str:
    gone = " gone" if entry.deleted_at else ""
    when = entry.accepted_at.strftime("%-d %b %Y, %H:%M:%S UTC")
    words = _words(entry.text)
    text = f"<del>{words}</del>" if entry.deleted_at else words
    return (
        f'<article class="post{gone}"><div class="face" aria-hidden="true">{escape(name[:1])}'
        f'</div><div class="body"><p class="who"><strong>{escape(name)}</strong> '
        f'<span class="quiet">{escape(handle)}</span> {_badges(world, entry)}</p>'
        f'<p class="quiet"><time datetime="{entry.accepted_at.isoformat()}">{when}</time></p>'
        f'<p class="text">{text}</p>{_media(entry)}{_card(entry)}'
        f'<p class="counts quiet">{draw_counts(world.counts(entry))}</p></div></article>'
    )


def _badges(world: World, entry: Entry) -> str:
    now = world.clock()
    claims = (
        (entry.reply_to is not None, "reply", "part of a thread"),
        (entry.by_hand, "hand", "posted by hand"),
        (entry.deleted_at is not None, "deleted", "deleted"),
        (entry.visible_at > now, "hidden", "not listed yet"),
        (not entry.published, "hidden", "unpublished"),
    )
    return " ".join(
        f'<span class="badge {kind}">{words}</span>' for holds, kind, words in claims if holds
    )


def _words(text: str) -> str:
    """The text with its links marked; they lead nowhere, as the notice promises."""
    text = normalise(text)
    pieces, at = [], 0
    for span in links(text):
        pieces += [escape(text[at : span.start]), _link(span)]
        at = span.end
    return "".join([*pieces, escape(text[at:])])


def _link(span: Span) -> str:
    return f'<span class="link" title="{escape(span.value)}">{escape(display(span.value))}</span>'


def _media(entry: Entry) -> str:
    drawn = []
    for part in entry.media:
        alt = escape(part.alt or "")
        source = f"/media/{entry.platform}/{escape(part.media_id)}"
        said = f"Alt text: {alt}" if alt else "No alt text"
        drawn.append(
            f'<figure><img src="{source}" alt="{alt}" loading="lazy">'
            f"<figcaption>{said}</figcaption></figure>"
        )
    return f'<div class="media">{"".join(drawn)}</div>' if drawn else ""


def _card(entry: Entry) -> str:
    if not entry.link:
        return ""
    host = entry.link.partition("://")[2].partition("/")[0]
    return (
        f'<div class="card"><p class="quiet">{escape(host.upper())}</p>'
        f"<p>{escape(entry.link)}</p></div>"
    )


def _x_counts(counts: Counts) -> str:
    return _line(
        (counts.replies, "reply", "replies"),
        (counts.reposts, "repost", "reposts"),
        (counts.likes + counts.loves, "like", "likes"),
        (counts.bookmarks, "bookmark", "bookmarks"),
        (counts.views, "view", "views"),
    )


def _facebook_counts(counts: Counts) -> str:
    return _line(
        (counts.likes + counts.loves, "reaction", "reactions"),
        (counts.replies, "comment", "comments"),
        (counts.reposts, "share", "shares"),
        (counts.views, "view", "views"),
    )


def _line(*counts: tuple[int, str, str]) -> str:
    return "".join(
        f"<span><b>{_number(number)}</b> {one if number == 1 else several}</span>"
        for number, one, several in counts
    )


def _number(number: int) -> str:
    return f"{number:,}"
