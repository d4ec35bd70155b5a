"""`bot forget`: deletes what came from an account's platform, and certifies it."""

import click

from bot.cli.deciding import actor_option
from bot.cli.door import Door
from bot.clock.local import in_words
from bot.flow.forgetting import Forgotten, forget_account
from bot.reports import words
from bot.wiring import terminal_actor

STAYS = (
    "What stays: the words that we wrote ourselves, when they went out, their links and imprints "
    "(the proof that the law may ask for), what they cost, and who decided what."
)

COPIES = (
    "Copies of the database that were made before hold it still. Delete them now, or let them be "
    "rotated out (docs/privacy.md)."
)


@click.command()
@click.argument("account")
@click.option("--keep-counts", is_flag=True, help="Keep the figures; they are about nobody.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@actor_option
@click.pass_obj
def command(door: Door, account: str, keep_counts: bool, yes: bool, actor: str | None) -> int:
    """Forget an account: its keys, and all that came from there.

    For when the group gives an account up, or its platform asks for deletion. Prints a dated
    certificate. The bot must be stopped. What waits for the account is withdrawn.

    Example: bot forget facebook > certificate.txt
    """
    bot = door.open()
    title = bot.platform_named(account).rules.title
    if not yes:
        click.echo(f"Everything that came from {title} is deleted for good.", err=True)
        click.confirm("Forget it?", default=False, abort=True, err=True)
    done = forget_account(bot, account, actor or terminal_actor(), keep_counts=keep_counts)
    for line in certificate(done, in_words(done.at, bot.settings.zone)):
        door.say(line)
    return 0


def certificate(done: Forgotten, when: str) -> list[str]:
    """What was deleted, for who asks for proof."""
    called = f"{done.name} (number {done.remote_id})" if done.remote_id else "never connected"
    keys = "wiped" if done.had_keys else "none were stored"
    return [
        "Certificate of deletion",
        f"On {when}, {done.actor} had this deleted by the campaign bot:",
        f"  {done.title}: {called}",
        f"  stored keys: {keys}",
        *(f"  {what}: {rows:,}" for what, rows in done.went.items()),
        *(["  the counts were kept; no person is in them"] if done.counts_kept else []),
        *([f"  withdrawn: {words.plural(done.withdrawn, 'post')}"] if done.withdrawn else []),
        STAYS,
        COPIES,
        f"Take back what {done.title} itself allowed in the account's settings there.",
    ]
