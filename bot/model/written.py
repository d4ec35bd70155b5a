"""A Post as its author wrote it: the fields of a post file, before any Platform sees them."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Rendition:
    """A file as one Platform gets it, or the `problem` that keeps it from going there.

    `note` says what was changed that its author would not expect. `content` is stored by its
    digest, never in here.
    """

    sha256: str = ""
    mime_type: str = ""
    size_bytes: int = 0
    width: int = 0
    height: int = 0
    alone: bool = False
    note: str = ""
    problem: str = ""
    content: bytes = field(default=b"", compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture or video named in a post: file as written, alt text, credit, and its `people`.

    `people` says whether those it shows agreed: none, agreed or blurred. `part` is the part of a
    thread that shows it, 0 for the last. `renditions` holds what each Platform gets, by the
    Platform's name; empty until the file was read.
    """

    file: str
    alt: str = ""
    credit: str | None = None
    people: str | None = None
    part: int = 1
    renditions: dict[str, Rendition] = field(default_factory=dict)

    def place(self, parts: int) -> int:
        """Which of so many Parts shows it, whether or not there is one of that number."""
        return (self.part or parts) if parts > 1 else 1


@dataclass(frozen=True, slots=True)
class Written:
    """What the author gave. `at` is typed local time without a zone; None with next and now.

    `utm` None leaves it to the campaign. `numbering` holds 1/3 or (1/3); `link_part` is the part of
    a thread that carries the link, 0 for the last. `lines` says on which line of its file each
    text begins (`body`, or a platform's name), each file is named (`media 1`) and each setting
    stands; it is not stored. `unlinked` names the Platforms on which the link is left out; `lang`
    is a code such as es. `every` (`2 weeks`) and `until` (an ISO day) make it recur; `fields` fill
    its `template`.
    """

    body: str
    to: tuple[str, ...] | None = None
    timing: str = "next"
    at: datetime | None = None
    expires: datetime | None = None
    too_late_seconds: int | None = None
    campaign: str | None = None
    labels: tuple[str, ...] = ()
    link: str | None = None
    media: tuple[Picture, ...] = ()
    thread: bool = False
    urgent: bool = False
    election: str = "unsure"
    every: str | None = None
    until: str | None = None
    template: str | None = None
    utm: bool | None = None
    again: bool = False
    texts: dict[str, str] = field(default_factory=dict)
    numbering: str = ""
    link_part: int = 0
    lines: dict[str, int] = field(default_factory=dict, compare=False)
    unlinked: tuple[str, ...] = ()
    lang: str | None = None
    fields: dict[str, str] = field(default_factory=dict)

    def for_platform(self, platform: str) -> "Written":
        """The post as one Platform gets it: without its link where that is left out."""
        return replace(self, link=None) if platform in self.unlinked else self

    def text_for(self, platform: str) -> str:
        """The words for one Platform: its own where the author wrote some, else the body."""
        return self.texts.get(platform, self.body)


def to_json(written: Written) -> dict[str, Any]:
    """Plain data for the database column."""
    plain = asdict(written)
    del plain["lines"]
    for picture in plain["media"]:
        for rendition in picture["renditions"].values():
            del rendition["content"]
    for name in ("at", "expires"):
        moment = plain[name]
        plain[name] = moment.isoformat(timespec="seconds") if moment else None
    return plain


def from_json(plain: dict[str, Any]) -> Written:
    """The inverse of `to_json`."""
    values = dict(plain)
    for name in ("at", "expires"):
        values[name] = datetime.fromisoformat(values[name]) if values[name] else None
    values["to"] = tuple(values["to"]) if values["to"] is not None else None
    values["labels"] = tuple(values["labels"])
    values["unlinked"] = tuple(values.get("unlinked", ()))
    values["media"] = tuple(_picture(picture) for picture in values["media"])
    return Written(**values)


def pictures_to_json(pictures: Iterable[Picture]) -> list[dict[str, Any]]:
    """Pictures alone, as plain data."""
    return list(to_json(Written("", media=tuple(pictures)))["media"])


def pictures_from_json(plain: Iterable[dict[str, Any]]) -> tuple[Picture, ...]:
    """The inverse of `pictures_to_json`."""
    return tuple(_picture(one) for one in plain)


def _picture(plain: dict[str, Any]) -> Picture:
    stored = plain.get("renditions", {})
    renditions = {platform: Rendition(**one) for platform, one in stored.items()}
    return Picture(**{**plain, "renditions": renditions})
