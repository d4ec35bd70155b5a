"""Words that the charts' sentences share."""

from collections.abc import Sequence

from bot.reports.charts.tongue import Tongue
from bot.reports.figures.figure import FEW, Figure
from bot.reports.figures.periods import number


def nothing_out(tongue: Tongue) -> str:
    """Why a chart is empty."""
    return tongue.say("Nothing went out in this time, or nothing fits what was asked for.")


def middle_half(tongue: Tongue) -> dict[str, str]:
    """Heads of a chart's table that shows where the middle half of the posts lies."""
    return {
        "posts": tongue.say("Posts"),
        "low": tongue.say("Lower quarter"),
        "median": tongue.say("Median"),
        "high": tongue.say("Upper quarter"),
        "note": tongue.say("Note"),
    }


def head(count: str, tongue: Tongue) -> str:
    """`Views`, `Link clicks`."""
    return tongue.count(count).capitalize()


def hollow(tongue: Tongue) -> str:
    """What a hollow dot means."""
    return tongue.say("Hollow: fewer than %(n)s posts.", n=FEW)


def bar(tongue: Tongue) -> str:
    """What the bar beneath a dot means."""
    return tongue.say("Bar: the middle half of the posts.")


def half(figure: Figure, title: str, count: str, age_hours: int, tongue: Tongue) -> str:
    """`Half of the 48 posts on X had 1,204 views or more so far`, or why nobody can tell."""
    name = tongue.count(count)
    if figure.median is None:
        why = tongue.reason(figure.reason)
        return tongue.say(
            "%(where)s: no %(count)s can be told (%(why)s)", where=title, count=name, why=why
        )
    had, when = f"{number(figure.median)} {name}", tongue.age(age_hours)
    if figure.known == 1:
        return tongue.say(
            "The one post on %(where)s that was counted had %(had)s %(when)s",
            where=title, had=had, when=when,
        )  # fmt: skip
    posts = tongue.plural("%(num)s post", "%(num)s posts", figure.posts)
    if figure.known < figure.posts:
        told = tongue.say(
            "Half of the %(posts)s on %(where)s, of which %(known)s were counted, had %(had)s or "
            "more %(when)s",
            posts=posts, where=title, known=f"{figure.known:,}", had=had, when=when,
        )  # fmt: skip
    else:
        told = tongue.say(
            "Half of the %(posts)s on %(where)s had %(had)s or more %(when)s",
            posts=posts, where=title, had=had, when=when,
        )  # fmt: skip
    if not figure.is_small:
        return told
    return tongue.say("%(told)s (few posts, no more than a hint)", told=told)


def together(sentences: Sequence[str]) -> str:
    """Sentences one after the other, each with its stop."""
    return " ".join(one if one.endswith(".") else f"{one}." for one in sentences)


def note(figure: Figure, tongue: Tongue) -> str | None:
    """What a table says beside a figure: why it is missing, or that it stands on few posts."""
    if figure.median is None:
        return tongue.reason(figure.reason)
    return tongue.say("fewer than %(n)s posts", n=FEW) if figure.is_small else None
