"""OWASP ASVS 5.0.0: sign-ins, second steps, links, cookies and requests from elsewhere."""

import hashlib
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from flask.sessions import SecureCookieSessionInterface
from sqlalchemy import select

from bot.decisions import people as deciding
from bot.model.person import SignIn
from bot.sandbox import Sandbox
from bot.web.security import CHOOSE_WITHIN, FRESH_FOR
from bot.web.sessions import LASTS, LASTS_DECIDING

from .conftest import (
    ROLES,
    by_cli,
    code_at,
    copy_of,
    give_code,
    is_in,
    person_row,
    sign_in,
    tables,
    write,
)
from .site import PASSWORD, Site, Visitor, running, token_in

VOLUNTEER, APPROVER, STAFF, ADMIN = ROLES
HTTPS = "https://campaign.example.org"
MINUTE = timedelta(minutes=1)


def carried(site: Site, visitor: Visitor) -> dict[str, Any]:
    """What the browser's cookie carries."""
    signer = SecureCookieSessionInterface().get_signing_serializer(site.app)
    return dict(signer.loads(visitor.http.cookies[site.app.config["SESSION_COOKIE_NAME"]]))


def newest_sign_in(site: Site, name: str) -> SignIn:
    with site.bot.store.read() as session:
        return session.scalars(
            select(SignIn)
            .where(SignIn.person_id == site.people[name])
            .order_by(SignIn.id.desc())
            .limit(1)
        ).one()


# Second steps and links


def test_6_4_1_an_invitation_works_once(site: Site, named: str):
    link = site.invite(VOLUNTEER, named)
    late = Visitor(site)
    token = token_in(late.get(link).text)
    Visitor(site).join(link, named)
    before = person_row(site, named).password
    late.post(
        link,
        {"password": "words of a thief, all new", "password_confirm": "words of a thief, all new"},
        token=token,
    )
    assert person_row(site, named).password == before
    assert not is_in(late)
    assert late.get(link).url.endswith("/reset")


def test_6_4_1_an_invitation_lasts_three_days(site: Site, named: str):
    link, now = site.invite(VOLUNTEER, named), site.bot.clock()
    with time_machine.travel(now + CHOOSE_WITHIN - MINUTE):
        assert "/reset/" in Visitor(site).get(link).url
    with time_machine.travel(now + CHOOSE_WITHIN + MINUTE):
        late = Visitor(site)
        assert late.get(link).url.endswith("/reset")
        fields = {"password": PASSWORD, "password_confirm": PASSWORD}
        late.post(link, fields, token=late.token("/login"))
        assert not is_in(late)
    assert CHOOSE_WITHIN == timedelta(days=3)


def test_6_4_1_a_new_link_ends_the_old_one(site: Site, named: str):
    link = site.invite(VOLUNTEER, named)
    deciding.start_anew(by_cli(site), site.people[named])
    assert Visitor(site).get(link).url.endswith("/reset")


def test_6_5_1_a_code_opens_once(site: Site, named: str):
    secret = site.person(APPROVER, named).secret
    first, page = sign_in(site, named)
    thief, page_of_thief = sign_in(site, named)
    code = code_at(secret, 30)
    give_code(first, page, code)
    give_code(thief, page_of_thief, code)
    assert is_in(first)
    assert not is_in(thief)


def test_6_5_1_a_code_from_before_the_last_one_opens_nothing(site: Site, named: str):
    secret = site.person(APPROVER, named).secret
    first, page = sign_in(site, named)
    give_code(first, page, code_at(secret, 60))
    thief, page = sign_in(site, named)
    give_code(thief, page, code_at(secret, 30))
    assert not is_in(thief)


def test_6_5_1_a_code_of_yesterday_opens_nothing(site: Site, named: str):
    secret = site.person(APPROVER, named).secret
    for off in (-86_400, 86_400, 180):
        visitor, page = sign_in(site, named)
        give_code(visitor, page, code_at(secret, off))
        assert not is_in(visitor)


