"""A week's report as plain rows, a view each: for JSON, and a workbook with a sheet a view.

The public version has the columns of a list of what is allowed, and no others: whatever is added
later stays inside until somebody allows it.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from bot.clock import iso
from bot.reports.figures import periods, usual
from bot.reports.figures.counted import Counted
from bot.reports.figures.figure import SHOWN, as_plain
from bot.reports.figures.workbook import as_xlsx
from bot.reports.weekly.facts import AGE, Report, Some
from bot.reports.weekly.summary import sentences

Row = dict[str, Any]
Rows = Sequence[Mapping[str, Any]]
FIGURES = ("_known", "_total", "_median", "_reason")


def _summary(report: Report) -> list[Row]:
    return [{"sentence": said} for said in sentences(report)]


def _accounts(report: Report) -> list[Row]:
    rows = []
    for one in report.accounts:
        for row in periods.as_rows(list(one.changes.values())):
            newest, ordinary = one.totals[row["count"]], one.usual[row["count"]]
            more = {
                "total_so_far": newest.total,
                "known_so_far": newest.known,
                "usual": ordinary.median,
                "usual_reason": ordinary.reason,
                "by_hand": one.by_hand,
            }
            rows.append(row | more)
    return rows


def _campaigns(report: Report) -> list[Row]:
    """Medians at the age of 24 hours, sums by the newest counts."""
    rows = []
    for one in report.campaigns:
        group = one.at_age
        row: Row = {
            "campaign": group.name,
            "account": group.account,
            "platform": group.platform,
            "posts": group.posts,
        }
        for count in SHOWN:
            at_age, newest = as_plain(count, group.figures[count]), one.newest.figures[count]
            row[f"{count}_so_far"] = newest.total
            row |= {f"{count}{part}": at_age[f"{count}{part}"] for part in FIGURES}
        rows.append(row)
    return rows


def _posts(report: Report) -> list[Row]:
    of = {str(one.delivery_id): one for one in report.posts}
    rows = usual.rows(report.recent, report.posts, AGE, report.judged_at, report.titles)
    return [row | _more(report, of[row["delivery"]]) for row in rows]


def _more(report: Report, one: Counted) -> Row:
    url = report.links.get(one.delivery_id)
    return {"campaign": one.campaign, "gone_at": iso(one.gone_at), "url": url}


def _ahead(some: Some | None) -> list[Row]:
    rows = some.rows if some is not None else ()
    return [asdict(one) | {"due_at": iso(one.due_at)} for one in rows]


def _articles(report: Report) -> list[Row]:
    return [asdict(one) for one in report.articles]


def _quiet(report: Report) -> list[Row]:
    return [{"feed": name, "why": why} for name, why in (report.quiet or {}).items()]


def _followers(report: Report) -> list[Row]:
    return [
        {
            "account": one.account,
            "followers": one.now,
            "followers_before": one.before,
            "change": one.change,
        }
        for one in report.followers
    ]


def _costs(report: Report) -> list[Row]:
    return [
        {
            "account": one.account,
            "week_usd": one.week,
            "month": one.month.month,
            "month_so_far_usd": one.month.spent,
            "month_forecast_usd": one.month.forecast,
            "month_budget_usd": one.month.budget,
            "month_billed_usd": one.month.billed,
        }
        for one in report.spent
    ]


@dataclass(frozen=True, slots=True)
class View:
    """One view: its key in JSON, its sheet, its rows, and the columns anybody may see."""

    key: str
    sheet: str
    rows: Callable[[Report], Rows]
    public: tuple[str, ...] = ()


_OF_A_POST = tuple(
    f"{count}{part}" for count in SHOWN for part in ("", "_reason", "_usual", "_standing")
)
_OF_A_CAMPAIGN = tuple(f"{count}{part}" for count in SHOWN for part in ("_so_far", *FIGURES))
VIEWS = (
    View("sentences", "In three sentences", _summary, ("sentence",)),
    View(
        "accounts",
        "Accounts",
        _accounts,
        (
            *("account", "platform", "count", "posts", "known", "median", "posts_before"),
            *("known_before", "median_before", "may_be_chance", "reason", "sentence"),
            *("total_so_far", "known_so_far", "usual", "usual_reason", "by_hand"),
        ),
    ),
    View(
        "campaigns",
        "Campaigns",
        _campaigns,
        ("campaign", "account", "platform", "posts", *_OF_A_CAMPAIGN),
    ),
    View(
        "posts",
        "Posts",
        _posts,
        (
            *("post", "account", "platform", "sent_at", "text", "campaign", "url", "gone_at"),
            *_OF_A_POST,
        ),
    ),
    View("asked", "Needs a person", lambda report: _ahead(report.asked)),
    View("coming", "Next week", lambda report: _ahead(report.coming)),
    View(
        "articles",
        "Articles",
        _articles,
        ("feed", "new", "queued", "to_review", "refused", "left_out", "lapsed"),
    ),
    View("quiet_feeds", "Quiet feeds", _quiet),
    View(
        "followers",
        "Followers",
        _followers,
        ("account", "followers", "followers_before", "change"),
    ),
    View("costs", "Costs", _costs),
)


def views(report: Report, *, public: bool) -> dict[str, Rows]:
    """The rows of each view by its key; the public version has those that have public columns."""
    return {
        view.key: _allowed(view.rows(report), view.public) if public else view.rows(report)
        for view in VIEWS
        if view.public or not public
    }


def _allowed(rows: Rows, columns: Sequence[str]) -> list[Row]:
    return [{name: row[name] for name in row if name in columns} for row in rows]


def as_json(report: Report, *, public: bool) -> Row:
    """Everything, with code's names; times in UTC, money as text in US dollars."""
    found = views(report, public=public)
    return {
        "week": report.week.name,
        "from": report.week.monday.isoformat(),
        "to": report.week.sunday.isoformat(),
        "zone": report.zone.key,
        "campaign": report.campaign,
        "public": public,
        "is_over": report.is_over,
        "posts_out": report.number,
        "posts_out_before": report.posts_before,
        "posts_coming": report.coming.total if report.coming else None,
        **{key: [_typed(row) for row in rows] for key, rows in found.items()},
        "sentences": list(sentences(report)),
    }


def _typed(row: Mapping[str, Any]) -> Row:
    return {
        name: str(value) if isinstance(value, Decimal | date) else value
        for name, value in row.items()
    }


def as_workbook(report: Report, *, public: bool) -> bytes:
    """One XLSX file with a sheet a view; times are the group's own."""
    found = views(report, public=public)
    sheets = {view.sheet: found[view.key] for view in VIEWS if view.key in found}
    return as_xlsx(sheets, report.zone, report.now)
