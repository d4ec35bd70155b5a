"""What a post becomes on each Account, and what stands against it. Reads, and stores nothing.

The one way from what an author wrote to the words of an Account: a check without a database, a
preview, a new post and an edit all come through here.
"""

import difflib
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.clock import Clock
from bot.clock.local import in_words
from bot.errors import PostInvalid
from bot.formatting import rotation
from bot.formatting.imprint import Imprint
from bot.formatting.rendered import Rendered, told
from bot.formatting.style import PLAIN, Style
from bot.formatting.template import Template, filled
from bot.formatting.variant import render
from bot.formatting.wording import Recent
from bot.intake import postingtimes
from bot.intake.forms import FEWEST_WORDINGS, TWO_WORDINGS
from bot.intake.occasions import last_day
from bot.intake.pictures import Pictures
from bot.intake.postingtimes import Times
from bot.model.account import Account
from bot.model.delivery import State
from bot.model.written import Written
from bot.platforms.contract import Platform
from bot.store import accounts, deliveries, planning
from bot.store.accounts import NAMED_IN_FULL
from bot.store.engine import Session

SAME_TEXT_WITHIN = timedelta(days=30)


def no_templates(name: str) -> Template:
    """Where there is no folder of templates."""
    raise PostInvalid(f"template: there is no template named {name}.")


