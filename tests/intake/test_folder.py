"""The posts folder: new files, edits, moves, deletions, and what looks like a fault."""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.decisions.approve import approve
from bot.delivery import behind
from bot.errors import PostInvalid
from bot.formatting.imprint import Imprint
from bot.intake import folder as room
from bot.intake.folder import Folder, mistake_in
from bot.intake.refresh import Refresher
from bot.model.delivery import Part
from bot.store import posts, quarantine

OLD = datetime(2026, 1, 1, tzinfo=UTC).timestamp()


class Place:
    """A posts folder whose files are old enough to be read."""

    def __init__(self, world, root):
        self.world, self.root = world, root
        root.mkdir()

    @property
    def folder(self):
        return Folder(self.root, self.world.store, self.world.admission, "cli:ana")

    def write(self, name, text, front="to: x"):
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        content = text if isinstance(text, bytes) else f"---\n{front}\n---\n{text}\n".encode()
        path.write_bytes(content)
        os.utime(path, (OLD, OLD))
        return path

    def read(self, **options):
        return self.folder.read(**options)

    def rows(self):
        return self.world.all_rows()

    def states(self):
        return [row.state for row in self.rows()]

    def quarantined(self):
        with self.world.store.read() as session:
            return {row.key: (row.line, row.reason) for row in quarantine.all_of(session)}

    def words(self):
        return [self.world.parts(row.id)[0].text for row in self.rows()]


@pytest.fixture
def place(world, tmp_path):
    return Place(world, tmp_path / "posts")


def test_each_file_becomes_one_post_once(place):
    """However often the folder is read."""
    place.write("a.md", "One.")
    place.write("march/b.md", "Two.", "to: [x, facebook]")
    first, second = place.read(), place.read()

    assert ["a.md", "march/b.md"] == [admitted.post.key for admitted in first.new]
    assert not second.changed
    assert ["waiting"] * 3 == place.states()


def test_what_is_not_a_post_is_passed_over(place):
    """By name and by folder."""
    for name in ("README.md", ".hidden.md", "_draft.md", "examples/a.md", "media/a.md",
                 "templates/a.md", ".git/a.md", "feeds.toml", "timetable.toml"):  # fmt: skip
        place.write(name, "Not a post.")

    assert not place.read().changed
    assert {} == place.quarantined()


def test_a_file_still_being_written_waits_for_the_next_reading(place):
    """Younger than two seconds."""
    path = place.write("a.md", "One.")
    now = place.world.clock().timestamp()
    os.utime(path, (now - 1.9, now - 1.9))
    assert (1, []) == (place.read().unsettled, place.rows())
    os.utime(path, (now - 2, now - 2))
    place.read()

    assert ["waiting"] == place.states()


def test_everything_can_be_read_at_once_and_a_file_from_the_future_too(place):
    """A clock that was set back is no reason to wait."""
    path = place.write("a.md", "One.")
    now = place.world.clock().timestamp()
    os.utime(path, (now, now))
    place.read(everything=True)
    os.utime(place.write("b.md", "Two."), (now + 60, now + 60))
    place.read()

    assert 2 == len(place.rows())


@pytest.mark.parametrize(
    ("name", "content", "line", "words"),
    [
        ("a.md", b"---\ncampain: x\n---\nText", 2, "Did you mean campaign"),
        ("a.md", b"One\nBogot\xe1", 2, "UTF-8"),
        ("a.md", b"", 1, "The file is empty"),
        ("a.md", b"---\nto: twitter\n---\nText", None, "no account named twitter"),
        ("a.md", b"---\nat: 2026-12-01 08:00\n---\nText", None, "has passed"),
        ("a.md", b"a" * 10_000_000, None, "10,000,000 bytes"),
        ("a.txt", b"Text", None, "Only .md, .csv"),
        ("a", b"Text", None, "plain file"),
    ],
)
def test_a_file_that_cannot_become_a_post_is_quarantined_and_the_rest_goes_on(
    place, name, content, line, words
):
    """With its line and reason; told once, and gone when put right or taken away."""
    path = place.write(name, content)
    place.write("z.md", "Fine.")
    first, second = place.read(), place.read()

    assert [(name, line)] == [(key, at) for key, at, _ in first.quarantined]
    assert words in place.quarantined()[name][1]
    assert [] == second.quarantined
    assert ["waiting"] == place.states()
    path.unlink()
    place.read()
    assert {} == place.quarantined()


