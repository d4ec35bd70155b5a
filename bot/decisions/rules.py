"""What a group settles for an account: who must approve, when it goes out, and what was seen."""

from collections.abc import Sequence
from decimal import Decimal
from difflib import get_close_matches
from typing import Any
from zoneinfo import available_timezones

from bot.decisions.record import Decider
from bot.errors import UsageError
from bot.model.account import Approval
from bot.store import accounts
from bot.store.charges import MICROS

MOST_DOLLARS = 100_000


def set_approval(decider: Decider, account_name: str, rule: str) -> None:
    """Whose posts need somebody's approval on the account; what waits already stays as it is."""
    if rule not in set(Approval):
        raise UsageError(f"“{rule[:40]}” is no rule. Rules: {', '.join(Approval)}.")
    _change(decider, account_name, "approval rule", approval=rule)


def set_budget(decider: Decider, account_name: str, dollars: Decimal | None) -> None:
    """US dollars the account's own month may cost; None for what the environment says."""
    micros = None if dollars is None else int(dollars * MICROS)
    if micros is not None and not 0 <= micros <= MOST_DOLLARS * MICROS:
        raise UsageError(f"A month's budget is between $0 and ${MOST_DOLLARS:,}.")
    _change(decider, account_name, "budget", monthly_budget_micros=micros)


def set_zone(decider: Decider, account_name: str, zone: str | None) -> None:
    """The account's own time zone; None for TIMEZONE. Posts that have their time keep it."""
    if zone is not None and zone not in available_timezones():
        near = get_close_matches(zone, sorted(available_timezones()), 1)
        hint = f" Did you mean {near[0]}?" if near else " Write it such as America/Bogota."
        raise UsageError(f"“{zone[:60]}” is no time zone.{hint}")
    _change(decider, account_name, "time zone", timezone=zone)


def set_default(decider: Decider, account_name: str, *, by_default: bool) -> None:
    """Whether posts that name no account go out there; what waits already stays as it is."""
    _change(decider, account_name, "default", by_default=by_default)


def _change(decider: Decider, account_name: str, verb: str, **wanted: Any) -> None:
    with decider.store.write() as session:
        account = accounts.named(session, account_name)
        before = {name: getattr(account, name) for name in wanted}
        for name, value in wanted.items():
            setattr(account, name, value)
        decider.note(session, verb, account_id=account.id, before=before, after=wanted)


def set_timetable(decider: Decider, account_name: str, wanted: Sequence[tuple[int, str]]) -> None:
    """The account's weekly times instead of those it has; posts that have their time keep it."""
    with decider.store.write() as session:
        account = accounts.named(session, account_name)
        before = [
            f"{slot.weekday} {slot.local_time}" for slot in accounts.slots(session, account.id)
        ]
        accounts.replace_slots(session, account.id, wanted)
        decider.note(
            session,
            "timetable",
            account_id=account.id,
            before={"slots": before},
            after={"slots": [f"{day} {at}" for day, at in wanted]},
        )


def confirm_label(decider: Decider, account_name: str) -> None:
    """That somebody looked and saw the platform's label for automated accounts there."""
    with decider.store.write() as session:
        account = accounts.named(session, account_name)
        account.automated_label_by, account.automated_label_at = decider.actor, decider.clock()
        decider.note(session, "label", account_id=account.id)
