"""`python -m bot.settings` prints `config.example.env`."""

import sys

from bot.settings import example_env

sys.stdout.write(example_env())
