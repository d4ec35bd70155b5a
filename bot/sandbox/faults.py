"""Plans for failure: which coming requests go wrong, in what way, and how often.

Plans are used in the order they were made. This module decides when; `fault_replies` knows what
each kind looks like on the wire, and the table there is the list of kinds.
"""

import threading
from dataclasses import dataclass, field
from typing import Any

KINDS_OF_REQUEST = ("write", "read", "upload", "any")


@dataclass
class Plan:
    """One planned fault; `left` None means until cleared."""

    platform: str
    kind: str
    left: int | None
    on: str
    options: dict[str, Any] = field(default_factory=dict)

    def matches(self, platform: str, purpose: str, method: str, path: str) -> bool:
        """Whether this plan is for such a request."""
        return (
            self.platform in (platform, "any")
            and self.on in (purpose, "any")
            and self.options.get("method", method) == method
            and str(self.options.get("path", "")) in path
        )

    def seconds(self, name: str, default: float = 0.0) -> float:
        """An option that is a number of seconds."""
        return float(self.options.get(name, default))


class Faults:
    """The plans of one sandbox; safe from any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._plans: list[Plan] = []

    def add(self, plan: Plan) -> None:
        """Put a plan behind those already made."""
        with self._lock:
            self._plans.append(plan)

    def take(self, platform: str, purpose: str, method: str, path: str) -> Plan | None:
        """The plan for this request, used up by one."""
        with self._lock:
            for plan in self._plans:
                if plan.matches(platform, purpose, method, path):
                    if plan.left is not None:
                        plan.left -= 1
                        if plan.left <= 0:
                            self._plans.remove(plan)
                    return plan
        return None

    def waiting(self) -> list[Plan]:
        """Plans that still wait for a request."""
        with self._lock:
            return list(self._plans)

    def clear(self) -> None:
        """Drop every plan."""
        with self._lock:
            self._plans.clear()
