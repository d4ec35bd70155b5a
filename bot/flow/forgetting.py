"""Forgets an Account: withdraws what waits for it, wipes its keys, deletes what came from there.

Refuses while the bot runs, while a post may or may not be out there, and while its keys stand in
the environment, from where the bot cannot take them. Takes back nothing at the Platform itself.
"""

from dataclasses import dataclass
from datetime import datetime

from bot.accounts import stored
from bot.decisions.cancel import cancel
from bot.errors import NotAllowed
from bot.store import accounts, deliveries, forgetting
from bot.store.stopped import while_stopped
from bot.wiring import Bot


@dataclass(frozen=True, slots=True)
class Forgotten:
    """What was deleted of which account, when and by whom, for who asks for proof."""

    account: str
    title: str
    remote_id: str | None
    name: str | None
    at: datetime
    actor: str
    had_keys: bool
    withdrawn: int
    counts_kept: bool
    went: dict[str, int]


def forget_account(bot: Bot, name: str, actor: str, *, keep_counts: bool) -> Forgotten:
    """Carry it out; NotAllowed, and nothing is changed, where it may not be."""
    title = bot.platform_named(name).rules.title
    held = bot.credentials.in_environment(name)
    if held:
        raise NotAllowed(
            f"The keys of {title} stand in the environment. Take {' and '.join(held)} out of .env "
            "first, then type this again. Nothing was changed."
        )
    with while_stopped(bot.store):
        withdrawn = _withdraw(bot, name, actor)
        return _delete(bot, name, actor, withdrawn, keep_counts=keep_counts)


def _withdraw(bot: Bot, name: str, actor: str) -> int:
    """Else what waits would go out on whatever account is connected next."""
    with bot.store.read() as session:
        account = accounts.named(session, name)
        doubtful = deliveries.in_doubt_count(session, account.id)
        rows = forgetting.waiting(session, account.id)
    if doubtful:
        raise NotAllowed(
            "A post of it may or may not be out. Answer that first: bot queue. Nothing was changed."
        )
    decider = bot.decider(actor, "The account is forgotten.")
    for delivery_id in rows:
        cancel(decider, str(delivery_id))
    return len(rows)


def _delete(bot: Bot, name: str, actor: str, withdrawn: int, *, keep_counts: bool) -> Forgotten:
    now, title = bot.clock(), bot.platform_named(name).rules.title
    with bot.store.write() as session:
        account = accounts.locked(session, accounts.named(session, name).id)
        remote_id, called = account.remote_id, account.display_name
        had_keys = account.credentials is not None
        if had_keys:
            stored.wipe(session, account, made_at=now, actor=actor, reason=None)
        went = forgetting.forget(session, account, keep_counts=keep_counts)
        bot.decider(actor).note(session, "forget", account_id=account.id, after={"rows": went})
    bot.store.leave_no_trace()
    bot.credentials.refresh()
    return Forgotten(
        name, title, remote_id, called, now, actor, had_keys, withdrawn, keep_counts, went
    )
