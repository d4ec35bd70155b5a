"""What a chart is: its rows, and one sentence that says what they show."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from bot.reports.charts.tongue import ENGLISH
from bot.reports.figures.periods import number

Row = Mapping[str, Any]
UNKNOWN = "–"


@dataclass(frozen=True, slots=True)
class Chart:
    """A table, its sentence, and what is needed to draw it.

    `columns` are the keys of a row that the table shows, with their titles; `names` are the words
    the picture needs beside the rows, `notes` what its marks mean, `locale` how dates are written.
    No rows: `sentence` says why, and there is no picture.
    """

    name: str
    title: str
    sentence: str
    columns: Mapping[str, str]
    rows: Sequence[Row]
    names: Mapping[str, str] = field(default_factory=dict)
    notes: Sequence[str] = ()
    locale: str = ENGLISH.locale

    @property
    def has_picture(self) -> bool:
        """Whether there is anything to draw."""
        return bool(self.rows)

    @property
    def spec(self) -> dict[str, Any]:
        """The Vega-Lite specification; loads Altair, so never ask in the web's process."""
        from bot.reports.charts.specs import SPECS

        return SPECS[self.name](self)

    @property
    def written(self) -> list[list[str]]:
        """The table's cells, as people read them."""
        return [[_cell(row[key]) for key in self.columns] for row in self.rows]

    @property
    def numbers(self) -> list[bool]:
        """Which columns of the table hold numbers."""
        return [self._is_number(key) for key in self.columns]

    def _is_number(self, key: str) -> bool:
        values = [row[key] for row in self.rows if row[key] is not None]
        return bool(values) and not any(isinstance(value, str) for value in values)

    def as_plain(self) -> dict[str, Any]:
        """For JSON: the rows are in it as they are in the table and in the picture."""
        return asdict(self)


def _cell(value: Any) -> str:
    """`1,204`; a dash is not zero."""
    if value is None:
        return UNKNOWN
    return value if isinstance(value, str) else number(value)
