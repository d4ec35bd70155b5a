"""The checks behind "can it go on alone?": room, backups, times, whom alarms reach, what was seen.

From the store and the disk alone. Most of it is said to be known, and is no trouble by itself.
"""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from bot.alerts.checks import Finding
from bot.alerts.notify import Place
from bot.alerts.sight import Sight
from bot.alerts.troubles import BACKUP_OLD_AFTER, DISK_LOW_BYTES, free_bytes, last_backup
from bot.model.account import Account, AccountCheck, Slot
from bot.model.alarm import Receiver
from bot.settings.addresses import KINDS
from bot.store import accounts, backuplog, glance, receivers
from bot.store.engine import Store

DAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()
# Three days in a row without a time are a gap that nobody may have meant.
GAP_DAYS = 3
IN_WORDS = {"profile": "in the profile", "pinned": "in the pinned post", "link": "on its page"}
TRIED_WITHIN = timedelta(days=30)


def disk(sight: Sight) -> Finding:
    """Room on the disk of the database."""
    free = free_bytes(sight.disk)
    if free is None:
        return Finding("disk", True, "It cannot be asked how much room it has.", note=True)
    return Finding("disk", free >= DISK_LOW_BYTES, f"{free / 1e9:,.1f} GB are free.")


def backups(store: Store, sight: Sight) -> Finding:
    """When the last backup was made, and whether the newest run failed."""
    with store.read() as session:
        newest, noted = backuplog.newest(session), backuplog.last_good(session)
    last = last_backup(noted, sight.saved_at)
    said = f"The last is of {sight.date(last)}." if last else "There is none yet: bot backup"
    if newest is not None and newest.error:
        failed = f"The one of {sight.date(newest.made_at)} failed. {newest.error} {said}"
        return Finding("backups", False, failed)
    if not sight.is_copied_here and last is None:
        says = "The database's own program makes them; the bot cannot see when. See: bot backup"
        return Finding("backups", True, says, note=True)
    is_old = last is not None and sight.now - last > BACKUP_OLD_AFTER
    return Finding("backups", not is_old, said, note=last is None)


def reachable(store: Store, places: Sequence[Place], sight: Sight) -> list[Finding]:
    """Whom alarms reach: of each receiver when it last took one, or why it did not."""
    if not places:
        says = "Nobody is told when something goes wrong. Set ALERT_URLS: docs/alarms.md"
        return [Finding("alarms", True, says, note=True)]
    with store.read() as session:
        known = receivers.by_label(session)
    found = [_reached(f"alarms to {one.label}", known.get(one.label), sight) for one in places]
    return found + _unheard(places)


def _unheard(places: Sequence[Place]) -> list[Finding]:
    """Kinds of trouble that no receiver asks for, where none takes all."""
    wanted = {kind for one in places for kind in one.kinds or KINDS}
    unheard = ", ".join(kind for kind in KINDS if kind not in wanted)
    if not unheard:
        return []
    says = f"Nobody is told of: {unheard}. Give ALERT_URLS an address without kinds."
    return [Finding("alarms", True, says, note=True)]


def switch(store: Store, label: str, sight: Sight) -> Finding:
    """Whether the dead man's switch was reached; only asked where one is set."""
    with store.read() as session:
        row = receivers.by_label(session).get(label)
    return _reached(label, row, sight)


def _reached(check: str, row: Receiver | None, sight: Sight) -> Finding:
    again = "Test it: bot alerts test"
    if row is not None and row.failed_at is not None:
        at = sight.date(row.failed_at)
        return Finding(check, False, f"The last try failed, on {at}. {row.error} {again}")
    if row is None or row.took_at is None:
        return Finding(check, True, f"It was never tried. {again}", note=True)
    is_old = sight.now - row.took_at > TRIED_WITHIN
    says = f"It was last reached on {sight.date(row.took_at)}."
    return Finding(check, True, f"{says} {again}" if is_old else says, note=is_old)


def next_and_last(store: Store, sight: Sight) -> list[Finding]:
    """When the next post goes out on each account that is on, and when the last did."""
    with store.read() as session:
        coming = glance.next_out(session)
        return [
            _next_and_last(row, coming.get(row.name), glance.last_out(session, row.id), sight)
            for row in accounts.all_of(session)
            if row.name in sight.titles and row.name not in sight.off
        ]


def _next_and_last(
    row: Account, ahead: datetime | None, past: datetime | None, sight: Sight
) -> Finding:
    waits = f"The next goes out on {sight.date(ahead)}." if ahead else "Nothing waits."
    went = f"The last went out on {sight.date(past)}." if past else "Nothing has gone out yet."
    return Finding(f"{sight.title(row.name)} posts", True, f"{waits} {went}", note=ahead is None)


def gaps(store: Store, sight: Sight) -> list[Finding]:
    """Accounts without times, or with several days in a row that have none."""
    with store.read() as session:
        on = [
            row
            for row in accounts.all_of(session)
            if row.name in sight.titles and row.name not in sight.off
        ]
        slots = accounts.slots_of(session, [row.id for row in on])
    return [_gap(row, slots[row.id], sight) for row in on]


def _gap(row: Account, slots: Sequence[Slot], sight: Sight) -> Finding:
    check = f"{sight.title(row.name)} timetable"
    if not slots:
        says = "It has no times, so a post without a typed time waits: bot timetable set"
        return Finding(check, True, says, note=True)
    free = longest_gap({slot.weekday for slot in slots})
    if len(free) < GAP_DAYS:
        return Finding(check, True, f"It has {len(slots)} times a week.")
    says = f"Nothing goes out by itself from {DAYS[free[0]]} to {DAYS[free[-1]]}."
    return Finding(check, True, f"{says} To add times: bot timetable set", note=True)


def longest_gap(weekdays: Collection[int]) -> list[int]:
    """The most weekdays in a row, over the weekend too, that are not among these."""
    longest: list[int] = []
    run: list[int] = []
    for day in (*range(7), *range(7)):
        run = [] if day in weekdays else [*run, day]
        longest = max(longest, run[:7], key=len)
    return longest


def label(row: Account, title: str, sight: Sight) -> Finding:
    """Whether somebody saw the platform's label for automated accounts, who and when."""
    check = f"{title} label"
    if row.automated_label_at is None:
        says = f"Nobody has said that {title} shows the account as automated: bot accounts label"
        return Finding(check, True, f"{says} {row.name}", note=True)
    at = sight.date(row.automated_label_at)
    return Finding(check, True, f"{row.automated_label_by} saw the label on {at}.")


def imprint_place(title: str, last: AccountCheck | None, sight: Sight) -> Finding:
    """Where the imprint was seen beside the posts, as last read by the bot."""
    check = f"{title} imprint"
    if last is None:
        return Finding(check, True, "The profile was not read yet: bot accounts check", note=True)
    at = sight.date(last.taken_at)
    if not last.imprint_places:
        says = f"It stood neither in the profile nor in the pinned post on {at}."
        return Finding(check, True, says, note=True)
    places = " and ".join(IN_WORDS.get(place, place) for place in sorted(last.imprint_places))
    return Finding(check, True, f"The bot saw it {places} on {at}.")
