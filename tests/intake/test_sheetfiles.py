"""Files that are not what they say, or far more than they seem, end in words and cost little."""

import io
import re
import tracemalloc
import zipfile
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sheets import SHEET, as_csv, as_xlsx, tampered, with_member

from bot.errors import PostInvalid
from bot.intake import sheetgrid, sheetxml, sheetzip
from bot.intake.sheetrows import rows_of

BOOK = as_xlsx([("id", "text", "at", "link"), ("1", "Words", "next", ""), ("2", "More", "", "")])
FAR = '<row r="9000000"><c><v>1</v></c></row>'
NOISE = (
    *(b"", b"9", b"<c r='B2'>", b"</c>", b"-1", b"</v><v>", b"'"),
    *(b't="d"', b's="99999"', b't="b"', b"1e999", b"NaN"),
)
OLD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)


def refused(name, content):
    with pytest.raises(PostInvalid) as error:
        rows_of(name, content)
    return error.value


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.csv", b"", "The file is empty"),
        ("a.xlsx", b"", "The file is empty"),
        ("a.csv", BOOK, "its name says CSV"),
        ("a.csv", OLD, "its name says CSV"),
        ("a.xlsx", b"text\nWords\n", "This is no workbook"),
        ("a.xlsx", OLD, "has a password, or is in the old .xls format"),
        ("a.xlsx", b"PK\x03\x04 and then nothing", "damaged"),
        ("a.xlsx", BOOK[: len(BOOK) // 2], "damaged"),
        ("a.xls", OLD, "A .xls file is not read"),
        ("a.xlsm", BOOK, "A .xlsm file is not read"),
        ("a.ods", BOOK, "A .ods file is not read"),
        ("a#b.csv", b"text\nA", "Take the # out"),
        ("a\udce1.csv", b"text\nA", "Give it a plain name"),
        ("a" * 400 + ".csv", b"text\nA", "more than 300 characters"),
        ("a.csv", b"text\n\x00\x01\x02", "no text that can be read"),
        ("a.csv", b"text\n\x81\x8d\xff", "no text that can be read"),
        ("a.csv", b"\xff\xfet\x00e", "no text that can be read"),
        ("a.csv", b"\xef\xbb\xbftext\nBogot\xe1", "no text that can be read"),
        ("a.csv", b'text,link\nA,"unclosed\nB,b\n', "quotation mark"),
        ("a.csv", b"a" * 5_000_001, "more than 5,000,000 bytes"),
        ("a.xlsx", with_member(BOOK, "xl/vbaProject.bin", b"macros"), "has macros"),
        ("a.xlsx", with_member(BOOK, "XL/worksheets/Sheet1.xml", b"<a/>"), "damaged"),
        ("a.xlsx", with_member(BOOK, "xl/more.xml", b"<sst><si><t>a</t></si></sst>"), "damaged"),
        (
            "a.xlsx",
            tampered(BOOK, types=lambda xml: xml.replace("sheet.main", "sheet.macroEnabled.main")),
            "has macros",
        ),
    ],
)  # fmt: skip
def test_a_file_that_is_not_what_its_name_says_is_refused_in_words(name, content, said):
    """With what to do where that is known."""
    assert said in refused(name, content).reason


def test_a_workbook_that_a_program_locked_is_refused():
    """The flag of the container is enough."""
    out = io.BytesIO(BOOK)
    content = bytearray(out.getvalue())
    at = content.rindex(b"PK\x01\x02")
    content[at + 8] |= 1

    assert "password" in refused("a.xlsx", bytes(content)).reason


def test_rows_columns_and_cells_have_limits_in_both_kinds():
    """The message names the cell."""
    rows = [("text",), *((f"Post {n}",) for n in range(1001))]
    wide = [("text", *("_" * n for n in range(1, 60)), "_too"), ("A", *[""] * 59, "B")]
    long = [("text",), ("a" * 32_768,)]

    for name, made in (("a.csv", as_csv), ("a.xlsx", as_xlsx)):
        assert "in cell A1002" in refused(name, made(rows)).reason
        assert "in cell BI1" in refused(name, made(wide)).reason
    assert "32,768 characters" in refused("a.csv", as_csv(long)).reason
    assert 1000 == len(rows_of("a.csv", as_csv(rows[:-1])).rows)
    assert 1000 == len(rows_of("a.xlsx", as_xlsx(rows[:-1])).rows)


