"""The command line: one file per verb, each a door to the same functions.

Nothing is imported here but what `--help` needs; a verb's module is loaded when it is run. No SQL,
no platform client and no decision lives in this room.
"""


def main() -> None:
    """Run `bot` with the arguments it was given, and end with its exit code."""
    from bot.cli.group import cli

    cli.main(prog_name="bot")
