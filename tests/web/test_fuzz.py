"""Whatever is sent to whatever address: an answer, and never a page that fell over.

Bounded: some hundred odd requests a run; what once failed is an example of its own.
"""

import functools
import re
import uuid
from collections.abc import Mapping
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from .conftest import ROLES, rule, write
from .site import Site, Visitor

VOLUNTEER, APPROVER, STAFF, ADMIN = ROLES
# What goes out to other servers is tried in tests of its own; what signs out would end the run.
NOT_TRIED = frozenset({"security.logout", "mine.end_others", "persons.change", "static", "vendor",
                       "security.static"})  # fmt: skip
HUGE = "9" * 40
ODD = (
    "", " ", "0", "-1", "1", "2147483648", HUGE, "1e9", "NaN", "٣", "null", "None", "[]", "{}",
    "%s", "%(n)s", "{0}", "{{7*7}}", "'", '"', "' OR 1=1 --", "\0", "a\0b", "\r\n", "\u202e",
    "🏳️‍🌈" * 50, "x" * 5000, "P1", "next", "now", "2026-02-31 10:00", "0000-00-00",
    "9999-12-31 23:59", "99999-01-01", "2026-13-01", "25:61", "../../etc/passwd", "http://[",
    "https://\0", "http://a:b:c/",
    "javascript:1", "x,facebook", "yes", "on", "every: 2 weeks", "=1+1", "\\N{BEL}", "<b>",
)  # fmt: skip
values = st.sampled_from(ODD) | st.text(st.characters(exclude_categories=("Cs",)), max_size=60)
# Every name a form of the app uses, read from its pages' own sources below, and strangers.
NAMES = (
    "text", "link", "to", "when", "at", "day", "time", "expires", "too_late", "campaign", "labels",
    "thread", "urgent", "election", "every", "until", "template", "utm", "again", "x", "facebook",
    "alt.1", "credit.1", "people.1", "part.1", "alt.999999999999", "alt.x", "alt.", "do", "sure",
    "back", "post_id", "post_version", "reason", "account", "from", "rule", "url", "name", "role",
    "email", "password", "target", "verb", "delivery", "by", "as", "times", "language", "page",
    "before", "state", "label", "which", "lang", "mode", "review", "code", "setup", "credential",
    "usage", "show_codes", "next", "file", "fill.date", "slot", "Ünï",
)  # fmt: skip
fields = st.dictionaries(st.sampled_from(NAMES), values, max_size=8)
parts = st.sampled_from(ODD).filter(bool) | st.sampled_from(
    ("1", "2", "P1", "P2", "x", "facebook", "save", "preview", "approve", "move", "take-down",
     "found", "accept", "dismiss", "P999999999", str(uuid.UUID(int=1)))
)  # fmt: skip
SEVERAL = settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)


@pytest.fixture(scope="module", autouse=True)
def peopled(site: Site, crew: dict[str, Visitor]) -> None:
    """Two posts, one of which waits for approval."""
    rule(site, "volunteers")
    write(crew[VOLUNTEER], "A post that waits for approval.")
    write(crew[ADMIN], "A post that waits for its time.")


def rules_of(site: Site, method: str) -> list[str]:
    return sorted(
        rule.rule
        for rule in site.app.url_map.iter_rules()
        if method in (rule.methods or ()) and rule.endpoint not in NOT_TRIED
    )


@functools.cache
def token_of(visitor: Visitor) -> str:
    return visitor.token("/me" if visitor.name else "/login")


def filled(rule: str, values: list[str]) -> str:
    """The address with odd words where its variables stand."""
    left = iter(values * 3)
    return re.sub(r"<[^>]*>", lambda _: quote(next(left), safe=""), rule)


def send(visitor: Visitor, method: str, address: str, given: Mapping[str, str]) -> int:
    if method == "GET":
        return visitor.get(address, params=given, allow_redirects=False).status_code
    return visitor.post(
        address, dict(given), token=token_of(visitor), allow_redirects=False
    ).status_code


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("who", [ADMIN, VOLUNTEER, "nobody"])
@settings(SEVERAL, max_examples=150)
@given(data=st.data())
def test_no_address_falls_over(
    site: Site, crew: dict[str, Visitor], who: str, method: str, data: st.DataObject
):
    rule = data.draw(st.sampled_from(rules_of(site, method)))
    address = filled(rule, data.draw(st.lists(parts, min_size=2, max_size=2)))
    given_fields = data.draw(fields)
    assert send(crew[who], method, address, given_fields) < 500, (method, address, given_fields)


