"""Tables: drawn with rich in a terminal, as plain labelled lines everywhere else."""

import sys
from collections.abc import Sequence

from bot.cli.door import WIDTH, Door, fitted, shown

Row = Sequence[str]


def is_plain(door: Door) -> bool:
    """Whether output goes to a file, a pipe or a terminal that cannot draw."""
    if door.plain or not sys.stdout.isatty():
        return True
    from rich.console import Console

    return Console().is_dumb_terminal


def table(
    door: Door, titles: Sequence[str], rows: Sequence[Row], numbers: int = 0, whole: str = ""
) -> None:
    """Show rows under titles; the last `numbers` columns hold figures, `whole` is not folded."""
    if door.quiet or not rows:
        return
    if is_plain(door):
        for row in rows:
            cells = zip(titles, row, strict=True)
            door.say("; ".join(f"{title}: {cell}" for title, cell in cells if cell))
        return
    _draw(titles, rows, numbers, whole)


def _draw(titles: Sequence[str], rows: Sequence[Row], numbers: int, whole: str) -> None:
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    console = Console(highlight=False, markup=False, emoji=False)
    console.width = min(WIDTH, console.width)
    drawn = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False, header_style="bold")
    first_number = len(titles) - numbers
    for place, title in enumerate(titles):
        right = place >= first_number
        is_whole = title == whole
        drawn.add_column(
            title,
            justify="right" if right else "left",
            no_wrap=right or is_whole,
            max_width=None if is_whole else 30,
        )
    for row in rows:
        drawn.add_row(*(Text(shown(cell)) for cell in row))
    console.print(drawn)


def heading(door: Door, text: str) -> None:
    """A line above a block; bold where the terminal can."""
    if not door.quiet and not is_plain(door):
        import click

        click.echo(click.style(fitted(shown(text)), bold=True))
        return
    door.say(text)
