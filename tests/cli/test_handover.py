"""`bot handover`: the kit as it is printed and mailed, what it lacks, and whose names it keeps."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from bot import wiring
from bot.accounts.vault import Vault, new_key
from bot.clock import system_now
from bot.decisions import people as deciding
from bot.flow import handover
from bot.flow.letters import Went
from bot.model.account import Answer
from bot.model.person import Letter
from bot.reports import quarter
from bot.settings import load
from bot.store import accounts
from bot.store.engine import Store
from tests.cli.conftest import SETTINGS, Bot
from tests.web.letterbox import Letterbox

LONDON = ZoneInfo("Europe/London")
IN_JANUARY = datetime(2027, 1, 1, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("moment", "name"),
    [
        (datetime(2026, 12, 31, 23, tzinfo=UTC), None),
        (datetime(2027, 1, 1, 7, 59, tzinfo=UTC), None),
        (datetime(2027, 1, 1, 8, tzinfo=UTC), "2027-Q1"),
        (datetime(2027, 4, 1, 6, 59, tzinfo=UTC), None),
        (datetime(2027, 4, 1, 7, tzinfo=UTC), "2027-Q2"),  # eight o'clock in summer time
        (datetime(2027, 10, 8, 6, 59, tzinfo=UTC), "2027-Q4"),
        (datetime(2027, 10, 8, 7, tzinfo=UTC), None),
        (datetime(2027, 11, 3, 9, tzinfo=UTC), None),
    ],
)
def test_a_kit_is_for_the_first_week_of_a_quarter(moment, name) -> None:
    """By the group's clock."""
    assert name == quarter.to_mail(moment, LONDON)


def test_the_kit_says_who_holds_what_where_it_lies_and_what_is_missing(
    bot: Bot, folder: Path
) -> None:
    """Of names only the newest stay; nothing secret is in it; taking them out leaves a gap."""
    bot("init")
    first = bot("handover").out
    assert "The web address (the domain, and who pays for it): nobody is named" in first
    assert 0 == bot("handover", "--set", "domain=Ana Pérez / Ben", "--set", "host=Cy").code
    assert 0 == bot("handover", "--set", "domain=Dee/Ben").code
    told = bot("handover", "--json").json
    out = bot("handover").out

    assert "Dee, deputy Ben (as of " in out
    assert "Ana" not in out
    assert f"Database: {folder}/var/bot.db" in out
    assert "bot pause" in out
    assert "  systemctl stop bot-run " in out
    lacks = " ".join(told["missing"])
    assert "The machine the bot runs on, or the account with its host: no deputy" in lacks
    assert "bot handover --set x-app=PERSON/DEPUTY" in lacks
    assert "A second admin" in lacks
    assert "The web address" not in lacks
    assert not [secret for secret in SETTINGS.values() if "test" in secret and secret in out]
    bot("handover", "--set", "domain=")
    assert "The web address" in " ".join(bot("handover", "--json").json["missing"])


def test_what_cannot_be_held_is_refused(bot: Bot) -> None:
    """With what could be meant."""
    bot("init")
    for typed, said in (
        ("moon=Ana/Ben", "none of these: domain, host, mailbox"),
        ("domain", "lacks its ="),
        ("domain=/Ben", "Write PERSON/DEPUTY"),
        (f"domain={'a' * 201}/b", "200 characters"),
    ):
        ran = bot("handover", "--set", typed)
        assert (2, True) == (ran.code, said in ran.err), ran.err


def test_bare_bot_says_where_everything_lies(bot: Bot, folder: Path) -> None:
    """For who inherits the machine and nothing else."""
    bot("init")
    said = bot().out
    assert f"Here ({folder}): database var/bot.db, posts posts, settings the environment." in said
    assert "Taking over: bot handover" in said


@pytest.fixture
def mailing(tmp_path, socket_enabled):
    """A bot in January, with two admins, a volunteer, and a mail server of its own."""
    clock = SimpleNamespace(now=IN_JANUARY)
    with Letterbox() as box:
        env = {
            "DATABASE_URL": f"sqlite:///{tmp_path}/bot.db",
            "MAIL_URL": box.url,
            "MAIL_FROM": "bot@example.org",
            "ENCRYPTION_KEYS": new_key(),
        }
        built = wiring.build(load(env, None), lambda: clock.now, create=True)
        for name, role in (("ana", "admin"), ("ben", "admin"), ("cy", "volunteer")):
            deciding.invite(built.decider("cli:test"), f"{name}@example.org", role, name)
        yield SimpleNamespace(bot=built, box=box, clock=clock)
        built.store.close()


def test_each_admin_is_mailed_the_kit_once_a_quarter(mailing) -> None:
    """Not a volunteer; not in February; what did not go is tried again; and again in April."""
    mailing.clock.now = datetime(2027, 2, 1, 9, tzinfo=UTC)
    assert [] == handover.send_kits(mailing.bot)
    mailing.clock.now = IN_JANUARY
    first = handover.send_kits(mailing.bot, lambda: bool(mailing.box.letters))
    assert [("ana", Went.SENT)] == [(one.recipient, one.went) for one in first]
    assert [("ben", Went.SENT)] == [
        (one.recipient, one.went) for one in handover.send_kits(mailing.bot)
    ]
    assert [] == handover.send_kits(mailing.bot)
    assert ["ana@example.org", "ben@example.org"] == [one["To"] for one in mailing.box.letters]
    read = mailing.box.letters[0].get_payload(decode=True).decode()
    assert "Who holds what outside" in read
    assert "ben <ben@example.org>" in read
    mailing.clock.now += timedelta(days=90)
    assert 2 == len(handover.send_kits(mailing.bot))
    with mailing.bot.store.read() as session:
        assert {"2027-Q1", "2027-Q2"} == set(session.scalars(select(Letter.week)))


def test_names_in_the_kit_go_with_the_person(mailing) -> None:
    """Who is forgotten holds nothing any more, by address or whole name."""
    bot = mailing.bot
    with bot.store.write() as session:
        session.add(
            Answer(
                question="holder:domain",
                said="ana@example.org/the treasurer",
                actor="cli:test",
                answered_at=bot.clock(),
            )
        )
    deciding.forget(bot.decider("cli:test"), 1)
    assert "person 1" == handover.kit(bot).holders["domain"].person


@pytest.mark.parametrize("key", ["", new_key()], ids=["none", "another"])
def test_a_lost_key_leads_to_connecting_again(
    bot: Bot, folder: Path, monkeypatch: pytest.MonkeyPatch, key: str
) -> None:
    """Whether it was replaced or is simply not there: no crash, and which account."""
    for name in ("FACEBOOK_PAGE_ID", "FACEBOOK_PAGE_TOKEN"):
        monkeypatch.delenv(name)
    bot("init")
    store = Store(f"sqlite:///{folder}/var/bot.db", system_now)
    with store.write() as session:
        account = accounts.named(session, "facebook")
        vault = Vault((new_key(),))
        account.credentials = vault.lock("facebook", {"remote_id": "1"})
        account.remote_id, account.sealed_with = "1", vault.first_key_id
    store.close()
    monkeypatch.setenv("ENCRYPTION_KEYS", key)

    lacks = " ".join(bot("handover", "--json").json["missing"])
    assert "Facebook: What is stored for facebook cannot be opened" in lacks
    assert "connect the account again. Posts wait until then" in lacks
    shown = bot("accounts", "list")
    assert "connect the account again" in " ".join(shown.out.split()), shown.err
