"""Feeds declared in `posts/feeds.toml`."""

import re
from dataclasses import fields
from pathlib import Path

import pytest

from bot.clock import system_now
from bot.errors import PostInvalid, UsageError
from bot.intake import feedfile
from bot.intake.feedfile import Declared, parse
from bot.intake.feedoptions import READERS, Options, read_options
from bot.intake.fetch import Fetcher

ACCOUNTS = ("x", "facebook")
SHIPPED = Path(__file__).resolve().parents[2] / "posts" / feedfile.FILE_NAME
URL = 'url = "https://example.org/feed"\n'


def read(text: str | bytes) -> list[Declared]:
    content = text.encode() if isinstance(text, str) else text
    return parse(content, ACCOUNTS, Fetcher(system_now).mistake_in)


def mistake(text: str | bytes) -> tuple[int | None, str]:
    with pytest.raises(PostInvalid) as invalid:
        read(text)
    return invalid.value.line, invalid.value.reason


def test_the_shipped_file_is_comments_only() -> None:
    """Nothing is read from the internet before somebody asks for it."""
    assert read(SHIPPED.read_bytes()) == []


def test_the_shipped_example_is_good_once_uncommented() -> None:
    """What the file shows can be used."""
    shown = SHIPPED.read_text().partition("# [honduras-news]")[2]
    plain = re.sub(r"(?m)^# ?", "", f"# [honduras-news]{shown}")

    (found,) = read(plain)
    assert (found.name, found.url) == ("honduras-news", "https://example.org/feed")
    assert found.options == Options(
        mode="review",
        accounts=("x", "facebook"),
        campaign="honduras",
        labels=("news",),
        template="{title}\n\n{quote}\n\n{hashtags}",
        include=("Honduras", "hondureñ*"),
        exclude=("sport", "press release"),
        authors=("Ana López",),
        sections=("human rights",),
        max_per_day=2,
        quiet_hours="21:00-08:00",
        too_old="7 days",
        without_link=("x",),
        hashtags=(("school meals", "#SchoolMeals"),),
    )
    assert {field.name for field in fields(Options)} == set(READERS)
    assert set(READERS) <= set(re.findall(r"(?m)^\[?(\w+)\]?(?: =|$)", plain))


