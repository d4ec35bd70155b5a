"""Which files a post may name, and what is said of the others."""

import os
from dataclasses import replace

import album
import pytest

from bot.errors import PostInvalid
from bot.intake import pictures as room
from bot.intake.pictures import Pictures
from bot.model.written import Picture, Written
from bot.platforms.facebook.rules import FACEBOOK_RULES
from bot.platforms.x.rules import X_RULES

RULES = (X_RULES, FACEBOOK_RULES)


@pytest.fixture
def root(tmp_path):
    """A posts folder with a photo in it, and a secret photo beside the folder."""
    (tmp_path / "posts/media").mkdir(parents=True)
    (tmp_path / "posts/media/march.jpg").write_bytes(album.photo())
    (tmp_path / "secret.jpg").write_bytes(album.photo())
    return tmp_path / "posts"


def read(root, *names, folder=None, lines=None):
    written = Written("Words.", media=tuple(map(Picture, names)), lines=lines or {})
    return Pictures(root).illustrated(written, folder or root, RULES).media


def refuse(root, name, words, folder=None):
    with pytest.raises(PostInvalid, match=words) as refused:
        read(root, name, folder=folder, lines={"media 1": 7})
    assert 7 == refused.value.line
    assert refused.value.reason.startswith(f"media: {name} ")


@pytest.mark.parametrize("name", ["media/march.jpg", "media\\march.jpg", "./media/march.jpg"])
def test_a_file_is_named_from_the_posts_folder_or_from_beside_its_post(root, name):
    """Whatever the slashes of the volunteer's machine."""
    (root / "june").mkdir()
    (root / "june/own.jpg").write_bytes(album.photo())
    (from_root,) = read(root, name, folder=root / "june")
    (beside,) = read(root, "own.jpg", folder=root / "june")

    assert {"x", "facebook"} == set(from_root.renditions) == set(beside.renditions)
    assert (120, 80) == (beside.renditions["x"].width, beside.renditions["x"].height)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("/etc/hostname", "named from the posts folder"),
        ("../secret.jpg", "named from the posts folder"),
        ("media/../../secret.jpg", "named from the posts folder"),
        ("..\\secret.jpg", "named from the posts folder"),
        ("media/marsh.jpg", "is not there. Did you mean march.jpg?"),
        ("media/MARCH.JPG", "is not there. Did you mean march.jpg?"),
        ("elsewhere.jpg", "is not there. Put it into the posts folder"),
        ("media", "is not a plain file"),
        ("link.jpg", "lies outside the posts folder"),
        ("way/secret.jpg", "lies outside the posts folder"),
        ("circle.jpg", "is not there|cannot be read"),
        ("pipe.jpg", "is not a plain file"),
        ("a" * 300, "cannot be read"),
        ("a\0b.jpg", "is not there|cannot be read"),
    ],
)
def test_no_name_leads_out_of_the_folder_or_to_what_is_no_file(root, name, words):
    """Neither by its dots nor by a link."""
    (root / "link.jpg").symlink_to(root.parent / "secret.jpg")
    (root / "way").symlink_to(root.parent)
    (root / "circle.jpg").symlink_to("circle.jpg")
    os.mkfifo(root / "pipe.jpg")

    refuse(root, name, words)


def test_a_link_that_stays_inside_the_folder_is_followed(root):
    """One picture under two names."""
    (root / "same.jpg").symlink_to("media/march.jpg")
    one, other = read(root, "same.jpg", "media/march.jpg")

    assert one.renditions == other.renditions


def test_a_post_from_elsewhere_may_name_what_lies_beside_it_and_nothing_above(root):
    """As `bot add` reads it once."""
    outside = root.parent / "stick"
    outside.mkdir()
    (outside / "own.jpg").write_bytes(album.photo())
    (outside / "up.jpg").symlink_to("../secret.jpg")

    assert read(root, "own.jpg", folder=outside)[0].renditions
    refuse(root, "up.jpg", "lies outside", folder=outside)


def test_a_file_that_is_too_large_is_not_even_opened(root, monkeypatch):
    """With the cure, and without reading it."""
    monkeypatch.setattr(room, "read_plain", None)
    with (root / "film.mp4").open("wb") as file:
        file.truncate(100_000_001)

    refuse(root, "film.mp4", "has 100 MB; 100 at most. Make it shorter or smaller.")


def test_a_file_nobody_may_read_says_so(root, monkeypatch):
    """Whatever the machine calls it."""

    def closed(*_):
        raise PermissionError("closed")

    monkeypatch.setattr(room, "read_plain", closed)
    refuse(root, "media/march.jpg", "cannot be read. Copy it again.")


def test_an_unchanged_file_is_read_once_and_a_changed_one_again(root, monkeypatch):
    """A post with a mistake is read every few seconds."""
    opened = []
    real = room.read_plain
    monkeypatch.setattr(room, "read_plain", lambda *given: opened.append(given) or real(*given))
    known = Pictures(root)
    written = Written("Words.", media=(Picture("media/march.jpg"),))
    first, again = (known.illustrated(written, root, RULES).media for _ in range(2))
    path = root / "media/march.jpg"
    path.write_bytes(album.photo(size=(200, 100)))
    changed = known.illustrated(written, root, RULES).media
    other = known.illustrated(written, root, (replace(X_RULES, files=X_RULES.files[1:]),)).media

    assert first == again
    assert (120, 200) == (first[0].renditions["x"].width, changed[0].renditions["x"].width)
    assert {"x"} == set(other[0].renditions)
    assert 3 == len(opened)


def test_what_is_remembered_of_files_stays_small(root, monkeypatch):
    """Neither many nor large ones fill the memory."""
    known = Pictures(root)
    for n in range(room.REMEMBERED + 3):
        (root / f"{n}.jpg").write_bytes(album.photo(size=(40 + n, 40)))
        known.illustrated(Written("W.", media=(Picture(f"{n}.jpg"),)), root, RULES)
    assert room.REMEMBERED == len(known._known)

    monkeypatch.setattr(room, "REMEMBERED_BYTES", 10)
    large = Pictures(root)
    large.illustrated(Written("W.", media=(Picture("0.jpg"),)), root, RULES)
    assert 0 == len(large._known)
