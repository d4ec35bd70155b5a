"""Sheets in the posts folder: each row is as good as a file, and the rules of files hold."""

import os
from datetime import UTC, datetime, timedelta

import pytest
from sheets import as_csv, as_xlsx

from bot.intake.folder import Folder
from bot.intake.sheetqueue import Change, Sheets
from bot.intake.sheetrows import rows_of
from bot.store import posts, quarantine

OLD = datetime(2026, 1, 1, tzinfo=UTC).timestamp()
HEAD = ("id", "text", "to")


class Place:
    """A posts folder whose files are old enough to be read."""

    def __init__(self, world, root):
        self.world, self.root = world, root
        root.mkdir()
        self.folder = Folder(root, world.store, world.admission, "cli:ana")

    def write(self, name, content):
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        os.utime(path, (OLD, OLD))
        return path

    def sheet(self, *rows, name="jan.csv", head=HEAD):
        made = as_xlsx if name.endswith(".xlsx") else as_csv
        return self.write(name, made([head, *rows]))

    def read(self, **options):
        return self.folder.read(**options)

    def states(self):
        return [row.state for row in self.world.all_rows()]

    def words(self):
        return [self.world.parts(row.id)[0].text for row in self.world.all_rows()]

    def quarantined(self):
        with self.world.store.read() as session:
            return {row.key: (row.line, row.reason) for row in quarantine.all_of(session)}

    def keys(self):
        with self.world.store.read() as session:
            return sorted(post.key for post in posts.by_source(session, "sheet"))

    def hand_in(self, path, choice=Change.SKIP, root="./"):
        """What `bot add` does with a sheet of the folder."""
        sheet = rows_of(f"{root}{path.name}", path.read_bytes())
        door = Sheets(self.world.store, self.world.admission, "cli:ana", self.root)
        return door.take(sheet.file, sheet.rows, {row.key: choice for row in sheet.rows})


@pytest.fixture
def place(world, tmp_path):
    return Place(world, tmp_path / "posts")


@pytest.mark.parametrize("name", ["jan.csv", "jan.xlsx", "plans/2027.csv"])
def test_each_row_becomes_one_post_once(place, name):
    """However often the folder is read, whatever the order of the rows."""
    place.sheet(("1", "One", "x"), ("2", "Two", "x"), name=name)
    first, second = place.read(), place.read()
    place.sheet(("2", "Two", "x"), ("1", "One", "x"), name=name)
    third = place.read()

    assert [f"./{name}#1", f"./{name}#2"] == place.keys()
    assert (2, False, False) == (len(first.new), second.changed, third.changed)
    assert ["waiting"] * 2 == place.states()


def test_what_is_not_a_post_is_passed_over(place):
    """By name and by folder, as with files."""
    for name in ("examples/a.csv", "templates/a.csv", "media/a.xlsx", "_old.csv", ".~lock.csv"):
        place.write(name, as_csv([("text",), ("A",)]))

    assert not place.read().changed


def test_a_sheet_still_being_written_waits_and_nothing_of_it_is_gone(place):
    """Younger than two seconds."""
    path = place.sheet(("1", "One", "x"))
    place.read()
    path.write_bytes(b"text\nhalf a fil")
    now = place.world.clock().timestamp()
    os.utime(path, (now - 1, now - 1))
    reading = place.read()

    assert (1, False) == (reading.unsettled, reading.changed)
    assert ["waiting"] == place.states()


def test_a_bad_row_stops_only_itself_and_is_named_with_row_and_column(place):
    """Told once, and gone when put right or taken away."""
    place.sheet(("1", "One", "x"), ("2", "Two", "twitter"), ("", "", "x"))
    first, second = place.read(), place.read()

    assert ["waiting"] == place.states()
    assert [] == second.quarantined
    assert {key: line for key, (line, _) in place.quarantined().items()} == {
        "./jan.csv#2": 3,
        "./jan.csv##row 4": 4,
    }
    assert place.quarantined()["./jan.csv#2"][1].startswith(
        "Row 3, to: there is no account named twitter"
    )
    assert "Row 4, text: There is no text." == place.quarantined()["./jan.csv##row 4"][1]
    assert 2 == len(first.quarantined)
    place.sheet(("1", "One", "x"), ("2", "Two", "x"))
    place.read()
    assert ({}, ["waiting"] * 2) == (place.quarantined(), place.states())


