"""The end of a run: all that is open is shown to a person, who settles it; the ledger counts."""

import sys
import traceback as tracebacks
from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Any

from bot.decisions import approve, cancel, release, retry
from bot.errors import BotError
from bot.model.delivery import Hold
from simulation.people import IN_DOUBT
from simulation.watch import ACCOUNT, DUE, HOLDS, ID, POST, REASON, STATE, shown
from simulation.weather import HOUR

if TYPE_CHECKING:
    from simulation.run import Result, Scene

ROUNDS = 40
FINAL = ("sent", "cancelled")


def traceback() -> str:
    """Where the error being handled was raised, in one line."""
    kind, error, trace = sys.exc_info()
    last = tracebacks.extract_tb(trace)[-1]
    return f"{kind.__name__ if kind else None}: {error} ({last.filename}:{last.lineno})"


def all_is_shown(scene: "Scene") -> None:
    """Hours after the last fault, nothing is still on its way and nothing waits unseen."""
    now = scene.clock()
    scene.watch.committed()
    blocked = _kept_back(scene)
    for row in scene.watch.rows.values():
        if not shown(row, now) and row[ACCOUNT] not in blocked:
            scene.watch.broken(f"number {row[ID]} is {row[STATE]}, due {row[DUE]}, unseen: {row}")


def _kept_back(scene: "Scene") -> set[int]:
    """Accounts that send nothing for a reason which is shown: parked, or two in doubt."""
    doubts = f"SELECT account_id FROM delivery WHERE {IN_DOUBT} GROUP BY 1 HAVING count(*) > 1"
    parked = "SELECT id FROM account WHERE is_blocked OR parked_until > :now"
    rows = scene.disk.raw.execute(f"{doubts} UNION {parked}", {"now": scene.watch.now()})
    return {row[0] for row in rows}


def people_settle_it(scene: "Scene") -> None:
    """Honest people answer whatever they are asked, until everything is out or withdrawn."""
    scene.asked = {
        row[ID]
        for row in scene.watch.rows.values()
        if row[STATE] in ("held", "failed", "unconfirmed")
    }
    for _ in range(ROUNDS):
        scene.people.do("settle", lambda: _settle(scene))
        scene.baton.run(scene.baton.now + 2 * HOUR)
        if all(row[STATE] in FINAL for row in scene.watch.rows.values()):
            return
    for row in scene.watch.rows.values():
        if row[STATE] not in FINAL:
            scene.watch.broken(f"number {row[ID]} is never settled: {row}")


def _settle(scene: "Scene") -> None:
    people = scene.people
    people._check()
    _quietly(people._resume)
    for row in list(scene.watch.rows.values()):
        decider = scene.bot.decider("ana", "settled")
        if row[STATE] == "failed":
            text_is_bad = any(
                one.text in timeline.poison
                for timeline in scene.timelines.values()
                for one in timeline.requests
                if one.delivery_id == row[ID]
            )
            is_there = row[REASON] == "already there"
            act = cancel.cancel if text_is_bad or is_there else retry.retry
            _quietly(lambda act=act, row=row, decider=decider: act(decider, str(row[ID])))
        elif row[STATE] == "unconfirmed" or Hold.IN_DOUBT in row[HOLDS]:
            _quietly(lambda row=row: people.answer(row[ID], drops=0))
        elif row[STATE] == "held":
            _quietly(lambda row=row, decider=decider: approve.approve(decider, str(row[ID])))
            _quietly(lambda row=row: _release(scene, row))


def _release(scene: "Scene", row: Any) -> None:
    from simulation.people import LONDON

    decider = scene.bot.decider("ana", "settled")
    try:
        release.release(decider, str(row[ID]), LONDON, "now")
    except BotError:
        cancel.cancel(decider, str(row[ID]))


def _quietly(act: Any) -> None:
    try:
        act()
    except BotError:
        return


def result(scene: "Scene", seed: int, seconds: float) -> "Result":
    """Count what is public against what was wanted."""
    from simulation.run import Result

    copies = _copies(scene)
    lost = _lost(scene)
    watch = scene.watch
    return Result(
        seed=seed,
        violations=watch.violations,
        trace=scene.baton.trace,
        faults=watch.faults,
        hours=scene.baton.now / HOUR,
        posts=len({row[POST] for row in watch.rows.values()}),
        deliveries=len(watch.rows),
        published=sum(len(one.ledger) for one in scene.timelines.values()),
        asked=len(scene.asked),
        copies=copies,
        lost=lost,
        seconds=seconds,
    )


def _copies(scene: "Scene") -> int:
    """Public posts beyond the one that each Part may have."""
    extra = 0
    for timeline in scene.timelines.values():
        ours = [entry for entry in timeline.ledger if entry.request is not None]
        if scene.weather.twins:
            extra += _copies_of_twins(scene, timeline, ours)
            continue
        seen = Counter((one.request.delivery_id, one.request.n) for one in ours)
        for (delivery_id, n), times in seen.items():
            if times > 1:
                extra += times - 1
                scene.watch.broken(f"number {delivery_id}, part {n} is public {times} times")
    return extra


def _copies_of_twins(scene: "Scene", timeline: Any, ours: list[Any]) -> int:
    """Where several posts have the same words, each accounts for one copy of them."""
    wanted: Counter[str] = Counter()
    for (delivery_id, _), texts in scene.watch.texts.items():
        if scene.watch.rows[delivery_id][ACCOUNT] == timeline.account_id:
            wanted.update(texts)
    extra = Counter(entry.text for entry in ours) - wanted
    for text, times in extra.items():
        scene.watch.broken(f"“{text}” is public {times} times too often")
    return extra.total()


def _is_ours(scene: "Scene", entry: Any, delivery_id: int, text: str) -> bool:
    """Whether a public post is what this Delivery is said to be out as."""
    if entry is None or entry.request is None:
        return False
    if scene.weather.twins:
        return entry.text in (text, entry.request.text)
    return entry.request.delivery_id == delivery_id


def _lost(scene: "Scene") -> int:
    """Deliveries said to be out that are not, or are not as the ledger has them."""
    lost = 0
    parts = defaultdict(list)
    for delivery_id, remote_id, text in scene.disk.raw.execute(
        "SELECT delivery_id, remote_id, text FROM part ORDER BY delivery_id, n"
    ):
        parts[delivery_id].append((remote_id, text))
    for timeline in scene.timelines.values():
        public = {entry.remote_id: entry for entry in timeline.ledger}
        for row in scene.watch.rows.values():
            if row[ACCOUNT] != timeline.account_id or row[STATE] != "sent":
                continue
            before = None
            for remote_id, text in parts[row[ID]]:
                entry = public.get(remote_id)
                if not _is_ours(scene, entry, row[ID], text):
                    lost += 1
                    scene.watch.broken(
                        f"number {row[ID]} is said to be out as {remote_id}: it is not"
                    )
                elif entry.reply_to != before:
                    scene.watch.broken(f"number {row[ID]}: {remote_id} replies to {entry.reply_to}")
                before = remote_id
    return lost
