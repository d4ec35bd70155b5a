"""The only sequences across rooms: add, check, preview, once, and the decisions that look first."""

import hashlib
import math
import time
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.accounts import health
from bot.clock.local import in_words
from bot.decisions import pause as pausing
from bot.decisions import takedown as taking_down
from bot.decisions.record import Decider, named
from bot.decisions.resolve import Answer, must_be_in_doubt, resolve, wants_an_answer
from bot.delivery import behind, sweep
from bot.errors import CannotLook, NotFound, PostInvalid, UsageError
from bot.formatting.rendered import Rendered, told
from bot.formatting.template import Template, example_of, filled, mistakes
from bot.intake.admission import Admission, Admitted, Source
from bot.intake.folder import SETTLED_AFTER_SECONDS, Reading, read_inside, walk
from bot.intake.postfile import MAX_FILE_BYTES, parse
from bot.intake.refresh import Refresher
from bot.intake.templates import Templates, template_of
from bot.model.delivery import Delivery, Hold, Part
from bot.model.written import Written
from bot.platforms.contract import Deletion, Platform, Seen, Unreadable
from bot.store import accounts, backup, charges, decisions, deliveries, posts, schema, strangers
from bot.store.engine import Store
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


@dataclass(frozen=True, slots=True)
class Shown:
    """A Delivery as it would stand, and the time it had."""

    delivery: Delivery
    was_due_at: datetime | None


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


@dataclass(frozen=True, slots=True)
class Checked:
    """What checking one post file found: its words per Account name, or what is wrong.

    `later` are the further wordings of one that recurs. A template is shown with its examples.
    """

    path: Path
    rendered: dict[str, Rendered]
    errors: tuple[tuple[int | None, str], ...]
    warnings: tuple[tuple[int | None, str], ...]
    written: Written | None = None
    later: tuple[Rendered, ...] = ()
    is_template: bool = False


def check(
    admission: Admission, path: Path, root: Path | None = None, store: Store | None = None
) -> Checked:
    """Everything that queueing would say of a file; nothing is queued.

    Without a database only what it remembers is left out: posts that say the same.
    """
    if root is not None and Templates(root).owns(path):
        return check_template(admission, path)
    try:
        if root is not None and _lies_in(path, root):
            written = parse(read_inside(path, root))
        else:
            written = parse(read_file(path))
        written = admission.illustrated(written, path.parent)
        admission.filled(written)
    except PostInvalid as error:
        return Checked(path, {}, ((error.line, error.reason),), ())
    except (OSError, RuntimeError):  # a link that leads to itself is a RuntimeError
        return Checked(path, {}, ((None, "The file cannot be read."),), ())
    errors: list[tuple[int | None, str]] = []
    rendered: dict[str, Rendered] = {}
    later: list[Rendered] = []
    for name in written.to or tuple(admission.platforms):
        platform = admission.platforms.get(name)
        if platform is None:
            known = ", ".join(admission.platforms)
            errors.append((None, f"to: there is no account named {name}. Accounts: {known}."))
            continue
        rendered[name] = admission.drawn(name, written)
        try:
            later += admission.later_drawn(name, written)
        except PostInvalid as error:
            errors.append((error.line, error.reason))
    if store is not None:
        post_key = _key(path, root)
        errors += [(None, said) for said in _compare(store, admission, written, rendered, post_key)]
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
    rendered = {name: admission.drawn(name, written) for name in admission.platforms}
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


def refresh_templates(bot: Bot) -> int:
    """When a template changed: new words for what nobody has approved; how many changed."""
    if not bot.templates.changed(bot.clock()):
        return 0
    return Refresher(bot.store, bot.admission).refresh()


def _by_line(found: tuple[int | None, str]) -> float:
    """In the order of the file; what belongs to no line comes last."""
    return math.inf if found[0] is None else found[0]


def _key(path: Path, root: Path | None) -> str:
    """By which key the folder would know the file."""
    if root is None or not _lies_in(path, root):
        return ""
    return str((path.parent.resolve() / path.name).relative_to(root.resolve()))


