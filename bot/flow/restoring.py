"""Puts a backup in place, paused, and finds out what the accounts show since."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.clock.local import in_words
from bot.delivery import behind
from bot.flow.planning import plan
from bot.model.delivery import Hold
from bot.store import accounts, backup, decisions, deliveries, schema, strangers
from bot.store.engine import Store
from bot.wiring import Bot


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
