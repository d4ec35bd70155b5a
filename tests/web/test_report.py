"""The week's report on its page and by mail, through a real SMTP server on loopback."""

import re
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.message import Message
from pathlib import Path
from types import SimpleNamespace

import busyyear
import pytest
from world import QUICK_DISK, HandClock

from bot.alerts import letters as undelivered
from bot.decisions import people as deciding
from bot.decisions.record import Decider
from bot.errors import MailFailed, MailUnsure
from bot.flow import weekly
from bot.flow.weekly import Posted, Went
from bot.model.person import Letter, Person
from bot.reports.weekly import summary
from bot.reports.weekly.week import Week
from bot.sandbox import Sandbox
from bot.store import people
from bot.wire import mail
from bot.worker import Heartbeat

from .conftest import ROLES
from .letterbox import Letterbox
from .site import Site, Visitor, running

VOLUNTEER, APPROVER, STAFF, ADMIN = ROLES
MONDAY = datetime(2026, 11, 30, 8, tzinfo=UTC)
WEEK = Week.of("2026-W48")
HOUR = timedelta(hours=1)
SUBJECT = "The week from Monday 23 to Sunday 29 November 2026"


@pytest.fixture(scope="module")
def letterbox() -> Iterator[Letterbox]:
    with Letterbox() as box:
        yield box


@pytest.fixture(scope="module")
def used(sandbox: Sandbox, letterbox: Letterbox) -> Iterator[Site]:
    """A site with a small year behind it and a mail server."""
    mailing = {"MAIL_URL": letterbox.url, "MAIL_FROM": "Bot <bot@example.org>"}
    with (
        tempfile.TemporaryDirectory(prefix="bot-web-", dir=QUICK_DISK) as folder,
        running(Path(folder), sandbox, HandClock(MONDAY), **mailing) as site,
    ):
        with site.bot.store.write() as session:
            for name in busyyear.ZONES:
                busyyear.accounts.ensure(session, name, name, busyyear.NOW)
        busyyear.fill(site.bot.store, seed=3, posts=60)
        yield site


@pytest.fixture(autouse=True)
def quiet(used: Site, letterbox: Letterbox) -> Iterator[None]:
    """Monday at eight, no mail so far, nobody who wants one but those a test invites."""
    used.bot.clock.now = MONDAY
    letterbox.letters.clear()
    letterbox.hangs_up = False
    yield
    with used.bot.store.write() as session:
        for row in people.all_of(session):
            row.weekly_mail = False


def invite(site: Site, role: str, name: str) -> int:
    by = Decider(site.bot.store, site.bot.clock, "cli:test")
    person = deciding.invite(by, f"{name.lower()}@example.org", role, name)
    with site.bot.store.write() as session:
        people.get(session, person.id).weekly_mail = True
    return person.id


def letter_of(site: Site, person_id: int) -> Letter | None:
    with site.bot.store.read() as session:
        return session.query(Letter).filter_by(person_id=person_id).one_or_none()


def parts(letter: Message) -> dict[str, str]:
    return {
        part.get_content_type(): part.get_payload(decode=True).decode(errors="replace")
        for part in letter.walk()
        if not part.is_multipart()
    }


def test_on_monday_at_eight_those_who_want_it_get_it_once(
    used: Site, letterbox: Letterbox, named: str
):
    """Staff and admins, no others; the three sentences first, as text and as HTML."""
    for role in ROLES:
        invite(used, role, f"{role}{named}")
    off = invite(used, STAFF, f"off{named}")
    with used.bot.store.write() as session:
        people.get(session, off).weekly_mail = False

    used.bot.clock.now = MONDAY - timedelta(seconds=1)
    assert weekly.send_letters(used.bot) == []
    used.bot.clock.now = MONDAY
    assert {one.went for one in weekly.send_letters(used.bot)} == {Went.SENT}
    used.bot.clock.move(hours=30)
    assert weekly.send_letters(used.bot) == []
    assert {one.went for one in weekly.send_now(used.bot, WEEK)} == {Went.HAD_IT}

    came = letterbox.letters
    assert sorted(one["To"] for one in came) == [
        f"{role}{named}@example.org".lower() for role in sorted((STAFF, ADMIN))
    ]
    said = parts(came[0])
    told = weekly.report(used.bot, WEEK)
    assert said["text/plain"].splitlines()[:3] == [*summary.sentences(told)]
    assert set(said) == {"text/plain", "text/html", "image/png"}
    assert summary.what_went_out(told) in said["text/html"]
    assert not re.search(r"<link|<script|url\(|http-equiv", said["text/html"])
    pictures = [part for part in came[0].walk() if part.get_content_type() == "image/png"]
    shown = re.findall(r'<img src="cid:([^"]+)" alt="([^"]+)"', said["text/html"])
    assert [part["Content-ID"] for part in pictures] == [f"<{name}>" for name, _ in shown]
    assert [part.get_payload(decode=True)[:4] for part in pictures] == [b"\x89PNG"]
    assert all(len(said) > 30 for _, said in shown)
    assert came[0]["Subject"] == SUBJECT
    assert came[0]["List-Unsubscribe"].strip().startswith("<mailto:bot@example.org?subject=")
    assert came[0]["Date"]
    assert came[0].get_content_type() == "multipart/alternative"
    assert came[0]["Message-ID"] != came[1]["Message-ID"]