def test_a_bomb_is_refused_before_it_is_unpacked(monkeypatch):
    """A quarter of a gigabyte of spaces costs no quarter of a gigabyte."""
    bomb = io.BytesIO(BOOK)
    with (
        zipfile.ZipFile(bomb, "a", zipfile.ZIP_DEFLATED) as opened,
        opened.open("xl/bomb.xml", "w", force_zip64=True) as member,
    ):
        for _ in range(250):
            member.write(b" " * 1_000_000)
    tracemalloc.start()
    said = refused("a.xlsx", bomb.getvalue()).reason
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert len(bomb.getvalue()) < 1_000_000
    assert said == sheetxml.TOO_MUCH
    assert peak < 4 * sheetzip.MAX_UNPACKED_BYTES


@pytest.mark.parametrize(
    "change",
    [
        lambda xml: xml.replace('r="A2"', 'r="XFD1048576"', 1),
        lambda xml: xml.replace("</sheetData>", f"{FAR}</sheetData>"),
        lambda xml: xml.replace('r="A2"', 'r="AAAA2"', 1),
        lambda xml: xml.replace('r="A2"', 'r="&#65;2000"', 1),
        lambda xml: re.sub(r"<v>0</v>", "<v>4000000</v>", xml),
        lambda xml: xml.replace("<sheetData>", "<sheetData>" + "<a/>" * 400_001),
        lambda xml: xml.replace("<sheetData>", "<sheetData>" + "<a>" * 200 + "</a>" * 200),
        lambda xml: xml.replace("<worksheet", '<!DOCTYPE a [<!ENTITY b "c">]><worksheet', 1),
        lambda xml: xml[:-20],
    ],
)  # fmt: skip
def test_a_sheet_that_would_fill_the_memory_never_reaches_the_reader(change, monkeypatch):
    """A single cell far away would make the reader keep seventeen thousand million empty ones."""
    import python_calamine

    monkeypatch.setattr(python_calamine, "CalamineWorkbook", None)

    assert refused("a.xlsx", tampered(BOOK, sheet=change)).reason


def test_words_shared_by_many_cells_are_counted_for_each():
    """A small file must not become a large one by pointing at the same words again and again."""
    long = "a" * 32_000
    cells = "".join(f'<c r="B{row}" t="s"><v>0</v></c>' for row in range(2, 1000))
    content = tampered(
        BOOK,
        sheet=lambda xml: xml.replace("<sheetData>", f'<sheetData><row r="1">{cells}</row>'),
        strings=lambda xml: re.sub(r"<t>id</t>", f"<t>{long}</t>", xml),
    )

    assert len(content) < 20_000
    assert sheetxml.TOO_MUCH == refused("a.xlsx", content).reason


def test_a_cell_far_away_without_anything_in_it_does_no_harm():
    """Programs leave formatted cells behind."""
    far = '<row r="1048576"><c r="XFD1048576" s="0"/></row></sheetData>'
    content = tampered(BOOK, sheet=lambda xml: xml.replace("</sheetData>", far))

    assert ["Words", "More"] == [row.written.body for row in rows_of("a.xlsx", content).rows]


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        ('<c r="D2" t="e"><f>1/0</f><v>#DIV/0!</v></c>', "ends in an error"),
        ('<c r="D2" t="e"><v>#REF!</v></c>', "ends in an error"),
        ('<c r="D2"><f>A1</f></c>', "has no value yet"),
        ('<c r="D2"><f>A1</f><v></v></c>', "has no value yet"),
    ],
)
def test_a_formula_without_a_value_is_a_mistake_and_not_an_empty_cell(cell, said):
    """Else a link would be lost in silence."""
    content = tampered(
        BOOK, sheet=lambda xml: xml.replace('</row><row r="3"', f'{cell}</row><row r="3"')
    )
    first, second = rows_of("a.xlsx", content).rows

    assert said in dict(first.errors)["link"]
    assert (None, ()) == (first.written, second.errors)


