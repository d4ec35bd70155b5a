"""Said no: a token revoked midway, duplicates with and without a doubt before, no credit left."""

from datetime import timedelta

import pytest
from faults.stage import TITLES
from world import LONDON

from bot.alerts import checks
from bot.decisions.resolve import Answer, resolve

BOTH = pytest.mark.parametrize("name", ["x", "facebook"])
REVOKED, DUPLICATE, NO_MONEY = 16, 18, 19
REVOCATIONS = [
    ("x", "dead_token", {}),
    ("x", "suspended", {}),
    ("x", "problem", {"type": "client-forbidden", "title": "Client Forbidden"}),
    ("facebook", "dead_token", {"subcode": 460}),
    ("facebook", "graph_error", {"code": 200, "subcode": 2069030, "status": 403}),
    ("facebook", "blocked", {"subcode": 4854002}),
]


def told(stage):
    """What `bot queue` says of accounts that cannot send."""
    return checks.parked(stage.world.store, stage.clock(), LONDON, TITLES)


@pytest.mark.parametrize(("name", "kind", "options"), REVOCATIONS)
def test_a_token_revoked_midway_stops_that_account_only_and_is_told_once(
    stage, name, kind, options
):
    """One is out, three wait, the other account goes on; connected again, all go out once."""
    other = "facebook" if name == "x" else "x"
    stage.world.limit(spacing=timedelta(0))
    stage.post(name)
    stage.run(hours=0.1)
    stage.sandbox.fault(name, kind, count=None, **options)
    for _ in range(3):
        stage.post(name)
        stage.post(other)
    stage.run(hours=1.5)

    rest = stage.platforms[stage.world.ids[name]].rules.park_for
    assert (1, 3) == (len(stage.entries(name)), len(stage.entries(other)))
    assert stage.writes(name) + stage.looks(name) <= 1 + timedelta(hours=1.5) / rest + 1
    waiting = [row for row in stage.rows() if row.state == "waiting"]
    assert [0] * 3 == [row.tries for row in waiting]
    found = told(stage)
    assert not found.ok
    assert 1 == found.says.count(f"{TITLES[name]} waits until")
    assert stage.world.account(name).park_reason in found.says
    assert TITLES[other] not in found.says

    stage.heal()
    stage.run(hours=2)
    assert told(stage).ok
    assert (4, 3) == (len(stage.entries(name)), len(stage.entries(other)))
    stage.settle("token revoked midway", REVOKED)


@BOTH
def test_a_token_that_stays_dead_leaves_every_post_with_a_person(stage, name):
    """Held as missed in the end, never dropped."""
    for _ in range(3):
        stage.post(name)
    stage.sandbox.fault(name, "dead_token", count=None)
    stage.run(hours=1)
    assert 3 == stage.tally().shown
    stage.run(hours=5)
    stage.heal()
    stage.run(hours=5)

    assert {"held"} == {row.state for row in stage.rows()}
    assert 3 == stage.settle("token revoked midway", REVOKED).shown


@BOTH
def test_a_duplicate_refusal_without_a_doubt_is_a_refusal_with_its_reason(stage, name):
    """A person has posted the very words by hand; which to keep is theirs to say."""
    stage.sandbox.post_by_hand(name, "The same words.")
    delivery_id = stage.post(name, "The same words.")
    stage.clock.move(minutes=5)
    stage.run()

    row = stage.world.row(delivery_id)
    assert ("failed", 1, 0) == (row.state, stage.writes(name), len(stage.entries()))
    assert "already there" in row.reason
    assert "change a word" in row.reason
    assert 1 == stage.settle("duplicate refusal", DUPLICATE).shown


@pytest.mark.parametrize(
    ("kind", "options"),
    [("duplicate", {}), ("blocked", {"subcode": 1404082}), ("graph_error", {"code": 1366051})],
)
def test_each_of_facebooks_ways_to_say_twice_is_one(stage, kind, options):
    """506, 368/1404082, and the same photos."""
    delivery_id = stage.post("facebook")
    stage.sandbox.fault("facebook", kind, **options)
    stage.run()

    assert ("failed", 1) == (stage.world.state(delivery_id), stage.writes("facebook"))
    assert 1 == stage.settle("duplicate refusal", DUPLICATE).shown


