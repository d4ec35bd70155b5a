"""The main job: posts in, both platforms out, engagement logged."""

import csv
import io
import os
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from tests.acceptance.conftest import Desk

LONDON = ZoneInfo("Europe/London")
LOG_KEYS = {
    "post", "delivery", "account", "platform", "remote_id", "url", "sent_at", "taken_at", "views",
    "viewers", "likes", "comments", "shares", "quotes", "bookmarks", "link_clicks",
    "profile_clicks", "engagements",
}  # fmt: skip
QUEUE_KEYS = {"post", "delivery", "account", "platform", "state", "due_at", "reason", "parts"}


def test_a_post_goes_out_once_on_both_platforms_and_its_counts_are_logged(desk: Desk) -> None:
    """From file to engagement log, with the same bytes that were previewed."""
    path = desk.write(
        "march.md",
        "We stand with Honduras.",
        at="now",
        link="https://example.org/a",
        campaign="honduras",
    )
    preview = desk.bot("preview", "posts/march.md", "--json").json
    added = desk.bot("add", str(path))
    again = desk.bot("add", str(path))
    first = desk.bot("run", "--once")
    desk.once()
    log = desk.bot("log", "--json").json
    wanted = [part["text"] for account in preview["accounts"] for part in account["parts"]]

    assert (added.code, again.code, first.code) == (0, 0, 0)
    assert "P1, " in added.out
    assert "Goes out now" in added.out
    assert "Nothing changed" in again.out
    assert ["We stand with Honduras.\n\nhttps://example.org/a"] == desk.texts("x")
    assert ["We stand with Honduras."] == desk.texts("facebook")
    assert wanted == [*desk.texts("x"), *desk.texts("facebook")]
    assert desk.sandbox.ledger.posts("facebook")[0].link == "https://example.org/a"
    assert {row["account"] for row in log} == {"x", "facebook"}
    assert all(set(row) >= LOG_KEYS for row in log)
    assert all(row["taken_at"].endswith("Z") and row["likes"] is not None for row in log)
    assert {row["remote_id"] for row in log} == {
        entry.remote_id for entry in desk.sandbox.ledger.posts()
    }


def test_the_log_is_a_table_csv_or_json_and_takes_filters(desk: Desk) -> None:
    """Staff read the same rows in the form they need; formulas in a text stay text."""
    desk.write("a.md", "=1+1 reasons to march", at="now", campaign="honduras", labels="spyware")
    desk.write("b.md", "Another campaign entirely.", at="now", to="x")
    desk.once()
    table, comma, labelled, history = desk.together(
        ["log"],
        ["log", "--format", "csv", "--since", "7d"],
        ["log", "--json", "--label", "spyware", "--account", "x"],
        ["log", "--format", "json", "--history", "--campaign", "honduras"],
    )
    # The mark by which Excel knows UTF-8 stands before the first word.
    rows = list(csv.DictReader(io.StringIO(comma.out.removeprefix("\ufeff"))))

    assert "Post: P1; Account: X; Went out: " in table.out
    assert table.out.rstrip().endswith("bot log --format csv > log.csv")
    assert set(rows[0]) >= LOG_KEYS
    assert "'=1+1 reasons to march" in {row["text"] for row in rows}
    assert [(row["post"], row["labels"]) for row in labelled.json] == [("P1", ["spyware"])]
    assert [row["post"] for row in history.json] == ["P1", "P1"]


def test_typed_next_and_now_each_get_their_time_and_say_it(desk: Desk) -> None:
    """Adding prints when, in London time; the queue shows the same in UTC."""
    tomorrow = datetime.now(LONDON).replace(hour=18, minute=30, second=0, microsecond=0)
    tomorrow += timedelta(days=1)
    typed = desk.write("typed.md", "At a time.", at=f"{tomorrow:%Y-%m-%d %H:%M}", to="x")
    slot = desk.write("slot.md", "At the next slot.", to="x")
    added = desk.bot("add", str(typed), str(slot))
    rows = {row["post"]: row for row in desk.bot("queue", "--json").json}
    utc = tomorrow.astimezone(ZoneInfo("UTC"))
    day = f"{tomorrow:%A} {tomorrow.day} {tomorrow:%B %Y}"

    assert f"X: Goes out {day} at 18:30 (London time), in" in added.out
    assert rows["P1"]["due_at"] == f"{utc:%Y-%m-%dT%H:%M:%SZ}"
    assert rows["P2"]["due_at"] is not None
    assert set(rows["P1"]) >= QUEUE_KEYS
    assert rows["P1"]["parts"] == ["At a time."]
    assert rows["P1"]["state"] == "waiting"


