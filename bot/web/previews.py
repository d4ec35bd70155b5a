"""What is typed, as each account would get it: the real formatting, count, price and time."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from bot import flow
from bot.errors import PostInvalid
from bot.flow import Checked
from bot.formatting.rendered import Rendered, told
from bot.intake.form import OTHER
from bot.model.account import Account
from bot.model.written import Written
from bot.web import standing
from bot.web.here import now, the_bot


@dataclass(frozen=True, slots=True)
class Seen:
    """One account's: its words, when they would go out, and what is said of them."""

    account: str
    rendered: Rendered
    due_at: datetime | None
    errors: tuple[str, ...]
    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Preview:
    """All accounts', and what is wrong with the form itself."""

    accounts: tuple[Seen, ...] = ()
    wrong: dict[str, str] = field(default_factory=dict)
    errors: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def first_due_at(self) -> datetime | None:
        times = [one.due_at for one in self.accounts if one.due_at is not None]
        return min(times, default=None)

    @property
    def is_good(self) -> bool:
        """Whether some account could take it as it is."""
        return any(not one.errors for one in self.accounts) and not self.wrong


def previewed(written: Written | None, wrong: dict[str, str], post_id: int | None) -> Preview:
    """Render what is typed; what cannot be read yet is told instead."""
    if written is None:
        return Preview(wrong=wrong)
    bot = the_bot()
    try:
        rows = standing.named(written.to or bot.admission.default_names)
        checked = flow.examine(bot.admission, written, bot.store, post_id, known=rows)
        times = bot.admission.times(written)
    except PostInvalid as error:
        return Preview(wrong={OTHER: error.reason})
    free = {} if times.due_at else _free(rows, is_now=written.timing == "now")
    seen = tuple(
        Seen(name, one, times.due_at or free.get(name), one.errors, one.warnings)
        for name, one in checked.rendered.items()
    )
    return Preview(seen, errors=_general(checked), notes=times.notes)


def _free(rows: Sequence[Account], *, is_now: bool) -> dict[str, datetime | None]:
    """When each account's next free time is; the first round's, where it recurs."""
    bot = the_bot()
    if is_now:
        return {row.name: now() for row in rows}
    with bot.store.read() as session:
        free = bot.planner.free_slots(session, rows, now())
    return {row.name: free[row.id] for row in rows}


def _general(checked: Checked) -> tuple[str, ...]:
    """What stands against it beyond any one account's words: the same post waits already."""
    rendered = [*checked.rendered.values(), *checked.later]
    of_words = {said for _, said in told(rendered, errors=True)}
    return tuple(said for _, said in checked.errors if said not in of_words)
