"""What the database knows of a posts folder, and what one reading finds there."""

from dataclasses import dataclass, field

from bot.errors import PostInvalid
from bot.intake import folderfiles, foldersheets, sheetrows
from bot.intake.folderfiles import File
from bot.intake.foldersheets import Row, is_of_folder, resolved, sheet_of
from bot.intake.sheetrows import SheetRow
from bot.model.delivery import Hold
from bot.model.post import Post
from bot.store import deliveries, posts, quarantine
from bot.store.engine import Session

DELETED = {
    folderfiles.SOURCE: folderfiles.DELETED,
    sheetrows.SOURCE: foldersheets.TAKEN_OUT,
}


@dataclass(slots=True)
class Here:
    """What one reading found: post files and rows, and the files that could not be taken."""

    files: list[File] = field(default_factory=list)
    rows: list[SheetRow] = field(default_factory=list)
    settling: set[str] = field(default_factory=set)
    broken: dict[str, PostInvalid] = field(default_factory=dict)

    def all(self, known: "Known") -> list[File | Row]:
        """Files and rows alike, in the order they were found."""
        return [*self.files, *(resolved(row, known.posts) for row in self.rows)]

    def found(self, known: "Known") -> set[str]:
        """All keys that are not gone: of files, of rows, and of rows in sheets not read now."""
        unread = {*self.settling, *self.broken}
        keys = {file.key for file in self.files} | {row.key for row in self.rows} | unread
        # A row queued beside an older one is there as long as the row is.
        kept = {
            key
            for key in (*known.posts, *known.odd)
            if sheet_of(key) in unread or key.partition("#+")[0] in keys
        }
        return keys | kept


@dataclass(frozen=True, slots=True)
class Known:
    """The Posts of a folder by key, and which of them (by id) wait, failed, miss their file, or
    were cancelled with it; `odd` are the keys in quarantine."""

    posts: dict[str, Post]
    waiting: set[int]
    failed: set[int]
    missed: set[int]
    dropped: set[int]
    odd: set[str]


def known_of(session: Session) -> Known:
    """All that is known, in one reading transaction."""
    found = posts_of(session)
    own = {post.id for post in found}
    dropped = [posts.cancelled_because(session, *pair) for pair in DELETED.items()]
    rows = quarantine.keys(session, sheetrows.SOURCE)
    return Known(
        {post.key: post for post in found},
        waiting=own & waiting_of(session),
        failed=own & deliveries.failed_posts(session),
        missed={row.post_id for row in deliveries.held_for(session, Hold.FILE_GONE)},
        dropped=own & set().union(*dropped),
        odd={*quarantine.keys(session, folderfiles.SOURCE), *filter(is_of_folder, rows)},
    )


def posts_of(session: Session) -> list[Post]:
    """The Posts of the folder's files, and of the rows of its sheets."""
    rows = posts.by_source(session, sheetrows.SOURCE)
    files = posts.by_source(session, folderfiles.SOURCE)
    return [*files, *(post for post in rows if is_of_folder(post.key))]


def waiting_of(session: Session) -> set[int]:
    """Ids of Posts of files and sheets that still have something waiting or on hold."""
    files, rows = (posts.with_open_deliveries(session, source) for source in DELETED)
    return files | rows