@pytest.mark.parametrize("do", ["", "/save", "/preview", "/discard"])
@SEVERAL
@given(form=fields)
@example(form={"post_id": HUGE, "post_version": HUGE})
@example(form={"post_id": "1", "post_version": "-1", "do": "queue", "text": "x"})
@example(form={"do": "remove-99999999999999999999"})
@example(form={"do": "remove-²"})
@example(form={"do": f"remove-{'9' * 5000}"})
@example(form={"alt.²": "x", "part.1": "²"})
@example(form={"when": "typed", "day": "9999-12-31", "time": "23:59", "text": "x", "do": "queue"})
@example(form={"when": "typed", "day": "0001-01-01", "time": "00:00", "text": "x", "do": "queue"})
def test_no_form_of_a_post_falls_over(
    site: Site, crew: dict[str, Visitor], do: str, form: dict[str, str]
):
    assert send(crew[ADMIN], "POST", f"/compose/{uuid.uuid4()}{do}", form) < 500


@SEVERAL
@given(verb=st.sampled_from(["approve", "approve-alone", "refuse", "hold", "release", "move",
                             "retry", "found", "absent-now", "absent-next", "skip"]),
       form=fields)  # fmt: skip
@example(verb="move", form={"at": "9999-12-31 23:59"})
@example(verb="move", form={"at": "0001-01-01 00:00"})
@example(verb="move", form={"day": "2027-03-28", "time": "01:30"})
def test_no_decision_falls_over(
    site: Site, crew: dict[str, Visitor], verb: str, form: dict[str, str]
):
    assert send(crew[ADMIN], "POST", f"/decide/P1/{verb}", form) < 500


@pytest.mark.parametrize(
    "path",
    [
        f"/queue?page={HUGE}", "/queue?page=-5", f"/engagement/log?page={HUGE}",
        f"/record?before={HUGE}",
        "/calendar?day=9999-12-31&by=week", "/calendar?day=0001-01-01", "/calendar?day=9999-12-31",
        "/calendar?day=0001-01-01&by=week", f"/posts/{HUGE}", f"/posts/{HUGE}/edit",
        f"/decide/P{HUGE}/hold", "/queue?account=%00&campaign=%00&label=%00", "/queue?which=%ff%fe",
        "/compose?text=%00&at=%ff&link=http://[", "/login?next=%00", "/%ff%fe", "/ask/%00",
        "/calendar/%00.ics", f"/calendar/{'x' * 5000}.ics", "/reset/%00",
    ],
)  # fmt: skip
def test_no_odd_address_falls_over(site: Site, crew: dict[str, Visitor], path: str):
    assert crew[ADMIN].get(path, allow_redirects=False).status_code < 500


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("application/json", b"{"),
        ("application/json", b"[1]"),
        ("application/json", b'"x"'),
        ("application/json", b"null"),
        ("multipart/form-data", b"--"),
        ("multipart/form-data; boundary=x", b"--x\r\n"),
        ("application/x-www-form-urlencoded", b"%ff=%fe&&&===;;"),
        ("text/xml", b"<a>"),
        ("application/x-www-form-urlencoded; charset=utf-7", b"+ADw-=1"),
    ],
)
@pytest.mark.parametrize(
    "path", ["/login", "/me", "/reset", "/decide/several", "/people", "/verify"]
)
def test_no_odd_body_falls_over(
    site: Site, crew: dict[str, Visitor], path: str, kind: str, body: bytes
):
    for who in ("nobody", ADMIN):
        sent = {"Content-Type": kind, "X-CSRFToken": token_of(crew[who])}
        answer = crew[who].http.post(
            f"{site.url}{path}", data=body, headers=sent, timeout=30, allow_redirects=False
        )
        assert answer.status_code < 500
