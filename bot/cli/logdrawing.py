"""How the views of `bot log` are drawn: tables of 80 columns, sentences, and a next step."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from bot.cli import screen
from bot.cli.door import Door
from bot.cli.teller import teller
from bot.reports import words
from bot.reports.figures import besttimes
from bot.reports.figures.besttimes import Week
from bot.reports.figures.figure import AGES, FEW, Figure
from bot.reports.figures.groups import DAYS, Group
from bot.reports.figures.periods import NAMES, age_in_words, number
from bot.store import accounts
from bot.timetable.slots import in_plain_words, parse_timetable

if TYPE_CHECKING:
    from bot.cli.logviews import Question

IN_TABLE = ("views", "likes", "comments", "shares")
NOTHING = "Nothing is out yet, or nothing fits what you asked for."
STANDS = {"above": " ↑", "below": " ↓", "as usual": "", None: ""}


def groups(
    door: Door,
    q: "Question",
    by: str,
    since: datetime,
    found: Sequence[Group],
    told: Sequence[str],
) -> None:
    """One line a group; then why a figure is missing or stands on few posts, and prices."""
    if not found:
        _nothing(door)
        return
    screen.table(
        door,
        (by.capitalize(), "On", "Posts", "Views", "Middle half", "Likes", "Comments", "Shares"),
        [
            (
                q.titles.get(one.name, one.name) if one.name == one.account else one.name,
                q.titles.get(one.account, one.account),
                f"{one.posts:,}",
                _median(one.figures["views"]),
                _half(one.figures["views"]),
                *(_median(one.figures[count]) for count in IN_TABLE[1:]),
            )
            for one in found
        ],
        numbers=6,
    )
    day = teller(q.bot).date(since.isoformat())
    door.say(f"Counts are medians of posts since {day}, {age_in_words(q.age_hours)}.")
    for line in (*_reasons(q, found), *_few(q, found), *told):
        door.say(line)
    door.say(f"Every figure, for a spreadsheet: bot log --by {by} --format xlsx > log.xlsx")


def _median(figure: Figure) -> str:
    return "–" if figure.median is None else number(figure.median)


def _half(figure: Figure) -> str:
    if figure.low is None or figure.high is None:
        return "–"
    return f"{number(figure.low)} to {number(figure.high)}"


def _reasons(q: "Question", found: Sequence[Group]) -> list[str]:
    """One sentence for each count an account lacks everywhere, or for a group where it does."""
    lacking: dict[tuple[str, str, str], list[str]] = {}
    for one in found:
        for count in IN_TABLE:
            figure = one.figures[count]
            if figure.reason:
                lacking.setdefault((one.account, count, figure.reason), []).append(one.name)
    return [
        f"No {NAMES.get(count, count)} on {q.titles.get(account, account)}"
        f"{_where(names, account, found)}: {reason}."
        for (account, count, reason), names in lacking.items()
    ]


def _where(names: Sequence[str], account: str, found: Sequence[Group]) -> str:
    everywhere = sum(one.account == account for one in found) == len(names)
    return "" if everywhere else f" for {_listed(names)}"


def _few(q: "Question", found: Sequence[Group]) -> list[str]:
    few = [
        f"{_name(q, one)} ({one.posts})"
        for one in found
        if any(one.figures[count].is_small for count in IN_TABLE)
    ]
    return [f"Fewer than {FEW} posts, no more than a hint: {_listed(few)}."] if few else []


def _name(q: "Question", one: Group) -> str:
    title = q.titles.get(one.account, one.account)
    return title if one.name == one.account else f"{one.name} on {title}"


def _listed(names: Sequence[str]) -> str:
    shown, rest = names[:5], len(names) - 5
    return ", ".join(shown) + (f" and {rest:,} more" if rest > 0 else "")


def at_age(door: Door, q: "Question", rows: Sequence[Mapping[str, Any]]) -> None:
    """Each post's counts at that age; an arrow where they are outside the account's usual."""
    if not rows:
        _nothing(door)
        return
    told, short = teller(q.bot), not screen.is_plain(door)
    screen.table(
        door,
        ("Post", "Account", "Went out", "Text", *(name.capitalize() for name in IN_TABLE)),
        [
            (
                row["post"],
                told.title(row["account"]),
                told.date(row["sent_at"], short=short),
                words.excerpt(row["text"], 16 if short else 60),
                *(_with_standing(row, count) for count in IN_TABLE),
            )
            for row in rows
        ],
        numbers=len(IN_TABLE),
    )
    door.say(f"Counts are those {age_in_words(q.age_hours)}. ↑ and ↓: outside the usual.")
    for line in dict.fromkeys(line for row in rows for line in _notes(q, row)):
        door.say(line)
    door.say(f"Every figure and reason: bot log --age {_typed(q.age_hours)} --json")


def _with_standing(row: Mapping[str, Any], count: str) -> str:
    return words.count(row[count]) + STANDS[row[f"{count}_standing"]]


def _typed(age_hours: int) -> str:
    return "24h" if age_hours in AGES and age_hours < 48 else "7d"


def _notes(q: "Question", row: Mapping[str, Any]) -> list[str]:
    title, notes = q.titles.get(row["account"], row["account"]), []
    for count in IN_TABLE:
        name = NAMES.get(count, count)
        if row[f"{count}_usual"] is not None:
            low, high = number(row[f"{count}_usual_low"]), number(row[f"{count}_usual_high"])
            usual = number(row[f"{count}_usual"])
            notes.append(f"Usual {name} on {title}: {usual}, half of all {low} to {high}.")
        elif row[f"{count}_usual_reason"]:
            notes.append(f"No usual {name} on {title}: {row[f'{count}_usual_reason']}.")
    return notes


def sentences(door: Door, lines: Sequence[str]) -> None:
    """What changed or was judged, one sentence each."""
    if not lines:
        _nothing(door)
        return
    for line in lines:
        door.say(line)
    door.say("How this is judged, in numbers: the same with --json")


def best_times(door: Door, q: "Question", found: Sequence[Week]) -> None:
    """A table of hours and days for each account, then what is suggested and how sure that is."""
    if not found:
        _nothing(door)
        return
    for one in found:
        _week(door, q, one)
    door.say("Posts were not dealt to hours by lot: a good hour may be what was posted then.")
    door.say("Every hour with its interval: bot log --best-times --json")


def _week(door: Door, q: "Question", one: Week) -> None:
    title = q.titles.get(one.account, one.account)
    name, zone = NAMES.get(one.measure, one.measure), one.zone.rpartition("/")[2].replace("_", " ")
    screen.heading(door, f"{title}: {name} {age_in_words(q.age_hours)}, {zone} time")
    if not one.hours:
        door.say(f"  No hour can be told: no {name} are known.")
        return
    places = besttimes.by_place(one)
    screen.table(
        door,
        ("Hour", *(day[:3] for day in DAYS)),
        [
            (f"{hour:02}:00", *(_cell(places.get((day, hour))) for day in range(7)))
            for hour in sorted({place[1] for place in places})
        ],
        numbers=7,
    )
    door.say(f"  ?: fewer than {FEW} posts. The account's own median is {number(one.median or 0)}.")
    _suggest(door, q, one, title)


def _cell(hour: besttimes.Hour | None) -> str:
    if hour is None:
        return ""
    sign = "?" if hour.reason else "+" if hour.suggested else ""
    return f"{hour.median:,.0f}{sign}"


def _suggest(door: Door, q: "Question", one: Week, title: str) -> None:
    if one.timetable is None:
        door.say(
            "  No hour is surely better than the others. Keep the times, and look again later."
        )
        return
    for hour in one.hours:
        if hour.suggested:
            door.say(
                f"  + {DAYS[hour.weekday]} {hour.usual_time}: {number(hour.median)} in the middle "
                f"of {words.plural(hour.posts, 'post')} (90 % sure: {hour.low:,} to {hour.high:,})."
            )
    row = accounts.named(q.session, one.account)
    slots = {*q.bot.planner.timetable_of(q.session, row), *parse_timetable(one.timetable)}
    whole = "; ".join(in_plain_words(sorted(slots))).lower()
    door.say(f'  To give {title} these times too: bot timetable set {one.account} "{whole}"')


def curve(door: Door, q: "Question", rows: Sequence[Mapping[str, Any]]) -> None:
    """One line a reading: its age, counts, and views gained since the last."""
    if not rows:
        door.say("No counts yet, or no such post. See: bot log")
        return
    told, short = teller(q.bot), not screen.is_plain(door)
    screen.table(
        door,
        ("Account", "Counted", "Age", "Gained", *(name.capitalize() for name in IN_TABLE)),
        [
            (
                told.title(row["account"]),
                told.date(row["taken_at"], short=short),
                _age(row["age_hours"]),
                words.count(row["views_gained"]),
                *(words.count(row[count]) for count in IN_TABLE),
            )
            for row in rows
        ],
        numbers=6,
    )
    door.say("Gained: views since the reading before. Every count: the same with --json")


def _age(hours: float) -> str:
    return f"{hours:.0f} h" if hours < 72 else f"{hours / 24:.0f} d"


def _nothing(door: Door) -> None:
    door.say(NOTHING)
    door.say("See what waits: bot queue")
