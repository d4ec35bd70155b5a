"""Reads one post file: front matter between two `---` lines, then the text.

Every value is read as the author typed it, so that no YAML rule turns a time into a number or a
country code into a truth. Mistakes name the line and what to write instead.
"""

import difflib
import re
import unicodedata
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

import yaml

from bot.clock.local import parse_typed
from bot.clock.series import parse_day, parse_every
from bot.errors import PostInvalid, UsageError
from bot.formatting.language import LANGUAGES
from bot.formatting.text import tidy
from bot.intake.forms import refuse_odd_forms, template_key
from bot.intake.postmedia import media_of, part_of_thread
from bot.model.written import Written
from bot.platforms import REGISTRY
from bot.settings import duration

MAX_FILE_BYTES = 256 * 1024
MAX_NODES = 500
MAX_WORD = 100
YES = frozenset({"yes", "true", "on"})
NO = frozenset({"no", "false", "off"})
ELECTION = ("yes", "no", "unsure")
# What people write for something else: answered with what to do.
PICTURES = "is not known. Did you mean media:?"
TEXT_BELOW = "The text goes below the second --- line."
MEANT = {
    **dict.fromkeys(
        ("picture", "pictures", "image", "images", "photo", "photos", "video"), PICTURES
    ),
    **dict.fromkeys(("time", "date", "when"), "is not known. Did you mean at:?"),
    **dict.fromkeys(("text", "body"), TEXT_BELOW),
}
NUMBERING = {"1/3": "1/3", "(1/3)": "(1/3)", "none": "", "no": ""}
EVERYWHERE = frozenset({"all", "both", "everywhere"})
QUOTES = "\"'“”„‘’"
DASHES = re.compile(r"[-–—]+")

Reader = Callable[[yaml.Node], Any]


def parse(content: bytes) -> Written:
    """A post file's bytes as a Written; PostInvalid names the line of the first mistake."""
    if len(content) > MAX_FILE_BYTES:
        raise PostInvalid(
            f"The file has {len(content):,} bytes; a post file may have {MAX_FILE_BYTES:,}."
        )
    front, body, body_line = _split(_decode(content))
    values = _front_matter(front)
    values["body"] = tidy(body)
    values["lines"]["body"] = body_line + _blank_lines(body)
    written = Written(**values)
    if not (written.body or written.texts or written.template):
        raise PostInvalid("There is no text. Write it below the second --- line.", line=body_line)
    refuse_odd_forms(written)
    return written


def settings_and_text(content: bytes) -> tuple[yaml.Node | None, str, int]:
    """Any file of this shape: its settings as a node, its text as it stands, and the text's line.

    PostInvalid names the line of the first mistake.
    """
    if len(content) > MAX_FILE_BYTES:
        raise PostInvalid(f"The file has {len(content):,} bytes, more than {MAX_FILE_BYTES:,}.")
    front, body, body_line = _split(_decode(content))
    root = _compose(front)
    if isinstance(root, yaml.MappingNode):
        _refuse_lost_hashtags(front, root)
    return root, body, body_line + _blank_lines(body)


def entries(node: yaml.Node | None) -> list[tuple[str, int, yaml.Node]]:
    """Name in small letters, line and value of each setting; each name once."""
    if not isinstance(node, yaml.MappingNode):
        line = _line(node) if node is not None else 1
        raise PostInvalid("Write name: value here, one a line.", line=line)
    found = [(_text(key).lower(), _line(key), value) for key, value in node.value]
    for n, (name, line, _) in enumerate(found):
        if name in {earlier for earlier, _, _ in found[:n]}:
            raise PostInvalid(f"{name}: stands there twice.", line=line)
    return found


def setting(name: str, typed: str, line: int) -> dict[str, Any]:
    """One setting as a sheet's cell has it, read as in a file; PostInvalid names the line."""
    node = scalar(typed, line)
    values: dict[str, Any] = {"texts": {}, "lines": {}}
    _read(name, node, node, values)
    return values


def scalar(typed: str, line: int) -> yaml.ScalarNode:
    """Words typed elsewhere, as a value that stands on that line."""
    mark = yaml.Mark("", 0, line - 2, 0, None, 0)
    return yaml.ScalarNode("tag:yaml.org,2002:str", typed, mark, mark)


def words_of(node: yaml.Node) -> str:
    """One value as its author typed it, line breaks and all."""
    return tidy(_text(node))


