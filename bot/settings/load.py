"""Reads the environment and `.env` once, and lists every mistake by name, without its value."""

import difflib
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from dotenv import dotenv_values

from bot.errors import SettingsError
from bot.settings.field import Mistakes
from bot.settings.table import Settings, names

MAX_SECRET_FILE_BYTES = 64 * 1024
# Empty is an answer of its own here; elsewhere it stands for the default.
MAY_BE_EMPTY = {"imprint_mode", "quiet_hours"}


def load(
    environ: Mapping[str, str] | None = None, env_file: Path | None = Path(".env")
) -> Settings:
    """Read settings from the environment and `.env`; SettingsError lists every mistake by name."""
    given = dict(os.environ if environ is None else environ)
    from_file = _read_env_file(env_file)
    merged = {**from_file, **given}
    problems: list[str] = []
    values: dict[str, Any] = {}
    for name, field in names().items():
        try:
            value = _value_of(name, merged)
        except ValueError as error:
            problems.append(f"{name}_FILE: {error}")
            continue
        if value is not None and (value != "" or field in MAY_BE_EMPTY):
            values[field] = value
    try:
        settings = Settings(**values)
    except Mistakes as error:
        problems += [f"{name.upper()}: {words}" for name, words in error.found.items()]
    if problems:
        raise SettingsError("These settings are wrong:\n" + "\n".join(f"  {p}" for p in problems))
    return settings


def likely_typos(
    environ: Mapping[str, str] | None = None, env_file: Path | None = Path(".env")
) -> list[str]:
    """Warnings for names in `.env` that are no setting, and near misses in the environment."""
    given = dict(os.environ if environ is None else environ)
    known = names()
    accepted = set(known) | {f"{name}_FILE" for name in known}
    warnings = []
    for name in _read_env_file(env_file):
        if name not in accepted:
            near = difflib.get_close_matches(name, known, 1, 0.6)
            hint = f" Did you mean {near[0]}?" if near else ""
            warnings.append(f".env: {name} is no setting of the bot.{hint}")
    prefixes = ("X_", "FACEBOOK_", "IMPRINT_")
    for name in given:
        if name in accepted or not name.startswith(prefixes):
            continue
        near = difflib.get_close_matches(name, known, 1, 0.8)
        if near:
            warnings.append(f"{name} is no setting of the bot. Did you mean {near[0]}?")
    return warnings


def variable(name: str, environ: Mapping[str, str] | None = None) -> str | None:
    """One variable of the environment that is no setting; None where there is none."""
    return (os.environ if environ is None else environ).get(name)


def _read_env_file(env_file: Path | None) -> dict[str, str]:
    if env_file is None or not env_file.is_file():
        return {}
    try:
        found = dotenv_values(env_file, interpolate=False, encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"{env_file} cannot be read as UTF-8 text.") from error
    return {name: value for name, value in found.items() if value is not None}


def _value_of(name: str, merged: Mapping[str, str]) -> str | None:
    path = merged.get(f"{name}_FILE")
    if not path:
        return merged.get(name)
    if merged.get(name):
        raise ValueError(f"set either {name} or {name}_FILE, not both")
    try:
        content = Path(path).read_bytes()[: MAX_SECRET_FILE_BYTES + 1]
        if len(content) > MAX_SECRET_FILE_BYTES:
            raise ValueError("the file is too large to be a setting")
        return content.decode("utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise ValueError("the file cannot be read") from error
