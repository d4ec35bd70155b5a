"""The engagement log as files: exactly what its page shows, every column of it, or what is public.

Rows go out as they are read: ten years of them do not fit into memory.
"""

import json
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

from flask import Blueprint, Response, abort, render_template, send_file
from flask.typing import ResponseReturnValue

from bot.reports import log, seenlog
from bot.reports.figures.workbook import write_sheet
from bot.store import logged, people
from bot.store.engine import Store
from bot.store.logged import Sought
from bot.web.engagement import sought
from bot.web.here import now, the_bot
from bot.web.permissions import May, needs

pages = Blueprint("downloads", __name__)
AT_ONCE = 500
# A page that is handed out is read by people; a longer one, nobody opens.
MOST_PUBLIC = 2_000
# Without this sign Excel takes a file for one of older times, and breaks Bogotá.
BOM = "\ufeff"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
Rows = Iterable[Mapping[str, Any]]


@pages.get("/engagement/log.<kind>")
@needs(May.EXPORT)
def seen(kind: str) -> ResponseReturnValue:
    """What the page shows: the same filters, order and columns, on all its pages."""
    _span, want = sought()
    return _file(kind, "engagement", want, seenlog.COLUMNS)


@pages.get("/engagement/whole.<kind>")
@needs(May.EXPORT)
def whole(kind: str) -> ResponseReturnValue:
    """The same posts with every column there is, as `bot log` writes them."""
    _span, want = sought()
    return _file(kind, "engagement-whole", want, log.COLUMNS)


@pages.get("/engagement/public.<kind>")
@needs(May.EXPORT)
def public(kind: str) -> ResponseReturnValue:
    """What may be handed to anybody: no costs, notes or names, and only what is still there."""
    _span, want = sought(standing=True)
    if kind != "html":
        return _file(kind, "engagement-public", want, seenlog.PUBLIC)
    with the_bot().store.read() as session:
        rows = list(islice(seenlog.each(session, want, seenlog.PUBLIC, {}), MOST_PUBLIC))
        total = logged.count(session, want, MOST_PUBLIC + 1)
    page = render_template(
        "engagement_public.html", rows=rows, at=now(), is_cut=total > MOST_PUBLIC, most=MOST_PUBLIC
    )
    return Response(page, mimetype="text/html", headers=_named("engagement-public.html"))


def _file(kind: str, name: str, want: Sought, columns: Sequence[str]) -> ResponseReturnValue:
    if kind == "xlsx":
        return _sheet(f"{name}.xlsx", want, columns)
    kinds = {"csv": ("text/csv", _csv), "json": ("application/json", _json)}
    if kind not in kinds:
        abort(404)
    mimetype, write = kinds[kind]
    text = write(_rows(the_bot().store, want, columns), columns)
    return Response(_in_pieces(text), mimetype=mimetype, headers=_named(f"{name}.{kind}"))


def _named(name: str) -> dict[str, str]:
    return {"Content-Disposition": f"attachment; filename={name}"}


def _rows(store: Store, want: Sought, columns: Sequence[str]) -> Iterator[Mapping[str, Any]]:
    with store.read() as session:
        yield from seenlog.each(session, want, columns, people.names(session))


def _csv(rows: Rows, columns: Sequence[str]) -> Iterator[str]:
    yield BOM
    yield from log.csv_lines(rows, columns)


def _json(rows: Rows, _columns: Sequence[str]) -> Iterator[str]:
    yield "["
    for n, row in enumerate(rows):
        yield ("," if n else "") + "\n" + json.dumps(row, ensure_ascii=False)
    yield "\n]\n"


def _in_pieces(text: Iterator[str]) -> Iterator[str]:
    while some := "".join(islice(text, AT_ONCE)):
        yield some


def _sheet(name: str, want: Sought, columns: Sequence[str]) -> ResponseReturnValue:
    bot, file = the_bot(), tempfile.TemporaryFile()  # noqa: SIM115  closed once it is sent
    write_sheet(file, "Posts", columns, _rows(bot.store, want, columns), bot.settings.zone)
    file.seek(0)
    return send_file(file, mimetype=XLSX, as_attachment=True, download_name=name)
