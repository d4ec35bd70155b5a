"""Every address and every role: who is let in, who is refused, and who is asked to sign in.

The table is held against the app's own list of addresses: a new one without a row fails here.
"""

import functools
import uuid
from typing import NamedTuple
from urllib.parse import urlsplit

import album
import pytest
import requests
from sqlalchemy import select

from bot.model.post import Media
from bot.store import people

from .conftest import ROLES, delivery_of, rule, tables, write
from .site import Site, Visitor

VOLUNTEER, APPROVER, STAFF, ADMIN = ROLES
EVERYBODY = frozenset({"nobody", *ROLES})
PEOPLE = frozenset(ROLES)
NOBODY = frozenset({"nobody"})
WRITERS = frozenset({VOLUNTEER, APPROVER, ADMIN})
DECIDERS = frozenset({APPROVER, ADMIN})
EXPORTERS = frozenset({STAFF, ADMIN})
AUDITORS = frozenset({APPROVER, STAFF, ADMIN})
ADMINS = frozenset({ADMIN})
NONE: frozenset[str] = frozenset()
KEY = "11111111-1111-4111-8111-111111111111"
NO_PICTURE = "0" * 64


class Row(NamedTuple):
    """An address as it is tried, and who is let in; others are refused or asked to sign in."""

    endpoint: str
    method: str
    path: str
    let_in: frozenset[str]


