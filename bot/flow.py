"""The only sequences across rooms: add, check, preview, once, and the decisions that look first."""

import hashlib
import time
from dataclasses import dataclass, field
from pathlib import Path

from bot.decisions import pause as pausing
from bot.decisions.record import Decider, named
from bot.decisions.resolve import Answer, must_be_in_doubt, resolve
from bot.delivery import sweep
from bot.errors import NotFound, PostInvalid, UsageError
from bot.formatting.variant import Rendered, render
from bot.intake.admission import Admission, Admitted, Source
from bot.intake.folder import SETTLED_AFTER_SECONDS, Reading, read_inside, walk
from bot.intake.postfile import MAX_FILE_BYTES, parse
from bot.intake.refresh import Refresher
from bot.model.delivery import Delivery, State
from bot.model.written import Written
from bot.platforms.contract import Platform, Unreadable
from bot.store import deliveries, posts
from bot.timetable import declared
from bot.wiring import Bot


@dataclass(slots=True)
class Round:
    """What one `run --once` did."""

    reading: Reading = field(default_factory=Reading)
    articles: int = 0
    planned: int = 0
    tried: int = 0
    looked: int = 0
    counted: int = 0


def read_file(path: Path) -> bytes:
    """A post file's bytes, capped; UsageError when it is not there."""
    try:
        # A pipe or device would keep us waiting; a link that leads nowhere is no file either.
        if not path.is_file():
            there = path.is_symlink() or path.exists()
            raise UsageError(f"{path} is {'not a plain file' if there else 'not there'}.")
        with path.open("rb") as file:
            return file.read(MAX_FILE_BYTES + 1)
    except OSError:
        raise UsageError(f"{path} cannot be read.") from None


def _lies_in(path: Path, root: Path) -> bool:
    """Whether the path, wherever a link at its end may lead, is one of the folder's."""
    return (path.parent.resolve() / path.name).is_relative_to(root.resolve())


def add(bot: Bot, path: Path) -> Admitted:
    """Queue one post file and give it its time; adding the same again changes nothing."""
    content = read_file(path)
    root = bot.folder.root
    inside = _lies_in(path, root)
    place = path.parent.resolve() / path.name
    if inside and place in {file.parent.resolve() / file.name for file in walk(root)}:
        admitted = bot.folder.take_one(root / place.relative_to(root.resolve()))
    elif inside and path.suffix.lower() == ".md":
        raise UsageError(
            f"{path} is not queued: examples, templates and files starting with . or _ are not "
            "posts. Copy it into the posts folder itself."
        )
    else:
        admitted = _add_outside(bot, content)
    plan(bot)
    with bot.store.read() as session:
        rows = tuple(deliveries.of_post(session, admitted.post.id))
    return Admitted(admitted.post, rows, admitted.errors, admitted.notes)


def _add_outside(bot: Bot, content: bytes) -> Admitted:
    """A file outside the posts folder is read once, and known by its content."""
    digest = hashlib.sha256(content).hexdigest()
    written = parse(content)
    with bot.store.write() as session:
        known = posts.by_key(session, "file", digest)
        if known is not None:
            return Admitted(known, tuple(deliveries.of_post(session, known.id)))
        source = Source("file", digest, digest, bot.folder.author)
        return bot.admission.admit(session, written, source)


@dataclass(frozen=True, slots=True)
class Checked:
    """What checking one post file found: its words per Account name, or what is wrong."""

    path: Path
    rendered: dict[str, Rendered]
    errors: tuple[tuple[int | None, str], ...]
    warnings: tuple[str, ...]
    written: Written | None = None


def check(admission: Admission, path: Path, root: Path | None = None) -> Checked:
    """Everything that queueing would say of a file, without a database; nothing is queued."""
    try:
        if root is not None and _lies_in(path, root):
            written = parse(read_inside(path, root))
        else:
            written = parse(read_file(path))
    except PostInvalid as error:
        return Checked(path, {}, ((error.line, error.reason),), ())
    except (OSError, RuntimeError):  # a link that leads to itself is a RuntimeError
        return Checked(path, {}, ((None, "The file cannot be read."),), ())
    errors: list[tuple[int | None, str]] = []
    warnings: list[str] = []
    rendered: dict[str, Rendered] = {}
    for name in written.to or tuple(admission.platforms):
        platform = admission.platforms.get(name)
        if platform is None:
            known = ", ".join(admission.platforms)
            errors.append((None, f"to: there is no account named {name}. Accounts: {known}."))
            continue
        rendered[name] = render(written, platform, admission.imprint)
        errors += [(None, said) for said in rendered[name].errors]
        warnings += rendered[name].warnings
    try:
        warnings += admission.times(written).notes
    except PostInvalid as error:
        errors.append((error.line, error.reason))
    return Checked(path, rendered, tuple(errors), tuple(warnings), written)


