"""Pictures: from a file beside the post to what both platforms received."""

from hashlib import sha256

import album

from bot.store import media
from tests.acceptance.conftest import Desk

ALT = "Marchers with a green banner fill the square"


def stored(desk: Desk, digest: str) -> bytes | None:
    """The bytes the database keeps under that digest."""
    bot = desk.opened()
    with bot.store.read() as session:
        found = media.content(session, digest)
    bot.store.close()
    return found


def test_two_pictures_go_out_with_their_words_as_previewed_and_without_their_notes(
    desk: Desk,
) -> None:
    """What the preview names is, byte for byte, what both platforms received."""
    (desk.posts / "media").mkdir()
    (desk.posts / "media/march.jpg").write_bytes(album.photo())
    (desk.posts / "media/chart.png").write_bytes(album.noted_png())
    march = f'{{file: media/march.jpg, alt: "{ALT}", people: agreed}}'
    chart = '{file: media/chart.png, alt: "A line that rises", credit: A. Friend}'
    path = desk.write("march.md", "We marched.", media=f"[{march}, {chart}]", at="now")
    previewed = desk.bot("preview", str(path), "--json").json
    added = desk.bot("add", str(path))
    (desk.posts / "media/march.jpg").unlink()
    desk.once()

    assert added.code == 0, added.err
    for account in previewed["accounts"]:
        (entry,) = desk.sandbox.ledger.posts(account["account"])
        seen = [(one.sha256, one.alt) for one in entry.media]
        assert seen == [(one["sha256"], one["alt"]) for one in account["media"]]
        assert [one["alt"] for one in account["media"]] == [ALT, "A line that rises"]
        for digest, _ in seen:
            content = stored(desk, digest)
            assert content is not None
            assert album.SECRET.encode() not in content
            assert sha256(content).hexdigest() == digest


def test_a_picture_without_words_waits_until_its_file_has_them(desk: Desk) -> None:
    """Queued all the same; the queue says what to write where."""
    (desk.posts / "march.jpg").write_bytes(album.photo())
    path = desk.write("march.md", "We marched.", media="march.jpg", at="now")
    added = desk.bot("add", str(path))
    desk.once()
    waiting, said = desk.queue(), desk.bot("queue")
    desk.write("march.md", "We marched.", media=f'{{file: march.jpg, alt: "{ALT}"}}', at="now")
    desk.once()
    desk.once()

    assert added.code == 0, added.err
    assert [row["holds"] for row in waiting] == [["alt text"], ["alt text"]]
    assert "alt:" in said.out
    assert said.code == 0, said.out
    for name in ("x", "facebook"):
        (entry,) = desk.sandbox.ledger.posts(name)
        assert [one.alt for one in entry.media] == [ALT]


def test_a_file_that_cannot_go_is_named_with_its_line_and_nothing_is_queued(desk: Desk) -> None:
    """Each with its cure, before anything is due."""
    (desk.posts / "phone.jpg").write_bytes(album.box("ftyp", b"heic", bytes(4), b"mif1heic"))
    (desk.posts / "film.mp4").write_bytes(album.mp4())
    heic = desk.write("a.md", "One.", media="{file: phone.jpg, alt: Us}")
    gone = desk.write("b.md", "Two.", media="{file: fone.jpg, alt: Us}")
    film = desk.write("c.md", "Three.", media="{file: film.mp4, alt: Us}", to="facebook")
    outside = desk.write("d.md", "Four.", media="{file: ../secret.jpg, alt: Us}")
    checks = desk.together(*(["check", str(path)] for path in (heic, gone, film, outside)))

    assert [one.code for one in checks] == [1, 1, 1, 1]
    for one, words in zip(
        checks, ("Most Compatible", "Did you mean phone.jpg?", "link:", "posts folder"), strict=True
    ):
        assert words in one.out + one.err
        assert ".md:2:" in one.out + one.err


def test_a_video_goes_to_x_in_pieces_and_waits_until_x_is_done_with_it(desk: Desk) -> None:
    """Facebook gets its own words instead."""
    (desk.posts / "film.mp4").write_bytes(album.mp4())
    path = desk.write(
        "film.md", "Watch.", media=f'{{file: film.mp4, alt: "{ALT}"}}', to="x", at="now"
    )
    added = desk.bot("add", str(path))
    desk.once()
    (entry,) = desk.sandbox.ledger.posts("x")

    assert added.code == 0, added.err
    assert [(one.media_type, one.alt) for one in entry.media] == [("video/mp4", ALT)]
