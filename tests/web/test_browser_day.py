"""Whole days of people in a real browser: from an invitation to a post that is out, once."""

from datetime import datetime
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from bot.decisions.rules import set_approval
from bot.reports import listing
from bot.store import listing as lists
from bot.store.listing import Wanted
from web.driving import DESKTOP, PHONE, Open, Window
from web.seeded import ALT, picture, write
from web.site import PASSWORD, Site, code_of

pytest_plugins = ["web.browser"]
SIZES = pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
WORDS = "We ask the minister: who was it used against? Ask with us."
LINK = "https://example.org/spyware"


def accept(window: Window, link: str) -> Page:
    """Open an invitation and choose a password."""
    page = window.go(link)
    page.get_by_label("password").first.fill(PASSWORD)
    page.get_by_label("password").last.fill(PASSWORD)
    page.get_by_role("button", name="Keep this password").click()
    return page


def set_up_code(page: Page) -> None:
    """Let an app on a phone make codes."""
    page.get_by_role("button", name="Show me the picture to scan").click()
    expect(page.get_by_alt_text("The picture to scan")).to_be_visible()
    key = page.locator(".walk code").inner_text().replace("-", "").replace(" ", "")
    page.get_by_label("code").fill(code_of(key))
    page.get_by_role("button", name="Done").click()


def leave(page: Page, name: str) -> None:
    page.get_by_text(name, exact=True).click()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()


def describe(page: Page, tmp_path: Path) -> None:
    """Choose a picture and say what matters in it."""
    file = tmp_path / "banner.png"
    file.write_bytes(picture())
    page.locator("#file").set_input_files(file)
    words = page.get_by_label("What matters in this picture")
    expect(words).to_be_focused()
    words.fill(ALT)


@SIZES
def test_a_volunteer_writes_an_approver_approves_and_it_is_out_once(
    fresh: Site, open_as: Open, tmp_path: Path, size
):
    """Invitation, password, preview, picture, link, campaign, draft, queue, approval, ledger."""
    set_approval(fresh.bot.decider(), "x", "volunteers")
    set_approval(fresh.bot.decider(), "facebook", "volunteers")
    window = open_as(fresh.url, size=size)
    page = accept(window, fresh.invite("volunteer", "Ana"))
    page.get_by_role("link", name="Compose").click()

    page.get_by_label("Text").fill(WORDS)
    previews = page.locator("#previews")
    expect(previews.locator(".words").first).to_contain_text("Ask with us.")
    expect(previews.locator(".count").first).to_contain_text("of 280 characters")
    page.locator("#link").fill(LINK)
    describe(page, tmp_path)
    page.get_by_label("Campaign").fill("spyware")
    page.get_by_role("group", name="Could this be read").get_by_label("No", exact=True).check()
    expect(previews.get_by_alt_text(ALT).first).to_be_visible()
    expect(previews).to_contain_text("example.org")
    expect(page.locator("#saved")).to_have_text("Saved as a draft.")
    page.get_by_role("button", name="Queue for").click()
    expect(page.get_by_role("status").first).to_contain_text("kept")
    leave(page, "Ana")

    approver = open_as(fresh.url, size=size)
    page = accept(approver, fresh.invite("approver", "Bea"))
    set_up_code(page)
    approver.go("/")
    page.get_by_role("link", name="Read and decide").first.click()
    for title in ("X", "Facebook"):
        page.get_by_role("region", name=title, exact=True).get_by_role(
            "button", name="Approve"
        ).click()
        expect(page.get_by_role("status").filter(has_text=f"{title}: approved")).to_be_visible()
    fresh.beat()
    assert not fresh.sandbox.ledger.posts()
    go_on_until_out(fresh)

    out = fresh.sandbox.ledger.posts()
    assert ["facebook", "x"] == sorted(entry.platform for entry in out)
    assert all("Ask with us." in entry.text for entry in out)
    page.reload()
    expect(page.get_by_role("link", name="See it there").first).to_be_visible()


def test_an_approver_answers_refuses_holds_moves_and_pauses(fresh: Site, open_as: Open):
    """Each thing that needs somebody, from Today to its end."""
    set_approval(fresh.bot.decider(), "x", "volunteers")
    ana, bea = fresh.person("volunteer", "Ana"), fresh.person("approver", "Bea")
    fresh.sandbox.fault("facebook", "cut_before")
    doubted = write(bea, "The court decides on Friday.", when="now", sure="yes")
    for _look in range(8):
        fresh.beat()
        fresh.bot.clock.move(minutes=31)
    asked = write(ana, "Our banner is ready.", to=("x",))
    waiting = write(bea, "Write to your MP today.")
    window = open_as(fresh.url, bea)
    page = window.go("/")

    page.get_by_role("link", name="Answer").click()
    expect(page.get_by_text("Is it up?")).to_be_visible()
    page.get_by_label("I have looked myself").check()
    page.get_by_role("button", name="Not there, next free time").click()
    expect(page.get_by_text("waiting").first).to_be_visible()

    window.go(f"/posts/{asked}")
    page.get_by_text("Refuse, with a reason").click()
    page.get_by_label("What should change").fill("Say which banner.")
    page.get_by_role("button", name="Refuse").click()
    expect(page.get_by_role("list").last).to_contain_text("Say which banner.")

    window.go(f"/posts/{waiting}")
    page.get_by_text("Put it on hold").first.click()
    page.get_by_label("Why").first.fill("Not before the vote.")
    page.get_by_role("button", name="Put it on hold").click()
    expect(page.locator(".badge").first).to_contain_text("on hold")
    page.get_by_role("button", name="Approve").click()
    expect(page.locator(".badge").first).to_contain_text("waiting")

    page.get_by_role("link", name="Pause").click()
    page.get_by_label("Why (everybody sees it)").fill("A day of mourning.")
    page.get_by_role("button", name="Pause").click()
    expect(page.get_by_role("status").filter(has_text="Everything is paused.")).to_be_visible()
    fresh.bot.clock.move(days=1)
    fresh.beat()
    assert not ledger(fresh)
    window.go("/pause")
    page.get_by_role("button", name="Go on with everything").click()
    expect(page.get_by_text("Going on.")).to_be_visible()
    go_on_until_out(fresh)
    assert {doubted, waiting} == {post_of(fresh, entry.text) for entry in ledger(fresh)}


