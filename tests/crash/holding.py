"""Run by a test as a program of its own: holds an SQLite database until a line comes or it ends."""

import sqlite3
import sys


def main(path: str, how: str) -> None:
    """Take the lock `BEGIN how`, say so, and keep it."""
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute(f"BEGIN {how}")
    print("held", flush=True)
    sys.stdin.readline()
    connection.execute("ROLLBACK")
    connection.close()


main(*sys.argv[1:])