def test_a_mistake_put_right_becomes_a_post(place):
    """And leaves the quarantine."""
    place.write("a.md", "Text", "campain: x\nto: x")
    place.read()
    place.write("a.md", "Text")
    place.read()

    assert {} == place.quarantined()
    assert ["waiting"] == place.states()


def test_links_out_of_the_folder_in_circles_and_to_devices_are_refused(place, tmp_path):
    """Nothing outside is ever read."""
    (tmp_path / "secret.md").write_text("s3cret")
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "b.md").write_text("s3cret")
    (place.root / "out.md").symlink_to(tmp_path / "secret.md")
    (place.root / "folder").symlink_to(tmp_path / "elsewhere")
    (place.root / "circle.md").symlink_to(place.root / "circle.md")
    (place.root / "nothing.md").symlink_to(place.root / "missing.md")
    os.mkfifo(place.root / "pipe.md")
    place.read(everything=True)

    assert {"out.md", "circle.md", "nothing.md", "pipe.md"} == set(place.quarantined())
    assert [] == place.rows()


def test_odd_names_are_quarantined_not_fatal(place):
    """A name that is not UTF-8, and one that is too long."""
    try:
        with open(os.fsencode(place.root) + b"/bogot\xe1.md", "wb") as file:
            file.write(b"Text")
    except OSError:
        pytest.skip("this disk takes no such names")
    deep = "/".join(["a" * 100] * 6)
    place.write(f"{deep}/b.md", "Text")
    place.write("z.md", "Fine.")
    place.read(everything=True)

    assert ["bogot?.md", deep[:100]] == sorted(key[:100] for key in place.quarantined())[::-1]
    assert ["waiting"] == place.states()


def test_an_edit_before_it_is_sent_is_rendered_again_and_keeps_its_slot(place):
    """Same post, same time, new words."""
    place.write("a.md", "One.")
    place.read()
    place.world.planner.plan_due()
    slot = place.rows()[0].slot_start
    place.write("a.md", "Two.")
    reading = place.read()

    assert 1 == len(reading.edited)
    assert (["Two."], slot) == (place.words(), place.rows()[0].slot_start)
    assert not place.read().changed


def test_an_edit_of_the_time_gives_a_new_time(place):
    """And lifts what was missed."""
    place.write("a.md", "One.", "to: x\nat: 2026-12-03 10:00")
    place.read()
    place.world.clock.now = datetime(2026, 12, 4, 12, tzinfo=UTC)
    place.world.send_due()
    assert {"missed"} == place.rows()[0].holds
    place.write("a.md", "One.", "to: x\nat: 2026-12-05 10:00")
    place.read()

    row = place.rows()[0]
    assert ("waiting", datetime(2026, 12, 5, 10, tzinfo=UTC)) == (row.state, row.due_at)


def test_an_edit_after_it_was_sent_is_reported_and_not_resent(place):
    """Once."""
    place.write("a.md", "One.", "to: x\nat: now")
    place.read()
    place.world.planner.plan_due()
    place.world.send_due()
    place.write("a.md", "Two.", "to: x\nat: now")
    reading = place.read()

    assert "was not published" in reading.edited[0].notes[0]
    assert ["sent"] == place.states()
    assert ["One."] == place.world.x.texts()
    assert not place.read().changed


@pytest.mark.parametrize("state", ["sending", "unconfirmed", "held"])
def test_an_edit_while_it_may_be_out_waits_until_that_is_clear(place, state):
    """The words in doubt stay as they were sent; the edit is not forgotten."""
    place.write("a.md", "One.")
    place.read()
    row = place.rows()[0]
    place.world.change(
        row.id, state=state, holds=frozenset({"in doubt"} if state == "held" else ())
    )
    place.write("a.md", "Two.")
    place.read()
    assert ["One."] == place.words()
    place.world.change(row.id, state="waiting", holds=frozenset())
    place.read()

    assert ["Two."] == place.words()
    assert not place.read().changed


