"""A week's report as plain text, for mail and terminal: no line depends on a fixed-width font."""

import textwrap
from collections.abc import Iterator

from bot.reports.weekly.document import Cell, Document, Section, Table

WIDTH = 76


def as_text(document: Document) -> str:
    """The whole report; the three sentences come first, a line each, to be copied."""
    lines = [*document.summary, "", document.title, "=" * min(len(document.title), WIDTH)]
    for section in document.sections:
        lines += ["", *_section(section)]
    lines += ["", *_wrapped(document.foot)]
    return "\n".join(lines) + "\n"


def _section(section: Section) -> Iterator[str]:
    yield section.title
    yield "-" * len(section.title)
    for paragraph in section.paragraphs:
        yield from _wrapped(paragraph)
    for table in section.tables:
        yield from _wrapped(f"{table.caption}:")
        yield from (line for row in table.rows for line in _row(table, row))


def _row(table: Table, row: tuple[Cell, ...]) -> Iterator[str]:
    """The first cell names the row; the others follow, each after its head."""
    rest = "; ".join(
        f"{head[0].lower()}{head[1:]}: {cell.text}"
        for head, cell in zip(table.head[1:], row[1:], strict=True)
    )
    yield from _wrapped(f"{row[0].text} – {rest}", first="- ", then="  ")
    yield from (f"  {cell.url}" for cell in row if cell.url)


def _wrapped(text: str, first: str = "", then: str = "") -> list[str]:
    return textwrap.wrap(
        text,
        WIDTH,
        initial_indent=first,
        subsequent_indent=then,
        break_long_words=False,
        break_on_hyphens=False,
    )
