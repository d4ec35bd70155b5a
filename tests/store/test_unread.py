"""What could not be read is one list: files, rows, articles, and feeds that are in trouble."""

from datetime import timedelta

import pytest

from bot.model.feed import Feed
from bot.store import quarantine, unread


@pytest.mark.parametrize("engine_name", ["sqlite", "postgresql"])
def test_files_and_feeds_stand_in_one_list(store, clock):
    """A feed that failed once is not in it; one that is gone is."""
    soon = clock() + timedelta(hours=1)
    troubles = {"gone": (1, clock()), "once": (1, None), "often": (3, None), "well": (0, None)}
    with store.write() as session:
        quarantine.put(
            session, source="folder", key="march.md", line=4, reason="No such day.", now=clock()
        )
        session.add_all(
            Feed(
                name=name,
                url="https://example.org/",
                errors=errors,
                last_error="It did not answer." if errors else None,
                stopped_at=stopped_at,
                next_check_at=soon,
                created_at=clock(),
            )
            for name, (errors, stopped_at) in troubles.items()
        )

    with store.read() as session:
        found = unread.all_of(session, 10, clock())
        first = unread.all_of(session, 1, clock())

    assert ["gone", "often", "march.md"] == [one.name for one in found]
    assert [True, True, False] == [one.is_feed for one in found]
    assert (4, "No such day.") == (found[2].line, found[2].reason)
    assert ["gone"] == [one.name for one in first]
