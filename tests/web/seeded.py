"""A web app that is in use: a week of posts in every state, so that pages have something to show.

Time stands still at noon on Tuesday 1 December 2026 and moves only as the posts need it. The same
content stands behind the browser's tests and the screenshots of the documentation.
"""

import contextlib
import io
import tempfile
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageDraw
from world import QUICK_DISK, HandClock

from bot.decisions.rules import set_approval
from bot.sandbox import Sandbox
from bot.store import workers
from web.site import Site, Visitor, running

MARCH = (
    "On Saturday we march for Honduras. Meet at noon in Trafalgar Square. Bring a friend, and a "
    "placard if you have one. #HandsOffHonduras"
)
STRIKE = "Twenty years of solidarity: what our friends in Bogotá write about the teachers' strike."
FILM = "Tonight at 19:00: a film on the river defenders, with a talk afterwards. All are welcome."
LETTER = "Write to your MP today. It takes two minutes, and last month 1,204 of you did."
PICTURE = "Our new banner is ready. Thank you to everybody who came to paint it on Sunday."
DOUBTED = "The court in Tegucigalpa decides on Friday. We will be outside the embassy from nine."
REFUSED = "Our annual meeting is on 12 December. Members may vote by post until the 9th."
THANKS = "Thank you to the 300 people who came to the vigil last night."
ALT = "Six people hold a long red banner with the words Hands off Honduras."


@dataclass
class Used:
    """A site, its people by role, and the number of the post that stands for each state."""

    site: Site
    clock: HandClock
    people: dict[str, Visitor]
    posts: dict[str, int]


@contextlib.contextmanager
def in_use() -> Iterator[Used]:
    """The app with its people and posts, on loopback, until the block ends."""
    clock = HandClock()
    with (
        tempfile.TemporaryDirectory(prefix="bot-web-", dir=QUICK_DISK) as folder,
        Sandbox(clock=clock) as sandbox,
        running(
            Path(folder),
            sandbox,
            clock,
            PRIVACY_URL="https://example.org/privacy",
            FETCH_ALLOW_HOSTS="127.0.0.1",
        ) as site,
    ):
        people = {
            "volunteer": site.person("volunteer", "Ana"),
            "approver": site.person("approver", "Bea"),
            "admin": site.person("admin", "Cleo"),
            "staff": site.person("staff", "Dan"),
        }
        used = Used(site, clock, people, {})
        fill(used)
        with site.bot.store.write() as session:  # a heartbeat that is there, so that none is missed
            workers.begin(session, host="test", pid=1, now=clock())
        yield used


def fill(used: Used) -> None:
    """Posts in every state, in the order in which people would meet them."""
    ana, bea = used.people["volunteer"], used.people["approver"]
    _sent(used, bea)
    _doubted(used, bea)
    _failed(used, bea)
    set_approval(used.site.bot.decider(), "x", "volunteers")
    used.posts["asked"] = write(ana, MARCH, to=("x", "facebook"), campaign="honduras")
    used.posts["undescribed"] = write(ana, PICTURE, picture=picture(), campaign="honduras")
    used.posts["waiting"] = write(
        bea,
        STRIKE,
        to=("x", "facebook"),
        link="https://example.org/strike",
        labels="unions, strike",
    )
    used.posts["own"] = write(ana, LETTER, campaign="letters")
    used.posts["described"] = write(
        bea, FILM, picture=picture(), alt=ALT, campaign="honduras", to=("facebook",)
    )
    _article(used)
    (used.site.folder / "posts" / "broken.md").write_text("---\nat: 31/11/2026 18:30\n---\nHello\n")
    used.site.beat()


def _sent(used: Used, who: Visitor) -> None:
    used.posts["sent"] = write(who, THANKS, to=("x", "facebook"), when="now", sure="yes")
    used.site.beat()
    used.clock.move(hours=2)
    used.site.beat()


def _doubted(used: Used, who: Visitor) -> None:
    """The line goes dead and no look finds it: after the last, a person is asked."""
    used.site.sandbox.fault("x", "cut_before")
    used.posts["doubted"] = write(who, DOUBTED, to=("x",), when="now", sure="yes")
    used.site.beat()
    for _look in range(8):
        used.clock.move(minutes=31)
        used.site.beat()


def _failed(used: Used, who: Visitor) -> None:
    used.site.sandbox.fault("facebook", "graph_error", code=100, subcode=1349125, status=400)
    used.posts["failed"] = write(who, REFUSED, when="now", sure="yes")
    used.site.beat()


def _article(used: Used) -> None:
    feeds, sandbox = used.site.bot.feeds, used.site.sandbox
    feeds.add("herald", sandbox.feed_url, {})
    used.clock.move(minutes=1)
    sandbox.add_article("River defenders freed in Honduras", summary="Families sang outside.")
    feeds.poll("herald")


def write(
    who: Visitor,
    text: str,
    *,
    to: tuple[str, ...] = ("facebook",),
    when: str = "next",
    picture: bytes | None = None,
    alt: str = "",
    **fields: str,
) -> int:
    """Queue a post by the form, as somebody does without JavaScript; its number."""
    key = str(uuid.uuid4())
    form = [("text", text), ("when", when), ("election", "no"), *(("to", name) for name in to)]
    form += list(fields.items())
    if picture is not None:
        files = {"file": ("banner.png", picture, "image/png")}
        who.post(f"/compose/{key}", [*form, ("do", "add")], files=files)
        form.append(("alt.1", alt))
    answer = who.post(f"/compose/{key}", [*form, ("do", "queue")])
    number = answer.url.rpartition("/")[2]
    assert number.isdigit(), f"{answer.status_code} {answer.url}: {answer.text}"
    return int(number)


def picture(size: tuple[int, int] = (1200, 675)) -> bytes:
    """A red banner on two poles, drawn here."""
    image = Image.new("RGB", size, "#dfe6ea")
    draw, (width, height) = ImageDraw.Draw(image), size
    draw.rectangle((0, height * 0.8, width, height), fill="#8a9a84")
    for left in (0.12, 0.86):
        draw.rectangle((width * left, height * 0.2, width * (left + 0.02), height * 0.9), "#5b4a3a")
    draw.rectangle((width * 0.14, height * 0.25, width * 0.86, height * 0.55), fill="#9b1c1c")
    draw.text((width * 0.2, height * 0.33), "HANDS OFF HONDURAS", "white", font_size=height * 0.1)
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()
