"""Words that the charts' sentences share."""

from collections.abc import Sequence

from bot.reports.figures.figure import FEW, Figure
from bot.reports.figures.periods import NAMES, age_in_words, number
from bot.reports.words import plural

NOTHING_OUT = "Nothing went out in this time, or nothing fits what was asked for."

# Heads of a chart's table that shows where the middle half of the posts lies.
MIDDLE_HALF = {
    "posts": "Posts",
    "low": "Lower quarter",
    "median": "Median",
    "high": "Upper quarter",
    "note": "Note",
}


def count_name(count: str) -> str:
    """`views`, `link clicks`."""
    return NAMES.get(count, count)


def half(figure: Figure, title: str, count: str, age_hours: int) -> str:
    """`Half of the 48 posts on X had 1,204 views or more so far`, or why nobody can tell."""
    if figure.median is None:
        return f"{title}: no {count_name(count)} can be told ({figure.reason})"
    had = f"{number(figure.median)} {count_name(count)}"
    when = age_in_words(age_hours)
    if figure.known == 1:
        return f"The one post on {title} that was counted had {had} {when}"
    but = f", of which {figure.known:,} were counted," if figure.known < figure.posts else ""
    told = f"Half of the {plural(figure.posts, 'post')} on {title}{but} had {had} or more {when}"
    return f"{told} (few posts, no more than a hint)" if figure.is_small else told


def together(sentences: Sequence[str]) -> str:
    """Sentences one after the other, each with its stop."""
    return " ".join(one if one.endswith(".") else f"{one}." for one in sentences)


def note(figure: Figure) -> str | None:
    """What a table says beside a figure: why it is missing, or that it stands on few posts."""
    if figure.median is None:
        return figure.reason
    return f"fewer than {FEW} posts" if figure.is_small else None