def test_a_good_file_edited_into_a_bad_one_is_held_until_it_is_put_right(place):
    """Nothing of it goes out meanwhile."""
    place.write("a.md", "One.")
    place.read()
    place.write("a.md", "One.", "to: x\nat: whenever")
    place.read()
    row = place.rows()[0]
    assert ("held", {"file gone"}) == (row.state, row.holds)
    assert "mistake" in row.reason
    place.write("a.md", "One.")
    place.read()

    assert ["waiting"] == place.states()
    assert {} == place.quarantined()


def test_a_bad_file_that_is_then_deleted_cancels_its_post(place):
    """It was known why it was held."""
    path = place.write("a.md", "One.")
    place.read()
    place.write("a.md", "One.", "to: x\nat: whenever")
    place.read()
    path.unlink()
    place.read()

    assert ["cancelled"] == place.states()


def test_an_edit_too_long_for_one_account_holds_its_old_words_there(place):
    """The other account gets the new ones."""
    place.write("a.md", "One.", "to: [x, facebook]")
    place.read()
    place.write("a.md", "One. " * 70, "to: [x, facebook]")
    for _ in range(2):
        place.read()
    x, facebook = place.rows()
    assert ("held", {"file gone"}, "waiting") == (x.state, x.holds, facebook.state)
    assert "too many" in place.quarantined()["a.md"][1]
    place.write("a.md", "Short.", "to: [x, facebook]")
    place.read()

    assert ["waiting", "waiting"] == place.states()
    assert ["Short.", "Short."] == place.words()
    assert {} == place.quarantined()


def test_a_new_file_too_long_for_one_account_goes_to_the_other_alone(place):
    """And its author is told, whatever else was edited in the same reading."""
    place.write("a.md", "One.")
    place.read()
    place.write("a.md", "One more.")
    place.write("b.md", "Two. " * 70, "to: [x, facebook]")
    place.read()

    assert ["b.md"] == list(place.quarantined())
    said = place.quarantined()["b.md"][1]
    assert said.startswith("Not queued for X: ")
    assert said.endswith(" It goes out on Facebook.")
    assert ["x", "facebook"] == [
        name
        for row in place.rows()
        for name, key in place.world.ids.items()
        if key == row.account_id
    ]


def test_an_account_taken_out_of_a_file_is_cancelled_and_one_put_in_is_added(place):
    """Unless it may be out."""
    place.write("a.md", "One.", "to: [x, facebook]")
    place.read()
    place.write("a.md", "One.", "to: facebook")
    place.read()
    assert ["cancelled", "waiting"] == place.states()

    place.write("b.md", "Two.", "to: facebook")
    place.read()
    place.world.change(place.rows()[2].id, state="held", holds=frozenset({"in doubt"}))
    place.write("b.md", "Two.", "to: x")
    place.read()
    assert ["cancelled", "waiting", "held", "waiting"] == place.states()


def test_a_changed_text_loses_its_approval_and_a_changed_time_keeps_it(place):
    """What was approved is what goes out."""
    place.world.change_account(approval="volunteers")
    place.write("a.md", "One.")
    place.read()
    assert {"approval"} == place.rows()[0].holds
    approve(place.world.decider(), str(place.rows()[0].id))
    place.write("a.md", "One.", "to: x\nat: 2026-12-05 10:00")
    place.read()
    assert "waiting" == place.rows()[0].state
    place.write("a.md", "Two.", "to: x\nat: 2026-12-05 10:00")
    place.read()

    row = place.rows()[0]
    assert ("held", {"approval"}, None) == (row.state, row.holds, row.approved_digest)


def test_an_edited_failed_post_that_was_approved_needs_approval_again(place):
    """It stays failed until somebody tries it again."""
    from bot.decisions.retry import retry

    place.world.change_account(approval="volunteers")
    place.write("a.md", "One.")
    place.read()
    delivery_id = place.rows()[0].id
    approve(place.world.decider(), str(delivery_id))
    place.world.change(delivery_id, state="failed")
    place.write("a.md", "Two.")
    reading = place.read()
    assert "bot retry" in reading.edited[0].notes[0]
    assert ["failed"] == place.states()
    retry(place.world.decider(), str(delivery_id))
    place.world.planner.plan_due()
    place.world.send_due()

    assert {"approval"} == place.rows()[0].holds


