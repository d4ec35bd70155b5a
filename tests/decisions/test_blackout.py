"""Setting quiet times: how they are typed, what is refused, and what the record says."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import select
from world import LONDON, NOON

from bot.decisions.blackout import add, hours, remove
from bot.errors import NotAllowed, NotFound, UsageError
from bot.model.delivery import Decision


def utc(*parts):
    return datetime(*parts, tzinfo=UTC)


@pytest.mark.parametrize(
    ("typed_from", "typed_until", "starts_at", "ends_at"),
    [
        ("2026-12-24 18:00", "2026-12-27 08:00", utc(2026, 12, 24, 18), utc(2026, 12, 27, 8)),
        ("24/12/2026 18:00", "27/12/2026 8:00", utc(2026, 12, 24, 18), utc(2026, 12, 27, 8)),
        ("2026-12-24", "2026-12-26", utc(2026, 12, 24), utc(2026, 12, 27)),
        ("25/12/2026", "25/12/2026", utc(2026, 12, 25), utc(2026, 12, 26)),
        ("now", "2026-12-01 13:00", NOON, utc(2026, 12, 1, 13)),
        ("2026-11-30", "2026-12-01", utc(2026, 11, 30), utc(2026, 12, 2)),
        ("2027-06-01", "2027-06-01", utc(2027, 5, 31, 23), utc(2027, 6, 1, 23)),
        ("2027-03-28", "2027-03-28", utc(2027, 3, 28), utc(2027, 3, 28, 23)),
        ("2027-10-31", "2027-10-31", utc(2027, 10, 30, 23), utc(2027, 11, 1)),
    ],
)
def test_hours_are_typed_as_people_write_them(typed_from, typed_until, starts_at, ends_at):
    """Local time, day first where slashes are; a day alone is all of it, however long it is."""
    found = hours(typed_from, typed_until, LONDON, NOON)

    assert (starts_at, ends_at, ()) == (found.starts_at, found.ends_at, found.notes)


@pytest.mark.parametrize(
    ("typed_from", "typed_until", "said"),
    [
        ("2026-12-24 18:00", "2026-12-24 18:00", "before it begins"),
        ("2026-12-24 18:00", "2026-12-23", "before it begins"),
        ("2026-11-01", "2026-11-30", "has passed"),
        ("2026-12-24 18:00", "2026-12-24 25:00", "no time of day"),
        ("Christmas", "2026-12-24 25:00", "is not a date"),
        ("2026-12-24", "31/11/2027", "does not exist"),
    ],
)
def test_hours_that_make_no_sense_are_refused(typed_from, typed_until, said):
    """With what is wrong with them."""
    with pytest.raises(UsageError, match=said):
        hours(typed_from, typed_until, LONDON, NOON)


@pytest.mark.parametrize(
    ("typed_from", "typed_until", "said", "starts_at"),
    [
        ("2027-03-28 01:30", "2027-03-29", "28 March 2027, 02:00 is meant", utc(2027, 3, 28, 1)),
        ("2027-10-31 01:30", "2027-11-01", "01:30 is meant, the first", utc(2027, 10, 31, 0, 30)),
        ("2026-12-02", "2026-12-31", "That is 30 days", utc(2026, 12, 2)),
    ],
)
def test_what_is_odd_is_said(typed_from, typed_until, said, starts_at):
    """A clock change, and a time that may have been a slip."""
    found = hours(typed_from, typed_until, LONDON, NOON)

    assert starts_at == found.starts_at
    assert said in " ".join(found.notes)


def test_each_has_its_record_and_can_be_taken_back_once(world):
    """With who, when, why and which hours."""
    row = add(world.decider("Christmas", "rosa"), "x", hours("now", "2026-12-02", LONDON, NOON))
    world.clock.move(hours=1)
    remove(world.decider("we are back", "ana"), row.id)

    with world.store.read() as session:
        first, second = session.scalars(select(Decision).order_by(Decision.id))
    assert ("rosa", "blackout", "Christmas", world.ids["x"], "2026-12-01T12:00:00Z") == (
        first.actor,
        first.verb,
        first.reason,
        first.account_id,
        first.after["starts_at"],
    )
    assert ("ana", "blackout removed", "we are back") == (
        second.actor,
        second.verb,
        second.reason,
    )
    assert (None, "2026-12-01T13:00:00Z") == (
        second.before["removed_at"],
        second.after["removed_at"],
    )
    with pytest.raises(NotAllowed, match="taken back before"):
        remove(world.decider(), row.id)


def test_one_that_is_over_or_unknown_cannot_be_taken_back(world):
    """It says where to look instead."""
    row = add(world.decider(), None, hours("now", "2026-12-01 13:00", LONDON, NOON))
    world.clock.move(hours=1)

    with pytest.raises(NotAllowed, match="is over"):
        remove(world.decider(), row.id)
    with pytest.raises(NotFound, match="no quiet time 99"):
        remove(world.decider(), 99)


@pytest.mark.parametrize(
    ("reason", "account", "said"),
    [
        (None, None, "Say why"),
        (" ", None, "Say why"),
        ("x" * 501, None, "500 characters"),
        ("why", "mastodon", "no account named"),
    ],
)
def test_a_reason_and_a_known_account_are_needed(world, reason, account, said):
    """Whoever finds the silence wants to know."""
    wanted = hours("now", "2026-12-02", LONDON, NOON)
    with pytest.raises((UsageError, NotFound), match=said):
        add(world.decider(reason), account, wanted)
