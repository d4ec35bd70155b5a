"""Which passwords are taken: long enough and hard to guess, said in our words.

zxcvbn gives its advice in English only, so that one sentence of ours stands for all of it. A long
password is judged by its beginning, but kept and compared whole.
"""

from typing import Any

from flask_security import PasswordUtil
from flask_security.utils import get_message, password_length_validator

# zxcvbn refuses to look at more, as its time grows with the square of the length.
JUDGED = 72


class Passwords(PasswordUtil):
    """Judges a password; what it says is in the language of the page."""

    def validate(
        self, password: str, is_register: bool, **kwargs: Any
    ) -> tuple[list[str] | None, str]:
        """What is wrong with it, if anything, and the password in its normal form."""
        normal = self.normalize(password)
        said = password_length_validator(normal)
        if not said and super().validate(normal[:JUDGED], is_register, **kwargs)[0]:
            said = [get_message("PASSWORD_TOO_SIMPLE")[0]]
        return said, normal