def test_an_edit_before_sending_replaces_the_words_and_keeps_the_time(desk: Desk) -> None:
    """What goes out is what the file says last; afterwards an edit changes nothing."""
    desk.write("a.md", "First words.", at="2099-12-01 18:30", to="x")
    desk.once()
    before = desk.queue()[0]
    desk.write("a.md", "Second words.", at="2099-12-01 18:30", to="x")
    edited = desk.bot("add", "posts/a.md")
    after = desk.queue()[0]
    desk.bot("release", before["delivery"], "--at", "now")
    desk.once()
    desk.write("a.md", "Third words.", at="2099-12-01 18:30", to="x")
    late = desk.once()

    assert "Edited" in edited.out
    assert (before["parts"], after["parts"]) == (["First words."], ["Second words."])
    assert before["due_at"] == after["due_at"]
    assert before["delivery"] == after["delivery"]
    assert desk.texts("x") == ["Second words."]
    assert late.tried == 0


def test_a_line_cut_after_acceptance_leaves_one_copy(desk: Desk) -> None:
    """The bot looks before it would send again, and finds it."""
    desk.sandbox.fault("x", "cut_after")
    desk.sandbox.fault("facebook", "cut_after")
    desk.write("a.md", "Cut in the middle.", at="now")
    desk.once()
    ended = desk.bot("run", "--once")

    assert desk.texts("x") == ["Cut in the middle."]
    assert desk.texts("facebook") == ["Cut in the middle."]
    assert len(desk.bot("log", "--json").json) == 2
    assert ended.code == 0


def test_files_with_a_mistake_are_named_with_their_line_and_stop_nothing_else(desk: Desk) -> None:
    """Each bad input is told in words, by check and by the run; the good post goes out."""
    outside = desk.folder / "outside.md"
    outside.write_text("Secret words.\n", encoding="utf-8")
    desk.write("yaml.md", b"---\nat: [now\n---\nText\n")
    desk.write("key.md", "Text", campain="x")
    desk.write("account.md", "Text one", to="[x, mastodon]")
    desk.write("empty.md", "", at="now")
    desk.write("past.md", "Text two", at="2020-01-01 10:00")
    desk.write("day.md", "Text three", at="2026-11-31 10:00")
    desk.write("coding.md", b"---\nat: now\n---\nBogot\xe1\n")
    desk.write("huge.md", b"a" * 10_000_000)
    (desk.posts / "link.md").symlink_to(outside)
    os.utime(desk.posts / "link.md", (0, 0), follow_symlinks=False)
    desk.write("good.md", "The good one.", at="now")
    checked = desk.bot("check")
    ran = desk.bot("run", "--once")
    queue = desk.bot("queue")
    wanted = {
        "yaml.md:2: This line cannot be read.",
        "key.md:2: campain: is not known. Did you mean campaign:?",
        "account.md: to: there is no account named mastodon.",
        "empty.md:4: There is no text.",
        "past.md: at: Wednesday 1 January 2020, 10:00 has passed.",
        "day.md:2: 31 November 2026 does not exist.",
        "coding.md:4: This is not UTF-8 text.",
        "huge.md: The file has 10,000,000 bytes",
        "link.md: This is a link to a place outside the posts folder.",
    }

    assert {said for said in wanted if f"posts/{said}" not in checked.out} == set()
    assert {said for said in wanted if said not in ran.out} == set()
    assert {said for said in wanted if said not in queue.out} == set()
    assert (checked.code, ran.code, queue.code) == (1, 1, 1)
    assert "Secret words" not in checked.out + ran.out + queue.out
    assert desk.texts("x") == desk.texts("facebook") == ["The good one."]


def test_a_local_time_that_does_not_exist_moves_and_both_times_are_named(desk: Desk) -> None:
    """On 28 March 2027 there is no half past one in London."""
    path = desk.write("spring.md", "Spring forward.", at="2027-03-28 01:30", to="x")
    added = desk.bot("add", str(path))

    assert "01:30 on 28 March 2027 does not exist in Europe/London" in added.out
    assert "it goes out at 02:00 instead" in added.out
    assert desk.queue()[0]["due_at"] == "2027-03-28T01:00:00Z"


def test_before_the_first_count_the_log_says_when_it_comes(desk: Desk) -> None:
    """A dash that only means "not yet" is explained."""
    desk.env["COUNT_AFTER"] = "1h"
    desk.write("a.md", "Just out.", at="now", to="x")
    desk.once()
    newest, history = desk.together(["log"], ["log", "--history"])

    assert "Text: Just out." in newest.out
    assert "First counts come one hour after a post." in newest.out
    assert history.out.splitlines()[0] == "No counts yet."
