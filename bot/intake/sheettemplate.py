"""Makes an empty sheet to write posts in: headings, typed cells, and two sheets that explain.

The sheet of posts is empty, so that the file can lie in the posts folder; the sheets Columns and
Examples are never read. Cells for words are text, so that no program makes a date of 1/3.
"""

import io
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from bot.intake.sheetcolumns import NAMES
from bot.intake.sheetgrid import LAST_ROW
from bot.intake.sheetrows import SUFFIXES
from bot.platforms import REGISTRY

POSTS, COLUMNS, EXAMPLES = "Posts", "Columns", "Examples"
ENDING = SUFFIXES[1]
MOMENTS = ("at", "expires")
CHOICES = {
    **dict.fromkeys(("thread", "urgent", "again"), ("yes", "no")),
    "election": ("yes", "no", "unsure"),
    "people": ("none", "agreed", "blurred"),
}
HEADINGS = (
    *("id", "text", "to", "at", "link", "media", "alt", "people", "credit", "campaign", "labels"),
    *("thread", "urgent", "election", "expires", "too_late", "again", *REGISTRY, "notes"),
)
WIDTHS = {"text": 60, "alt": 40, "link": 30, "notes": 30, **dict.fromkeys(MOMENTS, 18)}
MEANS: dict[str, tuple[str, str]] = {
    "id": ("A name of your own for the post, so that you can change its row later.", "march-1"),
    "text": ("What the post says, as plain text.", "Join us on Saturday."),
    "to": ("Which accounts it is for; left empty, every account that is on.", "x, facebook"),
    "at": ("When it goes out, London time; empty or next: the next free time.", "1/12/2026 18:30"),
    "date": ("The day it goes out, where a column time holds the hour.", "1/12/2026"),
    "time": ("The hour it goes out, beside a column date.", "18:30"),
    "expires": ("It never goes out after this.", "2/12/2026 22:00"),
    "too_late": ("How late it may still go out.", "2h"),
    "campaign": ("What it is filed under in the engagement log.", "honduras"),
    "labels": ("More words to file it under, with commas between.", "rivers, spyware"),
    "link": (
        "A web address in full; do not write it into the text as well.",
        "https://example.org",
    ),
    "link_part": ("In a thread, the part that carries the link: first, last or a number.", "last"),
    "media": (
        "A picture or video in the posts folder; more of them in columns media 2, media 3.",
        "media/march.jpg",
    ),
    "alt": ("What the picture shows, for people who cannot see it.", "Marchers fill the square"),
    "credit": ("Who made the picture.", "A. Photographer"),
    "people": ("Whether those it shows agreed: none, agreed or blurred.", "agreed"),
    "part": ("In a thread, the part that shows the picture.", "1"),
    "thread": ("Yes, where a text too long for one post may become several.", "yes"),
    "numbering": ("In a thread, 1/3 or (1/3) at the end of each part.", "1/3"),
    "urgent": ("Yes, where it goes before others and keeps no distance to them.", "no"),
    "election": ("Whether it could be read as urging a vote: yes, no or unsure.", "no"),
    "again": ("Yes, to post words that went out within 30 days.", "no"),
    "lang": ("The language of the text: en, es or pt.", "es"),
    "utm": ("Yes or no: tag the link, so that your statistics say where readers came from.", "yes"),
    "template": (
        "A form of the posts folder; its fields are columns such as fields.where.",
        "event",
    ),
    "every": ("How often it is repeated, with two wordings at least in the text.", "2 weeks"),
    "until": ("The last day it is repeated.", "2027-03-31"),
    **{name: (f"Other words for {name} alone.", "Shorter words.") for name in REGISTRY},
    "notes": ("For yourselves: this column is not read.", "Ask Ana for the picture"),
}


def template(today: date) -> bytes:
    """The file's bytes; its examples have times in the week after `today`."""
    import xlsxwriter

    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(out, options) as book:
        formats = {
            "head": book.add_format({"bold": True, "bottom": 1, "num_format": "@"}),
            "words": book.add_format({"num_format": "@", "text_wrap": True, "valign": "top"}),
            "moment": book.add_format({"num_format": "dd/mm/yyyy hh:mm", "valign": "top"}),
        }
        _posts(book.add_worksheet(POSTS), formats)
        _explained(book.add_worksheet(COLUMNS), formats)
        examples = book.add_worksheet(EXAMPLES)
        _posts(examples, formats)
        _fill(examples, formats, today)
    return out.getvalue()


def _posts(sheet: Any, formats: dict[str, Any]) -> None:
    sheet.freeze_panes(1, 1)
    for place, name in enumerate(HEADINGS):
        kind = "moment" if name in MOMENTS else "words"
        sheet.set_column(place, place, WIDTHS.get(name, 12), formats[kind])
        sheet.write_string(0, place, name, formats["head"])
        if name in CHOICES:
            rule = {"validate": "list", "source": list(CHOICES[name]), "ignore_blank": True}
            sheet.data_validation(1, place, LAST_ROW - 1, place, rule)


def _explained(sheet: Any, formats: dict[str, Any]) -> None:
    sheet.set_column(0, 0, 14)
    sheet.set_column(1, 1, 80)
    sheet.set_column(2, 2, 28)
    names = (*NAMES, "notes")
    rows = [("Column", "What it means", "Example"), *((name, *MEANS[name]) for name in names)]
    for number, row in enumerate(rows):
        for place, words in enumerate(row):
            sheet.write_string(number, place, words, formats["words" if number else "head"])


def _fill(sheet: Any, formats: dict[str, Any], today: date) -> None:
    for number, row in enumerate(_examples(today), 1):
        for name, value in row.items():
            place = HEADINGS.index(name)
            if isinstance(value, datetime):
                sheet.write_datetime(number, place, value, formats["moment"])
            else:
                sheet.write_string(number, place, value, formats["words"])


def _examples(today: date) -> Sequence[dict[str, str | datetime]]:
    evening = datetime.combine(today + timedelta(days=7), time(18, 30))
    return (
        {
            "id": "vigil-1",
            "text": "Join us outside the embassy on Saturday at noon. Bring a candle.",
            "at": evening,
            "campaign": "honduras",
            "election": "no",
        },
        {
            "id": "report-1",
            "text": "The court has ruled for the river. What happens next, and what you can do:",
            "to": "facebook",
            "link": "https://example.org/ruling",
            "labels": "rivers, courts",
            "expires": evening + timedelta(days=1),
            "notes": "No time is given: it goes out at the next free one.",
        },
        {
            "id": "march-1",
            "text": "Thousands marched through the capital today.",
            "media": "media/march.jpg",
            "alt": "Marchers fill the square with banners and flags",
            "people": "none",
        },
    )
