"""The verbs one by one, without a Platform: words, exit codes, JSON."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import chain
from pathlib import Path
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest

from bot.clock import system_now
from bot.model.delivery import Hold, State
from bot.reports import words
from bot.store import claims, deliveries
from bot.store.engine import Store
from tests.cli.conftest import Bot

Write = Callable[..., Path]
FORBIDDEN = re.compile(r"\b(delivery|deliveries|variant|lease|lint|quarantined?)\b", re.IGNORECASE)
LATER = "2099-12-01 18:30"


def test_every_state_and_every_hold_has_plain_words() -> None:
    """A new state without words would reach a person as code."""
    assert set(words.STATES) == set(State)
    assert set(words.HOLDS) == set(Hold)
    assert FORBIDDEN.search(" ".join((*words.STATES.values(), *words.HOLDS.values()))) is None


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (10, "now"),
        (90, "in 2 minutes"),
        (3600, "in 1 hour"),
        (7200, "in 2 hours"),
        (3 * 86_400, "in 3 days"),
        (-7200, "2 hours ago"),
    ],
)
def test_how_far_off_a_time_is_is_said_in_the_fitting_unit(seconds: int, said: str) -> None:
    """Nobody counts in minutes when days are meant."""
    now = datetime(2026, 11, 23, 12, tzinfo=UTC)

    assert words.away(now + timedelta(seconds=seconds), now) == said


def test_a_time_is_said_as_the_house_says_it() -> None:
    """Weekday, day, month, year, clock, and whose clock it is."""
    at = datetime(2026, 12, 1, 8, 30, tzinfo=UTC)
    said = words.goes_out(at, ZoneInfo("Europe/London"), at - timedelta(days=3))

    assert said == "goes out Tuesday 1 December 2026 at 08:30 (London time), in 3 days"


def test_add_queues_says_when_and_knows_the_file_again(bot: Bot, write: Write) -> None:
    """Also as JSON, where `news` tells what happened."""
    write("a.md", "Words.", at=LATER, to="x")
    first = bot("add", "posts/a.md")
    again = bot("add", "posts/a.md", "--json")

    assert first.code == 0
    assert "P1, posts/a.md: Queued. “Words.”" in first.out
    assert "  X: Goes out Tuesday 1 December 2099 at 18:30 (London time), in" in first.out
    assert [(row["post"], row["news"]) for row in again.json] == [("P1", "known")]
    assert len(bot("queue", "--json").json) == 1


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("list.csv", "is not there."),
        ("list.xlsx", "is not there."),
        ("letter.docx", "a post is a text file whose name ends in .md, or a row of a .csv"),
        ("posts", "is a folder."),
        ("missing.md", "is not there."),
    ],
)
def test_add_says_what_is_no_post(bot: Bot, name: str, said: str) -> None:
    """Wrong usage, nothing queued."""
    ran = bot("add", name)

    assert ran.code == 2
    assert said in ran.err


def test_one_bad_file_does_not_stop_the_others(bot: Bot, write: Write) -> None:
    """The mistake is named with its line; the good one is in."""
    write("good.md", "Good words.", at=LATER)
    write("bad.md", "Bad.", campain="x")
    ran = bot("add", "posts/bad.md", "posts/good.md")

    assert ran.code == 1
    assert ran.err == "posts/bad.md:2: campain: is not known. Did you mean campaign:?\n"
    assert "P1, posts/good.md: Queued." in ran.out


def test_queue_without_posts_says_how_to_begin(bot: Bot) -> None:
    """An empty state says how to fill it."""
    bot("init")
    ran = bot("queue")

    assert ran.code == 0
    assert ran.out == "Nothing is waiting. Write a post and queue it: bot add FILE\n"
    assert bot("queue", "--json").json == []


def test_timetable_is_shown_set_and_left_alone_where_a_file_owns_it(bot: Bot, folder: Path) -> None:
    """What a file declares is changed in the file."""
    bot("init")
    changed = bot("timetable", "set", "x", "weekdays 09:15; sat 10:00")
    shown = bot("timetable", "show", "x", "--json")
    wrong = bot("timetable", "set", "x", "sometimes")
    (folder / "posts" / "timetable.toml").write_text('[x]\nslots = "daily 07:00"\n')
    owned = bot("timetable", "set", "x", "daily 08:00")
    from_file = bot("timetable", "show", "x")

    assert changed.code == 0
    assert shown.json[0]["slots"][0] == "Monday 09:15"
    assert (wrong.code, "is not part of a timetable" in wrong.err) == (2, True)
    assert (owned.code, "timetable.toml, line 1" in owned.err) == (1, True)
    assert "Monday 07:00" in from_file.out
    assert "timetable.toml, line 1" in from_file.out


def test_pause_needs_a_reason_and_resume_a_pause(bot: Bot) -> None:
    """Both say what is missing."""
    bot("init")

    assert (bot("pause").code, "--reason" in bot("pause").err) == (2, True)
    assert (bot("resume").code, bot("resume").err) == (
        1,
        "Nothing is paused. See what waits: bot queue\n",
    )
    assert bot("pause", "mastodon", "--reason", "r").code == 2


def test_pause_names_the_post_that_is_on_its_way_and_does_not_end(
    bot: Bot, folder: Path, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It waits as long as one request may take, says which post it is, and exits 1."""
    monkeypatch.setenv("SEND_TIMEOUT_SECONDS", "0.1")
    write("a.md", "On its way.", at="now", to="x")
    bot("add", "posts/a.md")
    store = Store(f"sqlite:///{folder}/var/bot.db", system_now)
    with store.write() as session:
        now = system_now()
        later = now + timedelta(minutes=1)
        assert claims.claim(session, 1, worker_id=None, token="t", now=now, lease_until=later)
    elsewhere = bot("pause", "facebook", "--reason", "quiet day")
    taken_up = bot("pause", "--reason", "earthquake")
    with store.write() as session:
        part = deliveries.parts(session, 1)[0]
        claims.begin_attempt(session, deliveries.get(session, 1), part, token="t", now=now)
    store.close()
    ran = bot("pause", "--reason", "earthquake")

    assert elsewhere.code == 0
    assert ran.code == 1
    assert "Everything is paused: earthquake" in ran.out
    assert "P1 on X was on its way and has not ended." in ran.out
    assert "may still go out; the bot finds out by itself. See: bot show P1" in ran.out
    assert taken_up.code == 1
    assert "P1 on X was taken up and has not ended. It does not go out any more" in taken_up.out


