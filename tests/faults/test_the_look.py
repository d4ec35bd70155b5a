"""The look at our own timeline: listed late, ranked, hidden, over many pages, among twins.

It reads as far as needed, and takes no older twin, no post of a person, and none that is another's.
"""

from datetime import timedelta

import pytest

BOTH = pytest.mark.parametrize("name", ["x", "facebook"])
LOST, CUT = 2, 3
LATE, NEVER = 600, 1e9
OTHER_APP = "6628568379"


@BOTH
@pytest.mark.parametrize("kind", ["cut_after", "error_after", "html_after", "empty_after"])
def test_a_post_that_is_listed_ten_minutes_late_is_found_and_sent_once(stage, name, kind):
    """Three looks do not see it, the fourth does."""
    delivery_id = stage.post(name)
    stage.sandbox.fault(name, kind, hidden_seconds=LATE)
    stage.run()

    assert ("sent", 1) == (stage.world.state(delivery_id), stage.writes(name))
    assert 900 == stage.settle("listed late", LOST).seconds


@BOTH
def test_a_list_in_an_order_of_its_own_is_read_to_its_end(stage, name):
    """Ours stands somewhere among 240 others of the same minutes, listed late and ranked."""
    for number in range(240):
        stage.sandbox.post_by_hand(name, f"Somebody's post number {number}.")
    delivery_id = stage.post(name)
    stage.sandbox.fault(name, "cut_after", hidden_seconds=LATE)
    stage.sandbox.fault(name, "out_of_order", count=None)
    stage.run()

    assert ("sent", 1) == (stage.world.state(delivery_id), stage.writes(name))
    assert 4 * 3 == stage.looks(name)
    stage.settle("listed late", LOST)


def test_what_facebook_hides_for_good_is_put_to_a_person_with_the_place_to_look(stage):
    """Four looks, and a person with the Page's address; never sent again by itself."""
    delivery_id = stage.post("facebook")
    stage.sandbox.fault("facebook", "cut_after", hidden_seconds=NEVER)
    stage.sandbox.fault("facebook", "out_of_order", count=None)
    stage.run(hours=24)

    assert ("held", 1) == (stage.world.state(delivery_id), stage.writes("facebook"))
    assert 4 == stage.looks("facebook")
    assert 1 == stage.settle("hidden for good", LOST).shown


def test_what_x_hides_for_good_is_refused_as_a_duplicate_and_put_to_a_person(stage):
    """X itself refuses the second copy, which is evidence that the first is up."""
    delivery_id = stage.post("x")
    stage.sandbox.fault("x", "cut_after", hidden_seconds=NEVER)
    stage.run(hours=24)

    assert ("held", 2) == (stage.world.state(delivery_id), stage.writes("x"))
    assert ["unknown", "refused"] == stage.world.outcomes(delivery_id)
    assert 1 == stage.settle("hidden for good", LOST).shown


@BOTH
@pytest.mark.parametrize("kind", ["html_before", "cut_at", "empty_after", "wrong_types", "garbled"])
def test_a_list_that_is_cut_or_wrong_is_not_an_empty_one(stage, name, kind):
    """On X an empty one, four times, would lead to a second copy."""
    delivery_id = stage.post(name)
    stage.sandbox.fault(name, "cut_after")
    stage.sandbox.fault(name, kind, count=None, on="read")
    stage.run(hours=3)
    row = stage.world.row(delivery_id)
    assert ("unconfirmed", 1, 0) == (row.state, stage.writes(name), row.readable_looks)
    assert 1 == stage.tally().shown
    assert stage.looks(name) <= 4 * 3 + 3

    stage.heal()
    stage.run()
    assert ("sent", 1) == (stage.world.state(delivery_id), stage.writes(name))
    stage.settle("timeline unreadable", LOST)


@BOTH
def test_an_older_twin_is_not_taken_for_ours(stage, name):
    """The same words went out by hand five minutes before; the platform does not mind them."""
    stage.sandbox.switches.duplicate_seconds = 0.0
    twin = stage.sandbox.post_by_hand(name, "The same words.")
    stage.clock.move(minutes=5)
    delivery_id = stage.post(name, "The same words.")
    stage.sandbox.fault(name, "cut_before")
    stage.run()
    stage.sandbox.switches.duplicate_seconds = 86_400.0

    ours = {part.remote_id for part in stage.world.parts(delivery_id)}
    assert twin.remote_id not in ours
    assert ("sent" if name == "x" else "held") == stage.world.state(delivery_id)
    stage.settle("older twin", CUT)


def test_a_post_that_another_app_made_is_not_taken_for_ours(stage):
    """Within the very minute, with the very words: Facebook says which app made it."""
    delivery_id = stage.post("facebook", "The same words.")
    stage.sandbox.fault("facebook", "cut_before")
    stage.beat()
    stage.sandbox.post_by_hand("facebook", "The same words.", app_id=OTHER_APP)
    stage.run()

    assert "held" == stage.world.state(delivery_id)
    assert 1 == stage.settle("a person's twin", CUT).shown


def test_a_post_of_ours_is_not_taken_for_another_one_of_ours(stage):
    """Two posts of the same words, both cut off, one accepted: it is found for one only."""
    stage.sandbox.switches.duplicate_seconds = 0.0
    stage.world.limit(spacing=timedelta(0))
    ids = [stage.post("x", "The same words.", again=True) for _ in range(2)]
    stage.sandbox.fault("x", "cut_after")
    stage.sandbox.fault("x", "cut_before")
    stage.run(hours=2)
    stage.sandbox.switches.duplicate_seconds = 86_400.0

    ours = [stage.world.parts(one)[0].remote_id for one in ids]
    assert {entry.remote_id for entry in stage.entries("x")} == set(ours)
    assert 2 == len(set(ours))


@BOTH
def test_words_that_a_platform_alters_are_known_again(stage, name):
    """Shortened links, escaped characters, composed letters, white space at the ends of lines."""
    body = (
        "Se\u0301bastien & <friends>: \u201cno\u201d &amp; yes\u2026  \n\n"
        "https://www.example.org/b\u00fccher?a=1&b=2#c and example.org/plain.  \n@someone #tag"
    )
    delivery_id = stage.post(name, body)
    stage.sandbox.fault(name, "cut_after")
    stage.run()

    assert ("sent", 1) == (stage.world.state(delivery_id), stage.writes(name))
    stage.settle("altered words", LOST)