def test_a_deleted_file_cancels_its_post_with_a_row_in_the_record(place):
    """What is out stays out."""
    path = place.write("a.md", "One.")
    sent = place.write("b.md", "Two.")
    place.read()
    place.world.change(place.rows()[1].id, state="sent")
    path.unlink()
    sent.unlink()
    reading = place.read()

    assert (["a.md"], ["cancelled", "sent"]) == (reading.cancelled, place.states())
    assert not place.read().changed


def test_a_deleted_file_does_not_cancel_what_may_be_out(place):
    """A person answers that."""
    path = place.write("a.md", "One.")
    place.read()
    place.world.change(place.rows()[0].id, state="held", holds=frozenset({"in doubt"}))
    path.unlink()
    reading = place.read()

    assert ([], ["held"]) == (reading.cancelled, place.states())


def test_a_deleted_file_put_back_is_not_revived_but_said(place):
    """Cancelled never revives; under another name it is a new post."""
    path = place.write("a.md", "One.")
    place.read()
    path.unlink()
    place.read()
    place.write("a.md", "One.")
    assert 1 == len(place.read().quarantined)
    assert "another name" in place.quarantined()["a.md"][1]
    assert ["cancelled"] == place.states()

    path.rename(place.root / "b.md")
    place.read()
    assert ["cancelled", "waiting"] == place.states()
    assert {} == place.quarantined()


def test_a_moved_file_is_the_same_post_waiting_or_sent(place):
    """By its content, when the old path has vanished."""
    one, two = place.write("a.md", "One."), place.write("b.md", "Two.")
    place.read()
    place.world.change(place.rows()[1].id, state="sent")
    (place.root / "new").mkdir()
    one.rename(place.root / "new" / "one.md")
    two.rename(place.root / "new" / "two.md")
    reading = place.read()

    assert ["a.md → new/one.md", "b.md → new/two.md"] == reading.moved
    assert ["waiting", "sent"] == place.states()
    assert not place.read().changed
    with place.world.store.read() as session:
        assert posts.by_key(session, "folder", "new/one.md") is not None


def test_a_copied_file_is_the_same_words_twice_and_refused(place):
    """The old path is still there."""
    place.write("a.md", "One.")
    place.read()
    place.write("b.md", "One.")
    place.read()

    assert "Same as P1" in place.quarantined()["b.md"][1]


@pytest.mark.parametrize(("files", "lost", "cancels"), [(9, 3, True), (8, 3, False), (2, 2, True)])
def test_losing_over_a_third_and_three_at_once_cancels_nothing(place, files, lost, cancels):
    """It looks like a fault; fewer look like a decision."""
    paths = [place.write(f"{n}.md", f"Post {n}.") for n in range(files)]
    place.read()
    for path in paths[:lost]:
        path.unlink()
    reading = place.read()

    gone = [row.state for row in place.rows()[:lost]]
    assert ["cancelled" if cancels else "held"] * lost == gone
    assert cancels == (not reading.alarm)


def test_files_put_back_after_a_mass_loss_wait_again_and_the_rest_stays_held(place):
    """One by one; what is still missing is for a person."""
    paths = [place.write(f"{n}.md", f"Post {n}.") for n in range(5)]
    place.read()
    for path in paths[:4]:
        path.unlink()
    place.read()
    assert ["held"] * 4 + ["waiting"] == place.states()
    for n in range(3):
        place.write(f"{n}.md", f"Post {n}.")
    place.read()
    place.read()

    assert ["waiting"] * 3 + ["held", "waiting"] == place.states()


def test_a_folder_that_is_missing_or_closed_holds_everything_and_comes_back(place):
    """Nothing is cancelled."""
    place.write("a.md", "One.")
    place.read()
    place.root.rename(place.root.parent / "away")
    reading = place.read()
    assert "missing" in reading.alarm
    assert ["held"] == place.states()
    (place.root.parent / "away").rename(place.root)
    place.read()

    assert ["waiting"] == place.states()


def test_a_folder_within_that_cannot_be_read_holds_what_was_in_it(place, monkeypatch):
    """Fewer than three files, all the same."""
    place.write("sub/a.md", "One.")
    place.read()
    real = os.scandir

    def closed(path):
        if str(path).endswith("sub"):
            raise PermissionError(13, "closed", str(path))
        return real(path)

    monkeypatch.setattr(os, "scandir", closed)
    reading = place.read()

    assert "cannot be read" in reading.alarm
    assert ["held"] == place.states()


