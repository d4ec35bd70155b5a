"""People at the same moment: edit, cancel, pause, a second click, two approvers, two answers."""

import threading
from collections.abc import Callable
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.decisions.approve import approve
from bot.decisions.cancel import cancel
from bot.decisions.pause import pause, resume
from bot.decisions.resolve import Answer, resolve
from bot.errors import NotAllowed
from bot.intake.rows import Source
from bot.model.written import from_json
from bot.store import posts

BOTH = pytest.mark.parametrize("name", ["x", "facebook"])
NUMBER, FAULT = 22, "people at the same moment"


@contextmanager
def on_its_way(stage, proxy, name, delivery_id):
    """Within the block the platform has the request, and its answer is held back."""
    proxy.gate.clear()
    sending = threading.Thread(target=stage.deliverer.deliver, args=(delivery_id,))
    sending.start()
    between, before = threading.Event(), stage.writes(name)
    while stage.writes(name) == before:
        between.wait(0.005)
    try:
        assert "sending" == stage.world.state(delivery_id)
        yield
        assert "sending" == stage.world.state(delivery_id)
    finally:
        proxy.gate.set()
        sending.join()


def at_once(*deeds: Callable[[], object]) -> list[object]:
    """What each gave, all begun at the same moment; a refusal is None."""
    gate, given = threading.Barrier(len(deeds)), []

    def do(deed: Callable[[], object]) -> None:
        gate.wait()
        with suppress(NotAllowed):
            given.append(deed())

    threads = [threading.Thread(target=do, args=(deed,)) for deed in deeds]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return given


def edit(stage, delivery_id, body):
    """Change the words of a Post as an edited file does."""
    with stage.world.store.write() as session:
        post = posts.get(session, stage.world.row(delivery_id).post_id)
        written = replace(from_json(post.written), body=body)
        source = Source(post.source, post.key, f"digest of {body}", "ana")
        stage.world.admission.amend(session, post, written, source)


@BOTH
def test_an_edit_while_it_is_on_its_way_changes_nothing_that_is_sent(behind, proxy, name):
    """What went out is what was queued then, once."""
    delivery_id = behind.post(name, "The words as approved.")
    with on_its_way(behind, proxy, name, delivery_id):
        edit(behind, delivery_id, "Other words.")
    behind.run()

    assert ["The words as approved."] == [entry.text for entry in behind.entries(name)]
    assert "The words as approved." == behind.world.parts(delivery_id)[0].text
    behind.settle(FAULT, NUMBER)


@BOTH
def test_an_edit_of_what_is_in_doubt_is_not_sent_as_a_second_post(behind, proxy, name):
    """The answer was lost, the words are changed, and then it is found."""
    delivery_id = behind.post(name, "The words as approved.")
    behind.sandbox.fault(name, "cut_after")
    with on_its_way(behind, proxy, name, delivery_id):
        edit(behind, delivery_id, "Other words.")
    edit(behind, delivery_id, "Yet other words.")
    behind.run()

    assert ["The words as approved."] == [entry.text for entry in behind.entries(name)]
    assert ("sent", 1) == (behind.world.state(delivery_id), behind.writes(name))
    behind.settle(FAULT, NUMBER)


@BOTH
def test_what_is_on_its_way_cannot_be_cancelled_and_says_so(behind, proxy, name):
    """Nobody is told that it was withdrawn while it goes out."""
    delivery_id = behind.post(name)
    sending = on_its_way(behind, proxy, name, delivery_id)
    with sending, pytest.raises(NotAllowed, match="is being sent this moment"):
        cancel(behind.world.decider(), str(delivery_id))
    assert ("sent", 1) == (behind.world.state(delivery_id), len(behind.entries(name)))
    behind.settle(FAULT, NUMBER)


@BOTH
def test_a_pause_lets_what_is_on_its_way_end_and_nothing_else_leave(behind, proxy, name):
    """The request has left; the next one does not."""
    behind.world.limit(spacing=timedelta(0))
    first, second = behind.post(name), behind.post(name)
    with on_its_way(behind, proxy, name, first):
        pause(behind.world.decider("earthquake"), name)
    behind.beat()
    assert ["sent", "held"] == [behind.world.state(one) for one in (first, second)]
    assert 1 == behind.writes(name)

    resume(behind.world.decider(), name, behind.world.limits.too_late)
    behind.world.planner.plan_due()
    behind.run()
    assert ("sent", 2) == (behind.world.state(second), behind.writes(name))
    behind.settle(FAULT, NUMBER)


