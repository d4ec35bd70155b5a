"""The first three sentences of a week's report, to be passed on as they stand. Pure.

What went out; what did best against the usual; what changed. They hold no money, no name of a
person and nothing that a person noted, and call few posts few.
"""

import re
from collections.abc import Iterable, Sequence

from bot.reports import words
from bot.reports.figures.figure import FEW
from bot.reports.figures.periods import NAMES, SURE, Change, number
from bot.reports.weekly.facts import AccountWeek, Best, Report

OPENING = 60
ADDRESS = re.compile(r"https?://\S*")
NO_POSTS = "no posts"
STANDINGS = {"above": "more than usual", "as usual": "as usual", "below": "fewer than usual"}


def sentences(report: Report) -> tuple[str, str, str]:
    """All three."""
    return what_went_out(report), what_did_best(report), what_changed(report)


def what_went_out(report: Report) -> str:
    """How many posts, and where; else that nothing went out, and why."""
    when = f"{'In' if report.is_over else 'So far in'} the week from {report.week.in_words}"
    of = f" of the campaign “{report.campaign}”" if report.campaign else ""
    if not report.posts:
        return f"{when}, nothing{of} went out: {listed(report.silence)}."
    where = [(one, f"on {report.title(one.account)}") for one in report.accounts if one.posts]
    posts = f"{when}, {words.plural(report.number, 'post')}{of} went out"
    if len(where) == 1:
        return f"{posts} {where[0][1]}{_by_hand(where[0][0])}."
    each = listed(f"{one.posts:,} {place}{_by_hand(one)}" for one, place in where)
    return f"{posts}: {each}{_on_several(report, len(where))}."


def _on_several(report: Report, places: int) -> str:
    """Those that went out in more than one place, so that the numbers add up."""
    where: dict[int, set[str]] = {}
    for one in report.posts:
        where.setdefault(one.post_id, set()).add(one.account)
    several = sum(len(names) > 1 for names in where.values())
    if not several:
        return ""
    return f", {several:,} of them on {'both' if places == 2 else 'more than one'}"


def _by_hand(one: AccountWeek) -> str:
    """Those the group made on the Platform itself."""
    if not one.by_hand:
        return ""
    return f" ({one.by_hand:,} of {'it' if one.posts == 1 else 'them'} made there by hand)"


def what_did_best(report: Report) -> str:
    """The best post of each Account beside what is usual there; Accounts are not compared."""
    if not report.posts:
        return "No post means no figures for this week."
    first: dict[str, Best] = {}
    for one in report.best:
        first.setdefault(one.post.account, one)
    said = [_best(report, one) for one in first.values()]
    said += [
        f"on {report.title(one.account)}, not known yet ({one.reason})" for one in report.unread
    ]
    return f"What did best: {'; '.join(said)}."


def _best(report: Report, best: Best) -> str:
    opening = words.excerpt(without_addresses(best.post.opening), OPENING)
    alone = "the only post that can be judged, " if best.counted == 1 else ""
    had = counted(best.value, best.measure)
    place = f"on {report.title(best.post.account)}"
    return f"{place}, {alone}“{opening}”, with {had} after 24 hours{beside_usual(best)}"


def without_addresses(opening: str) -> str:
    """The words of a post, which are what it is known by; its address where it has no words."""
    return ADDRESS.sub("", opening).strip() or opening.strip()


def beside_usual(best: Best) -> str:
    """How a post stands to the usual of its Account, as the end of a sentence."""
    median = best.usual.median
    if median is None or best.standing is None:
        return f" (what is usual cannot be told yet: {best.usual.reason})"
    half = f"half of the posts of the last 90 days had {number(median)} or more"
    return f", {standing(best)} ({half})"


def standing(best: Best) -> str:
    """`more than usual`; a dash where nobody can tell."""
    return STANDINGS.get(best.standing or "", "–")


def what_changed(report: Report) -> str:
    """The week against the one before, by Account; what may be chance is called so."""
    if not report.posts_before:
        again = "either, so that nothing changed" if not report.posts else "to compare with"
        return f"In the week before, nothing went out {again}."
    before = f"In the week before, {words.plural(report.posts_before, 'post')} went out"
    if not report.posts:
        return f"{before}."
    judged = _measures(report)
    told = [
        _changed(report.title(one.account), one.changes[judged.get(one.account, "views")])
        for one in report.accounts
    ]
    return f"{before}; {'; '.join(told)}."


def _measures(report: Report) -> dict[str, str]:
    return {one.post.account: one.measure for one in report.best}


def _changed(title: str, change: Change) -> str:
    ours, theirs = change.now, change.before
    if ours.median is None:
        nothing = ours.reason == NO_POSTS
        return f"on {title}, {'nothing went out this time' if nothing else f'{ours.reason}'}"
    half = f"on {title}, half of the posts had {counted(ours.median, change.count)} or more"
    if theirs.median is None:
        nothing = theirs.reason == NO_POSTS
        return (
            f"{half} ({'nothing to compare with there' if nothing else f'before: {theirs.reason}'})"
        )
    return f"{half} after 24 hours, before {number(theirs.median)}{_how_sure(change)}"


def _how_sure(change: Change) -> str:
    if change.p is None:
        fewest = min(change.now.known, change.before.known)
        return f" (too few to tell a change: {fewest}, it takes {FEW})"
    return ", which may be chance" if change.p >= SURE else ", more than chance explains"


def counted(value: float, measure: str) -> str:
    """`1,204 views`."""
    name = NAMES.get(measure, measure)
    return f"{number(value)} {name.removesuffix('s') if value == 1 else name}"


def listed(said: Iterable[str]) -> str:
    """`a`, `a and b`, `a, b and c`."""
    parts: Sequence[str] = list(said)
    return " and ".join(filter(None, (", ".join(parts[:-1]), *parts[-1:])))
