"""Which passwords are taken: long enough and hard to guess, said in our words.

zxcvbn gives its advice in English only, so that one sentence of ours stands for all of it. It is
asked in a process of its own.
"""

import json
from typing import Any

from flask_security import PasswordUtil
from flask_security.utils import get_message, password_length_validator

from bot.web import apart

# zxcvbn refuses to look at more, as its time grows with the square of the length.
JUDGED = 72
# Of 0 to 4; 2 stands for more than a hundred million guesses.
ENOUGH = 2
MOST_ABOUT = 200
ASKS = """
import json, sys
from zxcvbn import zxcvbn
password, about = json.load(sys.stdin)
print(zxcvbn(password, user_inputs=about)["score"])
"""


class Passwords(PasswordUtil):
    """Judges a password; what it says is in the language of the page."""

    def validate(
        self,
        password: str,
        is_register: bool,  # noqa: ARG002  nobody registers here
        **kwargs: Any,
    ) -> tuple[list[str] | None, str]:
        """What is wrong with it, if anything, and the password in its normal form.

        A long one is judged by its beginning, but kept and compared whole.
        """
        normal = self.normalize(password)
        said = password_length_validator(normal)
        person = kwargs.get("user")
        about = [str(person.email), str(person.name)] if person is not None else []
        if not said and guessability(normal[:JUDGED], about) < ENOUGH:
            said = [get_message("PASSWORD_TOO_SIMPLE")[0]]
        return said, normal


def guessability(password: str, about: list[str]) -> int:
    """zxcvbn's score, 0 to 4; words about the person count as easy to guess."""
    told = [password, [word[:MOST_ABOUT] for word in about]]
    return int(apart.answer(ASKS, json.dumps(told)))