def test_on_x_a_duplicate_refusal_after_a_doubt_is_evidence_that_it_is_up(stage):
    """Accepted, the line cut, hidden for 20 minutes: sent again, refused, looked for, found."""
    delivery_id = stage.post("x")
    stage.sandbox.fault("x", "cut_after", hidden_seconds=1200)
    stage.run(hours=2)

    assert ["unknown", "refused"] == stage.world.outcomes(delivery_id)
    assert ("sent", 2, 1) == (
        stage.world.state(delivery_id),
        stage.writes("x"),
        len(stage.entries("x")),
    )
    stage.settle("duplicate refusal", DUPLICATE)


@pytest.mark.parametrize("subcode", [None, 1404082])
def test_on_facebook_a_506_after_a_doubt_is_evidence_that_it_is_up(stage, subcode):
    """A person did not see it and said: send now. Facebook says twice; the bot looks, and finds."""
    delivery_id = stage.post("facebook")
    stage.sandbox.fault("facebook", "cut_after", hidden_seconds=1200)
    stage.run(hours=0.3)
    assert "held" == stage.world.state(delivery_id)
    if subcode:
        stage.sandbox.fault("facebook", "blocked", subcode=subcode)
    resolve(stage.world.decider(), delivery_id, Answer.ABSENT_NOW)
    stage.run(hours=2)

    assert ["unknown", "refused"] == stage.world.outcomes(delivery_id)
    assert ("sent", 2, 1) == (
        stage.world.state(delivery_id),
        stage.writes("facebook"),
        len(stage.entries("facebook")),
    )
    stage.settle("duplicate refusal", DUPLICATE)


@BOTH
def test_a_duplicate_refusal_after_a_doubt_that_is_never_found_asks_a_person(stage, name):
    """Hidden for good: not failed, not sent again, but shown with the place to look at."""
    delivery_id = stage.post(name)
    stage.sandbox.fault(name, "cut_after", hidden_seconds=1e9)
    stage.run(hours=0.3)
    if name == "facebook":
        resolve(stage.world.decider(), delivery_id, Answer.ABSENT_NOW)
    stage.run(hours=5)

    assert ("held", 2, 1) == (
        stage.world.state(delivery_id),
        stage.writes(name),
        len(stage.entries(name)),
    )
    assert 1 == stage.settle("duplicate refusal", DUPLICATE).shown


@pytest.mark.parametrize(
    ("kind", "options", "words"),
    [
        ("credits_gone", {}, "Buy credit"),
        ("spending_limit", {}, "spending limit"),
        (
            "problem",
            {"status": 429, "type": "usage-capped", "detail": "Usage cap"},
            "Raise its cap",
        ),
        ("problem", {"status": 429, "detail": "hit its spending limit"}, "spending limit"),
    ],
)
def test_no_credit_stops_x_tells_how_to_buy_some_and_loses_nothing(stage, kind, options, words):
    """402, the spending limit as 403 and as 429, the cap of a month; Facebook goes on."""
    ids = [stage.post("x"), stage.post("x"), stage.post("facebook")]
    stage.sandbox.fault("x", kind, count=None, **options)
    stage.run(hours=1)

    assert ["waiting", "waiting", "sent"] == [stage.world.state(one) for one in ids]
    assert stage.writes("x") <= 5
    assert words in told(stage).says
    assert [0, 0] == [stage.world.row(one).tries for one in ids[:2]]
    stage.heal()
    stage.run(hours=1)
    assert ["sent"] * 3 == [stage.world.state(one) for one in ids]
    stage.settle("no credit left", NO_MONEY)


def test_credit_that_is_never_bought_leaves_the_post_with_a_person(stage):
    """Asked for every quarter of an hour, then held as missed."""
    stage.post("x")
    stage.sandbox.fault("x", "credits_gone", count=None)
    stage.run(hours=5)

    assert stage.writes("x") <= 14
    assert 1 == stage.settle("no credit left", NO_MONEY).shown
