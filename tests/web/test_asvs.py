"""OWASP ASVS 5.0.0 (30 May 2025): one test an item, named by its number. Here: who comes in.

Sessions and cookies are in test_asvs_sessions.py; pages, files and logs in test_asvs_pages.py.

Not here, and why: 1.3.6, 13.2.4 to 13.2.6, 15.3.2 (what the bot fetches: tests/wire and
tests/intake), 1.5.1 and 1.3.12 (feeds: tests/intake), 8.2.1 to 8.3.1 and 3.5.3 (who may do what,
and that reading changes nothing: test_routes.py), 15.1.1 to 15.2.1 (the supply of libraries is no
page's matter). Do not apply: 6.2.10 and 6.2.11 (no rotation is asked for and no words of the
group's own are forbidden), 6.5.6 to 6.6.4 (no codes by mail or SMS), 9.x and 10.x (no tokens that
carry claims, no sign-in through others), 3.4.2 (nothing is shared across origins), 12.x (the proxy
before the app speaks TLS; that the app refuses to start without is in test_people.py).
"""

import re

import pytest
import requests
from passlib.context import CryptContext
from requests.adapters import HTTPAdapter
from sqlalchemy import func, select

from bot.decisions import people as deciding
from bot.model.person import Person
from bot.web.security import FROM_ONE_PLACE, Throttle

from .conftest import ROLES, by_cli, code_at, give_code, is_in, person_row, sign_in
from .site import PASSWORD, Site, Visitor, running, token_in

VOLUNTEER, APPROVER, STAFF, ADMIN = ROLES


def choose(site: Site, name: str, password: str) -> requests.Response:
    """Take an invitation with that password."""
    visitor, link = Visitor(site), site.invite(VOLUNTEER, name)
    token = token_in(visitor.get(link).text)
    return visitor.post(link, {"password": password, "password_confirm": password}, token=token)


# Passwords


def test_6_2_1_a_password_has_twelve_characters_at_least(site: Site, named: str):
    assert "/reset/" in choose(site, named, "kT7#qpWz92!").url
    assert person_row(site, named).password is None
    assert "/reset/" not in choose(site, named, "kT7#qpWz92!x").url
    assert person_row(site, named).password is not None


def test_6_2_2_and_6_2_3_changing_it_takes_the_old_one(site: Site, named: str):
    visitor = site.person(VOLUNTEER, named)
    before, new = person_row(site, named).password, "quite another set of words"
    page = {"new_password": new, "new_password_confirm": new}
    visitor.post("/change", {**page, "password": "not the old one"})
    assert person_row(site, named).password == before
    visitor.post("/change", {**page, "password": PASSWORD})
    assert person_row(site, named).password != before
    assert is_in(sign_in(site, named, new)[0])


@pytest.mark.parametrize(
    "known",
    ["passwordpassword", "123456789012", "qwertyuiop12", "iloveyou1234", "Password1234!",
     "aaaaaaaaaaaaaa", "letmein123456"],
)  # fmt: skip
def test_6_2_4_and_6_2_12_well_known_ones_are_refused(site: Site, named: str, known: str):
    assert "/reset/" in choose(site, named, known).url
    assert person_row(site, named).password is None


def test_6_2_4_ones_own_address_is_no_password(site: Site, named: str):
    choose(site, named, f"{named.lower()}@example.org")
    assert person_row(site, named).password is None


@pytest.mark.parametrize(
    "plain", ["marmalade bicycle tundra", "žluťoučký kůň pěl", "７３９１４０２６８５５７２０１９"]
)
def test_6_2_5_any_kinds_of_characters_will_do(site: Site, named: str, plain: str):
    choose(site, named, plain)
    assert is_in(sign_in(site, named, plain)[0])


def test_6_2_6_and_6_2_7_fields_hide_it_and_let_managers_fill_it(site: Site, named: str):
    fields = re.findall(r'<input[^>]*type="password"[^>]*>', Visitor(site).get("/login").text)
    fields += re.findall(
        r'<input[^>]*type="password"[^>]*>', Visitor(site).get(site.invite(VOLUNTEER, named)).text
    )
    assert len(fields) == 3
    for field in fields:
        assert re.search('autocomplete="(current|new)-password"', field)
        assert "maxlength" not in field
        assert "onpaste" not in field


def test_6_2_8_and_6_2_9_a_hundred_characters_all_count(site: Site, named: str):
    long = ("Seven lilac tractors hum near 93 quiet harbours. " * 3)[:100]
    assert "/reset/" not in choose(site, named, long).url
    assert not is_in(sign_in(site, named, f"{long[:-1]}#")[0])
    assert not is_in(sign_in(site, named, long[:72])[0])
    assert not is_in(sign_in(site, named, long.lower())[0])
    assert is_in(sign_in(site, named, long)[0])


def test_6_2_9_a_long_one_is_judged_like_any_other(site: Site, named: str):
    assert "/reset/" in choose(site, named, "a" * 100).url
    assert "/reset/" in choose(site, named, "x7 Lilac tractors " * 60).url
    assert person_row(site, named).password is None


def test_11_4_2_passwords_are_kept_as_argon2id_of_owasps_strength(site: Site, named: str):
    site.person(VOLUNTEER, named)
    kept = person_row(site, named).password or ""
    assert kept.startswith("$argon2id$v=19$m=19456,t=2,p=1$")


