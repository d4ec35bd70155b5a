"""What doctor says of second copies and of accounts that must be read first."""

from typing import Any

from bot.alerts import copies
from bot.platforms.contract import Unreadable

TITLES = {"x": "X", "facebook": "Facebook"}


def test_an_account_that_could_not_be_read_is_trouble_once_it_was_tried(world: Any) -> None:
    """Its reason is named, and that nothing of it goes out."""
    assert copies.behind(world.store, TITLES) == []
    world.change_account("x", behind_since=world.clock())
    waits = copies.behind(world.store, TITLES)[0]
    world.x.unreadable = Unreadable("X has signed us out.")
    world.watch.read_due()
    tried = copies.behind(world.store, TITLES)[0]

    assert (waits.ok, tried.ok) == (True, False)
    assert tried.says.startswith("X was not read since the bot came back, so nothing of it goes")
    assert "X has signed us out. It is tried again." in tried.says


def test_a_second_copy_of_what_we_sent_is_named_with_its_link_for_three_days(world: Any) -> None:
    """Somebody should take one of the two down."""
    watch = world.watch
    delivery_id = world.queue()
    watch.read_due()
    world.send_due()
    world.clock.move(minutes=1)
    twin = world.x.publish(world.parts(delivery_id)[0].text, by_hand=True)
    assert not copies.twice(world.store, world.clock()).note
    world.clock.move(minutes=15)
    watch.read(world.ids["x"])
    found = copies.twice(world.store, world.clock())

    assert (found.ok, found.note) == (True, True)
    post = f"P{world.row(delivery_id).post_id}"
    assert f"{post} (https://example.org/status/{twin.remote_id})" in found.says
    world.clock.move(days=4)
    assert not copies.twice(world.store, world.clock()).note
