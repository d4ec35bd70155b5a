"""The troubles of bench/alarms: how each is brought about, and what is waited for."""

import contextlib
import os
import signal
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from crash.rig import AGES_AGO, Life, Rig
from postbox import Postbox
from web.letterbox import Letterbox

from bot.clock import system_now
from bot.decisions.record import Decider
from bot.decisions.rules import set_approval
from bot.store import charges
from bot.wiring import Bot

ADMIN, TREASURER, SWITCH = "admin", "treasurer", "the switch"
LIMIT_SECONDS = 420
SMALL_DISK_MB = 230
ONE_AT_A_TIME = threading.Lock()
FILLER_MB = 45
SECRET = "a secret of the bench, long enough to sign with 0123456789"


@dataclass(frozen=True)
class Found:
    """When somebody was told, who, and what the first line said."""

    seconds: float | None
    who: str = ""
    said: str = ""


@dataclass
class Scene:
    """One bot that runs, its pages where wanted, and its receivers."""

    rig: Rig
    box: Letterbox
    hook: Postbox
    lives: list[Life] = field(default_factory=list)

    @property
    def bot(self) -> Bot:
        return self.rig.bot

    @property
    def heartbeat(self) -> Life:
        return self.lives[0]

    def start(self, *command: str) -> None:
        life = Life(["-m", "bot", *command], self.rig.env, self.rig.folder)
        self.lives.append(life)
        assert life.process.stdout is not None
        assert life.process.stdout.readline(), self.rig.log()

    def command(self, *words: str) -> None:
        """One command beside it, whatever it answers."""
        subprocess.run(
            [sys.executable, "-m", "bot", *words],
            cwd=self.rig.folder,
            env=self.rig.env,
            capture_output=True,
            check=False,
        )

    def write(self, text: str) -> None:
        path = self.rig.posts / "one.md"
        path.write_text(text, encoding="utf-8")
        os.utime(path, (AGES_AGO, AGES_AGO))

    def told(self, title: str) -> Found | None:
        """Who was told of it first, if anybody was."""
        for path, said in list(self.hook.kept):
            if path.endswith("/fail") and title == "/fail":
                return Found(0, SWITCH, "(asked at /fail)")
            if title in said.get("title", ""):
                return Found(0, TREASURER, said["message"].split("\n")[0])
        for letter in list(self.box.letters):
            if title in str(letter["Subject"]):
                body = letter.get_payload(decode=True).decode().replace("\r", "")
                return Found(0, ADMIN, body.split("\n")[0])
        return None


Act = Callable[[Scene], None]


@dataclass(frozen=True)
class Stage:
    """What happens, the head of the alarm it must lead to, and what is set for it."""

    act: Act
    title: str
    settings: dict[str, str] = field(default_factory=dict)
    web: bool = False
    disk: bool = False
    before: Act = lambda _: None


def run(name: str) -> Found:
    """Set the scene, bring the trouble about, and wait for somebody to be told."""
    stage = STAGES[name]
    with Letterbox() as box, Postbox() as hook, rig_for(stage, box, hook) as rig:
        scene = Scene(rig, box, hook)
        try:
            stage.before(scene)
            scene.start("run")
            if stage.web:
                scene.start("web", "--port", "0")
            time.sleep(3)  # It has settled: what is measured is the trouble's own time.
            return measured(scene, stage)
        finally:
            for life in scene.lives:
                with contextlib.suppress(ProcessLookupError):
                    life.signal(signal.SIGCONT)
                life.kill()


def measured(scene: Scene, stage: Stage) -> Found:
    began = time.monotonic()
    stage.act(scene)
    while time.monotonic() - began < LIMIT_SECONDS:
        found = scene.told(stage.title)
        if found is not None:
            return Found(time.monotonic() - began, found.who, found.said)
        time.sleep(0.1)
    return Found(None, "nobody")


@contextlib.contextmanager
def rig_for(stage: Stage, box: Letterbox, hook: Postbox) -> Iterator[Rig]:
    mail = f"mailto://127.0.0.1:{box.server_address[1]}/?from=bot@example.org&to=ana@example.org"
    settings = {
        "ALERT_URLS": f"budget=json://{hook.at}/treasurer {mail}",
        "QUIET_HOURS": "",
        "SECRET_KEY": SECRET,
        "PUBLIC_URL": "https://campaign.example.org",
        "PING_URL": f"http://{hook.at}/ping/bench",
        **stage.settings,
    }
    with small_disk() if stage.disk else contextlib.nullcontext() as place:
        address = f"sqlite:///{place}/bot.db" if place else None
        with ONE_AT_A_TIME:  # making a database is not for several threads
            rig = Rig(address, **settings)
        with rig:
            yield rig


@contextlib.contextmanager
def small_disk() -> Iterator[Path]:
    """A file system of its own, in memory; mounting one takes the rights of root."""
    with tempfile.TemporaryDirectory(prefix="bot-alarms-") as folder:
        size = f"size={SMALL_DISK_MB}m"
        subprocess.run(["mount", "-t", "tmpfs", "-o", size, "tmpfs", folder], check=True)
        try:
            yield Path(folder)
        finally:
            subprocess.run(["umount", "--lazy", folder], check=True)


