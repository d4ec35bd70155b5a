"""The law of delivery: which state may become which."""

import itertools

import pytest

from bot.errors import NotAllowed
from bot.model.delivery import (
    EVIDENCE_LEADS_TO_SENT,
    TRANSITIONS,
    TROUBLE_HOLDS,
    Delivery,
    Hold,
    State,
)

# Written out once more, from design.md, so that a change of the table is a change of two places.
LEAVES_TO = {
    "waiting": {"sending", "held", "cancelled"},
    "held": {"waiting", "cancelled"},
    "sending": {"sent", "waiting", "held", "failed", "unconfirmed"},
    "unconfirmed": {"sent", "waiting", "held"},
    "sent": set(),
    "failed": {"waiting", "cancelled"},
    "cancelled": set(),
}


def delivery(state, holds=()):
    return Delivery(id=7, state=state, holds=frozenset(holds), reason="why")


def test_the_table_is_the_designs():
    """Not a state more, not an arrow more."""
    assert LEAVES_TO == {
        str(state): {str(to) for to in left} for state, left in TRANSITIONS.items()
    }
    assert set(State) == set(TRANSITIONS)


@pytest.mark.parametrize(("state", "to"), list(itertools.product(State, State)))
def test_every_move_is_allowed_or_refused_as_the_table_says(state, to):
    """All 49 pairs."""
    row = delivery(state.value)
    if to in LEAVES_TO[state]:
        row.move(to)
        assert to.value == row.state
    else:
        with pytest.raises(NotAllowed, match=f"7 is {state} and cannot become {to}"):
            row.move(to)
        assert state.value == row.state


def test_evidence_leads_to_sent_from_everywhere_but_cancelled():
    """Cancelled never revives, and sent is sent."""
    assert set(State) - {State.SENT, State.CANCELLED} == EVIDENCE_LEADS_TO_SENT


def test_several_holds_leave_only_when_all_are_cleared():
    """And the last one takes the reason with it."""
    row = delivery("waiting")
    row.hold(Hold.APPROVAL, Hold.FIRST_RUN, reason="because")
    row.hold(Hold.MISSED)
    assert ("held", {"approval", "first run", "missed"}, "because") == (
        row.state,
        row.holds,
        row.reason,
    )

    row.clear(Hold.APPROVAL, Hold.MISSED)
    assert ("held", {"first run"}) == (row.state, row.holds)
    row.clear(Hold.FIRST_RUN)
    assert ("waiting", frozenset(), None) == (row.state, row.holds, row.reason)


def test_clearing_a_hold_does_not_move_what_is_not_held():
    """A failed post stays failed."""
    row = delivery("failed")
    row.clear(Hold.APPROVAL)

    assert "failed" == row.state


@pytest.mark.parametrize("state", ["sent", "cancelled", "failed"])
def test_what_is_over_cannot_be_held(state):
    """There is nothing to hold."""
    with pytest.raises(NotAllowed):
        delivery(state).hold(Hold.PAUSED)


@pytest.mark.parametrize("hold", list(Hold))
def test_approvals_and_pauses_are_no_trouble_but_the_rest_is(hold):
    """Exit code 1 is for what somebody must look into."""
    ordinary = {"approval", "paused", "blackout", "first run", "alt text"}

    assert (hold.value not in ordinary) == delivery("held", {hold.value}).is_trouble
    assert (hold in TROUBLE_HOLDS) == (hold.value not in ordinary)


def test_unconfirmed_and_failed_are_trouble():
    """Waiting, sending, sent and cancelled are not."""
    troubled = {state.value for state in State if delivery(state.value).is_trouble}

    assert {"unconfirmed", "failed"} == troubled


def test_in_doubt_means_unconfirmed_or_held_for_it():
    """Being sent may be out too, but nobody doubts it yet."""
    doubted = {state.value for state in State if delivery(state.value).is_in_doubt}
    maybe_out = {state.value for state in State if delivery(state.value).may_be_out}

    assert {"unconfirmed"} == doubted
    assert {"unconfirmed", "sending"} == maybe_out
    assert delivery("held", {"in doubt"}).is_in_doubt
    assert not delivery("cancelled", {"in doubt"}).is_in_doubt
