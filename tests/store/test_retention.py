"""What is kept for how long: what goes, what stays, and that no figure changes by it."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, func, select

from bot.model.account import Connecting, Pause
from bot.model.delivery import Decision, Part
from bot.model.engagement import COUNTS, PaidReading, Snapshot, Tally
from bot.model.person import Manuscript, Person, SignIn
from bot.model.post import Media, Post
from bot.model.review import Review
from bot.model.stranger import Stranger
from bot.model.written import Rendition
from bot.store import decisions, engagement, media, retention, tallies

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
YEARS_AGO = datetime(2023, 3, 1, 12, tzinfo=UTC)


@pytest.fixture(params=["sqlite", "postgresql"])
def engine_name(request):
    """Deleting is SQL, and differs."""
    return request.param


def purge(world, *, dry_run=False):
    went = retention.purge(world.store, world.clock(), dry_run=dry_run)
    return {name: rows for name, rows in went.items() if rows}


def add(world, *rows):
    with world.store.write() as session:
        session.add_all(rows)


def left(world, table):
    with world.store.read() as session:
        return session.scalar(select(func.count()).select_from(table))


def sent_long_ago(world, at=YEARS_AGO):
    delivery_id = world.queue()
    world.send_due()
    world.change(delivery_id, sent_at=at, next_count_at=None)
    with world.store.write() as session:
        part = session.scalars(select(Part).where(Part.delivery_id == delivery_id)).one()
        part.sent_at = at
        return delivery_id, part.id


readings = st.lists(
    st.tuples(
        # Hours: many near a day and a week, and some years later.
        st.integers(min_value=15, max_value=33)
        | st.integers(min_value=140, max_value=200)
        | st.integers(min_value=0, max_value=1300 * 24),
        st.none() | st.integers(min_value=0, max_value=9),
        st.none() | st.integers(min_value=0, max_value=9),
    ),
    max_size=25,
    unique_by=lambda one: one[0],
)


@settings(max_examples=25)
@given(readings)
def test_no_figure_of_a_post_changes(world, found):
    """Newest counts, the points beside a day and a week, and a point for every month there was."""
    with world.store.write() as session:
        session.execute(delete(Snapshot))
        sent = session.scalars(select(Part)).first()
    delivery_id, part_id = sent_long_ago(world) if sent is None else (sent.delivery_id, sent.id)
    add(
        world,
        *(
            Snapshot(part_id=part_id, taken_at=YEARS_AGO + hours * HOUR, views=views, likes=likes)
            for hours, views, likes in found
        ),
    )
    before = _figures(world, delivery_id)
    expected = purge(world, dry_run=True)
    assert expected == purge(world)
    assert {} == purge(world)
    assert before == _figures(world, delivery_id)
    recent = world.clock() - retention.POINTS_FOR
    with world.store.read() as session:
        kept = list(session.scalars(select(Snapshot.taken_at)))
    assert {at for at in kept if at >= recent} == {
        at for hours, _, _ in found if (at := YEARS_AGO + hours * HOUR) >= recent
    }


def _figures(world, delivery_id):
    """What figures rest on, made anew from the Snapshots that are there."""
    with world.store.write() as session:
        points = [one for _, one in engagement.history(session, [delivery_id])]
        tallies.anew(session, {one.part_id for one in points})
        session.flush()
        told = [
            [getattr(one, name) for name in ("age_hours", "taken_at", *COUNTS)]
            for one in session.scalars(select(Tally).order_by(Tally.age_hours))
        ]
    return told, {(one.taken_at.year, one.taken_at.month) for one in points}


def test_old_points_go_but_for_one_a_month(world):
    """Of a point a day for a month, long ago."""
    _, part_id = sent_long_ago(world)
    begin = datetime(2023, 5, 1, tzinfo=UTC)
    add(
        world,
        *(Snapshot(part_id=part_id, taken_at=begin + n * DAY, views=n) for n in range(31)),
    )

    # The first is the one next to a day and a week, the last the newest and the month's.
    assert {"counts": 29} == purge(world)


def test_old_decisions_go_but_not_what_still_counts(world):
    """What keeps a post from coming back, approvals of six years, and what is still open."""
    over, _ = sent_long_ago(world)
    open_ = world.queue(at=datetime(2026, 12, 24, 12))
    old = world.clock() - 740 * DAY
    verbs = ("hold", "approve", "take down", "resume")
    with world.store.write() as session:
        for delivery_id in (over, open_):
            for verb in verbs:
                decisions.record(
                    session, made_at=old, actor="ana", verb=verb, delivery_id=delivery_id
                )
        decisions.record(
            session,
            made_at=world.clock() - 2300 * DAY,
            actor="ana",
            verb="approve",
            delivery_id=over,
        )
        decisions.record(session, made_at=world.clock(), actor="ana", verb="hold", delivery_id=over)

    assert {"decisions": 2} == purge(world)
    with world.store.read() as session:
        kept = list(session.scalars(select(Decision.verb).where(Decision.delivery_id == over)))
    assert sorted(kept) == ["approve", "hold", "resume", "take down"]
    assert left(world, Decision) == 4 + 4


def test_what_is_over_goes(world):
    """Sign-ins, unfinished connections, words of old readings, what was paid for."""
    now, account_id = world.clock(), world.ids["x"]
    person = Person(email="a@example.org", name="A", role="volunteer", created_at=now)
    person.fs_uniquifier, person.active = "u", True
    add(world, person)
    for n, age in enumerate((1, 100)):
        at = now - age * DAY
        add(
            world,
            SignIn(
                person_id=person.id, secret_digest=str(n), device="d", started_at=at, seen_at=at
            ),
            Connecting(
                account_id=account_id, state_digest=str(n), session_digest="s", kept=b"", ends_at=at
            ),
            Stranger(
                account_id=account_id,
                remote_id=str(n),
                url="u",
                text="t",
                published_at=at,
                seen_at=at,
            ),
            PaidReading(account_id=account_id, remote_id=str(n), day=at.date(), amount_micros=1000),
        )
    over = {"sign-ins": 1, "half sign-ins": 1, "readings": 1, "paid readings": 1}
    assert over == purge(world, dry_run=True) == purge(world)
    assert {} == purge(world)
    assert [1, 1, 1, 1] == [left(world, one) for one in (SignIn, Connecting, Stranger, PaidReading)]


def picture(digest):
    return Rendition(sha256=digest, mime_type="image/png", size_bytes=1, content=b"x")


def test_only_pictures_that_nothing_shows_go(world):
    """One of a sent post, of a draft, of a post's other wording, and one that is just uploaded."""
    old = world.clock() - 20 * DAY
    delivery_id = world.queue()
    person = Person(email="a@example.org", name="A", role="volunteer", created_at=old)
    person.fs_uniquifier, person.active = "u", True
    add(world, person)
    with world.store.write() as session:
        for digest in ("part", "written", "draft", "nobody's", "again"):
            media.keep(session, picture(digest), old)
        media.keep(session, picture("new"), world.clock())
        session.scalars(select(Part)).one().images = [{"sha256": "part", "alt": ""}]
        post = session.scalars(select(Post)).one()
        post.written = {**post.written, "media": [{"renditions": {"x": {"sha256": "written"}}}]}
        session.add(
            Manuscript(
                key="k",
                person_id=person.id,
                form={},
                media=[{"renditions": {"x": {"sha256": "draft"}}}],
                created_at=old,
                saved_at=old,
            )
        )
        # Somebody is about to use it once more.
        media.keep(session, picture("again"), world.clock())

    assert {"pictures": 1} == purge(world)
    with world.store.read() as session:
        kept = set(session.scalars(select(Media.sha256)))
    assert {"part", "written", "draft", "again", "new"} == kept
    assert "waiting" == world.state(delivery_id)


