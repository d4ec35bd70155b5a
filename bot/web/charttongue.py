"""What charts say, in the language of the page they stand on."""

from collections.abc import Mapping
from datetime import date

from bot.reports.charts.tongue import Tongue
from bot.reports.figures.periods import Change
from bot.web import figurewords, wording
from bot.web.language import _, chosen, plural

# How dates on an axis are written in each language of the pages.
LOCALES = {"en": "en-GB", "es": "es-ES"}


class OfThePage(Tongue):
    """The tongue of whoever reads the page; its texts are gathered from where charts say them."""

    def __init__(self) -> None:
        self.locale = LOCALES[chosen()]

    def say(self, text: str, **values: object) -> str:
        return _(text, **values)

    def plural(self, one: str, many: str, number: int, **values: object) -> str:
        return plural(one, many, number, **values)

    def reason(self, text: str | None) -> str | None:
        return text and figurewords.reason(text)

    def group(self, by: str, name: str, titles: Mapping[str, str]) -> str:
        return titles.get(name) or figurewords.group(by, name)

    def count(self, name: str) -> str:
        return figurewords.count_word(name)

    def age(self, hours: int) -> str:
        return figurewords.age(hours)

    def date(self, day: date) -> str:
        return wording.day(day)

    def change(self, one: Change, title: str, age_hours: int) -> str:
        return figurewords.change(one, title, age_hours)
