"""What is measured is written down where it is asked for, and the table of it is strict."""

import json
from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader
from pathlib import Path

import pytest
from faults.scoreboard import record

BENCH = Path(__file__).resolve().parents[2] / "bench/faults"
GOOD = {"trials": 5, "copies": 0, "lost": 0, "shown": 2, "seconds": 15.0}


@pytest.fixture
def bench():
    """The bench as a module."""
    loader = SourceFileLoader("bench_faults", str(BENCH))
    module = module_from_spec(spec_from_loader(loader.name, loader))
    loader.exec_module(module)
    return module


@pytest.fixture
def scores(tmp_path, monkeypatch):
    """Where this test's scores go."""
    monkeypatch.setenv("FAULT_SCORES", str(tmp_path / "scores"))
    return tmp_path / "scores"


def test_nothing_is_written_where_nobody_asks(tmp_path, monkeypatch):
    """The test command leaves no file behind."""
    monkeypatch.delenv("FAULT_SCORES", raising=False)
    monkeypatch.chdir(tmp_path)
    record("a fault", 1, **GOOD)
    assert [] == list(tmp_path.iterdir())


def test_each_row_is_one_line(scores):
    """So that several processes may write at once."""
    record("a fault", 1, **GOOD)
    record("another", 2, **{**GOOD, "seconds": None})
    rows = [json.loads(line) for line in scores.read_text().splitlines()]
    assert [(1, "a fault", 15.0), (2, "another", None)] == [
        (row["number"], row["fault"], row["seconds"]) for row in rows
    ]


def test_the_table_adds_up_each_class(bench, scores, capsys):
    """Sums, and the longest wait."""
    for number in bench.CLASSES:
        record("it", number, **GOOD)
        record("it", number, **{**GOOD, "seconds": 1_200.0})
    assert bench.table(scores)
    lines = capsys.readouterr().out.splitlines()
    assert 1 + len(bench.CLASSES) == len(lines)
    assert ["10", "0", "0", "4", "1,200.0"] == lines[1].split()[-5:]
    assert max(map(len, lines)) <= 80


@pytest.mark.parametrize("wrong", [{"copies": 1}, {"lost": 1}, {"trials": 0}])
def test_one_copy_or_loss_in_any_class_fails_the_bench(bench, scores, wrong):
    """And so does a class that was tried no times."""
    for number in bench.CLASSES:
        record("it", number, **{**GOOD, **(wrong if number == 17 else {})})
    assert not bench.table(scores)


def test_a_class_that_was_not_measured_fails_the_bench_and_says_so(bench, scores, capsys):
    """A row is never typed in."""
    for number in set(bench.CLASSES) - {9}:
        record("it", number, **GOOD)
    assert not bench.table(scores)
    assert "not measured" in capsys.readouterr().out


def test_no_scores_at_all_fail_the_bench(bench, tmp_path):
    """As when not one test ran."""
    assert not bench.table(tmp_path / "nothing")


def test_the_classes_are_those_that_touch_publishing(bench):
    """1 to 19 and 22 to 24 of the list of faults."""
    assert {*range(1, 20), 22, 23, 24} == set(bench.CLASSES)
