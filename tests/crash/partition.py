"""A network of its own for one worker, which can be cut off from the database and let back.

Needs Linux, `ip` and the rights of root; `Partition.possible()` says whether it works here.
"""

import subprocess
import sys
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

from sqlalchemy import make_url

RELAY = str(Path(__file__).parent / "relay.py")
NAME = "botchaos"
OUTSIDE, INSIDE = "10.213.7.1", "10.213.7.2"
DATABASE_PORT = 54_320
SET_UP = (
    f"netns add {NAME}",
    f"link add {NAME}0 type veth peer name {NAME}1 netns {NAME}",
    f"addr add {OUTSIDE}/30 dev {NAME}0",
    f"link set {NAME}0 up",
    f"-n {NAME} addr add {INSIDE}/30 dev {NAME}1",
    f"-n {NAME} link set {NAME}1 up",
    f"-n {NAME} link set lo up",
)


def ip(command: str, *, check: bool = True) -> bool:
    ran = subprocess.run(["ip", *command.split()], capture_output=True, check=check)
    return ran.returncode == 0


class Partition:
    """The network, and relays to the database and to the simulated platforms."""

    def __init__(self, database_url: str, platform_urls: list[str], folder: Path) -> None:
        self._database = make_url(database_url)
        self._ports = sorted({urlsplit(url).port or 80 for url in platform_urls})
        self._folder = folder
        self._relays: list[subprocess.Popen[bytes]] = []

    @staticmethod
    def possible() -> bool:
        try:
            return ip(f"netns add {NAME}try", check=False) and ip(f"netns del {NAME}try")
        except FileNotFoundError:
            return False

    def __enter__(self) -> Self:
        ip(f"netns del {NAME}", check=False)
        for command in SET_UP:
            ip(command)
        folder = str(self._database.query["host"])
        port = self._database.query.get("port", "5432")
        self._relay(f"{OUTSIDE}:{DATABASE_PORT}", f"{folder}/.s.PGSQL.{port}")
        for number in self._ports:
            between = str(self._folder / f"relay-{number}")
            self._relay(between, f"127.0.0.1:{number}")
            self._relay(f"127.0.0.1:{number}", between, inside=True)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None
    ) -> None:
        for relay in self._relays:
            relay.kill()
            relay.wait()
        ip(f"netns del {NAME}", check=False)

    def _relay(self, here: str, there: str, *, inside: bool = False) -> None:
        prefix = ["ip", "netns", "exec", NAME] if inside else []
        command = [*prefix, sys.executable, RELAY, here, there]
        self._relays.append(subprocess.Popen(command))

    @property
    def database_url(self) -> str:
        """The database as it is reached from inside."""
        inside = self._database.set(host=OUTSIDE, port=DATABASE_PORT, query={})
        return inside.render_as_string(hide_password=False)

    @property
    def command(self) -> list[str]:
        """Arguments to Python that become `bot run` inside, under the same process number."""
        words = ["ip", "netns", "exec", NAME, sys.executable, "-m", "bot", "run"]
        return ["-c", f"import os; os.execvp('ip', {words!r})"]

    def cut(self) -> None:
        ip(f"link set {NAME}0 down")

    def mend(self) -> None:
        ip(f"link set {NAME}0 up")