# Tries


def from_place(visitor: Visitor, address: str) -> Visitor:
    """Let a browser come from another address of loopback."""

    class Elsewhere(HTTPAdapter):
        def init_poolmanager(self, *args, **more):
            super().init_poolmanager(*args, **more, source_address=(address, 0))

    visitor.http.mount("http://", Elsewhere())
    return visitor


def test_6_3_1_wrong_passwords_are_slowed_down_without_locking_anybody_out(site: Site, named: str):
    site.person(VOLUNTEER, named)
    stranger = from_place(Visitor(site), "127.0.0.9")
    fields = {"email": f"{named}@example.org", "password": "wrong words entirely"}
    token = stranger.token("/login")
    codes = [stranger.post("/login", fields, token=token).status_code for _ in range(9)]
    assert codes == [200] * 8 + [429]
    answer = stranger.post("/login", {**fields, "password": PASSWORD}, token=token)
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "900")
    # 6.1.1: whose address it is comes in from elsewhere, and others come in from there.
    assert is_in(sign_in(site, named)[0])
    site.person(VOLUNTEER, f"{named}b")
    other = {"email": f"{named}b@example.org", "password": PASSWORD}
    stranger.post("/login", other, token=token)
    assert is_in(stranger)


def test_2_4_1_one_place_has_so_many_tries_for_all(site: Site):
    throttle = Throttle()
    refused = [throttle.refuses("door", "place", f"p{n}") for n in range(FROM_ONE_PLACE.amount + 1)]
    assert refused == [False] * FROM_ONE_PLACE.amount + [True]
    assert not throttle.refuses("door", "another place", "p1")


def test_6_3_1_codes_are_counted_for_the_person_wherever_they_come_from(site: Site, named: str):
    site.person(APPROVER, named)
    seen = []
    for n in range(9):
        visitor = from_place(Visitor(site), f"127.0.1.{n + 1}")
        fields = {"email": f"{named}@example.org", "password": PASSWORD}
        page = visitor.post("/login", fields, token=visitor.token("/login"))
        seen.append(give_code(visitor, page, "000000").status_code)
    assert seen == [200] * 8 + [429]


def test_6_3_1_the_old_password_cannot_be_guessed_from_a_browser_left_open(site: Site, named: str):
    visitor = site.person(VOLUNTEER, named)
    token, new = visitor.token(), "quite another set of words"
    fields = {"password": "wrong", "new_password": new, "new_password_confirm": new}
    codes = [visitor.post("/change", fields, token=token).status_code for _ in range(9)]
    assert codes[-1] == 429
    assert 429 not in codes[:8]


def test_6_3_2_nobody_is_there_at_first(site: Site, sandbox, tmp_path):
    with running(tmp_path, sandbox) as fresh, fresh.bot.store.read() as session:
        assert session.scalar(select(func.count()).select_from(Person)) == 0


@pytest.mark.parametrize("role", [APPROVER, ADMIN])
def test_6_3_3_a_password_alone_lets_nobody_in_who_decides(site: Site, named: str, role: str):
    known = site.person(role, named)
    visitor, page = sign_in(site, named)
    assert "/tf-validate" in page.text
    assert not is_in(visitor)
    give_code(visitor, page, code_at(known.secret, 30))
    assert is_in(visitor)


def test_6_3_3_who_decides_cannot_take_the_second_step_away(site: Site, named: str):
    visitor = site.person(APPROVER, named)
    visitor.post("/tf-setup", {"setup": "disable"})
    assert person_row(site, named).tf_totp_secret
    assert "/tf-validate" in sign_in(site, named)[1].text


def plain(text: str, *known: str) -> str:
    """A page without what differs from one request to the next."""
    for word in known:
        text = text.replace(word, "")
    return re.sub(r'(value|nonce)="[^"]*"', "", text)


def test_6_3_8_a_sign_in_tells_nobody_which_addresses_are_known(site: Site, named: str):
    site.person(VOLUNTEER, named)
    site.person(VOLUNTEER, f"{named}stopped")
    deciding.stop(by_cli(site), site.people[f"{named}stopped"])
    site.invite(VOLUNTEER, f"{named}invited")
    wrong = "wrong words entirely"
    said = {
        plain(sign_in(site, name, wrong)[1].text)
        for name in (named, f"{named}stopped", f"{named}invited", f"{named}unknown")
    }
    assert len(said) == 1


def test_6_3_8_an_unknown_address_is_given_as_much_work_as_a_known_one(
    site: Site, named: str, monkeypatch: pytest.MonkeyPatch
):
    # The work is counted instead of timed: on a busy machine a clock would tell nothing.
    hashed = []
    for name in ("verify", "hash"):
        real = getattr(CryptContext, name)

        def counted(self, *args, _real=real, **more):
            hashed.append(1)
            return _real(self, *args, **more)

        monkeypatch.setattr(CryptContext, name, counted)
    site.person(VOLUNTEER, named)
    site.invite(VOLUNTEER, f"{named}invited")
    effort = {}
    for name in (named, f"{named}invited", f"{named}unknown"):
        hashed.clear()
        sign_in(site, name, "wrong words entirely")
        effort[name] = len(hashed)
    assert set(effort.values()) == {1}
