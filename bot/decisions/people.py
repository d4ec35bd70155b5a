"""Who may use the web app, and what each may do. Decisions name people by number alone."""

import re
import secrets

from bot.decisions.record import Decider
from bot.errors import NotAllowed, NotFound, UsageError
from bot.model.person import DECIDING, FORGOTTEN, Person, Role
from bot.store import people, personal
from bot.store.engine import Session

ADDRESS = re.compile(r"[^@\s]{1,64}@[^@\s]{1,190}\.[^@\s.]{1,63}")
MAX_NAME = 120


def invite(decider: Decider, email: str, role: str, name: str = "") -> Person:
    """Add somebody, or give who is there already that role; they choose a password by a link."""
    wanted, address = role_named(role), checked_email(email)
    with decider.store.write() as session:
        known = people.by_email(session, address)
        if known is not None:
            _give(decider, session, known, wanted)
            _let_in(decider, session, known)
            return known
        person = Person(
            email=address,
            name=" ".join(name.split())[:MAX_NAME] or address.partition("@")[0],
            role=wanted.value,
            active=True,
            likes_list=False,
            fs_uniquifier=secrets.token_hex(32),
            created_at=decider.clock(),
        )
        session.add(person)
        session.flush()
        decider.note(session, "invite", after={"person": person.id, "role": wanted.value})
        return person


def change_role(decider: Decider, person_id: int, role: str) -> Person:
    """Let somebody do other things; it holds from their next click.

    Who may now decide signs in anew, with the second step that is asked of those who do.
    """
    wanted = role_named(role)
    with decider.store.write() as session:
        person = people.get(session, person_id)
        _give(decider, session, person, wanted)
        return person


def stop(decider: Decider, person_id: int) -> Person:
    """Let somebody in no more, and sign them out everywhere; what they wrote stays."""
    with decider.store.write() as session:
        person = people.get(session, person_id)
        _keep_an_admin(session, person)
        person.active = False
        people.end_sign_ins(session, person.id, decider.clock())
        decider.note(session, "stop", after={"person": person.id})
        return person


def let_in(decider: Decider, person_id: int) -> Person:
    """Let somebody sign in again."""
    with decider.store.write() as session:
        person = people.get(session, person_id)
        _let_in(decider, session, person)
        return person


def start_anew(decider: Decider, person_id: int) -> Person:
    """For who lost password or phone: the old password, codes and sign-ins hold no more."""
    with decider.store.write() as session:
        person = people.get(session, person_id)
        person.password = None
        person.fs_uniquifier = secrets.token_hex(32)
        person.tf_primary_method = person.tf_totp_secret = person.mf_recovery_codes = None
        people.end_sign_ins(session, person.id, decider.clock())
        decider.note(session, "new link", after={"person": person.id})
        return person


def known(decider: Decider, email: str) -> Person:
    """Whose address that is; NotFound where it is nobody's."""
    with decider.store.read() as session:
        person = people.by_email(session, email)
    if person is None:
        raise NotFound(f"Nobody here has the address {email[:80]}. See: bot people list")
    return person


def forget(decider: Decider, person_id: int) -> dict[str, int]:
    """Take somebody out for good, by what went; decisions stay under their number."""
    with decider.store.write() as session:
        person = people.get(session, person_id)
        _keep_an_admin(session, person)
        went = personal.forget(session, person)
        decider.note(session, "forget", after={"person": person.id})
    decider.store.leave_no_trace()
    return went


def role_named(role: str) -> Role:
    """UsageError lists the roles there are."""
    if role not in set(Role):
        raise UsageError(f"“{role[:40]}” is no role. Roles: {', '.join(Role)}.")
    return Role(role)


def checked_email(email: str) -> str:
    """The address in small letters; UsageError where it is none."""
    address = email.strip().lower()
    if not ADDRESS.fullmatch(address) or address.endswith(FORGOTTEN):
        raise UsageError(f"“{email[:80]}” is no e-mail address.")
    return address


def _let_in(decider: Decider, session: Session, person: Person) -> None:
    if person.active:
        return
    person.active = True
    decider.note(session, "let in", after={"person": person.id})


def _give(decider: Decider, session: Session, person: Person, wanted: Role) -> None:
    if person.role == wanted:
        return
    _keep_an_admin(session, person)
    before, person.role = person.role, wanted.value
    if wanted in DECIDING and before not in DECIDING:
        people.end_sign_ins(session, person.id, decider.clock())
    decider.note(
        session,
        "role",
        before={"person": person.id, "role": before},
        after={"person": person.id, "role": wanted.value},
    )


def _keep_an_admin(session: Session, person: Person) -> None:
    if person.role != Role.ADMIN or not person.active:
        return
    others = [
        row
        for row in people.all_of(session)
        if row.active and row.role == Role.ADMIN and row.id != person.id
    ]
    if not others:
        raise NotAllowed("This is the last admin. Make somebody else an admin first.")
