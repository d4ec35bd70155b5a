"""`bot people`: who may use the web app."""

import click

from bot.cli import screen
from bot.cli.deciding import actor_option
from bot.cli.door import Door, json_option
from bot.decisions import people as deciding
from bot.model.person import Role
from bot.store import people, personal


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


@command.command("export")
@click.argument("email")
@click.pass_obj
def export(door: Door, email: str) -> int:
    """Print everything that is kept on somebody, as JSON.

    For when they ask. Passwords, codes and keys are named, never shown.

    Example: bot people export ana@example.org > ana.json
    """
    bot = door.open()
    person = deciding.known(bot.decider(), email)
    with bot.store.read() as session:
        door.print_json(personal.export(session, people.get(session, person.id)))
    return 0


@command.command("forget")
@click.argument("email")
@click.option("--yes", is_flag=True, help="Do not ask.")
@actor_option
@click.pass_obj
def forget(door: Door, email: str, yes: bool, actor: str | None) -> int:
    """Take somebody out of the database for good.

    What they decided and wrote stays, under a number instead of a name. To let somebody in no more
    but keep their name, stop them in the web app, under People.

    Example: bot people forget ana@example.org
    """
    bot = door.open()
    person = deciding.known(bot.decider(actor), email)
    if not yes:
        door.say(f"{person.email} loses every sign-in, passkey and draft. This cannot be undone.")
        click.confirm("Forget them?", default=False, abort=True)
    went = deciding.forget(bot.decider(actor), person.id)
    door.say(f"Forgotten. What they decided stays, as that of person {person.id}.")
    gone = [f"{rows:,} {name.replace('_', '-')}" for name, rows in went.items() if rows]
    door.say(f"Gone with them: {', '.join(gone) or 'nothing else was kept'}.")
    door.say("Older backups still know them, until they are rotated out: docs/privacy.md")
    return 0


def _state(active: bool, password: str | None) -> str:
    if not active:
        return "may not sign in"
    return "invited" if password is None else "may sign in"