def text_line(name: str, node: yaml.Node) -> dict[str, int]:
    """Where a text begins, where that is known."""
    return _text_line(name, node)


def _decode(content: bytes) -> str:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise PostInvalid("This is not UTF-8 text. Save the file as UTF-8.", line=line) from None
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    for number, line_text in enumerate(text.split("\n"), 1):
        if any(unicodedata.category(sign) == "Cc" and sign != "\t" for sign in line_text):
            raise PostInvalid("There is an invisible control character.", line=number)
    return text


def _split(text: str) -> tuple[str, str, int]:
    """Settings (with a blank line for each that comes before them), text, and the text's line."""
    lines = text.split("\n")
    first = next((number for number, line in enumerate(lines) if line.strip()), None)
    if first is None:
        raise PostInvalid("The file is empty.", line=1)
    opening = lines[first].strip()
    if opening != "---":
        if DASHES.fullmatch(opening):
            raise PostInvalid("The line before the settings must be exactly ---", line=first + 1)
        name, colon, _ = opening.partition(":")
        if colon and name.strip().lower() in SETTINGS:
            raise PostInvalid(
                "This looks like a setting, but the --- line above it is missing. Put a line --- "
                "above the settings and another below them.",
                line=first + 1,
            )
        return "", text, 1
    for number, line in enumerate(lines[first + 1 :], first + 1):
        if line.rstrip() == "---":
            front = "\n".join(["" for _ in range(first)] + lines[first + 1 : number])
            return front, "\n".join(lines[number + 1 :]), number + 2
    for number, line in enumerate(lines[first + 1 :], first + 2):
        if DASHES.fullmatch(line.strip()):
            raise PostInvalid("The line after the settings must be exactly ---", line=number)
    raise PostInvalid("Put a line --- between the settings and the text.", line=first + 1)


def _front_matter(front: str) -> dict[str, Any]:
    root = _compose(front)
    values: dict[str, Any] = {"texts": {}, "lines": {}}
    if root is None:
        return values
    if not isinstance(root, yaml.MappingNode):
        raise PostInvalid("Write settings as name: value, one a line.", line=_line(root))
    _refuse_lost_hashtags(front, root)
    seen: set[str] = set()
    for key_node, node in root.value:
        name = _text(key_node).lower()
        if name in seen:
            raise PostInvalid(f"{name}: stands there twice.", line=_line(key_node))
        seen.add(name)
        _read(name, key_node, node, values)
    return values


def _refuse_lost_hashtags(front: str, root: yaml.MappingNode) -> None:
    """YAML drops what follows a # in silence; a hashtag among it would never go out."""
    quoted: set[int] = set()
    for node in _scalars(root):
        if node.style is not None:
            quoted |= set(range(node.start_mark.line, node.end_mark.line + 1))
    for number, line in enumerate(front.split("\n")):
        if number not in quoted and re.search(r"\s#\S", line):
            raise PostInvalid(
                "What follows # would be lost. Put the value in quotation marks.", line=number + 2
            )


def _scalars(node: yaml.Node) -> Iterator[yaml.ScalarNode]:
    """Every value in it, however deep; its depth was bounded when it was read."""
    if isinstance(node, yaml.ScalarNode):
        yield node
    elif isinstance(node, yaml.MappingNode):
        for _, value in node.value:
            yield from _scalars(value)
    elif isinstance(node, yaml.SequenceNode):
        for value in node.value:
            yield from _scalars(value)


def _read(name: str, key_node: yaml.Node, node: yaml.Node, values: dict[str, Any]) -> None:
    if isinstance(node, yaml.ScalarNode) and node.style is None and not node.value:
        raise PostInvalid(f"{name}: has no value. Take the line out.", line=_line(key_node))
    if name in REGISTRY:
        words = tidy(_text(node))
        if not words:
            raise PostInvalid(f"{name}: has no text.", line=_line(key_node))
        values["texts"][name] = words
        values["lines"] |= _text_line(name, node)
        return
    values["lines"][name] = _line(key_node)
    if name == "at":
        values |= _at(node)
        return
    if name == "media":
        found = media_of(node, _text)
        values["lines"] |= found.pop("lines")
        values |= found
        return
    if name == "fields":
        values |= _fields(node, values["lines"])
        return
    if name not in FIELDS:
        if name in MEANT:
            raise PostInvalid(f"{name}: {MEANT[name]}", line=_line(key_node))
        known = [*FIELDS, *REGISTRY, "at", "media", "fields"]
        near = difflib.get_close_matches(name, known, 1, 0.75)
        hint = f" Did you mean {near[0]}:?" if near else f" Known: {', '.join(sorted(known))}."
        raise PostInvalid(f"{name}: is not known.{hint}", line=_line(key_node))
    field, reader = FIELDS[name]
    values[field] = reader(node)


