"""Templates: recurring forms of a post, with {fields} that each post fills. Pure.

Values are plain text: braces in them mean nothing, and their line breaks stay. A literal brace in a
template is written twice. A line of a template whose fields are all empty is left out.
"""

import difflib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from bot.errors import PostInvalid
from bot.formatting.text import tidy
from bot.model.written import Written

TEXT = "text"
SIGN = re.compile(r"\{\{|\}\}|\{([^{}\n]*)\}|[{}]")
BRACES = {"{{": "{", "}}": "}"}
LITERAL = "Write a brace that readers should see twice: {{ or }}."
EXAMPLE_LINK = "https://example.org/a-page-of-the-campaign"


@dataclass(frozen=True, slots=True)
class Field:
    """One field: what it means, an example as long as they get, and what stands if left out."""

    means: str
    example: str
    default: str | None = None


@dataclass(frozen=True, slots=True)
class Template:
    """A form: its fields, its text, and other texts by Platform.

    `lines` says on which line of its file each text begins, and each field stands.
    """

    key: str
    title: str
    fields: Mapping[str, Field]
    body: str
    texts: Mapping[str, str] = field(default_factory=dict)
    needs_link: bool = False
    lines: Mapping[str, int] = field(default_factory=dict)

    @property
    def all_texts(self) -> dict[str, str]:
        """Every text by its name: `body`, or a Platform's."""
        return {"body": self.body, **self.texts} if self.body else dict(self.texts)

    @property
    def used(self) -> set[str]:
        """The fields that stand somewhere."""
        return {name for text in self.all_texts.values() for _, name in placeholders(text)}


def placeholders(text: str) -> list[tuple[int, str]]:
    """Position and name of every field in a text; a lone brace has the name it shows."""
    return [
        (found.start(), found[0] if found[1] is None else found[1])
        for found in SIGN.finditer(text)
        if found[0] not in BRACES
    ]


def mistakes(template: Template) -> list[tuple[int | None, str]]:
    """What is wrong with a template in itself: line and words."""
    found: list[tuple[int | None, str]] = []
    for name, text in template.all_texts.items():
        first = template.lines.get(name)
        for position, wanted in placeholders(text):
            if wanted in template.fields or wanted == TEXT:
                continue
            line = None if first is None else first + text.count("\n", 0, position)
            found.append((line, _unknown(wanted, template)))
    used = template.used
    found += [
        (template.lines.get(f"fields.{name}"), f"The field {name} stands in no text.")
        for name in template.fields
        if name not in used
    ]
    return found


def _unknown(wanted: str, template: Template) -> str:
    if wanted in ("{", "}"):
        return f"A {wanted} stands alone. {LITERAL}"
    hint = _nearest(wanted, [*template.fields, TEXT])
    return f"{{{wanted}}} is not one of its fields.{hint} {LITERAL}"


def _nearest(name: str, known: list[str]) -> str:
    near = difflib.get_close_matches(name, known, 1, 0.6)
    return f" Did you mean {near[0]}?" if near else f" Known: {', '.join(known)}."


def filled(written: Written, template: Template) -> Written:
    """The post with its template's words around its fields; PostInvalid names what is amiss.

    Words that the post itself has for a Platform stand before the template's.
    """
    wrong = mistakes(template)
    if wrong:
        line, said = wrong[0]
        place = f"templates/{template.key}.md" + (f", line {line}" if line else "")
        raise PostInvalid(f"{place}: {said}", line=written.lines.get("template"))
    _refuse_unknown(written, template)
    values = _values(written, template)
    own = written.texts
    texts = {name: fill(text, values) for name, text in template.texts.items()}
    lines = {name: line for name, line in written.lines.items() if name in own}
    return replace(written, body=fill(template.body, values), texts={**texts, **own}, lines=lines)


def _refuse_unknown(written: Written, template: Template) -> None:
    for name in written.fields:
        line = written.lines.get(f"fields.{name}")
        if name == TEXT and TEXT not in template.fields:
            raise PostInvalid("text: stands below the second --- line, not here.", line=line)
        if name not in template.fields:
            hint = _nearest(name, list(template.fields))
            raise PostInvalid(f"{name} is no field of {template.key}.{hint}", line=line)
    if written.body and TEXT not in template.used:
        raise PostInvalid(
            f"The template {template.key} has no place for a text. Put it into a field, or take "
            "it out.",
            line=written.lines.get("body"),
        )
    if template.needs_link and not written.link:
        raise PostInvalid(
            f"link: is missing. The template {template.key} needs one.",
            line=written.lines.get("template"),
        )


def _values(written: Written, template: Template) -> dict[str, str]:
    given = {name: tidy(value) for name, value in written.fields.items()}
    values = {name: given.get(name, one.default) for name, one in template.fields.items()}
    if TEXT in template.used and TEXT not in template.fields:
        values[TEXT] = written.body or None
    elif written.body:
        values[TEXT] = written.body
    for name, value in values.items():
        if value is None:
            raise PostInvalid(_missing(name, template), line=written.lines.get("template"))
    used = _used_with(written, template)
    idle = next((name for name in given if name not in used), None)
    if idle is not None:
        raise PostInvalid(
            f"{idle}: would stand nowhere, as the post has words of its own in that place.",
            line=written.lines.get(f"fields.{idle}"),
        )
    return {name: value for name, value in values.items() if value is not None}


def _missing(name: str, template: Template) -> str:
    if name == TEXT:
        return f"There is no text. The template {template.key} needs one below the second --- line."
    return (
        f"fields: {name} is missing ({template.fields[name].means}). The template {template.key} "
        "needs it."
    )


def _used_with(written: Written, template: Template) -> set[str]:
    """The fields that stand in a text which the post does not replace."""
    left = [text for name, text in template.all_texts.items() if name not in written.texts]
    return {name for text in left for _, name in placeholders(text)}


def fill(text: str, values: Mapping[str, str]) -> str:
    """A text of a template with its values; lines of nothing but empty fields are left out."""
    lines: list[str] = []
    dropped = False
    for line in text.split("\n"):
        made = SIGN.sub(lambda found: _sign(found, values), line)
        if placeholders(line) and not made.strip():
            dropped = True
            continue
        if dropped and not line.strip() and (not lines or not lines[-1].strip()):
            continue
        dropped = False
        lines.append(made)
    return tidy("\n".join(lines))


def _sign(found: re.Match[str], values: Mapping[str, str]) -> str:
    return BRACES.get(found[0]) or values[found[1]]


def example_of(template: Template) -> Written:
    """A post that fills a template with its examples, to see what it would make."""
    fields = {name: one.example for name, one in template.fields.items()}
    needs_text = TEXT in template.used and TEXT not in fields
    return Written(
        body="A sentence or two of your own stands here." if needs_text else "",
        template=template.key,
        fields=fields,
        link=EXAMPLE_LINK if template.needs_link else None,
    )
