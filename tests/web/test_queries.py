"""How often each page asks the database: seldom, and no more often when there is more to show."""

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event

from bot import flow
from bot.accounts.vault import new_key
from bot.model.account import Account
from bot.model.base import Base
from bot.model.delivery import Decision, Delivery, Part, State
from bot.model.feed import Article, Feed
from bot.model.post import Post, PostLabel, Quarantine
from bot.model.written import Written
from bot.sandbox import Sandbox
from bot.store import deliveries, engagement, posts
from web.site import Site, Visitor, running

# Of the libraries' own doing, whose next releases are awaited.
pytestmark = [
    pytest.mark.filterwarnings("ignore:The auto-login after:DeprecationWarning"),
    pytest.mark.filterwarnings("ignore:Passing SelectField choices:DeprecationWarning"),
]
MOST = 12
# Signs that a page may grow by, such as a longer number.
MOST_LONGER = 500
STATES = (State.SENT, State.WAITING, State.HELD, State.FAILED, State.CANCELLED)
# Not pages: files, and doors that Flask-Security keeps.
NOT_PAGES = ("static", "vendor", "security.", "securitytxt.")


@pytest.fixture
def site(tmp_path: Any) -> Iterator[Site]:
    with Sandbox() as sandbox, running(tmp_path, sandbox, ENCRYPTION_KEYS=new_key()) as site:
        yield site


def columns(row: Base) -> dict[str, Any]:
    return {name: getattr(row, name) for name in row.__table__.c.keys() if name != "id"}  # noqa: SIM118


def add_posts(site: Site, pattern_id: int, numbers: range) -> list[int]:
    """Copies of a post that was queued, one state after the other, and all that hangs on them."""
    at, made = site.bot.clock(), []
    with site.bot.store.write() as session:
        pattern = posts.get(session, pattern_id)
        owned = deliveries.of_post(session, pattern_id)
        texts = {row.id: deliveries.parts(session, row.id) for row in owned}
        for n in numbers:
            post = Post(**{**columns(pattern), "key": f"copy {n}", "campaign": f"campaign {n}"})
            session.add(post)
            session.flush()
            made.append(post.id)
            session.add(PostLabel(post_id=post.id, label=f"label {n}"))
            session.add(Decision(made_at=at, actor="person:1", verb="write", post_id=post.id))
            session.add(
                Quarantine(source="folder", key=f"{n}.md", line=1, reason="at: ?", found_at=at)
            )
            for row in owned:
                add_delivery(session, post.id, row, texts[row.id][0], n, at)
        add_article(session, made[STATES.index(State.HELD)], numbers, at)
    return made


def add_delivery(session: Any, post_id: int, row: Delivery, text: Part, n: int, at: Any) -> None:
    state = STATES[n % len(STATES)]
    changed = {
        "post_id": post_id,
        "state": state.value,
        "slot_start": None,
        "due_at": at + timedelta(minutes=n) * (-1 if state == State.SENT else 1),
        "sent_at": at - timedelta(minutes=n) if state == State.SENT else None,
        "holds": frozenset({"approval"} if state == State.HELD else ()),
    }
    copy = Delivery(**{**columns(row), **changed})
    session.add(copy)
    session.flush()
    is_out = {"remote_id": str(10**9 + copy.id)} if state == State.SENT else {}
    part = Part(**{**columns(text), "delivery_id": copy.id, **is_out})
    session.add(part)
    session.flush()
    if state == State.SENT:
        for hours in (2, 1):
            engagement.record(session, part.id, at - timedelta(hours=hours), {"likes": hours})


def add_article(session: Any, post_id: int, numbers: range, at: Any) -> None:
    for n in numbers:
        feed = Feed(
            name=f"feed {n}",
            url="https://example.org/feed",
            next_check_at=at + timedelta(days=1),
            created_at=at,
        )
        session.add(feed)
        session.flush()
        session.add(
            Article(
                feed_id=feed.id,
                entry_id=str(n),
                title="An article",
                link="https://example.org/a",
                seen_at=at - timedelta(hours=1),
                decision="review",
                post_id=post_id,
            )
        )


def paths(site: Site, post_ids: list[int]) -> list[str]:
    """Every page there is, with a post of each state, and lists with their filters."""
    rules = [
        rule.rule
        for rule in site.app.url_map.iter_rules()
        if "GET" in rule.methods and not rule.arguments and not rule.endpoint.startswith(NOT_PAGES)
    ]
    filtered = ["/queue?which=out&account=x&label=label+0", "/queue?which=needs+you", "/?x"]
    filtered += ["/calendar?by=week", "/engagement?account=x&campaign=campaign+0&by=label&age=now"]
    filtered += [f"/engagement/picture/{name}" for name in ("weeks", "groups", "followers")]
    filtered += ["/engagement/log?sort=views&words=post", "/engagement/wordings?first=P1&second=P2"]
    of_posts = [f"/posts/{number}" for number in post_ids[: len(STATES)]]
    of_posts.append(f"/posts/{post_ids[0]}/growth")
    return [*rules, *filtered, *of_posts, f"/posts/{post_ids[1]}/edit"]


