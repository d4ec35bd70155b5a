"""Makes `config.example.env` from the table of settings."""

from bot.settings.table import Settings, is_secret, names


def example_env() -> str:
    """The text of `config.example.env`: every setting with its meaning and default, none set."""
    lines = [
        "# Settings of the campaign bot. Copy this file to .env and fill in what you need.",
        "# Every line is optional. A value can also come from a file: NAME_FILE=/path/to/file",
        "# Made by: python -m bot.settings > config.example.env",
    ]
    for name, field in names().items():
        info = Settings.model_fields[field]
        extra = info.json_schema_extra
        if isinstance(extra, dict) and "group" in extra:
            lines += ["", f"## {extra['group']}"]
        default = info.default.get_secret_value() if is_secret(field) else info.default
        shown = "" if default in (None, "", ()) else str(default)
        lines += ["", f"# {info.description}", f"#{name}={shown}"]
    return "\n".join(lines) + "\n"