# Addresses of the second step say "sign in" to whoever has not just given a password.
ROWS = (
    Row("today.show", "GET", "/", PEOPLE),
    Row("compose.new", "GET", "/compose", WRITERS),
    Row("compose.resume", "GET", f"/compose/{KEY}", WRITERS),
    Row("compose.edit", "GET", "/posts/1/edit", WRITERS),
    Row("compose.duplicate", "POST", "/posts/1/duplicate", WRITERS),
    Row("compose.save", "POST", "/compose/{key}/save", WRITERS),
    Row("compose.preview", "POST", "/compose/{key}/preview", WRITERS),
    Row("compose.add_picture", "POST", "/compose/{key}/pictures", WRITERS),
    Row("compose.discard", "POST", "/compose/{key}/discard", WRITERS),
    Row("compose.submit", "POST", "/compose/{key}", WRITERS),
    Row("pictures.stored", "GET", f"/pictures/{NO_PICTURE}", PEOPLE),
    Row("queue.show", "GET", "/queue", PEOPLE),
    Row("calendar.show", "GET", "/calendar", PEOPLE),
    Row("calendar.view", "POST", "/calendar/view", PEOPLE),
    Row("calendar.move", "POST", "/calendar/move", WRITERS),
    Row("subscription.calendar", "GET", "/calendar/wrong.ics", EVERYBODY),
    Row("securitytxt.show", "GET", "/.well-known/security.txt", EVERYBODY),
    Row("posts.show", "GET", "/posts/1", PEOPLE),
    Row("posts.growth", "GET", "/posts/1/growth", PEOPLE),
    Row("deciding.decide", "POST", "/decide/P1/hold", DECIDERS),
    Row("deciding.several", "POST", "/decide/several", DECIDERS),
    Row("articles.show", "GET", "/articles", DECIDERS),
    Row("articles.decide", "POST", "/articles/1/other", DECIDERS),
    Row("engagement.show", "GET", "/engagement", PEOPLE),
    Row("report.show", "GET", "/report", EXPORTERS),
    Row("report.send", "POST", "/report", EXPORTERS),
    Row("report.file", "GET", "/report.json", EXPORTERS),
    Row("engagement.picture", "GET", "/engagement/picture/weeks", PEOPLE),
    Row("engagement.log.show", "GET", "/engagement/log", PEOPLE),
    Row("engagement.log.mark", "POST", "/engagement/log", AUDITORS),
    Row("engagement.downloads.seen", "GET", "/engagement/log.csv", EXPORTERS),
    Row("engagement.downloads.whole", "GET", "/engagement/whole.csv", EXPORTERS),
    Row("engagement.downloads.public", "GET", "/engagement/public.csv", EXPORTERS),
    Row("engagement.wordings.show", "GET", "/engagement/wordings", PEOPLE),
    Row("engagement.visits.show", "GET", "/engagement/visits", PEOPLE),
    Row("engagement.visits.read", "POST", "/engagement/visits", PEOPLE),
    Row("charts.picture", "GET", "/engagement/charts/none.svg", PEOPLE),
    Row("alarms.show", "GET", "/alarms", PEOPLE),
    Row("alarms.test", "POST", "/alarms/test", ADMINS),
    Row("accounts.show", "GET", "/accounts", PEOPLE),
    Row("accounts.check", "POST", "/accounts/x/check", DECIDERS),
    Row("accounts.approval", "POST", "/accounts/x/approval", ADMINS),
    Row("connecting.another", "POST", "/accounts/new", ADMINS),
    Row("connecting.remove", "POST", "/accounts/x/remove", ADMINS),
    Row("connecting.begin", "POST", "/accounts/x/connect", ADMINS),
    Row("connecting.finish", "GET", "/accounts/x/connected", ADMINS),
    Row("connecting.choose", "POST", "/accounts/x/choose", ADMINS),
    Row("connecting.read_past", "POST", "/accounts/x/past", ADMINS),
    Row("connecting.disconnect", "POST", "/accounts/x/disconnect", ADMINS),
    Row("sheets.show", "GET", "/sheets", WRITERS),
    Row("sheets.empty", "GET", "/sheets/template.xlsx", WRITERS),
    Row("sheets.hand_in", "POST", "/sheets", WRITERS),
    Row("sheets.preview", "GET", f"/sheets/{KEY}", WRITERS),
    Row("sheets.queue", "POST", f"/sheets/{KEY}", WRITERS),
    Row("pausing.show", "GET", "/pause", DECIDERS),
    Row("pausing.stop", "POST", "/pause", DECIDERS),
    Row("pausing.go_on", "POST", "/resume", DECIDERS),
    Row("pausing.quiet", "POST", "/quiet-times", DECIDERS),
    Row("pausing.unquiet", "POST", "/quiet-times/999/remove", DECIDERS),
    Row("trustee.share", "POST", "/deliveries/1/share", DECIDERS),
    Row("trustee.show", "GET", "/ask/wrong", EVERYBODY),
    Row("trustee.decide", "POST", "/ask/wrong", EVERYBODY),
    Row("record.show", "GET", "/record", AUDITORS),
    Row("persons.show", "GET", "/people", ADMINS),
    Row("persons.invite", "POST", "/people", ADMINS),
    Row("persons.change", "POST", "/people/1/other", ADMINS),
    Row("feeds.show", "GET", "/feeds", ADMINS),
    Row("feeds.add", "POST", "/feeds", ADMINS),
    Row("feeds.read", "POST", "/feeds/none/read", ADMINS),
    Row("timetable.show", "GET", "/timetable", ADMINS),
    Row("timetable.change", "POST", "/timetable/none", ADMINS),
    Row("timetable.add", "POST", "/timetable/none/add", ADMINS),
    Row("fleet.show", "GET", "/fleet", ADMINS),
    Row("setup.show", "GET", "/settings", ADMINS),
    Row("setup.answers_", "POST", "/settings/answers", ADMINS),
    Row("mine.show", "GET", "/me", PEOPLE),
    Row("mine.change", "POST", "/me", PEOPLE),
    Row("mine.end", "POST", "/me/sign-ins/999/end", PEOPLE),
    Row("mine.end_others", "POST", "/me/sign-ins/end-others", PEOPLE),
    Row("mine.delete_passkey", "POST", "/me/passkeys/999/delete", PEOPLE),
    Row("security.login", "GET", "/login", EVERYBODY),
    Row("security.login", "POST", "/login", EVERYBODY),
    Row("security.logout", "POST", "/logout", EVERYBODY),
    Row("security.change_password", "GET", "/change", PEOPLE),
    Row("security.change_password", "POST", "/change", PEOPLE),
    Row("security.forgot_password", "GET", "/reset", EVERYBODY),
    Row("security.forgot_password", "POST", "/reset", EVERYBODY),
    Row("security.reset_password", "GET", "/reset/wrong", EVERYBODY),
    Row("security.reset_password", "POST", "/reset/wrong", EVERYBODY),
    Row("security.verify", "GET", "/verify", PEOPLE),
    Row("security.verify", "POST", "/verify", PEOPLE),
    Row("security.mf_recovery", "GET", "/mf-recovery", NONE),
    Row("security.mf_recovery", "POST", "/mf-recovery", NONE),
    Row("security.mf_recovery_codes", "GET", "/mf-recovery-codes", PEOPLE),
    Row("security.mf_recovery_codes", "POST", "/mf-recovery-codes", PEOPLE),
    Row("security.tf_select", "GET", "/tf-select", NONE),
    Row("security.tf_select", "POST", "/tf-select", NONE),
    Row("security.two_factor_setup", "GET", "/tf-setup", PEOPLE),
    Row("security.two_factor_setup", "POST", "/tf-setup", PEOPLE),
    Row("security.two_factor_setup_validate", "POST", "/tf-setup/wrong", PEOPLE),
    Row("security.two_factor_token_validation", "GET", "/tf-validate", NONE),
    Row("security.two_factor_token_validation", "POST", "/tf-validate", NONE),
    Row("security.two_factor_rescue", "GET", "/tf-rescue", NONE),
    Row("security.two_factor_rescue", "POST", "/tf-rescue", NONE),
    Row("security.wan_register", "GET", "/wan-register", PEOPLE),
    Row("security.wan_register", "POST", "/wan-register", PEOPLE),
    Row("security.wan_register_response", "POST", "/wan-register/wrong", PEOPLE),
    Row("security.wan_delete", "GET", "/wan-delete", PEOPLE),
    Row("security.wan_delete", "POST", "/wan-delete", PEOPLE),
    Row("security.wan_signin", "GET", "/wan-signin", EVERYBODY),
    Row("security.wan_signin", "POST", "/wan-signin", EVERYBODY),
    Row("security.wan_signin_response", "POST", "/wan-signin/wrong", EVERYBODY),
    Row("security.wan_verify", "GET", "/wan-verify", PEOPLE),
    Row("security.wan_verify", "POST", "/wan-verify", PEOPLE),
    Row("security.wan_verify_response", "POST", "/wan-verify/wrong", PEOPLE),
    Row("static", "GET", "/static/app.css", EVERYBODY),
    Row("security.static", "GET", "/fs-static/js/base64.js", EVERYBODY),
    Row("vendor", "GET", "/vendor/htmx.min.js", EVERYBODY),
)
# Whoever does these is signed out by it, so that somebody else does them.
SIGNS_OUT = frozenset({"security.logout"})
CELLS = [(row, who) for row in ROWS for who in ("nobody", *ROLES)]


