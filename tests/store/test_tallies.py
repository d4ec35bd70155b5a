"""Tallies are copies of the right Snapshots, whatever the order of readings; on both databases."""

from dataclasses import asdict
from datetime import timedelta

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import select, text

from bot.model.delivery import Part
from bot.model.engagement import NEWEST, Tally
from bot.platforms.contract import Counts
from bot.store import engagement, schema

HOUR = timedelta(hours=1)


def sent(world):
    delivery_id = world.queue()
    world.send_due()
    (part,) = world.parts(delivery_id)
    return part


def read(world, part, hours, views):
    with world.store.write() as session:
        at = part.sent_at + timedelta(hours=hours)
        engagement.record(session, part.id, at, asdict(Counts(views=views)))


def tallies(world):
    with world.store.read() as session:
        return {row.age_hours: row.views for row in session.scalars(select(Tally))}


@pytest.mark.parametrize("order", [(1, 20, 25, 29, 150, 170, 200), (200, 25, 170, 20, 1, 150, 29)])
def test_each_age_has_the_nearest_reading_in_whatever_order_they_come(world, order):
    """Views say the hour they were read at."""
    part = sent(world)
    for hours in order:
        read(world, part, hours, views=hours)

    assert {NEWEST: 200, 24: 25, 168: 170} == tallies(world)


@pytest.mark.parametrize(
    ("hours", "ages"),
    [
        (17.9, {NEWEST}),
        (18, {NEWEST, 24}),
        (30, {NEWEST, 24}),
        (30.1, {NEWEST}),
        (143.9, {NEWEST}),
        (144, {NEWEST, 168}),
        (192, {NEWEST, 168}),
        (192.1, {NEWEST}),
    ],
)
def test_a_reading_too_far_from_an_age_does_not_stand_for_it(world, hours, ages):
    """Six hours from a day, a day from a week; the edge counts."""
    read(world, sent(world), hours, views=1)

    assert ages == set(tallies(world))


@pytest.mark.parametrize("order", [(1, 2, 3), (3, 2, 1), (2, 3, 1), (3, 1, 2)])
def test_what_is_no_longer_told_is_the_last_that_was(world, order):
    """A Platform stops telling a count when a post is old; that does not make it unknown."""
    part = sent(world)
    for hours in order:
        read(world, part, hours, views={1: 4, 2: 5, 3: None}[hours])

    assert {NEWEST: 5} == tallies(world)


def test_at_an_age_unknown_is_unknown(world):
    """The reading nearest to an age is a fact, also where it says less than another."""
    part = sent(world)
    read(world, part, 20, views=5)
    read(world, part, 24, views=None)

    assert {NEWEST: 5, 24: None} == tallies(world)


def test_a_part_without_a_time_has_only_its_newest(world):
    """It has no age."""
    part = sent(world)
    with world.store.write() as session:
        session.get_one(Part, part.id).sent_at = None
    read(world, part, 24, views=5)

    assert {NEWEST: 5} == tallies(world)


def migrate(store, to):
    config = Config()
    config.set_main_option("script_location", str(schema.MIGRATIONS))
    with store.write() as session:
        config.attributes["connection"] = session.connection()
        (command.upgrade if to == "head" else command.downgrade)(config, to)


def test_an_upgrade_makes_the_tallies_of_all_there_was(world):
    """The same as the bot would have kept."""
    parts = [sent(world) for _ in range(3)]
    for part, ages in zip(parts, [(1, 20, 25, 170, 200), (2,), ()], strict=True):
        for hours in ages:
            read(world, part, hours, views=part.id * 1000 + hours)
    query = text("SELECT part_id, age_hours, taken_at, views FROM tally ORDER BY 1, 2")
    with world.store.read() as session:
        before = session.execute(query).all()
    with world.store.read() as session:
        below = session.scalar(text("SELECT version_num FROM alembic_version"))
    migrate(world.store, "-1")
    migrate(world.store, "head")

    with world.store.read() as session:
        assert before == session.execute(query).all()
        assert below == session.scalar(text("SELECT version_num FROM alembic_version"))
    assert 4 == len(before)