def test_a_sheet_that_cannot_be_read_holds_its_rows_until_it_can(place):
    """Nothing of it is taken for deleted."""
    place.sheet(("1", "One", "x"), ("2", "Two", "x"))
    place.read()
    place.write("jan.csv", b"text,campain\nA,b\n")
    reading = place.read()
    place.read()

    assert [("./jan.csv", 1)] == [pair[:2] for pair in reading.quarantined]
    assert ["held"] * 2 == place.states()
    assert "Did you mean campaign" in place.world.all_rows()[0].reason
    place.sheet(("1", "One", "x"), ("2", "Two", "x"))
    place.read()
    assert ({}, ["waiting"] * 2) == (place.quarantined(), place.states())


def test_a_row_with_an_id_is_an_edited_file(place):
    """Rendered again; the same post."""
    place.sheet(("1", "One", "x"))
    place.read()
    place.sheet(("1", "Another text", "x"))
    reading = place.read()

    assert 1 == len(reading.edited)
    assert (["Another text"], ["waiting"]) == (place.words(), place.states())


def test_a_good_row_edited_into_a_bad_one_is_held_until_it_is_put_right(place):
    """Its old words must not go out."""
    place.sheet(("1", "One", "x"))
    place.read()
    place.sheet(("1", "", "x"))
    place.read()
    assert ["held"] == place.states()
    place.sheet(("1", "One", "x"))
    place.read()

    assert (["waiting"], {}) == (place.states(), place.quarantined())


def test_without_an_id_a_changed_row_is_quarantined_with_what_to_do(place):
    """Nobody can tell whether another post is meant; put back, it waits again."""
    words = "One two three four five six"
    place.sheet((f"{words} seven", "x"), head=("text", "to"))
    place.read()
    place.sheet((f"{words} eight", "x"), head=("text", "to"))
    place.read()
    (said,) = place.quarantined().values()

    assert ["held"] == place.states()
    assert (2, True) == (said[0], said[1].startswith("Row 2, text: P1 was queued from this row"))
    assert "bot add posts/jan.csv --changed replace" in said[1]
    place.sheet((f"{words} seven", "x"), head=("text", "to"))
    place.read()
    assert (["waiting"], {}) == (place.states(), place.quarantined())


def test_without_an_id_other_words_are_another_post_and_the_old_one_is_withdrawn(place):
    """As a file of another name."""
    place.sheet(("The first of two", "x"), head=("text", "to"))
    place.read()
    place.sheet(("Something else altogether", "x"), head=("text", "to"))
    place.read()

    assert ["cancelled", "waiting"] == place.states()


def test_a_row_taken_out_cancels_its_post_and_is_not_revived(place):
    """With a row in the record; put back, it is said."""
    place.sheet(("1", "One", "x"), ("2", "Two", "x"))
    place.read()
    place.sheet(("2", "Two", "x"))
    reading = place.read()
    assert ["./jan.csv#1"] == reading.cancelled
    assert ["cancelled", "waiting"] == place.states()
    assert "Its row was taken out of the sheet." == place.world.all_rows()[0].reason
    place.sheet(("1", "One", "x"), ("2", "Two", "x"))
    place.read()

    assert ["cancelled", "waiting"] == place.states()
    assert "give it another id" in place.quarantined()["./jan.csv#1"][1]


def test_a_deleted_sheet_cancels_its_posts_unless_many_are_lost_at_once(place):
    """Two of eight are cancelled; four of seven look like a fault."""
    place.sheet(*((str(n), f"Post {n}", "x") for n in range(4)), name="a.csv")
    place.sheet(("8", "Eight", "x"), ("9", "Nine", "x"), name="b.csv")
    for n in range(2):
        place.write(f"{n}.md", f"---\nto: x\n---\nFile {n}.\n".encode())
    place.read()
    (place.root / "b.csv").unlink()
    few = place.read()
    assert ["./b.csv#8", "./b.csv#9"] == few.cancelled
    (place.root / "a.csv").unlink()
    many = place.read()

    assert "4 of 6 waiting files and rows are gone at once" in many.alarm
    assert 4 == place.states().count("held")
    place.sheet(*((str(n), f"Post {n}", "x") for n in range(4)), name="a.csv")
    place.read()
    assert 6 == place.states().count("waiting")


