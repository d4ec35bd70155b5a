"""States that pages come into, as axe sees them: errors, questions, pauses, links, empty lists."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from web.driving import Open, Window, faults
from web.seeded import Used
from web.site import PASSWORD, Site

pytest_plugins = ["web.browser"]


def refused(page: Page, used: Used) -> None:
    page.goto(f"{used.site.url}/compose")
    page.get_by_label("Repeat every").evaluate("one => { one.value = 'now and then'; }")
    page.get_by_role("button", name="Queue").click()
    expect(page.get_by_text("Not queued yet.")).to_be_visible()
    expect(page.locator("#wrong")).to_be_focused()


def too_long(page: Page, used: Used) -> None:
    page.goto(f"{used.site.url}/compose")
    page.get_by_label("Text").fill("word " * 70)
    expect(page.locator(".count.over")).to_be_visible()


def asked_whether_now(page: Page, used: Used) -> None:
    page.goto(f"{used.site.url}/compose")
    page.get_by_label("Text").fill("Come to the embassy now.")
    page.get_by_label("Now (you are asked once more)").check()
    page.locator("#go").click()
    expect(page.get_by_role("heading", name="Post it now?")).to_be_visible()


def shared_with_a_trustee(page: Page, used: Used) -> None:
    page.goto(f"{used.site.url}/posts/{used.posts['asked']}")
    page.get_by_text("Ask somebody without an account").click()
    page.get_by_label("Who it is for").fill("Rosa")
    page.get_by_role("button", name="Make a link").click()
    expect(page.get_by_label("Link")).to_be_visible()


def asked_by_a_link(page: Page, used: Used) -> None:
    shared_with_a_trustee(page, used)
    link = page.get_by_label("Link").input_value()
    page.context.clear_cookies()
    page.goto(used.site.url + link[link.index("/ask/") :])
    page.get_by_role("button", name="No", exact=True).click()
    expect(page.get_by_text("Say what should change.")).to_be_visible()


def invited(page: Page, used: Used) -> None:
    page.goto(f"{used.site.url}/people")
    page.get_by_label("E-mail address").fill("eva@example.org")
    page.get_by_role("button", name="Invite").click()
    expect(page.get_by_text("Hand this link to")).to_be_visible()


def paused(page: Page, used: Used) -> None:
    page.goto(f"{used.site.url}/pause")
    page.get_by_label("Why (everybody sees it)").fill("A day of mourning.")
    page.get_by_role("button", name="Pause").click()
    expect(page.get_by_text("Paused now")).to_be_visible()


def as_a_list(page: Page, used: Used) -> None:
    page.goto(f"{used.site.url}/calendar")
    page.get_by_role("button", name="Show it as a list").click()
    expect(page.get_by_role("button", name="Show it as a calendar")).to_be_visible()


def signed_out_meanwhile(page: Page, used: Used) -> None:
    page.goto(f"{used.site.url}/me")
    page.wait_for_load_state("networkidle")  # an answer under way would bring the cookie back
    page.context.clear_cookies()
    page.get_by_role("button", name="Keep").click()
    expect(page.get_by_role("heading", name="Please sign in again")).to_be_visible()


def wrong_password(page: Page, used: Used) -> None:
    page.context.clear_cookies()
    page.goto(f"{used.site.url}/login")
    page.get_by_label("E-mail address").fill("nobody@example.org")
    page.get_by_label("Password").fill("not the one")
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.locator(".error, .note.bad").first).to_be_visible()


def asked_for_a_code(page: Page, used: Used) -> None:
    page.context.clear_cookies()
    page.goto(f"{used.site.url}/login")
    page.get_by_label("E-mail address").fill("bea@example.org")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("heading", name="The code from your app")).to_be_visible()


def asked_for_a_recovery_code(page: Page, used: Used) -> None:
    asked_for_a_code(page, used)
    page.get_by_role("link", name="use a recovery code").click()
    expect(page.get_by_role("heading", name="A recovery code")).to_be_visible()


def password_too_short(page: Page, used: Used) -> None:
    page.context.clear_cookies()
    page.goto(used.site.invite("volunteer", f"New{id(page)}"))
    page.get_by_label("password").first.fill("short")
    page.get_by_label("password").last.fill("other")
    page.get_by_role("button", name="Keep this password").click()
    expect(page.locator(".error").first).to_be_visible()


STATES: dict[Callable[[Page, Used], None], str] = {
    refused: "volunteer",
    too_long: "volunteer",
    asked_whether_now: "approver",
    shared_with_a_trustee: "approver",
    asked_by_a_link: "approver",
    invited: "admin",
    paused: "approver",
    as_a_list: "staff",
    signed_out_meanwhile: "volunteer",
    wrong_password: "volunteer",
    asked_for_a_code: "approver",
    asked_for_a_recovery_code: "approver",
    password_too_short: "volunteer",
}


@pytest.mark.parametrize("state", STATES, ids=lambda state: state.__name__)
def test_no_state_has_anything_that_axe_finds(used: Used, open_as: Open, state):
    window = open_as(used.site.url, used.people[STATES[state]])
    state(window.page, used)
    window.complaints.clear()  # the console tells of answers that refuse

    assert not faults(window)


EMPTY = ("/", "/queue", "/queue?which=out", "/calendar", "/articles", "/engagement", "/feeds")


def test_nothing_is_wrong_with_pages_that_are_empty_and_each_says_how_to_fill_it(
    fresh: Site, open_as: Open
):
    window: Window = open_as(fresh.url, fresh.person("admin", "Cleo"))
    found = {}
    for path in EMPTY:
        window.go(path)
        if path != "/calendar":
            expect(window.page.locator(".empty").first).to_be_visible()
        found[path] = faults(window)
    assert not {path: said for path, said in found.items() if said}
