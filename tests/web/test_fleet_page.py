"""The page that says what runs."""

from datetime import timedelta
from pathlib import Path

import pytest

from bot import flow
from bot.model.delivery import Worker
from bot.model.written import Written
from bot.sandbox import Sandbox
from bot.store import claims, workers
from web.site import Site, running


@pytest.fixture
def site(sandbox: Sandbox, tmp_path: Path):
    with running(tmp_path, sandbox) as site:
        yield site


def test_an_admin_sees_what_runs_what_it_sends_and_that_nothing_does(site: Site) -> None:
    """And finds it behind their name."""
    admin = site.person("admin", "Ada")
    body = Written(body="Now.", to=("x",), timing="now")
    queued = flow.write(site.bot, "one", body, flow.Author("person:1", True))
    (delivery,) = queued.deliveries
    with site.bot.store.write() as session:
        delivery = session.merge(delivery)
        delivery.due_at = site.bot.clock() - timedelta(minutes=5)
    nothing = admin.get("/fleet").text
    with site.bot.store.write() as session:
        now = site.bot.clock()
        worker = workers.begin(session, host="a<b", pid=77, now=now).id
        claims.claim(
            session,
            delivery.id,
            worker_id=worker,
            token="t",
            now=now,
            lease_until=now + timedelta(minutes=1),
        )
    runs = admin.get("/fleet").text
    with site.bot.store.write() as session:
        session.get(Worker, worker).seen_at = now - timedelta(minutes=3)
    silent = admin.get("/fleet").text

    assert "nothing is alive to send them" in nothing
    assert "1 is due and not out, since" in nothing
    assert "a&lt;b" in runs
    assert f">P{queued.post.id}</a> X" in runs
    assert "✓</span> runs" in runs
    assert "nothing is alive" not in runs
    assert "✕</span> gives no sign of life" in silent
    assert 'href="/fleet"' in admin.get("/").text
