"""Every shape of a rate limit: the wait is bounded, nobody is hammered, and nothing is lost."""

import json
from datetime import timedelta

import pytest

NUMBER, FAULT = 17, "rate limited"
X_REST, FACEBOOK_REST = timedelta(minutes=15), timedelta(minutes=60)
MINUTES = timedelta(minutes=1)
DAY = 24
X_SHAPES = [
    ({}, X_REST),
    ({"seconds": 300}, 5 * MINUTES),
    ({"headers": "missing"}, X_REST),
    ({"headers": "past"}, X_REST),
    ({"headers": "words"}, X_REST),
    ({"headers": "day_app", "seconds": 32_400}, 9 * 60 * MINUTES),
    ({"headers": "day_user", "seconds": 32_400}, 9 * 60 * MINUTES),
    # A clock of theirs that is ten minutes behind ours, and one that is an hour ahead.
    ({"seconds": -300}, X_REST),
    ({"seconds": 4500}, 75 * MINUTES),
    ({"seconds": 40 * 86_400}, X_REST),
    ({"raw": "9" * 30}, X_REST),
    ({"raw": "-1"}, X_REST),
    ({"raw": "1e12"}, X_REST),
    ({"raw": "1764900000.5"}, X_REST),
    ({"raw": ""}, X_REST),
    ({"raw": "Wed, 25 Nov 2026 20:00:00 GMT"}, X_REST),
]
CODES = [4, 17, 32, 341, 613, 80001, 80002, 80009, 80014]


def usage(**changed):
    """A usage header with one entry."""
    return json.dumps({"7": [{"type": "pages", "call_count": 100, **changed}]})


FACEBOOK_SHAPES = [
    *(({"code": code, "minutes": 19}, 19 * MINUTES) for code in CODES),
    *(({"code": code, "headers": "missing"}, FACEBOOK_REST) for code in (4, 17, 613, 80001)),
    ({"code": 613, "subcode": 1996, "headers": "missing"}, FACEBOOK_REST),
    ({"code": 4, "status": 403, "headers": "missing"}, FACEBOOK_REST),
    ({"code": 4, "status": 429, "minutes": 5}, 5 * MINUTES),
    ({"minutes": 0}, FACEBOOK_REST),
    ({"minutes": -5}, FACEBOOK_REST),
    ({"minutes": 10**9}, FACEBOOK_REST),
    ({"raw": "not json"}, FACEBOOK_REST),
    ({"raw": "[]"}, FACEBOOK_REST),
    ({"raw": usage(estimated_time_to_regain_access="19")}, FACEBOOK_REST),
    ({"raw": usage(estimated_time_to_regain_access=None)}, FACEBOOK_REST),
    ({"raw": usage()}, FACEBOOK_REST),
]
SHAPES = [("x", *shape) for shape in X_SHAPES] + [("facebook", *shape) for shape in FACEBOOK_SHAPES]


@pytest.mark.parametrize(("name", "options", "rest"), SHAPES)
def test_a_limit_is_kept_for_as_long_as_it_says_and_no_longer(stage, name, options, rest):
    """One request, the rest, one more; no try is counted, and the other account goes on."""
    other = "facebook" if name == "x" else "x"
    delivery_id, beside = stage.post(name), stage.post(other)
    stage.sandbox.fault(name, "rate_limited", **options)
    began = stage.clock()
    stage.beat()

    account, row = stage.world.account(name), stage.world.row(delivery_id)
    assert ("waiting", 0, 1) == (row.state, row.tries, stage.writes(name))
    assert abs(account.parked_until - began - rest) < timedelta(seconds=2)
    assert not account.is_blocked
    assert "sent" == stage.world.state(beside)

    stage.clock.now = account.parked_until - timedelta(seconds=1)
    stage.beat()
    assert 1 == stage.writes(name) + stage.looks(name)
    stage.heal()
    stage.run(hours=DAY)
    # After nine hours its time has long gone by: then a person is asked.
    late = rest > stage.world.limits.too_late
    assert ("held" if late else "sent") == stage.world.state(delivery_id)
    assert (1 if late else 2) == stage.writes(name)
    stage.settle(FAULT, NUMBER)


def test_posting_too_fast_is_a_limit_and_no_block(stage):
    """368/1390008 passes by itself: an hour's rest, no try counted, nobody is called."""
    delivery_id = stage.post("facebook")
    stage.sandbox.fault("facebook", "blocked", subcode=1390008)
    stage.beat()
    account = stage.world.account("facebook")
    assert not account.is_blocked
    assert abs(account.parked_until - stage.clock() - FACEBOOK_REST) < timedelta(seconds=2)
    assert ("waiting", 0) == (stage.world.state(delivery_id), stage.world.row(delivery_id).tries)
    stage.clock.now = account.parked_until
    stage.heal()
    stage.run()

    assert ("sent", 2) == (stage.world.state(delivery_id), stage.writes("facebook"))
    stage.settle(FAULT, NUMBER)


@pytest.mark.parametrize(
    ("name", "headers", "a_day"),
    [("x", "missing", 96), ("x", "normal", 96), ("facebook", "missing", 24)],
)
def test_a_limit_that_never_ends_is_asked_no_more_than_once_a_rest(stage, name, headers, a_day):
    """Five posts wait for six hours: together they make one request per rest."""
    stage.world.limit(spacing=timedelta(0), too_late=timedelta(days=2))
    for _ in range(5):
        stage.post(name)
    stage.sandbox.fault(name, "rate_limited", count=None, headers=headers, seconds=900)
    stage.run(hours=6)

    most = a_day // 4
    assert most - 1 <= stage.writes(name) + stage.looks(name) <= most + 1
    assert {("waiting", 0)} == {(row.state, row.tries) for row in stage.rows()}
    stage.heal()
    stage.run(hours=2)
    assert {"sent"} == {row.state for row in stage.rows()}
    stage.settle(FAULT, NUMBER)


@pytest.mark.parametrize("name", ["x", "facebook"])
def test_a_limit_outlives_a_restart(stage, name, database_url):
    """Every few minutes a new process: none asks before the time."""
    delivery_id = stage.post(name)
    stage.sandbox.fault(name, "rate_limited", seconds=3600, minutes=60)
    stage.beat()
    for _ in range(11):
        stage.clock.move(minutes=5)
        stage.restart(database_url)
        stage.beat()
        stage.store.close()
    assert 1 == stage.writes(name)
    stage.restart(database_url)
    stage.heal()
    stage.run()
    stage.store.close()
    stage.store = stage.world.store

    assert ("sent", 2) == (stage.world.state(delivery_id), stage.writes(name))
    stage.settle(FAULT, NUMBER)


@pytest.mark.parametrize("name", ["x", "facebook"])
@pytest.mark.parametrize("headers", ["missing", "normal"])
def test_a_look_that_is_limited_waits_and_then_finds_it(stage, name, headers):
    """A doubt, and reading is limited for an hour: no quick looks, no second copy."""
    delivery_id = stage.post(name)
    stage.sandbox.fault(name, "cut_after")
    options = {"seconds": 3600, "minutes": 60} if headers == "normal" else {}
    stage.sandbox.fault(name, "rate_limited", count=None, on="read", headers=headers, **options)
    stage.run(hours=0.98)
    assert "unconfirmed" == stage.world.state(delivery_id)
    assert stage.looks(name) <= (1 if headers == "normal" else 4)
    stage.heal()
    stage.run()

    assert ("sent", 1) == (stage.world.state(delivery_id), stage.writes(name))
    stage.settle(FAULT, NUMBER)
