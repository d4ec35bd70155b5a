"""Uploaded files, made ready in a process of its own: the same renditions, and never believed."""

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from tempfile import SpooledTemporaryFile
from typing import Any

import album
import pytest
from PIL import Image
from scripted_platform import rules_of

from bot.errors import PostInvalid
from bot.intake import darkroom
from bot.intake.renditions import renditions
from bot.model.written import Rendition
from bot.platforms.contract import FileLimits, Rules

FILES = (FileLimits("image/jpeg", 5_000_000, max_width=2000), FileLimits("image/png", 100_000))
RULES = (rules_of("x", files=FILES), rules_of("facebook", files=FILES[:1]))


def developed(content: bytes, rules: Sequence[Rules]) -> dict[str, Rendition]:
    """As a page has it: a file that is in memory until somebody asks for its number."""
    with SpooledTemporaryFile(max_size=500 * 1024, mode="rb+") as file:
        file.write(content)
        return darkroom.developed(file, rules)


def picture() -> bytes:
    return album.saved(Image.effect_noise((300, 200), 60).convert("RGB"), "JPEG")


def test_it_makes_what_would_be_made_here() -> None:
    """Bytes, digests, measures and notes alike; the bytes travel beside the words."""
    content = picture()
    made = developed(content, RULES)
    assert renditions(content, RULES) == made
    assert made["x"].content == renditions(content, RULES)["x"].content


def test_what_cannot_be_read_is_refused_in_the_same_words() -> None:
    """A person is told what is wrong with the file, not where it was looked at."""
    for content in (b"nothing of the kind", picture()[:2000]):
        with pytest.raises(PostInvalid) as here:
            renditions(content, RULES)
        with pytest.raises(PostInvalid) as there:
            developed(content, RULES)
        assert here.value.reason == there.value.reason


def answers(folder: Path, monkeypatch: pytest.MonkeyPatch, code: str) -> None:
    """Have this run in place of the child."""
    child = folder / "child"
    child.write_text(f"#!{sys.executable}\nimport sys\nsys.stdin.buffer.read()\n{code}\n")
    child.chmod(0o755)
    monkeypatch.setattr(darkroom.sys, "executable", str(child))


ONE = {
    "platform": "x",
    "mime_type": "image/jpeg",
    "note": "",
    "problem": "",
    "size_bytes": 4,
    "width": 1,
    "height": 1,
    "alone": False,
}
ODD: dict[str, Any] = {
    "no answer": "",
    "no JSON": "print('hello')",
    "no list": "print('{\"found\": 3}')",
    "too few platforms": f"print({json.dumps({'found': [ONE]})!r}, end='\\nabcd')",
    "too few bytes": f"print({json.dumps({'found': [ONE, {**ONE, 'platform': 'facebook'}]})!r})",
    "it dies": "import os; os.abort()",
}


@pytest.mark.parametrize("code", ODD.values(), ids=ODD)
def test_an_odd_answer_is_a_file_that_cannot_be_read(
    code: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever the child says, a person gets a sentence and nothing is stored."""
    answers(tmp_path, monkeypatch, code)
    with pytest.raises(PostInvalid) as refused:
        developed(picture(), RULES)
    assert refused.value.reason == darkroom.OVERRAN


def test_who_takes_too_long_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits for a decoder that does not come back."""
    answers(tmp_path, monkeypatch, "import time; time.sleep(600)")
    monkeypatch.setattr(darkroom, "WALL_SECONDS", 0.5)
    with pytest.raises(PostInvalid) as refused:
        developed(picture(), RULES)
    assert refused.value.reason == darkroom.OVERRAN


def test_the_child_is_given_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a hostile picture could reach of the bot's settings: nothing."""
    monkeypatch.setenv("SECRET_KEY", "of the bot")
    given: list[dict[str, str]] = []
    run = darkroom.subprocess.run

    def noted(*args: Any, **kwargs: Any) -> Any:
        given.append(kwargs["env"])
        return run(*args, **kwargs)

    monkeypatch.setattr(darkroom.subprocess, "run", noted)
    developed(picture(), RULES)
    assert "SECRET_KEY" not in given[0]
