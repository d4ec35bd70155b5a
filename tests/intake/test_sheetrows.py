"""Rows of sheets become posts, whatever program wrote them, and each mistake has its cell."""

from datetime import date, datetime, time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sheets import as_csv, as_xlsx

from bot.errors import PostInvalid
from bot.formatting.text import tidy
from bot.intake.postfile import parse
from bot.intake.sheetcolumns import NAMES, worth
from bot.intake.sheetgrid import Line, letters
from bot.intake.sheetrows import rows_of
from bot.intake.sheetxml import _number
from bot.model.written import Picture

EVENING = datetime(2026, 12, 1, 18, 30)


def read(content, name="jan.csv"):
    return rows_of(name, content).rows


def one(content, name="jan.csv"):
    (row,) = read(content, name)
    assert () == row.errors
    return row.written


def errors(content, name="jan.csv"):
    return {row.number: dict(row.errors) for row in read(content, name) if row.errors}


def test_a_row_is_the_post_that_a_file_of_the_same_words_would_be():
    """Every setting, by its own reader; only where it stands differs."""
    file = parse(
        b"---\nto: [x, facebook]\nat: 2026-12-01 18:30\nexpires: 2026-12-02 22:00\ntoo_late: 30m\n"
        b"campaign: honduras\nlabels: [rivers, mines]\nlink: https://example.org/a\nthread: yes\n"
        b"urgent: no\nelection: unsure\nagain: yes\nutm: no\nlang: es\nnumbering: 1/3\n"
        b"link_part: first\nx: short\nfacebook: long\nmedia:\n"
        b"  - {file: media/a.jpg, alt: 'One, two', credit: Ana, people: agreed}\n"
        b"  - {file: media/b.jpg, alt: Three}\n---\nThe text."
    )
    head = (
        *("To", "AT", "Expires", "too late", "Campaign", " labels ", "Link", "Thread", "urgent"),
        *("election", "again", "utm", "lang", "numbering", "Link part", "x", "Facebook"),
        *("media", "alt", "credit", "people", "media 2", "Alt_2", "Text"),
    )
    cells = (
        *("x, facebook", "1/12/2026 18:30", "2026-12-02 22:00", "30m", "honduras"),
        *("rivers, mines", "https://example.org/a", "yes", "no", "unsure", "yes", "no", "es"),
        *("1/3", "first", "short", "long", "media/a.jpg", "One, two", "Ana", "agreed"),
        *("media/b.jpg", "Three", "The text."),
    )

    assert file == one(as_csv([head, cells]))
    assert file == one(as_xlsx([head, cells]), "jan.xlsx")


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_csv_of_every_common_kind_reads_the_same(delimiter, encoding):
    """As Excel, Google Sheets, LibreOffice and Numbers write it."""
    rows = [("text", "labels"), ("“Bogotá”, señor; a\tb\nand a second line", "a, b")]
    written = one(as_csv(rows, delimiter, encoding))

    assert "“Bogotá”, señor; a\tb\nand a second line" == written.body
    assert ("a", "b") == written.labels


def test_windows_text_is_read_and_said():
    """A guess of last resort is worth a look."""
    sheet = rows_of("jan.csv", as_csv([("text",), ("Bogotá",)], encoding="cp1252"))

    assert "Check its accents" in sheet.notes[0]
    assert () == rows_of("jan.csv", as_csv([("text",), ("Bogotá",)])).notes


def test_the_line_that_excel_puts_first_is_no_row():
    """`sep=;` parts the cells; rows keep the numbers a spreadsheet shows."""
    rows = read(b"sep=;\r\ntext;link\r\nOne, two;https://example.org\r\n")

    assert [(3, "One, two")] == [(row.number, row.written.body) for row in rows]


@pytest.mark.parametrize(
    ("cell", "column", "wanted"),
    [
        (EVENING, "at", EVENING),
        ("1/12/2026 18:30", "at", EVENING),
        ("2026-12-01 18:30", "at", EVENING),
        ("2026-12-01T18:30:00", "at", EVENING),
    ],
)
def test_dates_are_day_first_iso_or_real_date_cells(cell, column, wanted):
    """The same moment in each."""
    assert wanted == one(as_xlsx([("text", column), ("A", cell)]), "a.xlsx").at


