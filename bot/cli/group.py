"""The group of all commands: loads a command's module only when it is run."""

import difflib
import sys
from importlib import import_module
from typing import Any, NoReturn

import click

from bot import __version__, lean
from bot.cli import failures
from bot.cli.door import Door
from bot.cli.verbs import VERBS, help_of

# Taken out wherever it stands, since people write it behind the verb as often as before it.
QUIET = "--quiet"


class Verbs(click.Group):
    """Commands by name, from a table, imported on use."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  click's own signature
        return [name for verbs in VERBS.values() for name in verbs]

    def get_command(
        self,
        ctx: click.Context,  # noqa: ARG002  click's own signature
        cmd_name: str,
    ) -> click.Command | None:
        if help_of(cmd_name) is None:
            return None
        lean.load("structlog")  # every verb does, sooner or later
        command: click.Command = import_module(f"bot.cli.{cmd_name.replace('-', '_')}").command
        command.name = cmd_name
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        name = args[0]
        if help_of(name) is None and not name.startswith("-"):
            near = difflib.get_close_matches(name, self.list_commands(ctx), 1, 0.6)
            hint = f"Did you mean: bot {near[0]}" if near else "See: bot --help"
            raise click.UsageError(f"There is no command “{name}”. {hint}")
        return super().resolve_command(ctx, args)

    def format_commands(
        self,
        ctx: click.Context,  # noqa: ARG002  click's own signature
        formatter: click.HelpFormatter,
    ) -> None:
        for title, verbs in VERBS.items():
            with formatter.section(title):
                formatter.write_dl(list(verbs.items()), col_max=12)

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except BrokenPipeError:
            # Caught here, because click itself would end with 1, which means trouble.
            ctx.exit(failures.nobody_reads())

    def main(self, *args: Any, **extra: Any) -> NoReturn:
        """Run a command line; every way it can end is an exit code and plain words."""
        typed = args[0] if args else extra.pop("args", None)
        given = list(sys.argv[1:] if typed is None else typed)
        words = [word for word in given if word != QUIET]
        door = Door(quiet=len(words) < len(given))
        extra |= {"standalone_mode": False, "obj": door}
        main = super().main
        failures.leave(lambda: main(words, *args[1:], **extra), door)


@click.group(
    cls=Verbs, invoke_without_command=True, context_settings={"help_option_names": ["-h", "--help"]}
)
@click.version_option(__version__, message="%(prog)s %(version)s")
@click.option(QUIET, is_flag=True, help="Say only what went wrong, for cron. May stand anywhere.")
@click.option(
    "--plain", is_flag=True, envvar="BOT_PLAIN", help="No colour and no boxes, as in a pipe."
)
@click.option("--debug", is_flag=True, envvar="BOT_DEBUG", hidden=True)
@click.pass_context
def cli(ctx: click.Context, quiet: bool, plain: bool, debug: bool) -> int | None:
    """Publish a campaign group's approved posts to X and its Facebook Page.

    Posts are plain text files. Each goes out once, on time, and you are told
    when it cannot. Start with: bot init

    Example: bot add posts/march.md
    """
    door: Door = ctx.obj
    door.quiet, door.plain, door.debug = door.quiet or quiet, plain, debug
    if ctx.invoked_subcommand is not None:
        return None
    from bot.cli.home import home

    return home(door)
