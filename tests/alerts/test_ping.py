"""The dead man's switch: pinged while every tick goes, told of a failure where it takes that."""

import sys
from pathlib import Path

import pytest
from postbox import Postbox

from bot import wiring
from bot.alerts import ping
from bot.errors import StoreError
from bot.flow.pinging import LABEL, Pinger
from bot.settings import load
from bot.store import receivers
from bot.worker import ESSENTIAL, Heartbeat


@pytest.mark.parametrize(
    ("url", "when_wrong"),
    [
        ("https://hc-ping.com/a-b-c", "https://hc-ping.com/a-b-c/fail"),
        ("http://box:8000/ping/a-b-c?x=1", "http://box:8000/ping/a-b-c/fail?x=1"),
        ("https://nosnch.in/c2354d53d2", None),
    ],
)
def test_a_failure_is_told_only_where_that_is_understood(url: str, when_wrong: str | None) -> None:
    """Any other service would take whatever comes for a sign that all is well."""
    assert ping.asked(url, is_well=True) == url
    assert ping.asked(url, is_well=False) == when_wrong


def test_a_heartbeat_whose_ticks_go_pings_and_another_does_not(tmp_path: Path) -> None:
    """One that fails, or has not come to its end for long, is enough; what fails is known."""
    with Postbox() as box:
        given = {
            "DATABASE_URL": f"sqlite:///{tmp_path}/bot.db",
            "POSTS_DIR": str(tmp_path),
            "PING_URL": f"http://{box.at}/ping/sEcret",
        }
        heartbeat = Heartbeat(wiring.build(load(given, None), create=True))
        pinger = Pinger(heartbeat.bot)
        beaten = [heartbeat._guarded(name, lambda: None) for name in ESSENTIAL]

        def fails() -> None:
            raise StoreError("The disk is full.")

        for beat in beaten:
            beat()
        pinger.ping(is_well=heartbeat.is_well())
        heartbeat._guarded("feeds", fails)()
        pinger.ping(is_well=heartbeat.is_well())
        heartbeat._guarded("feeds", lambda: None)()
        assert heartbeat.is_well()
        assert "apprise" not in sys.modules  # large, and only for a process of its own
        heartbeat._went["sweep"] -= 61
        assert not heartbeat.is_well()
        assert [path for path, _ in box.kept] == ["/ping/sEcret", "/ping/sEcret/fail"]
        box.answers = 404
        pinger.ping(is_well=True)
        with heartbeat.bot.store.read() as session:
            assert receivers.by_label(session)[LABEL].error == "It answered 404."
    pinger.ping(is_well=True)
    with heartbeat.bot.store.read() as session:
        said = str(receivers.by_label(session)[LABEL].error)
    assert said.startswith("It was not reached")
    assert "sEcret" not in said
    heartbeat.bot.store.close()