@BOTH
def test_a_second_click_sends_nothing_twice(stage, name):
    """Eight heartbeats and clicks take the same row at the same moment, five times."""
    stage.world.limit(spacing=timedelta(0))
    for _ in range(5):
        delivery_id = stage.post(name)
        given = at_once(*[lambda key=delivery_id: stage.deliverer.deliver(key)] * 8)
        assert 1 == given.count(True)
        stage.beat()
    assert 5 == stage.writes(name) == len(stage.entries(name))
    stage.settle(FAULT, NUMBER)


@BOTH
def test_a_cancel_beside_the_send_withdraws_it_or_says_that_it_cannot(stage, name):
    """Either nobody is told it was withdrawn, or nothing leaves."""
    stage.world.limit(spacing=timedelta(0))
    for number in range(8):
        delivery_id = stage.post(name, f"Race number {number}.")
        withdrawn = at_once(
            lambda key=delivery_id: stage.deliverer.deliver(key),
            lambda key=delivery_id: cancel(stage.world.decider(), str(key)),
        )
        is_cancelled = any(isinstance(one, list) for one in withdrawn)
        sent = f"Race number {number}." in [entry.text for entry in stage.entries(name)]
        assert is_cancelled is not sent
        assert ("cancelled" if is_cancelled else "sent") == stage.world.state(delivery_id)
    stage.settle(FAULT, NUMBER)


@BOTH
def test_two_approvers_at_once_approve_once_and_it_goes_out_once(stage, name):
    """Both clicked; what goes out is what both saw."""
    stage.world.change_account(name, approval="two people")
    delivery_id = stage.post(name, "Words for two.")
    stage.beat()
    assert ("held", 0) == (stage.world.state(delivery_id), stage.writes(name))
    target = str(delivery_id)
    people = [stage.world.decider(actor=who) for who in ("ben", "chi")]
    at_once(*(lambda one=one: approve(one, target) for one in people))
    stage.run()

    assert ["Words for two."] == [entry.text for entry in stage.entries(name)]
    stage.settle(FAULT, NUMBER)


@BOTH
def test_an_edit_beside_an_approval_never_sends_words_nobody_approved(stage, name):
    """Whoever comes second, approved words go out, or none."""
    stage.world.limit(spacing=timedelta(0))
    stage.world.change_account(name, approval="two people")
    for number in range(4):
        delivery_id = stage.post(name, f"Approved words {number}.")
        stage.beat()
        before = stage.world.row(delivery_id).variant_digest
        decider = stage.world.decider(actor="ben")
        at_once(
            lambda one=decider, key=delivery_id: approve(one, str(key)),
            lambda key=delivery_id, n=number: edit(stage, key, f"Changed words {n}."),
        )
        row = stage.world.row(delivery_id)
        stage.beat()
        approved = row.approved_digest == row.variant_digest
        sent = [entry.text for entry in stage.entries(name) if entry.text.endswith(f" {number}.")]
        assert bool(sent) is approved
        assert not (sent and row.approved_digest == before) or sent == [f"Approved words {number}."]


@BOTH
def test_two_answers_to_one_doubt_count_once(stage, name):
    """Two people say: not up, send it now. One request leaves."""
    delivery_id = stage.post(name)
    stage.sandbox.fault(name, "cut_before", count=1)
    stage.beat()
    people = [stage.world.decider(actor=who) for who in ("ben", "chi")]
    given = at_once(
        *(lambda one=one: resolve(one, delivery_id, Answer.ABSENT_NOW) for one in people)
    )
    stage.run()

    assert 1 == len(given)
    assert ("sent", 2, 1) == (
        stage.world.state(delivery_id),
        stage.writes(name),
        len(stage.entries(name)),
    )
    stage.settle(FAULT, NUMBER)
