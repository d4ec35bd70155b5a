"""Writes figures in Prometheus' text format 0.0.4; it keeps none itself.

Source: Prometheus documentation, Exposition formats, read 26 November 2026.
"""

from collections.abc import Iterable, Iterator

from bot.reports.metrics import Family

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
IN_HELP = str.maketrans({"\\": r"\\", "\n": r"\n"})
IN_VALUE = str.maketrans({"\\": r"\\", "\n": r"\n", '"': r"\""})


def text(families: Iterable[Family]) -> str:
    """All families, one after the other; one without figures is left out."""
    return "".join(f"{line}\n" for family in families for line in _lines(family))


def _lines(family: Family) -> Iterator[str]:
    if not family.figures:
        return
    yield f"# HELP {family.name} {family.means.translate(IN_HELP)}"
    yield f"# TYPE {family.name} gauge"
    for label, value in family.figures:
        yield f"{family.name}{_label(family.label, label)} {value!r}"


def _label(name: str, value: str) -> str:
    return f'{{{name}="{value.translate(IN_VALUE)}"}}' if name else ""