@pytest.fixture(scope="module", autouse=True)
def peopled(site: Site, crew: dict[str, Visitor]) -> None:
    """A post of the volunteer, which waits for approval, and a feed that a file declares."""
    declared = "[news]\nurl = 'https://feed.example.org/rss'\n"
    (site.folder / "posts" / "feeds.toml").write_text(declared)
    rule(site, "volunteers")
    assert write(crew[VOLUNTEER], "A post of the volunteer.") == 1


def outcome(answer: requests.Response) -> str:
    """What an answer means to whoever asked."""
    to = urlsplit(answer.headers.get("Location", "")).path
    if answer.status_code >= 500:
        return "broken"
    if answer.status_code == 403:
        return "refused"
    if answer.status_code == 401 or to == "/login":
        return "sign in"
    return "asked again" if to == "/verify" else "let in"


def tried(visitor: Visitor, row: Row) -> requests.Response:
    path = row.path.replace("{key}", str(uuid.uuid4()))
    if row.method == "GET":
        return visitor.get(path, allow_redirects=False)
    return visitor.post(path, {}, token=token_of(visitor), allow_redirects=False)


@functools.cache
def token_of(visitor: Visitor) -> str:
    """It lasts as long as the sign-in."""
    return visitor.token("/me" if visitor.name else "/login")