def test_6_5_1_a_recovery_code_opens_once(site: Site, named: str):
    known = site.person(APPROVER, named)
    known.post("/mf-recovery-codes", {})
    codes = re.findall(r"<code>([^<]+)</code>", known.get("/mf-recovery-codes?show_codes=1").text)
    assert len(codes) == 8
    assert codes[0] not in str(person_row(site, named).mf_recovery_codes)
    opened = []
    for _ in range(2):
        visitor, _page = sign_in(site, named)
        form = visitor.get("/mf-recovery")
        visitor.post("/mf-recovery", {"code": codes[0]}, token=token_in(form.text))
        opened.append(is_in(visitor))
    assert opened == [True, False]


# Sign-ins


def test_7_2_1_a_sign_in_is_checked_on_the_server(site: Site, named: str):
    visitor = site.person(VOLUNTEER, named)
    with site.bot.store.write() as session:
        session.delete(session.get(SignIn, newest_sign_in(site, named).id))
    assert not is_in(visitor)


def test_7_2_1_a_cookie_made_up_is_no_sign_in(site: Site, named: str):
    visitor = copy_of(site.person(VOLUNTEER, named))
    name = site.app.config["SESSION_COOKIE_NAME"]
    good = visitor.http.cookies[name]
    for bad in (f"{good[:-2]}AA", good.replace(".", "", 1), "e30.", good[1:]):
        other = Visitor(site)
        other.http.cookies.set(name, bad)
        assert not is_in(other)


def test_7_2_2_the_secret_is_random_and_only_its_digest_is_kept(site: Site, named: str):
    secret = carried(site, site.person(VOLUNTEER, named))["sign_in"]
    assert len(secret) >= 43  # 256 bits
    assert newest_sign_in(site, named).secret_digest == hashlib.sha256(secret.encode()).hexdigest()
    assert secret not in str(tables(site))


def test_7_2_4_each_sign_in_has_a_secret_of_its_own(site: Site, named: str):
    visitor = site.person(VOLUNTEER, named)
    first = carried(site, visitor)["sign_in"]
    visitor.post("/logout")
    token = visitor.token("/login")
    visitor.post("/login", {"email": f"{named}@example.org", "password": PASSWORD}, token=token)
    assert is_in(visitor)
    assert carried(site, visitor)["sign_in"] != first


@pytest.mark.parametrize(("role", "lasts"), [(VOLUNTEER, LASTS), (ADMIN, LASTS_DECIDING)])
@pytest.mark.parametrize("which", [0, 1], ids=["7_3_1 unused", "7_3_2 in all"])
def test_7_3_a_sign_in_ends_by_itself(
    site: Site, named: str, role: str, lasts: tuple[timedelta, timedelta], which: int
):
    visitor, now = site.person(role, named), site.bot.clock()
    assert lasts == (
        (timedelta(30), timedelta(90)) if role == VOLUNTEER else (timedelta(3), timedelta(14))
    )
    for off, expected in ((MINUTE, True), (-MINUTE, False)):
        with site.bot.store.write() as session:
            row = session.get_one(SignIn, newest_sign_in(site, named).id)
            setattr(row, ("seen_at", "started_at")[which], now - lasts[which] + off)
        assert is_in(visitor) is expected


def test_7_4_1_signing_out_ends_it_on_the_server(site: Site, named: str):
    visitor = site.person(VOLUNTEER, named)
    thief = copy_of(visitor)
    assert is_in(thief)
    visitor.post("/logout")
    assert not is_in(thief)


def test_7_4_2_who_is_stopped_is_out_at_once_and_stays_out(site: Site, named: str):
    visitor = site.person(VOLUNTEER, named)
    deciding.stop(by_cli(site), site.people[named])
    assert not is_in(visitor)
    assert not is_in(sign_in(site, named)[0])
    deciding.let_in(by_cli(site), site.people[named])
    assert not is_in(visitor)
    assert is_in(sign_in(site, named)[0])


