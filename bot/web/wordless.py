"""Forgets what loaded libraries say of themselves: 5 MB of docstrings that no page reads.

`python -OO` would do it, and drop every `assert` too. Done once, when everything is loaded; only
texts go that nothing but `help()` can reach.
"""

import gc
from contextlib import suppress
from dis import hasconst
from types import FunctionType, ModuleType

FIRST = 0


def forget() -> int:
    """How many functions, classes and modules lost theirs."""
    return sum(_forgot(one) for one in gc.get_objects())


def _forgot(one: object) -> bool:
    if isinstance(one, FunctionType):
        return one.__doc__ is not None and _function(one)
    if isinstance(one, type | ModuleType) and vars(one).get("__doc__") is not None:
        with suppress(AttributeError, TypeError):  # those of Python itself stay as they are
            one.__doc__ = None
            return True
    return False


def _function(one: FunctionType) -> bool:
    """A function's stands first among its constants, where its own steps may use it too."""
    code = one.__code__
    if not code.co_consts or code.co_consts[FIRST] is not one.__doc__ or _uses_first(code.co_code):
        return False
    one.__code__ = code.replace(co_consts=(None, *code.co_consts[1:]))
    one.__doc__ = None
    return True


def _uses_first(steps: bytes) -> bool:
    return any(
        step in hasconst and at == FIRST for step, at in zip(steps[::2], steps[1::2], strict=True)
    )
