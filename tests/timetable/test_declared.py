"""Timetables from the file in the posts folder."""

import pytest

from bot.errors import UsageError
from bot.store import accounts, quarantine
from bot.timetable import declared

GOOD = '[x]\nslots = "monday 09:00"\nzone = "America/Bogota"\n'


def test_what_the_file_says_becomes_the_accounts(world, tmp_path):
    """Once; an unchanged file changes nothing."""
    (tmp_path / "timetable.toml").write_text(GOOD)

    assert [1, 0] == [declared.apply(world.store, tmp_path) for _ in range(2)]
    with world.store.read() as session:
        slots = accounts.slots(session, world.ids["x"])
        assert [(0, "09:00")] == [(row.weekday, row.local_time) for row in slots]
    assert "America/Bogota" == world.account().timezone


def test_without_a_file_or_with_comments_only_nothing_is_declared(world, tmp_path):
    """The shipped file is comments."""
    assert 0 == declared.apply(world.store, tmp_path)
    (tmp_path / "timetable.toml").write_text("# [x]\n")
    assert 0 == declared.apply(world.store, tmp_path)


@pytest.mark.parametrize(
    "text",
    [
        "[x\n",
        'x = "monday 09:00"\n',
        '[x]\nslot = "monday 09:00"\n',
        '[x]\ncolour = "red"\n',
        '[x]\nslots = "someday"\n',
        '[x]\nslots = "monday 09:00"\nzone = "London"\n',
        "#" * 70_000,
    ],
)
def test_a_mistake_in_the_file_is_named(tmp_path, text):
    """And nothing is changed."""
    (tmp_path / "timetable.toml").write_text(text)
    with pytest.raises(UsageError, match=r"timetable\.toml"):
        declared.read(tmp_path)


def test_a_file_that_cannot_be_read_is_named(tmp_path):
    """A folder of that name."""
    (tmp_path / "timetable.toml").mkdir()
    with pytest.raises(UsageError, match="cannot be read"):
        declared.read(tmp_path)


def test_a_mistake_in_the_file_is_quarantined_and_planning_goes_on(world, tmp_path):
    """One bad line must not stop every post; once mended, it is as if it had never been."""
    path = tmp_path / "timetable.toml"
    path.write_text('[x]\nslots = "someday 09:00"\n')
    changed = [declared.take_over(world.store, tmp_path, world.clock()) for _ in range(2)]
    with world.store.read() as session:
        (row,) = quarantine.all_of(session)

    assert [0, 0] == changed
    assert "someday" in row.reason
    assert "line 1" in row.reason

    path.write_text('[x]\nslots = ["monday 09:00", "friday 10:00"]\n')
    assert 1 == declared.take_over(world.store, tmp_path, world.clock())
    with world.store.read() as session:
        assert [] == list(quarantine.all_of(session))