def test_7_4_2_a_lesser_role_bites_at_the_next_click(site: Site, named: str):
    visitor = site.person(APPROVER, named)
    assert visitor.get("/pause").status_code == 200
    deciding.change_role(by_cli(site), site.people[named], VOLUNTEER)
    assert visitor.get("/pause").status_code == 403


@pytest.mark.parametrize("role", [APPROVER, ADMIN])
def test_7_4_2_who_may_now_decide_signs_in_anew_with_a_second_step(
    site: Site, named: str, role: str
):
    visitor = site.person(VOLUNTEER, named)
    deciding.change_role(by_cli(site), site.people[named], role)
    assert not is_in(visitor)
    again, page = sign_in(site, named)
    assert not is_in(again)
    again.set_up_code(page)
    assert again.get("/pause").status_code == 200


@pytest.mark.parametrize("way", ["change", "anew"])
def test_7_4_3_another_password_ends_the_other_sign_ins(site: Site, named: str, way: str):
    visitor, other = site.person(VOLUNTEER, named), sign_in(site, named)[0]
    assert is_in(other)
    if way == "anew":
        deciding.start_anew(by_cli(site), site.people[named])
        assert not is_in(visitor)
    else:
        new = "quite another set of words"
        fields = {"password": PASSWORD, "new_password": new, "new_password_confirm": new}
        visitor.post("/change", fields)
        assert is_in(visitor)
    assert not is_in(other)
    assert not is_in(sign_in(site, named)[0])


def test_7_4_3_ones_own_sign_ins_can_be_seen_and_ended(site: Site, named: str):
    visitor, other = site.person(VOLUNTEER, named), sign_in(site, named)[0]
    ended = newest_sign_in(site, named).id
    assert f"/me/sign-ins/{ended}/end" in visitor.get("/me").text
    visitor.post(f"/me/sign-ins/{ended}/end")
    assert not is_in(other)
    third = sign_in(site, named)[0]
    visitor.post("/me/sign-ins/end-others")
    assert not is_in(third)
    assert is_in(visitor)


SENSITIVE = {
    "/people": {"email": "new@example.org", "role": ADMIN},
    "/people/{self}/role": {"role": ADMIN},
    "/people/{self}/anew": {},
    "/accounts/x/approval": {"rule": "off"},
    "/me/passkeys/1/delete": {},
    "/wan-register": {"name": "phone", "usage": "first"},
    "/tf-setup": {"setup": "authenticator"},
    "/mf-recovery-codes": {},
    "/feeds": {"url": "https://feed.example.org/"},
}


@pytest.mark.parametrize("path", SENSITIVE)
def test_7_5_1_what_matters_is_asked_only_of_who_showed_lately_who_they_are(
    site: Site, named: str, path: str
):
    visitor = site.person(ADMIN, named)
    address = path.replace("{self}", str(site.people[named]))
    token, before = visitor.token(), tables(site)
    with time_machine.travel(site.bot.clock() + FRESH_FOR + timedelta(minutes=6)):
        answer = visitor.post(address, SENSITIVE[path], token=token, allow_redirects=False)
        after = tables(site)
        assert answer.status_code == 302
        assert "/verify" in answer.headers["Location"]
        # That somebody was seen is noted, and nothing else.
        assert {n for n in after if after[n] != before[n]} <= {"sign_in"}
        visitor.post("/verify", {"password": "wrong words"}, token=token)
        assert "/verify" in visitor.post(address, SENSITIVE[path], token=token).url
        visitor.post("/verify", {"password": PASSWORD}, token=token)
        again = visitor.post(address, SENSITIVE[path], token=token, allow_redirects=False)
        assert "/verify" not in again.headers.get("Location", "")


# Cookies


