"""The rules of a feed as options of a command, and told in words."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

import click

from bot.errors import UsageError

Command = TypeVar("Command", bound=Callable[..., Any])

# Option, the key it stands for in feeds.toml, and its help; all may be repeated.
LISTS: tuple[tuple[str, str, str], ...] = (
    ("--account", "accounts", "Only for this account."),
    ("--label", "labels", "A label for its posts."),
    ("--include", "include", "Only articles with one of these words or phrases."),
    ("--exclude", "exclude", "No article with this word or phrase."),
    ("--author", "authors", "Only articles by this author."),
    ("--section", "sections", "Only articles of this section or tag."),
    ("--without-link", "without_link", "Leave the link out on this account."),
)
SINGLES: tuple[tuple[str, str, str, str], ...] = (
    ("--campaign", "campaign", "NAME", "The campaign its posts belong to."),
    ("--template", "template", "TEXT", r"Its posts' form: {title}, {quote} ...; \n is a new line."),
    ("--quiet-hours", "quiet_hours", "HOURS", "Nothing goes out in these: 21:00-08:00."),
    ("--too-old", "too_old", "TIME", "Leave articles older than this: 7 days."),
    ("--lapse-after", "lapse_after", "TIME", "How long a review may take: 7 days."),
)
CLEARABLE = ("accounts", "campaign", "labels", "template", "include", "exclude", "authors",
             "sections", "max_per_day", "quiet_hours", "too_old", "lapse_after", "without_link",
             "hashtags")  # fmt: skip


def rule_options(command: Command) -> Command:
    """Gives a command an option for each rule; `chosen_rules` reads them."""
    for option, key, help_text in reversed(LISTS):
        names = (option, f"--{key.replace('_', '-')}") if option != "--without-link" else (option,)
        shown = f"{help_text} May be repeated."
        command = click.option(*dict.fromkeys(names), key, multiple=True, help=shown)(command)
    for option, key, kind, help_text in reversed(SINGLES):
        command = click.option(option, key, metavar=kind, help=help_text)(command)
    command = click.option(
        "--max-per-day", type=int, metavar="N", help="At most so many articles a day."
    )(command)
    return click.option(
        "--hashtag",
        "hashtags",
        multiple=True,
        metavar="WORDS=#TAG",
        help="A topic and its hashtag. May be repeated.",
    )(command)


def chosen_rules(given: Mapping[str, Any]) -> dict[str, Any]:
    """The rules that were typed, in the form of feeds.toml."""
    rules: dict[str, Any] = {
        key: list(value) if isinstance(value, tuple) else value
        for key, value in given.items()
        if value not in (None, ())
    }
    if "hashtags" in rules:
        rules["hashtags"] = [_topic(pair) for pair in rules["hashtags"]]
    if "template" in rules:
        rules["template"] = rules["template"].replace(r"\n", "\n")
    return rules


def _topic(pair: str) -> list[str]:
    words, equals, tag = pair.rpartition("=")
    if not equals:
        raise UsageError(
            '--hashtag: write words and their tag, such as "school meals=#SchoolMeals".'
        )
    return [words.strip(), tag.strip()]


def rules_in_words(options: Mapping[str, Any]) -> list[str]:
    """Each rule that was chosen as a line: `Only with: Honduras, river.`"""
    said: list[tuple[str, Any]] = [
        ("Only with", _listed(options.get("include"))),
        ("Never with", _listed(options.get("exclude"))),
        ("Only by", _listed(options.get("authors"))),
        ("Only in", _listed(options.get("sections"))),
        ("Only for", _listed(options.get("accounts"))),
        ("At most a day", options.get("max_per_day")),
        ("Quiet hours", options.get("quiet_hours")),
        ("Left when older than", options.get("too_old")),
        ("Review within", options.get("lapse_after")),
        ("Without link on", _listed(options.get("without_link"))),
        ("Campaign", options.get("campaign")),
        ("Labels", _listed(options.get("labels"))),
        ("Template", " / ".join(filter(None, str(options.get("template") or "").split("\n")))),
        ("Hashtags", _listed([tag for _, tag in options.get("hashtags") or ()])),
    ]
    return [f"{name}: {value}." for name, value in said if value]


def _listed(words: Sequence[str] | None) -> str:
    return ", ".join(words or ())