def plan(bot: Bot) -> int:
    """Take over the declared timetables, then give times where they are missing or gone by.

    A mistake in the file is quarantined and shown; planning goes on with the Slots known so far.
    """
    declared.take_over(bot.store, bot.settings.posts_dir, bot.clock())
    return bot.planner.plan_due()


def once(bot: Bot, worker_id: int) -> Round:
    """Everything due now: folder, feeds, plan, send, confirm, collect."""
    done = Round()
    if bot.store.is_sqlite:
        sweep.forget(bot.store)
        bot.confirmer.free_left_by_others(worker_id)
    else:
        # Another machine's heartbeat may be at work: only what nobody holds any more is freed.
        bot.confirmer.free_expired()
        bot.confirmer.free_left_by_dead()
    Refresher(bot.store, bot.admission).refresh()
    done.reading = bot.folder.read()
    if done.reading.unsettled:
        time.sleep(SETTLED_AFTER_SECONDS)
        settled = bot.folder.read(everything=True)
        done.reading.new += settled.new
        done.reading.edited += settled.edited
        done.reading.quarantined += settled.quarantined
    done.articles = sum(result.new for result in bot.feeds.poll_due())
    done.planned = plan(bot)
    done.tried = send_due(bot, worker_id)
    done.looked = bot.confirmer.look_due()
    done.tried += send_due(bot, worker_id)
    done.counted = bot.collector.collect_due()
    return done


def send_due(bot: Bot, worker_id: int) -> int:
    """Send what is due, one Delivery after the other, until nothing more is."""
    tried = 0
    while ids := sweep.due(bot.store, bot.clock, bot.accounts_on):
        for delivery_id in ids:
            tried += bot.deliverer.deliver(delivery_id, worker_id)
    return tried


def answer_doubt(
    bot: Bot, decider: Decider, target: str, answer: Answer, url: str = ""
) -> tuple[Delivery, bool]:
    """Apply a person's answer after one more look; True when that look found it."""
    with bot.store.write() as session:
        doubted = [
            row
            for row in named(session, target)
            if row.state == State.UNCONFIRMED or "in doubt" in row.holds
        ]
        if not doubted:
            must_be_in_doubt(named(session, target)[0])
    if len(doubted) > 1:
        names = ", ".join(str(row.id) for row in doubted)
        raise UsageError(f"{target} is in doubt on several accounts. Answer for one: {names}.")
    delivery_id = doubted[0].id
    if answer != Answer.DROP:
        bot.confirmer.look(delivery_id)
        with bot.store.read() as session:
            row = deliveries.get(session, delivery_id)
        if row.state == State.SENT or (row.state == State.WAITING and not row.holds):
            return row, True
    remote_id = _id_at(bot, doubted[0], url) if answer == Answer.SENT else ""
    since = doubted[0].doubt_since
    decided = resolve(decider, delivery_id, answer, url, remote_id, since)
    plan(bot)
    with bot.store.read() as session:
        return deliveries.get(session, decided.id), False


def _id_at(bot: Bot, row: Delivery, url: str) -> str:
    """The id of the post a link leads to: as our own timeline lists it, else as the link says."""
    platform = bot.by_id[row.account_id]
    if not url.startswith(("https://", "http://")):
        raise UsageError("Give the link of the post itself, as the platform shows it.")
    seen = platform.recent(row.doubt_since or row.created_at)
    listed = () if isinstance(seen, Unreadable) else seen
    remote_id = next((one.remote_id for one in listed if one.url == url), platform.id_in(url))
    if remote_id is None:
        raise UsageError(
            "This link does not say which post it is. Open the post by its date and copy the "
            "address from there; it has the post's number in it."
        )
    return remote_id


def resume(bot: Bot, decider: Decider, account: str | None) -> list[int]:
    """End a pause and give what it kept back its new times."""
    moved = pausing.resume(decider, account, bot.settings.too_late)
    plan(bot)
    return moved


def platform_of(bot: Bot, name: str) -> Platform:
    """The Platform behind an Account's name."""
    if name not in bot.platforms:
        known = ", ".join(bot.platforms)
        raise NotFound(f"There is no account named {name}. Accounts: {known}.")
    return bot.platforms[name]
