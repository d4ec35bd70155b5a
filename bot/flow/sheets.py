"""Reads a sheet of posts, shows what queueing each row would do, and queues it as a person chose.

For the command and the page alike: reading and looking change nothing, `queue_sheet` applies.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from bot.errors import PostInvalid, UsageError
from bot.flow.adding import is_read, lies_in, read_file, refuse_unread
from bot.flow.checking import Checked, examine
from bot.flow.planning import plan
from bot.flow.writing import Author
from bot.formatting.rendered import told as told_of
from bot.intake.admission import Admission
from bot.intake.folderfiles import read_inside
from bot.intake.foldersheets import is_of_folder, key_of
from bot.intake.sheetgrid import MAX_BYTES
from bot.intake.sheetqueue import Change, Sheets, Standing, Taken, in_column, standing
from bot.intake.sheetrows import Sheet, SheetRow, rows_of, told
from bot.model.post import Post
from bot.model.written import Written
from bot.store import deliveries
from bot.store.engine import Store
from bot.wiring import Bot

UNNAMED = "sheet.csv"


@dataclass(frozen=True, slots=True)
class RowPreview:
    """One row as it would be queued: what it is to an earlier one, and its words per account.

    `errors` are pairs of column and words; `post` is the name (P12) of the post known by this row.
    `checked` is None for a row that changes nothing, or of which no post could be made.
    """

    row: SheetRow
    standing: Standing
    post: str | None = None
    checked: Checked | None = None
    errors: tuple[tuple[str, str], ...] = ()
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SheetPreview:
    """All rows of one file, in order, and what its author should know of the whole."""

    file: str
    rows: tuple[RowPreview, ...]
    notes: tuple[str, ...] = ()
    folder: Path | None = None

    def those(self, wanted: Standing) -> tuple[RowPreview, ...]:
        """The rows that stand so."""
        return tuple(one for one in self.rows if one.standing == wanted)


def read_sheet(bot: Bot, name: str, content: bytes) -> SheetPreview:
    """What queueing a file that was handed in would do; PostInvalid where it cannot be read.

    It is known by its bare name: the same name later means the same sheet.
    """
    bare = name.replace("\\", "/").rstrip("/").rpartition("/")[2]
    sheet = rows_of(bare or UNNAMED, content)
    return look_at(bot.admission, bot.store, sheet, None, to_queue=True)


def read_sheet_file(bot: Bot, path: Path) -> SheetPreview:
    """The same for a file of this machine; inside the posts folder it is the folder's own.

    UsageError for one that the folder does not read, such as an example.
    """
    root = bot.folder.root
    if lies_in(path, root) and not is_read(path, root):
        refuse_unread(path)
    sheet = sheet_at(path, root)
    return look_at(bot.admission, bot.store, sheet, path.parent, to_queue=True)


def sheet_at(path: Path, root: Path) -> Sheet:
    """The rows of a file by the key it would be queued under; UsageError where it is not there."""
    if not (lies_in(path, root) and is_read(path, root)):
        return rows_of(path.name, read_file(path, MAX_BYTES))
    inside = (path.parent.resolve() / path.name).relative_to(root.resolve())
    try:
        content = read_inside(root / inside, root)
    except (OSError, RuntimeError):
        raise UsageError(f"{path} cannot be read.") from None
    return rows_of(key_of(inside.as_posix()), content)


def check_sheet(admission: Admission, path: Path, root: Path, store: Store | None) -> list[Checked]:
    """Each row as the checking of a file tells it; a file that cannot be read is one answer."""
    try:
        sheet = sheet_at(path, root)
    except PostInvalid as error:
        return [Checked(path, {}, ((error.line, error.reason),), ())]
    looked = look_at(admission, store, sheet, path.parent)
    return [as_checked(path, one, () if n else looked.notes) for n, one in enumerate(looked.rows)]


def look_at(
    admission: Admission,
    store: Store | None,
    sheet: Sheet,
    folder: Path | None,
    *,
    to_queue: bool = False,
) -> SheetPreview:
    """Each row judged; without a database every good row is new.

    With `to_queue` an account that is off is a mistake, as it is when queueing.
    """
    judge = _Judge(admission, store, folder, to_queue)
    rows = tuple(judge.previewed(row) for row in sheet.rows)
    return SheetPreview(sheet.file, rows, sheet.notes, folder)


def queue_sheet(
    bot: Bot,
    preview: SheetPreview,
    choices: Mapping[str, Change],
    author: Author,
    on_row: Callable[[], object] = lambda: None,
) -> list[Taken]:
    """Queue every good row and give it its time; a bad one stops only itself.

    `choices` say by a row's key what becomes of a changed one; the default is to skip it. `on_row`
    is called after each row.
    """
    first_run: frozenset[str] = frozenset()
    if is_of_folder(preview.file):
        with bot.store.read() as session:
            first_run = bot.folder.first_run(session)
    sheets = Sheets(
        bot.store,
        bot.admission,
        author.actor,
        preview.folder,
        first_run,
        on_row,
        by_approver=author.is_approver,
    )
    taken = sheets.take(preview.file, [one.row for one in preview.rows], choices)
    plan(bot)
    return [_planned(bot, one) for one in taken]


@dataclass(slots=True)
class _Judge:
    """Judges the rows of one sheet in order, each also beside those before it."""

    admission: Admission
    store: Store | None
    folder: Path | None
    to_queue: bool
    said: dict[tuple[str, str], SheetRow] = field(default_factory=dict)

    def previewed(self, row: SheetRow) -> RowPreview:
        stands, post = self._standing(row)
        name = post.name if post is not None else None
        if row.written is None or stands == Standing.UNCHANGED:
            return RowPreview(row, stands, name, errors=row.errors)
        checked = self._checked(row, row.written, post)
        errors = tuple(in_column(row, said) for _, said in checked.errors)
        stands = Standing.BAD if errors and not _goes_somewhere(checked) else stands
        warnings = tuple(said for _, said in checked.warnings)
        return RowPreview(row, stands, name, checked, errors, warnings)

    def _standing(self, row: SheetRow) -> tuple[Standing, Post | None]:
        if self.store is None:
            return (Standing.NEW if row.written is not None else Standing.BAD), None
        with self.store.read() as session:
            return standing(session, row)

    def _checked(self, row: SheetRow, written: Written, post: Post | None) -> Checked:
        path = Path(row.file)
        try:
            written = self.admission.illustrated(written, self.folder)
            self.admission.filled(written)
            self._refuse_off(written)
        except PostInvalid as error:
            return Checked(path, {}, ((row.number, error.reason),), ())
        post_id = post.id if post is not None else None
        checked = examine(self.admission, written, self.store, post_id, path)
        twins = () if written.again else tuple(self._twins(row, checked))
        return replace(checked, errors=(*checked.errors, *twins))

    def _refuse_off(self, written: Written) -> None:
        if self.to_queue and self.store is not None:
            with self.store.read() as session:
                self.admission.targets(session, written)

    def _twins(self, row: SheetRow, checked: Checked) -> Iterator[tuple[int | None, str]]:
        for name, drawn in checked.rendered.items():
            twin = self.said.setdefault((name, drawn.text_key), row)
            if twin is not row:
                same = f"Same as {twin.place} on {drawn.title}."
                yield row.number, f"{same} To post it all the same, add again: yes."


def _goes_somewhere(checked: Checked) -> bool:
    """Whether its mistakes are those of some accounts alone: the others get it all the same."""
    drawn = [*checked.rendered.values(), *checked.later]
    partly = {said for _, said in told_of(drawn, errors=True)}
    is_partly = all(said in partly for _, said in checked.errors)
    return is_partly and any(not one.errors for one in checked.rendered.values())


def as_checked(path: Path, preview: RowPreview, notes: tuple[str, ...] = ()) -> Checked:
    """A row as the checking of a file tells it: each mistake with its row and column.

    `notes` are about the whole sheet, and told with this row.
    """
    row = preview.row
    errors = tuple((row.number, told(row, *pair)) for pair in preview.errors)
    warnings = (
        *((None, said) for said in notes),
        *((row.number, said) for said in preview.warnings),
    )
    judged_alone = preview.checked or Checked(path, {}, (), ())
    return replace(
        judged_alone,
        path=path,
        errors=errors,
        warnings=warnings,
        row=row.number,
        standing=preview.standing.value,
        post=preview.post,
    )


def _planned(bot: Bot, taken: Taken) -> Taken:
    """With its times as they are after planning."""
    if taken.admitted is None:
        return taken
    with bot.store.read() as session:
        rows = tuple(deliveries.of_post(session, taken.admitted.post.id))
    return replace(taken, admitted=replace(taken.admitted, deliveries=rows))
