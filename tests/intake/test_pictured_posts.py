"""Pictures of posts in the folder: what is stored, approved, and read again."""

import os
from dataclasses import replace
from datetime import UTC, datetime

import album
import pytest

from bot.decisions.approve import approve
from bot.intake.folder import Folder
from bot.intake.pictures import Pictures
from bot.intake.refresh import Refresher
from bot.platforms.facebook.rules import FACEBOOK_RULES
from bot.platforms.x.rules import X_RULES
from bot.store import media, quarantine

OLD = datetime(2026, 1, 1, tzinfo=UTC).timestamp()
ALT = "A banner fills the square"


class Desk:
    """A posts folder for accounts with the limits of the real platforms."""

    def __init__(self, world, root):
        self.world, self.root = world, root
        root.mkdir()
        world.x.rules, world.facebook.rules = X_RULES, FACEBOOK_RULES
        self.admission = replace(world.admission, pictures=Pictures(root))

    def draw(self, name, content):
        (self.root / name).write_bytes(content)

    def write(self, front, text="We marched.", name="a.md"):
        path = self.root / name
        path.write_text(f"---\n{front}\n---\n{text}\n")
        os.utime(path, (OLD, OLD))

    def read(self):
        return Folder(self.root, self.world.store, self.admission, "cli:ana").read()

    def row(self, n=0):
        return self.world.all_rows()[n]

    def images(self, n=0):
        return self.world.parts(self.row(n).id)[0].images

    def kept(self, n=0):
        with self.world.store.read() as session:
            return [media.content(session, image["sha256"]) for image in self.images(n)]


@pytest.fixture
def desk(world, tmp_path):
    found = Desk(world, tmp_path / "posts")
    found.draw("march.jpg", album.photo())
    return found


def described(alt=ALT, to="x", file="march.jpg"):
    return f'to: {to}\nmedia: {{file: {file}, alt: "{alt}"}}'


def test_a_picture_is_part_of_what_is_approved(desk):
    """Other words for it or another picture need approval again; another time does not."""
    desk.world.change_account(approval="volunteers")
    desk.write(described())
    desk.read()
    approve(desk.world.decider(), str(desk.row().id))
    desk.write(f"{described()}\nat: 2026-12-05 10:00")
    desk.read()
    assert "waiting" == desk.row().state
    desk.write(f"{described('Another banner')}\nat: 2026-12-05 10:00")
    desk.read()
    assert {"approval"} == desk.row().holds
    approve(desk.world.decider(), str(desk.row().id))
    desk.draw("march.jpg", album.photo(size=(90, 60)))
    desk.write(f"{described('Another banner')}\nat: 2026-12-05 10:01")
    desk.read()
    assert {"approval"} == desk.row().holds


def test_a_picture_changed_on_the_disk_changes_nothing_until_its_post_is_saved_again(desk):
    """What was queued is what goes out."""
    desk.write(described())
    desk.read()
    before, bytes_before = desk.images(), desk.kept()
    desk.draw("march.jpg", album.photo(size=(90, 60)))
    desk.read()
    Refresher(desk.world.store, desk.admission).refresh()
    assert before == desk.images()
    assert bytes_before == desk.kept()
    desk.write(described(), "We marched again.")
    desk.read()

    assert before != desk.images()
    assert None not in desk.kept()


def test_the_same_picture_is_stored_once(desk):
    """By its digest, however many posts show it."""
    desk.draw("copy.jpg", album.photo())
    desk.write(described())
    desk.write(described(file="copy.jpg"), "Another post.", "b.md")
    desk.read()

    assert desk.images(0)[0]["sha256"] == desk.images(1)[0]["sha256"]
    assert None not in desk.kept()


def test_a_post_with_a_picture_is_never_sent_again_by_itself(desk):
    """Where words alone would be, on a platform that refuses duplicates."""
    desk.write(described())
    desk.write("to: x", "Words alone.", "b.md")
    desk.read()

    assert ["ask", "resend"] == [row.when_in_doubt for row in desk.world.all_rows()]


def test_no_approval_lets_a_picture_without_words_go(desk):
    """The words come first, then both holds are gone."""
    desk.world.change_account(approval="volunteers")
    desk.write("to: x\nmedia: march.jpg")
    desk.read()
    assert {"approval", "alt text"} == desk.row().holds
    assert "alt:" in desk.row().reason
    approve(desk.world.decider(), str(desk.row().id))
    assert {"alt text"} == desk.row().holds
    desk.write(described())
    desk.read()

    assert {"approval"} == desk.row().holds


def test_words_taken_away_hold_a_post_that_was_waiting(desk):
    """As if they had never been there."""
    desk.write(described())
    desk.read()
    assert "waiting" == desk.row().state
    desk.write(described(" "))
    desk.read()

    assert ("held", {"alt text"}) == (desk.row().state, desk.row().holds)


def test_what_only_one_account_can_take_goes_there_and_the_other_is_told(desk):
    """A film on X; Facebook's part is named with its line."""
    desk.draw("film.mp4", album.mp4())
    desk.write(described(to="[x, facebook]", file="film.mp4"))
    desk.read()
    with desk.world.store.read() as session:
        ((line, reason),) = [(row.line, row.reason) for row in quarantine.all_of(session)]

    assert [desk.world.ids["x"]] == [row.account_id for row in desk.world.all_rows()]
    assert "video/mp4" == desk.images()[0]["mime_type"]
    assert "sends no videos there" in reason
    assert line in (None, 3)


def test_a_picture_that_comes_later_lets_its_post_in(desk):
    """Nobody needs to save the post once more."""
    desk.write(described(file="late.jpg"))
    first = desk.read()
    desk.draw("late.jpg", album.photo())
    second = desk.read()

    assert ("a.md", 3) == first.quarantined[0][:2]
    assert 1 == len(second.new)
    assert "waiting" == desk.row().state