def test_too_many_files_cancel_nothing(place, monkeypatch):
    """What is beyond the limit is not gone."""
    for n in range(3):
        place.write(f"{n}.md", f"Post {n}.")
    place.read()
    monkeypatch.setattr(room, "MAX_FILES", 2)
    reading = place.read()

    assert "2 files or more" in reading.alarm
    assert "cancelled" not in place.states()


def test_at_the_first_run_on_a_live_account_everything_found_is_held(place):
    """Afterwards new files go the usual way."""
    place.world.x.is_live = True
    place.write("a.md", "One.", "to: [x, facebook]")
    place.read()
    place.write("b.md", "Two.")
    place.read()

    assert ["held", "waiting", "waiting"] == place.states()
    assert {"first run"} == place.rows()[0].holds


def test_after_a_restore_files_the_backup_does_not_know_are_held_once(place):
    """On a simulator too; what comes later is new."""
    place.write("known.md", "Known to the backup.")
    place.read()
    with place.world.store.write() as session:
        behind.mark_restored(session, place.world.clock(), place.world.clock())
    place.write("newer.md", "Newer than the backup.")
    place.read()
    place.write("later.md", "Written after the restore.")
    place.read()

    known, newer, later = (row.holds for row in place.rows())
    assert {"first run"} == newer
    assert "first run" not in known | later


def test_a_lost_database_shows_which_of_its_files_are_out_already(place):
    """The folder is all that is left, the account is live."""
    place.world.x.is_live = True
    for name in ("march", "vigil"):
        place.world.x.publish(f"The {name}.")
        place.write(f"{name}.md", f"The {name}.")
    place.write("new.md", "Never sent.")
    place.world.clock.move(days=9)
    place.read()
    watch = place.world.watch
    watch.wake(place.world.worker())
    watch.read_due()
    place.world.send_due()

    assert [
        {"first run", "already there"},
        {"first run"},
        {"first run", "already there"},
    ] == [row.holds for row in place.rows()]
    assert "status/1000000" in place.rows()[0].reason
    assert 2 == len(place.world.x.ledger)


def test_a_first_run_is_not_over_while_files_still_settle(place):
    """A folder copied a second ago is an old folder."""
    place.world.x.is_live = True
    place.write("a.md", "One.")
    fresh = place.write("b.md", "Two.")
    now = place.world.clock().timestamp()
    os.utime(fresh, (now, now))
    place.read()
    place.world.clock.move(seconds=5)
    place.read()

    assert [{"first run"}, {"first run"}] == [row.holds for row in place.rows()]


def test_one_file_can_be_queued_by_hand(place):
    """Adding the same again changes nothing; a bad one says why."""
    path = place.write("a.md", "One.")
    first, second = (place.folder.take_one(path) for _ in range(2))
    assert first.post.id == second.post.id
    assert ["waiting"] == place.states()
    with pytest.raises(PostInvalid, match="Did you mean"):
        place.folder.take_one(place.write("b.md", "Two.", "campain: x"))


def test_a_file_in_quarantine_says_its_line_and_reason_each_time_it_is_added(place):
    """Known already is no answer."""
    path = place.write("a.md", "One.", "campain: x")
    place.read()
    for _ in range(2):
        with pytest.raises(PostInvalid, match="Did you mean") as refused:
            place.folder.take_one(path)
        assert 2 == refused.value.line


@pytest.mark.parametrize("name", ["a.ods", "q.txt", "plain"])
def test_a_file_that_is_no_post_by_its_name_is_not_queued_by_hand(place, name):
    """What the reading quarantines, adding refuses in the same words."""
    path = place.write(name, "One.")
    with pytest.raises(PostInvalid, match=r"Only \.md, \.csv") as refused:
        place.folder.take_one(path)
    place.read()

    assert mistake_in(path.relative_to(place.root)) == refused.value.reason
    assert (None, refused.value.reason) == place.quarantined()[name]
    assert [] == place.rows()
    assert mistake_in(Path("march/a.MD")) is None


