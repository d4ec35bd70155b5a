"""The people of a campaign: they queue and edit posts, decide, and answer doubts honestly.

Each deed is a process of its own, with the doors' own functions. A person answers "not up" only
when no request can still become public, and looks at what is true, not at what is listed.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from random import Random
from zoneinfo import ZoneInfo

from bot import flow
from bot.accounts import health
from bot.decisions import approve, cancel, hold, pause, release, retry
from bot.decisions.record import Decider
from bot.decisions.resolve import Answer, resolve
from bot.errors import BotError
from bot.intake.rows import Source
from bot.model.account import Blackout
from bot.model.written import Written, from_json
from bot.store import posts
from bot.wiring import Bot
from simulation.baton import Baton
from simulation.disk import Disk
from simulation.timeline import Entry, Timeline
from simulation.watch import Watch

LONDON = ZoneInfo("Europe/London")
PATIENCE = 15 * 60.0
IN_DOUBT = "state = 'unconfirmed' OR (state = 'held' AND holds LIKE '%in doubt%')"
DEEDS = (
    *("approve", "approve", "hold", "release", "cancel", "retry", "edit", "pause", "resume"),
    *("resume", "blackout", "answer", "answer", "queue", "check"),
)


@dataclass
class People:
    """Everybody who is not the bot."""

    baton: Baton
    rng: Random
    disk: Disk
    watch: Watch
    timelines: dict[str, Timeline]
    bot: Bot
    twins: bool = False
    written: dict[int, Written] = field(default_factory=dict)
    number: int = 0

    def do(self, name: str, deed: Callable[[], object]) -> None:
        """One deed, as its own process; what it says of trouble is the person's to read."""
        self.number += 1

        def act() -> None:
            self.baton.say(f"does: {name}")
            try:
                deed()
            except BotError as error:
                self.baton.say(f"is told: {str(error)[:70]}")

        self.baton.spawn(name, f"person {self.number}", act)

    def something(self) -> None:
        """Any deed at all."""
        name = self.rng.choice(DEEDS)
        deed = getattr(self, f"_{name}")
        self.do(name, deed)

    def _any(self, where: str = "1") -> str | None:
        found = self.disk.raw.execute(f"SELECT id FROM delivery WHERE {where} ORDER BY id")
        ids = [str(row[0]) for row in found]
        return self.rng.choice(ids) if ids else None

    def _decide(self, decide: Callable[..., object], where: str = "1", *more: object) -> None:
        target = self._any(where)
        if target is not None:
            decide(self.bot.decider("ana", "because"), target, *more)

    def _approve(self) -> None:
        self._decide(approve.approve, "holds LIKE '%approval%'")

    def _hold(self) -> None:
        self._decide(hold.hold)

    def _release(self) -> None:
        at = self.rng.choice((None, "now", "next"))
        self._decide(release.release, "state = 'held'", LONDON, at)

    def _cancel(self) -> None:
        if self.rng.random() < 0.4:
            self._decide(cancel.cancel)

    def _retry(self) -> None:
        self._decide(retry.retry, "state = 'failed'")

    def _pause(self) -> None:
        name = self.rng.choice((None, *self.timelines))
        pause.pause(self.bot.decider("ana", "news"), name)

    def _resume(self) -> None:
        flow.resume(self.bot, self.bot.decider("ana"), None)

    def _check(self) -> None:
        for name, timeline in self.timelines.items():
            health.check(self.disk, self.bot.clock, name, timeline, self.bot.expected_imprint)

    def _blackout(self) -> None:
        if self.rng.random() < 0.4:
            now = self.bot.clock()
            ends = now + timedelta(minutes=self.rng.randint(1, 60))
            row = Blackout(starts_at=now, ends_at=ends, reason="quiet", actor="ana")
            with self.disk.write() as session:
                session.add(row)

    def _queue(self) -> None:
        self.queue(self._words())

    def _words(self, version: int = 1) -> Written:
        rng, number = self.rng, len(self.written) + 1
        if self.twins and self.written and rng.random() < 0.5:
            again = self.written[rng.choice(sorted(self.written))]
            return replace(again, again=True, timing="now", at=None, expires=None)
        thread = rng.random() < 0.35
        count = rng.randint(2, 3) if thread else 1
        lines = [
            f"Post {number} wording {version}, sentence {n} for the march." for n in range(count)
        ]
        timing = rng.choice(("now", "next", "typed"))
        moment = self.bot.clock() + timedelta(minutes=rng.randint(0, 90))
        expires = moment + timedelta(minutes=rng.randint(30, 400))
        return Written(
            body=" ".join(lines),
            to=rng.choice((("x",), ("facebook",), ("x", "facebook"))),
            timing=timing,
            at=moment.astimezone(LONDON).replace(tzinfo=None) if timing == "typed" else None,
            expires=expires.astimezone(LONDON).replace(tzinfo=None) if rng.random() < 0.2 else None,
            too_late_seconds=rng.choice((None, None, 600)),
            thread=thread,
            urgent=rng.random() < 0.15,
        )

    def queue(self, written: Written) -> None:
        """Bring a post to the bot as a file would come; sometimes the same words again."""
        number = len(self.written) + 1
        self.written[number] = written
        source = Source("test", f"{number}.md", f"digest {number}", "ana")
        with self.disk.write() as session:
            self.bot.admission.admit(session, written, source)

    def _edit(self) -> None:
        target = self._any()
        if target is None:
            return
        version = self.number + 1
        with self.disk.write() as session:
            post_id = self.disk.raw.execute(
                "SELECT post_id FROM delivery WHERE id = ?", (target,)
            ).fetchone()[0]
            post = posts.get(session, post_id)
            old = from_json(post.written)
            body = old.body.replace("wording", f"wording {version},", 1)
            if old.thread:
                body = f"{body} And a word more, {version}."
            new = replace(old, body=body)
            self.bot.admission.amend(
                session, post, new, Source("test", post.key, f"digest {version}", "ana")
            )

    def _answer(self) -> None:
        asked = self.rng.choice(("asked_at IS NOT NULL", "1"))
        target = self._any(f"({IN_DOUBT}) AND {asked}")
        if target is not None:
            self.answer(int(target))

    def answer(self, delivery_id: int, drops: float = 0.15) -> None:
        """Answer one doubt by what is true, or leave it where nobody can know yet."""
        timeline = self._timeline_of(delivery_id)
        made = [one for one in timeline.requests if one.delivery_id == delivery_id]
        if timeline.under_way(delivery_id) or (
            made and self.baton.now - made[-1].left_at < PATIENCE
        ):
            return
        decider = self.bot.decider("ana")
        entry = self.what_is_up(delivery_id)
        if entry is not None and self._is_anothers(delivery_id, entry):
            # Of two posts with the same words the other one was taken for it: one copy is enough.
            answer, url = Answer.DROP, ""
        elif entry is not None:
            answer, url = Answer.SENT, entry.url
        elif (made and made[-1].duplicate) or self.rng.random() < drops:
            answer, url = Answer.DROP, ""
        else:
            answer, url = self.rng.choice((Answer.ABSENT_NOW, Answer.ABSENT_NEXT)), ""
        self.baton.say(f"answers number {delivery_id}: {answer} {url}")
        flow.answer_doubt(self.bot, decider, str(delivery_id), answer, url)

    def _is_anothers(self, delivery_id: int, entry: Entry) -> bool:
        """Whether our database has that link with another post of the account already."""
        return bool(
            self.disk.raw.execute(
                "SELECT 1 FROM part JOIN delivery ON delivery.id = part.delivery_id "
                "WHERE part.remote_id = ? AND delivery.id != ? AND delivery.account_id = "
                "(SELECT account_id FROM delivery WHERE id = ?)",
                (entry.remote_id, delivery_id, delivery_id),
            ).fetchone()
        )

    def compare_after_restore(self) -> None:
        """An older database stands here: withdraw by hand whatever went out since."""
        decider = self.bot.decider("ana", "restored")
        pause.pause(decider, None)
        self.bot.confirmer.free_left_by_others(0)
        newest = self.disk.raw.execute("SELECT coalesce(max(id), 0) FROM delivery").fetchone()[0]
        public = set()
        for timeline in self.timelines.values():
            for request in timeline.requests:
                if request.delivery_id > newest:
                    request.delivery_id *= -1  # this database never heard of it
                elif request.entry is not None:
                    public.add(request.delivery_id)
        for delivery_id in sorted(public):
            self._withdraw(decider, delivery_id)
        flow.resume(self.bot, decider, None)

    def _withdraw(self, decider: Decider, delivery_id: int) -> None:
        doubted = f"SELECT {IN_DOUBT} FROM delivery WHERE id = {delivery_id}"
        try:
            if self.disk.raw.execute(doubted).fetchone()[0]:
                resolve(decider, delivery_id, Answer.DROP)
            else:
                cancel.cancel(decider, str(delivery_id))
        except BotError as error:
            self.baton.say(f"is told: {str(error)[:70]}")

    def _timeline_of(self, delivery_id: int) -> Timeline:
        account_id = self.disk.raw.execute(
            "SELECT account_id FROM delivery WHERE id = ?", (delivery_id,)
        ).fetchone()[0]
        return next(one for one in self.timelines.values() if one.account_id == account_id)

    def what_is_up(self, delivery_id: int) -> Entry | None:
        """The public copy of the first Part that has no id yet, if there is one."""
        part = self.disk.raw.execute(
            "SELECT n FROM part WHERE delivery_id = ? AND remote_id IS NULL ORDER BY n",
            (delivery_id,),
        ).fetchone()
        found = [
            one.entry
            for one in self._timeline_of(delivery_id).requests
            if one.entry and part and one.delivery_id == delivery_id and one.n == part[0]
        ]
        return found[0] if found else None
