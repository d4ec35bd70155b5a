"""The pages, mails and messages as somebody reads them who chose Spanish."""

import re
import uuid
from collections.abc import Iterator
from datetime import timedelta
from html import unescape

import pytest

from bot.sandbox import Sandbox
from bot.web import catalogue, mails, wording
from bot.web.language import _
from bot.web.sessions import device
from bot.web.teller import Teller
from bot.wire import mail

from .site import PASSWORD, Site, Visitor, running, token_in

SPANISH = {"Accept-Language": "es-MX,es;q=0.9,en;q=0.5"}
PAGES = """/ /compose /queue /queue?which=needs+you /queue?which=out /calendar /calendar?by=week
    /articles /engagement /engagement/log /engagement/wordings?first=P1&second=P2
    /engagement/visits /accounts /pause /people /record /feeds /timetable /settings /me /tf-setup
    /change /mf-recovery-codes /wan-register /posts/1 /posts/2""".split()


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A web app with one post on hold, one waiting and one out, and people who speak Spanish."""
    folder = tmp_path_factory.mktemp("site")
    with Sandbox() as sandbox, running(folder, sandbox, LOG_FORMAT="json") as site:
        yield site


@pytest.fixture(scope="module")
def admin(site: Site) -> Visitor:
    visitor = Visitor(site)
    # Her browser speaks Spanish while she joins; from then on her own choice counts.
    visitor.http.headers.update(SPANISH)
    visitor.join(site.invite("admin", "Ana"), "Ana")
    visitor.post("/me", {"name": "Ana", "language": "es"})
    visitor.http.headers["Accept-Language"] = "en"
    for when in ("next", "now"):
        fields = {"text": f"Compañeras, {when}", "to": "x", "when": when, "election": "no"}
        answer = visitor.post(f"/compose/{uuid.uuid4()}", {**fields, "do": "queue", "sure": "yes"})
        assert "/posts/" in answer.url, answer.text
    site.beat()
    visitor.post("/pause", {"reason": "una prueba"})
    return visitor


def seen(page: str) -> set[str]:
    """Every piece of text of a page, and what its attributes say aloud."""
    body = re.sub(r"<(script|style|textarea)\b.*?</\1>", " ", page, flags=re.DOTALL)
    spoken = re.findall(r'(?:alt|title|placeholder|aria-label|data-[a-z]+)="([^"]*)"', body)
    return {" ".join(unescape(text).split()) for text in [*re.split(r"<[^>]*>", body), *spoken]}


def english() -> set[str]:
    """What the pages say in English where Spanish differs."""
    return {
        message.id
        for message in catalogue.read("es")
        if isinstance(message.id, str) and message.id not in ("", message.string)
    }


@pytest.mark.parametrize("path", PAGES)
def test_no_english_is_left_on_a_page_in_spanish(admin: Visitor, path: str) -> None:
    """Whatever the catalogue can say in Spanish, it says."""
    answer = admin.get(path)

    assert answer.status_code == 200
    assert '<html lang="es">' in answer.text
    assert seen(answer.text) & english() == set()
    # Longer texts are found inside sentences, too.
    whole = " ".join(seen(answer.text))
    assert [text for text in english() if text.count(" ") > 1 and text in whole] == []


def test_the_same_pages_are_english_where_nobody_chose(site: Site) -> None:
    """The check above can fail: an English page is full of English."""
    page = site.person("staff", "Stella").get("/queue").text

    assert '<html lang="en">' in page
    assert {"Queue", "Calendar", "Sign out"} <= seen(page) & english()


def test_dates_and_distances_are_spanish(admin: Visitor) -> None:
    """Not only the words around them."""
    page = admin.get("/queue").text

    assert re.search(
        r"(lunes|martes|miércoles|jueves|viernes|sábado|domingo) \d+ de \w+ de 20", page
    )
    assert re.search(r"\(dentro de \d+ (minuto|hora|día)s?\)", page)
    assert "hora de Londres" in page


def test_a_decision_is_told_in_spanish(admin: Visitor) -> None:
    """What is said of it, too: the account, what was done, and when it goes out."""
    page = admin.post("/decide/1/hold", {"back": "/queue"}).text

    assert "X: retenida; retenida: espera aprobación." in page


def test_a_wrong_password_is_told_in_the_browsers_language(site: Site) -> None:
    """Somebody who is not signed in has chosen nothing yet."""
    stranger = Visitor(site)
    stranger.http.headers.update(SPANISH)
    form = {"email": "nobody@example.org", "password": "x"}
    page = stranger.post("/login", form, token=stranger.token("/login")).text

    assert "Correo electrónico" in page
    assert "Con eso no se pudo entrar." in page
    assert "Authentication failed" not in page


@pytest.mark.parametrize(
    ("password", "again", "said"),
    [
        ("corta", "corta", "Una contraseña necesita al menos 12 caracteres."),
        ("passwordpassword", "passwordpassword", "Esa contraseña es fácil de adivinar."),
        (PASSWORD, "otra", "Las dos contraseñas son distintas."),
        ("", "", "Escriba una contraseña."),
    ],
)
def test_why_a_password_is_not_taken_is_told_in_spanish(
    site: Site, password: str, again: str, said: str
) -> None:
    """Lengths, easy ones and slips of the finger."""
    link = site.invite("volunteer", f"V{uuid.uuid4().hex[:8]}")
    guest = Visitor(site)
    guest.http.headers.update(SPANISH)
    form = guest.get(link)
    fields = {"password": password, "password_confirm": again}
    page = guest.post(form.url, fields, token=token_in(form.text)).text

    assert said in page
    assert "La misma contraseña otra vez" in page


def test_the_mail_with_a_link_is_ours_and_in_spanish(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Subject and words; no code, and the link in it."""
    letters: list[tuple[str, str]] = []
    site.person("volunteer", "Vera")
    monkeypatch.setattr(mails, "can_send", lambda: True)
    monkeypatch.setattr(mail, "compose", lambda _from, _to, subject, body: (subject, body))
    monkeypatch.setattr(mail, "send", lambda _url, letter: letters.append(letter))
    stranger = Visitor(site)
    stranger.http.headers.update(SPANISH)
    token = stranger.token("/reset")
    page = stranger.post("/reset", {"email": "vera@example.org"}, token=token).text

    assert "un enlace va en camino" in page
    [(subject, body)] = letters
    assert subject == "Un enlace para elegir una contraseña nueva"
    assert body.startswith("Alguien pidió una contraseña nueva")
    assert "/reset/" in body


