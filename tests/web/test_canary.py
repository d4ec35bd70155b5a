"""The canary: secrets are planted everywhere, a day goes badly, and then everything is searched.

Every secret setting, what a connected account gave, a person's password and codes; refusals that
repeat what was sent, libraries that break with it in their mouths, alarms and mails that fail.
Then the log in both forms, the database with its copy, exports, pages, metrics and the terminal.
"""

import io
import json
import re
import tempfile
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from consenting import came_back
from world import QUICK_DISK

from bot import wiring
from bot.accounts import health
from bot.accounts.vault import new_key
from bot.cli.group import cli
from bot.clock import system_now
from bot.flow import alarms, handover, pinging, weekly
from bot.sandbox import Sandbox
from bot.settings import Settings, is_secret
from bot.store import nightly, people, personal

from .site import PASSWORD, SECRET, Site, Visitor, running

PLANTED = {
    "ALERT_URLS": "json://127.0.0.1:9/canary-of-alarms-5e1f",
    "MAIL_URL": "smtp://ana:canary-of-mail-77ab@127.0.0.1:9",
    "MAIL_FROM": "bot@example.org",
    "PING_URL": "http://127.0.0.1:9/canary-of-pings-90cd",
    "METRICS_TOKEN": "canary-of-metrics-0123456789abcdef",
}
CANARY = re.compile(r"canary-of-[\w-]+")
HOURS = 6


class Clock:
    """The real time, and what was added to it."""

    def __init__(self) -> None:
        self.ahead = timedelta(0)

    def __call__(self) -> Any:
        return system_now() + self.ahead


@pytest.fixture(scope="module")
def clock() -> Clock:
    return Clock()


@pytest.fixture(scope="module")
def own_sandbox(clock: Clock) -> Iterator[Sandbox]:
    with Sandbox(clock=clock) as started:
        yield started


@pytest.fixture(scope="module")
def key() -> str:
    return new_key()


@pytest.fixture
def site(own_sandbox: Sandbox, clock: Clock, key: str) -> Iterator[Site]:
    """X from the environment, the Page connected, and every other secret set."""
    env = {**PLANTED, "ENCRYPTION_KEYS": key, "FACEBOOK_PAGE_ID": "", "FACEBOOK_PAGE_TOKEN": ""}
    env |= {"CONFIRM_AFTER": "0s,1s", "COUNT_AFTER": "0s,1h", "MIN_SPACING_MINUTES": "0"}
    with (
        tempfile.TemporaryDirectory(prefix="bot-canary-", dir=QUICK_DISK) as folder,
        running(Path(folder), own_sandbox, clock, **env) as made,
    ):
        yield made


def secrets(site: Site, key: str, admin: Visitor) -> set[str]:
    """All that was planted, and what the platforms gave."""
    given = site.sandbox.accounts
    cookies = [cookie.value for cookie in admin.http.cookies]
    return {
        *CANARY.findall(" ".join(PLANTED.values())),
        *given.holders,
        *(given.x_key, given.x_secret, given.x_token, given.x_token_secret, given.app_secret),
        *(SECRET, key, PASSWORD, admin.secret),
        *(str(value) for value in cookies),
    }


def connect(site: Site) -> None:
    back = "https://bot.example.org/accounts/facebook/connected"
    url = site.bot.connections.begin("facebook", session_mark="m" * 40, return_to=back)
    site.bot.connections.finish("facebook", came_back(url), session_mark="m" * 40, actor="ana")


def goes_wrong(site: Site, hour: int, patch: pytest.MonkeyPatch) -> None:
    """Each hour another way to be told, or to say, what nobody may read."""
    given = site.sandbox.accounts
    tokens = f"{given.page_token} {given.app_token} {given.x_token} {given.x_token_secret}"
    fault = site.sandbox.fault
    fault("x", "garbled", status=(500, 403, 401)[hour % 3], text=tokens, on="write")
    fault("facebook", "graph_error", message=f"no: {tokens}", code=(1, 100, 4)[hour % 3])
    fault("x", ("cut_after", "redirect")[hour % 2], on="read", **_where(tokens, hour))

    def breaks(*_given: Any, **_named: Any) -> Any:
        raise RuntimeError(f"the library knows {tokens} {SECRET} {site.bot.settings.mail_url!r}")

    broken = ("x.platform.XPlatform.send", "facebook.platform.FacebookPlatform.send")
    if hour < len(broken):
        patch.setattr(f"bot.platforms.{broken[hour]}", breaks)
    if hour == 4:
        patch.setattr("bot.platforms.x.platform.XPlatform.health", breaks)
        patch.setattr("bot.platforms.facebook.platform.FacebookPlatform.counts", breaks)


def _where(tokens: str, hour: int) -> dict[str, str]:
    return {"location": f"https://a.example.org/?access_token={tokens}"} if hour % 2 else {}


