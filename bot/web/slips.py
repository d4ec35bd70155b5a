"""The posts of a calendar's grid, ready to be written: hundreds stand on one page.

Words that many of them share are made once: to translate, and to write a date, takes longest.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask import url_for

from bot.model.delivery import State
from bot.reports import words
from bot.store import listing as lists
from bot.store.engine import Session
from bot.store.listing import Wanted
from bot.web import wording
from bot.web.permissions import may_change

MOVABLE = (State.WAITING, State.HELD)
MOST_SIGNS = 60
Known = dict[Any, str]


def found(
    session: Session, between: Sequence[Wanted], most: int
) -> list[tuple[datetime, dict[str, Any]]]:
    """What the template asks of each, in order of its moment, which stands before it."""
    rows = [row for wanted in between for row in lists.slips(session, wanted, most)]
    known: Known = {}
    return [(_at(row), _slip(row, known)) for row in sorted(rows, key=lambda r: (_at(r), r.id))]


def is_out(state: str) -> bool:
    """Whether all of it is; half a thread still has its place in what is ahead."""
    return state == State.SENT


def _at(row: Any) -> datetime:
    moment: datetime = row.sent_at if is_out(row.state) else row.due_at
    return moment


def _slip(row: Any, known: Known) -> dict[str, Any]:
    sign, colour = wording.SIGNS[State(row.state)]
    is_movable = row.state in MOVABLE and may_change(row)
    return {
        "url": url_for("posts.show", post_id=row.post_id),
        "is_out": is_out(row.state),
        "clock": wording.clock(_at(row)),
        "account": row.account,
        "sign": sign,
        "colour": colour,
        "state": _state(row, known),
        "by_hand": row.by_hand,
        "text": words.excerpt(row.text, MOST_SIGNS),
        "delivery": row.id,
        "move": (row.id, named(row.due_at, row.account, row.text, known)) if is_movable else None,
    }


def _state(row: Any, known: Known) -> str:
    is_noted = row.asked_at is not None and row.state in (State.SENT, State.CANCELLED)
    key = (row.state, row.holds, is_noted)
    if key not in known:
        told = {"state": row.state, "holds": row.holds, "to_be_noted": is_noted}
        known[key] = wording.state(told)
    return known[key]


def named(due_at: datetime | str, account: str, text: str, known: Known | None = None) -> str:
    """`Tuesday 1 December 2026, 08:30, X: Hundreds stood …`."""
    known = {} if known is None else known
    day = wording.local(due_at).date()
    if day not in known:
        known[day] = wording.day(day)
    title = wording.account_title(account)
    return f"{known[day]}, {wording.clock(due_at)}, {title}: {words.excerpt(text, 40)}"
