"""Accounts: the remote id seen first is pinned, and what a Platform says is kept."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest

from bot.accounts import health
from bot.accounts.imprint import Expected
from bot.errors import BotError
from bot.platforms.contract import Health
from bot.store import accounts


@dataclass
class Answering:
    """A scripted Platform whose credentials name an account and whose health is set by hand."""

    inner: Any
    expected_remote_id: str | None = None
    answer: Health | Exception | None = None

    def __getattr__(self, name: str) -> Any:
        return getattr(self.inner, name)

    def health(self) -> Health:
        if isinstance(self.answer, Exception):
            raise self.answer
        assert self.answer is not None
        return self.answer


NOTHING = Expected("", lambda: "")


def test_the_account_that_the_keys_name_is_pinned_at_first_sight(world: Any) -> None:
    """From then on the database belongs to it."""
    platform = Answering(world.x, "42")
    health.register(world.store, world.clock, {"x": platform})

    assert world.account("x").remote_id == "42"


def test_the_keys_of_another_account_refuse_to_run(world: Any) -> None:
    """A mix-up of keys can never publish in somebody else's name."""
    health.register(world.store, world.clock, {"x": Answering(world.x, "42")})

    with pytest.raises(BotError, match="belong to account 43"):
        health.register(world.store, world.clock, {"x": Answering(world.x, "43")})


def test_another_identity_at_a_check_refuses_too(world: Any) -> None:
    """Credentials that do not name their account are found out when they are asked."""
    world.change_account("x", remote_id="42")
    platform = Answering(world.x, None, Health(ok=True, remote_id="43", name="others"))

    with pytest.raises(BotError, match="belong to account 43"):
        health.check(world.store, world.clock, "x", platform, NOTHING)


def test_a_healthy_answer_is_kept_and_ends_a_park(world: Any) -> None:
    """A person who put new keys in need not wait for the park to end."""
    until = world.clock() + timedelta(hours=1)
    world.change_account("x", parked_until=until, park_reason="keys", is_blocked=True)
    platform = Answering(world.x, None, Health(ok=True, remote_id="42", name="the group"))
    health.check(world.store, world.clock, "x", platform, NOTHING)

    row = world.account("x")
    assert (row.remote_id, row.display_name) == ("42", "the group")
    assert (row.parked_until, row.is_blocked) == (None, False)
    with world.store.read() as session:
        last = accounts.last_check(session, row.id)
    assert last is not None
    assert last.ok


def test_a_good_answer_does_not_lift_a_rate_limit(world: Any) -> None:
    """A working sign-in says nothing of a window that is used up; going on would hammer."""
    until = world.clock() + timedelta(hours=9)
    world.change_account("x", parked_until=until, park_reason="too many", is_blocked=False)
    platform = Answering(world.x, None, Health(ok=True, remote_id="42", name="the group"))
    health.check(world.store, world.clock, "x", platform, NOTHING)

    assert world.account("x").parked_until == until


def test_a_check_that_breaks_says_so_and_never_falls_over(world: Any) -> None:
    """Doctor goes on with the next account."""
    platform = Answering(world.x, None, RuntimeError("token=secret"))
    found = health.check(world.store, world.clock, "x", platform, NOTHING).health

    assert not found.ok
    assert "secret" not in found.problem