def test_the_heartbeat_sends_it_and_says_so(
    used: Site, letterbox: Letterbox, named: str, monkeypatch: pytest.MonkeyPatch
):
    """By the name of who gets it, never by the address."""
    said: list[dict[str, str]] = []
    log = SimpleNamespace(info=lambda _event, **fields: said.append(fields))
    monkeypatch.setattr("bot.worker.log", log)
    invite(used, STAFF, named)
    beating = Heartbeat(used.bot)
    beating._send_letters()
    beating._send_letters()
    assert [(one["recipient"], one["outcome"]) for one in said] == [(named, "sent")]
    assert len(letterbox.letters) == 1


class Crash(BaseException):
    """The machine goes down."""


def test_a_crash_between_claim_and_end_never_leads_to_a_second_mail(
    used: Site, letterbox: Letterbox, named: str, monkeypatch: pytest.MonkeyPatch
):
    """Before it left or after: nobody knows, so that it is not sent again, and is told of."""
    before, after = (invite(used, STAFF, f"{when}{named}") for when in ("before", "after"))

    def crash(*_given: object) -> None:
        raise Crash

    with monkeypatch.context() as down:
        down.setattr("bot.wire.mail.send", crash)
        with pytest.raises(Crash):
            weekly.send_letters(used.bot)
    assert letter_of(used, before).sent_at is None

    with monkeypatch.context() as down:
        down.setattr("bot.store.letters.sent", crash)
        with pytest.raises(Crash):
            weekly.send_letters(used.bot)
    for _beat in range(30):
        used.bot.clock.move(hours=1)
        assert weekly.send_letters(used.bot) == []
    assert [one["To"] for one in letterbox.letters] == [f"after{named}@example.org".lower()]
    assert letter_of(used, after).tries == letter_of(used, before).tries == 1
    found = undelivered.undelivered(used.bot.store, used.bot.clock(), used.bot.settings.zone)
    wrong = [one.says for one in found if named in one.says]
    assert [f"before{named}" in wrong[0], f"after{named}" in wrong[1]] == [True, True]
    assert "--send --to ADDRESS" in wrong[0]


def test_a_refused_connection_is_tried_again_each_hour_until_wednesday(
    used: Site, letterbox: Letterbox, named: str, monkeypatch: pytest.MonkeyPatch
):
    """Once the server is there it goes, once; of one that never comes back a person is told."""
    person = invite(used, STAFF, named)
    gone = Letterbox()
    gone.server_close()
    port = int(gone.url.rpartition(":")[2])
    send = mail.send
    monkeypatch.setattr("bot.wire.mail.send", lambda _url, letter: send(gone.url, letter))
    (posted,) = weekly.send_letters(used.bot)
    assert (posted.went, posted.recipient) == (Went.FAILED, named)
    used.bot.clock.move(minutes=59)
    assert weekly.send_letters(used.bot) == []
    used.bot.clock.move(minutes=1)
    assert [one.went for one in weekly.send_letters(used.bot)] == [Went.FAILED]
    found = undelivered.undelivered(used.bot.store, used.bot.clock(), used.bot.settings.zone)
    (note,) = [one for one in found if named in one.says]
    assert note.ok
    assert "tried again on Monday 30 November 2026, 10:00" in note.says

    used.bot.clock.move(hours=1)
    with Letterbox(port) as back:
        assert [one.went for one in weekly.send_letters(used.bot)] == [Went.SENT]
        assert weekly.send_letters(used.bot) == []
        assert [one["To"] for one in back.letters] == [f"{named}@example.org".lower()]
    assert letter_of(used, person).tries == 3

    late = invite(used, STAFF, f"late{named}")
    used.bot.clock.now = MONDAY + timedelta(days=1, hours=23, minutes=30)
    assert [one.went for one in weekly.send_letters(used.bot)] == [Went.FAILED]
    used.bot.clock.move(hours=1)
    assert weekly.send_letters(used.bot) == []
    assert letter_of(used, late).tries == 1
    found = undelivered.undelivered(used.bot.store, used.bot.clock(), used.bot.settings.zone)
    assert [(one.ok, f"late{named}" in one.says) for one in found if named in one.says] == [
        (False, True)
    ]


def test_who_was_asleep_on_monday_gets_it_on_tuesday_and_not_on_thursday(used: Site, named: str):
    invite(used, STAFF, named)
    used.bot.clock.now = MONDAY + timedelta(days=3)
    assert weekly.send_letters(used.bot) == []
    used.bot.clock.now = MONDAY + timedelta(days=1, hours=5)
    assert [one.went for one in weekly.send_letters(used.bot)] == [Went.SENT]


