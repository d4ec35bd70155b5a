"""The reckoning of the simulated year: a copy, a loss, and an alarm too many are found."""

from datetime import timedelta

import pytest

from bench import soak_check
from bench.soak_troubles import LATE, NEEDS_YOU, TROUBLES, Trouble, killed, nothing
from bench.soak_year import DAY, START, Reading

DUE = START + timedelta(hours=8)
WANTED = {("Post 1", "x"): DUE, ("Post 1", "facebook"): DUE, ("An article", "x"): None}
OUT = [
    ("Post 1", "x", DUE),
    ("Post 1", "facebook", DUE + timedelta(seconds=2)),
    ("An article\n\nhttp://127.0.0.1/1", "x", DUE + DAY),
    ("Made by hand.", "x", DUE),
]
TROUBLE = Trouble("it fails", 10, 8, 2, nothing, nothing, (LATE, NEEDS_YOU))


def test_a_year_in_which_all_went_well():
    found = soak_check.outcome(WANTED, OUT)

    assert (3, (), ()) == (found.wanted, found.copies, found.lost)
    assert [0.0, 2.0] == sorted(found.late_seconds)


@pytest.mark.parametrize("n", range(3))
def test_a_copy_and_a_loss_are_each_found(n):
    assert 1 == len(soak_check.outcome(WANTED, [*OUT, OUT[n]]).copies)
    assert 1 == len(soak_check.outcome(WANTED, [*OUT[:n], *OUT[n + 1 :]]).lost)


def told(*titles):
    """An hour apart, from when the trouble began."""
    return [
        (TROUBLE.begins_at + n * timedelta(hours=1), f"Campaign bot: {title}")
        for n, title in enumerate(titles)
    ]


ONCE = (LATE, NEEDS_YOU, f"Over: {LATE}", f"Over: {NEEDS_YOU}")


@pytest.mark.parametrize(
    "titles", [ONCE, (f"{LATE}, {NEEDS_YOU}", f"Over: {LATE}, {NEEDS_YOU}")], ids=len
)
def test_a_trouble_told_once_with_its_end_is_right(titles):
    (found,), more = soak_check.alarms([TROUBLE], told(*titles))

    assert found.is_right
    assert [] == more


@pytest.mark.parametrize(
    "titles", [ONCE[:-1], ONCE[1:], (*ONCE, LATE), (*ONCE, f"Over: {LATE}"), ()], ids=str
)
def test_one_told_twice_or_not_at_all_or_without_its_end_is_wrong(titles):
    (found,), _ = soak_check.alarms([TROUBLE], told(*titles))

    assert not found.is_right


@pytest.mark.parametrize(
    ("titles", "is_right"),
    [((), True), ((NEEDS_YOU, f"Over: {NEEDS_YOU}"), True), ((NEEDS_YOU,), False)],
    ids=str,
)
def test_a_kill_may_lead_to_a_question_that_ends(titles, is_right):
    at = TROUBLE.begins_at
    (found,), more = soak_check.alarms([killed(at)], told(*titles))

    assert (is_right, []) == (found.is_right, more)


def test_what_belongs_to_no_trouble_is_said():
    early = (TROUBLE.begins_at - DAY, f"Campaign bot: {LATE}")
    (found,), more = soak_check.alarms([TROUBLE], [early, *told(*ONCE, "A backup failed")])

    assert found.is_right
    assert 2 == len(more)


def test_quarters_and_growth():
    readings = [Reading(START + n * DAY, n, n, 9, None) for n in range(40)]
    parts = soak_check.quarters(readings, 40)

    assert [10] * 4 == [len(part) for part in parts]
    assert 34.5 == soak_check.middle(parts[3], "mb")
    assert (5.0, 9.0) == soak_check.growth(
        [0] * 10 + [5 * n for n in range(20)] + [95 + 9 * n for n in range(11)]
    )


def test_no_two_troubles_of_the_year_share_their_alarms_within_their_time():
    """Else one could pass for the other."""
    ends = {}
    for one in sorted(TROUBLES, key=lambda one: one.begins_at):
        for head in one.alarms:
            assert one.begins_at > ends.get(head, START)
            ends[head] = one.ends_at + soak_check.AFTER
