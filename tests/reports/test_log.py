"""The engagement log: unknown stays unknown, parts are summed, and a spreadsheet is safe."""

import csv
import io
from dataclasses import asdict
from datetime import timedelta
from typing import Any

from bot.platforms.contract import Counts
from bot.reports import log, queue
from bot.store import engagement

KEYS = [
    *("post", "delivery", "account", "platform", "remote_id", "url", "sent_at", "taken_at"),
    *("views", "viewers", "likes", "comments", "shares", "quotes", "bookmarks"),
    *("link_clicks", "profile_clicks", "engagements"),
]


def _sent(world: Any, **fields: Any) -> int:
    delivery_id: int = world.queue(**fields)
    world.send_due()
    return delivery_id


def _count(world: Any, delivery_id: int, **counts: int) -> None:
    with world.store.write() as session:
        for part in world.parts(delivery_id):
            engagement.record(session, part.id, world.clock(), asdict(Counts(**counts)))


def _rows(world: Any, **given: Any) -> list[dict[str, Any]]:
    with world.store.read() as session:
        return log.rows(session, **given)


def test_a_row_appears_once_sent_with_every_count_unknown(world: Any) -> None:
    """Null where nothing was read, never zero."""
    world.queue()
    assert _rows(world) == []
    world.send_due()

    (row,) = _rows(world)
    assert list(row)[: len(KEYS)] == KEYS
    assert row["sent_at"] == "2026-12-01T12:00:00Z"
    assert row["taken_at"] is None
    assert {row[name] for name in queue.COUNTS} == {None}


def test_the_newest_reading_is_shown_and_history_shows_all(world: Any) -> None:
    """A Snapshot is a fact; the log shows the last one unless asked for all."""
    delivery_id = _sent(world)
    _count(world, delivery_id, views=10)
    world.clock.move(hours=1)
    _count(world, delivery_id, views=25, likes=2)

    assert [(25, 2)] == [(row["views"], row["likes"]) for row in _rows(world)]
    assert [10, 25] == [row["views"] for row in _rows(world, history=True)]


def test_filters_by_time_account_campaign_and_label(world: Any) -> None:
    """Each narrows the log to what was asked."""
    _sent(world, campaign="honduras", labels=("rivers",))
    world.clock.move(hours=2)
    _sent(world, to=("facebook",))
    since = world.clock() - timedelta(hours=1)

    assert ["facebook"] == [row["account"] for row in _rows(world, since=since)]
    assert ["x"] == [row["account"] for row in _rows(world, account="x")]
    assert ["x"] == [row["account"] for row in _rows(world, campaign="honduras")]
    assert ["x"] == [row["account"] for row in _rows(world, label="rivers")]


def test_csv_keeps_accents_and_makes_formulas_text(world: Any) -> None:
    """A title that begins with = is words, not a command to a spreadsheet."""
    _sent(world, body="=HYPERLINK(1) Bogotá, “quoted”")

    (found,) = csv.DictReader(io.StringIO(log.as_csv(_rows(world))))
    assert found["text"].startswith("'=HYPERLINK")
    assert "Bogotá" in found["text"]
    assert found["views"] == ""


def test_the_queue_names_trouble_and_half_out_threads(world: Any) -> None:
    """What `bot queue --json` promises to scripts."""
    delivery_id = world.queue()
    with world.store.read() as session:
        (row,) = queue.rows(session)

    assert row["post"].startswith("P")
    assert (str(delivery_id), "x", "waiting") == (row["delivery"], row["account"], row["state"])
    assert row["due_at"] == "2026-12-01T12:00:00Z"
    assert not row["trouble"]
    assert not row["half_out"]
