"""A week's report as HTML: a fragment for a page of ours, and a whole file for mail and print.

The file needs nothing from elsewhere, has no script, is read in dark mode and prints on A4. Every
word is escaped; an address that is not http or https becomes no link.
"""

from collections.abc import Mapping
from html import escape
from pathlib import Path

from bot.reports.weekly.document import Cell, Document, Section, Table

WEB = ("https://", "http://")
STYLE = Path(__file__).with_suffix(".css").read_text(encoding="utf-8")


def fragment(document: Document) -> str:
    """The report without a first heading, to stand on a page that has one."""
    summary = "".join(f"<p>{escape(said)}</p>" for said in document.summary)
    sections = "".join(_section(section) for section in document.sections)
    foot = f'<p class="foot hint">{escape(document.foot)}</p>'
    return f'<div class="summary">{summary}</div>{sections}{foot}'


def whole(document: Document, made: str, pictures: Mapping[str, str] | None = None) -> str:
    """A file of its own. `pictures` are sources of charts (cid: in a mail) by their sentence."""
    title = escape(document.title)
    drawn = "".join(_picture(source, said) for said, source in (pictures or {}).items())
    return (
        '<!doctype html>\n<html lang="en-GB"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta name="color-scheme" content="light dark">'
        f"<title>{title}</title><style>{STYLE}</style></head>\n<body><main><h1>{title}</h1>"
        f'{fragment(document)}{drawn}<p class="foot">{escape(made)}</p></main></body></html>\n'
    )


def _picture(source: str, said: str) -> str:
    return (
        f'<figure><img src="{escape(source)}" alt="{escape(said)}">'
        f"<figcaption>{escape(said)}</figcaption></figure>"
    )


def _section(section: Section) -> str:
    paragraphs = "".join(f"<p>{escape(said)}</p>" for said in section.paragraphs)
    tables = "".join(_table(table) for table in section.tables)
    name = escape(section.name)
    return f'<section id="{name}"><h2>{escape(section.title)}</h2>{paragraphs}{tables}</section>\n'


def _table(table: Table) -> str:
    head = "".join(
        f'<th scope="col"{_class(table, place)}>{escape(title)}</th>'
        for place, title in enumerate(table.head)
    )
    rows = "".join(f"<tr>{_row(table, row)}</tr>" for row in table.rows)
    caption = escape(table.caption)
    return (
        f'<div class="scroll" tabindex="0" role="region" aria-label="{caption}"><table>'
        f"<caption>{caption}</caption><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"
        "</div>"
    )


def _row(table: Table, row: tuple[Cell, ...]) -> str:
    first, *others = row
    cells = (
        f"<td{_class(table, place)}>{_cell(cell)}</td>" for place, cell in enumerate(others, 1)
    )
    return f'<th scope="row">{_cell(first)}</th>{"".join(cells)}'


def _cell(cell: Cell) -> str:
    text = escape(cell.text)
    is_link = cell.url is not None and cell.url.startswith(WEB)
    return f'<a href="{escape(cell.url or "")}">{text}</a>' if is_link else text


def _class(table: Table, place: int) -> str:
    return ' class="n"' if place >= len(table.head) - table.numbers else ""
