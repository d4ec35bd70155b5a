"""Reads what was typed into the web app's form: the fields of a post file, without a file.

Every value is read by the same rules as a file's. All mistakes are told at once, each by the name
of its field.
"""

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from bot.errors import PostInvalid
from bot.formatting.text import tidy
from bot.intake.forms import refuse_odd_forms
from bot.intake.postfile import scalar, setting, words_of
from bot.model.written import Picture, Written

MAX_TEXT = 50_000
BODY = "text"
OTHER = "form"  # of mistakes that belong to no single field
TICKS = frozenset({"thread", "utm", "urgent", "again"})
PART_NUMBERS = frozenset(str(n) for n in range(26))

Form = Mapping[str, str]


def read(form: Form, media: Sequence[Picture] = ()) -> tuple[Written | None, dict[str, str]]:
    """The post that was typed, and what is wrong by field; None where something is.

    Fields are those of a post file; `text` is the body, `fields.NAME` fills a template.
    """
    values: dict[str, Any] = {"media": tuple(media), "texts": {}}
    wrong: dict[str, str] = {}
    for name, typed in form.items():
        try:
            _read(name, typed, values)
        except PostInvalid as error:
            wrong[name] = error.reason
    if wrong:
        return None, wrong
    written = Written(**{"body": "", **values})
    try:
        _refuse_empty(written)
        refuse_odd_forms(written)
    except PostInvalid as error:
        return None, {OTHER: error.reason}
    return written, {}


def _read(name: str, typed: str, values: dict[str, Any]) -> None:
    if name == BODY:
        values["body"] = _text(typed)
    elif not typed.strip():
        return
    elif name.startswith("fields."):
        values.setdefault("fields", {})[name.removeprefix("fields.")] = words_of(scalar(typed, 1))
    else:
        found = setting(name, _text(typed), 1)
        del found["lines"]
        values["texts"] |= found.pop("texts")
        values |= found


def _text(typed: str) -> str:
    if len(typed) > MAX_TEXT:
        raise PostInvalid(f"The text has {len(typed):,} characters; {MAX_TEXT:,} at most.")
    plain = typed.replace("\r\n", "\n").replace("\r", "\n")
    if any(unicodedata.category(sign) in {"Cc", "Cs"} and sign not in "\t\n" for sign in plain):
        raise PostInvalid("There is an invisible control character.")
    return tidy(plain)


def _refuse_empty(written: Written) -> None:
    if not (written.body or written.texts or written.template):
        raise PostInvalid("There is no text yet.")


def shown(written: Written) -> dict[str, str]:
    """The form that such a post would have been typed into."""
    form = {BODY: written.body, **written.texts}
    form["at"] = written.timing if written.at is None else f"{written.at:%Y-%m-%d %H:%M}"
    plain = {
        "to": ", ".join(written.to or ()),
        "campaign": written.campaign or "",
        "labels": ", ".join(written.labels),
        "link": written.link or "",
        "expires": f"{written.expires:%Y-%m-%d %H:%M}" if written.expires else "",
        "numbering": written.numbering,
        "election": written.election,
        "lang": written.lang or "",
        "template": written.template or "",
        "every": written.every or "",
        "until": written.until or "",
        "too_late": f"{written.too_late_seconds}s" if written.too_late_seconds else "",
        "link_part": str(written.link_part or ""),
    }
    ticked = {name: "yes" for name in TICKS if getattr(written, name)}
    if written.utm is False:
        ticked["utm"] = "no"
    filled = {f"fields.{name}": value for name, value in written.fields.items()}
    return {**form, **{name: value for name, value in plain.items() if value}, **ticked, **filled}


def described(pictures: Sequence[Picture], form: Form) -> tuple[Picture, ...]:
    """The pictures with the words typed beside each: `alt.1`, `credit.1`, `people.1`, `part.1`."""
    return tuple(_described(one, form, n) for n, one in enumerate(pictures, 1))


def _described(picture: Picture, form: Form, n: int) -> Picture:
    part = form.get(f"part.{n}", "").strip()
    return replace(
        picture,
        alt=_text(form.get(f"alt.{n}", picture.alt)),
        credit=form.get(f"credit.{n}", picture.credit or "").strip() or None,
        people=form.get(f"people.{n}", picture.people or "") or None,
        part=int(part) if part in PART_NUMBERS else picture.part,
    )
