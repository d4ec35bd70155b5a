"""What may be chosen for a feed, by command or in `posts/feeds.toml`, and the checks on it."""

import difflib
import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from bot.errors import UsageError

MODES = ("review", "queue")
TEMPLATE = "New on {site}: {title}"
TEMPLATE_FIELDS = ("title", "site")
FIELD = re.compile(r"\{(\w*)\}")
MAX_WORD = 100
MAX_TEMPLATE = 300


@dataclass(frozen=True, slots=True)
class Options:
    """How a feed's articles become posts; `accounts` None means every account that is on."""

    mode: str = "review"
    accounts: tuple[str, ...] | None = None
    campaign: str | None = None
    labels: tuple[str, ...] = ()
    template: str = TEMPLATE

    @property
    def is_reviewed(self) -> bool:
        """Whether a person approves each post first."""
        return self.mode == "review"

    @property
    def decision(self) -> str:
        """What becomes of a new article: `review` or `post`."""
        return "review" if self.is_reviewed else "post"

    def to_json(self) -> dict[str, Any]:
        """Plain data for the database column, without what was left at its default."""
        plain = asdict(self)
        default = asdict(Options())
        return {
            name: list(value) if isinstance(value, tuple) else value
            for name, value in plain.items()
            if value != default[name]
        }


def read_options(given: Mapping[str, Any], accounts: Collection[str]) -> Options:
    """Options as typed; UsageError names the first that is wrong."""
    values: dict[str, Any] = {}
    for name, value in given.items():
        if name not in READERS:
            raise UsageError(f"{name} is not known. {nearest(name, READERS)}")
        if value is not None:
            values[name] = READERS[name](name, value)
    for account in values.get("accounts") or ():
        if account not in accounts:
            raise UsageError(f"accounts: there is no {account}. {nearest(account, accounts)}")
    return Options(**values)


def nearest(name: str, known: Collection[str]) -> str:
    """A hint at the word that was meant, or all there are."""
    near = difflib.get_close_matches(name, known, 1, 0.5)
    return f"Did you mean {near[0]}?" if near else f"Known: {', '.join(known) or 'none yet'}."


def _word(name: str, value: Any) -> str | None:
    if not isinstance(value, str) or len(value) > MAX_WORD or "\n" in value:
        raise UsageError(f"{name}: write one line of at most {MAX_WORD} characters.")
    return value.strip() or None


def _words(name: str, value: Any) -> tuple[str, ...]:
    if not isinstance(value, list | tuple) or not all(isinstance(word, str) for word in value):
        raise UsageError(f'{name}: write a list such as ["one", "two"].')
    return tuple(dict.fromkeys(found for word in value if (found := _word(name, word))))


def _names(name: str, value: Any) -> tuple[str, ...] | None:
    return _words(name, value) or None


def _mode(name: str, value: Any) -> str:
    if value not in MODES:
        raise UsageError(f"{name}: is either review or queue.")
    return str(value)


def _template(name: str, value: Any) -> str:
    if not isinstance(value, str) or len(value) > MAX_TEMPLATE:
        raise UsageError(f"{name}: write a text of at most {MAX_TEMPLATE} characters.")
    for field in FIELD.findall(value):
        if field not in TEMPLATE_FIELDS:
            raise UsageError(f"{name}: {{{field}}} is not known. {nearest(field, TEMPLATE_FIELDS)}")
    if "{title}" not in value:
        raise UsageError(f"{name}: has no {{title}} in it. Write for example {TEMPLATE}")
    return value


READERS: dict[str, Callable[[str, Any], Any]] = {
    "mode": _mode,
    "accounts": _names,
    "campaign": _word,
    "labels": _words,
    "template": _template,
}
