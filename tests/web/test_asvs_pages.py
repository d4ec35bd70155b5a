"""OWASP ASVS 5.0.0: headers, where links lead, files, what is written out, logs and errors."""

import csv
import io
import json
import re
import struct
import uuid
import zlib
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import album
import pytest
import requests
import structlog
from sqlalchemy import select

from bot import wiring
from bot.model.post import Media
from bot.reports.log import FORMULA_STARTS
from bot.sandbox import Sandbox
from bot.settings import is_secret, names
from bot.store import media
from bot.web.application import MAX_REQUEST
from bot.web.deciding import back

from .conftest import ROLES, is_in, person_row, sign_in, tables, write
from .site import PASSWORD, Site, Visitor, running, token_in
from .test_routes import ROWS, tried

VOLUNTEER, APPROVER, STAFF, ADMIN = ROLES
CANARY = "canary7Q9xV2"
READABLE = [row for row in ROWS if row.method == "GET"]


# Headers


def broken(site: Site, monkeypatch: pytest.MonkeyPatch, said: str) -> None:
    """Let the page of the queue fall over."""

    def fall() -> None:
        raise RuntimeError(said)

    monkeypatch.setitem(site.app.view_functions, "queue.show", fall)


ANSWERS = {
    "a page": ("GET", "/", 200),
    "an asset": ("GET", "/static/app.css", 200),
    "another's asset": ("GET", "/vendor/htmx.min.js", 200),
    "a download": ("GET", "/engagement/log.csv", 200),
    "a redirect": ("GET", "/wan-verify/x", 302),
    "not there": ("GET", "/nowhere", 404),
    "no asset": ("GET", "/static/nowhere.css", 404),
    "not this way": ("GET", "/logout", 405),
    "no token": ("POST", "/me", 400),
    "broken": ("GET", "/queue", 500),
}


@pytest.mark.parametrize("kind", ANSWERS)
def test_3_4_every_answer_carries_the_headers(
    site: Site, crew: dict[str, Visitor], monkeypatch: pytest.MonkeyPatch, kind: str
):
    broken(site, monkeypatch, "on purpose")
    method, path, code = ANSWERS[kind]
    answer = crew[ADMIN].http.request(
        method, f"{site.url}{path}", timeout=30, allow_redirects=False
    )
    if kind != "a redirect":
        assert answer.status_code == code
    policy = answer.headers["Content-Security-Policy"]  # 3.4.3
    for part in ("default-src 'self'", "object-src 'none'", "base-uri 'none'",
                 "frame-ancestors 'none'", "form-action 'self'"):  # fmt: skip
        assert part in policy
    assert "unsafe" not in policy
    assert answer.headers["X-Content-Type-Options"] == "nosniff"  # 3.4.4
    assert answer.headers["Referrer-Policy"] == "same-origin"  # 3.4.5
    assert answer.headers["X-Frame-Options"] == "DENY"  # 3.4.6
    assert answer.headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "Access-Control-Allow-Origin" not in answer.headers  # 3.4.2
    lasting = kind in ("an asset", "another's asset")
    assert ("immutable" in answer.headers["Cache-Control"]) is lasting  # 14.3.2
    assert answer.headers["Server"] == "campaign"  # 13.4.6: no versions


def test_3_4_1_https_is_remembered_by_the_browser(sandbox: Sandbox, tmp_path: Path):
    with running(tmp_path, sandbox, PUBLIC_URL="https://campaign.example.org") as site:
        answer = Visitor(site).get("/nowhere", headers={"Host": "campaign.example.org"})
        assert answer.status_code == 404
        assert "max-age=31536000" in answer.headers["Strict-Transport-Security"]


def test_14_2_1_no_secret_stands_in_an_address(site: Site, crew: dict[str, Visitor]):
    for row in READABLE:
        page = tried(crew[ADMIN], row).text
        addresses = re.findall(r'(?:href|src|action)="([^"]*)"', page)
        token = token_in(page)
        assert not [one for one in addresses if "csrf" in one or (token and token in one)]
        assert not re.findall(r'<form(?![^>]*method="(?:post|get)")[^>]*>', page)
    login = Visitor(site).get("/login").text
    assert 'method="post"' in re.findall("<form[^>]*>", login)[0]


# Where links lead

ELSEWHERE = (
    "https://evil.example/", "//evil.example/", "///evil.example", "////evil.example",
    "/\\evil.example", "\\\\evil.example", "/\t/evil.example", "\t//evil.example",
    "/\n/evil.example", "http:evil.example", "https:///evil.example", "javascript:alert(1)",
    "/%09/evil.example", "http://127.0.0.1@evil.example/", "\x01//evil.example",
    "https://127.0.0.1.evil.example/", " //evil.example", "/\r\nX-Planted: 1",
)  # fmt: skip


