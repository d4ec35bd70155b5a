"""How each chart is drawn, in Altair: its rows as they are, a panel for each Account.

Loaded by the drawing process alone, since Altair is large. Panels have their own axes, so that two
Platforms are never measured on one. Colours come from the theme by the marks' styles.
"""

from collections.abc import Callable, Sequence
from typing import Any

import altair as alt

from bot.reports.charts.chart import Chart
from bot.reports.charts.style import BRIGHT_FROM, SEQUENCE, parameters

ROWS = "rows"
WIDTH = 360
HEIGHT = 150
STEP = 24
WHOLE = ",d"
Panel = Callable[[str], Any]
# Colours are named: the theme has them.
INK, SOFT, PAPER = alt.ExprRef("ink"), alt.ExprRef("soft"), alt.ExprRef("paper")
NOW, BEFORE = alt.ExprRef("first"), alt.ExprRef("second")
LINE = {"stroke": NOW, "strokeWidth": 2, "invalid": "break-paths-show-domains"}
BAND = {"fill": NOW, "fillOpacity": 0.22, "invalid": "break-paths-show-domains"}
RULE = {"strokeWidth": 7, "strokeOpacity": 0.35, "strokeCap": "round", "invalid": "filter"}
DOT = {"size": 55, "opacity": 1, "fillOpacity": 1, "strokeWidth": 2, "invalid": "filter"}


def curve(chart: Chart) -> dict[str, Any]:
    """A line for each Account, with the last number beside its end."""
    count = chart.names["count"]
    x = alt.X(
        "age_hours:Q", title=chart.columns["age_hours"], axis=_axis(), scale=alt.Scale(nice=True)
    )
    y = alt.Y(f"{count}:Q", title=chart.columns[count], axis=_axis())

    def panel(account: str) -> Any:
        known = [row for row in chart.rows if row["account"] == account and row[count] is not None]
        base = _of(account).encode(x=x, y=y)
        last = known[-1]["age_hours"] if known else None
        end = base.transform_filter(alt.FieldEqualPredicate(field="age_hours", equal=last))
        words = end.mark_text(fill=INK, fontSize=13, dy=-12, align="right").encode(
            text=alt.Text(f"{count}:Q", format=WHOLE)
        )
        line = base.mark_line(**LINE)
        points = base.mark_point(**DOT | {"size": 20}, fill=NOW, stroke=NOW)
        return _sized(alt.layer(line, points, words), account)

    return _page(chart, panel, over="x")


def weeks(chart: Chart) -> dict[str, Any]:
    """The line of medians over the band of the middle half; hollow where posts were few."""
    x = alt.X("week:T", title=None, axis=alt.Axis(format="%-d %b", grid=False, labelOverlap=True))
    title = chart.names["axis"]

    def panel(account: str) -> Any:
        base = _of(account).encode(x=x)
        band = base.mark_area(**BAND).encode(
            y=alt.Y("low:Q", title=title, axis=_axis()), y2="high:Q"
        )
        middle = base.encode(y=alt.Y("median:Q", title=title, axis=_axis()))
        line = middle.mark_line(**LINE)
        return _sized(alt.layer(band, line, *_points(middle)), account)

    return _page(chart, panel, over="x")


def groups(chart: Chart) -> dict[str, Any]:
    """A dot for each group's median on the bar of its middle half."""
    title = chart.names["axis"]

    def panel(account: str) -> Any:
        names = [row["group"] for row in chart.rows if row["account"] == account]
        y = alt.Y("group:N", title=None, sort=names, axis=_names())
        half, middle = _halves(account, y, title, NOW)
        return alt.layer(half, *_points(middle)).properties(
            width=WIDTH, height=alt.Step(STEP), title=account
        )

    return _page(chart, panel)


def compare(chart: Chart) -> dict[str, Any]:
    """Two lines for each Account, told apart by their names, the dot's shape and its colour."""
    title, now, before = (chart.names[name] for name in ("axis", "now", "before"))
    y = alt.Y("period:N", title=None, sort=[now, before], axis=_names())

    def panel(account: str) -> Any:
        layers = []
        for period, colour, shape in (
            (now, NOW, "circle"),
            (before, BEFORE, "diamond"),
        ):
            same = alt.FieldEqualPredicate(field="period", equal=period)
            half, middle = _halves(account, y, title, colour)
            layers += [
                one.transform_filter(same) for one in (half, *_points(middle, colour, shape))
            ]
        return alt.layer(*layers).properties(width=WIDTH, height=alt.Step(STEP), title=account)

    return _page(chart, panel)


