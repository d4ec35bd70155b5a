"""What machines ask: whether the process answers, whether posts can go out, and the figures."""

import contextlib
import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
import requests
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import event, text

from bot import flow
from bot.model.delivery import Worker
from bot.model.written import Written
from bot.sandbox import Sandbox
from bot.store import charges, workers
from bot.web import probes
from web.site import Site, running

TOKEN = "a-token-that-prometheus-knows"


@pytest.fixture(scope="module")
def site(sandbox: Sandbox, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("probes")
    with running(folder, sandbox, METRICS_TOKEN=TOKEN) as site:
        yield site


@pytest.fixture(autouse=True)
def asked_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    """What was answered a moment ago is another test's."""
    monkeypatch.setattr(probes, "KEPT_SECONDS", 0.0)


def ask(site: Site, path: str, **headers: str) -> requests.Response:
    # Machines ask by an address, not by the name of the pages.
    return requests.get(f"{site.url}{path}", headers={"Host": "10.0.0.9", **headers}, timeout=10)


@contextlib.contextmanager
def changed(site: Site, statement: str, back: str) -> Iterator[None]:
    with site.bot.store.write() as session:
        session.execute(text(statement))
    try:
        yield
    finally:
        with site.bot.store.write() as session:
            session.execute(text(back))


def seen(site: Site, at: datetime, stopped: datetime | None = None) -> None:
    with site.bot.store.write() as session:
        worker = workers.begin(session, host="here", pid=1, now=at)
        session.get(Worker, worker.id).stopped_at = stopped


def test_healthz_answers_without_asking_the_database(site: Site) -> None:
    """A process is not to be killed for its database."""
    asked: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        asked.append(statement)

    event.listen(site.bot.store.engine, "before_cursor_execute", note)
    answer = ask(site, "/healthz")
    event.remove(site.bot.store.engine, "before_cursor_execute", note)

    assert (200, "The process answers.\n") == (answer.status_code, answer.text)
    assert [] == asked


def test_readyz_says_in_one_line_what_keeps_posts_from_going_out(site: Site) -> None:
    """No worker, a silent one, a database of before, one that is not there; and all well."""
    now, said = site.bot.clock(), []

    def look() -> None:
        answer = ask(site, "/readyz")
        assert "text/plain; charset=utf-8" == answer.headers["Content-Type"]
        assert not answer.cookies
        said.append((answer.status_code, answer.text.strip()))

    look()
    seen(site, now, stopped=now)
    seen(site, now - timedelta(minutes=3))
    look()
    seen(site, now)
    look()
    stands_at = "UPDATE alembic_version SET version_num = '{}'".format
    head = probes.schema.HEAD
    with changed(site, stands_at("0001"), stands_at(head)):
        look()
    with changed(site, stands_at("9999"), stands_at(head)):
        look()  # a rolling upgrade: the new version has made its room, this one goes on
    with changed(site, "ALTER TABLE worker RENAME TO w", "ALTER TABLE w RENAME TO worker"):
        look()

    assert [
        (503, probes.NO_WORKER),
        (503, probes.SILENT_WORKER),
        (200, "Ready."),
        (503, probes.OLD_DATABASE),
        (200, "Ready."),
        (503, probes.NO_DATABASE),
    ] == said
    assert not [line for _, line in said if re.search(r"\d\.\d|sqlite|0001", line)]


def test_a_database_that_hangs_holds_up_one_thread(site: Site, monkeypatch) -> None:
    """Who asks meanwhile is answered at once."""
    readiness = probes.Readiness(site.bot)
    with readiness._lock:
        assert probes.NO_DATABASE == readiness.asked()
    monkeypatch.setattr(probes, "KEPT_SECONDS", 60.0)
    readiness._known = (probes.monotonic(), None)
    with readiness._lock:
        assert readiness.asked() is None


def test_however_often_it_is_asked_the_database_is_asked_seldom(site: Site, monkeypatch) -> None:
    """Anybody may ask; nobody is to wear the database out."""
    monkeypatch.setattr(probes, "KEPT_SECONDS", 60.0)
    looked: list[int] = []
    readiness = probes.Readiness(site.bot)
    monkeypatch.setattr(probes.Readiness, "_look", lambda _self: looked.append(1))
    for _ in range(5):
        assert readiness.asked() is None
    monkeypatch.setattr(probes, "KEPT_SECONDS", 0.0)
    readiness.asked()

    assert [1, 1] == looked


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/metrics"])
def test_they_only_answer_questions(site: Site, path: str) -> None:
    """Nothing is ever sent there."""
    assert 405 == requests.post(f"{site.url}{path}", data={"a": "b"}, timeout=10).status_code


def test_metrics_are_for_who_has_the_token(site: Site) -> None:
    """Not for who has none, another, or a part of it."""
    for given in ("", "Bearer", f"Bearer {TOKEN[:-1]}", f"Bearer {TOKEN}x", f"Basic {TOKEN}", "é"):
        headers = {"Authorization": given.encode().decode("latin-1")} if given else {}
        answer = ask(site, "/metrics", **headers)
        assert (401, "Bearer") == (answer.status_code, answer.headers["WWW-Authenticate"]), given
        assert "campaign_bot" not in answer.text
    assert 200 == ask(site, "/metrics", Authorization=f"Bearer {TOKEN}").status_code


def test_without_a_token_there_is_no_such_page(sandbox: Sandbox, tmp_path: Path) -> None:
    """Off unless somebody switched it on."""
    with running(tmp_path, sandbox) as site:
        assert 404 == requests.get(f"{site.url}/metrics", timeout=10).status_code


def test_a_prometheus_reads_the_figures_as_they_are(site: Site) -> None:
    """By the reader of Prometheus' own library; every state is there, those without any as 0."""
    seen(site, site.bot.clock())
    flow.write(site.bot, "one", Written(body="Counted.", to=("x",)), flow.Author("person:1", True))
    with site.bot.store.write() as session:
        charges.record(session, 1, "post", Decimal("0.2"), site.bot.clock())
    answer = ask(site, "/metrics", Authorization=f"Bearer {TOKEN}")
    families = {family.name: family for family in text_string_to_metric_families(answer.text)}
    figures = {
        (sample.name.removeprefix("campaign_bot_"), *sample.labels.values()): sample.value
        for family in families.values()
        for sample in family.samples
    }

    assert "text/plain; version=0.0.4; charset=utf-8" == answer.headers["Content-Type"]
    assert {"gauge"} == {family.type for family in families.values()}
    assert 1 == figures["deliveries", "waiting"]
    assert 0 == figures["deliveries", "failed"]
    assert 0 == figures["attempts_last_hour", "unknown"]
    assert 0.2 == figures["charges_month_dollars", "x"]
    assert figures["workers", "alive"] >= 1
    assert "Counted." not in answer.text


def test_what_a_label_may_hold_is_written_so_that_it_is_read_again() -> None:
    """Quotes, backslashes and new lines."""
    odd = 'a "b" \\ c\nd'
    family = probes.metrics.Family("odd", "Odd\nhelp \\.", [(odd, 1.5)], "name")
    (read,) = text_string_to_metric_families(probes.exposition.text([family]))

    assert (odd, 1.5) == (read.samples[0].labels["name"], read.samples[0].value)