@dataclass(frozen=True, slots=True)
class Rendering:
    """The rules of this bot, and what they need: Platforms by Account name, zone and imprint.

    `kinds` are the Platforms each once, and `defaults` the Accounts that posts go to which name
    none, where there are more than those of the environment.
    """

    clock: Clock
    zone: ZoneInfo
    too_late: timedelta
    spacing: timedelta
    imprint: Imprint
    platforms: Mapping[str, Platform]
    kinds: Mapping[str, Platform] = field(default_factory=dict)
    defaults: Callable[[], Sequence[str]] | None = None
    style: Style = PLAIN
    pictures: Pictures = field(default_factory=Pictures)
    template: Callable[[str], Template] = no_templates

    @property
    def default_names(self) -> tuple[str, ...]:
        """Where a post is meant to go that names no Account, on or not."""
        return tuple(self.platforms if self.defaults is None else self.defaults())

    def targets(self, session: Session, written: Written) -> list[Account]:
        """The Accounts a post is for; PostInvalid where one is unknown or off."""
        if written.to is None:
            return self._by_default(session)
        known = accounts.some_named(session, written.to)
        for name in written.to:
            if name not in known or name not in self.platforms:
                raise PostInvalid(unknown(name, self.platforms))
            missing = ", ".join(self.platforms[name].missing_settings)
            if missing:
                raise PostInvalid(f"to: the account {name} is off. Missing settings: {missing}.")
        return [known[name] for name in written.to]

    def _by_default(self, session: Session) -> list[Account]:
        """Where a post goes that names no Account; PostInvalid where nowhere."""
        meant = [row for row in accounts.by_default(session) if row.name in self.platforms]
        found = [row for row in meant if not self.platforms[row.name].missing_settings]
        if found:
            return found
        if any(not self.platforms[name].missing_settings for name in self.platforms):
            raise PostInvalid("to: say which account it is for; none takes posts that do not.")
        raise PostInvalid(
            "No account is on yet. Put its keys into .env; bot accounts list says which."
        )

    def illustrated(self, written: Written, folder: Path | None = None) -> Written:
        """The post with its files read, as found beside it or in the posts folder.

        Slow, so never inside a transaction. PostInvalid where a file cannot be used at all.
        """
        if not written.media:
            return written
        rules = [platform.rules for platform in (self.kinds or self.platforms).values()]
        return self.pictures.illustrated(written, folder, rules)

    def render(
        self,
        account: Account,
        written: Written,
        recent: tuple[Recent, ...] = (),
        wording: int = 0,
    ) -> Rendered:
        return self.drawn(account.name, written, account.max_weight, recent, wording)

    def drawn(
        self,
        name: str,
        written: Written,
        max_weight: int | None = None,
        recent: tuple[Recent, ...] = (),
        wording: int = 0,
    ) -> Rendered:
        """What the Account of that name gets; for a check this needs no database."""
        day = last_day(written) or (written.at or self.clock().astimezone(self.zone)).date()
        platform = self.platforms[name]
        worded = self.filled(rotation.worded(written, wording))
        return render(
            worded.for_platform(platform.rules.platform),
            platform,
            self.imprint,
            max_weight,
            style=self.style,
            on=day,
            recent=recent,
        )

    def filled(self, written: Written) -> Written:
        """The post in the words of its template, as that is now; PostInvalid where it cannot be."""
        if written.template is None:
            return written
        try:
            template = self.template(written.template)
        except PostInvalid as error:
            line = written.lines.get("template")
            raise PostInvalid(error.reason, line=line) from None
        return filled(written, template)

    def later_wordings(self, account: Account, written: Written) -> list[Rendered]:
        """What the Account gets in later rounds of a post that recurs."""
        return self.later_drawn(account.name, written, account.max_weight)

    def later_drawn(
        self, name: str, written: Written, max_weight: int | None = None
    ) -> list[Rendered]:
        """The same for a check; PostInvalid where two wordings come out as the same."""
        count = rotation.count(written, self.platforms[name].rules.platform)
        if written.every is not None and count < FEWEST_WORDINGS:
            raise PostInvalid(TWO_WORDINGS, line=written.lines.get("every"))
        drawn = [self.drawn(name, written, max_weight, wording=n) for n in range(count)]
        if len({one.text_key for one in drawn}) < count:
            hint = " Its template leaves the text out there." if written.template else ""
            raise PostInvalid(
                f"every: two of the wordings are the same on {drawn[0].title}.{hint}",
                line=written.lines.get("every"),
            )
        return drawn[1:]

    def recent(
        self,
        session: Session,
        rows: Collection[Account],
        written: Written,
        post_id: int | None,
    ) -> dict[int, tuple[Recent, ...]]:
        """By Account: its posts that a new one must not repeat."""
        ids = [row.id for row in rows]
        if written.again:
            return dict.fromkeys(ids, ())
        since = self.clock() - SAME_TEXT_WITHIN
        found = deliveries.recent_texts(session, ids, sent_after=since, not_post=post_id)
        return {
            key: tuple(Recent(f"P{number}", text, is_out) for number, is_out, text in texts)
            for key, texts in found.items()
        }

    def times(self, written: Written) -> Times:
        """When a new post is due and expires; PostInvalid where that has passed."""
        return postingtimes.times(written, self.zone, self.clock(), self.too_late)

    def partly(self, errors: Sequence[str], fitting: Sequence[Account]) -> tuple[str, ...]:
        """The mistakes of Accounts that cannot take a post, and where it goes out all the same."""
        if not errors:
            return ()
        others = " and ".join(self.platforms[row.name].rules.title for row in fitting)
        return tuple(f"Not queued for {said} It goes out on {others}." for said in errors)

    def refuse_same(
        self,
        session: Session,
        account: Account,
        rendered: Rendered,
        written: Written,
        post_id: int | None,
    ) -> None:
        for said in self.same_as(session, {account.id: rendered}, written, post_id):
            raise PostInvalid(said)

    def same_as(
        self,
        session: Session,
        rendered: Mapping[int, Rendered],
        written: Written,
        post_id: int | None,
    ) -> list[str]:
        """What is said of words that wait, or went out not long ago, in the order of Accounts."""
        if written.again:
            return []
        twins = deliveries.same_texts(
            session,
            {key: one.text_key for key, one in rendered.items()},
            sent_after=self.clock() - SAME_TEXT_WITHIN,
            not_post=post_id,
        )
        return [
            f"Same as P{twins[key].post_id} on {one.title}, "
            f"{'which went out' if twins[key].state == State.SENT else 'which is waiting'}. "
            "To post it all the same, add again: yes."
            for key, one in rendered.items()
            if key in twins
        ]

    def crowded(self, session: Session, account: Account, due_at: datetime | None) -> list[str]:
        if due_at is None:
            return []
        close = [
            moment
            for moment in planning.taken_times(session, account.id, due_at - self.spacing)
            if abs(moment - due_at) < self.spacing
        ]
        if not close:
            return []
        return [f"{account.name}: another post goes out at {in_words(close[0], self.zone)}."]


def unknown(name: str, known: Mapping[str, object]) -> str:
    """What is said of a name in `to` that no Account has."""
    near = difflib.get_close_matches(name, known, 1, 0.5)
    more = f" and {len(known) - NAMED_IN_FULL:,} more" if len(known) > NAMED_IN_FULL else ""
    some = f"{', '.join(list(known)[:NAMED_IN_FULL])}{more}"
    hint = f"Did you mean {near[0]}?" if near else f"Accounts: {some}."
    return f"to: there is no account named {name}. {hint}"


def remarks(rendered: Iterable[Rendered]) -> list[str]:
    """What its author should know, with the line of the file where it is known."""
    return [f"Line {line}, {said}" if line else said for line, said in told(rendered, errors=False)]


def first_line(found: Iterable[tuple[int | None, str]]) -> int | None:
    return next((line for line, _ in found if line is not None), None)
