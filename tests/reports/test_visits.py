"""What the site got: the group's own statistics, joined by the tags that went out."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import UsageError
from bot.reports.figures import visits

LINK = "https://example.org/a?utm_source=x&utm_campaign=honduras&utm_content="
FORM = "utm_source,utm_campaign,utm_content,visits\n"


def sent(world: Any, content: str, **fields: Any) -> int:
    delivery_id: int = world.queue(body=f"Read {LINK}{content}", again=True, **fields)
    world.send_due()
    return delivery_id


def rows(world: Any, text: str | bytes) -> list[dict[str, Any]]:
    content = text if isinstance(text, bytes) else text.encode()
    with world.store.read() as session:
        return visits.rows(session, content, "stats.csv", world.clock())


def test_visits_are_joined_to_the_post_whose_link_has_the_tags(world: Any) -> None:
    """Summed over lines; capital letters and thousands do not matter."""
    sent(world, "first-words")
    sent(world, "others")
    found = rows(
        world,
        f'{FORM}x,Honduras,First-words,"1,204"\nx,honduras,first-words,6\nx,honduras,others,7\n',
    )

    assert [(["P1"], ["x"], 1210, None), (["P2"], ["x"], 7, None)] == [
        (row["posts"], row["accounts"], row["visits"], row["reason"]) for row in found
    ]


def test_what_cannot_be_told_has_its_reason(world: Any) -> None:
    """Two posts with the same tags, a post nobody names, tags of no post."""
    sent(world, "same")
    sent(world, "same")
    sent(world, "unnamed")
    found = rows(world, f"{FORM}x,honduras,same,5\nx,honduras,theirs,9\n")

    assert [
        ([], 9, "no post of the last year has these tags"),
        (["P1", "P2"], 5, "several posts have these tags"),
        (["P3"], None, "your statistics do not name it"),
    ] == [(row["posts"], row["visits"], row["reason"]) for row in found]


def test_only_the_tags_of_the_file_are_joined_by(world: Any) -> None:
    """A file by utm_content alone is enough; remarks at the top are left out."""
    sent(world, "a")
    (row,) = rows(world, "\ufeff# Session export\n#\nSession manual ad content;Sessions\na;3\n")

    assert (["P1"], 3, "a", None) == (
        row["posts"],
        row["visits"],
        row["utm_content"],
        row["utm_source"],
    )


def test_what_is_not_out_or_older_than_a_year_is_not_joined(world: Any) -> None:
    """The file is of a recent time."""
    world.queue(body=f"Read {LINK}waits", at=world.clock().replace(tzinfo=None, day=5))
    sent(world, "old")
    world.clock.move(days=366)

    assert [] == rows(world, FORM)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "stats.csv is empty"),
        (b"name,visitors\na,1\n", "stats.csv, line 1: name one column visits, and another utm_con"),
        (b"utm_content,bounce\na,1\n", "name one column visits"),
        (FORM.encode() + b"x,h,a,many\n", "stats.csv, line 2: “many” is no count"),
        (FORM.encode() + b"x,h,a,-4\n", "no count of visits"),
        (FORM.encode() + b"x,h,a\n", "“” is no count"),
        (b"\xff\xfe\x00", "not UTF-8"),
        (b"x" * (visits.MAX_BYTES + 1), "larger than 5 MB"),
        (FORM.encode() + b"x,h,a,1\n" * (visits.MAX_ROWS + 1), "more than 100,000 rows"),
        (FORM.encode() + b'"' + b"x" * 200_000, "line 2: this is no CSV"),
    ],
)
def test_a_file_that_cannot_be_used_says_what_it_lacks(
    world: Any, content: bytes, said: str
) -> None:
    """The place, and what to do."""
    with pytest.raises(UsageError, match=said):
        rows(world, content)


@given(st.binary(max_size=300) | st.text(max_size=300).map(str.encode))
def test_no_file_does_more_than_be_refused(content: bytes) -> None:
    """Whatever somebody gives."""
    try:
        tags, found = visits._read(content, "stats.csv")
    except UsageError:
        return
    assert all(len(key) == len(tags) and number >= 0 for key, number in found.items())
