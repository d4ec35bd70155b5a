"""How often a beat and a list ask the database: as often for three hundred accounts as for two."""

from datetime import timedelta

import pytest
from sqlalchemy import event

from bot import flow
from bot.accounts import health
from bot.alerts import checks, money
from bot.cli import accountlist, trouble
from bot.cli.teller import teller
from bot.delivery import sweep
from bot.intake.admission import Source
from bot.intake.postfile import parse
from bot.model.account import Account
from bot.reports import queue
from bot.store.accountpages import PER_PAGE, Sought

MANY = 300


def statements(bot, act):
    """How many the second time, when what is kept is kept."""
    counted = []

    def count(_connection, _cursor, statement, *_more):
        counted.append(statement)

    act()
    event.listen(bot.store.engine, "before_cursor_execute", count)
    act()
    event.remove(bot.store.engine, "before_cursor_execute", count)
    return sum(not one.startswith("BEGIN") for one in counted)


def listed(bot):
    with bot.store.read() as session:
        told = teller(bot)
        return [told.title(row["account"]) for row in queue.rows(session)]


BEATS = {
    "sweep": lambda bot: sweep.due(bot.store, bot.clock, bot.accounts_on),
    "accounts taken over": lambda bot: bot.credentials.refresh(),
    "watch": lambda bot: bot.watch.due(),
    "counts": lambda bot: bot.collector.collect_due(),
    "own pages": lambda bot: bot.own_pages._due(),
    "by hand": lambda bot: bot.by_hand.log_settled(),
    "health": lambda bot: health.check_due(
        bot.store, bot.clock, bot.platforms, bot.expected_imprint
    ),
    "plan": flow.plan,
    "confirm": lambda bot: bot.confirmer.look_due(),
    "folder": lambda bot: bot.folder.read(),
    "list of accounts": lambda bot: accountlist.rows(bot, Sought(), 1, PER_PAGE),
    "accounts in trouble": lambda bot: accountlist.rows(bot, Sought(trouble=True), 1, PER_PAGE),
    "queue": listed,
    "trouble": trouble.standing,
    "money": lambda bot: money.spent(
        bot.store, bot.clock(), bot.settings.zone, bot.budgets.limits, bot.titles
    ),
    "pauses": lambda bot: checks.pauses(bot.store, bot.titles),
    "a post": lambda bot: admitted(bot),
}
numbers = iter(range(10_000))


def admitted(bot):
    """Queue one more post to the two of the environment."""
    key = f"Post {next(numbers)}"
    with bot.store.write() as session:
        written = parse(f"---\nto: [x, facebook]\nagain: yes\n---\n{key}".encode())
        return bot.admission.admit(session, written, Source("test", key, key, "ana"))


@pytest.fixture
def full(open_bot, sandbox):
    """A bot with the environment's two accounts, on."""
    return open_bot(**sandbox.settings(), X_MONTHLY_BUDGET_USD="10")


def add_accounts(bot, those):
    """Accounts with boxes of their own, each with a limit."""
    at = bot.clock() - timedelta(days=2)
    with bot.store.write() as session:
        for n in those:
            name, remote_id = f"n{n}", str(1000 + n)
            own = {"X_ACCESS_TOKEN": f"{remote_id}-a", "X_ACCESS_TOKEN_SECRET": f"secret {n}"}
            vault = bot.credentials.vault
            session.add(
                Account(
                    name=name,
                    platform="x",
                    remote_id=remote_id,
                    credentials=vault.lock(name, {**own, "remote_id": remote_id}),
                    sealed_with=vault.first_key_id,
                    monthly_budget_micros=1_000_000,
                    by_default=False,
                    created_at=at,
                )
            )
    bot.credentials.refresh()


def test_no_beat_and_no_list_asks_more_often_for_more_accounts(full):
    """A tick that asked once an account would take minutes for an agency's thousands."""
    bot = full
    add_accounts(bot, range(2))
    few = {name: statements(bot, lambda act=act: act(bot)) for name, act in BEATS.items()}
    add_accounts(bot, range(2, MANY))
    many = {name: statements(bot, lambda act=act: act(bot)) for name, act in BEATS.items()}

    assert {} == {name: (few[name], many[name]) for name in BEATS if many[name] > few[name]}
    assert len(bot.ids_on) == MANY + 2
    assert len(bot.credentials._open) == 0


def test_every_account_has_its_turn(full, monkeypatch):
    """A beat does its share and the next one goes on behind it."""
    monkeypatch.setattr("bot.engagement.ownpage.AT_ONCE", 4)
    add_accounts(full, range(10))
    full.clock.move(days=1)

    seen = [full.own_pages._due() for _ in range(5)]

    assert all(len(some) <= 4 for some in seen)
    assert {key for some in seen for key in some} == set(full.ids_on)