def test_one_file_queued_by_hand_for_one_account_only_is_queued_with_its_mistake(place):
    """It is in; adding it again keeps the quarantine."""
    path = place.write("a.md", "Two. " * 70, "to: [x, facebook]")
    admitted = place.folder.take_one(path)
    place.folder.take_one(path)

    assert ["waiting"] == place.states()
    assert "Not queued for X: " in admitted.errors[0]
    assert ["a.md"] == list(place.quarantined())


def test_one_file_queued_by_hand_at_the_first_run_on_a_live_account_is_held(place):
    """A lost database must never repeat a campaign."""
    place.world.x.is_live = True
    place.folder.take_one(place.write("a.md", "One."))
    place.write("b.md", "Two.")
    place.read()

    assert [{"first run"}, {"first run"}] == [row.holds for row in place.rows()]


@pytest.mark.parametrize("approval", ["off", "volunteers"])
def test_what_was_approved_while_it_waited_for_its_imprint_is_not_stuck(place, approval):
    """Its line is added, so where approval is needed it is asked for again."""
    world = place.world
    world.change_account(approval=approval, met_live_at=world.clock())
    world.imprint = Imprint(None)
    world.x.is_live = True
    place.write("a.md", "One.")
    place.read()
    approve(world.decider(), str(place.rows()[0].id))
    assert {"imprint"} == place.rows()[0].holds
    world.imprint = Imprint("always", "L", "L")
    refresher = Refresher(world.store, world.admission)

    assert [1, 0] == [refresher.refresh() for _ in range(2)]
    row = place.rows()[0]
    expected = ("waiting", set()) if approval == "off" else ("held", {"approval"})
    assert (*expected, None) == (row.state, row.holds, row.approved_digest)
    assert ["One.\n\nPromoted by L, L."] == place.words()


def test_what_may_go_out_soon_is_rendered_again_first(place):
    """A long queue must not keep what is due from leaving; one without a time may be next."""
    world = place.world
    for name, at in (("soon", "now"), ("late", "2026-12-09 08:30"), ("next", "next")):
        place.write(f"{name}.md", f"{name.capitalize()}.", f"to: x\nat: {at}")
    place.read()
    world.imprint = Imprint("always", "L", "L")
    refresher = Refresher(world.store, world.admission)

    assert [2, 1, 0] == [
        refresher.refresh(due_before=world.clock() + timedelta(minutes=10)),
        refresher.refresh(),
        refresher.refresh(),
    ]


def test_a_feed_post_approved_before_its_imprint_is_approved_again(place):
    """It needed approval although its account does not."""
    world = place.world
    world.change_account(met_live_at=world.clock())
    world.imprint = Imprint(None)
    world.x.is_live = True
    place.write("a.md", "One.")
    place.read()
    delivery_id = place.rows()[0].id
    world.change(delivery_id, holds=frozenset({"approval", "imprint"}))
    approve(world.decider(), str(delivery_id))
    world.imprint = Imprint("always", "L", "L")
    Refresher(world.store, world.admission).refresh()

    assert {"approval"} == place.rows()[0].holds


def test_an_approval_outlives_an_imprint_answer_that_changes_no_word(place):
    """What was approved is what goes out."""
    world = place.world
    world.change_account(approval="volunteers", met_live_at=world.clock())
    world.imprint = Imprint(None)
    world.x.is_live = True
    place.write("a.md", "One.")
    place.read()
    approve(world.decider(), str(place.rows()[0].id))
    world.imprint = Imprint("never")
    Refresher(world.store, world.admission).refresh()

    row = place.rows()[0]
    assert ("waiting", row.variant_digest) == (row.state, row.approved_digest)


def test_the_rest_of_a_thread_waits_for_the_imprint_answer_and_keeps_its_words(place):
    """Its first part is out for good."""
    world = place.world
    place.write("a.md", "One.")
    place.read()
    row = place.rows()[0]
    world.change(row.id, state="held", holds=frozenset({"imprint"}))
    with world.store.write() as session:
        session.get_one(Part, world.parts(row.id)[0].id).remote_id = "1"
    world.imprint = Imprint("always", "L", "L")
    Refresher(world.store, world.admission).refresh()

    assert (["waiting"], ["One."]) == (place.states(), place.words())


