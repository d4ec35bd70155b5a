"""`bot people`: who may use the web app."""

import click

from bot.cli import screen
from bot.cli.door import Door, json_option
from bot.decisions import people as deciding
from bot.model.person import Role
from bot.store import people


@click.group()
def command() -> None:
    """Let people into the web app, or no more.

    Example: bot people add ana@example.org --role approver
    """


@command.command("add")
@click.argument("email")
@click.option("--role", default=Role.VOLUNTEER.value, show_default=True, help=", ".join(Role))
@click.option("--name", default="", help="What others see; else the address's beginning.")
@click.option("--anew", is_flag=True, help="For a lost password or phone: begin again.")
@click.pass_obj
def add(door: Door, email: str, role: str, name: str, anew: bool) -> int:
    """Invite somebody, and print the link with which they choose a password.

    Who is there already gets the role, and a new link with --anew.

    Example: bot people add ana@example.org --role admin
    """
    bot = door.open(create=True)
    from bot.web.application import create
    from bot.web.invitations import link_outside

    app = create(bot)
    person = deciding.invite(bot.decider(), email, role, name)
    if person.password is not None and not anew:
        door.say(f"{person.email} is {person.role} and has a password. A new link: --anew")
        return 0
    if anew:
        person = deciding.start_anew(bot.decider(), person.id)
    door.say(f"{person.email} is invited as {person.role}. This link works once, for three days:")
    door.say(link_outside(app, person.id))
    door.say("Hand it over privately. The pages must run: bot web")
    return 0


@command.command("list")
@json_option
@click.pass_obj
def list_(door: Door, as_json: bool) -> int:
    """Who may use the web app, and as what.

    Example: bot people list
    """
    bot = door.open()
    with bot.store.read() as session:
        rows = people.all_of(session)
    if as_json:
        door.print_json(
            [
                {
                    "person": row.id,
                    "email": row.email,
                    "name": row.name,
                    "role": row.role,
                    "active": row.active,
                    "invited": row.password is None,
                }
                for row in rows
            ]
        )
        return 0
    screen.table(
        door,
        ("Name", "Address", "Is", "State"),
        [(row.name, row.email, row.role, _state(row.active, row.password)) for row in rows],
    )
    door.say("Invite somebody: bot people add ana@example.org --role volunteer")
    return 0


def _state(active: bool, password: str | None) -> str:
    if not active:
        return "may not sign in"
    return "invited" if password is None else "may sign in"
