"""Canary: what opens an account is nowhere in the clear, whatever goes right or wrong."""

import io
import json

import pytest
from consenting import came_back
from sqlalchemy import select

from bot import wiring
from bot.accounts import health
from bot.accounts.signins import new_mark
from bot.accounts.vault import new_key
from bot.errors import BotError
from bot.model.account import Connecting
from bot.model.delivery import Decision
from bot.store import accounts
from bot.wire import redact

BACK = "https://bot.example.org/accounts/{}/connected"
MARK = "a-mark-that-stands-for-a-session"


class Journey:
    """Everything a person may do to connect, with all that is said on the way kept."""

    def __init__(self, open_bot, sandbox):
        self.bot, self.sandbox = open_bot(), sandbox
        self.said, self.secrets = io.StringIO(), {MARK}
        settings = self.bot.settings.model_copy(update={"log_format": "json"})
        wiring.configure_log(settings, file=self.said)

    def begin(self, name):
        url = self.bot.connections.begin(name, session_mark=MARK, return_to=BACK.format(name))
        with self.bot.store.read() as session:
            (row,) = session.scalars(select(Connecting).where(Connecting.kept.is_not(None)))
            kept = self.bot.credentials.vault.open(name, row.kept)["platform"]
        self.secrets |= {kept["secret"]} if "secret" in kept else set()
        return url

    def finish(self, name, returned):
        self.secrets |= {returned[key] for key in ("code", "oauth_verifier") if key in returned}
        try:
            done = self.bot.connections.finish(name, returned, session_mark=MARK, actor="ana")
        except BotError as error:
            self.said.write(f"{error!r} {error.__context__!r} {error.__cause__!r}\n")
        else:
            self.said.write(f"{done!r}\n")

    def everything_said(self):
        bot = self.bot
        with bot.store.read() as session:
            decided = session.scalars(select(Decision)).all()
            rows = [f"{one.reason} {one.before} {one.after}" for one in decided]
        standing = [bot.connections.standing(name) for name in ("x", "facebook")]
        return f"{self.said.getvalue()} {rows} {standing} {bot!r}"


@pytest.fixture
def journey(open_bot, sandbox):
    made = Journey(open_bot, sandbox)
    given = sandbox.accounts
    made.secrets |= {given.x_token, given.x_token_secret, given.x_secret, given.app_secret}
    made.secrets |= set(given.holders)
    made.secrets |= set(made.bot.settings.encryption_key_list)
    return made


def trouble_at(sandbox, name):
    """Faults whose words repeat what was sent, one after another, and none at last."""
    given = sandbox.accounts
    app = f"{given.app_secret} {given.app_token} {given.x_secret}"
    user = f"{app} {given.brief_user_token} {given.user_token}"
    step = {"on": "read", "path": "/oauth/access_token"}
    yield lambda: sandbox.fault(name, "garbled", status=500, text=app, **step)
    yield lambda: sandbox.fault(
        name, "redirect", location=f"https://a.example.org/?t={app}", **step
    )
    yield lambda: sandbox.fault(name, "cut_after", **step)
    if name == "facebook":
        echoed = {"code": 190, "on": "read"}
        page = f"{user} {given.page_token}"
        yield lambda: sandbox.fault(name, "graph_error", message=app, **step, code=101)
        yield lambda: sandbox.fault(
            name, "graph_error", path="/me/accounts", message=user, **echoed
        )
        yield lambda: sandbox.fault(
            name, "graph_error", path="/debug_token", message=page, **echoed
        )
    else:
        yield lambda: sandbox.fault(name, "error_before", on="read", path="/2/users/me")
    yield lambda: None


@pytest.mark.parametrize("name", ["x", "facebook"])
def test_no_token_is_in_the_database_the_log_or_an_error(journey, sandbox, name, tmp_path):
    """Through every fault, the connecting itself, a post, a check and the disconnecting."""
    for plan in trouble_at(sandbox, name):
        returned = came_back(journey.begin(name))
        plan()
        journey.finish(name, returned)
        sandbox.clear_faults()
    bot = journey.bot
    with bot.store.read() as session:
        assert accounts.named(session, name).credentials
    bytes_connected = database(tmp_path)
    bot.connections.disconnect(name, actor="ana", reason="the end")
    text = journey.everything_said()

    assert len(journey.secrets) > 10
    assert bot.ids_on == []
    for secret in journey.secrets:
        assert secret not in text
        assert secret.encode() not in bytes_connected
        assert secret.encode() not in database(tmp_path)
    # The look is a real one: what may be read is found in both.
    assert "connected" in text
    assert name.encode() in bytes_connected


def database(folder):
    """Every byte of the database, with what is not yet merged into its file."""
    return b"".join(path.read_bytes() for path in sorted(folder.glob("bot.db*")))


@pytest.fixture
def unlearned(monkeypatch):
    """As in a process that has decrypted nothing yet."""
    monkeypatch.setattr("bot.wire.redaction._learned", {})


@pytest.fixture
def broken(sandbox, monkeypatch):
    """A library that puts what it was given into its error."""

    def fail(*_given, **_named):
        raise RuntimeError(f"cannot use {sandbox.accounts.x_token}")

    monkeypatch.setattr("bot.platforms.x.platform.XPlatform.health", fail)


def test_a_trial_that_breaks_says_no_token(journey, sandbox, unlearned, broken):
    """No setting holds it and nothing is stored yet; the log hides it all the same."""
    journey.finish("x", came_back(journey.begin("x")))

    assert "cannot use [hidden]" in journey.said.getvalue()
    assert sandbox.accounts.x_token not in journey.said.getvalue()


def test_a_check_that_breaks_says_no_stored_token(journey, sandbox, open_bot, monkeypatch, request):
    """What was decrypted at the start of a process is hidden in all that it says."""
    journey.finish("x", came_back(journey.begin("x")))
    request.getfixturevalue("unlearned")
    request.getfixturevalue("broken")
    bot = open_bot()
    health.check(bot.store, bot.clock, "x", bot.platforms["x"], bot.expected_imprint)

    assert "cannot use [hidden]" in journey.said.getvalue()
    assert sandbox.accounts.x_token not in journey.said.getvalue()


def test_the_number_of_a_page_is_no_secret(journey, sandbox, unlearned):
    """It stands in the address of every post; hiding it would spoil what people are told."""
    journey.finish("facebook", came_back(journey.begin("facebook")))
    page_id = sandbox.accounts.page_id

    assert page_id in redact(f"https://www.facebook.com/{page_id}")
    assert sandbox.accounts.page_token not in redact(sandbox.accounts.page_token)


def test_the_mark_and_the_state_are_kept_as_digests(journey):
    """Who reads the database cannot take over a sign-in."""
    url = journey.begin("facebook")
    with journey.bot.store.read() as session:
        (row,) = session.scalars(select(Connecting))

    assert (len(row.state_digest), len(row.session_digest)) == (64, 64)
    assert row.state_digest not in url
    assert MARK not in url


def test_marks_are_long_and_never_the_same():
    """They bind a sign-in to a browser."""
    assert len({new_mark() for _ in range(50)}) == 50
    assert len(new_mark()) >= 32


def test_json_of_a_locked_account_names_no_key(open_bot, journey):
    """The trouble is told with what to do, and without any value."""
    journey.finish("x", came_back(journey.begin("x")))
    other = new_key()
    lost = open_bot(ENCRYPTION_KEYS=other)

    said = json.dumps(lost.credentials.troubles)
    assert other not in said
    assert "connect the account again" in said
