"""The web app as people meet it: a real server and database, and simulated platforms."""

import contextlib
import re
import threading
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import requests
from flask_security import hash_password, login_user

from bot import flow, wiring
from bot.clock import Clock, system_now
from bot.decisions import people as deciding
from bot.decisions.record import Decider
from bot.sandbox import Sandbox
from bot.settings import load
from bot.store import workers
from bot.web.application import create
from bot.web.invitations import link_outside
from bot.web.serving import server
from bot.wiring import Bot

PASSWORD = "correct horse battery staple"
SECRET = "a secret of tests, long enough to sign with 0123456789"


@dataclass
class Site:
    """One running web app and the bot behind it."""

    bot: Bot = field(repr=False)
    app: Any = field(repr=False)
    url: str
    sandbox: Sandbox
    folder: Path
    people: dict[str, int] = field(default_factory=dict)

    def invite(self, role: str, name: str | None = None) -> str:
        """Somebody new; the link with which they choose a password."""
        called = name or role
        by = Decider(self.bot.store, self.bot.clock, "cli:test")
        person = deciding.invite(by, f"{called.lower()}@example.org", role, called)
        self.people[called] = person.id
        path = urlsplit(link_outside(self.app, person.id)).path
        return f"{self.url}{path}"

    def joined(self, role: str, name: str | None = None) -> "Visitor":
        """Somebody who took an invitation in a browser, and is signed in."""
        visitor = Visitor(self)
        visitor.join(self.invite(role, name), name or role)
        return visitor

    def person(self, role: str, name: str | None = None) -> "Visitor":
        """The same as `joined`, with what that leaves behind written at once."""
        self.invite(role, name)
        visitor = Visitor(self)
        visitor.name = name or role
        agent = {"User-Agent": str(visitor.http.headers["User-Agent"])}
        with self.app.test_request_context("/", base_url=self.url, headers=agent):
            visitor.secret = self._set_up(self.people[visitor.name])
            answer = self.app.process_response(self.app.make_response(""))
        for line in answer.headers.getlist("Set-Cookie"):
            key, _, value = line.partition(";")[0].partition("=")
            visitor.http.cookies.set(key, value, domain="127.0.0.1")
        return visitor

    def _set_up(self, person_id: int) -> str:
        """Give somebody a password and, where needed, a second factor; sign them in."""
        security, secret = self.app.extensions["security"], ""
        user = security.datastore.find_user(id=person_id)
        user.password = hashed(PASSWORD)
        if user.needs_second_factor:
            kept = security._totp_factory.generate_totp_secret()
            secret = security._totp_factory.get_totp_b32_key(kept)
            security.datastore.tf_set(user, "authenticator", totp_secret=kept)
        security.datastore.put(user)
        security.datastore.commit()
        login_user(user, authn_via=["password", "authenticator"])
        return secret

    def beat(self) -> None:
        """What the heartbeat does in a while: everything that is due now."""
        with self.bot.store.write() as session:
            worker = workers.begin(session, host="test", pid=1, now=self.bot.clock())
        flow.once(self.bot, worker.id)
        with self.bot.store.write() as session:
            workers.end(session, worker.id, self.bot.clock())


class Visitor:
    """One browser without JavaScript, with its cookies."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.http = requests.Session()
        self.http.trust_env = False
        self.name = ""
        self.secret = ""

    def get(self, path: str, **more: Any) -> requests.Response:
        return self.http.get(self._at(path), timeout=30, **more)

    def post(
        self, path: str, fields: Any = None, *, token: str | None = None, **more: Any
    ) -> requests.Response:
        """Send a form with the token of a page that was just seen."""
        sent = (
            list((fields or {}).items())
            if isinstance(fields, dict) or fields is None
            else list(fields)
        )
        if token is None:
            token = self.token()
        return self.http.post(
            self._at(path), data=[*sent, ("csrf_token", token)], timeout=30, **more
        )

    def token(self, path: str = "/me") -> str:
        return token_in(self.get(path).text)

    def join(self, link: str, name: str) -> None:
        """Take an invitation: choose a password, and set up a code where one is asked for."""
        self.name = name
        page = self.get(link)
        answer = self.post(
            page.url,
            {"password": PASSWORD, "password_confirm": PASSWORD},
            token=token_in(page.text),
        )
        if "/tf-setup" in answer.url or "tf-setup" in answer.text:
            self.set_up_code(answer)

    def set_up_code(self, page: requests.Response) -> None:
        shown = self.post("/tf-setup", {"setup": "authenticator"}, token=token_in(page.text))
        assert "<code>" in shown.text, shown.text
        self.secret = re.search(r"<code>([A-Z2-7 -]{16,})</code>", shown.text)[1].replace("-", "")
        self.post("/tf-validate", {"code": code_of(self.secret)}, token=token_in(shown.text))

    def _at(self, path: str) -> str:
        return path if path.startswith("http") else f"{self.site.url}{path}"


@cache
def hashed(password: str) -> str:
    """As it is kept; the same for every site, as all have the same SECRET."""
    return str(hash_password(password))


def code_of(secret: str) -> str:
    """What an app on a phone shows for that key now."""
    from passlib.totp import TOTP

    return TOTP(key=secret, format="base32").generate().token


def token_in(page: str) -> str:
    """The token in the page's first form."""
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
    return found[1] if found else ""


@contextlib.contextmanager
def running(folder: Path, sandbox: Sandbox, clock: Clock = system_now, **settings: str):
    """The web app on a database of its own."""
    env = {
        **sandbox.settings(),
        "DATABASE_URL": f"sqlite:///{folder}/bot.db",
        "POSTS_DIR": str(folder / "posts"),
        "SECRET_KEY": SECRET,
        "IMPRINT_MODE": "never",
        **settings,
    }
    (folder / "posts").mkdir(exist_ok=True)
    bot = wiring.build(load(env, None), clock, create=True)
    app = create(bot)
    serving = server(app, "127.0.0.1", 0)
    thread = threading.Thread(target=serving.run, daemon=True)
    thread.start()
    try:
        yield Site(bot, app, f"http://127.0.0.1:{serving.effective_port}", sandbox, folder)
    finally:
        # Waitress ends when it has nothing left to watch; closed from outside it would trip.
        watched = list(serving._map.values())
        serving.trigger.pull_trigger(serving._map.clear)
        thread.join(10)
        serving.task_dispatcher.shutdown()
        for one in watched:
            one.close()
        bot.store.close()
