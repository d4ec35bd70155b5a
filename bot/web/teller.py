"""How a post on an account stands, told by a page: the same as at every door, in its language."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.model.delivery import State
from bot.reports import teller
from bot.web import wording
from bot.web.language import _


@dataclass(frozen=True, slots=True)
class Teller(teller.Teller):
    """The same, as pages write times and words."""

    def say(self, text: str, **values: object) -> str:
        return _(text, **values)

    def date(self, text: str | None, *, short: bool = False) -> str:  # noqa: ARG002  pages have room
        return wording.moment(text) if text else "–"

    def goes_out(self, row: Mapping[str, Any]) -> str:
        """When it goes out, or how it stands if it does not."""
        if row["state"] != State.WAITING:
            return wording.state(dict(row))
        again = self.next_try(row)
        if again is not None:
            when, away = wording.moment(again), wording.away(again)
            said = _("is tried again %(when)s, %(away)s", when=when, away=away)
            return f"{said} ({row['reason'].rstrip('.')})" if row["reason"] else said
        if not row["due_at"]:
            return _("has no time yet")
        when, away = wording.moment(row["due_at"]), wording.away(row["due_at"])
        return _("goes out %(when)s, %(away)s", when=when, away=away)
