"""Where one of the group's own people stands in the database: all of it told, or taken out.

Decisions stay under a number, which is nobody any more once the name is gone; that number is never
given again. Words that were published stay as they were published.
"""

import re
import secrets
from collections.abc import Callable, Iterator
from datetime import date, datetime
from typing import Any

from sqlalchemy import LargeBinary, delete, select
from sqlalchemy.orm import Session

from bot.clock import iso
from bot.model.account import Account, Answer, Blackout, Pause
from bot.model.alarm import Alarm
from bot.model.delivery import Decision, Proof
from bot.model.move import Move
from bot.model.person import FORGOTTEN, Letter, Manuscript, Passkey, Person, SignIn
from bot.model.post import Post
from bot.model.review import Review
from bot.store.decisions import REVIEWS

# What is a person's own, and goes with them.
OWN: dict[str, Any] = {
    "drafts": Manuscript,
    "mails": Letter,
    "passkeys": Passkey,
    "sign_ins": SignIn,
}
# Columns that say who did something. What is typed behind --as may be a name.
ACTORS: tuple[Any, ...] = (
    Account.automated_label_by,
    Account.connected_by,
    Answer.actor,
    Blackout.actor,
    Decision.actor,
    Move.actor,
    Pause.actor,
    Pause.ended_by,
    Post.author,
    Post.worded_by,
    Proof.approver,
    Review.actor,
)
# Columns in which people write freely; no name belongs there, but one may stand there.
FREE: tuple[Any, ...] = (
    Answer.said,
    Blackout.reason,
    Decision.reason,
    Pause.reason,
    Review.note,
)
# Decisions that keep what was written before and after.
WORDY = (*REVIEWS, "answer")
# That there is one may be told; what it is opens a door.
HIDDEN = frozenset(
    {
        "fs_uniquifier",
        "fs_webauthn_user_handle",
        "mf_recovery_codes",
        "password",
        "secret_digest",
        "tf_totp_secret",
    }
)
KEPT_HIDDEN = "kept, and not shown"


def export(session: Session, person: Person) -> dict[str, Any]:
    """Everything the database holds on a person, readable: times in UTC, and no secret."""
    own = {name: [_plain(row) for row in _own(session, kind, person)] for name, kind in OWN.items()}
    did = {_name(column): _did(session, column, person) for column in ACTORS}
    return {
        "person": _plain(person),
        **own,
        "done": {name: rows for name, rows in did.items() if rows},
        "decided_about": [_plain(row) for row in _about(session, person)],
        "mentioned": [
            {"in": _name(column), **_plain(row)} for column, row, _ in _mentions(session, person)
        ],
    }


def forget(session: Session, person: Person) -> dict[str, int]:
    """Take a person out, but for the number that Decisions name; how many rows of what went."""
    went = {
        name: int(session.execute(delete(kind).where(kind.person_id == person.id)).rowcount)  # type: ignore[attr-defined]
        for name, kind in OWN.items()
    }
    _drop_alarms(session, person)
    went["names"] = _rename(session, person) + _scrub(session, person)
    _empty(person)
    return went


def _empty(person: Person) -> None:
    """The row stays: a database without it would give the number to the next person."""
    person.email, person.name = f"person-{person.id}{FORGOTTEN}", f"person {person.id}"
    person.active = person.likes_list = person.weekly_mail = False
    person.fs_uniquifier = secrets.token_hex(32)
    person.language = person.password = person.fs_webauthn_user_handle = None
    person.tf_primary_method = person.tf_totp_secret = person.mf_recovery_codes = None


def _drop_alarms(session: Session, person: Person) -> None:
    """What was alarmed of a mail that did not reach them: it names them, and it is over."""
    for alarm in session.scalars(select(Alarm).where(Alarm.name == "letter")).all():
        if person.name in alarm.said:
            session.delete(alarm)


