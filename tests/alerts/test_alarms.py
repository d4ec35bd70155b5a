"""Alarms: told once, in order of receivers, at the right hour and to the right people; ends too.

Time is moved by hand here; bench/alarms brings each trouble about for real and waits for it.
"""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from plainwords import bare, in_code
from sqlalchemy import select, update
from world import HandClock

from bot import wiring
from bot.alerts import notify
from bot.errors import SettingsError, StoreError
from bot.flow import alarms as watching
from bot.flow import alarmtext
from bot.model.account import Account, AccountCheck
from bot.model.alarm import Alarm
from bot.model.delivery import Delivery, Hold, State, Worker
from bot.model.feed import Feed
from bot.model.post import Quarantine
from bot.reports import words
from bot.settings import load
from bot.store import backup, backuplog, charges, receivers, workers
from bot.wiring import Bot

NOON = datetime(2026, 12, 1, 12, 0, tzinfo=UTC)
NIGHT = datetime(2026, 12, 1, 23, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
SETTINGS = {
    "X_API_URL": "http://127.0.0.1:9/x",
    "X_API_KEY": "key-of-the-test",
    "X_API_SECRET": "secret-of-the-test",
    "X_ACCESS_TOKEN": "123456789-token-of-the-test",
    "X_ACCESS_TOKEN_SECRET": "token-secret-of-the-test",
    "X_MONTHLY_BUDGET_USD": "10",
    "PUBLIC_URL": "https://campaign.example.org",
    "ALERT_URLS": "budget=jsons://treasurer.example.org/t0ken, tgram://sEcret/1 mailto://a.example.org",
}


@dataclass
class Desk:
    """One bot whose receivers keep what they are told, or do not take it."""

    bot: Bot
    clock: HandClock
    told: list[tuple[str, str, str]] = field(default_factory=list)
    deaf: set[str] = field(default_factory=set)

    def tell(self, url: str, title: str, body: str) -> str | None:
        scheme = url.partition(":")[0]
        if scheme in self.deaf:
            return "It did not take it."
        self.told.append((scheme, title, body))
        return None

    def look(self, **later: float) -> list[tuple[str, str, str]]:
        """A round, after some time; what was told in it."""
        self.clock.move(**later)
        self.beat()
        before = len(self.told)
        watching.watch(self.bot, tell=self.tell)
        return self.told[before:]

    def beat(self) -> None:
        with self.bot.store.write() as session:
            workers.seen(session, 1, self.clock())

    def add(self, *rows: Any) -> None:
        with self.bot.store.write() as session:
            session.add_all(rows)

    def change(self, table: Any, **values: Any) -> None:
        with self.bot.store.write() as session:
            session.execute(update(table).values(**values))

    def post(self, name: str, **values: Any) -> int:
        """A post file on X, taken up, with columns set as no room would."""
        path = self.bot.settings.posts_dir / f"{name}.md"
        path.write_text(f"---\nto: x\nat: {self.clock():%Y-%m-%d %H:%M}\n---\nOf {name}, Bogotá.\n")
        self.bot.folder.read(everything=True)
        with self.bot.store.write() as session:
            row = session.scalars(select(Delivery).order_by(Delivery.id.desc())).first()
            assert row is not None
            for key, value in values.items():
                setattr(row, key, value)
            return row.id


@pytest.fixture
def clock() -> HandClock:
    return HandClock(NOON)


def built(folder: Path, clock: HandClock) -> Bot:
    given = SETTINGS | {
        "DATABASE_URL": f"sqlite:///{folder}/bot.db",
        "POSTS_DIR": f"{folder}/posts",
    }
    return wiring.build(load(given, None), clock, create=True)


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database in which nothing happened yet; making one takes longer than a test."""
    folder = tmp_path_factory.mktemp("empty")
    bot = built(folder, HandClock(NOON))
    backup.take(folder / "bot.db", folder / "copy.db")
    bot.store.close()
    return folder / "copy.db"


@pytest.fixture
def desk(tmp_path: Path, empty: Path, clock: HandClock) -> Iterator[Desk]:
    (tmp_path / "posts").mkdir()
    shutil.copyfile(empty, tmp_path / "bot.db")
    bot = built(tmp_path, clock)
    with bot.store.write() as session:
        workers.begin(session, host="here", pid=1, now=clock())
    yield Desk(bot, clock)
    bot.store.close()


def block(desk: Desk) -> None:
    until = desk.clock() + timedelta(days=9)
    desk.change(Account, parked_until=until, park_reason="X locked us out.", is_blocked=True)


def test_a_trouble_is_told_once_and_its_end_is_told(desk: Desk) -> None:
    """What happened, where, since when, what to do now, with a link; a flicker is no end."""
    block(desk)
    ((to, title, body),) = desk.look()
    assert (to, title) == ("tgram", "Campaign bot: An account may not post")
    assert (
        "X lets nothing out: X locked us out. It is tried again on Thursday 10 December 2026"
        in body
    )
    assert "Since Tuesday 1 December 2026, 12:00." in body
    assert "What to do now: Sign in at the platform" in body
    assert body.endswith("https://campaign.example.org/accounts")
    assert desk.look(seconds=15) == []
    desk.change(Account, is_blocked=False)
    assert desk.look(seconds=15) == []
    assert desk.look(seconds=90) == []
    desk.change(Account, is_blocked=True)
    assert desk.look(minutes=5) == []
    desk.change(Account, is_blocked=False, parked_until=None)
    assert desk.look(seconds=15) == []
    ((_, title, body),) = desk.look(minutes=2)
    assert title == "Campaign bot: Over: An account may not post"
    assert "over since Tuesday 1 December 2026, 12:07" in body
    assert desk.look(minutes=9) == []


def test_that_a_blocks_time_is_over_proves_nothing(desk: Desk) -> None:
    """Only a post that went out, or a check, says that the account may post again."""
    block(desk)
    assert len(desk.look()) == 1
    desk.look(days=10)
    assert desk.look(hours=2) == []
    desk.post("p", state=State.SENT, sent_at=desk.clock())
    desk.look()
    ((_, title, _),) = desk.look(minutes=2)
    assert title == "Campaign bot: Over: An account may not post"


def test_looking_alone_writes_nothing(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is done all day long, beside the sending."""
    block(desk)
    desk.look()
    monkeypatch.setattr(desk.bot.store, "write", None)
    watching.watch(desk.bot, tell=desk.tell)


def test_where_one_receiver_fails_the_next_is_tried_and_it_is_known(desk: Desk) -> None:
    """Where none takes it, it is tried again, and told when it is over by then in one line."""
    desk.deaf = {"tgram"}
    block(desk)
    assert [to for to, _, _ in desk.look()] == ["mailto"]
    desk.change(Account, is_blocked=False, parked_until=None)
    desk.look()
    desk.look(minutes=3)
    desk.deaf = {"tgram", "mailto"}
    block(desk)
    desk.look()
    with desk.bot.store.read() as session:
        known = {label: row.error for label, row in receivers.by_label(session).items()}
        row = session.scalars(select(Alarm).order_by(Alarm.id.desc())).first()
    assert known == {
        "2. Telegram": "It did not take it.",
        "3. e-mail (a.example.org)": "It did not take it.",
    }
    assert (row.tries, row.told_at) == (1, None)
    desk.deaf = set()
    assert desk.look(seconds=30) == []
    assert [to for to, _, _ in desk.look(seconds=31)] == ["tgram"]


def test_each_kind_goes_to_those_who_asked_for_it(desk: Desk) -> None:
    """The treasurer hears of money and of nothing else; where they do not, somebody else does."""
    with desk.bot.store.write() as session:
        charges.record(session, 1, "post", Decimal("8.50"), desk.clock())
    block(desk)
    told = {to: title for to, title, _ in desk.look()}
    assert told == {
        "jsons": "Campaign bot: 80 % of the money is spent",
        "tgram": "Campaign bot: An account may not post",
    }
    desk.deaf = {"jsons"}
    with desk.bot.store.write() as session:
        charges.record(session, 1, "post", Decimal("2.00"), desk.clock())
    ((to, title, body),) = desk.look()
    assert (to, title) == ("tgram", "Campaign bot: The month's money is spent")
    assert "X has spent $10.50 of the month's $10.00." in body


def test_quiet_hours_let_through_what_would_be_late_and_keep_the_rest(desk: Desk) -> None:
    """What is over by the morning is not told at all; the rest comes as one."""
    desk.clock.now = NIGHT
    feed = Feed(name="news", url="https://a", next_check_at=NIGHT, created_at=NIGHT, errors=3)
    desk.add(feed, Quarantine(source="sheet", key="a.csv", reason="No date.", found_at=NIGHT))
    desk.change(Feed, last_error="It answered 404.")
    block(desk)
    assert desk.look() == []
    assert desk.look(minutes=6) == []
    desk.post("early", due_at=NIGHT + timedelta(hours=3), state=State.WAITING)
    ((_, title, _),) = desk.look(minutes=1)
    assert title == "Campaign bot: An account may not post"
    desk.change(Feed, errors=0)
    desk.look(minutes=1)
    desk.look(minutes=3)
    assert desk.look(hours=4) == []  # late by now, which the account's trouble says
    told = desk.look(hours=5)
    assert [title for _, title, _ in told] == ["Campaign bot: Something could not become a post"]
    assert "a.csv: No date." in told[0][2]


def test_of_two_that_look_at_once_one_tells(desk: Desk) -> None:
    """The claim stands before anything leaves; one that lapsed is taken up again."""
    block(desk)
    other = Desk(desk.bot, desk.clock)
    inner: list[Any] = []

    def meanwhile(url: str, title: str, body: str) -> str | None:
        inner.extend(other.look())
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        watching.watch(desk.bot, tell=meanwhile)
    assert inner == []
    assert other.look(minutes=5) == []
    assert len(other.look(minutes=1)) == 1


def test_a_heartbeat_that_died_is_told_by_who_looks_on(desk: Desk) -> None:
    """Not while it lives, nor when it was stopped by a person and nothing is late."""
    desk.post("late", due_at=NOON + timedelta(hours=1), state=State.WAITING)
    watch = watching.watch_over_heartbeat
    assert watch(desk.bot, tell=desk.tell) == []
    desk.clock.move(seconds=121)
    (told,) = watch(desk.bot, tell=desk.tell)
    assert told.titles == "Campaign bot: The bot has stopped"
    assert "No sign of life since Tuesday 1 December 2026, 12:00" in desk.told[0][2]
    assert watch(desk.bot, tell=desk.tell) == []
    desk.beat()
    assert watch(desk.bot, tell=desk.tell) == []
    desk.look()
    assert ["Campaign bot: Over: The bot has stopped"] == [t for _, t, _ in desk.look(minutes=2)]
    desk.change(Worker, stopped_at=desk.clock())
    desk.clock.move(hours=1, minutes=30)
    desk.told.clear()
    watch(desk.bot, tell=desk.tell)
    assert ["Campaign bot: Posts are late"] == [title for _, title, _ in desk.told]


def check_of(desk: Desk, **values: Any) -> AccountCheck:
    made = {"account_id": 1, "taken_at": desk.clock(), "ok": True, "missing_scopes": []}
    return AccountCheck(**(made | values))


# By trouble: what brings it about, and what the words must name.
STAGED: dict[str, tuple[Any, str]] = {
    "late": (lambda d: d.post("p", state=State.WAITING), "P1 on X was due and has not gone"),
    "post": (
        lambda d: d.post("p", state=State.FAILED, reason="X did not want it."),
        "X did not want it.",
    ),
    "approval": (
        lambda d: d.post(
            "p", state=State.HELD, holds=frozenset({Hold.APPROVAL}), due_at=d.clock() + 30 * MINUTE
        ),
        "P1 on X is due on Tuesday 1 December 2026, 12:39 and waits for approval.",
    ),
    "no time": (lambda d: d.post("p", due_at=None, slot_start=None, timing="next"), "has no time"),
    "sign-in": (
        lambda d: d.add(check_of(d, ok=False, problem="X has signed us out.")),
        "X: X has signed us out.",
    ),
    "permissions": (lambda d: d.add(check_of(d, missing_scopes=["write"])), "Missing: write."),
    "ends": (
        lambda d: d.add(check_of(d, expires_at=d.clock() + timedelta(days=3))),
        "ends on Friday 4 December 2026",
    ),
    "clock": (lambda d: d.add(check_of(d, clock_skew_seconds=45.0)), "by 45 seconds"),
    "bot itself": (
        lambda d: d.change(Worker, trouble="It does not go.", trouble_at=d.clock() + 5 * MINUTE),
        "It does not go.",
    ),
    "behind": (
        lambda d: d.change(Account, behind_since=NOON, behind_tries=1, behind_reason="Busy."),
        "The page of X cannot be read, so nothing leaves. Busy.",
    ),
    "backup failed": (lambda d: note_backup(d, "The disk is full."), "failed. The disk is full."),
    "backup old": (
        lambda d: d.change(Account, created_at=NOON - timedelta(days=8)),
        "There has never been a backup.",
    ),
    "feed": (
        lambda d: d.add(
            Feed(
                name="news",
                url="https://a",
                next_check_at=NOON,
                created_at=NOON,
                errors=3,
                last_error="It answered 404.",
            )
        ),
        "The feed news: It answered 404.",
    ),
}


def note_backup(desk: Desk, error: str | None) -> None:
    with desk.bot.store.write() as session:
        backuplog.note(session, desk.clock(), error)


@pytest.mark.parametrize("name", STAGED)
def test_every_trouble_is_told_in_plain_words(desk: Desk, name: str) -> None:
    """What it is and what to do now, and no word of the code."""
    stage, names = STAGED[name]
    desk.clock.move(minutes=9)
    stage(desk)
    desk.look()
    desk.look(minutes=5, seconds=30)
    with desk.bot.store.read() as session:
        found = {row.name for row in session.scalars(select(Alarm))}
    assert found == {name}
    ((_, title, body),) = desk.told
    assert words.ALARMS[name] in title
    assert names in body
    assert words.ALARM_STEPS[name] in body
    assert [said for said in (title, body) if in_code(said) or bare(said)] == []


def test_what_is_looked_for_by_itself_is_no_matter_for_a_person_yet(desk: Desk) -> None:
    """Only when the looks are through, or somebody is asked."""
    at = desk.clock()
    delivery_id = desk.post("p", state=State.UNCONFIRMED, doubt_since=at, next_look_at=at + MINUTE)
    assert desk.look(minutes=16) == []
    assert len(desk.look(minutes=2)) == 1
    assert delivery_id == 1


def test_a_database_that_does_not_answer_is_told_from_memory_once(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A minute of it is no hiccup; nothing can be kept of it."""

    def fails(*_: Any) -> None:
        raise StoreError("The disk is full. Nothing was changed. Free some space.")

    monkeypatch.setattr(watching.troubles, "seen", fails)
    watchman = watching.Watchman(desk.bot)
    for _ in range(7):
        with pytest.raises(StoreError):
            watchman.round(tell=desk.tell)
    ((_, title, body),) = desk.told
    assert title == "Campaign bot: The database does not answer"
    assert "The disk is full." in body


def test_no_receiver_is_ever_shown_with_its_keys() -> None:
    """By number, kind and, where that is no secret, host; mistakes by number alone."""
    typed = "tgram://123:sEcret/9 budget+feeds=mailtos://u:pAss@mail.example.org?to=a@x.org,b@x.org"
    settings = load({"ALERT_URLS": typed}, None)
    found = notify.places(settings.alarm_addresses)
    assert [place.label for place in found] == ["1. Telegram", "2. e-mail (mail.example.org)"]
    assert found[1].kinds == {"budget", "feeds"}
    assert not [secret for secret in ("sEcret", "pAss") if secret in repr((found, settings))]
    for wrong in ("sEcret", "money=json://sEcret", "mailto://ok sEcret"):
        with pytest.raises(SettingsError) as raised:
            load({"ALERT_URLS": wrong}, None)
        assert "ALERT_URLS" in str(raised.value)
        assert "sEcret" not in str(raised.value)


def test_every_trouble_has_its_words_and_its_people() -> None:
    """The tables name the same troubles."""
    assert words.ALARMS.keys() == words.ALARM_STEPS.keys() == alarmtext.KINDS.keys()