def leads_to(answer: requests.Response, asked: str) -> str:
    """Which host a browser goes to: it strips control signs and reads backslashes as slashes."""
    to = re.sub(r"[\x00-\x20]", "", answer.headers.get("Location", "")).replace("\\", "/")
    return urlsplit(urljoin(asked, to)).hostname or ""


@pytest.mark.parametrize("wanted", ELSEWHERE)
def test_3_7_2_no_sign_in_and_no_decision_leads_to_another_site(
    site: Site, crew: dict[str, Visitor], named: str, wanted: str
):
    visitor = crew[ADMIN]
    decided = visitor.post(
        "/decide/several", {"back": wanted}, token=visitor.token(), allow_redirects=False
    )
    verified = visitor.post(
        "/verify", {"password": PASSWORD, "next": wanted}, params={"next": wanted},
        token=visitor.token(), allow_redirects=False,
    )  # fmt: skip
    for answer in (decided, verified):
        assert answer.status_code in (302, 200, 429)
        assert leads_to(answer, site.url) == "127.0.0.1"
        assert "X-Planted" not in answer.headers


@pytest.mark.parametrize("wanted", ["https://evil.example/", "//evil.example", "/\\evil.example"])
def test_3_7_2_signing_in_leads_to_no_other_site(site: Site, named: str, wanted: str):
    site.person(VOLUNTEER, named)
    visitor = Visitor(site)
    page = visitor.get("/login", params={"next": wanted})
    answer = visitor.post(
        "/login", {"email": f"{named}@example.org", "password": PASSWORD, "next": wanted},
        params={"next": wanted}, token=token_in(page.text), allow_redirects=False,
    )  # fmt: skip
    assert leads_to(answer, site.url) == "127.0.0.1"
    # Either one is in and stays here, or the odd address is refused with the form.
    assert is_in(visitor) is (answer.status_code == 302)


def test_3_7_2_one_is_led_back_to_our_own_page(site: Site, crew: dict[str, Visitor]):
    answer = crew[ADMIN].post(
        "/decide/several", {"back": "/queue?state=held"}, allow_redirects=False
    )
    assert answer.headers["Location"] == "/queue?state=held"
    with site.app.test_request_context():
        assert back("/queue?state=held#7") == "/queue?state=held#7"


# What is written out


def test_1_2_1_words_are_shown_as_words(site: Site, crew: dict[str, Visitor]):
    bad = "<script>alert(1)</script><img src=x onerror=alert(2)> \"' & {{ 7*7 }}"
    post = write(crew[VOLUNTEER], bad, campaign="<b>bold</b>", labels="<i>x</i>")
    for path in ("/", "/queue", f"/posts/{post}", f"/posts/{post}/edit", "/calendar", "/record"):
        page = crew[ADMIN].get(path).text
        assert "<script>alert" not in page
        assert "<img src=x" not in page
        assert "<b>bold" not in page
        assert "<i>x" not in page
        assert " 49" not in page or "{{ 7*7 }}" in page
    assert "&lt;script&gt;alert(1)" in crew[ADMIN].get(f"/posts/{post}").text


def test_1_2_1_a_name_is_shown_as_words(site: Site, named: str, crew: dict[str, Visitor]):
    visitor = site.person(VOLUNTEER, named)
    visitor.post("/me", {"name": "<script>alert(3)</script>"})
    for path, who in (("/me", visitor), ("/people", crew[ADMIN]), ("/record", crew[ADMIN])):
        assert "<script>alert(3)" not in who.get(path).text
    assert person_row(site, named).name == "<script>alert(3)</script>"


@pytest.mark.parametrize(
    "link", ["javascript:alert(1)", "data:text/html,x", "file:///etc/passwd", "vbscript:x"]
)
def test_1_2_2_a_link_is_one_of_the_web(site: Site, crew: dict[str, Visitor], link: str):
    answer = crew[VOLUNTEER].post(
        f"/compose/{uuid.uuid4()}",
        {"text": "Look at this.", "link": link, "to": "x", "when": "next", "do": "queue"},
    )
    assert answer.status_code == 422
    assert f'href="{link}' not in answer.text