def test_pause_waits_for_what_is_on_its_way_to_end(
    bot: Bot, folder: Path, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It returns only when nothing is in flight any more, and then all is well."""
    write("a.md", "On its way.", at="now", to="x")
    bot("add", "posts/a.md")
    store = Store(f"sqlite:///{folder}/var/bot.db", system_now)
    now = system_now()
    with store.write() as session:
        claims.claim(
            session, 1, worker_id=None, token="t", now=now, lease_until=now + timedelta(minutes=1)
        )
    waited: list[float] = []

    def ends(seconds: float) -> None:
        waited.append(seconds)
        with store.write() as session:
            deliveries.get(session, 1).move(State.FAILED)

    monkeypatch.setattr("bot.cli.pause.time", SimpleNamespace(sleep=ends))
    ran = bot("pause", "--reason", "earthquake")
    store.close()

    assert ran.code == 0
    assert len(waited) == 1
    assert "was on its way" not in ran.out


def test_feeds_are_listed_once_added(bot: Bot) -> None:
    """The list says how their articles are treated, and is empty in words."""
    bot("init")

    assert bot("feeds", "list").out == "No feed yet: bot feeds add URL\n"
    assert bot("feeds", "list", "--json").json == []
    assert bot("feeds", "poll").code == 0
    assert bot("feeds", "poll", "nothing").code == 2


def test_decisions_name_what_they_cannot_decide_on(bot: Bot, write: Write) -> None:
    """Never the code's names, always the way on."""
    write("a.md", "Words.", at=LATER, to="x")
    bot("add", "posts/a.md")
    ran = [
        bot("retry", "P1"),
        bot("approve", "P7"),
        bot("release", "1"),
        bot("hold", "nonsense"),
        bot("resolve", "1", "--drop"),
        bot("show", "99"),
        bot("release", "1", "--at", "2020-01-01 10:00"),
    ]

    assert [one.code for one in ran] == [1, 2, 1, 2, 1, 2, 2]
    assert all(one.out == "" and one.err for one in ran)
    assert FORBIDDEN.search(" ".join(one.err for one in ran)) is None


def test_release_to_another_time_says_the_new_one(bot: Bot, write: Write) -> None:
    """The story keeps who asked for it."""
    write("a.md", "Words.", at=LATER, to="x")
    bot("add", "posts/a.md")
    ran = bot("release", "P1", "--at", "1/12/2098 07:00", "--as", "Ana")
    story = bot("show", "P1")

    assert ran.code == 0
    assert "it goes out Monday 1 December 2098 at 07:00 (London time)" in ran.out
    assert "Ana released it" in story.out


def test_preview_shows_each_account_its_text_its_size_and_its_price(
    bot: Bot, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the imprint, and without a database."""
    monkeypatch.setenv("IMPRINT_MODE", "always")
    monkeypatch.setenv("IMPRINT_PROMOTER", "A. Group")
    monkeypatch.setenv("IMPRINT_ADDRESS", "1 High Street, London")
    write("a.md", "Come along.", link="https://example.org/a", facebook="Come along, all of you.")
    ran = bot("preview", "posts/a.md")

    assert ran.code == 0
    assert "X: 82 of 280 characters" in ran.out
    assert "  | Promoted by A. Group, 1 High Street, London." in ran.out
    assert "Costs $0.20." in ran.out
    assert "  Link card: https://example.org/a" in ran.out
    assert not Path("var").exists()


def test_too_long_is_an_error_with_the_ways_out(bot: Bot, write: Write) -> None:
    """By how much, and what to do."""
    write("a.md", "long words " * 40)
    ran = bot("check", "--json")

    assert ran.code == 1
    assert "159 too many" in ran.json[0]["errors"][0]["message"]
    assert "thread: yes" in ran.json[0]["errors"][0]["message"]


def test_doctor_shows_everything_even_when_one_check_fails(bot: Bot, folder: Path) -> None:
    """Wrong settings, no database and unreachable platforms are each told."""
    without = bot("doctor")
    bot("init")
    ran = bot("doctor", "--json")
    found = {row["check"]: row["ok"] for row in ran.json}

    assert without.code == 1
    assert "WRONG  database: There is no database yet" in without.out
    assert ran.code == 1
    assert found["database"]
    assert found["queue"]
    assert not found["X"]
    assert not found["Facebook"]


def test_keys_of_another_account_are_refused_and_doctor_still_tells_the_rest(
    bot: Bot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A mix-up of keys can never publish in somebody else's name."""
    bot("init")
    monkeypatch.setenv("X_ACCESS_TOKEN", "555555555-token-of-another")
    ran = bot("run", "--once")
    doctor = bot("doctor")
    home = bot()

    assert (ran.code, doctor.code, home.code) == (1, 1, 1)
    assert "belong to account 555555555" in ran.err
    assert "ok     version: " in doctor.out
    assert "WRONG  accounts: The keys for x belong to account 555555555" in doctor.out
    assert "Not all right: The keys for x belong" in home.out


def test_init_names_the_open_question_only_for_live_accounts(
    bot: Bot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A simulator is asked no questions of law."""
    simulated = bot("init")
    monkeypatch.setenv("X_API_URL", "https://api.x.com")
    live = bot("init")

    assert (simulated.code, live.code) == (0, 0)
    assert "IMPRINT_MODE" not in simulated.out
    assert "IMPRINT_MODE=always" in live.out


ANSWERS = (
    "registered=no",
    "on-behalf=unsure",
    "boost=no",
    "devolved=no",
    "without-approval=yes",
    "contact=The secretary, PO Box 1, London",
    "retention=6 years",
    "stop-switch=The chair, then the secretary",
    "money=25",
    "pictures=yes",
)


def test_a_wrong_answer_is_refused_with_what_it_takes(bot: Bot) -> None:
    """Nothing is kept of a set that has a mistake in it."""
    wrong = bot("init", "--answer", "registered=perhaps", "--answer", "boost=no")
    unknown = bot("init", "--answer", "colour=red")

    assert (wrong.code, "answered with yes, no, unsure" in wrong.err) == (2, True)
    assert (unknown.code, "There is no question “colour”" in unknown.err) == (2, True)
    assert bot("init", "--answer", "boost=no").code == 0


def test_answering_the_imprint_question_frees_what_it_held(
    bot: Bot, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A live account asks once; the answers lift that hold, a release the other."""
    monkeypatch.setenv("X_API_URL", "https://api.x.com")
    write("a.md", "Held at first sight.", to="x")
    first = bot("run", "--once")
    refused = bot("release", "P1")
    monkeypatch.setenv("IMPRINT_MODE", "never")
    open_ones = bot("init")
    answered = bot("init", *chain.from_iterable(("--answer", said) for said in ANSWERS))
    second = bot("run", "--once")
    queue = bot("queue")
    released = bot("release", "P1")

    assert (first.code, refused.code) == (1, 1)
    assert "its imprint is not settled" in refused.err
    assert "Answer each so: bot init --answer registered=unsure" in open_ones.out
    assert "IMPRINT_MODE=always" in answered.out
    assert (second.code, queue.code) == (0, 0)
    assert "it was there before the bot first met this account" in queue.out
    assert "released; it goes out " in released.out


def test_log_refuses_what_it_cannot_do(bot: Bot) -> None:
    """No such format, unknown account, and no date: each wrong usage in words."""
    bot("init")

    assert bot("log", "--format", "pdf").code == 2
    assert bot("log", "--account", "mastodon").code == 2
    assert bot("log", "--since", "yesterday").code == 2
    assert bot("log", "--json", "--since", "7d").json == []
