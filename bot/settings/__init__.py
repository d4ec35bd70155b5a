"""The only place that reads the environment and `.env`.

One table names every setting, its default and its meaning; `config.example.env` is made from it.
Nothing here opens a file but `.env` and the files that `NAME_FILE` settings point to.
"""

from bot.settings.example import example_env
from bot.settings.load import likely_typos, load, variable
from bot.settings.table import Settings, duration, is_loopback, is_secret, names

__all__ = [
    "Settings",
    "duration",
    "example_env",
    "is_loopback",
    "is_secret",
    "likely_typos",
    "load",
    "names",
    "variable",
]
