"""The same lint in every door: check, preview, add, and the set-up for the imprint."""

from collections.abc import Callable
from pathlib import Path

import pytest

from bot.settings import load
from bot.wiring import style_of
from tests.cli.conftest import Bot

Write = Callable[..., Path]
LATER = "2099-12-01 18:30"
RIVER = "Families on the Guapinol river have guarded its water for more than ten years"
IMPRINT = {"IMPRINT_MODE": "always", "IMPRINT_PROMOTER": "LFPLA"}


def test_what_is_found_stands_with_its_line_in_every_door(bot: Bot, write: Write) -> None:
    """Blank lines before the text counted, and said once for both accounts."""
    path = write("a.md", f"\n{RIVER}.\n#honduras", at=LATER)
    shown = f"{path}:6: Note: X and Facebook: #honduras: begin each word with a capital"

    for ran in (bot("check", str(path)), bot("preview", str(path))):
        assert shown in ran.out
        assert ran.code == 0
    added = bot("add", str(path))
    assert "Note: Line 6, X and Facebook: #honduras: begin" in added.out
    assert added.code == 0


def test_a_missing_space_stops_the_account_that_would_pay_for_it(bot: Bot, write: Write) -> None:
    """By line and with the words put right; Facebook makes no link of it."""
    path = write("a.md", "Join us\ntonight.At seven.", at=LATER)
    checked, added = bot("check", str(path)), bot("add", str(path))

    assert f"{path}:5: X: “tonight.At” lacks a space" in checked.out
    assert "the post costs $0.20 instead of $0.015. Write “tonight. At”" in checked.out
    assert "Not queued for X: “tonight.At”" in added.err
    assert "It goes out on Facebook." in added.err
    assert (1, 1) == (checked.code, added.code)

    only_x = write("b.md", "Join us\ntonight.At eight.", at=LATER, to="x")
    assert f"{only_x}:6: X: “tonight.At” lacks a space" in bot("add", str(only_x)).err


def test_words_of_one_platform_are_counted_from_their_own_line(bot: Bot, folder: Path) -> None:
    """A block below x: begins on the next line."""
    path = folder / "posts" / "a.md"
    path.write_text("---\nx: |\n\n  One line\n  #chile\nto: x\n---\n", encoding="utf-8")

    assert f"{path.relative_to(folder)}:5: Note: X: #chile" in bot("check", "posts/a.md").out


def test_json_has_lines_and_the_counts_of_every_part(bot: Bot, write: Write) -> None:
    """For the web and for scripts."""
    path = write("a.md", "One. #chile\n---\nTwo.", at=LATER, thread="yes", to="x")
    (checked,) = bot("check", str(path), "--json").json
    preview = bot("preview", str(path), "--json").json

    assert {"x": [11, 4]} == checked["parts"]
    assert (
        [6]
        == [note["line"] for note in checked["notes"]]
        == [note["line"] for note in preview["notes"]]
    )
    assert f"{path}: X: 2 parts, of 11 and 4 characters (280 fit)" in bot("check", str(path)).out


def test_check_and_preview_compare_with_what_waits_where_there_is_a_database(
    bot: Bot, write: Write
) -> None:
    """The same words are a mistake, nearly the same a note, and a post is not its own twin."""
    first = write("a.md", f"{RIVER}, and it is theirs.", at=LATER)
    near = write("b.md", f"{RIVER}, and it is ours.", at="2099-12-03 18:30")
    assert "nearly the same" not in bot("check", str(near)).out

    bot("add", str(first))

    assert "nearly the same as P1, which waits" in bot("check", str(near)).out
    assert "nearly the same as P1, which waits" in bot("preview", str(near)).out
    assert "nearly the same" not in bot("check", str(first)).out
    same = write("c.md", f"{RIVER} and it is THEIRS", at="2099-12-05 18:30")
    assert "Same as P1 on X, which is waiting" in bot("check", str(same)).out
    assert "nearly the same as P1" in bot("add", str(near)).out
    again = write("d.md", f"{RIVER} and it is theirs", at="2099-12-06 18:30", again="yes")
    assert "P1" not in bot("check", str(again)).out


@pytest.mark.parametrize(
    ("address", "said", "code"),
    [
        ("P.O.Box 100, London", "Write “P.O. Box”", 1),
        ("1 High St, London, lfpla.org.uk", "X makes a link of “lfpla.org.uk” in the imprint", 0),
        ("PO Box 100, London", None, 0),
    ],
)
def test_the_imprint_is_looked_at_when_it_is_set_up(
    bot: Bot, monkeypatch: pytest.MonkeyPatch, address: str, said: str | None, code: int
) -> None:
    """Before every post would pay for it."""
    for name, value in {**IMPRINT, "IMPRINT_ADDRESS": address}.items():
        monkeypatch.setenv(name, value)
    begun, doctor = bot("init"), bot("doctor", "--json").json
    found = [one for one in doctor if one["check"] == "imprint"]

    assert begun.code == 0
    assert (said is None) == (not found)
    assert said is None or (said in begun.out and said in found[0]["says"])
    assert [code == 0] * len(found) == [one["ok"] for one in found]


def test_the_settings_of_style_are_lists_by_commas() -> None:
    """Names with spaces, whatever their case; an acronym may be one campaign's own."""
    given = {
        "UTM_CAMPAIGNS": "Honduras, Free Chile ,",
        "KNOWN_ACRONYMS": "TUC,Free Chile:FECH, honduras: COFADEH",
    }
    style = style_of(load(given, None))

    assert frozenset({"honduras", "free chile"}) == style.tagged_campaigns
    assert {"": {"TUC"}, "free chile": {"FECH"}, "honduras": {"COFADEH"}} == style.acronyms