@pytest.mark.parametrize(
    ("day", "hour"),
    [
        (date(2026, 12, 1), time(18, 30)),
        ("1/12/2026", "18:30"),
        (date(2026, 12, 1), "18:30"),
    ],
)
def test_a_date_and_a_time_column_are_one_moment(day, hour):
    """Typed, or as cells of their own kind."""
    assert EVENING == one(as_xlsx([("text", "Date", "Time"), ("A", day, hour)]), "a.xlsx").at


@pytest.mark.parametrize(
    ("head", "cells", "column", "said"),
    [
        (("text", "at"), ("A", date(2026, 12, 1)), "at", "has no time of day"),
        (("text", "date"), ("A", date(2026, 12, 1)), "time", "go together"),
        (("text", "at"), ("A", "31/11/2026 10:00"), "at", "31 November 2026 does not exist"),
        (("text", "at"), ("A", "tomorrow"), "at", "is not a date"),
        (("text", "too_late"), ("A", "soon"), "too_late", "not a length of time"),
        (("text", "to"), ("A", "all"), "to", "is not an account"),
        (("text", "link"), ("A", "example.org"), "link", "is not a web address"),
        (("text", "thread"), ("A", "perhaps"), "thread", "neither yes nor no"),
        (("text", "numbering"), ("A", date(2026, 3, 1)), "numbering", "made a date"),
        (("text",), (1234,), "text", "holds a number or a date"),
        (("text", "alt"), ("A", "words"), "alt", "No file is named"),
        (("text", "media", "people"), ("A", "a.jpg", "maybe"), "people", "none"),
        (("text", "media", "alt"), ("A", "a.jpg", 5), "alt", "holds a number"),
        (("text", "image url"), ("A", "https://e.org/a.jpg"), "image_url", "web address"),
        (("text", "every"), ("A", "2 weeks"), "every", "needs a last day"),
        (("text", "fields.where"), ("A", "here"), "fields", "belongs to a template"),
        (("text", "id"), ("A", "a#b"), "id", "without a #"),
        (("text", "id"), ("A", "a\nb"), "id", "one line"),
        (("text", "id"), ("A", "a\x07b"), "id", "one line"),
        (("text", "id"), ("A", "a" * 101), "id", "at most 100 characters"),
        (("link",), ("https://example.org",), "text", "There is no text"),
        (("text", "x"), ("A\x07", "B"), "text", "invisible control character"),
    ],
)
def test_a_mistake_stands_beside_its_cell(head, cells, column, said):
    """In words, without naming the column twice."""
    found = errors(as_xlsx([head, cells]), "a.xlsx")

    assert said in found[2][column]
    assert not found[2][column].startswith(f"{column}:")


def test_all_mistakes_of_a_row_are_told_at_once_and_stop_only_that_row():
    """The others are posts."""
    rows = read(as_csv([("text", "at", "link"), ("A", "x", "y"), ("B", "", "")]))

    assert {"at", "link"} == dict(rows[0].errors).keys()
    assert (None, "B") == (rows[0].written, rows[1].written.body)


def test_a_yes_or_no_cell_and_a_number_are_read_as_typed():
    """Excel keeps TRUE and 12 as values of their own kind."""
    content = as_xlsx([("id", "text", "urgent", "campaign"), (12, "A", True, 2026)])
    (row,) = read(content, "a.xlsx")

    assert ("12", True, "2026") == (row.id, row.written.urgent, row.written.campaign)


def test_where_one_row_has_the_month_first_dates_of_two_meanings_are_refused():
    """12/31/2026 shows that 1/12/2026 may be January."""
    rows = [("text", "at"), ("A", "12/31/2026 18:30"), ("B", "1/12/2026 18:30"),
            ("C", "2026-12-03 18:30"), ("D", "5/5/2027 18:30")]  # fmt: skip
    found = errors(as_csv(rows))

    assert {2, 3} == found.keys()
    assert "There is no month 31" in found[2]["at"]
    assert "Row 2 of this sheet writes the month first" in found[3]["at"]


