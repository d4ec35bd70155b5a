"""What a group settles for an account: who must approve, when it goes out, and what was seen."""

from collections.abc import Sequence

from bot.decisions.record import Decider
from bot.errors import UsageError
from bot.model.account import Approval
from bot.store import accounts


def set_approval(decider: Decider, account_name: str, rule: str) -> None:
    """Whose posts need somebody's approval on the account; what waits already stays as it is."""
    if rule not in set(Approval):
        raise UsageError(f"“{rule[:40]}” is no rule. Rules: {', '.join(Approval)}.")
    with decider.store.write() as session:
        account = accounts.named(session, account_name)
        before, account.approval = account.approval, rule
        decider.note(
            session,
            "approval rule",
            account_id=account.id,
            before={"approval": before},
            after={"approval": rule},
        )


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
