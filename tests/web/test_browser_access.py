"""Without a mouse, without JavaScript, at 200 % zoom; and what a screen reader is told."""

import os
import re
from pathlib import Path

import busyyear
import pytest
from playwright.sync_api import Page, expect

from web.driving import Open, sideways, violations
from web.seeded import Used, picture
from web.site import Site

pytest_plugins = ["web.browser"]
SNAPSHOTS = Path(__file__).parent / "snapshots"
WORDS = "Meet us at noon in Trafalgar Square."
FOCUS = """() => {
  const one = document.activeElement, style = getComputedStyle(one);
  const box = one.getBoundingClientRect();
  return [one.tagName, one.id || one.name || one.innerText.trim().slice(0, 40),
    style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2,
    box.width > 0 && box.bottom > 0 && box.top < innerHeight];
}"""


def tab_to(page: Page, wanted: str, most: int = 80) -> None:
    """Press Tab until the control of that id, name or words has the focus, always in sight."""
    for _press in range(most):
        page.keyboard.press("Tab")
        tag, name, has_outline, is_in_sight = page.evaluate(FOCUS)
        assert has_outline, f"{tag} {name} shows no focus"
        assert is_in_sight, f"{tag} {name} has the focus out of sight"
        if name == wanted:
            return
    pytest.fail(f"{wanted} is not reached by {most} presses of Tab")


def test_a_post_is_written_and_moved_with_the_keyboard_alone(fresh: Site, open_as: Open):
    """The skip link first, focus always seen, no trap: the walk goes through the page and on."""
    page = open_as(fresh.url, fresh.person("volunteer", "Ana")).go("/compose")
    page.keyboard.press("Tab")
    assert "Skip to the content" == page.evaluate(FOCUS)[1]
    page.keyboard.press("Enter")
    tab_to(page, "text")
    page.keyboard.type(WORDS)
    tab_to(page, "to-x")
    page.keyboard.press("Space")
    expect(page.locator("#to-x")).not_to_be_checked()
    tab_to(page, "when-next")
    tab_to(page, "campaign")
    page.keyboard.type("honduras")
    tab_to(page, "go")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Post P1")).to_be_visible()

    page.goto(f"{fresh.url}/calendar?day=2026-12-01")
    tab_to(page, "Move a post to another day")
    page.keyboard.press("Enter")
    tab_to(page, "day")
    page.keyboard.type("12032026")  # Chromium here has the month first
    page.keyboard.press("Enter")
    expect(page.get_by_text("Moved to Thursday 3 December 2026")).to_be_visible()


def test_the_menu_opens_and_closes_by_keyboard_and_gives_the_focus_back(used: Used, open_as: Open):
    page = open_as(used.site.url, used.people["admin"]).go("/")
    tab_to(page, "Cleo")
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="My sign-in")).to_be_visible()
    assert not violations(page)
    tab_to(page, "People")
    page.keyboard.press("Escape")
    expect(page.get_by_role("link", name="People", exact=True)).to_be_hidden()
    assert "Cleo" == page.evaluate(FOCUS)[1]


def test_everything_works_without_javascript(fresh: Site, open_as: Open, tmp_path: Path):
    """Write, look, add a picture, describe it, queue, decide and move: by buttons alone."""
    bea = fresh.person("approver", "Bea")
    page = open_as(fresh.url, bea, java_script_enabled=False).go("/compose")
    page.get_by_label("Text").fill(WORDS)
    page.get_by_role("button", name="Look at it first").click()
    expect(page.locator("#previews .words").first).to_have_text(WORDS)
    file = tmp_path / "banner.png"
    file.write_bytes(picture())
    page.locator("#file").set_input_files(file)
    page.get_by_role("button", name="Add them").click()
    page.get_by_label("What matters in this picture").fill("A red banner.")
    page.get_by_role("button", name="Queue").click()
    expect(page.get_by_role("heading", name="Post P1")).to_be_visible()
    expect(page.get_by_alt_text("A red banner.").first).to_be_visible()

    page.get_by_text("Put it on hold").first.click()
    page.get_by_role("button", name="Put it on hold").first.click()
    expect(page.locator(".badge").first).to_contain_text("on hold")
    page.goto(f"{fresh.url}/calendar")
    page.get_by_text("Move a post to another day").click()
    page.get_by_label("To", exact=True).fill("2026-12-04")
    page.get_by_role("button", name="Move it").click()
    expect(page.get_by_text("Moved to Friday 4 December 2026")).to_be_visible()


