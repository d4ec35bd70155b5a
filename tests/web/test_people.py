"""How people come in: invitation, second step, passkey, a forgotten password, and the command."""

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import Message
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import requests
from playwright.sync_api import Browser, CDPSession, Page
from sqlalchemy import select

from bot.model.delivery import Decision
from bot.sandbox import Sandbox
from bot.wire import mail

from .conftest import ROLES, is_in, person_row, sign_in, tables
from .letterbox import Letterbox
from .site import PASSWORD, SECRET, Site, Visitor, code_of, running, token_in

pytest_plugins = ["web.browser"]
VOLUNTEER, APPROVER, STAFF, ADMIN = ROLES
ROOT = Path(__file__).resolve().parents[2]
NEW = "quite another set of words"


# From the invitation to the first sign-in


@pytest.mark.parametrize("role", ROLES)
def test_an_invitation_leads_in_and_only_who_decides_takes_a_second_step(
    site: Site, named: str, role: str
):
    visitor, link = Visitor(site), site.invite(role, named)
    page = visitor.get(link)
    assert "At least 12 characters" in page.text
    fields = {"password": PASSWORD, "password_confirm": PASSWORD}
    answer = visitor.post(link, fields, token=token_in(page.text))
    decides = role in (APPROVER, ADMIN)
    assert is_in(visitor) is not decides
    if decides:
        visitor.set_up_code(answer)
    assert is_in(visitor)
    assert visitor.get("/").status_code == 200


def test_a_volunteer_may_take_a_second_step_and_is_then_asked_for_it(site: Site, named: str):
    visitor = site.person(VOLUNTEER, named)
    shown = visitor.post("/tf-setup", {"setup": "authenticator"})
    assert "<code>" in shown.text
    secret = re.search(r"<code>([A-Z2-7 -]{16,})</code>", shown.text)[1].replace("-", "")
    action = re.search(r'action="(/tf-setup/[^"]+)"', shown.text)[1]
    visitor.post(action, {"code": code_of(secret)}, token=token_in(shown.text))
    assert person_row(site, named).tf_primary_method == "authenticator"
    again, page = sign_in(site, named)
    assert not is_in(again)
    assert "/tf-validate" in page.text


def test_an_admin_invites_and_the_link_is_shown_once(site: Site, crew: dict[str, Visitor]):
    answer = crew[ADMIN].post(
        "/people", {"email": "New.One@example.org", "role": STAFF, "name": "New One"}
    )
    path = urlsplit(re.search(r'id="made" readonly value="([^"]+)"', answer.text)[1]).path
    assert path not in crew[ADMIN].get("/people").text
    visitor = Visitor(site)
    visitor.join(f"{site.url}{path}", "New One")
    assert is_in(visitor)
    assert visitor.get("/record").status_code == 200


def test_who_is_in_already_gets_no_link_by_an_invitation(
    site: Site, named: str, crew: dict[str, Visitor]
):
    site.person(VOLUNTEER, named)
    fields = {"email": f"{named}@example.org", "role": VOLUNTEER}
    answer = crew[ADMIN].post("/people", fields)
    assert "/reset/" not in answer.text
    crew[ADMIN].post(f"/people/{site.people[named]}/stop")
    crew[ADMIN].post("/people", fields)
    assert person_row(site, named).active
    assert verbs(site)[-2:] == ["stop", "let in"]


def verbs(site: Site) -> list[str]:
    with site.bot.store.read() as session:
        return [row.verb for row in session.scalars(select(Decision).order_by(Decision.id))]


def test_a_lost_phone_is_answered_by_beginning_anew(
    site: Site, named: str, crew: dict[str, Visitor]
):
    lost = site.person(APPROVER, named)
    answer = crew[ADMIN].post(f"/people/{site.people[named]}/anew")
    assert not is_in(lost)
    assert not is_in(sign_in(site, named)[0])
    path = urlsplit(re.search(r'id="made" readonly value="([^"]+)"', answer.text)[1]).path
    visitor = Visitor(site)
    visitor.join(f"{site.url}{path}", named)
    assert visitor.secret != lost.secret
    assert visitor.get("/pause").status_code == 200
    assert verbs(site)[-1] == "new link"


