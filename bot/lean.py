"""Loads two libraries without what they would bring along and we seldom or never need.

structlog loads rich for colours that no log of ours has. Flask-Security loads webauthn, and with it
decoders of certificates, for passkeys: they come with the first one (`bot.web.passkeys.bring`).
Both do without what is not installed, so they are loaded while it seems to be missing.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module

# Each library, and what it is loaded without: 6 MB and 7 MB, measured 26 November 2026.
WITHOUT = {"structlog": "rich", "flask_security": "webauthn"}


def load(library: str) -> None:
    """Before anything else loads it; later it changes nothing."""
    with _missing(WITHOUT[library]):
        import_module(library)


@contextmanager
def _missing(name: str) -> Iterator[None]:
    """As if that were not installed. What is loaded already stays."""
    if name in sys.modules:
        yield
        return
    sys.modules[name] = None  # type: ignore[assignment]  # Python's own sign for it
    try:
        yield
    finally:
        del sys.modules[name]
