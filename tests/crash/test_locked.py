"""Another program holds the database for longer than the bot waits for it."""

import contextlib
import subprocess
import sys
from pathlib import Path

import pytest
from crash.aftermath import Tally, judge, recover, try_to_send
from faults.scoreboard import record
from sqlalchemy import select, text

from bot.errors import StoreError
from bot.model.delivery import Part
from bot.platforms.contract import Prepared
from bot.store import schema
from bot.store.engine import Store

HOLDING = str(Path(__file__).parent / "holding.py")


@pytest.fixture
def store(tmp_path, clock, monkeypatch):
    """A database whose patience is short."""
    monkeypatch.setattr("bot.store.engine.BUSY_TIMEOUT_SECONDS", 0.1)
    opened = Store(f"sqlite:///{tmp_path}/bot.db", clock)
    schema.upgrade(opened)
    yield opened
    opened.close()


@pytest.fixture
def other(store):
    """Call it, and from then on another program holds the database, until the test lets go."""
    with contextlib.ExitStack() as stack:

        def hold(how="IMMEDIATE"):
            command = [sys.executable, HOLDING, str(store.path), how]
            pipe = subprocess.PIPE
            program = subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True)
            stack.enter_context(program)
            assert "held\n" == program.stdout.readline()
            return program

        yield hold


def let_go(program):
    program.communicate("\n", timeout=20)


def when_claiming(world, hold):
    return [hold()]


def when_uploading(world, hold):
    """Between the claim and the Attempt, which is where files are uploaded."""
    held = []
    with world.store.write() as session:
        for part in session.scalars(select(Part)):
            part.images = [{"sha256": "0" * 64, "mime_type": "image/png", "alt": "A banner"}]
    prepare = world.x.prepare

    def prepared(part):
        held.append(hold())
        world.x.prepare = prepare
        return Prepared()

    world.x.prepare = prepared
    return held


def when_asking(world, hold):
    """Between the Attempt and its outcome."""
    held = []

    def on_send(part):
        held.append(hold())
        world.x.on_send = None

    world.x.on_send = on_send
    return held


MOMENTS = [(when_claiming, 0), (when_uploading, 0), (when_asking, 1)]


@pytest.mark.parametrize(("moment", "out"), MOMENTS)
def test_a_database_held_by_another_program_costs_no_copy_and_no_post(world, other, moment, out):
    """What cannot be written down first does not leave; what left is found again."""
    tally, worker_id, delivery_id = Tally(), world.worker(), world.queue()
    held = moment(world, other)
    dropped = try_to_send(world, worker_id)
    assert out == len(world.x.ledger)
    assert "sent" != world.state(delivery_id)

    let_go(held[0])
    recover(world, worker_id, dropped)
    judge(world, tally, delivery_id)
    record("database locked", 9, **vars(tally), seconds=None)
    assert (0, 0, 0) == (tally.copies, tally.lost, tally.shown)
    assert 1 == len(world.x.ledger)


def test_one_that_reads_while_another_writes_is_never_refused_later(world, other):
    """A write begins with the lock and sees the newest state (else: BUSY_SNAPSHOT)."""
    delivery_id = world.queue()
    with world.store.read() as session:
        session.execute(text("SELECT count(*) FROM delivery"))
        with world.store.write() as writer:
            writer.execute(text("UPDATE delivery SET reason = 'meanwhile'"))
        # A transaction that has read may not write once it was overtaken.
        with pytest.raises(StoreError, match="busy"), world.store.read() as overtaken:  # noqa: PT012
            overtaken.execute(text("SELECT count(*) FROM delivery"))
            with world.store.write() as writer:
                writer.execute(text("UPDATE delivery SET reason = 'and again'"))
            overtaken.execute(text("UPDATE delivery SET reason = 'too late'"))
        with world.store.write() as writer:
            writer.execute(text("UPDATE delivery SET urgent = 1"))

    assert ("and again", True) == (world.row(delivery_id).reason, world.row(delivery_id).urgent)


def test_a_claim_waits_for_a_program_that_is_soon_done(world, other, monkeypatch):
    """Patience first: a short lock is nobody's trouble."""
    monkeypatch.setattr("bot.store.engine.BUSY_TIMEOUT_SECONDS", 20)
    patient = Store(world.store.url.render_as_string(), world.clock)
    delivery_id = world.queue()
    program = other()
    program.stdin.write("\n")
    program.stdin.flush()
    world.store, quick = patient, world.store
    assert world.deliver(delivery_id)
    world.store = quick
    patient.close()

    assert "sent" == world.state(delivery_id)