def test_a_device_is_named_in_the_language_of_who_signs_in(site: Site) -> None:
    """`Firefox en Windows` is kept as it was told."""
    with site.app.test_request_context(headers=SPANISH):
        assert device("Mozilla/5.0 (Windows NT 10.0) Firefox/140.0") == "Firefox en Windows"
        assert device("") == "Un navegador en un dispositivo desconocido"


def test_where_a_decision_was_made_is_spanish(site: Site) -> None:
    """`test (terminal)`, and a name with a colon of its own stays whole."""
    with site.app.test_request_context(headers=SPANISH):
        assert wording.who("web:zoe") == "zoe (aplicación web)"
        assert wording.who("link:Zoe") == "Zoe (por un enlace)"
        assert wording.who("somebody") == "somebody"


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(10, "ahora"), (3600, "dentro de 1 hora"), (-86_400 * 40, "hace 40 días")],
)
def test_how_far_off_a_time_is_counts_as_every_door_does(
    site: Site, seconds: int, said: str
) -> None:
    """Forty days stay days: units are chosen once, for every language."""
    with site.app.test_request_context(headers=SPANISH):
        assert wording.away(site.bot.clock() + timedelta(seconds=seconds)) == said


def test_what_waits_says_so_whichever_way_it_waits(site: Site) -> None:
    """Without a time, at a time, and after a try that reached nobody."""
    at = site.bot.clock()
    later = at + timedelta(hours=3)
    row = {"state": "waiting", "account": "x", "due_at": None, "not_before": None, "reason": ""}
    due = {**row, "due_at": at.isoformat()}
    again = {**due, "not_before": later.isoformat(), "reason": "Nobody was reached."}
    with site.app.test_request_context(headers=SPANISH):
        told = Teller(site.bot.settings.zone, at, {})

        assert told.goes_out(row) == "aún no tiene hora"
        assert told.goes_out(due).startswith("sale el ")
        assert told.goes_out(again).startswith("se intenta de nuevo el ")
        assert told.goes_out(again).endswith("dentro de 3 horas (Nobody was reached)")


def test_what_is_known_of_a_doubt_is_spanish(site: Site) -> None:
    """Its link, when it was sent, how often the bot looked, and where to look."""
    at = site.bot.clock()
    row = {
        "urls": ["https://x.test/1"],
        "to_be_noted": False,
        "doubt_since": at.isoformat(),
        "part_in_doubt": 2,
        "parts": ["a", "b"],
        "looks": 4,
        "state": "unconfirmed",
        "account": "x",
        "edit_waits": True,
    }
    with site.app.test_request_context(headers=SPANISH):
        link, sent, page, edited = Teller(
            site.bot.settings.zone, at, {}, pages={"x": "https://x.test"}
        ).evidence(row)

    assert link == "Su enlace: https://x.test/1"
    assert sent.startswith("La parte 2 de 2 se envió el ")
    assert sent.endswith("; el bot ha mirado 4 veces.")
    assert page == "Mire usted: https://x.test"
    assert edited.startswith("Su archivo cambió")


def test_no_text_is_no_text_in_every_language(site: Site) -> None:
    """A catalogue keeps its own header under the empty text."""
    with site.app.test_request_context(headers=SPANISH):
        assert _("") == ""
