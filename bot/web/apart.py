"""Has a library asked in a process of its own, which ends with its answer.

For what is seldom asked and would fill the memory of the web app for months: lists of words,
decoders of pictures. The child is given the question and no setting.
"""

import subprocess
import sys

from bot.confined import environment

WALL_SECONDS = 20.0


def answer(program: str, question: str) -> str:
    """What the program prints for that on its standard input.

    CalledProcessError or TimeoutExpired where it fails; what it was asked is in neither.
    """
    done = subprocess.run(  # noqa: S603  a fixed command
        [sys.executable, "-I", "-c", program],
        input=question,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=environment(),
        timeout=WALL_SECONDS,
        text=True,
        check=True,
    )
    return done.stdout