def test_a_server_that_dies_after_the_mail_is_not_asked_again(
    used: Site, letterbox: Letterbox, named: str
):
    """It may have the mail; a refusal in words is another thing."""
    person = invite(used, STAFF, named)
    letterbox.hangs_up = True
    assert [one.went for one in weekly.send_letters(used.bot)] == [Went.UNSURE]
    used.bot.clock.move(hours=2)
    assert weekly.send_letters(used.bot) == []
    assert letter_of(used, person).next_try_at is None
    with pytest.raises(MailUnsure):
        mail.send(letterbox.url, mail.compose("a@example.org", "b@example.org", "s", "b"))
    with pytest.raises(MailFailed) as refused:
        mail.send("smtp://127.0.0.1:1", mail.compose("a@example.org", "b@example.org", "s", "b"))
    assert not isinstance(refused.value, MailUnsure)


def test_two_heartbeats_claim_it_once(used: Site, letterbox: Letterbox, named: str):
    person = invite(used, STAFF, named)
    told = weekly.mailing(used.bot, WEEK)
    with used.bot.store.read() as session:
        row = session.get(Person, person)
    assert weekly._send_letter(used.bot, told, row) == Posted(named, Went.SENT)
    assert weekly._send_letter(used.bot, told, row) is None
    assert len(letterbox.letters) == 1


# The page


@pytest.fixture(scope="module")
def staff(used: Site) -> Visitor:
    return used.person(STAFF, "Reader")


def test_the_page_tells_the_week_and_leads_to_others(used: Site, staff: Visitor):
    shown = staff.get("/report").text
    told = weekly.report(used.bot, WEEK)
    for said in summary.sentences(told):
        assert said.replace("'", "&#x27;") in shown
    assert 'href="/report?week=2026-W47"' in shown
    assert 'href="/report?week=2026-W49"' in shown
    assert "2026-W50" not in staff.get("/report?week=2026-W49").text
    assert "So far in the week" in staff.get("/report?week=2026-W49").text
    for wrong in ("2026-W50", "nonsense", "1999-W01"):
        assert staff.get(f"/report?week={wrong}").status_code == 404
    assert "of the campaign “rivers”" in staff.get("/report?campaign=rivers").text


def test_files_are_the_same_report_and_the_public_ones_have_no_money(staff: Visitor):
    inside, outside = (staff.get(f"/report.html?{more}") for more in ("x", "public=1"))
    assert "In US dollars" in inside.text
    assert "$" not in outside.text
    assert "attachment; filename=week-2026-W48-public.html" in outside.headers.values()
    assert "$" not in staff.get("/report?public=1").text.partition('class="report"')[2]
    assert "costs" not in staff.get("/report.json?public=1").json()
    assert len(staff.get("/report.json").json()["sentences"]) == 3
    assert staff.get("/report.xlsx").content.startswith(b"PK")
    assert staff.get("/report.exe").status_code == 404


def test_a_button_sends_it_to_whoever_presses_it(used: Site, letterbox: Letterbox, staff: Visitor):
    """As it is shown; and whoever wants no mail on Mondays says so on a page of their own."""
    answer = staff.post("/report", {"week": "2026-W48", "public": "1"})
    assert "Sent to reader@example.org." in answer.text
    (letter,) = [one for one in letterbox.letters if one["Subject"] == SUBJECT]
    assert "$" not in parts(letter)["text/plain"]
    staff.post("/me", {"name": "Reader", "asks_weekly_mail": "1", "weekly_mail": "1"})
    assert 'id="weekly_mail" checked' in staff.get("/me").text
    staff.post("/me", {"name": "Reader", "asks_weekly_mail": "1"})
    assert 'id="weekly_mail">' in staff.get("/me").text
    assert "Reader" not in [one.recipient for one in weekly.send_letters(used.bot)]


def test_without_a_mail_server_nothing_fails_and_the_page_says_so(
    used: Site, staff: Visitor, monkeypatch: pytest.MonkeyPatch, named: str
):
    invite(used, STAFF, named)
    for place in ("bot.flow.weekly", "bot.web.report"):
        monkeypatch.setattr(f"{place}.can_mail", lambda _bot: False)
    assert weekly.send_letters(used.bot) == []
    assert "No mail server is set" in staff.get("/report").text
    assert "nothing was sent" in staff.post("/report", {}).text


def test_a_letter_astray_stands_on_today(used: Site, staff: Visitor, letterbox: Letterbox, named):
    invite(used, STAFF, named)
    letterbox.hangs_up = True
    weekly.send_letters(used.bot)
    assert f"The report of the week for {named}" in staff.get("/").text
    used.bot.clock.move(days=8)
    assert named not in staff.get("/").text
