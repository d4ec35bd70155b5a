"""The language a chart speaks: English here. Pages hand in the language of whoever reads them.

Whole sentences are said, with their values named, so that another language may order them anew.
"""

from collections.abc import Mapping
from datetime import date

from bot.reports.figures.periods import NAMES, Change, age_in_words


class Tongue:
    """English; a subclass says the same in another language."""

    locale = "en-GB"

    def say(self, text: str, **values: object) -> str:
        """A text, its values filled in."""
        return text % values if values else text

    def plural(self, one: str, many: str, number: int, **values: object) -> str:
        """The text for that number of things, which it calls `num`."""
        return (one if number == 1 else many) % {"num": f"{number:,}", **values}

    def reason(self, text: str | None) -> str | None:
        """Why there is no figure."""
        return text

    def group(self, by: str, name: str, titles: Mapping[str, str]) -> str:  # noqa: ARG002
        """What a group is called."""
        return titles.get(name, name)

    def count(self, name: str) -> str:
        """`views`, `link clicks`."""
        return NAMES.get(name, name)

    def age(self, hours: int) -> str:
        """`after 24 hours`, `so far`."""
        return age_in_words(hours)

    def date(self, day: date) -> str:
        """`1 December 2026`."""
        return f"{day.day} {day:%B} {day.year}"

    def change(self, one: Change, title: str, age_hours: int) -> str:  # noqa: ARG002
        """One count in this time and the one before, as a sentence."""
        return one.sentence


ENGLISH = Tongue()