@pytest.mark.parametrize("public_url", ["", HTTPS])
def test_3_3_cookies_are_for_this_app_alone(sandbox: Sandbox, tmp_path, public_url: str):
    with running(tmp_path, sandbox, PUBLIC_URL=public_url) as site:
        proxied = (
            {"Host": "campaign.example.org", "X-Forwarded-Proto": "https"} if public_url else {}
        )
        visitor = Visitor(site)
        answer = visitor.get("/login", headers=proxied)
        (cookie,) = answer.raw.headers.getlist("Set-Cookie")
        parts = {part.strip().lower() for part in cookie.split(";")[1:]}
        assert {"httponly", "path=/", "samesite=lax"} <= parts  # 3.3.4, 3.3.2
        assert not [part for part in parts if part.startswith("domain")]
        # 3.3.1: https is seen by the address in the settings, as a proxy stands before the app.
        assert cookie.startswith("__Host-" if public_url else "campaign=")
        assert ("secure" in parts) is bool(public_url)
        assert ("Strict-Transport-Security" in answer.headers) is bool(public_url)


def test_3_3_a_box_that_is_not_there_keeps_nobody_signed_in(site: Site, named: str):
    site.person(VOLUNTEER, named)
    visitor = Visitor(site)
    fields = {"email": f"{named}@example.org", "password": PASSWORD, "remember": "y"}
    visitor.post("/login", fields, token=visitor.token("/login"))
    assert is_in(visitor)
    name = site.app.config["SESSION_COOKIE_NAME"]
    visitor.http.cookies.set(name, None)
    assert not is_in(visitor)


# Requests from elsewhere

WITHOUT_TOKEN: dict[str, Callable[[Site, Visitor], str]] = {
    "missing": lambda _site, _visitor: "",
    "wrong": lambda _site, visitor: f"{visitor.token()}x",
    "another person's": lambda site, visitor: site.person(VOLUNTEER, f"{visitor.name}x").token(),
}


@pytest.mark.parametrize("kind", WITHOUT_TOKEN)
def test_3_5_1_a_form_counts_only_with_its_own_token(site: Site, named: str, kind: str):
    visitor = site.person(VOLUNTEER, named)
    token = WITHOUT_TOKEN[kind](site, visitor)
    before = tables(site)
    answer = visitor.post("/me", {"name": "Somebody else"}, token=token)
    assert answer.status_code == 400
    assert tables(site) == before
    assert visitor.post("/me", {"name": "Myself"}).status_code == 200
    assert person_row(site, named).name == "Myself"


def test_3_5_1_a_sign_in_needs_its_token_too(site: Site, named: str):
    site.person(VOLUNTEER, named)
    visitor = Visitor(site)
    fields = {"email": f"{named}@example.org", "password": PASSWORD}
    assert visitor.post("/login", fields, token="").status_code == 400
    answer = visitor.http.post(f"{site.url}/login", json=fields, timeout=30)
    assert answer.status_code == 415
    assert not is_in(visitor)


@pytest.mark.parametrize(
    "sent",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "http://127.0.0.1.evil.example"},
        {"Origin": "http://127.0.0.1:1"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
    ids=str,
)
def test_3_5_1_what_another_site_sends_is_refused_even_with_a_token(
    site: Site, named: str, sent: dict[str, str]
):
    visitor = site.person(VOLUNTEER, named)
    answer = visitor.post("/me", {"name": "Somebody else"}, headers=sent)
    assert answer.status_code == 403
    assert person_row(site, named).name == named
    own = {"Origin": site.url, "Sec-Fetch-Site": "same-origin"}
    assert visitor.post("/me", {"name": "Myself"}, headers=own).status_code == 200


def test_3_5_3_decisions_are_never_taken_by_reading(site: Site, named: str):
    visitor = site.person(ADMIN, named)
    post = write(visitor, f"Words of {named}.")
    for path in (
        f"/decide/P{post}/cancel",
        "/resume",
        "/logout",
        "/people/1/stop",
        "/decide/several",
    ):
        assert visitor.get(path).status_code == 405


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:80", "127.0.0.1.evil.example", "", "[::1", "a@127.0.0.1"]
)
def test_only_our_own_names_are_answered_so_that_no_mail_links_elsewhere(site: Site, host: str):
    assert Visitor(site).get("/login", headers={"Host": host}).status_code == 400