def platforms_gone(scene: Scene) -> None:
    """Nobody answers where X and Facebook were."""
    scene.rig.sandbox.stop()
    scene.rig.write_posts(1)


def signalled(number: int) -> Act:
    return lambda scene: scene.heartbeat.signal(number)


def faulty(platform: str, kind: str, posts: int = 1, **options: Any) -> Act:
    """The platform answers so from now on, and something is due."""

    def act(scene: Scene) -> None:
        scene.rig.sandbox.fault(platform, kind, None, **options)
        scene.rig.write_posts(posts, to=platform)

    return act


def sign_in_fails(scene: Scene) -> None:
    """Before the next post is due, not with it."""
    scene.rig.sandbox.fault("x", "dead_token", None, on="any")
    soon = (system_now() + timedelta(hours=1)).astimezone(scene.bot.settings.zone)
    scene.write(f"---\nto: x\nat: {soon:%Y-%m-%d %H:%M}\n---\nA march in Tegucigalpa.\n")


def unapproved(scene: Scene) -> None:
    soon = (system_now() + timedelta(minutes=50)).astimezone(scene.bot.settings.zone)
    scene.write(f"---\nto: x\nat: {soon:%Y-%m-%d %H:%M}\n---\nA march in Tegucigalpa.\n")


def two_people(scene: Scene) -> None:
    bot = scene.bot
    set_approval(Decider(bot.store, bot.clock, "cli:bench", None), "x", "two people")


def money_goes(share: str) -> Act:
    def act(scene: Scene) -> None:
        from decimal import Decimal

        with scene.bot.store.write() as session:
            charges.record(session, 1, "post", Decimal(share), system_now())

    return act


def disk_fills(scene: Scene) -> None:
    path = scene.bot.store.path
    assert path is not None
    (path.parent / "filler").write_bytes(bytes(FILLER_MB * 1_000_000))


def backup_fails(scene: Scene) -> None:
    (scene.rig.folder / "there.db").write_text("")
    scene.command("backup", "there.db")


def feed_read(scene: Scene) -> None:
    scene.rig.sandbox.add_article("A march", None)
    scene.command("feeds", "add", scene.rig.sandbox.feed_url, "--name", "news")


def database_locked(scene: Scene) -> None:
    """Another program holds it, and does not let go."""
    held = sqlite3.connect(str(scene.bot.store.path), check_same_thread=False, isolation_level=None)
    held.execute("BEGIN EXCLUSIVE")
    KEPT.append(held)


# Facebook's sub-code for a Page that is kept from posting for days; without one it is a rest.
SOME_DAYS = 1404112
KEPT: list[sqlite3.Connection] = []
STOPPED = "The bot has stopped"
STAGES: dict[str, Stage] = {
    "platforms not reached": Stage(platforms_gone, "Posts are late"),
    "heartbeat killed": Stage(signalled(signal.SIGKILL), STOPPED, web=True),
    "heartbeat stands still": Stage(signalled(signal.SIGSTOP), STOPPED, web=True),
    "account suspended": Stage(faulty("x", "suspended"), "An account may not post"),
    "Page blocked": Stage(
        faulty("facebook", "blocked", subcode=SOME_DAYS), "An account may not post"
    ),
    "signed out": Stage(faulty("facebook", "dead_token"), "An account may not post"),
    "sign-in fails beforehand": Stage(sign_in_fails, "A sign-in failed"),
    "no credit left": Stage(faulty("x", "credits_gone"), "An account may not post"),
    "one in doubt": Stage(faulty("facebook", "cut_before"), "A post needs you"),
    "two in doubt": Stage(
        faulty("facebook", "cut_before", posts=2), "An account waits for your answer"
    ),
    "not approved in time": Stage(unapproved, "A post waits for approval", before=two_people),
    "80 % of the money": Stage(
        money_goes("8.10"), "80 % of the money", {"X_MONTHLY_BUDGET_USD": "10"}
    ),
    "all of the money": Stage(
        money_goes("10.00"), "The month's money is spent", {"X_MONTHLY_BUDGET_USD": "10"}
    ),
    "disk fills": Stage(disk_fills, "The disk is nearly full", disk=True),
    "backup fails": Stage(backup_fails, "A backup failed"),
    "feed dies": Stage(
        lambda scene: scene.rig.sandbox.stop(),
        "A feed cannot be read",
        {"FEED_EVERY": "2s", "FETCH_ALLOW_HOSTS": "127.0.0.1"},
        before=feed_read,
    ),
    "file with a mistake": Stage(
        lambda scene: scene.write("---\nat: 31 November\n---\nA march.\n"),
        "Something could not become a post",
    ),
    "database locked": Stage(database_locked, "The database does not answer"),
    "database locked, outside": Stage(database_locked, "/fail"),
}