def test_a_deleted_file_cancels_what_failed_unless_half_of_it_is_out(place):
    """A retry must not publish what was withdrawn."""
    paths = [place.write(f"{n}.md", f"Post {n}.") for n in range(2)]
    place.read()
    for row in place.rows():
        place.world.change(row.id, state="failed")
    with place.world.store.write() as session:
        session.get_one(Part, place.world.parts(place.rows()[1].id)[0].id).remote_id = "1"
    for path in paths:
        path.unlink()
    reading = place.read()

    assert (["0.md"], ["cancelled", "failed"]) == (reading.cancelled, place.states())
    assert not place.read().changed


def test_a_mass_loss_does_not_cancel_what_failed(place):
    """Neither at the reading that notices it nor at the next."""
    paths = [place.write(f"{n}.md", f"Post {n}.") for n in range(5)]
    place.read()
    place.world.change(place.rows()[0].id, state="failed")
    for path in paths[:4]:
        path.unlink()
    for _ in range(2):
        place.read()

    assert ["failed", "held", "held", "held", "waiting"] == place.states()


def test_words_that_came_too_late_are_not_shown_as_the_post(place):
    """The record keeps what went out, and the edit is reported once."""
    place.write("a.md", "One.", "to: x\nat: now")
    place.read()
    place.world.planner.plan_due()
    place.world.send_due()
    place.write("a.md", "Two. " * 70, "to: x\nat: now")
    reading = place.read()

    assert ["x: already out; the change was not published."] == list(reading.edited[0].notes)
    with place.world.store.read() as session:
        assert "One." == posts.by_key(session, "folder", "a.md").written["body"]
    assert not place.read().changed
    assert {} == place.quarantined()


def test_a_label_changed_after_it_was_sent_is_taken_over(place):
    """It is for the log; no word of it is published."""
    place.write("a.md", "One.", "to: x\nat: now")
    place.read()
    place.world.planner.plan_due()
    place.world.send_due()
    place.write("a.md", "One.", "to: x\nat: now\ncampaign: honduras")
    place.read()

    with place.world.store.read() as session:
        assert "honduras" == posts.by_key(session, "folder", "a.md").campaign


def test_answering_the_imprint_questions_frees_what_waited_for_it(place):
    """Rendered again with its line; what is approved keeps its bytes."""
    world = place.world
    world.imprint = Imprint(None)
    world.x.is_live = True
    world.change_account(met_live_at=world.clock())
    place.write("a.md", "One.")
    place.write("b.md", "Two.", "to: facebook")
    place.write("c.md", "Three.", "to: facebook")
    place.read()
    approved = place.rows()[2]
    world.change(approved.id, approved_digest=approved.variant_digest)
    assert ["held", "waiting", "waiting"] == place.states()

    world.imprint = Imprint("always", "LFPLA", "London")
    refresher = Refresher(world.store, world.admission)
    assert [2, 0] == [refresher.refresh() for _ in range(2)]
    line = "\n\nPromoted by LFPLA, London."
    assert [f"One.{line}", f"Two.{line}", "Three."] == place.words()
    assert ["waiting"] * 3 == place.states()


def test_a_post_too_long_with_its_imprint_stays_held(place):
    """Its author must shorten it."""
    world = place.world
    world.imprint = Imprint(None)
    world.x.is_live = True
    world.change_account(met_live_at=world.clock())
    place.write("a.md", "a" * 280)
    place.read()
    world.imprint = Imprint("always", "LFPLA", "London")
    Refresher(world.store, world.admission).refresh()

    row = place.rows()[0]
    assert ("held", {"imprint"}) == (row.state, row.holds)
    assert "too many" in row.reason


def test_what_may_be_out_or_lost_its_file_is_not_rendered_again(place):
    """Its words are those that were sent, or those of no file."""
    world = place.world
    for name in ("a", "b", "c"):
        place.write(f"{name}.md", f"Post {name}.")
    place.read()
    doubted, gone, half = place.rows()
    world.change(doubted.id, state="held", holds=frozenset({"in doubt"}))
    world.change(gone.id, state="held", holds=frozenset({"file gone"}))
    with world.store.write() as session:
        session.get_one(Part, world.parts(half.id)[0].id).remote_id = "1"
    world.imprint = Imprint("always", "LFPLA", "London")

    assert 0 == Refresher(world.store, world.admission).refresh()