def live_an_hour(site: Site, hour: int) -> None:
    """A post, and all that the heartbeat and an impatient person do."""
    (site.folder / "posts" / f"{hour}.md").write_text(f"---\nat: now\n---\nWords of hour {hour}.\n")
    site.bot.clock.ahead += timedelta(hours=1)  # type: ignore[attr-defined]
    site.beat()
    for name in ("x", "facebook"):
        platform, expected = site.bot.platforms[name], site.bot.expected_imprint
        health.check(site.bot.store, site.bot.clock, name, platform, expected)
    if hour == HOURS - 1:
        alarms.watch(site.bot)
        weekly.send_letters(site.bot)
        pinging.Pinger(site.bot).ping(is_well=True)


def every_page(site: Site, admin: Visitor) -> Iterator[tuple[str, str]]:
    """All addresses that an admin can open, and those for machines."""
    paths = [
        rule.rule.replace("<int:post_id>", "1")
        for rule in site.app.url_map.iter_rules()
        if "GET" in rule.methods and rule.endpoint not in ("static", "vendor", "security.logout")
    ]
    for path in [*(path for path in paths if "<" not in path), "/healthz", "/readyz"]:
        yield path, admin.get(path).text
    yield "/metrics", admin.get("/metrics").text
    token = {"Authorization": f"Bearer {PLANTED['METRICS_TOKEN']}"}
    yield "/metrics for who may", admin.get("/metrics", headers=token).text


def said_by(site: Site, patch: pytest.MonkeyPatch, *words: str) -> str:
    """What one command prints, both ways."""
    ran = CliRunner().invoke(cli, list(words), prog_name="bot")
    return f"{ran.stdout} {ran.stderr} {ran.exception!r}"


def at_the_terminal(site: Site, patch: pytest.MonkeyPatch, key: str) -> Iterator[tuple[str, str]]:
    """Commands and exports, and one that breaks where a traceback is asked for."""
    given = {**site.sandbox.settings(), **PLANTED, "ENCRYPTION_KEYS": key, "SECRET_KEY": SECRET}
    given |= {"DATABASE_URL": f"sqlite:///{site.folder}/bot.db", "FACEBOOK_PAGE_ID": ""}
    given |= {"POSTS_DIR": str(site.folder / "posts"), "FACEBOOK_PAGE_TOKEN": ""}
    for name, value in given.items():
        patch.setenv(name, value)
    for words in (
        ("queue", "--json"),
        ("log", "--json"),
        ("show", "P1"),
        ("accounts", "list", "--json"),
        ("doctor",),
        ("handover",),
        ("alerts",),
    ):
        yield " ".join(words), said_by(site, patch, *words)

    def breaks(*_given: Any) -> Any:
        raise RuntimeError(f"{SECRET} {given['X_ACCESS_TOKEN']} {PLANTED['MAIL_URL']} {key}")

    patch.setattr("bot.reports.queue.rows", breaks)
    yield "a traceback", said_by(site, patch, "--debug", "queue")


def test_no_secret_is_in_anything_that_is_kept_shown_or_handed_out(
    site: Site, key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    planted = {"DATABASE_URL", *PLANTED, "SECRET_KEY", "ENCRYPTION_KEYS", *site.sandbox.settings()}
    assert {name.upper() for name in Settings.model_fields if is_secret(name)} <= planted

    found: dict[str, str] = {}
    logs = {"json": io.StringIO(), "text": io.StringIO()}
    connect(site)
    admin = site.person("admin", "Ana")
    for hour in range(HOURS):
        form = ("json", "text")[hour % 2]
        chosen = site.bot.settings.model_copy(update={"log_format": form})
        wiring.configure_log(chosen, file=logs[form])
        with monkeypatch.context() as patch:
            goes_wrong(site, hour, patch)
            live_an_hour(site, hour)
        site.sandbox.clear_faults()
    # A secret in a log is worth little if nothing was logged.
    for form, log in logs.items():
        found[f"the log as {form}"] = log.getvalue()
        assert "[hidden]" in log.getvalue(), form

    found |= dict(every_page(site, admin))
    with site.bot.store.read() as session:
        person = people.get(session, site.people["Ana"])
        found["the export"] = json.dumps(personal.export(session, person))
    found["the kit"] = repr(handover.kit(site.bot))
    saved = nightly.make(site.bot.store.path, 3, site.bot.clock(), site.bot.settings.zone)
    whole = b"".join(path.read_bytes() for path in sorted(site.folder.glob("bot.db*")))
    found["the database"] = whole.decode("latin-1")
    found["its copy"] = saved.read_bytes().decode("latin-1")
    found |= dict(at_the_terminal(site, monkeypatch, key))

    hidden = secrets(site, key, admin)
    assert len(hidden) > 16
    told = [
        (place, secret[:12]) for place, text in found.items() for secret in hidden if secret in text
    ]
    assert told == []
    # The search is a real one: what may be read is found where it belongs.
    for place in ("the database", "its copy", "/calendar", "queue --json", "log --json", "show P1"):
        assert "Words of hour" in found[place], place
    assert found["the export"].count("kept, and not shown") > 2
    assert "RuntimeError" in found["a traceback"]
    assert "[hidden]" in found["a traceback"]
    assert "# TYPE" in found["/metrics for who may"]
    assert "# TYPE" not in found["/metrics"]
