"""The engagement log's queries on both databases: every filter, every order, and sums."""

from bot.decisions import review
from bot.decisions.record import Decider
from bot.store import engagement, logged
from bot.store.logged import ORDERS, Sought


def test_every_filter_and_order_finds_what_is_out(world):
    """One is counted and reviewed, one is neither, one still waits."""
    counted, plain = world.queue("Come to the march."), world.queue("100 % ours.")
    world.send_due()
    world.clock.move(hours=1)
    world.send_due()
    world.queue("Later.")
    with world.store.write() as session:
        for part in world.parts(counted):
            engagement.record(session, part.id, world.clock(), {"views": 7})
    review.mark(Decider(world.store, world.clock, "person:1"), [counted], "Good.")

    with world.store.read() as session:
        for order in ORDERS:
            for falling in (True, False):
                found = logged.ids(session, Sought(order=order, falling=falling))
                assert {counted, plain} == set(found)
        assert [counted, plain] == logged.ids(session, Sought(order="views", falling=False))
        for sought, wanted in (
            (Sought(reviewed=True), {counted}),
            (Sought(reviewed=False), {plain}),
            (Sought(words="THE MARCH"), {counted}),
            (Sought(words="100 %"), {plain}),
            (Sought(words="%"), {plain}),
            (Sought(by_hand=True), set()),
            (Sought(by_hand=False, standing=True, account="x"), {counted, plain}),
            (Sought(until=world.clock() - world.clock().resolution, label="none"), set()),
        ):
            assert wanted == set(logged.ids(session, sought)), sought
            assert len(wanted) == logged.count(session, sought, 10)
            assert len(wanted) == sum(row.posts for row in logged.sums(session, sought))
        (total,) = logged.sums(session, Sought())
        assert (2, 7, None) == (total.posts, total.views, total.likes)
