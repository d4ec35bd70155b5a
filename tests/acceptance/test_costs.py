"""Taking posts down and what posts cost, with the real command over the simulated platforms."""

from tests.acceptance.conftest import Desk


def test_a_post_is_taken_down_on_both_platforms_and_its_story_kept(desk: Desk) -> None:
    """Gone there, kept here, and adding it again is refused as the same post."""
    desk.write("a.md", "A post with the wrong date.", at="now")
    desk.once()
    without = desk.bot("takedown", "P1")
    taken = desk.bot("takedown", "P1", "--reason", "wrong date", "--as", "Ana")
    again = desk.bot("takedown", "P1", "--reason", "wrong date")
    desk.once()
    story = desk.bot("show", "P1", "--json").json

    assert (without.code, "--reason" in without.err) == (2, True)
    assert taken.code == 0, taken.err
    assert taken.out.count("it is gone; we have looked") == 2
    assert (again.code, "is not out" in again.err) == (1, True)
    ledger = desk.sandbox.ledger.posts()
    assert [True, True] == [entry.deleted_at is not None for entry in ledger]
    assert story["text"] == "A post with the wrong date."
    decisions = [(made["actor"], made["verb"], made["reason"]) for made in story["decisions"]]
    assert decisions == [("Ana", "take down", "wrong date")] * 2


def test_what_is_not_taken_down_is_said_with_the_place_to_look(desk: Desk) -> None:
    """The platform answers with a fault of its own: nothing is claimed."""
    desk.write("a.md", "A post that stays.", at="now", to="x")
    desk.once()
    desk.sandbox.fault("x", "error_before", None, method="DELETE")
    taken = desk.bot("takedown", "1", "--reason", "wrong date")
    desk.sandbox.clear_faults()

    assert taken.code == 1
    assert "NOT taken down" in taken.out
    assert "https://x.com/i/web/status/" in taken.out
    assert desk.texts("x") == ["A post that stays."]


def test_the_month_is_estimated_and_set_beside_the_bill(desk: Desk) -> None:
    """By purpose, campaign and approver; pounds at the rate typed."""
    desk.env |= {"X_MONTHLY_BUDGET_USD": "10", "COUNT_AFTER": "1d"}
    desk.write("a.md", "A post about the river.", at="now", to="x", campaign="honduras")
    desk.once()
    wrong = desk.bot("report", "--costs", "--billed", "a lot")
    plain = desk.bot("report", "--costs", "--rate", "0.80")
    billed = desk.bot("report", "--costs", "--billed", "1.015", "--json").json

    assert (wrong.code, "31.40" in wrong.err) == (2, True)
    assert "So far, by our estimate: $0.015 (£0.012)" in plain.out
    assert "honduras" in plain.out
    assert "nobody had to approve it" in plain.out
    (month,) = billed
    assert (month["account"], month["spent_usd"], month["billed_usd"]) == ("x", "0.015", "1.015")
    assert (month["difference_usd"], month["is_estimate"]) == ("1.000", False)
    assert month["by_campaign"] == {"honduras": "0.015"}


def test_the_price_stands_where_people_look_before_a_post_leaves(desk: Desk) -> None:
    """A link on X costs thirteen times as much; Facebook costs nothing."""
    plain = desk.write("plain.md", "We stand with Honduras.", at="2099-12-01 18:30")
    linked = desk.write(
        "linked.md", "Read on.", at="2099-12-01 19:30", link="https://example.org/a"
    )
    check, shown, _, _ = desk.together(
        ["check", "--json"], ["check", str(linked)], ["add", str(plain)], ["add", str(linked)]
    )
    said, listed = desk.together(["queue"], ["queue", "--json"])

    assert [
        {"x": "0.200", "facebook": "0"},
        {"x": "0.015", "facebook": "0"},
    ] == [one["prices_usd"] for one in check.json]
    assert "linked.md: X: costs $0.20" in shown.out
    assert {("x", "0.200"), ("x", "0.015"), ("facebook", "0")} == {
        (row["account"], row["price_usd"]) for row in listed.json
    }
    assert "Costs: $0.20" in said.out
    assert "Costs: $0.015" in said.out
