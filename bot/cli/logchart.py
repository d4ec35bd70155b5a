"""The views of `bot log` that can be drawn, into a file for a slide, a page or a print."""

from pathlib import Path

from bot.cli.logviews import Question, target
from bot.errors import UsageError
from bot.reports.charts import drawing, gallery
from bot.reports.charts.chart import Chart
from bot.reports.charts.gallery import Wish

# Which chart each view has.
CHARTS = {"by": "groups", "best_times": "best-times", "compare": "compare", "curve": "curve"}


def file_of(typed: str, view: str | None) -> Path:
    """The file to write; UsageError where its kind or the view has no chart."""
    file = Path(typed)
    if file.suffix.lower()[1:] not in drawing.KINDS:
        raise UsageError(f"A chart is an .svg or a .png file: {file.stem or 'chart'}.svg")
    if view not in CHARTS:
        raise UsageError(
            "These have a chart: --by, --compare, --best-times and --curve. "
            f"Such as: bot log --by campaign --chart {file}"
        )
    return file


def chart_of(q: Question, view: str, word: object) -> Chart:
    """The chart of that view, of the same posts."""
    asked = q.asked
    return gallery.chart(
        q.session,
        Wish(
            name=CHARTS[view],
            zone=q.bot.settings.zone,
            now=q.now,
            titles=q.titles,
            since=asked.since,
            account=asked.account,
            campaign=asked.campaign,
            label=asked.label,
            age_hours=q.age_hours,
            by=str(word) if view == "by" else "campaign",
            post_id=target(str(word))[0] if view == "curve" else None,
        ),
    )


def write(chart: Chart, file: Path) -> None:
    """Draw it into the file; NotDrawn says why there is no picture."""
    made = drawing.draw(chart, file.suffix.lower()[1:])
    try:
        file.write_bytes(made)
    except OSError as error:
        raise UsageError(f"{file} cannot be written: {error.strerror}.") from None
