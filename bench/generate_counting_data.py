#!/usr/bin/env python3
"""Writes bot/platforms/x/counting_data.py from the lists that public packages ship.

Run it after a release of new emoji or top-level names: `bench/generate_counting_data.py`. The
packages go into a temporary environment and never into the project's. twitter_text is read for the
lists of 2019, which X published; publicsuffixlist and emoji for today's.
"""

import re
import subprocess
import sys
import tempfile
import textwrap
import venv
from collections.abc import Iterable
from datetime import UTC, datetime
from importlib import import_module, metadata
from itertools import product
from pathlib import Path

TARGET = Path(__file__).parents[1] / "bot" / "platforms" / "x" / "counting_data.py"
PACKAGES = ("twitter-text-parser==3.0.0", "publicsuffixlist", "emoji", "setuptools<81")
TONES = "\U0001f3fb\U0001f3fc\U0001f3fd\U0001f3fe\U0001f3ff"
STYLE = "\ufe0f"
JOINER = "\u200d"
FLAG_A = 0x1F1E6

HEADER = '''\
"""The lists that counting.py and hosts.py read: top-level names and emoji, then and now.

Generated on {date} by bench/generate_counting_data.py; do not edit. Sources:
{sources}.
"""

'''


def main() -> None:
    """Build the file in a fresh environment, or, inside one, write it."""
    if sys.argv[1:] == ["--inside"]:
        write()
        return
    with tempfile.TemporaryDirectory() as folder:
        venv.create(folder, with_pip=True)
        python = Path(folder) / "bin" / "python"
        subprocess.run([python, "-m", "pip", "install", "--quiet", *PACKAGES], check=True)
        subprocess.run([python, "-W", "ignore", __file__, "--inside"], check=True)


def write() -> None:
    """Read the installed packages and write the module."""
    then, now = names_of_2019(), names_of_today()
    emoji = emoji_of_2019()
    flags = {text for text in emoji if all(0 <= ord(c) - FLAG_A < 26 for c in text)}
    keycaps = {text for text in emoji if text.endswith("\u20e3")}
    lists = {
        "NAMES_KEPT": map(encoded, then & now),
        "NAMES_GONE": map(encoded, then - now),
        "NAMES_NEW": map(encoded, now - then),
        "FLAGS": ("".join(chr(ord(c) - FLAG_A + 65) for c in flag) for flag in flags),
        "KEYCAPS": {text[0] for text in keycaps},
        "EMOJI": patterns(emoji - flags - keycaps),
        "LIGHT_EMOJI": (f"{ord(c):X}" for c in light_emoji()),
    }
    if keycaps != {a + b for a in {k[0] for k in keycaps} for b in ("\u20e3", STYLE + "\u20e3")}:
        raise SystemExit("A keycap is not in the list both with and without its style mark.")
    TARGET.write_text(header() + "\n".join(block(*item) for item in lists.items()))
    print(f"{TARGET.name}: {len(then)} names in 2019, {len(now)} now, {len(emoji)} emoji sequences")


def header() -> str:
    """The date and the versions read."""
    names = ("twitter-text-parser", "publicsuffixlist", "emoji")
    sources = ", ".join(f"{name} {metadata.version(name)}" for name in names)
    date = datetime.now(UTC).date()
    return HEADER.format(date=date, sources=textwrap.fill(sources, 95))


def block(name: str, words: Iterable[str]) -> str:
    """One constant: its words, sorted, as lines of a long string."""
    lines = textwrap.wrap(
        " ".join(sorted(words)), 96, break_on_hyphens=False, break_long_words=False
    )
    return f'{name} = """\n' + "\n".join(lines) + '\n"""\n'


def names_of_2019() -> set[str]:
    """The top-level names in the lists X published."""
    found: set[str] = set()
    for module in ("valid_gtld", "valid_cctld"):
        pattern = getattr(import_module(f"twitter_text.regexp.{module}"), module).pattern
        found.update(pattern.removeprefix("(?:(?:").split(")(?=")[0].split("|"))
    return found


def names_of_today() -> set[str]:
    """The last part of every rule in the ICANN half of the public suffix list."""
    folder = Path(str(import_module("publicsuffixlist").__file__)).parent
    text = (folder / "public_suffix_list.dat").read_text("utf-8")
    part = text.split("===BEGIN ICANN DOMAINS===")[1].split("===END ICANN DOMAINS===")[0]
    rules = (line.strip() for line in part.splitlines())
    return {rule.rsplit(".", 1)[-1] for rule in rules if rule and not rule.startswith("//")}


def encoded(name: str) -> str:
    """A name in ASCII, which keeps the generated file free of right-to-left text."""
    return name if name.isascii() else "xn--" + name.encode("punycode").decode()


def emoji_of_2019() -> set[str]:
    """The emoji of more than one code point that the 2019 list holds."""
    rows = import_module("twitter_text.regexp.emoji").emoji_list
    codes = (row.codepoint.split() for row in rows)
    return {"".join(chr(int(code, 16)) for code in row) for row in codes if len(row) > 1}


def light_emoji() -> set[str]:
    """The single characters, in either list, that weigh 1 as text but 2 as an emoji."""
    rows = import_module("twitter_text.regexp.emoji").emoji_list
    known = {chr(int(row.codepoint, 16)) for row in rows if " " not in row.codepoint}
    known |= {text for text in import_module("emoji").EMOJI_DATA if len(text) == 1}
    light = (range(4352), range(0x2000, 0x200E), range(0x2010, 0x2020), range(0x2032, 0x2038))
    return {c for c in known if any(ord(c) in codes for codes in light)}


def patterns(emoji: set[str]) -> set[str]:
    """The sequences in hex, T for any skin tone and S for a style mark that may be left out."""
    folded = fold(fold(emoji, TONES, "T"), (STYLE, ""), "S")
    letters = {"T": "T", "S": "S", STYLE: "V", JOINER: "J"}
    return {"-".join(letters.get(c) or f"{ord(c):X}" for c in text) for text in folded}


def fold(emoji: set[str], choices: Iterable[str], letter: str) -> set[str]:
    """Replace sequences by one with a letter wherever every choice for the letter is there."""
    found = {re.sub("|".join(filter(None, choices)), letter, text) for text in emoji}
    whole = {key for key in found if letter in key and expand(key, choices, letter) <= emoji}
    covered = set().union(*(expand(key, choices, letter) for key in whole))
    return whole | (emoji - covered)


def expand(text: str, choices: Iterable[str], letter: str) -> set[str]:
    """Every sequence that a folded one stands for."""
    parts = text.split(letter)
    fillings = product(choices, repeat=len(parts) - 1)
    return {parts[0] + "".join(map("".join, zip(f, parts[1:], strict=True))) for f in fillings}


if __name__ == "__main__":
    main()
