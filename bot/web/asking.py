"""Numbers that an address or a form carries: never larger than a database takes."""

from flask import Flask, request
from werkzeug.routing import IntegerConverter

# The largest whole number of an id's column on PostgreSQL.
LARGEST = 2**31 - 1


class Id(IntegerConverter):
    """A row's number in an address; a larger one is no page."""

    def __init__(self, *args: object, **more: object) -> None:
        super().__init__(*args, **{"max": LARGEST, **more})  # type: ignore[arg-type]


def add(app: Flask) -> None:
    """Before any address is declared."""
    app.url_map.converters["int"] = Id


def number(name: str) -> int | None:
    """A number that the address or the form gives; None where it is none or out of bounds."""
    found = request.values.get(name, type=int)
    return found if found is not None and 0 < found <= LARGEST else None


def page(size: int) -> int:
    """Which page of a list is asked for, from 1 on."""
    return min(number("page") or 1, LARGEST // size)