def _rename(session: Session, person: Person) -> int:
    """Their number instead of the name or address that was typed behind --as."""
    spelt = _spellings(session, person)
    found = [
        (row, column.key)
        for column in ACTORS
        for row in session.scalars(select(column.class_).where(column.is_not(None)))
        if str(getattr(row, column.key)).casefold() in spelt
    ]
    for row, key in found:
        setattr(row, key, person.actor)
    return len(found)


def _scrub(session: Session, person: Person) -> int:
    """Their number instead of the name or address in what people wrote freely."""
    called = f"person {person.id}"
    spelt = _in_words(session, person)
    found = list(_mentions(session, person))
    for column, row, words in found:
        setattr(row, column.key, spelt.sub(called, words))
    noted = session.scalars(select(Decision).where(Decision.verb.in_(WORDY))).all()
    for one in noted:
        one.before, one.after = (_scrubbed(kept, spelt, called) for kept in (one.before, one.after))
    return len(found)


def _scrubbed(kept: Any, spelt: re.Pattern[str], called: str) -> Any:
    if not isinstance(kept, dict):
        return kept
    return {
        name: spelt.sub(called, value) if isinstance(value, str) else value
        for name, value in kept.items()
    }


def _own(session: Session, kind: Any, person: Person) -> list[Any]:
    return list(session.scalars(select(kind).where(kind.person_id == person.id).order_by(kind.id)))


def _did(session: Session, column: Any, person: Person) -> list[dict[str, Any]]:
    spelt = {person.actor, *_spellings(session, person)}
    rows = session.scalars(select(column.class_).where(column.is_not(None)))
    return [_plain(row) for row in rows if str(getattr(row, column.key)).casefold() in spelt]


def _about(session: Session, person: Person) -> list[Decision]:
    """Decisions of others about them: invited, given a role, let in no more."""
    rows = session.scalars(select(Decision).where(Decision.post_id.is_(None)))
    return [row for row in rows if person.id in {(kept or {}).get("person") for kept in _kept(row)}]


def _kept(row: Decision) -> Iterator[dict[str, Any] | None]:
    yield row.before
    yield row.after


def _mentions(session: Session, person: Person) -> Iterator[tuple[Any, Any, str]]:
    spelt = _in_words(session, person)
    for column in FREE:
        for row in session.scalars(select(column.class_).where(column.is_not(None))):
            words = str(getattr(row, column.key))
            if spelt.search(words):
                yield column, row, words


def _spellings(session: Session, person: Person) -> frozenset[str]:
    """How somebody may have typed who it was; a name that two people have is nobody's."""
    namesakes = session.scalars(select(Person.name).where(Person.id != person.id))
    shared = person.name.casefold() in {name.casefold() for name in namesakes}
    return frozenset({person.email.casefold()} | (set() if shared else {person.name.casefold()}))


def _in_words(session: Session, person: Person) -> re.Pattern[str]:
    """The address, and the name where it is more than one word, wherever they stand in a text."""
    spelt = [text for text in _spellings(session, person) if "@" in text or " " in text]
    return re.compile(
        rf"(?<!\w)(?:{'|'.join(re.escape(text) for text in sorted(spelt))})(?!\w)", re.IGNORECASE
    )


def _name(column: Any) -> str:
    return f"{column.class_.__tablename__}.{column.key}"


def _plain(row: Any) -> dict[str, Any]:
    """A row as plain data, without bytes that only machines read."""
    return {
        column.name: _shown(column.name, getattr(row, column.name))
        for column in row.__table__.columns
        if not isinstance(column.type, LargeBinary)
    }


def _shown(name: str, value: Any) -> Any:
    if name in HIDDEN:
        return None if value is None else KEPT_HIDDEN
    say = SAID.get(type(value))
    return value if say is None else say(value)


SAID: dict[type, Callable[[Any], Any]] = {
    datetime: iso,
    date: date.isoformat,
    frozenset: sorted,
}