def test_every_address_of_the_app_has_a_row(site: Site):
    known = {
        (rule.endpoint, method)
        for rule in site.app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    assert {(row.endpoint, row.method) for row in ROWS} == known


def test_each_row_is_the_address_it_names(site: Site):
    urls = site.app.url_map.bind("127.0.0.1")
    for row in ROWS:
        found, _ = urls.match(row.path.replace("{key}", KEY), method=row.method)
        assert found == row.endpoint, row


@pytest.mark.parametrize(
    ("row", "who"), CELLS, ids=[f"{row.endpoint}-{row.method}-{who}" for row, who in CELLS]
)
def test_each_role_gets_what_the_table_says(
    site: Site, crew: dict[str, Visitor], row: Row, who: str
):
    leaves = row.endpoint in SIGNS_OUT and who != "nobody"
    visitor = site.person(who, f"leaving-{who}") if leaves else crew[who]

    seen = outcome(tried(visitor, row))

    if row.endpoint == "security.logout":
        assert seen == "sign in"  # the page one is led to
    elif who in row.let_in:
        assert seen == "let in"
    elif row.let_in == NONE and who != "nobody":
        assert seen in ("sign in", "let in")  # there is nothing to do there: one is led on
    else:
        assert seen == ("sign in" if who == "nobody" else "refused")


def test_whoever_is_signed_in_already_stays_so_wherever_a_link_leads(
    site: Site, crew: dict[str, Visitor]
):
    for row in ROWS:
        if row.method == "GET":
            tried(crew[VOLUNTEER], row)
            assert outcome(crew[VOLUNTEER].get("/me", allow_redirects=False)) == "let in", row.path


@pytest.mark.parametrize("who", [VOLUNTEER, ADMIN])
def test_reading_changes_nothing(site: Site, crew: dict[str, Visitor], who: str):
    before = tables(site)
    assert all(before[name] for name in ("post", "sign_in", "decision"))
    for row in ROWS:
        if row.method != "GET":
            continue
        tried(crew[who], row)
        after = tables(site)
        assert {n for n in after if after[n] != before[n]} == set(), row.path


@pytest.mark.parametrize("verb", ["move", "cancel", "skip", "take-down"])
def test_a_volunteer_decides_nothing_about_the_post_of_another(
    site: Site, crew: dict[str, Visitor], verb: str
):
    other = write(crew[APPROVER], f"An approver's own, not to be touched: {verb}.")
    before = tables(site)["delivery"]

    answer = crew[VOLUNTEER].post(f"/decide/P{other}/{verb}", {"at": "2027-03-01 10:00"})

    assert answer.status_code == 403
    assert tables(site)["delivery"] == before


@pytest.mark.parametrize(
    "verb",
    ["approve", "approve-alone", "refuse", "hold", "release", "retry", "found", "drop",
     "absent-now", "absent-next"],
)  # fmt: skip
def test_a_volunteer_takes_no_decision_of_an_approver_even_on_their_own_post(
    site: Site, crew: dict[str, Visitor], verb: str
):
    before = tables(site)["delivery"]
    answer = crew[VOLUNTEER].post(f"/decide/P1/{verb}", {"reason": "Because."})
    assert answer.status_code == 403
    assert tables(site)["delivery"] == before


def test_a_volunteer_moves_and_withdraws_their_own_post(site: Site, crew: dict[str, Visitor]):
    own = write(crew[VOLUNTEER], "Mine to move and to withdraw.")
    answer = crew[VOLUNTEER].post(f"/decide/P{own}/cancel", {})
    assert answer.status_code == 200
    assert delivery_of(site, own).state == "cancelled"


def test_a_volunteer_cannot_change_the_words_of_another(site: Site, crew: dict[str, Visitor]):
    other = write(crew[APPROVER], "These words are the approver's.")
    page = crew[VOLUNTEER].get(f"/posts/{other}/edit")
    answer = crew[VOLUNTEER].post(
        f"/compose/{uuid.uuid4()}",
        {"text": "Other words.", "to": "x", "do": "queue", "post_id": str(other),
         "post_version": "1", "when": "next"},
    )  # fmt: skip
    assert (page.status_code, answer.status_code) == (403, 403)
    assert "These words are the approver" in str(tables(site)["part"])
    assert "Other words." not in str(tables(site)["manuscript"])


def test_nobody_moves_the_post_of_another_by_dragging(site: Site, crew: dict[str, Visitor]):
    other = write(crew[APPROVER], "Not to be dragged away.")
    row = delivery_of(site, other)
    answer = crew[VOLUNTEER].post("/calendar/move", {"delivery": str(row.id), "day": "2027-03-01"})
    assert answer.status_code == 403
    assert delivery_of(site, other).due_at == row.due_at


@pytest.mark.parametrize("do", ["", "/save", "/preview", "/pictures", "/discard"])
def test_a_draft_is_its_writers_alone(site: Site, crew: dict[str, Visitor], do: str):
    key = str(uuid.uuid4())
    crew[ADMIN].post(f"/compose/{key}/save", {"text": "A secret plan."})

    seen = crew[VOLUNTEER].get(f"/compose/{key}")
    written = crew[VOLUNTEER].post(f"/compose/{key}{do}", {"text": "Written over."})

    assert (seen.status_code, written.status_code) == (404, 404 if do != "/discard" else 200)
    assert "A secret plan." not in seen.text + written.text
    assert "A secret plan." in crew[ADMIN].get(f"/compose/{key}").text


def test_pictures_are_for_those_who_are_signed_in(site: Site, crew: dict[str, Visitor]):
    key = str(uuid.uuid4())
    crew[VOLUNTEER].post(f"/compose/{key}/pictures", files={"file": ("a.jpg", album.photo())})
    with site.bot.store.read() as session:
        digest = session.scalars(select(Media.sha256)).first()
    assert crew[STAFF].get(f"/pictures/{digest}").headers["Content-Type"].startswith("image/")
    assert outcome(crew["nobody"].get(f"/pictures/{digest}", allow_redirects=False)) == "sign in"


def test_nobody_ends_the_sign_in_of_another(site: Site, crew: dict[str, Visitor]):
    with site.bot.store.read() as session:
        own = {row.id for row in people.sign_ins(session, site.people[STAFF.title()])}
    for number in {row[0] for row in tables(site)["sign_in"]}:
        if number not in own:
            assert crew[STAFF].post(f"/me/sign-ins/{number}/end", {}).status_code == 404
    assert outcome(crew[VOLUNTEER].get("/me", allow_redirects=False)) == "let in"
