"""What machines ask of the pages: /healthz, /readyz and /metrics, before any page is reached.

No sign-in, no cookie, no throttle, whatever host name was asked for. They say nothing that is
secret, and no version. /metrics is there only where METRICS_TOKEN is set, for who sends it.
"""

import hmac
import threading
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

import structlog
from werkzeug.wrappers import Request, Response

from bot.clock import monotonic
from bot.errors import BotError
from bot.model.delivery import SILENT_AFTER
from bot.reports import metrics
from bot.store import fleetstatus, schema
from bot.web import exposition
from bot.web.headers import ALWAYS
from bot.wiring import Bot

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

log = structlog.get_logger()
# However often it is asked, the database is asked once in that time.
KEPT_SECONDS = 1.0
NO_DATABASE = "The database does not answer."
OLD_DATABASE = "The database has not been upgraded yet."
NO_WORKER = "Nothing runs that sends posts."
SILENT_WORKER = "What sends posts gave no sign of life for two minutes."
READABLE = frozenset({"GET", "HEAD"})


class Probes:
    """A WSGI application that answers these three addresses itself."""

    def __init__(self, app: "WSGIApplication", bot: Bot) -> None:
        self._app = app
        self._bot = bot
        self._token = bot.settings.metrics_token.get_secret_value().encode()
        self._readiness = Readiness(bot)
        self._answers: dict[str, Callable[[Request], Response]] = {
            "/healthz": self._healthz,
            "/readyz": self._readyz,
        }
        if self._token:
            self._answers["/metrics"] = self._metrics

    def __call__(self, environ: "WSGIEnvironment", start: "StartResponse") -> Iterable[bytes]:
        answer = self._answers.get(environ.get("PATH_INFO", ""))
        if answer is None:
            return self._app(environ, start)
        request = Request(environ)
        if request.method not in READABLE:
            return _said("Only GET.", 405, Allow="GET, HEAD")(environ, start)
        return answer(request)(environ, start)

    def _healthz(self, _request: Request) -> Response:
        return _said("The process answers.")

    def _readyz(self, _request: Request) -> Response:
        reason = self._readiness.asked()
        return _said(reason, 503) if reason else _said("Ready.")

    def _metrics(self, request: Request) -> Response:
        given = request.headers.get("Authorization", "").encode()
        if not hmac.compare_digest(given, b"Bearer " + self._token):
            return _said("This is for who has the token.", 401, **{"WWW-Authenticate": "Bearer"})
        try:
            text = exposition.text(metrics.families(self._bot.store, self._bot.clock()))
        except BotError:
            return _said(NO_DATABASE, 503)
        answer = _said(text)
        answer.headers["Content-Type"] = exposition.CONTENT_TYPE
        return answer


class Readiness:
    """Why posts would not go out; looked up once for all who ask at the same time."""

    def __init__(self, bot: Bot) -> None:
        self._bot = bot
        self._lock = threading.Lock()
        self._known: tuple[float, str | None] | None = None

    def asked(self) -> str | None:
        """The reason in one line; None when all is ready."""
        known = self._known
        if known is not None and monotonic() - known[0] < KEPT_SECONDS:
            return known[1]
        if not self._lock.acquire(blocking=False):
            # A database that hangs must hold up one of the threads, not each in turn.
            return known[1] if known is not None and self._is_fresh(known) else NO_DATABASE
        try:
            found = self._look()
            self._known = (monotonic(), found)
            return found
        finally:
            self._lock.release()

    def _is_fresh(self, known: tuple[float, Any]) -> bool:
        return monotonic() - known[0] < 10 * KEPT_SECONDS

    def _look(self) -> str | None:
        store = self._bot.store
        try:
            stands_at = schema.revision(store)
            if stands_at is None or stands_at < schema.HEAD:
                return OLD_DATABASE
            with store.read() as session:
                seen, now = fleetstatus.newest_sign(session), store.lease_now(session)
        except Exception as error:  # noqa: BLE001  whatever it is, it is not ready
            log.warning("not ready", action="ready", reason=type(error).__name__)
            return NO_DATABASE
        if seen is None:
            return NO_WORKER
        return SILENT_WORKER if now - seen > SILENT_AFTER else None


def _said(text: str, status: int = 200, **headers: str) -> Response:
    answer = Response(text if text.endswith("\n") else f"{text}\n", status, mimetype="text/plain")
    answer.headers.update(ALWAYS)
    answer.headers["Cache-Control"] = "no-store"
    answer.headers.update(headers)
    return answer