def asked(site: Site, visitor: Visitor, pages: list[str]) -> dict[str, int]:
    """How many queries each page took the second time."""
    counted: list[str] = []

    def count(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        counted.append(statement)

    found = {}
    for path in pages:
        assert visitor.get(path).status_code == 200, path
        counted.clear()
        event.listen(site.bot.store.engine, "before_cursor_execute", count)
        visitor.get(path)
        event.remove(site.bot.store.engine, "before_cursor_execute", count)
        found[path] = sum(not statement.startswith("BEGIN") for statement in counted)
    return found


def test_no_page_asks_more_than_twelve_times_nor_more_often_for_more_posts(site: Site) -> None:
    """Ten posts or three hundred: what a page asks for, it asks for all its rows together."""
    admin = site.person("admin", "Ada")
    written = flow.write(site.bot, "one", Written(body="A post."), flow.Author("person:1", True))
    first = add_posts(site, written.post.id, range(10))
    pages = paths(site, first)
    few = asked(site, admin, pages)
    add_posts(site, written.post.id, range(10, 300))
    many = asked(site, admin, pages)

    assert {} == {path: count for path, count in many.items() if count > MOST}
    assert {} == {path: (few[path], many[path]) for path in pages if many[path] > few[path]}
    assert few["/"] > 0


def test_a_preview_asks_no_more_often_though_it_compares_for_each_account(site: Site) -> None:
    """With what waits already, and its free time after theirs; from the second pause in typing."""
    admin = site.person("admin", "Ada")
    written = flow.write(site.bot, "one", Written(body="A post."), flow.Author("person:1", True))
    add_posts(site, written.post.id, range(60))
    page = admin.get("/compose").text
    path = f"/compose/{re.search(r'/compose/([0-9a-f-]{36})', page)[1]}/preview"  # type: ignore[index]
    typed = {"text": "Hundreds stood there.", "when": "next", "to": ["x", "facebook"]}
    counted: list[str] = []

    def count(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        counted.append(statement)

    token = admin.token("/compose")
    admin.post(path, typed, token=token)
    event.listen(site.bot.store.engine, "before_cursor_execute", count)
    answer = admin.post(path, {**typed, "text": "Hundreds stood there today."}, token=token)
    event.remove(site.bot.store.engine, "before_cursor_execute", count)

    assert 200 == answer.status_code
    assert 2 == answer.text.count("Hundreds stood there today.")
    asked = [one for one in counted if not one.startswith("BEGIN")]
    assert 0 < len(asked) <= MOST, asked


def add_accounts(site: Site, numbers: range) -> None:
    """Connected ones, as an agency has by the hundred."""
    vault, at = site.bot.credentials.vault, site.bot.clock()
    with site.bot.store.write() as session:
        for n in numbers:
            own = {"X_ACCESS_TOKEN": f"{n}-a", "X_ACCESS_TOKEN_SECRET": f"secret {n}"}
            session.add(
                Account(
                    name=f"n{n}",
                    platform="x",
                    remote_id=str(n),
                    credentials=vault.lock(f"n{n}", {**own, "remote_id": str(n)}),
                    sealed_with=vault.first_key_id,
                    by_default=False,
                    created_at=at,
                )
            )
            session.flush()
    site.bot.credentials.refresh()


def test_no_page_asks_more_often_nor_shows_more_for_more_accounts(site: Site) -> None:
    """Fifty accounts or three hundred: lists stop, and of more than a few the name is typed."""
    admin = site.person("admin", "Ada")
    flow.write(site.bot, "one", Written(body="A post."), flow.Author("person:1", True))
    add_accounts(site, range(50))
    pages = [one for one in paths(site, [1, 1]) if not one.startswith("/posts/")]
    few = asked(site, admin, pages)
    long = {path: len(admin.get(path).text) for path in pages}
    add_accounts(site, range(50, 300))
    many = asked(site, admin, pages)

    assert {} == {path: count for path, count in many.items() if count > MOST + 2}
    assert {} == {path: (few[path], many[path]) for path in pages if many[path] > few[path]}
    assert {} == {
        path: len(text)
        for path in pages
        if len(text := admin.get(path).text) > long[path] + MOST_LONGER
    }


def test_the_calendar_says_that_it_does_not_show_all(site: Site) -> None:
    """More posts than fit on a page are never left out in silence."""
    visitor = site.person("volunteer", "Vera")
    written = flow.write(site.bot, "one", Written(body="A post."), flow.Author("person:1", True))
    add_posts(site, written.post.id, range(5))
    assert "some are not shown" not in visitor.get("/calendar").text
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("bot.web.calendar.MOST", 2)
        assert "some are not shown" in visitor.get("/calendar").text
