"""Runs posters (bench/posters.py) side by side: one start for all, and what they took together."""

import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count
from typing import Any

from bench import posting
from bench.posting import ROOT, SandboxProcess
from bot.clock import system_now

_rounds = count()


@dataclass(frozen=True)
class Took:
    """What several posters took together, from the first one's start to the last one's end."""

    told: Sequence[Mapping[str, Any]]

    @property
    def posts(self) -> int:
        return sum(one["posts"] for one in self.told)

    @property
    def seconds(self) -> float:
        return max(one["ended"] for one in self.told) - min(one["began"] for one in self.told)

    @property
    def rate(self) -> float:
        """Posts a second."""
        return self.posts / self.seconds

    @property
    def cpu_ms(self) -> float:
        """Milliseconds of processor of the posters themselves, a post."""
        return sum(one["cpu"] for one in self.told) / self.posts * 1000

    def each(self, name: str) -> float:
        """How many commits or statements a post."""
        return sum(one[name] for one in self.told) / self.posts


@dataclass
class Crew:
    """Starts posters against one sandbox."""

    sandbox: SandboxProcess
    threads: int
    environ: dict[str, str] = field(default_factory=dict)

    def post(
        self, kind: str, shares: Sequence[Sequence[int]], accounts: Sequence[int], url: str
    ) -> Took:
        """A poster for each share of the posts, all from one start; every post must be out."""
        before = self.sandbox.control("count")["posts"]
        env = posting.clean_env(**self.sandbox.settings, **self.environ, DATABASE_URL=url)
        words = f"round {next(_rounds)} of a bare loop"
        children = [self._child(kind, env, words) for _ in shares]
        for child, share in zip(children, shares, strict=True):
            _say(child, json.dumps([list(share), list(accounts)]))
        for child in children:
            _heard(child)
        for child in children:
            _say(child, "go")
        took = Took([json.loads(_heard(child)) for child in children])
        for child in children:
            child.communicate()
        out = self.sandbox.control("count")["posts"] - before
        wanted = sum(len(share) for share in shares)
        if out != wanted:
            raise SystemExit(f"{kind}: {out} of {wanted} posts are out")
        return took

    def _child(self, kind: str, env: dict[str, str], words: str) -> "subprocess.Popen[str]":
        command = [sys.executable, "bench/posters.py", kind, "--threads", str(self.threads)]
        return subprocess.Popen(
            [*command, "--words", words],
            cwd=ROOT,
            env=env,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )


def side_by_side(
    crew: Crew, url: str, posts: int, rounds: int, *, processes: int, accounts: int
) -> tuple[list[Took], list[Took]]:
    """Bare and whole path in turn, so many posts a round; every account posts as often."""
    bare, ours = [], []
    store = posting.opened(url)
    ids = posting.add_accounts(store, crew.sandbox, accounts)
    for _ in range(rounds):
        numbers = posting.add_posts(store, ids, -(-posts // accounts), system_now(), timedelta(0))
        shares = [numbers[n:posts:processes] for n in range(processes)]
        bare.append(crew.post("bare", shares, ids, url))
        ours.append(crew.post("bot", shares, ids, url))
    store.close()
    return bare, ours


def _say(child: "subprocess.Popen[str]", line: str) -> None:
    assert child.stdin is not None
    child.stdin.write(f"{line}\n")
    child.stdin.flush()


def _heard(child: "subprocess.Popen[str]") -> str:
    assert child.stdout is not None
    line = child.stdout.readline()
    if not line:
        raise SystemExit(f"a poster ended early with {child.wait()}")
    return line
