"""Where the imprint stands when it is not in the post: looked for, remembered, relied on."""

from datetime import timedelta
from typing import Any

import pytest

from bot.accounts import health
from bot.accounts.imprint import Expected, places_showing
from bot.accounts.questions import QUESTIONS, accepted, proposed_mode, still_open
from bot.errors import UsageError
from bot.platforms.contract import Health

LINE = "Promoted by LFPLA, PO Box 1, London."
SHOWN = Expected(LINE, lambda: "")


def profile(bio: str, pinned: str = "") -> Health:
    return Health(ok=True, bio=bio, pinned=pinned)


@pytest.mark.parametrize(
    ("bio", "pinned", "page", "found"),
    [
        (LINE, "", "", {"profile"}),
        ("We care. promoted by  LFPLA; PO Box 1 London", "", "", {"profile"}),
        ("Promoted by LFPLA, PO Box 2, London.", "", "", set()),
        ("", f"Welcome.\n{LINE}", f"<p>{LINE}", {"pinned", "link"}),
        ("", "", "", set()),
    ],
)
def test_the_line_is_found_however_it_is_spaced(bio, pinned, page, found) -> None:
    """Another address is another imprint."""
    assert found == places_showing(LINE, profile(bio, pinned), page)


def test_without_a_line_nothing_shows_it() -> None:
    """An empty text stands in every text."""
    assert frozenset() == places_showing("", profile("anything"))


def relying(world: Any, place: str = "profile") -> int:
    """A post that waits and whose imprint stands elsewhere."""
    delivery_id = int(world.queue())
    world.change(delivery_id, imprint=LINE, imprint_place=place)
    return delivery_id


def test_a_post_waits_until_its_imprint_was_seen_where_it_should_stand(world: Any) -> None:
    """Not seen: held. Seen: it waits again by itself, and goes."""
    delivery_id = relying(world)
    world.send_due()
    assert ("held", {"imprint"}) == (world.state(delivery_id), set(world.row(delivery_id).holds))
    assert "profile" in world.row(delivery_id).reason

    world.x.health_now = profile("no line here")
    health.check(world.store, world.clock, "x", world.x, SHOWN)
    assert "held" == world.state(delivery_id)
    world.x.health_now = profile(LINE)
    health.check(world.store, world.clock, "x", world.x, SHOWN)
    world.send_due()
    assert "sent" == world.state(delivery_id)


def test_having_seen_it_yesterday_is_not_enough(world: Any) -> None:
    """Somebody may have changed the profile since."""
    world.x.health_now = profile(LINE)
    health.check(world.store, world.clock, "x", world.x, SHOWN)
    world.clock.move(hours=27)
    delivery_id = relying(world)
    world.send_due()

    assert "held" == world.state(delivery_id)


def test_only_accounts_that_rely_on_it_are_looked_at_and_once_a_day(world: Any) -> None:
    """A look costs money."""
    platforms = world.by_name
    world.x.health_now = world.facebook.health_now = profile(LINE)
    assert 0 == health.check_due(world.store, world.clock, platforms, SHOWN)
    relying(world)
    assert 1 == health.check_due(world.store, world.clock, platforms, SHOWN)
    world.clock.move(hours=19)
    assert 0 == health.check_due(world.store, world.clock, platforms, SHOWN)
    world.clock.move(hours=2)
    assert 1 == health.check_due(world.store, world.clock, platforms, SHOWN)


def test_a_look_that_failed_is_made_again_soon(world: Any) -> None:
    """A quarter of an hour, not a day."""
    relying(world)
    world.x.health_now = Health(ok=False, problem="no line")
    for minutes, looks in ((0, 1), (10, 0), (10, 1)):
        world.clock.move(minutes=minutes)
        assert looks == health.check_due(world.store, world.clock, world.by_name, SHOWN)


@pytest.mark.parametrize(
    ("answers", "mode"),
    [
        ({}, "always"),
        ({"registered": "no", "on-behalf": "no", "boost": "no", "devolved": "no"}, "election"),
        ({"registered": "no", "on-behalf": "unsure", "boost": "no", "devolved": "no"}, "always"),
        ({"registered": "no", "on-behalf": "no", "boost": "yes", "devolved": "no"}, "always"),
    ],
)
def test_the_answers_propose_a_mode_and_doubt_means_always(answers, mode) -> None:
    """The careful side."""
    assert mode == proposed_mode(answers)[0]


def test_every_question_is_open_until_it_is_answered_as_it_takes() -> None:
    """Free words are kept on one line; a choice is one of those offered."""
    assert list(QUESTIONS) == still_open({})
    assert "yes" == accepted("boost", " Yes ")
    assert "the chair and a deputy" == accepted("stop-switch", "the chair\nand a deputy")
    for key, said in (("boost", "maybe"), ("contact", "  "), ("contact", "x" * 1001)):
        with pytest.raises(UsageError):
            accepted(key, said)
    assert timedelta(hours=20) == health.CHECK_EVERY
