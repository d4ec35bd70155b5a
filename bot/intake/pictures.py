"""Finds the files that a post names and gives the post what each Platform gets of them.

A file must lie in the posts folder, links included; a post read from elsewhere may also name files
beside it. Every mistake names the line. What was read of an unchanged file a moment ago is
remembered, since a post with a mistake is read again and again.
"""

import difflib
import os
import stat
import threading
from collections import OrderedDict
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from bot.errors import PostInvalid
from bot.intake.plainfile import read_plain
from bot.intake.renditions import MEGABYTE, MOST_BYTES_OF_VIDEO, renditions
from bot.model.written import Picture, Rendition, Written
from bot.platforms.contract import Rules

REMEMBERED = 8
REMEMBERED_BYTES = 8_000_000
Result = dict[str, Rendition] | str


@dataclass(frozen=True, slots=True)
class Pictures:
    """Reads the files of posts below one folder; without a folder it finds nothing."""

    root: Path | None = None
    _known: OrderedDict[Hashable, Result] = field(default_factory=OrderedDict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def illustrated(self, written: Written, folder: Path | None, rules: Sequence[Rules]) -> Written:
        """The post with its files read; PostInvalid with the line of the first that is no use."""
        media = tuple(
            self._read(picture, folder, rules, written.lines.get(f"media {n}"))
            for n, picture in enumerate(written.media, 1)
        )
        return replace(written, media=media)

    def _read(
        self, picture: Picture, folder: Path | None, rules: Sequence[Rules], line: int | None
    ) -> Picture:
        try:
            real = self._find(picture.file, folder)
            found = self._renditions(real, rules)
        except (OSError, ValueError, RuntimeError):
            found = "cannot be read. Copy it again."
        if isinstance(found, str):
            raise PostInvalid(f"media: {picture.file} {found}", line=line)
        return replace(picture, renditions=found)

    def _find(self, name: str, folder: Path | None) -> Path | str:
        """The real path of a file that may be read, or what is wrong with its name."""
        plain = Path(name.replace("\\", "/"))
        if plain.is_absolute() or ".." in plain.parts:
            return "must be named from the posts folder on, such as media/march.jpg"
        places = [place / plain for place in (folder, self.root) if place is not None]
        there = next((place for place in places if place.exists()), None)
        if there is None:
            return f"is not there.{_nearest(places)}"
        real = there.resolve()
        if not any(real.is_relative_to(wall) for wall in self._walls(folder)):
            return "lies outside the posts folder. Copy the file in."
        return real

    def _walls(self, folder: Path | None) -> Iterator[Path]:
        root = self.root.resolve() if self.root is not None else None
        if root is not None:
            yield root
        if folder is not None and (root is None or not folder.resolve().is_relative_to(root)):
            yield folder.resolve()

    def _renditions(self, real: Path | str, rules: Sequence[Rules]) -> Result:
        if isinstance(real, str):
            return real
        status = real.stat()
        if wrong := _no_use(status):
            return wrong
        limits = tuple((one.platform, one.files) for one in rules)
        key = (real, status.st_ino, status.st_size, status.st_mtime_ns, limits)
        with self._lock:
            if key in self._known:
                return self._known[key]
        found = _made(real, rules)
        self._remember(key, found)
        return found

    def _remember(self, key: Hashable, found: Result) -> None:
        sizes = [] if isinstance(found, str) else [len(one.content) for one in found.values()]
        if sum(sizes) > REMEMBERED_BYTES:
            return
        with self._lock:
            self._known[key] = found
            while len(self._known) > REMEMBERED:
                self._known.popitem(last=False)


def _no_use(status: os.stat_result) -> str:
    """What is wrong with a file before it is opened; empty where nothing is."""
    if not stat.S_ISREG(status.st_mode):
        return "is not a plain file. Name the picture or video itself."
    if status.st_size > MOST_BYTES_OF_VIDEO:
        most = MOST_BYTES_OF_VIDEO // MEGABYTE
        return f"has {status.st_size // MEGABYTE:,} MB; {most} at most. Make it shorter or smaller."
    return ""


def _made(real: Path, rules: Sequence[Rules]) -> Result:
    try:
        return renditions(read_plain(real, MOST_BYTES_OF_VIDEO, "a video"), rules)
    except PostInvalid as error:
        return error.reason


def _nearest(places: Sequence[Path]) -> str:
    """A name that was perhaps meant, of the files beside the one that is not there."""
    for place in places:
        names = [one.name for one in place.parent.iterdir()] if place.parent.is_dir() else []
        folded = {name.casefold(): name for name in names}
        near = difflib.get_close_matches(place.name.casefold(), folded, 1, 0.75)
        if near:
            return f" Did you mean {folded[near[0]]}?"
    return " Put it into the posts folder, for instance as media/march.jpg"