def test_a_missing_folder_holds_the_rows_of_sheets_too(place, tmp_path):
    """And lets them go when it is back."""
    place.sheet(("1", "One", "x"))
    place.read()
    place.root.rename(tmp_path / "away")
    place.read()
    assert ["held"] == place.states()
    (tmp_path / "away").rename(place.root)
    place.read()

    assert ["waiting"] == place.states()


def test_a_moved_sheet_has_the_same_posts(place):
    """Renamed, or a row given another id."""
    path = place.sheet(("1", "One", "x"), ("2", "Two", "x"))
    place.read()
    path.rename(place.root / "january.csv")
    place.read()
    place.sheet(("1", "One", "x"), ("22", "Two", "x"), name="january.csv")
    reading = place.read()

    assert ["./january.csv#2 → ./january.csv#22"] == reading.moved
    assert ["waiting"] * 2 == place.states()


def test_rows_found_at_the_first_run_on_a_live_account_are_held(place):
    """A copied folder must not go out again."""
    place.world.x.is_live = True
    place.sheet(("1", "One", "x"))
    place.read()

    assert [{"first run"}] == [row.holds for row in place.world.all_rows()]


def test_a_sheet_handed_in_is_never_taken_for_one_of_the_folder(place, tmp_path):
    """Nor its rows for deleted ones."""
    path = tmp_path / "jan.csv"
    path.write_bytes(as_csv([HEAD, ("1", "One", "x"), ("2", "Two", "nowhere")]))
    place.hand_in(path, root="")
    reading = place.read()

    assert not reading.changed
    assert (["jan.csv#1"], ["waiting"]) == (place.keys(), place.states())
    assert {"jan.csv#2"} == place.quarantined().keys()
    other = tmp_path / "other.csv"
    other.write_bytes(as_csv([HEAD, ("1", "Three", "x"), ("2", "Two", "nowhere")]))
    place.hand_in(other, root="")
    assert {"jan.csv#2", "other.csv#2"} == place.quarantined().keys()


def test_a_changed_row_is_replaced_added_or_skipped_as_chosen(place):
    """And the same sheet again changes nothing, also after adding."""
    place.sheet(("1", "One", "x"), ("2", "Two", "x"), ("3", "Three", "x"))
    place.read()
    path = place.sheet(("1", "One, new", "x"), ("2", "Two, new", "x"), ("3", "Three, new", "x"))
    sheet = rows_of("./jan.csv", path.read_bytes())
    choices = dict(zip((row.key for row in sheet.rows), Change, strict=True))
    door = Sheets(place.world.store, place.world.admission, "cli:ana", place.root)
    taken = door.take(sheet.file, sheet.rows, choices)
    again = door.take(sheet.file, sheet.rows, {})

    assert ["edited", "queued", "skipped"] == [one.news for one in taken]
    assert ["known", "known", "skipped"] == [one.news for one in again]
    assert ["One, new", "Two", "Three", "Two, new"] == place.words()


def test_a_row_that_another_door_queued_meanwhile_is_not_queued_again(place, monkeypatch):
    """Nor are its other words queued beside it, when nobody asked for that."""
    path = place.sheet(("1", "One", "x"), ("2", "Two", "x"))
    sheet = rows_of("./jan.csv", path.read_bytes())
    real = place.world.admission.illustrated

    class Slow:
        """The folder is read while this door looks for pictures."""

        def __getattr__(self, name):
            return getattr(place.world.admission, name)

        def illustrated(self, written, folder):
            place.sheet(("1", "One", "x"), ("2", "Two, changed", "x"))
            place.read()
            return real(written, folder)

    door = Sheets(place.world.store, Slow(), "cli:ana", place.root)
    taken = door.take(sheet.file, sheet.rows, {})

    assert ["known", "skipped"] == [one.news for one in taken]
    assert ["One", "Two, changed"] == place.words()


