"""A week's report as headings, paragraphs and tables in plain words: what every form of it shows.

Pure. The public version leaves out costs, what a person must see to, and words that are not out.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from bot.clock.local import in_short, in_words
from bot.reports import words
from bot.reports.figures.figure import FEW, SHOWN, Figure
from bot.reports.figures.periods import NAMES, number
from bot.reports.weekly.facts import AccountWeek, Ahead, CampaignWeek, Report, Some
from bot.reports.weekly.summary import counted, sentences, standing, without_addresses

DASH = "–"


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a table; with an address it is a link to it."""

    text: str
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under their heads; the last `numbers` columns are numbers."""

    caption: str
    head: tuple[str, ...]
    rows: Sequence[tuple[Cell, ...]]
    numbers: int = 0


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the report under its heading."""

    name: str
    title: str
    paragraphs: Sequence[str] = ()
    tables: Sequence[Table] = ()


@dataclass(frozen=True, slots=True)
class Document:
    """The whole: a title, the three sentences, the sections, and what is to be known of figures."""

    title: str
    summary: tuple[str, ...]
    sections: Sequence[Section]
    foot: str


FOOT = (
    "Half of the posts had the number in the middle or more. Counts “after 24 hours” are those of "
    "the reading nearest to that age. Views on X and on Facebook are counted differently and are "
    "never added up. A dash means that the platform did not say."
)


def document(report: Report, *, public: bool) -> Document:
    """The report to be read; of the public version, what anybody may read."""
    of = f" ({report.campaign})" if report.campaign else ""
    chosen = [make(report) for make, for_all in SECTIONS if for_all or not public]
    coming = [_number_coming(report)] if public else []
    return Document(
        title=f"The week from {report.week.in_words}{of}",
        summary=sentences(report),
        sections=[section for section in (*chosen, *coming) if section is not None],
        foot=FOOT,
    )


def _campaigns(report: Report) -> Section | None:
    """A paragraph for each campaign; there is nothing to part where there is but one."""
    by_name: dict[str, list[CampaignWeek]] = {}
    for one in report.campaigns:
        by_name.setdefault(one.at_age.name, []).append(one)
    said = [
        f"{name}: {'; '.join(_campaign(report, one) for one in owned)}."
        for name, owned in by_name.items()
    ]
    return Section("campaigns", "By campaign", said) if said else None


def _campaign(report: Report, one: CampaignWeek) -> str:
    posts = f"{words.plural(one.at_age.posts, 'post')} on {report.title(one.at_age.account)}"
    figure, count = _first_known(one.at_age.figures)
    if figure.median is None:
        return f"{posts} ({figure.reason})"
    if one.at_age.posts == 1:
        posts = f"{posts}: {counted(figure.median, count)} after 24 hours"
    else:
        posts = f"{posts}, {_half(figure, count)}"
    total = one.newest.figures[count].total
    so_far = f", {words.count(total)} in all so far" if total else ""
    return f"{posts}{so_far}"


def _half(figure: Figure, count: str) -> str:
    had = f"{counted(figure.median or 0, count)}"
    if figure.known == 1:
        return f"of which one was read: {had} after 24 hours"
    few = " (few posts: a hint, no more)" if figure.known < FEW else ""
    return f"half had {had} or more after 24 hours{few}"


def _first_known(figures: Mapping[str, Figure]) -> tuple[Figure, str]:
    known = [count for count in SHOWN[:2] if figures[count].median is not None]
    count = known[0] if known else SHOWN[0]
    return figures[count], count


def _accounts(report: Report) -> Section | None:
    tables = [_account(report, one) for one in report.accounts]
    return Section("accounts", "By account", (), tables) if tables else None


def _account(report: Report, one: AccountWeek) -> Table:
    posts = words.plural(one.posts, "post")
    return Table(
        f"{report.title(one.account)}: {posts}, the week before {one.posts_before:,}",
        ("Count", "In all so far", "Half had, after 24 hours", "The week before", "Usual"),
        [_counts(one, count) for count in SHOWN],
        numbers=4,
    )


def _counts(one: AccountWeek, count: str) -> tuple[Cell, ...]:
    change = one.changes[count]
    figures = (change.now, change.before, one.usual[count])
    name = NAMES.get(count, count)
    total = Cell(words.count(one.totals[count].total))
    return (Cell(f"{name[0].upper()}{name[1:]}"), total, *(_middle(each) for each in figures))


def _middle(figure: Figure) -> Cell:
    """The median, or why there is none."""
    return Cell(figure.reason or DASH if figure.median is None else number(figure.median))


