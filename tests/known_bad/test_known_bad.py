"""The suite bites: publishers known to be wrong are caught by it.

Each patch beside this file turns the bot into one that real schedulers have been. To renew a patch
after a change of the code: change a copy of bot/ and write `diff -u a/bot b/bot`.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
DELIVER = "tests/delivery/test_deliver.py"
OUTCOMES = "tests/delivery/test_outcomes.py"
CONFIRM = "tests/delivery/test_confirm.py"
SUBSET = {
    "send_then_record": [
        f"{DELIVER}::test_the_attempt_is_committed_before_its_request_leaves",
        f"{DELIVER}::test_a_pause_between_claim_and_request_stops_it",
        f"{DELIVER}::test_a_claim_lost_before_the_request_stops_it",
    ],
    "retry_on_timeout": [
        f"{OUTCOMES}::test_an_unknown_end_is_a_doubt_with_a_first_look_after_fifteen_seconds",
        f"{CONFIRM}::test_found_at_the_first_look_is_sent_with_its_own_time_and_link",
    ],
    "batch_claim": [
        f"{DELIVER}::test_only_what_is_being_sent_is_claimed",
        "tests/store/test_claims.py::test_of_many_posts_of_an_account_one_is_being_sent",
        "tests/store/test_claims.py::test_the_schema_itself_refuses_a_second_one_being_sent",
    ],
    "lease_without_token": [
        f"{DELIVER}::test_a_claim_taken_over_by_another_token_stops_the_first",
        f"{DELIVER}::test_a_late_failure_of_an_old_claim_does_not_touch_the_new_one",
    ],
}
# A stale owner must wake up just when another one sends: rarer than a test can wait for.
TOO_RARE = {"lease_without_token"}


@pytest.fixture
def copy(tmp_path):
    """The bot and the tests that matter here, in a folder of their own."""
    leave_out = shutil.ignore_patterns("__pycache__", "*.pyc")
    shutil.copytree(ROOT / "bot", tmp_path / "bot", ignore=leave_out)
    for room in ("delivery", "store"):
        shutil.copytree(ROOT / "tests" / room, tmp_path / "tests" / room, ignore=leave_out)
    shutil.copytree(ROOT / "tests/simulation", tmp_path / "tests/simulation", ignore=leave_out)
    shutil.copytree(ROOT / "bench", tmp_path / "bench", ignore=leave_out)
    for name in ("conftest.py", "scripted_platform.py", "world.py"):
        shutil.copy(ROOT / "tests" / name, tmp_path / "tests" / name)
    shutil.copy(ROOT / "pyproject.toml", tmp_path / "pyproject.toml")
    return tmp_path


def failures(folder, tests):
    """The named tests that do not pass on the bot in that folder."""
    names = [f"{name}[sqlite]" for name in tests]
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-rA", *names]
    env = {key: value for key, value in os.environ.items() if not key.startswith("PYTEST")}
    done = subprocess.run(
        command,
        cwd=folder,
        env={**env, "PYTHONPATH": str(folder)},
        capture_output=True,
        text=True,
        timeout=100,
    )
    said = done.stdout + done.stderr
    assert done.returncode in (0, 1), said
    told = {n: [word for word in ("PASSED", "FAILED") if f"{word} {n}" in said] for n in names}
    assert all(len(words) == 1 for words in told.values()), said
    return [name for name, words in told.items() if words == ["FAILED"]]


def make_bad(folder, name):
    """Turn the bot in that folder into a known-bad one."""
    patch = HERE / f"{name}.patch"
    command = ["git", "apply", "-C1", str(patch)]
    applied = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    assert 0 == applied.returncode, f"{patch.name} no longer fits the code: {applied.stderr}"


@pytest.mark.timeout(300)
@pytest.mark.parametrize("name", sorted(SUBSET.keys() - TOO_RARE))
def test_a_known_bad_bot_is_found_out_by_the_simulator(copy, name):
    """Within few seeds, and with the one named that shows it."""
    make_bad(copy, name)
    command = [sys.executable, "bench/simulate", "--until-broken", "--processes", "1"]
    done = subprocess.run(
        [*command, "--seeds", "20"], cwd=copy, capture_output=True, text=True, timeout=250
    )

    assert 1 == done.returncode, done.stdout + done.stderr
    assert "again: bench/simulate --seed" in done.stdout


@pytest.mark.timeout(200)
def test_the_named_tests_pass_on_the_bot_as_it_is(copy):
    """Else their failing would prove nothing."""
    assert [] == failures(copy, [name for tests in SUBSET.values() for name in tests])


@pytest.mark.timeout(200)
@pytest.mark.parametrize("name", sorted(SUBSET))
def test_a_known_bad_bot_is_caught_by_every_test_named_for_it(copy, name):
    """The patch applies, and each of the named tests fails."""
    make_bad(copy, name)

    assert [f"{test}[sqlite]" for test in SUBSET[name]] == failures(copy, SUBSET[name])


def test_every_patch_is_tried():
    """None lies here forgotten."""
    assert sorted(SUBSET) == sorted(path.stem for path in HERE.glob("*.patch"))