def test_the_folder_knows_a_row_that_was_added_beside_its_older_self(place):
    """Neither is edited into the other, nor taken for deleted."""
    place.sheet(("1", "One", "x"), ("2", "Two", "x"))
    place.read()
    path = place.sheet(("1", "One, new", "x"), ("2", "Two", "x"))
    place.hand_in(path, Change.ADD)
    reading = place.read()

    assert not reading.changed
    assert ["One", "Two", "One, new"] == place.words()
    assert ["waiting"] * 3 == place.states()


def test_a_row_without_an_id_can_be_replaced_by_hand(place):
    """It leaves the quarantine and waits again."""
    words = "One two three four five six"
    place.sheet((f"{words} seven", "x"), head=("text", "to"))
    place.read()
    path = place.sheet((f"{words} eight", "x"), head=("text", "to"))
    place.read()
    place.hand_in(path, Change.REPLACE)
    reading = place.read()

    assert not reading.changed
    assert ([f"{words} eight"], ["waiting"], {}) == (
        place.words(),
        place.states(),
        place.quarantined(),
    )


def test_a_row_for_one_account_only_is_queued_with_its_mistake(place):
    """Too long for one, it goes out on the other."""
    place.sheet(("1", "word " * 200, ""))
    place.read()
    place.read()

    assert ["waiting"] == place.states()
    assert "It goes out on" in place.quarantined()["./jan.csv#1"][1]


def test_the_same_words_twice_are_refused_at_every_door(place):
    """In a file, in a row, in another sheet."""
    place.write("a.md", b"---\nto: x\n---\nOne.\n")
    place.read()
    place.sheet(("1", "One!", "x"), ("2", "Two", "x"))
    place.sheet(("1", "Two", "x"), name="other.csv")
    place.read()

    assert ["waiting"] * 2 == place.states()
    assert "Row 2, text: Same as P1" in place.quarantined()["./jan.csv#1"][1]
    assert "Same as P2" in place.quarantined()["./other.csv#1"][1]


def test_a_sheet_is_read_again_only_when_its_bytes_changed(place, monkeypatch):
    """A long one would else keep the heartbeat busy."""
    from bot.intake import foldersheets

    place.sheet(("1", "One", "x"))
    read = []
    monkeypatch.setattr(foldersheets, "rows_of", lambda *a: read.append(a) or rows_of(*a))
    for _ in range(3):
        place.read()
    place.sheet(("1", "Two", "x"))
    place.read()

    assert 2 == len(read)


def test_a_refused_row_is_tried_again_after_a_minute_not_at_every_reading(place, monkeypatch):
    """At once when it was put right; later when what stood against it is gone."""
    tried = []
    real = Folder._take
    monkeypatch.setattr(Folder, "_take", lambda *a: tried.append(a[1].key) or real(*a))
    place.write("a.md", b"---\nto: x\n---\nThe same words.\n")
    place.read()
    place.sheet(("1", "The same words", "x"), ("2", "", "x"))
    for _ in range(3):
        place.read()
    assert ["a.md", "./jan.csv#1", "./jan.csv#2"] == tried
    place.sheet(("1", "The same words", "x"), ("2", "Other words", "x"))
    place.read()
    assert ["waiting"] * 2 == place.states()
    (place.root / "a.md").unlink()
    place.read()
    assert ["cancelled", "waiting"] == place.states()
    place.world.clock.move(minutes=1)
    place.read()

    assert ["cancelled", "waiting", "waiting"] == place.states()
    assert {} == place.quarantined()


def test_an_edit_after_it_was_sent_is_reported_and_not_resent(place):
    """What is out is out."""
    place.sheet(("1", "One", "x"))
    place.read()
    place.world.planner.plan_due()
    place.world.clock.move(days=7)
    place.world.change(1, due_at=place.world.clock(), too_late_seconds=10**6)
    place.world.send_due()
    assert ["sent"] == place.states()
    place.sheet(("1", "One, edited", "x"))
    reading = place.read()

    assert "the change was not published" in reading.edited[0].notes[0]
    assert ["sent"] == place.states()
    assert ["One"] == place.world.x.texts()


def test_a_time_long_gone_stops_the_row(place):
    """As in a file."""
    past = place.world.clock() - timedelta(days=1)
    place.sheet(("1", "One", f"{past:%d/%m/%Y %H:%M}"), head=("id", "text", "at"))
    place.read()

    assert "Row 2, at: " in place.quarantined()["./jan.csv#1"][1]
    assert [] == place.states()