@pytest.mark.parametrize("verb", ["stop", "role"])
def test_the_last_admin_stays(sandbox: Sandbox, tmp_path: Path, verb: str):
    with running(tmp_path, sandbox) as site:
        admin = site.person(ADMIN, "Ana")
        number = site.people["Ana"]
        said = admin.post(f"/people/{number}/{verb}", {"role": VOLUNTEER}).text
        assert "This is the last admin" in said
        assert (person_row(site, "Ana").role, person_row(site, "Ana").active) == (ADMIN, True)
        # Nor does inviting oneself as less take it away.
        admin.post("/people", {"email": "ana@example.org", "role": VOLUNTEER})
        assert person_row(site, "Ana").role == ADMIN
        site.person(ADMIN, "Bea")
        admin.post(f"/people/{number}/{verb}", {"role": VOLUNTEER})
        assert (person_row(site, "Ana").role, person_row(site, "Ana").active) != (ADMIN, True)
        assert not is_in(admin) or admin.get("/people").status_code == 403


# A forgotten password


@pytest.fixture
def letterbox() -> Iterator[Letterbox]:
    with Letterbox() as box:
        yield box
        box.is_open.set()


@pytest.fixture
def mailing(sandbox: Sandbox, tmp_path: Path, letterbox: Letterbox) -> Iterator[Site]:
    """A site with a mail server."""
    settings = {"MAIL_URL": letterbox.url, "MAIL_FROM": "bot@example.org"}
    with running(tmp_path, sandbox, **settings) as site:
        yield site


def forget(site: Site, address: str, **headers: str) -> requests.Response:
    visitor = Visitor(site)
    return visitor.post(
        "/reset", {"email": address}, token=visitor.token("/reset"), headers=headers
    )


def with_links(letters: list[Message]) -> list[Message]:
    """Those with a link; that a password was chosen is told by mail, too."""
    return [letter for letter in letters if "/reset/" in said_in(letter)]


def said_in(letter: Message) -> str:
    return bytes(letter.get_payload(decode=True)).decode()


def test_whoever_has_the_address_is_told_of_a_new_password(mailing: Site, letterbox: Letterbox):
    visitor = mailing.joined(VOLUNTEER, "Ana")
    visitor.post(
        "/change", {"password": PASSWORD, "new_password": NEW, "new_password_confirm": NEW}
    )
    told = letterbox.wait_for(2)
    assert {letter["To"] for letter in told} == {"ana@example.org"}
    assert not [letter for letter in told if NEW in letter.as_string()]


def test_a_link_by_mail_opens_once_for_a_new_password(mailing: Site, letterbox: Letterbox):
    old = mailing.joined(VOLUNTEER, "Ana")
    forget(mailing, "Ana@example.org")
    (letter,) = with_links(letterbox.wait_for(2))
    assert (letter["To"], letter["From"]) == ("ana@example.org", "bot@example.org")
    link = re.search(r"http://127[^\s\"]+/reset/[^\s\"]+", said_in(letter))[0]
    visitor, late = Visitor(mailing), Visitor(mailing)
    page, page_of_late = visitor.get(link), late.get(link)
    fields = {"password": NEW, "password_confirm": NEW}
    visitor.post(link, fields, token=token_in(page.text))
    assert is_in(visitor)
    assert not is_in(old)
    other = "words of somebody else, all new"
    late.post(
        link, {"password": other, "password_confirm": other}, token=token_in(page_of_late.text)
    )
    assert not is_in(late)
    assert is_in(sign_in(mailing, "Ana", NEW)[0])


def test_a_mail_takes_no_second_step_away(mailing: Site, letterbox: Letterbox):
    mailing.joined(APPROVER, "Ana")
    forget(mailing, "ana@example.org")
    (letter,) = with_links(letterbox.wait_for(2))
    text = said_in(letter)
    link = re.search(r"http://127[^\s\"]+/reset/[^\s\"]+", text)[0]
    visitor = Visitor(mailing)
    fields = {"password": NEW, "password_confirm": NEW}
    answer = visitor.post(link, fields, token=token_in(visitor.get(link).text))
    assert "/tf-validate" in answer.text
    assert not is_in(visitor)


