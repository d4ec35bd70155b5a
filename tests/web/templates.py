"""What a template itself would show: its text and spoken attributes, without expressions."""

from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

from jinja2 import Environment

ROOT = Path(__file__).resolve().parents[2] / "bot/web/templates"
SPOKEN = {"alt", "title", "placeholder", "aria-label", "aria-description"}
UNSEEN = {"script", "style"}


class Texts(HTMLParser):
    """Collects what a reader would see or hear."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.inside: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.inside = [tag]
        self.found += [value or "" for name, value in attrs if name in SPOKEN]

    def handle_data(self, data: str) -> None:
        if not UNSEEN & set(self.inside):
            self.found.append(data)


def files() -> list[Path]:
    return sorted(path for path in ROOT.rglob("*") if path.suffix in (".html", ".txt"))


def literal(source: str) -> str:
    """The template without its expressions, statements and comments."""
    tokens = Environment(autoescape=True).lex(source)
    return "".join(
        value if kind == "data" else "~" if kind == "variable_begin" else ""
        for _line, kind, value in tokens
        if kind in ("data", "variable_begin")
    )


def texts(source: str) -> Iterator[str]:
    """Every visible piece of literal text in it."""
    parser = Texts()
    parser.feed(literal(source))
    parser.close()
    yield from (text.strip() for text in parser.found if any(c.isalpha() for c in text))