def test_the_log_is_reviewed_with_the_keyboard_alone(fresh: Site, open_as: Open):
    """Tick, write a note, mark; then sort by a head, which says so aloud."""
    busyyear.fill_hours(fresh.bot.store, 3, 2)
    page = open_as(fresh.url, fresh.person("staff", "Dan")).go("/engagement/log")
    tab_to(page, "t5")
    page.keyboard.press("Space")
    tab_to(page, "note")
    page.keyboard.type("Well done.")
    tab_to(page, "verb")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Marked as reviewed: 1.")).to_be_visible()
    expect(page.get_by_role("row").filter(has_text="Well done.")).to_contain_text("Dan")
    tab_to(page, "Views")
    page.keyboard.press("Enter")
    expect(page.locator("[aria-sort=descending]")).to_contain_text("Views")


def test_the_engagement_pages_work_without_javascript(fresh: Site, open_as: Open, tmp_path: Path):
    """A good hour is found and added; the log is filtered, sorted, marked; visits are looked at."""
    busyyear.fill_hours(fresh.bot.store, 20, 20)
    page = open_as(fresh.url, fresh.person("admin", "Cleo"), java_script_enabled=False).go(
        "/engagement"
    )
    page.locator("[name=period]").select_option("1y")
    page.get_by_role("button", name="Show").click()
    page.get_by_role("button", name="Add this slot to the timetable").click()
    expect(page.get_by_text("In the timetable already")).to_be_visible()

    page.get_by_role("link", name="The log").click()
    page.get_by_label("Words").fill("Part 1 of 7")
    page.get_by_role("button", name="Filter").click()
    page.get_by_role("link", name="Views").click()
    expect(page.locator("[aria-sort=descending]")).to_contain_text("Views")
    page.get_by_role("checkbox").first.check()
    page.get_by_role("button", name="Mark as reviewed").click()
    expect(page.get_by_text("Marked as reviewed: 1.")).to_be_visible()

    page.get_by_role("link", name="Visits to your site").click()
    file = tmp_path / "web.csv"
    file.write_text("visits,utm_content\n1204,post-7\n")
    page.locator("#file").set_input_files(file)
    page.get_by_role("button", name="Look at it").click()
    expect(page.get_by_text("1,204")).to_be_visible()


ZOOMED = (
    *("/", "/compose", "/queue", "/calendar", "/posts/{doubted}", "/pause"),
    *("/engagement", "/engagement/log", "/posts/{sent}"),
)


@pytest.mark.parametrize("path", ZOOMED)
def test_at_200_percent_nothing_is_cut_off_and_nothing_covers_the_page(
    used: Used, open_as: Open, path
):
    """A window of 1280 by 900 then has half as many pixels of its own each way."""
    window = open_as(used.site.url, used.people["approver"], (640, 450), device_scale_factor=2)
    page = window.go(path.format(**used.posts))
    assert sideways(page) <= 0
    covered = page.evaluate(
        "[...document.querySelectorAll('*')].filter(one => ['fixed', 'sticky'].includes("
        "getComputedStyle(one).position)).reduce((sum, one) => sum + one.offsetHeight, 0)"
    )
    assert 0 == covered


JOURNEYS = {
    "today": ("approver", "/"),
    "compose": ("volunteer", "/compose"),
    "queue": ("approver", "/queue"),
    "calendar": ("volunteer", "/calendar?by=week"),
    "approve": ("approver", "/posts/{asked}"),
    "answer": ("approver", "/posts/{doubted}"),
    "pause": ("approver", "/pause"),
    "engagement": ("staff", "/engagement"),
    "log": ("staff", "/engagement/log"),
    "people": ("admin", "/people"),
    "sign-in": (None, "/login"),
}


@pytest.mark.parametrize("name", JOURNEYS)
def test_what_a_screen_reader_is_told_is_as_it_was_last_read_through(
    used: Used, open_as: Open, name
):
    """A change is read through, then kept: run this file with SNAPSHOTS=keep."""
    role, path = JOURNEYS[name]
    page = open_as(used.site.url, used.people.get(role)).go(path.format(**used.posts))
    # A chart is taken up when its place comes into view.
    for place in page.locator("[id^=picture-]").all():
        place.scroll_into_view_if_needed()
        expect(place.locator("> p > a")).to_have_count(0)
    told = steady(page.locator("body").aria_snapshot())
    file = SNAPSHOTS / f"{name}.yaml"
    if os.environ.get("SNAPSHOTS") == "keep":
        SNAPSHOTS.mkdir(exist_ok=True)
        file.write_text(told, encoding="utf-8")
    assert file.read_text(encoding="utf-8") == told


def steady(told: str) -> str:
    """Without what is another one each time: ports, keys, tokens."""
    told = re.sub(r"127\.0\.0\.1:\d+", "127.0.0.1", told)
    told = re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}", "KEY", told)
    return re.sub(r"/calendar/[\w.-]+\.ics", "/calendar/KEY.ics", told) + "\n"
