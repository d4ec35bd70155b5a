"""Logs posts that people made on an account's own page, so that totals match the page.

They come from readings made anyway, or from one reading of the whole past. They are logged for
their counts alone: nothing here is ever sent, matched, or taken for a post of ours.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal

from bot.clock import Clock
from bot.errors import BotError
from bot.model.account import Account
from bot.model.stranger import Stranger
from bot.platforms.contract import PartContent, Platform, Seen, Unreadable
from bot.platforms.matching import same_post
from bot.store import accounts, byhand, charges, decisions
from bot.store.engine import Session, Store

# By then whatever was in doubt was looked for, and whoever waits for the same words was told.
SETTLED_AFTER = timedelta(hours=1)
# So far from an Attempt without an answer, the same words may be what it published.
DOUBTED_FOR = timedelta(days=1)
# How many Accounts one beat looks at.
AT_ONCE = 20


@dataclass(frozen=True, slots=True)
class Past:
    """What a reading of an Account's past brought."""

    found: int
    logged: int


@dataclass(slots=True)
class Turn:
    """After which Account the next beat goes on."""

    after: int = 0


@dataclass(frozen=True, slots=True)
class ByHand:
    """Logs with one store, clock and set of Platforms (by Account id)."""

    store: Store
    clock: Clock
    platforms: Mapping[int, Platform]
    settled_after: timedelta = SETTLED_AFTER
    _turn: Turn = field(default_factory=Turn)

    def log_settled(self) -> int:
        """Log what readings showed and nobody's words match; how many. Costs nothing."""
        with self.store.read() as session:
            before = self.clock() - self.settled_after
            wanted = byhand.with_settled(session, before, self._turn.after, AT_ONCE)
            found = [
                key for key in wanted if self._is_known(key) and _settled(session, key, before)
            ]
            strays = byhand.has_turned_out_ours(session)
        self._turn.after = wanted[-1] if len(wanted) == AT_ONCE else 0
        # Mostly there is nothing: what may still be ours must not cost a write a minute.
        if not strays and not found:
            return 0
        with self.store.write() as session:
            byhand.hand_over(session)
            return sum(self._log(session, key, before) for key in found)

    def _is_known(self, account_id: int) -> bool:
        return account_id in self.platforms

    def most_it_costs(self, account_id: int) -> Decimal:
        """US dollars that reading the whole past may cost at most."""
        rules = self.platforms[account_id].rules
        return rules.own_read_price * (rules.most_listed or 0)

    def read_past(self, account_id: int, since: datetime, actor: str) -> Past:
        """Read what the Account published since then and log it; BotError where it cannot be.

        It is on record who wanted it, as it may cost.
        """
        platform = self.platforms[account_id]
        listed = platform.recent(since)
        if isinstance(listed, Unreadable):
            raise BotError(f"{platform.rules.title} could not be read. {listed.reason}")
        price = platform.rules.own_read_price
        now = self.clock()
        with self.store.write() as session:
            account = accounts.locked(session, account_id)
            prices = dict.fromkeys((one.remote_id for one in listed), price)
            charges.record_readings(session, account_id, "history", prices, now)
            old = [one for one in listed if one.created_at <= now - self.settled_after]
            past = Past(
                len(listed), self._add(session, account, _unlogged(session, account.id, old))
            )
            decisions.record(
                session,
                made_at=now,
                actor=actor,
                verb=decisions.HISTORY,
                account_id=account_id,
                after={"seen": past.found, "logged": past.logged},
            )
        return past

    def _log(self, session: Session, account_id: int, before: datetime) -> int:
        account = accounts.locked(session, account_id)
        return self._add(session, account, _settled(session, account_id, before))

    def _add(self, session: Session, account: Account, new: Iterable[Seen]) -> int:
        measure = self.platforms[account.id].measure
        return sum(
            byhand.add(session, account, _public(one, measure(one.text).weight), self.clock())
            for one in new
        )


def _settled(session: Session, account_id: int, before: datetime) -> list[Seen]:
    """What can be logged now: nothing while anything of ours is on its way, in doubt or unread."""
    account = accounts.by_id(session, account_id)
    if account.behind_since is not None or not byhand.is_quiet(session, account_id):
        return []
    rows = byhand.settled(session, account_id, before)
    return _unlogged(session, account_id, [_seen(row) for row in rows])


def _unlogged(session: Session, account_id: int, listed: Iterable[Seen]) -> list[Seen]:
    """Those that are surely made by hand and not logged, in the order they were made."""
    # Times have whole seconds and ids grow, so that an answer comes after what it answers.
    in_order = sorted(listed, key=lambda one: (one.created_at, len(one.remote_id), one.remote_id))
    asked = {one.remote_id for one in in_order} | {one.reply_to or "" for one in in_order}
    known = byhand.known_ids(session, account_id, asked)
    doubted = _doubted(session, account_id, in_order)
    new: dict[str, Seen] = {}
    for one in in_order:
        # An answer to somebody else is talk and no post; one to ourselves goes on a thread.
        is_talk = one.reply_to and one.reply_to not in known and one.reply_to not in new
        if one.remote_id not in known and not is_talk and not _may_be_ours(one, doubted):
            new[one.remote_id] = one
    return list(new.values())


Doubted = Sequence[tuple[PartContent, datetime]]


def _doubted(session: Session, account_id: int, in_order: Sequence[Seen]) -> Doubted:
    if not in_order:
        return []
    rows = byhand.doubted(session, account_id, in_order[0].created_at - DOUBTED_FOR)
    return [(PartContent(part.text, part.link), at) for part, at in rows]


def _may_be_ours(one: Seen, doubted: Doubted) -> bool:
    """Of two posts with the words of one in doubt, a look may have taken one for the other."""
    return not one.by_other_app and any(
        abs(one.created_at - at) <= DOUBTED_FOR and same_post(part, one) for part, at in doubted
    )


def _seen(row: Stranger) -> Seen:
    return Seen(row.remote_id, row.url, row.text, row.published_at, row.link, row.reply_to)


def _public(one: Seen, weight: int) -> byhand.Public:
    return byhand.Public(one.remote_id, one.url, one.text, one.link, one.created_at, weight)
