"""The platform accepted the post, and its answer was cut, late, wrong, endless or a lie.

A rival published four copies here. Found on the timeline, or shown to a person; never sent twice.
"""

import time

import pytest

BOTH = pytest.mark.parametrize("name", ["x", "facebook"])
TWICE = {
    "x": '{"data":{"id":"1","text":"t"},"data":{"id":"2","text":"t"}}',
    "facebook": '{"id":"7_1","id":"7_2"}',
}
LIES = {"x": '{"errors":[{"code":187}],"status":403}', "facebook": '{"error":{"code":190}}'}
BOTH_AT_ONCE = {
    "x": '{"data":{"id":"1"},"title":"Forbidden","detail":"duplicate content","status":403}',
    "facebook": '{"id":"7_1","error":{"code":506,"error_subcode":1455006}}',
}
CUT_OFF, SERVER_FAULT, SLOW, WRONG = 2, 4, 5, 6
DEADLINE = "0.8"  # seconds; a drip would take half a minute
NAMES = {
    CUT_OFF: "cut after acceptance",
    SERVER_FAULT: "5xx after acceptance",
    SLOW: "slow or endless answer",
    WRONG: "wrong answer",
}
FAULTS = [
    (CUT_OFF, "cut_after", {}),
    (CUT_OFF, "cut_at", {"bytes": 0}),
    (CUT_OFF, "cut_at", {"bytes": 60}),
    (CUT_OFF, "cut_at", {}),
    (CUT_OFF, "cut_at", {"reset": True}),
    (SERVER_FAULT, "error_after", {}),
    (SERVER_FAULT, "html_after", {"status": 500}),
    (SERVER_FAULT, "html_after", {"status": 502}),
    (SERVER_FAULT, "html_after", {"status": 504}),
    (SERVER_FAULT, "empty_after", {"status": 503}),
    (WRONG, "empty_after", {}),
    (WRONG, "empty_after", {"status": 400}),
    (WRONG, "html_after", {"status": 200}),
    (WRONG, "html_after", {"status": 403}),
    (WRONG, "wrong_types", {}),
    (WRONG, "wrong_types", {"body": {"data": {"id": 5}}}),
    (WRONG, "wrong_types", {"body": {"error": None, "errors": None}}),
    (WRONG, "wrong_types", {"body": {}, "status": 404}),
    (WRONG, "garbled", {"text": '{"data":{"id":"12345'}),
    (WRONG, "garbled", {"text": '{"id":"7_8","post_id"', "status": 201}),
    (WRONG, "garbled", {"text": '"\\ud800"'}),
    (WRONG, "garbled", {"text": "[" * 50_000}),
]


@BOTH
@pytest.mark.parametrize(("number", "kind", "options"), FAULTS)
def test_accepted_and_not_confirmed_is_found_and_sent_once(stage, name, number, kind, options):
    """At the first look, 15 seconds later; the row keeps the id that the ledger has."""
    delivery_id = stage.post(name, "Hands off Honduras: https://example.org/a?b=1&c=2 & <more>")
    stage.sandbox.fault(name, kind, **options)
    stage.run()

    assert ("sent", 1) == (stage.world.state(delivery_id), stage.writes(name))
    assert "unknown" == stage.world.outcomes(delivery_id)[0]
    assert 15 == stage.settle(NAMES[number], number).seconds


@BOTH
@pytest.mark.parametrize("texts", [TWICE, LIES, BOTH_AT_ONCE])
def test_an_answer_that_contradicts_itself_or_the_truth_is_looked_into(stage, name, texts):
    """A success with an error inside, a name said twice, a yes and a no at once."""
    delivery_id = stage.post(name)
    stage.sandbox.fault(name, "garbled", text=texts[name])
    stage.run()

    assert "sent" == stage.world.state(delivery_id)
    stage.settle(NAMES[WRONG], WRONG)


@BOTH
@pytest.mark.parametrize(
    ("number", "kind", "options"),
    [
        (SLOW, "late", {"seconds": 1.2}),
        (SLOW, "late", {"seconds": 1.2, "accept_late": True}),
        (SLOW, "drip", {"seconds": 0.05}),
        (SLOW, "chunks", {"seconds": 0.02}),
        (WRONG, "huge", {}),
        (WRONG, "bomb", {"megabytes": 64}),
    ],
)
def test_an_answer_that_does_not_end_is_left_at_the_deadline(stage, name, number, kind, options):
    """The total deadline, not the time between two bytes; and no more bytes than are wanted."""
    delivery_id = stage.post(name)
    stage.sandbox.fault(name, kind, **options)
    stage.connect(SEND_TIMEOUT_SECONDS=DEADLINE)
    started = time.monotonic()
    stage.deliverer.deliver(delivery_id)
    took = time.monotonic() - started
    while not stage.writes(name):  # written down when the platform is done with it
        time.sleep(0.02)
    assert "unconfirmed" == stage.world.state(delivery_id)
    stage.connect()
    stage.run()

    assert took < 8
    assert ("sent", 1) == (stage.world.state(delivery_id), stage.writes(name))
    stage.settle(NAMES[number], number)
