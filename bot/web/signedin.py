"""The group's people as Flask-Security knows them, kept in our own tables.

Rows are read in a transaction of their own and handed out detached; what Flask-Security changes is
gathered for the request and written at its `commit`.
"""

from typing import Any, cast

from flask import g
from flask_security import RoleMixin, UserMixin, WebAuthnMixin
from flask_security.datastore import UserDatastore

from bot.clock import Clock
from bot.model.person import DECIDING, Passkey, Person, Role
from bot.store import people
from bot.store.engine import Store


class Key(Passkey, WebAuthnMixin):
    """A Passkey, as Flask-Security asks for it."""

    def get_user_mapping(self) -> dict[str, Any]:
        return {"id": self.person_id}


class Standing(RoleMixin):
    """A Role, as Flask-Security asks for it."""

    def __init__(self, name: str) -> None:
        self.name = name

    def get_permissions(self) -> set[str]:
        return set()


class SignedIn(Person, UserMixin):  # type: ignore[misc]  # Flask-Security declares no types of columns
    """A Person, as Flask-Security asks for one."""

    @property
    def roles(self) -> list[RoleMixin]:  # type: ignore[override]
        return [Standing(self.role)]

    @property
    def needs_second_factor(self) -> bool:
        """Whether a password or passkey alone is not enough."""
        return self.role in DECIDING

    @property
    def webauthn(self) -> list[WebAuthnMixin]:  # type: ignore[override]
        from bot.web.here import the_bot

        with the_bot().store.read() as session:
            return list(people.passkeys(session, Key, self.id))

    def check_tf_required(
        self, tf_setup_methods: list[tuple[str, str]], tf_fresh: bool
    ) -> tuple[bool, list[tuple[str, str]]]:
        required = self.needs_second_factor or bool(tf_setup_methods)
        return required and not tf_fresh, tf_setup_methods

    def check_tf_required_setup(self) -> bool:
        return self.needs_second_factor


class People(UserDatastore):
    """Where Flask-Security finds people and keeps what they change."""

    def __init__(self, store: Store, clock: Clock) -> None:
        super().__init__(SignedIn, Standing, Key)
        self.store = store
        self.clock = clock

    def find_user(self, case_insensitive: bool = False, **kwargs: Any) -> SignedIn | None:
        column, value = next(iter(kwargs.items()))
        if case_insensitive:
            value = str(value).lower()
        with self.store.read() as session:
            return people.one_where(session, SignedIn, column, value)

    def find_role(self, role: str) -> Standing | None:
        return Standing(role) if role in set(Role) else None

    def find_webauthn(self, credential_id: bytes) -> Key | None:
        with self.store.read() as session:
            return people.passkey(session, Key, credential_id)

    def create_webauthn(  # type: ignore[override]  # the rest is handed on as it comes
        self, user: SignedIn, credential_id: bytes, public_key: bytes, **kwargs: Any
    ) -> None:
        row = Key(person_id=user.id, credential_id=credential_id, public_key=public_key, **kwargs)
        row.lastuse_datetime = self.clock()
        self.put(row)

    def put(self, model: Any) -> Any:
        _changed().append(model)
        return model

    def delete(self, model: Any) -> None:
        with self.store.write() as session:
            session.delete(session.merge(model))

    def commit(self) -> None:
        rows = _changed()
        with self.store.write() as session:
            for row in rows:
                session.merge(row)
        rows.clear()


def _changed() -> list[Any]:
    """What was put since the last commit of this request."""
    if "changed_rows" not in g:
        g.changed_rows = []
    return cast("list[Any]", g.changed_rows)