def test_the_answer_waits_for_no_mail_and_tells_nothing(
    mailing: Site, letterbox: Letterbox, monkeypatch: pytest.MonkeyPatch
):
    # Longer than a visitor here waits for a page: a page that waited for it would fail.
    monkeypatch.setattr(mail, "TIMEOUT_SECONDS", 120)
    mailing.joined(VOLUNTEER, "Ana")
    letterbox.wait_for(1)
    letterbox.is_open.clear()
    known = forget(mailing, "ana@example.org")
    unknown = forget(mailing, "nobody@example.org")
    assert with_links(letterbox.letters) == []
    letterbox.is_open.set()
    (letter,) = with_links(letterbox.wait_for(2))
    assert letter["To"] == "ana@example.org"
    seen = [re.sub(r'value="[^"]*"', "", page.text) for page in (known, unknown)]
    assert known.status_code == unknown.status_code == 200
    assert seen[0].replace("ana@", "X@") == seen[1].replace("nobody@", "X@")


def test_a_mail_that_fails_tells_nothing_either(sandbox: Sandbox, tmp_path: Path):
    settings = {"MAIL_URL": "smtp://127.0.0.1:1", "MAIL_FROM": "bot@example.org"}
    with running(tmp_path, sandbox, **settings) as site:
        site.person(VOLUNTEER, "Ana")
        assert forget(site, "ana@example.org").status_code == 200


def test_nobody_has_a_mail_link_to_a_host_of_their_own(mailing: Site, letterbox: Letterbox):
    mailing.joined(VOLUNTEER, "Ana")
    assert forget(mailing, "ana@example.org", Host="evil.example").status_code == 400
    forget(mailing, "ana@example.org", **{"X-Forwarded-Host": "evil.example"})
    (letter,) = with_links(letterbox.wait_for(2))
    assert "evil.example" not in letter.as_string()


# Passkeys


@contextmanager
def browsing(chromium: Browser, site: Site, visitor: Visitor | None = None) -> Iterator[Page]:
    """A page of Chromium at `localhost`, where a passkey may live; signed in as somebody."""
    address = site.url.replace("127.0.0.1", "localhost")
    context = chromium.new_context(base_url=address)
    for cookie in visitor.http.cookies if visitor else ():
        context.add_cookies([{"name": cookie.name, "value": cookie.value, "url": address}])
    yield context.new_page()
    context.close()


