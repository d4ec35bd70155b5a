"""The same rooms over real sockets, against the simulated X and Facebook."""

import pytest
from world import limits_of

from bot.clock import system_now
from bot.delivery.confirm import Confirmer
from bot.delivery.deliver import Deliverer
from bot.platforms import open_platform
from bot.sandbox import Sandbox
from bot.settings import load


@pytest.fixture(scope="module")
def one_sandbox():
    with Sandbox() as started:
        yield started


@pytest.fixture
def sandbox(one_sandbox):
    """Empty, without faults."""
    one_sandbox.reset()
    one_sandbox.clear_faults()
    return one_sandbox


@pytest.fixture
def engine_name():
    """The wire does not care which database it is."""
    return "sqlite"


@pytest.fixture
def wired(world, sandbox):
    """The world's posts, sent by the real platforms."""
    world.clock.now = system_now()
    settings = load({**sandbox.settings(), "SEND_TIMEOUT_SECONDS": "2"}, None)
    platforms = {key: open_platform(name, settings, world.clock) for name, key in world.ids.items()}
    deliverer = Deliverer(world.store, world.clock, platforms, limits_of())
    return deliverer, Confirmer(deliverer)


@pytest.mark.parametrize("name", ["x", "facebook"])
@pytest.mark.parametrize(
    "fault", ["cut_after", "error_after", "html_after", "empty_after", "wrong_types"]
)
def test_accepted_and_never_answered_is_found_and_sent_once(world, wired, sandbox, name, fault):
    """The rival published four copies here."""
    deliverer, confirmer = wired
    delivery_id = world.queue("Hands off Honduras.", to=(name,))
    sandbox.fault(name, fault)
    deliverer.deliver(delivery_id)
    assert "unconfirmed" == world.state(delivery_id)
    world.clock.move(seconds=15)
    confirmer.look_due()

    entry = sandbox.ledger.posts(name)
    assert ("sent", 1) == (world.state(delivery_id), len(entry))
    assert entry[0].remote_id == world.parts(delivery_id)[0].remote_id


def test_cut_before_acceptance_is_sent_again_on_x_and_asked_about_on_facebook(
    world, wired, sandbox
):
    """By the rules each platform has."""
    deliverer, confirmer = wired
    ids = [world.queue(to=(name,)) for name in ("x", "facebook")]
    began = world.clock()
    for name, delivery_id in zip(("x", "facebook"), ids, strict=True):
        sandbox.fault(name, "cut_before")
        deliverer.deliver(delivery_id)
    for seconds in (15, 60, 300, 900):
        world.clock.now = began
        world.clock.move(seconds=seconds + 1)
        confirmer.look_due()
    assert ["waiting", "held"] == [world.state(row_id) for row_id in ids]
    deliverer.deliver(ids[0])

    assert "sent" == world.state(ids[0])
    assert (1, 0) == (len(sandbox.ledger.posts("x")), len(sandbox.ledger.posts("facebook")))


@pytest.mark.parametrize("name", ["x", "facebook"])
@pytest.mark.parametrize("fault", ["rate_limited", "dead_token"])
def test_a_limit_or_a_dead_token_parks_the_account_and_loses_nothing(
    world, wired, sandbox, name, fault
):
    """No try is counted and nothing is public."""
    deliverer, _ = wired
    delivery_id = world.queue(to=(name,))
    sandbox.fault(name, fault)
    deliverer.deliver(delivery_id)

    row = world.row(delivery_id)
    assert ("waiting", 0) == (row.state, row.tries)
    assert world.account(name).parked_until > world.clock()
    assert [] == sandbox.ledger.posts(name)
    world.clock.now = world.account(name).parked_until
    deliverer.deliver(delivery_id)
    assert "sent" == world.state(delivery_id)