def test_an_address_is_enough() -> None:
    """Everything else has a default: reviewed, for every account."""
    (found,) = read(f"[news]\n{URL}")

    assert found.options == Options()
    assert found.options.to_json() == {}
    assert found.options.is_reviewed


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        (f"[news]\n{URL}\nlable = ['a']", 4, "lable is not known. Did you mean labels?"),
        (f"[a]\n{URL}[b]\nurl = 'https://b.org'\nxyz = 1", 5, "[b]: xyz is not known. Known: url"),
        ("[news]\nmode = 'queue'", 1, "url: is missing"),
        ("[news]\nurl = 'example.org/feed'", 2, "not a web address"),
        ("[news]\nurl = 'http://127.0.0.1/'", 2, "private network"),
        ("[news]\nurl = 3", 2, "url: is missing"),
        (f"[news]\n{URL}mode = 'later'", 3, "mode: is either review or queue"),
        (f"[news]\n{URL}accounts = 'x'", 3, "accounts: write a list"),
        (f"[news]\n{URL}accounts = ['facebok']", 3, "Did you mean facebook?"),
        (f"[news]\n{URL}labels = [1]", 3, "labels: write a list"),
        (f"[news]\n{URL}campaign = '{'a' * 101}'", 3, "campaign: write one line"),
        (f"[news]\n{URL}template = '{{titel}}'", 3, "{titel} is not known. Did you mean title?"),
        (f"[news]\n{URL}template = 'New'", 3, "has no {title} in it"),
        (f"[news]\n{URL}template = '{'a' * 501}'", 3, "template: write a text"),
        (f"[news]\n{URL}template = '{{title}} {{title}}'", 3, "has {title} more than once"),
        (f"[news]\n{URL}incldue = ['a']", 3, "incldue is not known. Did you mean include?"),
        (f"[news]\n{URL}include = ['…']", 3, "include: “…” has no word in it"),
        (f"[news]\n{URL}max_per_day = 0", 3, "max_per_day: write a number from 1 to 100"),
        (f"[news]\n{URL}max_per_day = true", 3, "max_per_day: write a number"),
        (f"[news]\n{URL}quiet_hours = '25:00-08:00'", 3, 'quiet_hours: write hours such as "21'),
        (f"[news]\n{URL}too_old = 'a while'", 3, 'too_old: write a length of time such as "7'),
        (f"[news]\n{URL}lapse_after = 7", 3, "lapse_after: write a length of time"),
        (f"[news]\n{URL}without_link = ['z']", 3, "without_link: there is no z"),
        (f"[news]\n{URL}hashtags = {{a = 'b'}}", 3, "hashtags: write words and their hashtag"),
        (f"[news]\n{URL}\n[hashtags]\na = 'b'", 4, "[hashtags] hashtags: write words"),
        (f"[a]\n{URL}\n[b]\n{URL}", 5, "same address as [a]"),
        (f"['a\\tb']\n{URL}", 1, "is no name"),
        (f'["{"a" * 61}"]\n{URL}', 1, "is no name"),
        (f"{URL}[news]", 1, "url stands before any feed"),
        ("[news]\nurl = https://example.org", 2, "cannot be read"),
        ("[news]\n[news]", 2, "cannot be read"),
        ("a = " + "[" * 5000, None, "nested too deeply"),
        (b"[news]\nurl = '\xe9'", 2, "not UTF-8"),
        (b"#" * 70_000, None, "too large"),
    ],
)
def test_a_mistake_names_its_line_and_what_to_write(
    text: str | bytes, line: int | None, said: str
) -> None:
    """A volunteer finds the place without counting."""
    found_line, reason = mistake(text)

    assert said in reason
    assert found_line == line


def test_no_file_is_none_and_a_folder_in_its_place_is_a_fault(tmp_path: Path) -> None:
    """What cannot be read is told apart from what is not there."""
    (tmp_path / "folder").mkdir()

    assert feedfile.read(tmp_path / "feeds.toml") is None
    with pytest.raises(PostInvalid, match="cannot be read"):
        feedfile.read(tmp_path / "folder")


def test_options_survive_the_database() -> None:
    """What is stored reads back the same."""
    options = Options(
        *("queue", ("x",), "honduras", ("a", "b"), "{title}", ("c",), ("d",), ("e",), ("f",)),
        *(3, "21:00-08:00", "7 days", "36h", ("x",), (("school", "#School"),)),
    )

    assert read_options(options.to_json(), ACCOUNTS) == options


def test_options_by_command_are_checked_alike() -> None:
    """An empty choice is no choice; a wrong one is named."""
    assert read_options({"accounts": [], "campaign": None, "labels": []}, ACCOUNTS) == Options()
    with pytest.raises(UsageError, match="Did you mean mode"):
        read_options({"mod": "queue"}, ACCOUNTS)


def test_shared_topics_hold_for_every_feed_and_a_feeds_own_go_first() -> None:
    """One table for all of the file; the same words may mean another tag in one feed."""
    shared = '[hashtags]\n"school" = "#School"\n"bread" = "#Bread"\n'
    own = '[b]\nurl = "https://b.org/"\nhashtags = {school = "#Escuela"}\n'

    one, other = read(f"{shared}[a]\n{URL}{own}")

    assert one.options.hashtags == (("school", "#School"), ("bread", "#Bread"))
    assert other.options.hashtags == (("school", "#Escuela"), ("bread", "#Bread"))


def test_the_line_of_each_feed_is_known() -> None:
    """It is shown where the file owns the feed."""
    content = f"# a list\n[a]\n{URL}\n[hashtags]\nx = '#x1'\n['b c']\n{URL}".encode()

    assert feedfile.lines(content) == {"a": 2, "b c": 7}
    assert feedfile.lines(b"[a") == {}