@pytest.mark.parametrize("start", FORMULA_STARTS[:4])
def test_1_2_10_a_spreadsheet_finds_no_formula_in_what_is_downloaded(
    site: Site, crew: dict[str, Visitor], start: str
):
    words = f"{start}HYPERLINK(1;2) {uuid.uuid4()}"
    write(crew[ADMIN], words, when="now", sure="yes", to="facebook", campaign=f"{start}c")
    site.beat()
    rows = list(csv.reader(io.StringIO(crew[STAFF].get("/engagement/whole.csv").text)))
    assert any(words in cell for row in rows for cell in row)
    assert not [cell for row in rows for cell in row if cell.startswith(FORMULA_STARTS)]


# Files


def upload(visitor: Visitor, name: str, content: bytes) -> requests.Response:
    """Add a picture to a new draft."""
    return visitor.post(
        f"/compose/{uuid.uuid4()}/pictures", files={"file": (name, content, "image/jpeg")}
    )


def stored(site: Site) -> list[Media]:
    with site.bot.store.read() as session:
        return list(session.scalars(select(Media)))


def png_of(width: int, height: int) -> bytes:
    """A PNG whose head promises so many pixels."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        check = struct.pack(">I", zlib.crc32(kind + body))
        return struct.pack(">I", len(body)) + kind + body + check

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = chunk(b"IHDR", head), chunk(b"IDAT", zlib.compress(b"\0")), chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


def test_5_2_1_more_than_a_request_may_have_is_not_read(site: Site, crew: dict[str, Visitor]):
    answer = upload(crew[VOLUNTEER], "a.jpg", b"\xff\xd8" + b"0" * (MAX_REQUEST + 1))
    assert answer.status_code == 413
    assert "16 MB" in answer.text


def test_5_2_1_words_and_fields_have_an_end_too(site: Site, crew: dict[str, Visitor]):
    visitor, token = crew[VOLUNTEER], crew[VOLUNTEER].token()
    many = [(f"f{n}", "x") for n in range(400)]
    assert (
        visitor.post("/me", {"name": "x" * 1_100_000}, token=token, files={"a": b""}).status_code
        == 413
    )
    assert visitor.post("/me", many, token=token, files={"a": b""}).status_code == 413
    long = visitor.post(f"/compose/{uuid.uuid4()}/save", {"text": "x" * 900_000}, token=token)
    assert long.status_code == 200
    assert max(len(row[5].get("text", "")) for row in tables(site)["manuscript"]) <= 60_000


NO_PICTURES = {
    "words": b"Just some words, named like a picture.",
    "a page": b"<html><script>alert(1)</script></html>",
    "a drawing with a script": b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
    "a program": b"\x7fELF" + b"\0" * 400,
    "a torn picture": album.photo()[:200],
    "too many pixels": png_of(30_000, 30_000),
    "nothing": b"",
}


@pytest.mark.parametrize("kind", NO_PICTURES)
def test_5_2_2_and_5_2_6_what_is_no_picture_is_not_kept(
    site: Site, crew: dict[str, Visitor], kind: str
):
    before = len(stored(site))
    answer = upload(crew[VOLUNTEER], "a.jpg", NO_PICTURES[kind])
    assert answer.status_code == 200
    assert "a.jpg " in answer.text
    assert len(stored(site)) == before


def test_5_2_2_a_picture_is_known_by_its_bytes_and_made_anew(site: Site, crew: dict[str, Visitor]):
    sent = album.photo(size=(123, 77))
    upload(crew[VOLUNTEER], "notes.txt", sent + b"<script>alert(1)</script>")
    made = [row for row in stored(site) if row.width == 123]
    assert made
    assert not [row for row in made if b"<script>" in row.content or row.content == sent]
    answer = crew[VOLUNTEER].get(f"/pictures/{made[0].sha256}")
    assert answer.headers["Content-Type"] == "image/jpeg"
    assert "sandbox" in answer.headers["Content-Security-Policy"]


@pytest.mark.parametrize("name", ["../../../etc/passwd", "..\\..\\x.jpg", "/etc/x.jpg", "a\0b.jpg"])
def test_5_3_2_files_get_names_of_our_own(site: Site, crew: dict[str, Visitor], name: str):
    before = sorted(site.folder.rglob("*"))
    upload(crew[VOLUNTEER], name, album.photo())
    assert sorted(site.folder.rglob("*")) == before
    assert not [row for row in tables(site)["manuscript"] if "/etc/" in str(row[6])]


def test_14_2_8_what_a_camera_noted_is_gone(site: Site, crew: dict[str, Visitor]):
    photo = album.photo(size=(321, 99))
    assert album.SECRET.encode() in photo
    upload(crew[VOLUNTEER], "a.jpg", photo)
    made = [row for row in stored(site) if row.width == 321]
    assert made
    assert not [row for row in made if album.SECRET.encode() in row.content]


# Logs and errors


@pytest.fixture(params=["words", "json"])
def told(site: Site, request: pytest.FixtureRequest) -> Iterator[io.StringIO]:
    """The log as it is really written."""
    file = io.StringIO()
    shaped = site.bot.settings.model_copy(update={"log_format": request.param})
    wiring.configure_log(shaped, file=file)
    yield file
    structlog.reset_defaults()


def test_16_2_1_and_16_3_1_who_came_in_and_who_did_not_is_noted(
    site: Site, named: str, told: io.StringIO
):
    site.person(VOLUNTEER, named)
    sign_in(site, named, "wrong words entirely")
    lines = told.getvalue()
    number = str(site.people[named])
    good = [line for line in lines.splitlines() if "signed in" in line and number in line]
    bad = [line for line in lines.splitlines() if "sign-in failed" in line and number in line]
    assert good
    assert bad
    # 16.2.5: neither what was typed nor who it was by address.
    assert "wrong words" not in lines
    assert PASSWORD not in lines
    assert named.lower() not in lines.lower()


def test_16_4_1_nobody_writes_a_line_of_their_own_into_the_log(
    site: Site, crew: dict[str, Visitor], told: io.StringIO, monkeypatch: pytest.MonkeyPatch
):
    def fall(*_args: object) -> None:
        raise RuntimeError("first\n2026-11-26 [info] forged by an error")

    monkeypatch.setattr(media, "stored", fall)
    crew[ADMIN].get("/pictures/x%0A2026-11-26%20[info]%20forged%20by%20a%20path%0D%1b[2J")
    visitor = Visitor(site)
    fields = {"email": "a@b.example\n2026-11-26 [info] forged", "password": "x"}
    for _ in range(9):
        visitor.post("/login", fields, token=visitor.token("/login"))
    lines = told.getvalue().splitlines()
    assert [line for line in lines if "page failed" in line]
    assert not [line for line in lines if line.startswith("2026-11-26 [info]")]
    assert "\x1b" not in told.getvalue()


def test_16_5_1_an_error_tells_whoever_sees_it_nothing(
    site: Site, crew: dict[str, Visitor], told: io.StringIO, monkeypatch: pytest.MonkeyPatch
):
    broken(site, monkeypatch, "the inside of the program")
    answer = crew[ADMIN].get("/queue")
    assert answer.status_code == 500
    assert "the inside" not in answer.text
    assert "Traceback" not in answer.text
    assert "RuntimeError" not in answer.text
    assert "Nothing you queued is lost" in answer.text
    assert "RuntimeError" in told.getvalue() or "the inside" in told.getvalue()  # 16.3.4


def test_16_5_1_what_was_typed_is_kept_on_a_form_gone_stale_but_no_secret(
    site: Site, crew: dict[str, Visitor]
):
    typed = {"text": "Three hours of work", "password": CANARY, "new_password": CANARY,
             "password_confirm": CANARY, "code": CANARY, "credential": CANARY}  # fmt: skip
    answer = crew[VOLUNTEER].post("/change", typed, token="wrong")
    assert "Three hours of work" in answer.text
    assert CANARY not in answer.text


def test_13_3_and_16_2_5_no_secret_of_the_settings_is_shown_or_noted_anywhere(
    sandbox: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    planted = {
        name: f"{CANARY}{name}-0123456789abcdef0123456789abcdef"
        for name, field in names().items()
        if is_secret(field) and name not in ("DATABASE_URL", "ENCRYPTION_KEYS")
        and not name.startswith(("X_", "FACEBOOK_PAGE"))
    }  # fmt: skip
    planted |= {
        "ALERT_URLS": f"json://127.0.0.1/{CANARY}",
        "PING_URL": f"https://ping.example.org/{CANARY}",
        "MAIL_URL": f"smtp://user:{CANARY}@127.0.0.1:1",
    }
    file = io.StringIO()
    with running(tmp_path, sandbox, **planted) as site:
        wiring.configure_log(site.bot.settings, file=file)
        visitor = site.person(ADMIN)
        for row in READABLE:
            answer = tried(visitor, row)
            assert CANARY not in answer.text, row.path
            assert CANARY not in str(answer.headers), row.path
        assert "SECRET_KEY" in visitor.get("/settings").text
        broken(site, monkeypatch, planted["SECRET_KEY"])
        assert CANARY not in visitor.get("/queue").text
        Visitor(site).post("/reset", {"email": "admin@example.org"})
        dump = json.dumps(tables(site), default=str)
    structlog.reset_defaults()
    assert "page failed" in file.getvalue() or "queue" in file.getvalue()
    assert CANARY not in file.getvalue()
    assert CANARY not in dump
