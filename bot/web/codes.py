"""Codes from an app on a phone: each opens a door once, and none from before it any more.

Those used are remembered in memory: one web process serves the group, and a code lives a minute or
two.
ASVS 6.5.1.
"""

from base64 import b64encode
from threading import Lock
from typing import Any

from flask_security import Totp, UserMixin

from bot.web import apart

DRAWS = """
import sys
import qrcode
from qrcode.image.svg import SvgPathImage
qrcode.make(sys.stdin.read(), image_factory=SvgPathImage).save(sys.stdout.buffer)
"""


class Codes(Totp):
    """Flask-Security's, which by itself would take a code again until its time is over."""

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self._lock = Lock()
        self._newest: dict[str, int] = {}

    def verify_totp(self, token: str, totp_secret: str, user: UserMixin, window: int = 0) -> bool:
        with self._lock:
            return super().verify_totp(token, totp_secret, user, window)

    def generate_qrcode(self, username: str, totp: str) -> str:
        """The picture to scan, as the address of an image."""
        picture = apart.answer(DRAWS, self.get_totp_uri(username, totp))
        return f"data:image/svg+xml;base64,{b64encode(picture.encode()).decode()}"

    def get_last_counter(self, user: UserMixin) -> int | None:
        return self._newest.get(user.email)

    def set_last_counter(self, user: UserMixin, tmatch: Any) -> None:
        self._newest[user.email] = tmatch.counter
