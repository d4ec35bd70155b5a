"""Post files at the command line: which there are, and how a mistake in one is told."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from bot import flow
from bot.errors import UsageError
from bot.flow import Checked
from bot.intake.admission import Admission
from bot.intake.folder import walk
from bot.intake.sheetrows import is_sheet
from bot.intake.templates import Templates
from bot.platforms.contract import Platform
from bot.reports import pictures, words
from bot.store.engine import Store


def found(path: Path) -> list[Path]:
    """The file, or every post file and template of a folder; UsageError if it is not there."""
    if path.is_dir():
        return [*sorted(walk(path)), *Templates(path).paths()]
    if not path.exists() and not path.is_symlink():
        raise UsageError(f"{path} is not there.")
    return [path]


def checked(
    admission: Admission, paths: Sequence[Path], root: Path, store: Store | None
) -> list[Checked]:
    """Each file and each row checked as queueing would; nothing is queued."""
    answers: list[Checked] = []
    for path in paths:
        if is_sheet(path.name):
            answers += flow.check_sheet(admission, path, root, store)
        else:
            answers.append(flow.check(admission, path, root, store))
    return answers


def kind(checked: Sequence[Checked]) -> str:
    """What was checked, as a noun: files, the rows of a sheet, or both."""
    rows = [one for one in checked if one.row is not None]
    return "file" if not rows else "row" if len(rows) == len(checked) else "post"


def place(one: Checked) -> str:
    """`posts/march.md`, or `posts/march.csv:7` for a row."""
    return _place(one, one.row)


def mistakes(one: Checked) -> list[str]:
    """`file:line: words` for each mistake."""
    return [f"{_place(one, line)}: {said}" for line, said in one.errors]


def remarks(one: Checked) -> list[str]:
    """`file:line: Note: words` for each thing its author should know."""
    return [f"{_place(one, line)}: Note: {said}" for line, said in one.warnings]


def _place(one: Checked, line: int | None) -> str:
    return f"{one.path}:{line}" if line else str(one.path)


def sizes(one: Checked) -> list[str]:
    """`X: 3 parts, of 270, 251 and 88 characters (280 fit)` for each account's thread."""
    said = []
    for rendered in one.rendered.values():
        *weights, last = (f"{weight:,}" for weight in rendered.weights)
        if weights:
            counts = f"{', '.join(weights)} and {last}"
            count = len(weights) + 1
            said.append(
                f"{rendered.title}: {count} parts, of {counts} characters "
                f"({rendered.max_weight:,} fit)"
            )
    return said


def prices(one: Checked) -> list[str]:
    """`X: costs $0.20` for each account that wants money for it."""
    return [
        f"{rendered.title}: costs {words.money(rendered.price)}"
        for rendered in one.rendered.values()
        if rendered.price
    ]


def pictures_sent(one: Checked, platforms: Mapping[str, Platform]) -> list[str]:
    """`X: media/march.jpg goes as JPEG, 2,048 × 1,365 pixels, 0.4 MB` for each account's files."""
    if one.written is None:
        return []
    return [
        f"{rendered.title}: {picture.file} goes as {pictures.size(rendition)}"
        for name, rendered in one.rendered.items()
        for picture, rendition in pictures.sent(one.written, platforms[name].rules.platform)
    ]
