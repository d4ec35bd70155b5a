"""A post made with a template and one that recurs, through to both simulated platforms."""

import shutil
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from bot import flow, wiring
from bot.settings import load
from bot.store import deliveries, workers
from bot.wiring import Bot
from tests.acceptance.conftest import ROOT, Desk

# Three, as the simulated X goes by this machine's clock: a text of minutes ago is a duplicate.
TURNS = ["Write to your MP.", "Have you written to your MP?", "Your MP reads letters from home."]


@dataclass
class Days:
    """A bot whose clock is ahead of this machine's, by as much as a test has let pass."""

    desk: Desk
    ahead: timedelta = field(default_factory=timedelta)

    def now(self) -> datetime:
        return datetime.now(UTC) + self.ahead

    def opened(self) -> Bot:
        here = {
            "DATABASE_URL": f"sqlite:///{self.desk.folder}/var/bot.db",
            "POSTS_DIR": str(self.desk.posts),
        }
        return wiring.build(load({**self.desk.env, **here}, None), self.now, create=True)

    def once(self) -> None:
        """What `bot run --once` does on that day."""
        bot = self.opened()
        with bot.store.write() as session:
            worker = workers.begin(session, host="test", pid=1, now=self.now())
        flow.once(bot, worker.id)
        with bot.store.write() as session:
            workers.end(session, worker.id, self.now())
        bot.store.close()

    def to_the_next_round(self) -> date:
        """Let time pass until a minute after the next one is due; its day."""
        bot = self.opened()
        with bot.store.read() as session:
            due = min(row.due_at for row, _ in deliveries.queue(session) if row.due_at)
        bot.store.close()
        self.ahead += due - self.now() + timedelta(minutes=1)
        return due.date()


def test_a_template_that_came_with_the_bot_goes_out_as_it_was_previewed(desk: Desk) -> None:
    """Filled by a post file, on both accounts, by the real command."""
    shutil.copytree(Path(ROOT) / "posts" / "templates", desk.posts / "templates")
    shutil.copy(Path(ROOT) / "posts" / "examples" / "forms" / "a-vigil.md", desk.posts)
    path = desk.posts / "a-vigil.md"
    path.write_text(path.read_text("utf-8").replace("---\n", "---\nat: now\n", 1), "utf-8")
    preview = desk.bot("preview", "posts/a-vigil.md", "--json")
    added = desk.bot("add", "posts/a-vigil.md")
    ran = desk.bot("run", "--once")
    wanted = {one["account"]: one["parts"][0]["text"] for one in preview.json["accounts"]}

    assert (0, 0, 0) == (preview.code, added.code, ran.code), added.err
    assert [wanted["x"]] == desk.texts("x")
    assert [wanted["facebook"]] == desk.texts("facebook")
    assert "Where: outside the Colombian Embassy" in wanted["facebook"]
    assert "Bring a candle" in wanted["facebook"]


def test_a_post_that_recurs_goes_out_three_times_in_turn_and_never_twice(desk: Desk) -> None:
    """Over four weeks, with a fortnight between; then it is ended."""
    until = datetime.now(UTC).date() + timedelta(days=120)
    desk.write("mp.md", "\n***\n".join(TURNS), every="2 weeks", until=until.isoformat())
    days = Days(desk)
    days.once()
    went = []
    for _ in range(3):
        went.append(days.to_the_next_round())
        days.once()
        days.once()
    shown = desk.bot("show", "P1", "--json").json
    ended = desk.bot("cancel", "P1")
    days.ahead += timedelta(days=30)
    days.once()

    assert TURNS == desk.texts("x")
    assert TURNS == desk.texts("facebook")
    assert timedelta(days=14) == went[2] - went[1]
    assert [4, 4] == [one["round"] for one in shown["recurrence"]["accounts"]]
    assert [1, 1] == [one["wording"] for one in shown["recurrence"]["accounts"]]
    assert "is not repeated any more" in ended.out
