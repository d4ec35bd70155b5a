"""How charts look on light and on dark paper: two themes for one specification.

Light is for print and mail too. Two signs that must be told apart differ in shape or fill besides
their colour; of the colours, blue and orange stay apart for people who see no red or green, and in
grey. Text has a contrast of 4.5 or more on its paper; `tests/reports/test_charts.py` reckons it.
"""

from collections.abc import Mapping
from typing import Any

FONTS = 'system-ui, "Segoe UI", Roboto, "Noto Sans", "DejaVu Sans", "Liberation Sans", sans-serif'
# From a dark blue to a yellow, even in brightness, so that it reads in grey print as well.
SEQUENCE = "cividis"
# The share of the sequence above which black is the better ink on a cell.
BRIGHT_FROM = 0.6

THEMES: Mapping[str, Mapping[str, str]] = {
    "light": {
        "paper": "#ffffff",
        "ink": "#1c1b1a",
        "soft": "#595652",
        "line": "#d5d0c9",
        "first": "#0b5c9e",
        "second": "#b85400",
    },
    "dark": {
        "paper": "#161514",
        "ink": "#efece8",
        "soft": "#b9b3ab",
        "line": "#3d3935",
        "first": "#6cb6f5",
        "second": "#f2a65e",
    },
}


def config(theme: str) -> dict[str, Any]:
    """What a theme gives to paper, titles and axes, as Vega-Lite's configuration."""
    of = THEMES[theme]
    text = {"labelColor": of["soft"], "titleColor": of["soft"]}
    sizes = {"labelFontSize": 12, "titleFontSize": 12, "titleFontWeight": "normal"}
    return {
        "background": of["paper"],
        "font": FONTS,
        "view": {"stroke": None},
        "title": {
            "anchor": "start",
            "color": of["ink"],
            "subtitleColor": of["soft"],
            "fontSize": 14,
            "subtitleFontSize": 12,
            "subtitlePadding": 4,
            "offset": 10,
        },
        "axis": {
            "domainColor": of["line"],
            "tickColor": of["line"],
            "gridColor": of["line"],
            "gridOpacity": 0.6,
            "labelLimit": 170,
            **text,
            **sizes,
        },
        "legend": {**text, **sizes},
    }


def parameters(theme: str) -> list[dict[str, str]]:
    """The theme's colours as the parameters that marks take theirs from."""
    return [{"name": name, "value": colour} for name, colour in THEMES[theme].items()]
