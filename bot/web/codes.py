"""Codes from an app on a phone: each opens a door once, and none from before it any more.

They are remembered in memory: one web process serves the group, and a code lives a minute or two.
ASVS 6.5.1.
"""

from threading import Lock
from typing import Any

from flask_security import Totp, UserMixin


class Codes(Totp):
    """Flask-Security's, which by itself would take a code again until its time is over."""

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self._lock = Lock()
        self._newest: dict[str, int] = {}

    def verify_totp(self, token: str, totp_secret: str, user: UserMixin, window: int = 0) -> bool:
        with self._lock:
            return super().verify_totp(token, totp_secret, user, window)

    def get_last_counter(self, user: UserMixin) -> int | None:
        return self._newest.get(user.email)

    def set_last_counter(self, user: UserMixin, tmatch: Any) -> None:
        self._newest[user.email] = tmatch.counter
