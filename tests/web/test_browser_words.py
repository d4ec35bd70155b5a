"""Nothing typed is ever lost, nothing is queued twice, and nobody's words are overwritten."""

import uuid

import pytest
from playwright.sync_api import Page, expect

from bot import flow
from bot.model.person import Manuscript
from bot.store import people
from bot.web import manuscripts
from web.driving import PHONE, Open, Window, faults
from web.seeded import picture, write
from web.site import PASSWORD, Site, running

pytest_plugins = ["web.browser"]
WORDS = "The river defenders have been held without trial for 914 days."
NEAR = "a" * 279
LATER = "Later words."


def compose(window: Window, words: str) -> Page:
    """Write, and wait until the server has it."""
    page = window.go("/compose")
    page.get_by_label("Text").fill(words)
    expect(page.locator("#saved")).to_have_text("Saved as a draft.")
    return page


def drafts(site: Site) -> list[str]:
    """The texts of all drafts on the server."""
    with site.bot.store.read() as session:
        return [row.form["text"] for row in session.query(Manuscript)]


def sign_out_everywhere(site: Site, name: str) -> None:
    """What an admin does, or time: the server knows the sign-in no longer."""
    with site.bot.store.write() as session:
        people.end_sign_ins(session, site.people[name], site.bot.clock(), but_not="")


def test_a_closed_tab_and_a_reload_lose_nothing(fresh: Site, open_as: Open):
    window = open_as(fresh.url, fresh.person("volunteer", "Ana"), PHONE)
    compose(window, WORDS).close()
    window.page = window.context.new_page()
    page = window.go("/")
    page.get_by_role("link", name=WORDS[:40]).click()
    expect(page.get_by_label("Text")).to_have_value(WORDS)
    page.reload()
    expect(page.get_by_label("Text")).to_have_value(WORDS)


def test_words_typed_in_a_tunnel_arrive_by_themselves_afterwards(fresh: Site, open_as: Open):
    """The button refuses to lead to the browser's own page of no connection."""
    window = open_as(fresh.url, fresh.person("volunteer", "Ana"))
    page = window.go("/compose")
    window.context.set_offline(True)
    page.get_by_label("Text").fill(WORDS)
    expect(page.locator("#saved")).to_contain_text("kept in this browser")
    page.get_by_role("button", name="Queue").click()
    expect(page.get_by_label("Text")).to_have_value(WORDS)
    assert [] == drafts(fresh)

    window.context.set_offline(False)
    expect(page.locator("#saved")).to_have_text("Saved as a draft.")
    assert [WORDS] == drafts(fresh)
    window.complaints.clear()  # the console tells of the request that found no network


def test_a_tab_closed_in_a_tunnel_offers_its_words_again(fresh: Site, open_as: Open):
    window = open_as(fresh.url, fresh.person("volunteer", "Ana"))
    page = window.go("/compose")
    window.context.set_offline(True)
    page.get_by_label("Text").fill(WORDS)
    expect(page.locator("#saved")).to_contain_text("kept in this browser")
    page.close()
    window.context.set_offline(False)
    window.page = window.context.new_page()
    page = window.go("/compose")
    page.get_by_role("button", name="Put them back").click()

    expect(page.get_by_label("Text")).to_have_value(WORDS)
    expect(page.locator("#saved")).to_have_text("Saved as a draft.")
    window.complaints.clear()


def test_a_sign_in_that_ends_while_typing_takes_no_words_with_it(fresh: Site, open_as: Open):
    """The page says so; signed in again, the words are offered."""
    ana = fresh.person("volunteer", "Ana")
    window = open_as(fresh.url, ana)
    page = window.go("/compose")
    sign_out_everywhere(fresh, "Ana")
    page.get_by_label("Text").fill(WORDS)
    expect(page.locator("#saved")).to_contain_text("Your sign-in has ended.")
    expect(page.locator("#previews")).not_to_contain_text("Sign in")

    window.go("/login")
    page.get_by_label("E-mail address").fill("ana@example.org")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    window.go("/compose")
    page.get_by_role("button", name="Put them back").click()
    expect(page.get_by_label("Text")).to_have_value(WORDS)


def test_a_draft_survives_another_process_on_the_same_database(fresh: Site, open_as: Open):
    window = open_as(fresh.url, fresh.person("volunteer", "Ana"))
    page = compose(window, WORDS)
    key = page.locator("#compose").get_attribute("data-key")
    with running(fresh.folder, fresh.sandbox, fresh.bot.clock) as other:
        window.go(f"{other.url}/compose/{key}")  # a cookie knows no port
        expect(page.get_by_label("Text")).to_have_value(WORDS)


