"""What waits or went out not long ago, for comparison."""

from datetime import timedelta

import pytest

from bot.store import deliveries


@pytest.fixture
def recent(world):
    """Ask for the recent texts of X."""

    def asked(not_post=None):
        since = world.clock() - timedelta(days=30)
        with world.store.read() as session:
            found = deliveries.recent_texts(
                session, world.ids.values(), sent_after=since, not_post=not_post
            )
        return found[world.ids["x"]]

    return asked


def test_waiting_and_recently_sent_posts_are_listed_newest_first(world, recent):
    """With their words; another account's are not, nor what was withdrawn or is long ago."""
    world.queue("One.")
    world.queue("Elsewhere.", to=("facebook",))
    world.change(world.queue("Two."), state="sent", sent_at=world.clock())
    world.change(world.queue("Withdrawn."), state="cancelled")
    world.change(world.queue("Old."), state="sent", sent_at=world.clock() - timedelta(days=31))
    world.queue("Held.")

    assert [(False, "Held."), (True, "Two."), (False, "One.")] == [row[1:] for row in recent()]
    two = recent()[1][0]
    assert ["Held.", "One."] == [text for _, _, text in recent(not_post=two)]


def test_the_parts_of_a_thread_are_one_text(world, recent):
    """In their order."""
    world.queue("One.\n---\nTwo.\n---\nThree.", thread=True)

    assert ["One.\n\nTwo.\n\nThree."] == [text for _, _, text in recent()]
