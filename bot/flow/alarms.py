"""Looks for troubles, keeps them as Alarms, and tells somebody of each once: its beginning and end.

An Alarm is claimed before anybody is told. What no receiver takes is tried again; what can wait
waits for the end of the quiet hours, and is not told at all where it is over by then.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import structlog

from bot.alerts import checks, notify, quiethours, troubles
from bot.alerts.notify import Answers, Place, Tell
from bot.alerts.sight import Sight
from bot.alerts.silence import HEARTBEAT_DEAD_AFTER
from bot.clock.local import in_words
from bot.errors import BotError, StoreError
from bot.flow import alarmtext
from bot.model.alarm import Alarm
from bot.reports import words
from bot.store import alarms, receivers, workers
from bot.wire.redaction import redact
from bot.wiring import Bot

log = structlog.get_logger()
# How long something is watched before anybody is told.
WATCHED_FIRST = {"bot itself": timedelta(minutes=5), "unread": timedelta(minutes=5)}
BACKUPS = "backups"
EVERY_SECONDS = 15
TOLD_FROM_MEMORY_AFTER = 4  # looks in vain: a minute


@dataclass(frozen=True, slots=True)
class Told:
    """One telling: what it was about, and how it went."""

    titles: str
    answers: Answers


def sight(bot: Bot) -> Sight:
    """What is known of this bot beside its store."""
    settings, now = bot.settings, bot.clock()
    quiet = quiethours.read(settings.quiet_hours, settings.zone)
    file = bot.store.path
    return Sight(
        now=now,
        zone=settings.zone,
        titles=bot.titles,
        off={
            name: platform.missing_settings
            for name, platform in bot.platforms.items()
            if platform.missing_settings
        },
        locked=bot.credentials.troubles,
        limits=bot.budgets.limits,
        too_late=settings.too_late,
        looks_until=max(settings.confirm_after),
        quiet_until=quiet.end_after(now) if quiet else None,
        disk=file.parent if file else settings.posts_dir,
        is_copied_here=file is not None,
        saved_at=_newest_copy(file),
    )


def _newest_copy(file: Path | None) -> datetime | None:
    """When the newest file was written that lies where `bot backup` puts them."""
    if file is None:
        return None
    try:
        copies = [
            path.stat().st_mtime for path in (file.parent / BACKUPS).glob(f"{file.stem}-*.db")
        ]
    except OSError:
        return None
    return datetime.fromtimestamp(max(copies), UTC) if copies else None


def watch(
    bot: Bot, is_over: Callable[[], bool] = lambda: False, tell: Tell | None = None
) -> list[Told]:
    """Look, and tell what is to be told; for the heartbeat and a round of `bot run --once`."""
    look(bot)
    return tell_all(bot, is_over, tell)


def watch_over_heartbeat(
    bot: Bot, is_over: Callable[[], bool] = lambda: False, tell: Tell | None = None
) -> list[Told]:
    """The same for who looks on from beside: nothing while a heartbeat runs, which does it."""
    now = bot.clock()
    with bot.store.read() as session:
        worker = workers.current(session, now - HEARTBEAT_DEAD_AFTER)
    found = checks.heartbeat_of(worker, now, bot.settings.zone)
    if worker is None or (found.ok and not found.note):
        return []
    return watch(bot, is_over, tell)


def look(bot: Bot) -> None:
    """Take down what is wrong now; writes only where something changed."""
    found = troubles.seen(bot.store, sight(bot))
    now = bot.clock()
    with bot.store.read() as session:
        is_news = alarms.is_news(alarms.open_ones(session), found, now)
    if is_news:
        with bot.store.write() as session:
            alarms.take_down(session, found, now)


def tell_all(
    bot: Bot, is_over: Callable[[], bool] = lambda: False, tell: Tell | None = None
) -> list[Told]:
    """Tell what is to be told now, all of one kind at once; nothing where no receiver is set."""
    places = notify.places(bot.settings.alarm_addresses)
    if not places:
        return []
    now = bot.clock()
    with bot.store.read() as session:
        wanted = [row for row in alarms.to_tell(session, now) if _may_be_told(bot, row, now)]
    done = []
    for of_a_kind in _by_places(wanted, places):
        if is_over():
            break
        told = _claim_and_tell(bot, *of_a_kind, tell)
        done += [told] if told is not None else []
    return done


def _may_be_told(bot: Bot, row: Alarm, now: datetime) -> bool:
    if now - row.noticed_at < WATCHED_FIRST.get(row.name, timedelta(0)):
        return False
    quiet = quiethours.read(bot.settings.quiet_hours, bot.settings.zone)
    return row.urgent or quiet is None or not quiet.stand(now)


def _by_places(
    wanted: Sequence[Alarm], places: Sequence[Place]
) -> list[tuple[list[Alarm], list[Place]]]:
    """Alarms that go to the same receivers together, as one telling."""
    together: dict[tuple[str, ...], tuple[list[Alarm], list[Place]]] = {}
    for row in wanted:
        to = notify.for_kind(places, alarmtext.KINDS[row.name])
        if to:
            key = tuple(place.label for place in to)
            together.setdefault(key, ([], to))[0].append(row)
    return list(together.values())


def _claim_and_tell(
    bot: Bot, rows: Sequence[Alarm], places: Sequence[Place], tell: Tell | None
) -> Told | None:
    with bot.store.write() as session:
        claimed = alarms.claim(session, [row.id for row in rows], bot.clock())
    if not claimed:
        return None
    title, body = alarmtext.composed(bot, claimed)
    answers = notify.told_first(places, title, body, tell)
    with bot.store.write() as session:
        now = bot.clock()
        receivers.note(session, answers.said, now)
        if answers.taken_by is not None:
            alarms.told(session, claimed, now, answers.taken_by)
        else:
            alarms.not_told(session, claimed, now, answers.why_not)
    log.info(
        "told" if answers.taken_by else "not told",
        action="told" if answers.taken_by else "not told",
        titles=title,
        receiver=answers.taken_by,
        reason=answers.why_not,
    )
    return Told(title, answers)


def try_out(bot: Bot, tell: Tell | None = None) -> Answers:
    """Tell every receiver that this is a test, whatever else it is told of; keep how it went."""
    said: dict[str, str | None] = {}
    title = words.ALARM_SUBJECT.format(titles=words.ALARMS["test"])
    body = f"{words.TEST_SAID}\n{words.ALARM_STEPS['test']}{alarmtext.link(bot, 'test')}"
    for place in notify.places(bot.settings.alarm_addresses):
        said[place.label] = (tell or notify.told)(place.url, title, body)
    with bot.store.write() as session:
        receivers.note(session, said, bot.clock())
    return Answers(next((label for label, why in said.items() if why is None), None), said)


def tell_unwritten(bot: Bot, error: BotError, tell: Tell | None = None) -> Answers:
    """Tell of a database that does not answer, of which nothing can be kept; once is for the caller
    to see to."""
    places = notify.for_kind(
        notify.places(bot.settings.alarm_addresses), alarmtext.KINDS["database"]
    )
    title = words.ALARM_SUBJECT.format(titles=words.ALARMS["database"])
    since = words.ALARM_SINCE.format(since=in_words(bot.clock(), bot.settings.zone))
    step = words.ALARM_STEP.format(step=words.ALARM_STEPS["database"])
    body = redact(f"{error}\n{since}\n{step}", bot.settings.secrets())
    return notify.told_first(places, title, body, tell)


@dataclass
class Watchman:
    """Watches round after round; of a database that does not answer it tells once, from memory."""

    bot: Bot
    in_vain: int = 0

    def round(
        self,
        is_over: Callable[[], bool] = lambda: False,
        tell: Tell | None = None,
        unwritten: str | None = None,
    ) -> None:
        """One look; StoreError where the database does not answer, or, with `unwritten` saying why,
        takes no sign of life."""
        try:
            if unwritten is not None:
                raise StoreError(unwritten)
            watch(self.bot, is_over, tell)
        except StoreError as error:
            self.in_vain += 1
            if self.in_vain == TOLD_FROM_MEMORY_AFTER:
                tell_unwritten(self.bot, error, tell)
            raise
        self.in_vain = 0
