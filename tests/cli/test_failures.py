"""Every way a command can end."""

import pytest

from bot.cli import failures
from bot.cli.door import Door
from bot.errors import NotFound, PostInvalid, SettingsError, StoreError, UsageError

SECRET = "a-very-secret-token"


def _left(error: BaseException, door: Door | None = None) -> int:
    def run() -> None:
        raise error

    with pytest.raises(SystemExit) as ended:
        failures.leave(run, door or Door())
    code = ended.value.code
    assert isinstance(code, int)
    return code


@pytest.mark.parametrize(
    ("error", "code", "said"),
    [
        (StoreError("The disk is full."), 1, "The disk is full.\n"),
        (UsageError("Not like this."), 2, "Not like this.\n"),
        (SettingsError("Wrong settings."), 2, "Wrong settings.\n"),
        (NotFound("There is no post P9."), 2, "There is no post P9.\n"),
        (PostInvalid("No text.", line=3), 1, "Line 3: No text.\n"),
        (KeyboardInterrupt(), 130, ""),
    ],
)
def test_each_error_has_its_exit_code_and_says_only_its_words(
    error: BaseException, code: int, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Words on standard error, nothing on standard output, no traceback."""
    assert _left(error) == code
    assert capsys.readouterr() == ("", said)


def test_the_unforeseen_is_one_plain_sentence_without_secret_or_traceback(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """The words of a strange exception may hold anything, so they are not shown."""
    code = _left(ValueError(f"bad {SECRET}"), Door(secrets=(SECRET,)))
    said = capsys.readouterr().err

    assert code == 1
    assert "did not foresee" in said
    assert "(ValueError)" in said
    assert "Traceback" not in said
    assert SECRET not in said


def test_debug_shows_the_traceback_without_the_secret(capsys: pytest.CaptureFixture[str]) -> None:
    """Whoever helps sees where it broke, and still no token."""
    _left(ValueError(f"bad {SECRET}"), Door(secrets=(SECRET,), debug=True))
    said = capsys.readouterr().err

    assert "Traceback" in said
    assert "bad [hidden]" in said
    assert SECRET not in said


def test_what_a_terminal_would_obey_is_taken_out(capsys: pytest.CaptureFixture[str]) -> None:
    """A hostile title cannot repaint the screen."""
    Door().say("one\x1b[31mtwo\x9bthree\ttab")

    assert capsys.readouterr().out == "one[31mtwothree\ttab\n"


def test_quiet_leaves_only_trouble_and_on_standard_error(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Cron mails what is printed, so nothing is printed while all is well."""
    door = Door(quiet=True)
    door.say("all is well")
    door.trouble("this needs you")

    assert capsys.readouterr() == ("", "this needs you\n")