@pytest.mark.parametrize(
    ("head", "said"),
    [
        (("text", "campain"), "Column B: “campain” is not known. Did you mean campaign?"),
        (("text", "Mesage"), "Did you mean text?"),
        (("text", "qqqq"), "Known: id, text"),
        (("text", "message"), "Columns A and B are both the column text"),
        (("text", "at", "date"), "either a column at, or the columns date and time"),
        (("text", "media 11"), "is not known"),
    ],
)
def test_a_heading_that_is_not_known_is_a_mistake_of_the_whole_sheet(head, said):
    """Else what stands below would be left out in silence."""
    with pytest.raises(PostInvalid) as refused:
        read(as_csv([head, ["A"] * len(head)]))

    assert said in refused.value.reason
    assert 1 == refused.value.line


def test_notes_are_left_out_and_a_cell_without_a_heading_is_a_mistake():
    """What is for themselves, people say so."""
    assert "A" == one(as_csv([("text", "Notes", "_who"), ("A", "ask Ana", "Ana")])).body
    found = errors(as_csv([("text",), ("Hello", "world")]))

    assert {"B": "Something stands here, but the column has no heading."} == found[2]


def test_buffers_headings_are_known():
    """Text, Image URL, Tags, Posting Time."""
    head = ("Text", "Image URL", "Tags", "Posting Time")
    rows = read(as_csv([head, ("A", "", "rivers, mines", "2026-12-01 18:30"), ("B", "", "", "")]))

    assert (EVENING, ("rivers", "mines")) == (rows[0].written.at, rows[0].written.labels)
    assert "next" == rows[1].written.timing


def test_hootsuites_sheet_without_headings_is_known_by_its_dates():
    """And is said, as nobody wrote which column is which."""
    content = as_csv([("01/12/2026 18:30", "A, b", "https://example.org"), ("2/12/2026 9:00", "B")])
    sheet = rows_of("h.csv", content)

    assert [1, 2] == [row.number for row in sheet.rows]
    assert [EVENING, datetime(2026, 12, 2, 9)] == [row.written.at for row in sheet.rows]
    assert "https://example.org" == sheet.rows[0].written.link
    assert "Hootsuite" in sheet.notes[0]


def test_a_row_is_known_by_its_id_else_by_its_first_words():
    """Case, accents and marks do not matter."""
    content = as_csv([("id", "text"), ("March-1", "A"), ("", "Join us, señor, at the big march!")])

    assert ["jan.csv#march-1", "jan.csv##join us senor at the big"] == [
        row.key for row in read(content)
    ]


def test_a_second_row_of_the_same_key_is_a_mistake_of_that_row():
    """The first is a post."""
    ids = errors(as_csv([("id", "text"), ("1", "A"), ("1", "B")]))
    words = errors(as_csv([("text",), ("One two three four five six seven",),
                           ("One two three four five six EIGHT",)]))  # fmt: skip

    assert {3} == ids.keys() == words.keys()
    assert "stands in row 2 already" in ids[3]["id"]
    assert "same words as row 2" in words[3]["text"]


def test_the_digest_is_the_same_however_the_cells_are_typed():
    """Another program, another order of columns, another way to write the time."""
    first = read(as_csv([("id", "text", "at"), ("1", "A", "1/12/2026 18:30")]))[0]
    second = read(as_xlsx([("at", "TEXT", "Id"), (EVENING, "A", 1)]), "a.xlsx")[0]
    third = read(as_csv([("id", "text", "at"), ("1", "A", "1/12/2026 18:31")]))[0]

    parted = [("id", "text", "date", "time"), ("1", "A", "2026-12-01", "18:30")]
    fourth = read(as_csv(parted))[0]

    assert first.digest == second.digest == fourth.digest != third.digest


def test_a_workbook_may_have_several_sheets_and_others_are_left_out():
    """One without a column of a post is said, the template's own are not."""
    posts = [("text",), ("A",)]
    content = as_xlsx(posts, January=[("text",), ("B",)], Budget=[("pounds",), (5,)],
                      Columns=[("text",), ("C",)], _old=[("text",), ("D",)])  # fmt: skip
    sheet = rows_of("a.xlsx", content)

    assert ["A", "B"] == [row.written.body for row in sheet.rows]
    assert ["row 2 of Posts", "row 2 of January"] == [row.place for row in sheet.rows]
    assert ("The sheet “Budget” has no column of a post; it was left out.",) == sheet.notes