def _fields(node: yaml.Node, lines: dict[str, int]) -> dict[str, Any]:
    found = {}
    for name, line, value in entries(node):
        found[name], lines[f"fields.{name}"] = words_of(value), line
        if not found[name]:
            raise PostInvalid(f"{name}: has no value. Take the line out.", line=line)
    return {"fields": found}


def _checked(read: Callable[[str], Any]) -> Reader:
    """A reader of one plain value that `read` understands; kept as the words it stands for."""

    def reader(node: yaml.Node) -> str:
        try:
            return str(read(_bare(node)))
        except UsageError as error:
            raise PostInvalid(str(error), line=_line(node)) from None

    return reader


def _compose(front: str) -> yaml.Node | None:
    try:
        for count, token in enumerate(yaml.scan(front, Loader=yaml.SafeLoader)):
            if isinstance(token, yaml.AliasToken | yaml.AnchorToken | yaml.TagToken):
                raise PostInvalid(
                    "The signs &, * and ! have a special meaning at the start of a value. "
                    "Put the value in quotation marks.",
                    line=token.start_mark.line + 2,
                )
            if count > MAX_NODES * 4:
                raise PostInvalid("There are too many settings for one post.", line=1)
        return yaml.compose(front, Loader=yaml.SafeLoader)
    except RecursionError:
        raise PostInvalid("There are too many brackets for one post.", line=1) from None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 2 if mark else None
        if mark and "\t" in front.split("\n")[mark.line]:
            raise PostInvalid("There is a tab here. Use spaces.", line=line) from None
        raise PostInvalid(
            "This line cannot be read. Write name: value; put a value with a colon or a # "
            "in quotation marks.",
            line=line,
        ) from None


def _line(node: yaml.Node) -> int:
    return int(node.start_mark.line) + 2


def _text_line(name: str, node: yaml.Node) -> dict[str, int]:
    """Where a text begins; nothing for one whose lines YAML folds, as they would be told wrong."""
    if isinstance(node, yaml.ScalarNode) and node.style == "|":
        return {name: _line(node) + 1 + _blank_lines(node.value)}
    return {name: _line(node)} if node.start_mark.line == node.end_mark.line else {}


def _blank_lines(text: str) -> int:
    """How many blank lines come first; they are not part of the text."""
    start = text[: len(text) - len(text.lstrip())]
    return start.count("\n")


def _text(node: yaml.Node) -> str:
    if not isinstance(node, yaml.ScalarNode):
        raise PostInvalid("One value is expected here, not a list.", line=_line(node))
    value = str(node.value)
    if any(unicodedata.category(sign) in {"Cc", "Cs"} and sign not in "\t\n" for sign in value):
        # Quoted, YAML lets any sign be written by its number, also those no text may have.
        raise PostInvalid("There is an invisible control character.", line=_line(node))
    return value.strip()


def _bare(node: yaml.Node) -> str:
    """A value without the quotation marks a word processor or a careful author puts around it."""
    return _text(node).strip(QUOTES).strip()


def _accounts(node: yaml.Node) -> tuple[str, ...]:
    words = tuple(dict.fromkeys(word.strip(QUOTES).lower() for word in _words(node)))
    if everywhere := next((word for word in words if word in EVERYWHERE), None):
        raise PostInvalid(
            f"to: “{everywhere}” is not an account. Take the line out: the post then goes to "
            "every account that is on.",
            line=_line(node),
        )
    return words


def _words(node: yaml.Node) -> tuple[str, ...]:
    if isinstance(node, yaml.SequenceNode):
        found = [_text(entry) for entry in node.value]
    else:
        found = [word.strip() for word in _text(node).split(",")]
    words = tuple(dict.fromkeys(word for word in found if word))
    if not words:
        raise PostInvalid("One word at least is expected here.", line=_line(node))
    if any(len(word) > MAX_WORD for word in words):
        raise PostInvalid(f"A word has at most {MAX_WORD} characters here.", line=_line(node))
    return words


