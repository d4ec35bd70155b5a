"""Figures told by a page, in its language: the same sentences as `bot.reports.figures` has.

Nothing is reckoned here. What a figure lacks is told by the same table of reasons.
"""

import re
from datetime import timedelta
from functools import cache

from bot.reports.figures.figure import AGES, Figure
from bot.reports.figures.followers import Following
from bot.reports.figures.groups import DAYS
from bot.reports.figures.money import Price
from bot.reports.figures.periods import SURE, Change, number
from bot.reports.figures.wordings import FEWEST, Verdict
from bot.web import wording
from bot.web.language import _, plural

# Why there is no figure, as `figure`, `money` and `visits` say it; brackets are filled in.
REASONS = (
    "%(where)s did not say",
    "not counted yet",
    "not yet %(age)s old",
    "not read at %(age)s",
    "no posts",
    "too few posts: %(n)s",
    "it cost nothing",
    "no views",
    "your statistics do not name it",
    "no post of the last year has these tags",
    "several posts have these tags",
)
COUNTS = {
    "views": "views",
    "likes": "likes",
    "comments": "comments",
    "shares": "shares",
    "link_clicks": "link clicks",
}
# What groups are called that have no name of somebody's choosing.
GROUPS = (
    "no campaign",
    "no label",
    "with a link",
    "without a link",
    "with an image",
    "without an image",
    "by hand",
    *DAYS,
)
TABLES = (REASONS, tuple(COUNTS.values()), tuple(AGES.values()), GROUPS)
PLACE = re.compile(r"%\\\((\w+)\\\)s")


def reason(text: str | None) -> str:
    """Why there is no figure, in the page's language."""
    for template, pattern in _patterns():
        found = pattern.fullmatch(text or "")
        if found:
            values = found.groupdict()
            for age_word in AGES.values():
                values = {name: _(one) if one == age_word else one for name, one in values.items()}
            return _(template, **values)
    return text or ""


@cache
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((one, re.compile(PLACE.sub(r"(?P<\1>.+)", re.escape(one)))) for one in REASONS)


def group(by: str, name: str) -> str:
    """What a group is called, in the page's language."""
    if by == "account":
        return wording.account_title(name)
    if name in GROUPS:
        return _(name)
    return wording.who(name) if by == "author" else name


def count_word(name: str) -> str:
    """`link clicks` for link_clicks."""
    return _(COUNTS[name])


def age(hours: int) -> str:
    """`after 24 hours`, `so far`."""
    return _("after %(age)s", age=_(AGES[hours])) if hours in AGES else _("so far")


def median(figure: Figure) -> str:
    """The median, or a dash."""
    return "–" if figure.median is None else number(figure.median)


def half(figure: Figure) -> str:
    """`120 to 340`: where the middle half of the posts lies."""
    if figure.low is None or figure.high is None:
        return "–"
    return _("%(low)s to %(high)s", low=number(figure.low), high=number(figure.high))


def posts(this: int, last: int, title: str, length: timedelta) -> str:
    """How many went out, and how many in as long a time before."""
    days = plural("%(num)s day", "%(num)s days", -(-length // timedelta(days=1)))
    sent = plural("%(num)s post went out", "%(num)s posts went out", this)
    if this == last:
        return _(
            "%(where)s: %(posts)s in these %(days)s, as many as in as long a time before.",
            where=title, posts=sent, days=days,
        )  # fmt: skip
    told = _(
        "%(where)s: %(posts)s in these %(days)s, %(n)s more than in as long a time before.",
        where=title, posts=sent, days=days, n=f"{this - last:,}",
    )  # fmt: skip
    if this > last:
        return told
    return _(
        "%(where)s: %(posts)s in these %(days)s, %(n)s fewer than in as long a time before.",
        where=title, posts=sent, days=days, n=f"{last - this:,}",
    )  # fmt: skip


def change(one: Change, title: str, age_hours: int) -> str:
    """One count in this time and the one before; the same as its own sentence."""
    begin = f"{title}, {count_word(one.count)} {age(age_hours)}: "
    if one.now.median is None:
        return begin + _("nothing to say of this period (%(why)s).", why=reason(one.now.reason))
    told = _("half of the posts had %(n)s or more", n=number(one.now.median))
    if one.before.median is None:
        why = reason(one.before.reason)
        return f"{begin}{told}; " + _("nothing to compare with (%(why)s).", why=why)
    told = f"{begin}{told}, " + _("before %(n)s", n=number(one.before.median))
    if one.p is None:
        few = min(one.now.known, one.before.known)
        return f"{told}; " + _("too few posts to tell a change: %(n)s.", n=few)
    chance = "" if one.p < SURE else "; " + _("a difference this small may be chance")
    return f"{told}{_by(one.now.median, one.before.median)}{chance}."


def _by(ours: float, theirs: float) -> str:
    if ours == theirs:
        return ", " + _("no change")
    if theirs == 0:
        return ""
    much = f"{abs(ours / theirs - 1):.0%}"
    return ", " + (_("%(n)s more", n=much) if ours > theirs else _("%(n)s fewer", n=much))


def verdict(one: Verdict, names: tuple[str, str], title: str) -> str:
    """Which of two wordings did better; the same as its own sentence."""
    begin = f"{title}, {count_word(one.count)}: "
    for name, figure in zip(names, (one.first, one.second), strict=True):
        if figure.median is None:
            why = reason(figure.reason)
            return begin + _("undecided; of %(name)s: %(why)s.", name=name, why=why)
    fewest = min(one.first.known, one.second.known)
    if one.p is None:
        return begin + _(
            "undecided; too few posts: %(n)s. It takes %(most)s of each.", n=fewest, most=FEWEST
        )
    first, second = (number(figure.median or 0) for figure in (one.first, one.second))
    told = _("%(first)s and %(second)s in the middle", first=first, second=second)
    if one.better is None:
        return begin + _("undecided; %(told)s may be chance.", told=told)
    return begin + _("%(name)s did better; %(told)s.", name=one.better, told=told)


def price(one: Price, title: str) -> str:
    """What an account cost and a thousand of its views; the same as `money.sentence`."""
    if not one.spent:
        return _("%(where)s cost nothing.", where=title)
    spent = f"${one.spent:,.2f}"
    if one.per_thousand is None:
        return _(
            "%(where)s cost %(spent)s; for a thousand views, nobody can tell: %(why)s.",
            where=title, spent=spent, why=reason(one.reason),
        )  # fmt: skip
    told = _(
        "%(where)s cost %(spent)s: %(each)s for a thousand views",
        where=title, spent=spent, each=f"${one.per_thousand:,}",
    )  # fmt: skip
    unknown = one.views.posts - one.views.known
    if not unknown:
        return f"{told}."
    but = plural(
        "%(num)s post without views left out", "%(num)s posts without views left out", unknown
    )
    return f"{told} ({but})."


def following(one: Following, title: str) -> str:
    """How many follow an account, and how many more than before."""
    first, last = one.first, one.last
    if first is None or last is None:
        return _("%(where)s: not counted in this time.", where=title)
    told = _("%(where)s has %(n)s followers", where=title, n=f"{last.followers:,}")
    if one.gained is None:
        return f"{told}."
    since = wording.day(first.day)
    if one.gained >= 0:
        more = _("%(n)s more than on %(day)s", n=f"{one.gained:,}", day=since)
    else:
        more = _("%(n)s fewer than on %(day)s", n=f"{-one.gained:,}", day=since)
    return f"{told}, {more}."