def test_of_a_formula_its_shown_value_is_taken():
    """Whatever it was made of."""
    formula = (
        '<c r="D2" t="str"><f>"https://example.org/"&amp;A2</f><v>https://example.org/1</v></c>'
    )
    empty = '<c r="D3" t="str"><f>""</f><v></v></c></row></sheetData>'
    content = tampered(
        BOOK,
        sheet=lambda xml: xml.replace('</row><row r="3"', f'{formula}</row><row r="3"').replace(
            "</row></sheetData>", empty
        ),
    )
    first, second = rows_of("a.xlsx", content).rows

    assert ("https://example.org/1", None) == (first.written.link, second.written.link)


def test_words_that_look_like_a_formula_stay_words():
    """A CSV is never calculated."""
    (row,) = rows_of("a.csv", as_csv([("text",), ("=1+1",)])).rows

    assert "=1+1" == row.written.body


def test_hidden_sheets_are_not_read():
    """What nobody sees is not posted."""
    content = as_xlsx([("text",), ("A",)], Secret=[("text",), ("B",)])
    hidden = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(hidden, "w") as new:
        for name in old.namelist():
            part = old.read(name)
            if name == "xl/workbook.xml":
                part = part.replace(b'name="Secret"', b'name="Secret" state="hidden"')
            new.writestr(name, part)

    assert 2 == len(rows_of("a.xlsx", content).rows)
    assert 1 == len(rows_of("a.xlsx", hidden.getvalue()).rows)


@settings(max_examples=300)
@given(st.integers(0, len(BOOK) - 1), st.binary(min_size=1, max_size=8))
def test_a_damaged_workbook_is_read_or_refused_and_nothing_else(at, noise):
    """Whatever byte is wrong in the container."""
    content = BOOK[:at] + noise + BOOK[at + len(noise) :]
    with suppress(PostInvalid):
        rows_of("a.xlsx", content)


@settings(max_examples=300)
@given(st.data())
def test_damaged_parts_of_a_workbook_are_read_or_refused_and_nothing_else(data):
    """Also where the container is right and its XML is not."""
    with zipfile.ZipFile(io.BytesIO(BOOK)) as opened:
        parts = {name: opened.read(name) for name in opened.namelist()}
    name = data.draw(st.sampled_from((SHEET, "xl/sharedStrings.xml", "xl/workbook.xml",
                                      "xl/styles.xml", "xl/_rels/workbook.xml.rels")))  # fmt: skip
    part = parts[name]
    at = data.draw(st.integers(0, len(part) - 1))
    cut = data.draw(st.integers(0, 30))
    noise = data.draw(st.sampled_from(NOISE))
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        for other, content in (parts | {name: part[:at] + noise + part[at + cut :]}).items():
            packed.writestr(other, content)
    with suppress(PostInvalid):
        rows_of("a.xlsx", out.getvalue())


@settings(max_examples=200)
@given(st.binary(max_size=300))
def test_any_bytes_named_csv_are_read_or_refused_and_nothing_else(content):
    """Whatever was dropped into the folder."""
    for head in (b"text,at\n", b""):
        with suppress(PostInvalid):
            rows_of("a.csv", head + content)


def test_the_limit_of_cells_holds_in_the_middle_of_a_workbook(monkeypatch):
    """It is counted while looking, not afterwards."""
    monkeypatch.setattr(sheetxml, "MAX_ELEMENTS", 5)
    assert sheetxml.TOO_MUCH == refused("a.xlsx", BOOK).reason
    monkeypatch.undo()
    monkeypatch.setattr(sheetgrid, "LAST_ROW", 2)
    assert "cell A3" in refused("a.xlsx", BOOK).reason
