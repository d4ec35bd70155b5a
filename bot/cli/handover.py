"""`bot handover`: the kit for who takes over, and who holds what outside the bot."""

import click

from bot.cli.deciding import actor_option
from bot.cli.door import Door, json_option
from bot.decisions import holders
from bot.errors import UsageError
from bot.flow.handover import kit, platform_titles
from bot.reports import words
from bot.reports.handover import as_text, document, missing, things


@click.command()
@click.option(
    "--set", "given", multiple=True, metavar="THING=PERSON/DEPUTY", help="Say who holds it."
)
@json_option
@actor_option
@click.pass_obj
def command(door: Door, given: tuple[str, ...], as_json: bool, actor: str | None) -> int:
    """Who holds what, and how to take over.

    Print it and keep it with the group's papers: no password or key is in it. Admins get it by
    mail each quarter, where a mail server is set. Of names only the newest are kept.

    Example: bot handover --set "domain=Ana Pérez/Ben Li"
    """
    bot = door.open()
    for one in given:
        thing, is_told, said = one.partition("=")
        if not is_told:
            raise UsageError(f"“{one[:40]}” lacks its =. Write: domain=PERSON/DEPUTY")
        known = things(platform_titles(bot))
        holders.name(bot.decider(actor), thing.strip().lower(), said, list(known))
    whole = kit(bot)
    if as_json:
        door.print_json(
            {
                "sections": {one.title: list(one.lines) for one in document(whole)},
                "missing": missing(whole),
            }
        )
        return 0
    if given:
        lacks = len(missing(whole))
        door.say(f"Kept. {words.plural(lacks, 'thing')} still missing: bot handover")
        return 0
    door.say(as_text(whole))
    return 0