def _yes_no(node: yaml.Node) -> bool:
    word = _bare(node).lower()
    if word not in YES | NO:
        raise PostInvalid(f"“{word}” is neither yes nor no.", line=_line(node))
    return word in YES


def _election(node: yaml.Node) -> str:
    word = _bare(node).lower()
    if word not in ELECTION:
        raise PostInvalid("election: is answered with yes, no or unsure.", line=_line(node))
    return word


def _language(node: yaml.Node) -> str:
    word = _bare(node).lower()
    codes = {name.lower(): code for code, name in LANGUAGES.items()}
    if word not in LANGUAGES and word not in codes:
        known = ", ".join(f"{code} ({name})" for code, name in LANGUAGES.items())
        raise PostInvalid(f"lang: is one of {known}. Others need no mark.", line=_line(node))
    return codes.get(word, word)


def _numbering(node: yaml.Node) -> str:
    word = _bare(node).lower()
    if word not in NUMBERING:
        raise PostInvalid("numbering: is 1/3, (1/3) or none.", line=_line(node))
    return NUMBERING[word]


def _link_part(node: yaml.Node) -> int:
    return part_of_thread("link_part", _bare(node), _line(node))


def _moment(node: yaml.Node) -> datetime:
    typed = _bare(node)
    try:
        return parse_typed(typed)
    except UsageError as error:
        clock = _with_a_colon(typed.lower())
        said = f"Write the time with a colon: {clock}." if clock else str(error)
        raise PostInvalid(said, line=_line(node)) from None


def _with_a_colon(typed: str) -> str | None:
    """`18.30`, `6pm` or `8:30 am` at the end as 18:30, 18:00 or 08:30; None for anything else."""
    match = re.search(r"(?<![\d.:/-])(\d{1,2})(?:[.:](\d{2}))?\s*(?:([ap])\.?m\.?)?$", typed)
    if match is None or not (match[3] or (match[2] and "." in match[0])):
        return None
    hour, minute = int(match[1]), int(match[2] or 0)
    if match[3] and 1 <= hour <= 12:
        hour = hour % 12 + (12 if match[3] == "p" else 0)
    return f"{hour:02}:{minute:02}" if hour < 24 and minute < 60 else None


def _at(node: yaml.Node) -> dict[str, Any]:
    word = _bare(node).lower()
    if word in {"next", "now"}:
        return {"timing": word}
    return {"timing": "typed", "at": _moment(node)}


def _seconds(node: yaml.Node) -> int:
    typed = _bare(node)
    try:
        return int(duration(typed).total_seconds())
    except ValueError as error:
        if re.fullmatch(r"[\d.]+\s*[smhd]", typed.lower()):
            said = f"too_late: {error}."
        else:
            said = f"too_late: “{typed[:60]}” is not a length of time. Write 30m or 2h."
        raise PostInvalid(said, line=_line(node)) from None


def _web_link(node: yaml.Node) -> str:
    address = _bare(node)
    if not address.startswith(("https://", "http://")) or any(sign.isspace() for sign in address):
        raise PostInvalid(
            f"“{address[:60]}” is not a web address. Write it in full: https://example.org/page",
            line=_line(node),
        )
    if len(address) > 2000:
        raise PostInvalid("The link is longer than 2,000 characters.", line=_line(node))
    return address


def _short(node: yaml.Node) -> str:
    word = _text(node)
    if len(word) > MAX_WORD:
        raise PostInvalid(f"At most {MAX_WORD} characters fit here.", line=_line(node))
    return word


FIELDS: dict[str, tuple[str, Reader]] = {
    "to": ("to", _accounts),
    "expires": ("expires", _moment),
    "too_late": ("too_late_seconds", _seconds),
    "campaign": ("campaign", _short),
    "labels": ("labels", _words),
    "link": ("link", _web_link),
    "thread": ("thread", _yes_no),
    "numbering": ("numbering", _numbering),
    "link_part": ("link_part", _link_part),
    "utm": ("utm", _yes_no),
    "urgent": ("urgent", _yes_no),
    "election": ("election", _election),
    "again": ("again", _yes_no),
    "lang": ("lang", _language),
    "template": ("template", _checked(template_key)),
    "every": ("every", _checked(parse_every)),
    "until": ("until", _checked(parse_day)),
}
SETTINGS = frozenset({*FIELDS, *REGISTRY, "at", "media", "fields"})
