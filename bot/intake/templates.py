"""The templates of a posts folder: one text file each, read when a post names it.

A template is never queued. One with a mistake serves no new post; what waits keeps its words.
"""

import difflib
import os
import stat
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import yaml

from bot.errors import PostInvalid
from bot.formatting.template import Field, Template
from bot.formatting.text import tidy
from bot.intake.postfile import MAX_FILE_BYTES, entries, settings_and_text, text_line, words_of
from bot.platforms import REGISTRY

FOLDER = "templates"
SETTLED_AFTER_SECONDS = 2.0
MAX_TEMPLATES = 200
KEYS = ("name", "fields", "link")
FIELD_KEYS = ("means", "example", "default")


@dataclass(slots=True)
class Templates:
    """The templates below one posts folder."""

    root: Path
    _seen: dict[str, tuple[int, int]] | None = None
    _read: dict[str, tuple[tuple[int, int], Template]] = field(default_factory=dict)

    def paths(self) -> list[Path]:
        """Every template's file, by name."""
        try:
            found = sorted((self.root / FOLDER).iterdir())
        except OSError:
            return []
        meant = [
            path
            for path in found
            if path.suffix == ".md"
            and not path.name.startswith((".", "_"))
            and path.name.lower() != "readme.md"
        ]
        return meant[:MAX_TEMPLATES]

    def named(self, key: str) -> Template:
        """The template of that name as its file is now; PostInvalid names the nearest."""
        path = self.root / FOLDER / f"{key}.md"
        try:
            mark = _mark(path)
            known = self._read.get(key)
            if known is None or known[0] != mark:
                known = self._read[key] = mark, template_of(key, read(path))
        except OSError:
            raise PostInvalid(self._not_there(key)) from None
        except PostInvalid as error:
            place = f"{FOLDER}/{key}.md" + (f", line {error.line}" if error.line else "")
            raise PostInvalid(f"{place}: {error.reason}") from None
        return known[1]

    def changed(self, now: datetime) -> bool:
        """Whether a template was changed, added or taken away since this was last asked.

        One that is being written this moment counts when it has settled.
        """
        marks = {}
        for path in self.paths():
            try:
                marks[path.name] = _mark(path)
            except OSError:
                continue
        before = self._seen
        newest = max((mark[0] for mark in marks.values()), default=0) / 1e9
        if before is not None and 0 <= now.timestamp() - newest < SETTLED_AFTER_SECONDS:
            return False
        self._seen = marks
        return before is not None and before != marks

    def owns(self, path: Path) -> bool:
        """Whether a file is one of them."""
        return path.parent.resolve() == (self.root / FOLDER).resolve()

    def _not_there(self, key: str) -> str:
        known = [path.stem for path in self.paths()]
        near = difflib.get_close_matches(key, known, 1, 0.6)
        hint = f"Did you mean {near[0]}?" if near else f"There are: {', '.join(known) or 'none'}."
        return f"template: there is no template named {key} in posts/{FOLDER}. {hint}"


def read(path: Path) -> bytes:
    """A template's bytes, capped; OSError where it is no plain file inside its folder."""
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOFOLLOW)
    with os.fdopen(descriptor, "rb") as file:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise FileNotFoundError(path)
        return file.read(MAX_FILE_BYTES + 1)


def _mark(path: Path) -> tuple[int, int]:
    status = path.lstat()
    return status.st_mtime_ns, status.st_size


def template_of(key: str, content: bytes) -> Template:
    """A template file's bytes as a Template; PostInvalid names the line of the first mistake."""
    root, body, body_line = settings_and_text(content)
    if root is None:
        raise PostInvalid("A template begins with its settings between two --- lines.", line=1)
    values: dict[str, yaml.Node] = {}
    lines = {"body": body_line}
    texts: dict[str, str] = {}
    for name, line, node in entries(root):
        if name in REGISTRY:
            texts[name] = words_of(node)
            lines |= text_line(name, node)
            continue
        if name not in KEYS:
            raise PostInvalid(f"{name}: {_unknown(name, (*KEYS, *REGISTRY))}", line=line)
        values[name], lines[name] = node, line
    fields = _fields(values.get("fields"), lines)
    words = tidy(body)
    if not words and not texts:
        raise PostInvalid("There is no text. Write it below the second --- line.", line=body_line)
    title = words_of(values["name"]) if "name" in values else key
    return Template(key, title, fields, words, texts, _needs_link(values, lines), lines)


def _unknown(name: str, known: tuple[str, ...]) -> str:
    near = difflib.get_close_matches(name, known, 1, 0.6)
    hint = f"Did you mean {near[0]}:?" if near else f"Known: {', '.join(known)}."
    return f"is not known in a template. {hint}"


def _needs_link(values: dict[str, yaml.Node], lines: dict[str, int]) -> bool:
    if "link" not in values:
        return False
    if words_of(values["link"]).lower() != "required":
        raise PostInvalid("link: is required, or the line is left out.", line=lines["link"])
    return True


def _fields(node: yaml.Node | None, lines: dict[str, int]) -> dict[str, Field]:
    if node is None:
        return {}
    found: dict[str, Field] = {}
    for name, line, value in entries(node):
        if not name.isidentifier() or not name.isascii():
            raise PostInvalid(f"{name}: a field's name has letters, digits and _ only.", line=line)
        lines[f"fields.{name}"] = line
        found[name] = _field(name, line, value)
    return found


def _field(name: str, line: int, node: yaml.Node) -> Field:
    given: dict[str, str] = {}
    for key, key_line, value in entries(node):
        if key not in FIELD_KEYS:
            raise PostInvalid(f"{name}: {key}: {_unknown(key, FIELD_KEYS)}", line=key_line)
        given[key] = words_of(value)
    for key in ("means", "example"):
        if not given.get(key):
            raise PostInvalid(f"{name}: {key}: is missing.", line=line)
    return Field(given["means"], given["example"], given.get("default"))
