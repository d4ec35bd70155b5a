"""Which words never reach a person, and where the code's own sentences stand."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from bot.model.delivery import State

ROOT = Path(__file__).resolve().parent.parent
IN_CODE = re.compile(
    r"\b(deliver(?:y|ies)|variants?|leases?|leased|lint(?:s|ed|ing|er)?|quarantin(?:e|es|ed|ing)"
    r"|unconfirmed|held)\b",
    re.IGNORECASE,
)
# State names that people know by another word; the others are plain words already.
NAMES = (State.HELD, State.SENDING, State.UNCONFIRMED, State.SENT)
BARE = re.compile(rf"(?:^|[;:,(|]\s*)({'|'.join(NAMES)})\s*(?:$|[;,.)|])", re.MULTILINE)


def in_code(text: str) -> list[str]:
    """The words of the code that a text uses."""
    return [found.lower() for found in IN_CODE.findall(text)]


def bare(text: str) -> list[str]:
    """State names that stand alone in a text, as a cell or after a label."""
    return BARE.findall(text)


def sentences(path: Path) -> Iterator[str]:
    """What a module's strings say to people: those with a space that are no docstring, no key of a
    table, and no name of an event in the log."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    silent = {id(node) for parent in ast.walk(tree) for node in _unspoken(parent)}
    yield from _spoken(tree, silent)


def _spoken(node: ast.AST, silent: set[int]) -> Iterator[str]:
    if id(node) in silent:
        return
    if isinstance(node, ast.JoinedStr):
        pieces = [str(one.value) for one in node.values if isinstance(one, ast.Constant)]
        yield "…".join(pieces)
    elif isinstance(node, ast.Constant) and _reads(node.value):
        yield node.value
    for child in ast.iter_child_nodes(node):
        if not (isinstance(node, ast.JoinedStr) and isinstance(child, ast.Constant)):
            yield from _spoken(child, silent)


def _reads(value: object) -> bool:
    """Whether it is several words, and not said to a database."""
    return isinstance(value, str) and " " in value and not value.startswith("SELECT ")


def _unspoken(node: ast.AST) -> Iterator[ast.AST]:
    if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef) and node.body:
        first = node.body[0]
        if isinstance(first, ast.Expr):
            yield first.value
    elif isinstance(node, ast.Dict):
        yield from (key for key in node.keys if key is not None)
    elif isinstance(node, ast.Call) and ast.unparse(node.func).startswith("log."):
        yield from node.args
        yield from (keyword.value for keyword in node.keywords if keyword.arg == "action")