def best_times(chart: Chart) -> dict[str, Any]:
    """A square for each hour that is judged, a small ring for one that is not."""
    days = chart.names["days"].split(",")
    x = alt.X(
        "hour:O",
        title=chart.names["hours"],
        scale=alt.Scale(domain=list(range(24))),
        axis=alt.Axis(labelAngle=0, grid=False, labelOverlap=True),
    )
    y = alt.Y("weekday:O", title=None, scale=alt.Scale(domain=days), axis=_names(), sort=days)

    def panel(account: str) -> Any:
        owned = [row for row in chart.rows if row["account"] == account]
        medians = [row["median"] for row in owned if row["standing"] != "few"]
        base = _of(account).encode(x=x, y=y)
        fill = alt.Color(
            "median:Q",
            scale=alt.Scale(scheme=SEQUENCE, domain=_spread(medians)),
            legend=alt.Legend(
                title=owned[0]["measure"].capitalize(),
                orient="right",
                gradientLength=110,
                format=WHOLE,
                tickCount=4,
            )
            if medians
            else None,
        )
        squares = (
            base.transform_filter("datum.standing != 'few'")
            .mark_rect(stroke=SOFT, strokeWidth=0.4)
            .encode(color=fill)
        )
        rings = base.transform_filter("datum.standing == 'few'").mark_point(
            shape="circle", size=30, stroke=SOFT, strokeWidth=1.5, opacity=1
        )
        crosses = (
            base.transform_filter("datum.standing == 'better'")
            .mark_point(shape="cross", filled=True, size=70, opacity=1)
            .encode(color=_cross(medians))
        )
        return (
            alt.layer(squares, rings, crosses)
            .resolve_scale(color="independent")
            .properties(width=alt.Step(15), height=alt.Step(20), title=account)
        )

    return _page(chart, panel)


def followers(chart: Chart) -> dict[str, Any]:
    """A line for each Account; its axis begins where its numbers do."""
    x = alt.X("day:T", title=None, axis=alt.Axis(format="%-d %b", grid=False, labelOverlap=True))
    y = alt.Y(
        "followers:Q", title=chart.columns["followers"], scale=alt.Scale(zero=False), axis=_axis()
    )

    def panel(account: str) -> Any:
        base = _of(account).encode(x=x, y=y)
        line = base.mark_line(**LINE)
        # A day between two gaps is no line, and would not be seen.
        alone = base.mark_point(**DOT | {"size": 2}, fill=NOW, stroke=NOW)
        return _sized(alt.layer(line, alone), account)

    return _page(chart, panel, over="x")


SPECS: dict[str, Callable[[Chart], dict[str, Any]]] = {
    "curve": curve,
    "weeks": weeks,
    "groups": groups,
    "best-times": best_times,
    "followers": followers,
    "compare": compare,
}


def _of(account: str) -> Any:
    same = alt.FieldEqualPredicate(field="account", equal=account)
    return alt.Chart(alt.NamedData(name=ROWS)).transform_filter(same)


def _axis() -> Any:
    return alt.Axis(format=WHOLE, tickMinStep=1, tickCount=5)


def _names() -> Any:
    return alt.Axis(grid=False, ticks=False, domain=False)


def _sized(layers: Any, account: str) -> Any:
    return layers.properties(width=WIDTH, height=HEIGHT, title=account)


def _points(middle: Any, colour: Any = NOW, shape: str = "circle") -> tuple[Any, Any]:
    """Filled dots, and hollow ones where posts were few."""
    kinds = (("!datum.is_few", colour), ("datum.is_few", PAPER))
    full, hollow = (
        middle.transform_filter(which).mark_point(**DOT, shape=shape, fill=fill, stroke=colour)
        for which, fill in kinds
    )
    return full, hollow


def _halves(account: str, y: Any, title: str, colour: Any) -> tuple[Any, Any]:
    """The bar of the middle half, and what its dot stands on."""
    base = _of(account).encode(y=y)
    half = base.mark_rule(**RULE, stroke=colour).encode(
        x=alt.X("low:Q", title=title, axis=_axis()), x2="high:Q"
    )
    return half, base.encode(x=alt.X("median:Q", title=title, axis=_axis()))


def _spread(medians: Sequence[float]) -> list[float]:
    """From least to most; of equal ones still a range."""
    low, high = min(medians, default=0), max(medians, default=1)
    return [low, high if high > low else low + 1]


def _cross(medians: Sequence[float]) -> Any:
    """Black on the bright end of the sequence, white on the dark one."""
    low, high = _spread(medians)
    bright = low + (high - low) * BRIGHT_FROM
    return alt.condition(f"datum.median >= {bright}", alt.value("#000000"), alt.value("#ffffff"))


def _page(chart: Chart, panel: Panel, over: str | None = None) -> dict[str, Any]:
    """The panels under one another; `over` is the axis that may be the same for all."""
    accounts = list(dict.fromkeys(row["account"] for row in chart.rows))
    title = alt.TitleParams(chart.title, subtitle=" ".join(chart.notes))
    page = alt.vconcat(
        *(panel(account) for account in accounts),
        title=title,
        spacing=26,
    )
    if over is not None:
        page = page.resolve_scale(**{over: "shared"})
    spec: dict[str, Any] = page.to_dict()
    # Altair's own look; ours comes by theme.
    spec.pop("config", None)
    rows = [dict(row) for row in chart.rows]
    return spec | {"datasets": {ROWS: rows}, "params": parameters("light")}