def with_device(page: Page, *, knows_its_owner: bool = True) -> CDPSession:
    """Give the browser a device that says yes to every question."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2", "transport": "internal", "hasResidentKey": True,
        "hasUserVerification": True, "isUserVerified": knows_its_owner,
        "automaticPresenceSimulation": True,
    }  # fmt: skip
    session.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    return session


def test_a_passkey_is_added_and_signs_in_and_is_taken_away(
    chromium: Browser, site: Site, named: str
):
    visitor = site.person(VOLUNTEER, named)
    with browsing(chromium, site, visitor) as page:
        with_device(page)
        page.goto("/wan-register")
        page.fill("#name", "My phone")
        page.click("button.main >> text=Add it")
        page.wait_for_url("**/me")
        assert "My phone" in page.inner_text("main")

        page.context.clear_cookies()
        page.goto("/wan-signin")
        page.click("text=Use my passkey")
        page.wait_for_url(lambda url: urlsplit(url).path == "/")
        assert named in page.inner_text("header")

        ((number, *_),) = tables(site)["passkey"]
        other = site.person(VOLUNTEER, f"{named}x")
        assert other.post(f"/me/passkeys/{number}/delete").status_code == 404
        page.goto("/me")
        page.click("text=Remove My phone")
        page.wait_for_selector("text=The passkey is gone")
        assert tables(site)["passkey"] == []

        page.context.clear_cookies()
        page.goto("/wan-signin")
        page.click("text=Use my passkey")
        page.wait_for_load_state("networkidle")
        page.goto("/me")
        assert urlsplit(page.url).path == "/login"


@pytest.mark.parametrize("role", [APPROVER, ADMIN])
def test_a_device_that_knows_its_owner_stands_for_both_steps(
    chromium: Browser, site: Site, named: str, role: str
):
    visitor = site.person(role, named)
    with browsing(chromium, site, visitor) as page:
        with_device(page)
        page.goto("/wan-register")
        page.fill("#name", "My laptop")
        page.click("button.main >> text=Add it")
        page.wait_for_url("**/me")
        page.context.clear_cookies()
        page.goto("/wan-signin")
        page.click("text=Use my passkey")
        page.wait_for_url(lambda url: urlsplit(url).path == "/")
        page.goto("/pause")
        assert page.url.endswith("/pause")


def test_a_device_that_does_not_know_its_owner_is_not_taken(
    chromium: Browser, site: Site, named: str
):
    visitor = site.person(APPROVER, named)
    before = tables(site)["passkey"]
    with browsing(chromium, site, visitor) as page:
        with_device(page, knows_its_owner=False)
        page.goto("/wan-register")
        page.fill("#name", "A key found")
        page.click("button.main >> text=Add it")
        page.wait_for_selector("[data-said].bad")
    assert tables(site)["passkey"] == before


# The command


@pytest.fixture
def env(tmp_path: Path, sandbox: Sandbox) -> dict[str, str]:
    """What the command is given."""
    (tmp_path / "posts").mkdir()
    return {
        "PATH": os.environ["PATH"], "HOME": str(tmp_path), "LANG": "C.UTF-8",
        "PYTHONPATH": os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH")))),
        **sandbox.settings(), "SECRET_KEY": SECRET,
    }  # fmt: skip


def started(env: dict[str, str], *words: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "bot", *words], cwd=env["HOME"], env=env, text=True,
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip


def ran(env: dict[str, str], *words: str) -> tuple[int, str, str]:
    """Code, output and complaints of the command."""
    one = started(env, *words)
    out, err = one.communicate(timeout=60)
    return one.returncode, out, err


def test_people_are_added_and_listed_and_the_pages_start_and_stop(env: dict[str, str]):
    code, out, _ = ran(env, "people", "add", "ana@example.org", "--role", "staff")
    assert code == 0
    path = re.search(r"http://127.0.0.1:8000(/reset/\S+)", out)[1]
    web = started(env, "web", "--port", "0")
    try:
        line = web.stdout.readline()
        url = re.search(r"http://127.0.0.1:\d+", line)[0]
        asked = requests.Session()
        asked.trust_env = False
        token = token_in(asked.get(f"{url}{path}", timeout=30).text)
        fields = {"password": PASSWORD, "password_confirm": PASSWORD, "csrf_token": token}
        asked.post(f"{url}{path}", data=fields, timeout=30)
        assert asked.get(f"{url}/me", timeout=30, allow_redirects=False).status_code == 200
        web.send_signal(signal.SIGTERM)
        out, err = web.communicate(timeout=30)
    finally:
        web.kill()
    assert web.returncode == 0
    assert "Stopped." in out
    assert "Traceback" not in err
    assert "Exception" not in err

    code, out, _ = ran(env, "people", "list", "--json")
    (row,) = json.loads(out)
    assert code == 0
    assert (row["email"], row["role"], row["active"]) == ("ana@example.org", "staff", True)
    assert row["invited"] is False
    code, out, _ = ran(env, "people", "add", "ana@example.org", "--role", "staff")
    assert (code, "/reset/" in out, "--anew" in out) == (0, False, True)


def test_what_makes_no_sense_is_told(env: dict[str, str]):
    tried = (
        (("not an address",), "is no e-mail address"),
        (("ana@example.org", "--role", "queen"), "Roles: volunteer, approver"),
    )
    begun = [(started(env, "people", "add", *words), said) for words, said in tried]
    for one, said in begun:
        _, err = one.communicate(timeout=60)
        assert one.returncode == 2
        assert said in " ".join(err.split())


def test_nothing_starts_without_a_key_to_sign_with(env: dict[str, str]):
    tried = (("", ("web", "--port", "0")), ("too short", ("people", "add", "ana@example.org")))
    for one in [started({**env, "SECRET_KEY": key}, *words) for key, words in tried]:
        _, err = one.communicate(timeout=60)
        assert one.returncode == 2
        assert "SECRET_KEY" in err
        assert "secrets.token_urlsafe" in err


def test_off_this_machine_nothing_starts_without_https_and_the_cure_is_printed(
    env: dict[str, str],
):
    code, out, err = ran(env, "web", "--host", "0.0.0.0", "--port", "0")
    assert (code, out) == (2, "")
    assert "reverse_proxy 127.0.0.1:" in err
    assert "PUBLIC_URL=https://" in err
    code, _, err = ran({**env, "PUBLIC_URL": "http://campaign.example.org"}, "web")
    assert code == 2
    assert "PUBLIC_URL" in err