def test_pictures_stand_in_the_order_of_their_columns():
    """Each with its own words."""
    head = ("text", "image 2", "photo", "alt text 2", "alt")
    written = one(as_csv([head, ("A", "b.jpg", "a.jpg", "two", "one")]))

    assert (Picture("a.jpg", "one"), Picture("b.jpg", "two")) == written.media


def test_fields_of_a_template_are_columns():
    """A row may have no text of its own then."""
    written = one(as_csv([("template", "fields.where", "Field: when"), ("event", "Here", "Now")]))

    assert ("event", {"where": "Here", "when": "Now"}) == (written.template, written.fields)


def test_column_letters_and_numbers_are_inverse():
    """A, Z, AA, XFD."""
    assert ["A", "Z", "AA", "XFD"] == [letters(n) for n in (1, 26, 27, 16384)]
    assert all(n == _number(letters(n)) for n in range(1, 2000))


def test_the_page_for_volunteers_names_every_column():
    """What can be written is explained where people look."""
    page = (Path(__file__).parents[2] / "docs" / "spreadsheets.md").read_text(encoding="utf-8")
    silent = [name for name in NAMES if f"`{name}`" not in page]

    assert [] == silent


def test_every_name_of_a_column_is_worth_as_much():
    """Whichever a person begins with, its sheet is told from others."""
    assert all(1 == worth(Line(1, (name.replace("_", " ").title(),))) for name in NAMES)


SIGNS = st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Cn", "Co"))
TEXT = st.text(SIGNS | st.just("\n"), min_size=1, max_size=60).map(tidy).map(str.strip).filter(bool)
WORD = st.from_regex(r"[a-z]{1,12}", fullmatch=True)
POST = st.fixed_dictionaries(
    {"text": TEXT, "id": WORD},
    optional={
        "x": TEXT,
        # At midnight a cell cannot say that a time is meant at all.
        "at": st.datetimes(datetime(2026, 12, 1), datetime(2099, 1, 1))
        .map(lambda moment: moment.replace(second=0, microsecond=0))
        .filter(lambda moment: moment.time() != time()),
        "campaign": WORD,
        "labels": st.lists(WORD, min_size=1, max_size=3, unique=True),
        "link": WORD.map("https://example.org/{}".format),
        "media": WORD.map("media/{}.jpg".format),
        "urgent": st.booleans(),
        "election": st.sampled_from(("yes", "no", "unsure")),
    },
)
PLAIN = {list: ", ".join, bool: {True: "yes", False: "no"}.get}


def _cells(post, names, *, typed):
    for name in names:
        value = post.get(name, "")
        if isinstance(value, datetime):
            yield value if typed else f"{value.day}/{value.month}/{value:%Y %H:%M}"
        elif isinstance(value, bool) and typed:
            yield value
        else:
            yield PLAIN.get(type(value), str)(value)


def _same(post, row):
    written = row.written
    assert () == row.errors
    assert post["text"] == written.body
    assert {name: post[name] for name in ("x",) if name in post} == written.texts
    assert post.get("at") == written.at
    assert post.get("campaign") == written.campaign
    assert tuple(post.get("labels", ())) == written.labels
    assert post.get("link") == written.link
    assert [post[name] for name in ("media",) if name in post] == [
        one.file for one in written.media
    ]
    assert post.get("urgent", False) == written.urgent
    assert post.get("election", "unsure") == written.election


@settings(max_examples=50)
@given(
    st.lists(POST, min_size=1, max_size=5, unique_by=lambda post: post["id"]),
    st.permutations(("id", "text", "x", "at", "campaign", "labels", "link", "media", "urgent",
                     "election")),
    st.sampled_from(",;\t"),
    st.sampled_from(("utf-8", "utf-8-sig", "utf-16")),
)  # fmt: skip
def test_whatever_is_written_is_read_the_same(posts, names, delimiter, encoding):
    """Any words, any columns in any order, as CSV and as a workbook with typed cells."""
    rows = [list(_cells(post, names, typed=False)) for post in posts]
    flat = read(as_csv([names, *rows], delimiter, encoding))
    typed = [list(_cells(post, names, typed=True)) for post in posts]
    book = read(as_xlsx([names, *typed]), "a.xlsx")

    assert len(posts) == len(flat) == len(book)
    for post, *read_as in zip(posts, flat, book, strict=True):
        for row in read_as:
            _same(post, row)
    assert [row.digest for row in flat] == [row.digest for row in book]
