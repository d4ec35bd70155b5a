"""Accounts are connected from their page, by the platforms' own sign-in, and disconnected again."""

from urllib.parse import urlencode, urlsplit

import pytest
from consenting import led_back
from sqlalchemy import select

from bot.accounts.vault import new_key
from bot.model.delivery import Delivery
from bot.sandbox import Sandbox
from bot.store import accounts, byhand
from web.site import running, token_in

OWN = ("X_ACCESS_TOKEN", "X_ACCESS_TOKEN_SECRET", "FACEBOOK_PAGE_ID", "FACEBOOK_PAGE_TOKEN")


@pytest.fixture
def site(tmp_path):
    """Accounts without keys of their own, on simulated platforms."""
    with Sandbox() as sandbox:
        without = dict.fromkeys(OWN, "")
        with running(tmp_path, sandbox, ENCRYPTION_KEYS=new_key(), **without) as started:
            yield started


def came_back(admin, name, answer="yes"):
    """Begin on the page, press the button at the platform, and follow its link back."""
    page = admin.post(f"/accounts/{name}/connect")
    link = page.text.split('class="button main" href="')[1].split('"')[0].replace("&amp;", "&")
    there, query = led_back(link, answer)
    return f"{urlsplit(there).path}?{urlencode(query)}"


@pytest.mark.parametrize("name", ["x", "facebook"])
def test_an_admin_connects_an_account_and_disconnects_it(site, name):
    """It is off, then on and says who connected it, then off again; the record has both."""
    admin = site.person("admin", "Ana")
    assert "not connected" in admin.get("/accounts").text

    page = admin.get(came_back(admin, name))
    if "Which Page is meant" in page.text:
        mark = page.text.split('name="mark" value="')[1].split('"')[0]
        chosen = page.text.split('name="remote_id" value="')[1].split('"')[0]
        sent = {"mark": mark, "remote_id": chosen}
        page = admin.post(f"/accounts/{name}/choose", sent, token=token_in(page.text))

    assert "Connected as" in page.text
    assert "connected by Ana" in page.text
    assert not site.bot.platforms[name].missing_settings
    gone = admin.post(f"/accounts/{name}/disconnect")
    assert "Disconnected." in gone.text
    assert site.bot.platforms[name].missing_settings
    record = admin.get("/record").text
    assert "disconnected an account" in record
    assert "connected an account" in record


def test_an_admin_connects_another_account_and_removes_it(site):
    """Under the name that posts will give it; gone, it is in no list, and the record has why."""
    admin = site.person("admin", "Ana")
    begun = admin.post("/accounts/new", {"name": "bogota-x", "platform": "x"}).text
    assert "asks you now whether this bot may post" in begun
    page = admin.get(came_back(admin, "bogota-x"))
    assert "Connected as" in page.text
    assert "to: [bogota-x]" in page.text
    assert "X (bogota-x)" in page.text
    assert not site.bot.platforms["bogota-x"].missing_settings

    wrong = {"name": "A b", "platform": "x"}
    assert "no name for an account" in admin.post("/accounts/new", wrong).text
    assert "cannot be removed here" in admin.post("/accounts/x/remove", {"reason": "No"}).text
    gone = admin.post("/accounts/bogota-x/remove", {"reason": "It has ended"}).text
    assert "Removed." in gone
    assert "X (bogota-x)" not in gone
    assert "removed an account" in admin.get("/record").text


def test_whoever_connected_an_account_is_offered_its_past(site):
    """With its price first; once read it is in the log as made by hand, and on record."""
    admin = site.person("admin", "Ana")
    site.sandbox.post_by_hand("x", "We were here before the bot.")
    page = admin.get(came_back(admin, "x"))
    assert "It costs at most $3.20" in page.text
    assert "<details open>" in page.text

    assert "give a number of days" in admin.post("/accounts/x/past", {"days": "all"}).text
    page = admin.post("/accounts/x/past", {"days": "30"})

    assert "1 post was seen, 0 of them new here" in page.text
    assert "had the past of an account read in" in admin.get("/record").text


def test_saying_no_there_changes_nothing(site):
    """The page says that it was refused."""
    admin = site.person("admin", "Ana")

    page = admin.get(came_back(admin, "x", "no"))

    assert 'role="alert"' in page.text
    assert site.bot.platforms["x"].missing_settings


def test_a_way_back_that_somebody_else_began_connects_nothing(site):
    """It is bound to the sign-in that began it."""
    ana, bea = site.person("admin", "Ana"), site.person("admin", "Bea")
    back = came_back(ana, "x")

    page = bea.get(back)

    assert "Connected as" not in page.text
    assert site.bot.platforms["x"].missing_settings


def test_a_volunteer_connects_nothing(site):
    """Only admins may."""
    volunteer = site.person("volunteer", "Vera")

    assert 403 == volunteer.post("/accounts/x/connect").status_code
    assert 403 == volunteer.get("/accounts/x/connected?state=1").status_code


def test_what_was_made_by_hand_has_no_button_that_would_send_or_change_it(site):
    """Nor does anything happen to it without the button."""
    admin, bot = site.person("admin", "Ana"), site.bot
    at = bot.clock()
    with bot.store.write() as session:
        account = accounts.named(session, "x")
        found = byhand.Public("77", "https://x.com/i/status/77", "We marched.", None, at, 11)
        assert byhand.add(session, account, found, at)
        (row,) = session.scalars(select(Delivery)).all()
        post, number = row.post_id, row.id

    page = admin.get(f"/posts/{post}").text
    assert "We marched." in page
    for words in ("The same again", "Change the words", "Take it down"):
        assert words not in page
    assert "made by hand on the page itself" in admin.post(f"/posts/{post}/duplicate").text
    assert admin.get(f"/posts/{post}/edit").status_code == 403
    for verb in ("take-down", "cancel", "hold", "release", "retry", "move", "approve"):
        refused = admin.post(f"/decide/{number}/{verb}", {"reason": "no", "at": "2030-01-01 09:00"})
        assert 'role="alert"' in refused.text, verb
    with bot.store.read() as session:
        assert ("sent", at) == session.execute(select(Delivery.state, Delivery.sent_at)).one()