def go_on_until_out(site: Site) -> None:
    """Let time pass, from one post's moment to the next, until none waits."""
    for _beat in range(20):
        with site.bot.store.read() as session:
            (rows,) = listing.entries(session, lists.found(session, Wanted(state="waiting"), 50))
        if not rows:
            return
        next_due = min(datetime.fromisoformat(row["due_at"]) for row in rows)
        site.bot.clock.now = max(site.bot.clock(), next_due)
        site.beat()


def ledger(site: Site):
    return site.sandbox.ledger.posts()


def post_of(site: Site, text: str) -> int:
    """The number of the post that has those words."""
    with site.bot.store.read() as session:
        (rows,) = listing.entries(session, lists.found(session, Wanted(lists.OUT), 50))
    return next(row["id"] for row in rows if row["parts"][0] == text)


@pytest.mark.parametrize("answer", ["It is there", "Not there, send now", "Drop it"])
def test_a_doubt_is_answered_in_each_of_the_other_ways(fresh: Site, open_as: Open, answer):
    bea = fresh.person("approver", "Bea")
    fresh.sandbox.fault("facebook", "cut_before")
    number = write(bea, "The court decides on Friday.", when="now", sure="yes")
    for _look in range(8):
        fresh.beat()
        fresh.bot.clock.move(minutes=31)
    page = open_as(fresh.url, bea).go(f"/posts/{number}")
    if answer == "It is there":
        page.get_by_label("Its link").fill("https://www.facebook.com/1/posts/2")
    else:
        page.get_by_label("I have looked myself").check()
    page.get_by_role("button", name=answer).click()
    expect(page.get_by_text("Is it up?")).to_be_hidden()
    fresh.beat()
    page.reload()

    said = {"It is there": "out", "Not there, send now": "out", "Drop it": "cancelled"}[answer]
    expect(page.locator(".badge").first).to_contain_text(said)
    assert ("Not there, send now" == answer) == bool(ledger(fresh))


def test_the_calendar_moves_posts_by_dragging_and_by_its_form(fresh: Site, open_as: Open):
    """Both keep the time of day; the form needs no JavaScript and no mouse."""
    bea = fresh.person("approver", "Bea")
    write(bea, "Write to your MP today.", when="typed", day="2026-12-08", time="10:15")
    page = open_as(fresh.url, bea).go("/calendar")
    slip, there = page.locator(".movable"), page.locator("ul[data-day='2026-12-09']")
    with page.expect_navigation():
        slip.drag_to(there)
    expect(page.locator("ul[data-day='2026-12-09'] .movable")).to_contain_text("10:15")
    expect(page.get_by_text("Moved to Wednesday 9 December 2026, 10:15")).to_be_visible()

    page.get_by_text("Move a post to another day").click()
    page.get_by_label("To", exact=True).fill("2026-12-10")
    page.get_by_role("button", name="Move it").click()
    expect(page.locator("ul[data-day='2026-12-10'] .movable")).to_contain_text("10:15")
    expect(page.get_by_text("Moved to Thursday 10 December 2026, 10:15")).to_be_visible()


def test_an_admin_invites_gives_a_role_and_sets_the_group_up(fresh: Site, open_as: Open):
    """People, accounts, feeds, timetable, settings, and the record of it all."""
    window = open_as(fresh.url, fresh.person("admin", "Cleo"))
    page = window.go("/people")
    page.get_by_label("E-mail address").fill("ana@example.org")
    page.get_by_label("Name", exact=True).fill("Ana")
    page.get_by_role("button", name="Invite").click()
    link = page.get_by_label("Link").input_value()
    assert "/reset/" in link
    page.get_by_label("Role of Ana").select_option("approver")
    page.get_by_role("listitem").filter(has_text="ana@").get_by_role(
        "button", name="Change"
    ).click()
    expect(page.get_by_role("status").first).to_contain_text("Done.")

    window.go("/accounts")
    page.get_by_label("Who must approve on X").select_option("volunteers")
    page.get_by_role("button", name="Keep X").click()
    expect(page.get_by_role("status").first).to_contain_text("Kept.")
    page.get_by_role("button", name="Ask how it is X").click()
    expect(page.get_by_role("region", name="X", exact=True)).to_contain_text("asked")

    window.go("/feeds")
    page.get_by_label("Address of the site").fill("https://127.0.0.1/feed")
    page.get_by_role("button", name="Add it").click()
    expect(page.get_by_role("alert")).to_contain_text("private network")

    window.go("/timetable")
    page.get_by_role("region", name="X", exact=True).get_by_role("textbox").fill("daily 07:45")
    page.get_by_role("button", name="Keep these times X").click()
    expect(page.get_by_role("status").first).to_contain_text("Kept.")

    window.go("/settings")
    page.locator("fieldset").first.get_by_label("No", exact=True).check()
    page.get_by_role("button", name="Keep the answers").click()
    expect(page.get_by_role("status").first).to_contain_text("Kept.")
    window.go("/record")
    expect(page.get_by_role("table")).to_contain_text("Cleo")
