"""What may be chosen for a feed, by command or in `posts/feeds.toml`, and the checks on it.

One table holds every key with what it takes. Mistakes name the key and what to write instead.
"""

import difflib
import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Any

from bot.clock.local import hours_in
from bot.errors import UsageError
from bot.intake.folding import words_of

MODES = ("review", "queue")
TEMPLATE = "{title}\n\n{standfirst}\n\n{quote}\n\n{hashtags}"
TEMPLATE_FIELDS = ("title", "standfirst", "author", "site", "quote", "hashtags", "link")
FIELD = re.compile(r"\{(\w*)\}")
LENGTH = re.compile(r"(\d{1,4})\s*(h|hours?|d|days?|w|weeks?)", re.IGNORECASE)
UNITS = {"h": timedelta(hours=1), "d": timedelta(days=1), "w": timedelta(weeks=1)}
HASHTAG = re.compile(r"#\w*[^\W\d]\w*")
MAX_WORD = 100
MAX_WORDS = 200
MAX_TEMPLATE = 500
MAX_A_DAY = 100
LAPSE_AFTER = "7 days"


@dataclass(frozen=True, slots=True)
class Options:
    """How a feed's articles become posts; `accounts` None means every account that is on."""

    mode: str = "review"
    accounts: tuple[str, ...] | None = None
    campaign: str | None = None
    labels: tuple[str, ...] = ()
    template: str = TEMPLATE
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    sections: tuple[str, ...] = ()
    max_per_day: int | None = None
    quiet_hours: str | None = None
    too_old: str | None = None
    lapse_after: str = LAPSE_AFTER
    without_link: tuple[str, ...] = ()
    hashtags: tuple[tuple[str, str], ...] = ()

    @property
    def is_reviewed(self) -> bool:
        """Whether a person approves each post first."""
        return self.mode == "review"

    @property
    def decision(self) -> str:
        """What becomes of a new article: `review` or `post`."""
        return "review" if self.is_reviewed else "post"

    @property
    def too_old_after(self) -> timedelta | None:
        """The age from which an article is left alone; None for any age."""
        return length(self.too_old) if self.too_old else None

    @property
    def lapses_after(self) -> timedelta:
        """How long an article may wait for its review."""
        return length(self.lapse_after)

    def to_json(self) -> dict[str, Any]:
        """Plain data for the database column, without what was left at its default."""
        plain = asdict(self)
        default = asdict(Options())
        return {name: _plain(value) for name, value in plain.items() if value != default[name]}


def _plain(value: Any) -> Any:
    return [_plain(one) for one in value] if isinstance(value, tuple) else value


def read_options(given: Mapping[str, Any], accounts: Collection[str]) -> Options:
    """Options as typed; UsageError names the first that is wrong."""
    values: dict[str, Any] = {}
    for name, value in given.items():
        if name not in READERS:
            raise UsageError(f"{name} is not known. {nearest(name, READERS)}")
        if value is not None:
            values[name] = READERS[name](name, value)
    for name in ("accounts", "without_link"):
        for account in values.get(name) or ():
            if account not in accounts:
                raise UsageError(f"{name}: there is no {account}. {nearest(account, accounts)}")
    return Options(**values)


def nearest(name: str, known: Collection[str]) -> str:
    """A hint at the word that was meant, or all there are."""
    near = difflib.get_close_matches(name, known, 1, 0.5)
    return f"Did you mean {near[0]}?" if near else f"Known: {', '.join(known) or 'none yet'}."


def length(text: str) -> timedelta:
    """`7 days`, `36h` or `2 weeks` as a length of time; ValueError otherwise."""
    found = LENGTH.fullmatch(text.strip())
    if found is None or int(found[1]) == 0:
        raise ValueError(f"{text[:MAX_WORD]} is no length of time")
    return int(found[1]) * UNITS[found[2][0].lower()]


def _word(name: str, value: Any) -> str | None:
    if not isinstance(value, str) or len(value) > MAX_WORD or "\n" in value:
        raise UsageError(f"{name}: write one line of at most {MAX_WORD} characters.")
    return value.strip() or None


def _words(name: str, value: Any) -> tuple[str, ...]:
    is_list = isinstance(value, list | tuple) and all(isinstance(word, str) for word in value)
    if not is_list or len(value) > MAX_WORDS:
        raise UsageError(f'{name}: write a list such as ["one", "two"].')
    return tuple(dict.fromkeys(found for word in value if (found := _word(name, word))))


def _phrases(name: str, value: Any) -> tuple[str, ...]:
    phrases = _words(name, value)
    for phrase in phrases:
        if not words_of(phrase):
            raise UsageError(f"{name}: “{phrase}” has no word in it, so it would match nothing.")
    return phrases


def _names(name: str, value: Any) -> tuple[str, ...] | None:
    return _words(name, value) or None


def _mode(name: str, value: Any) -> str:
    if value not in MODES:
        raise UsageError(f"{name}: is either review or queue.")
    return str(value)


def _a_day(name: str, value: Any) -> int:
    if type(value) is not int or not 1 <= value <= MAX_A_DAY:
        raise UsageError(f"{name}: write a number from 1 to {MAX_A_DAY}, such as 3.")
    return value


def _hours(name: str, value: Any) -> str:
    try:
        hours_in(str(value))
    except ValueError:
        raise UsageError(f'{name}: write hours such as "21:00-08:00".') from None
    return str(value).strip()


def _length(name: str, value: Any) -> str:
    try:
        length(str(value))
    except ValueError:
        raise UsageError(
            f'{name}: write a length of time such as "7 days" or "36 hours".'
        ) from None
    return str(value).strip()


def _template(name: str, value: Any) -> str:
    if not isinstance(value, str) or len(value) > MAX_TEMPLATE:
        raise UsageError(f"{name}: write a text of at most {MAX_TEMPLATE} characters.")
    for field in FIELD.findall(value):
        if field not in TEMPLATE_FIELDS:
            raise UsageError(f"{name}: {{{field}}} is not known. {nearest(field, TEMPLATE_FIELDS)}")
    for field in ("title", "link", "quote"):
        if value.count(f"{{{field}}}") > 1:
            raise UsageError(f"{name}: has {{{field}}} more than once.")
    if "{title}" not in value:
        raise UsageError(
            f"{name}: has no {{title}} in it. Write for example New on {{site}}: {{title}}"
        )
    return value.strip("\n")


def _hashtags(name: str, value: Any) -> tuple[tuple[str, str], ...]:
    pairs = value.items() if isinstance(value, Mapping) else value
    example = f'{name}: write words and their hashtag, such as "school meals" = "#SchoolMeals".'
    try:
        found = tuple((words, tag) for words, tag in pairs)
    except (TypeError, ValueError):
        raise UsageError(example) from None
    for words, tag in found:
        is_good = (
            isinstance(words, str) and isinstance(tag, str) and len(f"{words}{tag}") <= MAX_WORD
        )
        if not is_good or not words_of(words) or not HASHTAG.fullmatch(tag):
            raise UsageError(example)
    return found


READERS: dict[str, Callable[[str, Any], Any]] = {
    "mode": _mode,
    "accounts": _names,
    "campaign": _word,
    "labels": _words,
    "template": _template,
    "include": _phrases,
    "exclude": _phrases,
    "authors": _phrases,
    "sections": _phrases,
    "max_per_day": _a_day,
    "quiet_hours": _hours,
    "too_old": _length,
    "lapse_after": _length,
    "without_link": _words,
    "hashtags": _hashtags,
}
