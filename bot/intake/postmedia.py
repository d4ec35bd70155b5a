"""Reads `media:` of a post file: one file name, or a list of files with what belongs to each.

Only what is written is read here; the files themselves are another room's page.
"""

import difflib
import re
from collections.abc import Callable
from typing import Any

import yaml

from bot.errors import PostInvalid
from bot.model.written import Picture

# More than any account takes, so that the account's own limit is what people read of.
MOST_FILES = 20
MOST_LETTERS = {"file": 300, "alt": 5_000, "credit": 200, "people": 20, "part": 20}
PARTS = {"first": 1, "last": 0}
PEOPLE = ("none", "agreed", "blurred")
MEANT = {
    **dict.fromkeys(("alt_text", "alttext", "description", "text", "caption"), "alt"),
    **dict.fromkeys(("path", "name", "picture", "image", "photo"), "file"),
    **dict.fromkeys(("by", "photographer", "copyright"), "credit"),
}
EXAMPLE = '- {file: media/march.jpg, alt: "Marchers fill the square"}'

TextOf = Callable[[yaml.Node], str]


def media_of(node: yaml.Node, text_of: TextOf) -> dict[str, Any]:
    """The files of a post, and on which line each is named; PostInvalid names the line."""
    entries = node.value if isinstance(node, yaml.SequenceNode) else [node]
    if not entries:
        raise PostInvalid("media: names no file. Take the line out.", line=_line(node))
    if len(entries) > MOST_FILES:
        raise PostInvalid(f"media: {MOST_FILES} files at most.", line=_line(entries[MOST_FILES]))
    pictures = tuple(_picture(entry, text_of) for entry in entries)
    lines = {f"media {n}": _line(entry) for n, entry in enumerate(entries, 1)}
    return {"media": pictures, "lines": lines}


def _line(node: yaml.Node) -> int:
    return int(node.start_mark.line) + 2


def _picture(node: yaml.Node, text_of: TextOf) -> Picture:
    if isinstance(node, yaml.ScalarNode):
        return Picture(_value("file", node, text_of))
    if not isinstance(node, yaml.MappingNode):
        raise PostInvalid(f"media: write each file like this: {EXAMPLE}", line=_line(node))
    values: dict[str, str] = {}
    for key_node, value in node.value:
        name = _name(text_of(key_node).lower(), key_node, value)
        if name in values:
            raise PostInvalid(f"media: {name}: stands there twice.", line=_line(key_node))
        values[name] = _value(name, value, text_of)
    if not values.get("file"):
        raise PostInvalid(f"media: no file: is named. Write {EXAMPLE}", line=_line(node))
    return Picture(
        values["file"],
        values.get("alt", ""),
        values.get("credit") or None,
        values.get("people") or None,
        part_of_thread("media: part", values["part"], _line(node)) if values.get("part") else 1,
    )


def part_of_thread(name: str, word: str, line: int) -> int:
    """The number of a thread's part, 0 for the last; PostInvalid where it is none."""
    if word.lower() in PARTS:
        return PARTS[word.lower()]
    if not re.fullmatch(r"[1-9][0-9]?", word, re.ASCII):
        raise PostInvalid(f"{name}: is first, last or the part's number.", line=line)
    return int(word)


def _name(name: str, key_node: yaml.Node, value: yaml.Node) -> str:
    if name in MOST_LETTERS:
        return name
    if isinstance(value, yaml.ScalarNode) and not value.value and " " in name:
        # Without quotation marks a comma ends a value inside brackets.
        raise PostInvalid(
            'media: put words with a comma in quotation marks: alt: "Two women, one flag"',
            line=_line(key_node),
        )
    near = MEANT.get(name) or next(iter(difflib.get_close_matches(name, MOST_LETTERS, 1)), None)
    hint = f"Did you mean {near}:?" if near else f"Known: {', '.join(MOST_LETTERS)}."
    raise PostInvalid(f"media: {name}: is not known. {hint}", line=_line(key_node))


def _value(name: str, node: yaml.Node, text_of: TextOf) -> str:
    words = " ".join(text_of(node).split()) if name != "file" else text_of(node)
    most = MOST_LETTERS[name]
    if len(words) > most:
        raise PostInvalid(f"media: {name}: has at most {most:,} characters.", line=_line(node))
    if name == "people" and words and words.lower() not in PEOPLE:
        raise PostInvalid(
            "media: people: is none (nobody can be known), agreed or blurred.", line=_line(node)
        )
    return words.lower() if name == "people" else words