def test_a_double_tap_queues_one_post_and_leaves_no_draft(fresh: Site, open_as: Open):
    window = open_as(fresh.url, fresh.person("volunteer", "Ana"), PHONE)
    page = compose(window, WORDS)
    page.get_by_role("button", name="Queue for").dblclick()
    expect(page.get_by_role("heading", name="Post P1")).to_be_visible()
    window.go("/queue")
    expect(page.get_by_text(WORDS)).to_have_count(2)  # one for each account
    assert [] == drafts(fresh)
    assert [] == page.evaluate("Object.keys(localStorage)")


def test_the_second_of_two_who_change_a_post_is_told_and_overwrites_nothing(
    fresh: Site, open_as: Open
):
    bea, cleo = fresh.person("approver", "Bea"), fresh.person("approver", "Cleo")
    number = write(bea, "As it was.")
    windows = [open_as(fresh.url, who) for who in (bea, cleo)]
    first, second = [window.go(f"/posts/{number}/edit") for window in windows]
    for page, words in ((first, "As Bea has it."), (second, "As Cleo has it.")):
        page.get_by_label("Text").fill(words)
        expect(page.locator("#saved")).to_have_text("Saved as a draft.")
        page.get_by_role("button", name="Keep the change").click()

    expect(second.get_by_role("heading", name="Somebody else changed it")).to_be_visible()
    expect(second.get_by_role("main")).to_contain_text("As Bea has it.")
    expect(second.get_by_role("main")).to_contain_text("As Cleo has it.")
    assert not faults(windows[1])
    second.get_by_role("link", name="Leave it as it is").click()
    expect(second.locator(".part").first).to_have_text("As Bea has it.")
    windows[1].complaints.clear()  # the console tells of the answer that says so


def test_no_swap_moves_the_focus_and_counts_are_spoken_once_near_the_limit(
    fresh: Site, open_as: Open
):
    """Far from the limit nothing is spoken; near it once, a second after the last key."""
    window = open_as(fresh.url, fresh.person("volunteer", "Ana"))
    page = window.go("/compose")
    page.evaluate(
        "window.spoken = []; new MutationObserver(() => window.spoken.push("
        "[performance.now(), document.getElementById('spoken').textContent]))"
        ".observe(document.getElementById('spoken'), {childList: true})"
    )
    text = page.get_by_label("Text")
    text.fill("Short.")
    expect(page.locator("#previews .words").first).to_have_text("Short.")
    text.press_sequentially(" Still short.")
    expect(page.locator("#previews .words").first).to_have_text("Short. Still short.")
    expect(text).to_be_focused()

    text.fill(NEAR)
    page.evaluate("window.typed = performance.now()")
    expect(page.locator("#spoken")).to_contain_text("279 of 280 characters")
    expect(text).to_be_focused()
    page.get_by_label("Campaign").fill("rivers")
    expect(page.locator("#saved")).to_have_text("Saved as a draft.")
    spoken, typed = page.evaluate("[window.spoken, window.typed]")
    assert ["X: 279 of 280 characters"] == [said for _at, said in spoken]
    assert spoken[0][0] - typed >= 900  # milliseconds; how much later depends on the machine


@pytest.mark.parametrize("slow", ["keep_picture", "keep"])
def test_a_picture_and_words_that_arrive_at_the_same_moment_both_stay(
    fresh: Site, monkeypatch: pytest.MonkeyPatch, slow
):
    """Words are saved while a picture is made to fit; a picture arrives while words are saved."""
    ana = fresh.person("volunteer", "Ana")
    address, files = f"/compose/{uuid.uuid4()}", {"file": ("one.png", picture(), "image/png")}
    ana.post(f"{address}/save", {"text": WORDS, "when": "next"})

    def save() -> None:
        ana.post(f"{address}/save", {"text": LATER})

    def add() -> None:
        ana.post(f"{address}/pictures", {"text": WORDS}, files=files)

    place, first, meanwhile = {
        "keep_picture": (flow, add, save),
        "keep": (manuscripts, save, add),
    }[slow]
    as_it_is = getattr(place, slow)

    def slowly(*given):
        monkeypatch.setattr(place, slow, as_it_is)
        meanwhile()
        return as_it_is(*given)

    monkeypatch.setattr(place, slow, slowly)
    first()
    with fresh.bot.store.read() as session:
        row = session.query(Manuscript).one()
    assert (LATER, ["one.png"]) == (row.form["text"], [one["file"] for one in row.media])
