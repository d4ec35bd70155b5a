"""The table of what was measured: rows are replaced bench by bench, and a miss is never lost."""

import runpy
from pathlib import Path

import pytest

from bench import results
from bench.figures import Figures

BENCH = Path(results.__file__).parent
ORDER = ("overhead", "chaos")


@pytest.fixture
def table(tmp_path):
    return tmp_path / "RESULTS.md"


def figures(tmp_path, *, value: float):
    found = Figures("overhead")
    found.add("ratio", value, "", at_least=0.8)
    found.add("posts a second", 1234, "posts/s")
    found.skip("no server")
    code = found.end(tmp_path / "kept.json")
    return code, results.of_figures("overhead", tmp_path / "kept.json")


def test_a_figure_below_its_aim_is_missed_and_one_not_measured_is_skipped(tmp_path):
    code, rows = figures(tmp_path, value=0.7)

    assert 1 == code
    assert [results.MISSED, results.TOLD, results.SKIPPED] == [row.verdict for row in rows]
    assert (0, results.MET) == (
        figures(tmp_path, value=0.8)[0],
        figures(tmp_path, value=0.8)[1][0].verdict,
    )


def test_what_is_kept_is_read_back_as_it_was(table, tmp_path):
    _, rows = figures(tmp_path, value=0.9)
    results.keep(table, "1 May 2026", "overhead", rows, order=ORDER)

    runs, read = results.read(table)

    assert {1: "1 May 2026"} == runs
    assert [(row.name, row.found, row.verdict) for row in rows] == [
        (row.name, row.found, row.verdict) for row in read
    ]


def test_running_one_bench_leaves_the_others_with_their_own_run(table, tmp_path):
    _, rows = figures(tmp_path, value=0.9)
    results.keep(
        table, "the first day", "chaos", results.of_lines("chaos", ["old"], 0), order=ORDER
    )
    results.keep(table, "the first day", "overhead", rows, order=ORDER)
    results.keep(table, "another day", "chaos", results.of_lines("chaos", ["new"], 1), order=ORDER)

    runs, read = results.read(table)

    assert {"overhead": "the first day", "chaos": "another day"} == {
        row.bench: runs[row.run] for row in read
    }
    assert ["overhead"] * 3 + ["chaos"] * 2 == [row.bench for row in read]
    assert "new" in [row.found for row in read]
    assert "old" not in [row.found for row in read]


def test_a_run_that_no_row_is_of_any_more_is_gone(table):
    for day in ("the first day", "another day"):
        results.keep(table, day, "chaos", results.of_lines("chaos", ["x"], 0), order=ORDER)

    assert ["another day"] == list(results.read(table)[0].values())


def test_a_bench_that_only_prints_is_judged_by_how_it_ended():
    lines = ["  2 of 9", "", "copies | losses: 0"]

    ended, said = results.of_lines("chaos", lines, 1)

    assert results.MISSED == ended.verdict
    assert results.MET == results.of_lines("chaos", lines, 0)[0].verdict
    assert "copies / losses: 0" in str(said)


def test_capacity_names_the_bench_to_run_and_reckons_from_its_rows(table):
    capacity = runpy.run_path(str(BENCH / "capacity"))
    assert "Run: bench/all overhead" in capacity["measured"](table)

    found = {"commits": "3.00", "statements": "20.0", "cpu": "5.00 ms", "one": "50.0 posts/s"}
    rows = [
        results.Row("overhead", capacity["ROWS"][key][1], said)
        for key, said in {**found, "four": "1,000 posts/s"}.items()
    ]
    results.keep(table, "1 May 2026", "overhead", rows, order=ORDER)
    said = "\n".join(capacity["table"](capacity["measured"](table)))

    # A million a day: a fifth in one hour is 55.6 a second, of 5 ms, of the 50 and the 1,000.
    assert "| A second, in the busiest hour | 0.06 | 5.56 | 55.56 |" in said
    assert "| Processor then, of one core | 0.0 % | 2.8 % | 27.8 % |" in said
    assert "| Of what one `bot run` can on SQLite | 0.1 % | 11.1 % | 111.1 % |" in said
    assert "| Of what four can on PostgreSQL | 0.0 % | 0.6 % | 5.6 % |" in said
    assert "| X apps needed by their daily limit | 1 | 10 | 100 |" in said
    assert "| X, dollars a day, all with a link | $200 | $20,000 | $200,000 |" in said
