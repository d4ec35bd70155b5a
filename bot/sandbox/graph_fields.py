"""Facebook's field expansion: `shares,reactions.summary(total_count).limit(0).as(all)` as data.

The grammar is https://developers.facebook.com/docs/graph-api/guides/field-expansion, read
2026-11-23 through the fact sheet. Parses only; what a field means is decided elsewhere. Refuses
unbalanced brackets and nesting deeper than a few levels.
"""

import re
from dataclasses import dataclass, field

from bot.sandbox.graph_errors import bad_parameter

TOKEN = re.compile(r"\s*([A-Za-z0-9_\-:|/+ ]+|[.,(){}])")
DEEPEST = 5


@dataclass
class Wanted:
    """One field asked for, with its modifiers and the fields asked of it."""

    name: str
    modifiers: dict[str, str] = field(default_factory=dict)
    children: list["Wanted"] = field(default_factory=list)

    @property
    def shown_as(self) -> str:
        """The key it has in the reply."""
        return self.modifiers.get("as", self.name)


class _Reader:
    def __init__(self, text: str) -> None:
        self.tokens = [token.strip() for token in TOKEN.findall(text)]
        if "".join(self.tokens) != re.sub(r"\s", "", text.replace(" ", "")):
            raise bad_parameter(f"Syntax error in the fields parameter: {text[:80]}")
        self.at = 0

    def peek(self) -> str:
        return self.tokens[self.at] if self.at < len(self.tokens) else ""

    def next(self) -> str:
        token = self.peek()
        self.at += 1
        return token

    def expect(self, token: str) -> None:
        if self.next() != token:
            raise bad_parameter(f"Syntax error in the fields parameter: '{token}' is missing.")


def parse(text: str) -> list[Wanted]:
    """The fields that a `fields` parameter asks for."""
    if not text:
        return []
    reader = _Reader(text)
    wanted = _several(reader, 0)
    if reader.peek():
        raise bad_parameter(f"Syntax error in the fields parameter at '{reader.peek()}'.")
    return wanted


def _several(reader: _Reader, depth: int) -> list[Wanted]:
    if depth > DEEPEST:
        raise bad_parameter("The fields parameter is nested too deeply.")
    wanted = [_one(reader, depth)]
    while reader.peek() == ",":
        reader.next()
        wanted.append(_one(reader, depth))
    return wanted


def _one(reader: _Reader, depth: int) -> Wanted:
    wanted = Wanted(_word(reader))
    while reader.peek() in (".", "{"):
        if reader.next() == "{":
            wanted.children = _several(reader, depth + 1)
            reader.expect("}")
        else:
            name = _word(reader)
            reader.expect("(")
            wanted.modifiers[name] = _argument(reader)
    return wanted


def _argument(reader: _Reader) -> str:
    parts = []
    while reader.peek() not in (")", ""):
        parts.append(reader.next())
    reader.expect(")")
    return "".join(parts)


def _word(reader: _Reader) -> str:
    token = reader.next()
    if not token or token in ".,(){}":
        raise bad_parameter("Syntax error in the fields parameter: a field name is missing.")
    return token
