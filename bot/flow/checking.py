"""All that queueing would say of a file or template; nothing is queued and nothing is sent."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from bot.errors import PostInvalid
from bot.flow.adding import lies_in, read_file
from bot.formatting.rendered import Rendered, told
from bot.formatting.template import Template, example_of, filled, mistakes
from bot.intake.admission import Admission
from bot.intake.folderfiles import SOURCE, read_inside
from bot.intake.postfile import parse
from bot.intake.rendering import unknown
from bot.intake.templates import Templates, template_of
from bot.model.account import Account
from bot.model.written import Written
from bot.store import accounts, posts
from bot.store.engine import Store

NO_FILE = Path()


@dataclass(frozen=True, slots=True)
class Checked:
    """What checking one post file found: its words per Account name, or what is wrong.

    `later` are the further wordings of one that recurs. A template is shown with its examples.
    `row` is the row of a sheet, None for a file; `standing` is what it is to an earlier one, and
    `post` (P12) that one.
    """

    path: Path
    rendered: dict[str, Rendered]
    errors: tuple[tuple[int | None, str], ...]
    warnings: tuple[tuple[int | None, str], ...]
    written: Written | None = None
    later: tuple[Rendered, ...] = ()
    is_template: bool = False
    row: int | None = None
    standing: str = ""
    post: str | None = None


def check(
    admission: Admission, path: Path, root: Path | None = None, store: Store | None = None
) -> Checked:
    """Everything that queueing would say of a file; nothing is queued.

    Without a database only what it remembers is left out: posts that say the same.
    """
    if root is not None and Templates(root).owns(path):
        return check_template(admission, path)
    try:
        if root is not None and lies_in(path, root):
            written = parse(read_inside(path, root))
        else:
            written = parse(read_file(path))
        written = admission.illustrated(written, path.parent)
        admission.filled(written)
    except PostInvalid as error:
        return Checked(path, {}, ((error.line, error.reason),), ())
    except (OSError, RuntimeError):  # a link that leads to itself is a RuntimeError
        return Checked(path, {}, ((None, "The file cannot be read."),), ())
    return examine(admission, written, store, _post_id(store, path, root), path)


def examine(
    admission: Admission,
    written: Written,
    store: Store | None = None,
    post_id: int | None = None,
    path: Path = NO_FILE,
    known: Sequence[Account] | None = None,
) -> Checked:
    """The same of a post whose files are read.

    `post_id` where it is an edit of one that is in; `known` are its Accounts, where they were read
    already.
    """
    errors: list[tuple[int | None, str]] = []
    rendered: dict[str, Rendered] = {}
    later: list[Rendered] = []
    for name in written.to or admission.default_names:
        if name not in admission.platforms:
            errors.append((None, unknown(name, admission.platforms)))
            continue
        rendered[name] = admission.drawn(name, written)
        try:
            later += admission.later_drawn(name, written)
        except PostInvalid as error:
            errors.append((error.line, error.reason))
    if store is not None:
        same = _compare(store, admission, written, rendered, post_id, known)
        errors += [(None, said) for said in same]
    drawn = [*rendered.values(), *later]
    errors += told(drawn, errors=True)
    warnings = told(drawn, errors=False)
    try:
        warnings += [(None, said) for said in admission.times(written).notes]
    except PostInvalid as error:
        errors.append((error.line, error.reason))
    errors.sort(key=_by_line)
    warnings.sort(key=_by_line)
    return Checked(path, rendered, tuple(errors), tuple(warnings), written, tuple(later))


def check_template(admission: Admission, path: Path) -> Checked:
    """What is wrong with a template in itself, and with the post its examples would make."""
    try:
        template = template_of(path.stem, read_file(path))
    except PostInvalid as error:
        return Checked(path, {}, ((error.line, error.reason),), (), is_template=True)
    wrong = mistakes(template)
    if wrong:
        return Checked(path, {}, tuple(wrong), (), is_template=True)
    written = replace(filled(example_of(template), template), template=None)
    rendered = {name: admission.drawn(name, written) for name in admission.default_names}
    texts: dict[str, list[Rendered]] = {}
    for name, one in rendered.items():
        platform = admission.platforms[name].rules.platform
        texts.setdefault(platform if platform in template.texts else "body", []).append(one)
    errors = _of_template(template, texts, errors=True)
    warnings = _of_template(template, texts, errors=False)
    return Checked(path, rendered, tuple(errors), tuple(warnings), is_template=True)


def _of_template(
    template: Template, texts: dict[str, list[Rendered]], *, errors: bool
) -> list[tuple[int | None, str]]:
    """What is said of the post its examples make, at the line where that text begins."""
    return [
        (template.lines.get(name), f"With its examples, {said}")
        for name, rendered in texts.items()
        for _, said in told(rendered, errors=errors)
    ]


def _by_line(found: tuple[int | None, str]) -> float:
    """In the order of the file; what belongs to no line comes last."""
    return math.inf if found[0] is None else found[0]


def _post_id(store: Store | None, path: Path, root: Path | None) -> int | None:
    """The post that the folder knows the file as."""
    if store is None or root is None or not lies_in(path, root):
        return None
    key = str((path.parent.resolve() / path.name).relative_to(root.resolve()))
    with store.read() as session:
        own = posts.by_key(session, SOURCE, key)
        return own.id if own is not None else None


def _compare(
    store: Store,
    admission: Admission,
    written: Written,
    rendered: dict[str, Rendered],
    post_id: int | None,
    known: Sequence[Account] | None,
) -> list[str]:
    """Draw again beside what else waits and went out; what is said of words that are the same."""
    with store.read() as session:
        found = accounts.some_named(session, list(rendered)).values() if known is None else known
        rows = [row for row in found if row.name in rendered]
        recent = admission.recent(session, rows, written, post_id)
        for row in rows:
            rendered[row.name] = admission.render(row, written, recent[row.id])
        beside = {row.id: rendered[row.name] for row in rows}
        return admission.same_as(session, beside, written, post_id)