def _best(report: Report) -> Section | None:
    if not report.best:
        return None
    rows = [
        (
            Cell(without_addresses(one.post.opening), report.links.get(one.post.delivery_id)),
            Cell(report.title(one.post.account)),
            Cell(in_short(one.post.sent_at, one.post.zone)),
            Cell(standing(one)),
            _middle(one.usual),
            Cell(counted(one.value, one.measure)),
        )
        for one in report.best
    ]
    head = ("Post", "Account", "Went out", "Beside the usual", "Usual", "After 24 hours")
    return Section("best", "Best posts", (), [Table("Up to three of each account", head, rows, 2)])


def _asked(report: Report) -> Section | None:
    if report.asked is None:
        return None
    said = "Nothing waits for a person." if not report.asked.total else _of_all(report.asked)
    tables = _ahead(report, report.asked, "As it stands now")
    return Section("asked", "What did not go out or needs a person", [said], tables)


def _coming(report: Report) -> Section | None:
    if report.coming is None:
        return None
    said = "Nothing has a time yet." if not report.coming.total else _of_all(report.coming)
    return Section("coming", "What comes next", [said], _ahead(report, report.coming, "As planned"))


def _number_coming(report: Report) -> Section | None:
    """How many, without words that are not out yet."""
    if report.coming is None:
        return None
    said = f"{words.plural(report.coming.total, 'post')} planned until the end of next week."
    return Section("coming", "What comes next", [said])


def _of_all(some: Some) -> str:
    shown = f" The first {len(some.rows):,} are shown." if some.total > len(some.rows) else ""
    return f"{words.plural(some.total, 'post')}, each account counted.{shown}"


def _ahead(report: Report, some: Some, caption: str) -> list[Table]:
    head = ("Post", "Account", "Due", "How it stands", "Words")
    rows = [_one_ahead(report, one) for one in some.rows]
    return [Table(caption, head, rows)] if rows else []


def _one_ahead(report: Report, one: Ahead) -> tuple[Cell, ...]:
    why = f". {one.reason}" if one.reason else ""
    due = in_short(one.due_at, report.zone) if one.due_at else "no time yet"
    return tuple(
        map(Cell, (one.post, report.title(one.account), due, f"{one.stands}{why}", one.text))
    )


def _articles(report: Report) -> Section | None:
    """What the feeds brought; those that brought nothing for two weeks stand in their own list."""
    if report.campaign is not None:
        return None
    head = ("Feed", "New", "Queued", "To review", "Could not be used", "Left out", "Lapsed")
    rows = [
        (
            Cell(one.feed),
            *(
                Cell(f"{count:,}")
                for count in (
                    *(one.new, one.queued, one.to_review),
                    *(one.refused, one.left_out, one.lapsed),
                )
            ),
        )
        for one in report.articles
    ]
    said = [] if rows else ["No feed brought anything."]
    tables = [Table("What each feed brought", head, rows, numbers=6)] if rows else []
    return Section("articles", "Articles", said, tables)


def _quiet(report: Report) -> Section | None:
    if not report.quiet:
        return None
    said = [f"{name}: {why}" for name, why in report.quiet.items()]
    return Section("quiet", "Feeds without a post for 14 days", said)


def _followers(report: Report) -> Section | None:
    said = []
    for one in report.followers:
        now = f"{report.title(one.account)}: {words.count(one.now)} followers"
        change = one.change
        if change is None:
            said.append(f"{now}; of the week before nobody knows.")
        elif change:
            by = f"{abs(change):,} {'more' if change > 0 else 'fewer'}"
            said.append(f"{now}, {by} than the week before.")
        else:
            said.append(f"{now}, as many as the week before.")
    return Section("followers", "Followers", said) if said else None


def _costs(report: Report) -> Section | None:
    if not report.spent:
        return None
    head = ("Account", "Month", "The week", "Month so far", "Whole month, likely", "Budget")
    rows = [
        (
            Cell(report.title(one.account)),
            Cell(one.month.month),
            *(Cell(words.money(each)) for each in (one.week, one.month.spent, one.month.forecast)),
            Cell(DASH if one.month.budget is None else words.money(one.month.budget)),
        )
        for one in report.spent
    ]
    said = "By our own count of the platforms' dated prices: an estimate until the bill is there."
    return Section("costs", "Costs", [said], [Table("In US dollars", head, rows, numbers=4)])


# Every section in order, and whether anybody may read it.
SECTIONS: tuple[tuple[Callable[[Report], Section | None], bool], ...] = (
    (_campaigns, True),
    (_best, True),
    (_accounts, True),
    (_asked, False),
    (_coming, False),
    (_articles, True),
    (_quiet, False),
    (_followers, True),
    (_costs, False),
)


def told_at(report: Report) -> str:
    """When it was made, and by which clock."""
    at = in_words(report.now, report.zone)
    return f"As of {at} ({words.zone_words(report.zone)})."