def test_every_rule_has_its_own_name_and_says_what_and_why():
    """People read them."""
    assert len(retention.RULES) == len({rule.name for rule in retention.RULES})
    assert all(rule.says and rule.why for rule in retention.RULES)


def test_words_that_people_write_freely_age_out_and_what_they_did_stays(world):
    """Notes with the counts, reasons with the record; a mark, a pause and an approval stay."""
    delivery_id, _ = sent_long_ago(world)
    now = world.clock()
    ages = {"old": 800 * DAY, "new": 10 * DAY}
    with world.store.write() as session:
        for said, age in ages.items():
            at = now - age
            session.add(Pause(reason=said, actor="a", started_at=at, ended_at=at, ended_by="a"))
            for verb in ("resume", "review"):
                decisions.record(session, made_at=at, actor="a", verb=verb, reason=said)
        session.add(Pause(reason="still on", actor="a", started_at=now - ages["old"]))
        noted = now - 400 * DAY
        session.add(Review(delivery_id=delivery_id, note="Ana?", reviewed_at=noted, actor="a"))

    assert {"notes": 1, "decisions": 1, "reasons": 2} == purge(world)
    assert {} == purge(world)
    with world.store.read() as session:
        assert [("", "a")] == session.execute(select(Review.note, Review.actor)).all()
        assert ["", "new", "still on"] == sorted(session.scalars(select(Pause.reason)))
        assert ["", "new", "new"] == sorted(
            one.reason for one in session.scalars(select(Decision).where(Decision.actor == "a"))
        )
