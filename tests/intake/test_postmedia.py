"""`media:` as volunteers write it, and each mistake with its line."""

import pytest

from bot.errors import PostInvalid
from bot.intake.postfile import parse
from bot.model.written import Picture, from_json, to_json

LISTED = """\
media:
  - a.jpg
  - file: b.jpg
    alt: >
      Two
      women
    credit: C
    people: Agreed"""


def media(text):
    return parse(f"---\nto: x\n{text}\n---\nWords.".encode())


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("media: march.jpg", [Picture("march.jpg")]),
        ("media: [a.jpg, b.png]", [Picture("a.jpg"), Picture("b.png")]),
        ("media: {file: a.jpg, alt: Two women}", [Picture("a.jpg", "Two women")]),
        (
            LISTED,
            [Picture("a.jpg"), Picture("b.jpg", "Two women", "C", "agreed")],
        ),
        (
            'media:\n  - {file: a.jpg, alt: "One, two", people: none}',
            [Picture("a.jpg", "One, two", None, "none")],
        ),
        ("media:\n  file: a.jpg\n  alt:", [Picture("a.jpg")]),
        ("media:\n  - {file: a.jpg, part: 3}", [Picture("a.jpg", part=3)]),
        ("media:\n  - {file: a.jpg, part: Last}", [Picture("a.jpg", part=0)]),
    ],
)
def test_a_name_a_list_and_single_entries_are_all_understood(text, found):
    """And kept as they are."""
    written = media(text)

    assert tuple(found) == written.media
    assert written == from_json(to_json(written))


def test_each_file_knows_its_line():
    """So that what is wrong with it can be found."""
    lines = media("media:\n  - a.jpg\n  - file: b.jpg\n    alt: Two\n  - c.jpg").lines

    assert (4, 5, 7) == tuple(lines[f"media {n}"] for n in (1, 2, 3))


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("media: []", 3, "names no file"),
        ("media:", 3, "media"),
        ("media: [[a.jpg]]", 3, "write each file like this"),
        ("media:\n  - alt: Words", 4, "no file: is named"),
        ("media:\n  - a.jpg\n  - {file: b.jpg, alt_text: W}", 5, "Did you mean alt:"),
        ("media:\n  - file: b.jpg\n    photo: c.jpg", 5, "Did you mean file:"),
        ("media:\n  - file: b.jpg\n    crdit: C", 5, "Did you mean credit:"),
        ("media:\n  - file: b.jpg\n    colour: red", 5, "Known: file, alt, credit, people, part"),
        ("media:\n  - file: b.jpg\n    alt: One\n    alt: Two", 6, "alt"),
        ("media: [{file: a.jpg, alt: Two women, one flag}]", 3, "quotation marks"),
        ("media:\n  - {file: a.jpg, part: 0}", 4, "part: is first, last or the part's number"),
        ("media:\n  - file: a.jpg\n    people: maybe", 5, "none .*agreed or blurred"),
        (f"media:\n  - file: a.jpg\n    credit: {'c' * 201}", 5, "at most 200 characters"),
        (f"media:\n  - file: {'f' * 301}", 4, "at most 300 characters"),
        (f"media: [{', '.join(f'{n}.jpg' for n in range(21))}]", 3, "20 files at most"),
    ],
)
def test_every_mistake_names_its_line_and_what_to_write(text, line, words):
    """Nothing is guessed."""
    with pytest.raises(PostInvalid, match=words) as refused:
        media(text)

    assert line == refused.value.line
