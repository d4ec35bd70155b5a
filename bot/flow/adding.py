"""Reads one post file that a person names, and queues it."""

import hashlib
from pathlib import Path
from typing import NoReturn

from bot.errors import UsageError
from bot.flow.planning import plan
from bot.intake.amendment import Admitted
from bot.intake.folder import walk
from bot.intake.postfile import MAX_FILE_BYTES, parse
from bot.intake.rows import Source
from bot.store import deliveries, posts
from bot.wiring import Bot


def read_file(path: Path, max_bytes: int = MAX_FILE_BYTES) -> bytes:
    """A file's bytes, one more than the cap at most; UsageError when it is not there."""
    try:
        # A pipe or device would keep us waiting; a link that leads nowhere is no file either.
        if not path.is_file():
            there = path.is_symlink() or path.exists()
            raise UsageError(f"{path} is {'not a plain file' if there else 'not there'}.")
        with path.open("rb") as file:
            return file.read(max_bytes + 1)
    except OSError:
        raise UsageError(f"{path} cannot be read.") from None


def lies_in(path: Path, root: Path) -> bool:
    """Whether the path, wherever a link at its end may lead, is one of the folder's."""
    return (path.parent.resolve() / path.name).is_relative_to(root.resolve())


def is_read(path: Path, root: Path) -> bool:
    """Whether the folder reads a file that lies in it, going by its name and place."""
    place = path.parent.resolve() / path.name
    return place in {file.parent.resolve() / file.name for file in walk(root)}


def refuse_unread(path: Path) -> NoReturn:
    """UsageError for a file of the folder that the folder does not read, such as an example."""
    raise UsageError(
        f"{path} is not queued: examples, templates and files starting with . or _ are not "
        "posts. Copy it into the posts folder itself."
    )


def add(bot: Bot, path: Path) -> Admitted:
    """Queue one post file and give it its time; adding the same again changes nothing."""
    content = read_file(path)
    root = bot.folder.root
    inside = lies_in(path, root)
    if inside and is_read(path, root):
        place = path.parent.resolve() / path.name
        admitted = bot.folder.take_one(root / place.relative_to(root.resolve()))
    elif inside and path.suffix.lower() == ".md":
        refuse_unread(path)
    else:
        admitted = _add_outside(bot, content, path.parent)
    plan(bot)
    with bot.store.read() as session:
        rows = tuple(deliveries.of_post(session, admitted.post.id))
    return Admitted(admitted.post, rows, admitted.errors, admitted.notes)


def _add_outside(bot: Bot, content: bytes, folder: Path) -> Admitted:
    """A file outside the posts folder is read once, and known by its content."""
    digest = hashlib.sha256(content).hexdigest()
    written = bot.admission.illustrated(parse(content), folder)
    with bot.store.write() as session:
        known = posts.by_key(session, "file", digest)
        if known is not None:
            return Admitted(known, tuple(deliveries.of_post(session, known.id)))
        source = Source("file", digest, digest, bot.folder.author)
        return bot.admission.admit(session, written, source)