def _compare(
    store: Store, admission: Admission, written: Written, rendered: dict[str, Rendered], key: str
) -> list[str]:
    """Draw again beside what else waits and went out; what is said of words that are the same."""
    same: list[str] = []
    with store.read() as session:
        own = posts.by_key(session, "folder", key)
        post_id = own.id if own is not None else None
        for account in accounts.all_of(session):
            if account.name not in rendered:
                continue
            recent = admission.recent(session, account, written, post_id)
            one = rendered[account.name] = admission.render(account, written, recent)
            said = admission.same_as(session, account, one, written, post_id)
            same += [said] if said else []
    return same


def plan(bot: Bot) -> int:
    """Take over the declared timetables, then give times where they are missing or gone by.

    A mistake in the file is quarantined and shown; planning goes on with the Slots known so far.
    """
    declared.take_over(bot.store, bot.settings.posts_dir, bot.clock())
    bot.budgets.lift()
    bot.recurrence.plan_due()
    return bot.planner.plan_due()


def once(bot: Bot, worker_id: int) -> Round:
    """Everything due now: folder, feeds, plan, send, confirm, collect."""
    done = Round()
    bot.watch.wake(worker_id)
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
    health.check_due(bot.store, bot.clock, bot.platforms, bot.expected_imprint)
    # Posts first: no stranger's slow server makes them late.
    done.planned = plan(bot)
    bot.watch.read_due()
    done.tried = send_due(bot, worker_id)
    done.articles = sum(result.new for result in bot.feeds.poll_due())
    done.planned += plan(bot)
    done.tried += send_due(bot, worker_id)
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


def in_doubt(bot: Bot, target: str) -> Delivery:
    """The one Delivery of that name that wants an answer; NotAllowed or UsageError otherwise."""
    with bot.store.write() as session:
        rows = named(session, target)
        doubted = [row for row in rows if wants_an_answer(row)]
        if not doubted:
            must_be_in_doubt(rows[0])
        if len(doubted) > 1:
            titles = {row.id: bot.by_id[row.account_id].rules.title for row in doubted}
            names = " or ".join(f"{key} ({title})" for key, title in titles.items())
            raise UsageError(f"{target} is in doubt on several accounts. Answer for one: {names}.")
    return doubted[0]


def answer_doubt(
    bot: Bot, decider: Decider, target: str, answer: Answer, url: str = "", *, sure: bool = False
) -> tuple[Delivery, bool]:
    """Apply a person's answer after one more look; True when that look found it.

    CannotLook when sending again was asked for, nothing could be looked at, and nobody is `sure`.
    """
    doubted = in_doubt(bot, target)
    seen = bot.confirmer.look(doubted.id, only_finds=True) if doubted.is_in_doubt else None
    if isinstance(seen, Seen):
        with bot.store.read() as session:
            return deliveries.get(session, doubted.id), True
    sends_again = answer in (Answer.ABSENT_NOW, Answer.ABSENT_NEXT)
    if sends_again and isinstance(seen, Unreadable) and not sure:
        raise CannotLook(
            f"We could not look whether it is up: {seen.reason} If you have looked yourself and it "
            "is surely not there, type the same again with --sure. Nothing goes wrong by waiting."
        )
    is_found = answer == Answer.SENT and doubted.is_in_doubt
    remote_id = _id_at(bot, doubted, url) if is_found else ""
    decided = resolve(decider, doubted.id, answer, url, remote_id, doubted.doubt_since)
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


@dataclass(frozen=True, slots=True)
class TakenDown:
    """How taking one public part down ended. `is_gone` None: it could not be looked at again."""

    account: str
    url: str
    deletion: Deletion
    is_gone: bool | None


def takedown(bot: Bot, decider: Decider, target: str) -> list[TakenDown]:
    """Delete what is out of the target, look whether it is gone, withdraw what is not out."""
    return [
        _take_down(bot, doomed.delivery, part)
        for doomed in taking_down.decide(decider, target)
        for part in doomed.parts
    ]


