"""Post files at the command line: which there are, and how a mistake in one is told."""

from collections.abc import Sequence
from pathlib import Path

from bot import flow
from bot.errors import UsageError
from bot.flow import Checked
from bot.intake.admission import Admission
from bot.intake.folder import walk


def found(path: Path) -> list[Path]:
    """The file itself, or every file of a folder that may be a post; UsageError if nothing is."""
    if path.is_dir():
        return sorted(walk(path))
    if not path.exists() and not path.is_symlink():
        raise UsageError(f"{path} is not there.")
    return [path]


def checked(admission: Admission, paths: Sequence[Path], root: Path) -> list[Checked]:
    """Each file checked as queueing would; nothing is queued."""
    return [flow.check(admission, path, root) for path in paths]


def mistakes(one: Checked) -> list[str]:
    """`file:line: words` for each mistake."""
    return [
        f"{one.path}:{line}: {said}" if line else f"{one.path}: {said}" for line, said in one.errors
    ]
