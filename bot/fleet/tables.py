"""The engine's own tables: put in and brought up to date by `bot init`, asked for by `bot run`.

Procrastinate leaves its migrations to whoever uses it: files to be run in order, some before the
new version starts and some after the old one has stopped. Which ran is noted on its own table.
"""

from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path

from bot.errors import StoreError
from bot.store import workers
from bot.store.engine import Session, Store

MISSING = "The tables of the fleet's engine are missing or older than this bot. Run: bot init"
STRANGE = (
    "This database already has tables of Procrastinate that this bot did not make. "
    "Nothing was changed. Give the bot a database of its own in DATABASE_URL."
)
TABLE = "procrastinate_jobs"
NOTE = "bot, steps run:"
# From here on a step is for when the old version has stopped; its documentation, read 2026-11-26.
LATER_STEPS_FROM = 50
LOCK = 20_261_126
WAITING = (
    "SELECT count(*) FROM (SELECT 1 FROM procrastinate_jobs "
    "WHERE status = 'todo' AND queue_name = %s LIMIT %s) AS hints"
)


def prepare(store: Store) -> str:
    """Make or upgrade the engine's tables; what to tell about it, empty where nothing was done."""
    with store.write() as session:
        session.connection().exec_driver_sql("SELECT pg_advisory_xact_lock(%s)", (LOCK,))
        ran = _ran(session)
        if ran is None:
            _run(session, _folder() / "schema.sql")
            _note(session, _steps())
            return "The tables of the fleet's engine were made."
        missing = [step for step in _steps() if step not in ran]
        later = {step for step in missing if _is_for_later(step)}
        put_off = later if _is_at_work(session, store) else set()
        todo = [step for step in missing if step not in put_off]
        for step in todo:
            _run(session, _folder() / "migrations" / f"{step}.sql")
        _note(session, [*ran, *todo])
    if put_off:
        return "The fleet's engine: the rest of its upgrade waits for the workers of before."
    return "The tables of the fleet's engine were upgraded." if todo else ""


def require_tables(store: Store) -> None:
    """StoreError unless the engine's tables are there, and new enough to begin with."""
    with store.read() as session:
        ran = _ran(session)
    needed = [step for step in _steps() if not _is_for_later(step)]
    if ran is None or not set(needed) <= set(ran):
        raise StoreError(MISSING)


def waiting(store: Store, queue: str, most: int) -> int:
    """How many hints nobody has taken yet; counted up to `most`."""
    with store.read() as session:
        found = session.connection().exec_driver_sql(WAITING, (queue, most))
        return int(found.scalar_one())


def _is_at_work(session: Session, store: Store) -> bool:
    return bool(workers.alive(session, store.lease_now(session) - workers.DEAD_AFTER))


def _folder() -> Path:
    return Path(str(files("procrastinate"))) / "sql"


def _steps() -> list[str]:
    """Names of its migrations in order: VERSION_NUMBER_words."""
    return sorted(path.name.removesuffix(".sql") for path in _folder().glob("migrations/*.sql"))


def _is_for_later(step: str) -> bool:
    return int(step.split("_")[1]) >= LATER_STEPS_FROM


def _run(session: Session, script: Path) -> None:
    # Without parameters its percent signs are only signs, and it may be several statements.
    connection = session.connection().execution_options(no_parameters=True)
    connection.exec_driver_sql(script.read_text(encoding="utf-8"))


def _ran(session: Session) -> Sequence[str] | None:
    """Steps that ran; None without tables; StoreError where somebody else made them."""
    asked = "SELECT to_regclass(%s) IS NOT NULL, obj_description(to_regclass(%s))"
    is_there, note = session.connection().exec_driver_sql(asked, (TABLE, TABLE)).one()
    if not is_there:
        return None
    if not (note or "").startswith(NOTE):
        raise StoreError(STRANGE)
    last_at_once, last_later = note.removeprefix(NOTE).split()
    return [
        step for step in _steps() if step <= (last_later if _is_for_later(step) else last_at_once)
    ]


def _note(session: Session, ran: Sequence[str]) -> None:
    """Keep the last step of either kind."""
    last = {_is_for_later(step): step for step in sorted(ran)}
    marks = f"{last.get(False, '-')} {last.get(True, '-')}"
    session.connection().exec_driver_sql(f"COMMENT ON TABLE {TABLE} IS '{NOTE} {marks}'")
