"""`bot accounts add`: another account, with credentials that never stand on the command line."""

import sys
from collections.abc import Mapping, Sequence

import click

from bot.accounts.adding import LONGEST_VALUE, Adding
from bot.cli.deciding import actor_option
from bot.cli.door import Door
from bot.errors import UsageError
from bot.settings import is_secret, names, variable
from bot.wiring import Bot, terminal_actor

LONGEST_INPUT = 20 * LONGEST_VALUE


@click.command("add")
@click.argument("name")
@click.option("--platform", metavar="NAME", help="x or facebook; not needed for one that is there.")
@click.option("--stdin", "from_stdin", is_flag=True, help="Read NAME=value lines, not prompts.")
@click.option(
    "--env",
    "from_env",
    multiple=True,
    metavar="NAME=VARIABLE",
    help="Take that value from an environment variable, by its name.",
)
@click.option("--default/--no-default", default=None, help="Posts that name no account go there.")
@actor_option
@click.pass_obj
def add(
    door: Door,
    name: str,
    platform: str | None,
    from_stdin: bool,
    from_env: Sequence[str],
    default: bool | None,
    actor: str | None,
) -> int:
    """Add an account, or give one that is there other credentials.

    You are asked for its keys; what you type is not shown. They are tried, and
    stored encrypted under ENCRYPTION_KEYS. The app's own keys in .env serve
    every account. NAME is what you write after to: in a post.

    Example: bot accounts add bogota-x --platform x
    """
    bot = door.open()
    adding = Adding(bot.credentials, bot.clock, actor or terminal_actor())
    platform = platform or _platform_of(bot, name)
    needed = adding.asked_for(platform)
    values = _values(needed, from_stdin, from_env)
    door.secrets += tuple(value for one, value in values.items() if is_secret(names()[one]))
    found = adding.add(name, platform, values, by_default=default)
    door.say(f"{name} speaks as {found.name} ({found.remote_id}) on {_kind(bot, platform)}.")
    door.say(_next(bot, name))
    return 0


def _platform_of(bot: Bot, name: str) -> str:
    known = bot.credentials.roster.by_name.get(name)
    if known is None:
        kinds = " or ".join(f"--platform {one}" for one in bot.kinds)
        raise UsageError(f"There is no account named {name} yet. To add it, say {kinds}.")
    return known.platform


def _kind(bot: Bot, platform: str) -> str:
    return bot.kinds[platform].rules.title


def _next(bot: Bot, name: str) -> str:
    if bot.credentials.roster.by_name[name].by_default:
        return f"Posts that name no account go there, too. To change that: bot accounts set {name}"
    return f"Write to: [{name}] in a post. What it may cost, and when it goes out: bot accounts set"


def _values(needed: Sequence[str], from_stdin: bool, from_env: Sequence[str]) -> Mapping[str, str]:
    if from_stdin and from_env:
        raise UsageError("Give the keys by --stdin or by --env, not by both.")
    if from_stdin:
        return _read_lines(needed, sys.stdin.read(LONGEST_INPUT + 1))
    if from_env:
        return dict(_from_environment(needed, one) for one in from_env)
    if not sys.stdin.isatty():
        raise UsageError(f"Nobody can be asked here. Give {', '.join(needed)} by --stdin or --env.")
    fields = names()
    return {one: click.prompt(one, hide_input=is_secret(fields[one])) for one in needed}


def _read_lines(needed: Sequence[str], text: str) -> dict[str, str]:
    if len(text) > LONGEST_INPUT:
        raise UsageError("That is too much to be the keys of an account. Nothing was stored.")
    found: dict[str, str] = {}
    for number, line in enumerate(text.splitlines(), 1):
        name, equals, value = line.strip().partition("=")
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        if not equals or name.strip() not in needed:
            # The line itself may be a secret, so it is not shown.
            raise UsageError(f"Line {number} is none of {', '.join(needed)}. Nothing was stored.")
        found[name.strip()] = value.strip().strip("\"'")
    return found


def _from_environment(needed: Sequence[str], typed: str) -> tuple[str, str]:
    name, equals, where = typed.partition("=")
    if not equals or name not in needed:
        raise UsageError(f"--env takes NAME=VARIABLE, with a name of {', '.join(needed)}.")
    value = variable(where)
    if value is None:
        # What was typed may be the secret itself.
        raise UsageError(f"--env {name}: there is no environment variable of that name.")
    return name, value