def _take_down(bot: Bot, delivery: Delivery, part: Part) -> TakenDown:
    platform = bot.by_id[delivery.account_id]
    remote_id, sent_at = part.remote_id or "", part.sent_at or delivery.created_at
    deletion = platform.delete(remote_id)
    read = platform.counts({remote_id: sent_at})
    is_gone = None if isinstance(read, Unreadable) else remote_id in read.gone
    with bot.store.write() as session:
        cost = deletion.cost + (Decimal(0) if isinstance(read, Unreadable) else read.cost)
        charges.record(session, delivery.account_id, "takedown", cost, bot.clock(), delivery.id)
    if is_gone or (deletion.done and is_gone is None):
        taking_down.mark_gone(bot.store, delivery.id, {part.id}, bot.clock())
    name = next(name for name, one in bot.platforms.items() if one is platform)
    return TakenDown(name, part.url or "", deletion, is_gone)


def resume(bot: Bot, decider: Decider, account: str | None) -> None:
    """End a pause and give what it kept back its new times."""
    pausing.resume(decider, account, bot.settings.too_late)
    plan(bot)


class _OnlyShown(Exception):
    """Takes back a transaction that was made to see what would come of it."""


def resume_shown(bot: Bot, decider: Decider, account: str | None) -> list[Shown]:
    """What ending the pause would do to each post it kept back; nothing is changed."""
    found: list[Shown] = []
    with suppress(_OnlyShown), bot.store.write() as session:
        kept = pausing.all_kept_back(session, decider, account)
        was = {row.id: row.due_at for row in kept}
        pausing.resume_within(session, decider, account, bot.settings.too_late)
        bot.planner.plan_within(session, bot.clock())
        found = [Shown(row, was[row.id]) for row in kept]
        session.expunge_all()
        raise _OnlyShown
    return found


@dataclass(frozen=True, slots=True)
class PutBack:
    """What a restore put in place: its contents, up to when they know, what was there before."""

    contents: backup.Contents
    taken_at: datetime
    kept: Path | None


def put_back(store: Store, database: Path, file: Path, zone: ZoneInfo, actor: str) -> PutBack:
    """Let a backup be the database: checked, upgraded and paused before it is put in place."""
    with backup.copied_beside(file, database) as copy:
        contents = backup.check(copy)
        address = store.url.set(database=str(copy)).render_as_string(hide_password=False)
        opened = Store(address, store.clock)
        try:
            schema.upgrade(opened)
            taken_at = mark_restored(opened, zone, actor)
        finally:
            opened.close()
        kept = backup.put_in_place(copy, database, store.clock().astimezone(zone))
    return PutBack(contents, taken_at, kept)


def mark_restored(store: Store, zone: ZoneInfo, actor: str) -> datetime:
    """Pause a database that came back from a backup, and hold what may be out; its own time."""
    now = store.clock()
    with store.write() as session:
        taken_at = min(backup.newest_moment(session) or now, now)
        reason = f"Restored from a backup of {in_words(taken_at, zone)}."
        behind.mark_restored(session, now, taken_at)
        accounts.pause(session, None, reason=reason, actor=actor, now=now)
        for verb in ("restore", "pause"):
            decisions.record(session, made_at=now, actor=actor, verb=verb, reason=reason)
    return taken_at


@dataclass(frozen=True, slots=True)
class Reconciled:
    """What was found after a restore: how many files it does not know and cannot see either, and
    the links of posts that are out, by post and Account name."""

    new_files: int
    out: dict[tuple[str, str], list[str]]


def reconcile(bot: Bot) -> Reconciled:
    """After a restore: hold the files it does not know, then see what the accounts show."""
    with bot.store.read() as session:
        before = strangers.last_attempt_id(session)
    reading = bot.folder.read()
    bot.watch.read_due()
    plan(bot)
    out: dict[tuple[str, str], list[str]] = {}
    new = {admitted.post.id for admitted in reading.new}
    with bot.store.read() as session:
        held = {row.post_id for row in deliveries.held_for(session, Hold.FIRST_RUN)}
        for part, delivery, account in strangers.found_in_restore(session, before):
            out.setdefault((f"P{delivery.post_id}", account.name), []).append(part.url or "")
    return Reconciled(len(new & held), out)


def platform_of(bot: Bot, name: str) -> Platform:
    """The Platform behind an Account's name."""
    if name not in bot.platforms:
        known = ", ".join(bot.platforms)
        raise NotFound(f"There is no account named {name}. Accounts: {known}.")
    return bot.platforms[name]
