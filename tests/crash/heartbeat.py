"""Run by a test as a process of its own: `bot run`, also while the feeds room is being built."""

import importlib.util
import runpy
import sys
import types


def main() -> None:
    """Stand in for a missing feeds room, then be the real command."""
    if importlib.util.find_spec("bot.intake.feeds") is None:
        stand_in()
    sys.argv = ["bot", "run"]
    runpy.run_module("bot", run_name="__main__")


def stand_in() -> None:
    """A feeds room without feeds."""
    room = types.ModuleType("bot.intake.feeds")
    room.Feeds = lambda *given: types.SimpleNamespace(poll_due=list)
    sys.modules["bot.intake.feeds"] = room


if __name__ == "__main__":
    main()
