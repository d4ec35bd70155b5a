"""What people decide at the command line, and what happens to the posts."""

from dataclasses import replace

import pytest

from tests.acceptance.conftest import Desk

LATER = "2099-12-01 18:30"


def _state(desk: Desk, number: str) -> str:
    rows = desk.queue()
    return next((row["state"] for row in rows if row["delivery"] == number), "gone")


def test_pause_keeps_a_due_post_back_and_resume_gives_it_a_new_time(desk: Desk) -> None:
    """Nothing leaves during a pause; the queue says so; afterwards the post goes out once."""
    desk.opened().store.close()
    paused = desk.bot("pause", "--reason", "earthquake in Chile")
    desk.write("a.md", "Kept back.", at="now", to="x")
    desk.once()
    queue = desk.bot("queue")
    kept = desk.texts("x")
    resumed = desk.bot("resume")
    desk.once()

    assert paused.code == 0
    assert "Everything is paused: earthquake in Chile" in paused.out
    assert "Everything is paused since" in queue.out
    assert "on hold: sending is paused" in queue.out
    assert queue.code == 0
    assert kept == []
    assert "P1 on X was due" in resumed.out
    assert "gets a new time: goes out now" in resumed.out
    assert desk.texts("x") == ["Kept back."]


def test_hold_release_approve_and_cancel_each_do_what_they_say(desk: Desk) -> None:
    """Decisions take P1 or 1, several at once, and leave a record with who and why."""
    for n in range(1, 5):
        words = f"Post number {n}, unlike the others: {'abcd'[n - 1] * 9}"
        desk.write(f"{n}.md", words, at=LATER, to="x")
    desk.once()
    held = desk.bot("hold", "P1", "2", "3", "--reason", "wait for the statement", "--as", "Ana")
    released = desk.bot("release", "P1", "--at", "now", "--as", "Ben")
    approved = desk.bot("approve", "2", "--as", "Ben")
    cancelled = desk.bot("cancel", "P3", "P99", "P4", "--reason", "the march is off")
    rows = desk.queue()
    desk.once()
    story = desk.bot("show", "1", "--json").json

    assert held.out.count("on hold: Ana put it on hold (wait for the statement)") == 3
    assert "released; it goes out now" in released.out
    assert "approved; it goes out Tuesday 1 December 2099 at 18:30" in approved.out
    assert "P3 on X (number 3): cancelled." in cancelled.out
    assert (cancelled.code, cancelled.err) == (2, "There is no post P99. See: bot queue\n")
    assert [(row["post"], row["state"]) for row in rows] == [("P1", "waiting"), ("P2", "waiting")]
    assert desk.texts("x") == ["Post number 1, unlike the others: aaaaaaaaa"]
    assert [(made["actor"], made["verb"], made["reason"]) for made in story["decisions"]] == [
        ("Ana", "hold", "wait for the statement"),
        ("Ben", "release", None),
    ]


def test_a_refused_post_fails_is_named_and_goes_out_after_retry(desk: Desk) -> None:
    """The queue names the command, which then works; exit 1 while it stands failed."""
    desk.sandbox.fault("facebook", "graph_error", code=100, subcode=1609005)
    desk.write("a.md", "Refused at first.", at="now", to="facebook")
    desk.once()
    queue = desk.bot("queue")
    retried = desk.bot("retry", "1")
    desk.once()

    assert queue.code == 1
    assert "P1 on Facebook: failed" in queue.out
    assert "bot retry 1" in queue.out
    assert retried.code == 0
    assert desk.texts("facebook") == ["Refused at first."]


@pytest.mark.parametrize(
    ("answer", "copies", "state"),
    [
        (("--absent", "now"), 1, "gone"),
        (("--absent", "next"), 0, "waiting"),
        (("--drop",), 0, "gone"),
    ],
    ids=["not up, send now", "not up, next free time", "drop it"],
)
def test_a_person_answers_for_a_post_in_doubt(
    desk: Desk, answer: tuple[str, ...], copies: int, state: str
) -> None:
    """Facebook refuses no duplicates, so the bot asks; each answer does just what it says."""
    desk.sandbox.fault("facebook", "cut_before")
    desk.write("a.md", "In doubt.", at="now", to="facebook")
    desk.once()
    desk.once()
    answered = desk.bot("resolve", "P1", *answer)
    desk.once()

    assert answered.code == 0
    assert len(desk.texts("facebook")) == copies
    assert _state(desk, "1") == state


def test_a_person_who_found_it_gives_the_link_and_nothing_is_sent_again(desk: Desk) -> None:
    """The link's number becomes the post's own, so that it is counted."""
    desk.sandbox.fault("facebook", "cut_after", hidden_seconds=3600)
    desk.write("a.md", "Found by a person.", at="now", to="facebook")
    desk.once()
    desk.once()
    entry = desk.sandbox.ledger.posts("facebook")[0]
    queue, menu, wrong = desk.together(
        ["queue"], ["resolve", "P1"], ["resolve", "1", "--sent", "no link"]
    )
    found = desk.bot("resolve", "1", "--sent", f"https://www.facebook.com/{entry.remote_id}")
    log = desk.bot("log", "--json").json

    assert queue.code == 1
    assert "on hold: it may be out already" in queue.out
    assert "bot resolve 1" in queue.out
    assert (menu.code, menu.out, wrong.code) == (2, "", 2)
    assert found.code == 0
    assert [row["remote_id"] for row in log] == [entry.remote_id]
    assert len(desk.texts("facebook")) == 1


@pytest.mark.parametrize("answer", [("--absent", "now"), ("--drop",)], ids=["not up", "drop it"])
def test_an_answer_looks_once_more_and_finds_what_was_hidden(
    desk: Desk, answer: tuple[str, ...]
) -> None:
    """Whoever says "not up" or drops it too early does no harm: it is out, and told so."""
    desk.sandbox.fault("facebook", "cut_after", hidden_seconds=3600)
    desk.write("a.md", "Late to be listed.", at="now", to="facebook")
    desk.once()
    desk.once()
    ledger = desk.sandbox.ledger
    entry = ledger.posts("facebook")[0]
    ledger._entries["facebook", entry.remote_id] = replace(entry, visible_at=entry.accepted_at)
    answered = desk.bot("resolve", "1", *answer)
    desk.once()

    assert "We looked once more and found it: P1 on Facebook (number 1) is out." in answered.out
    assert len(desk.texts("facebook")) == 1
