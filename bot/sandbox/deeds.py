"""What a person or a test does to a sandbox, whichever door they come through.

The Sandbox class and the control door both call these, so they cannot differ.
"""

from typing import Any

from bot.sandbox.fault_replies import plan_fault
from bot.sandbox.ledger import Entry
from bot.sandbox.world import World
from bot.sandbox.x_text import normalise


def plan(
    world: World, platform: str, kind: str, count: int | None, options: dict[str, Any]
) -> None:
    """Plan a fault; ValueError names what is wrong with it."""
    world.faults.add(plan_fault(platform, kind, count, options))


def post_by_hand(world: World, platform: str, text: str, app_id: str = "") -> Entry:
    """Publish as a person would in the platform's own app, which Facebook may name or not."""
    if platform not in ("x", "facebook"):
        raise ValueError(f"There is no platform {platform!r}. There are: x, facebook.")
    if platform == "x":
        words = normalise(text)
        return world.ledger.accept("x", words, by_hand=True, duplicate_key=words)
    remote_id = f"{world.accounts.page_id}_{world.ledger.new_id()}"
    extra = {"application": {"id": app_id, "name": "Business Suite"}} if app_id else {}
    return world.ledger.accept(
        "facebook", text.strip(), remote_id=remote_id, by_hand=True, extra=extra
    )


def switch(world: World, choices: dict[str, Any]) -> dict[str, Any]:
    """Change standing choices by name; ValueError for a name or a type that is not one."""
    known = vars(world.switches)
    for name, value in choices.items():
        if name not in known:
            raise ValueError(f"There is no switch {name!r}. There are: {', '.join(known)}.")
        if type(value) is not type(known[name]):
            raise ValueError(f"{name} must be like {known[name]!r}.")
    for name, value in choices.items():
        setattr(world.switches, name, value)
    return dict(vars(world.switches))
