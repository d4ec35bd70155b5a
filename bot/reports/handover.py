"""The handover kit: how to stop the bot, who holds what, where things lie, and what is missing.

One document of plain lines, for the terminal and the mail. It holds names of the group's own
people, never a password, key or token.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.clock.local import in_words

# What lies outside the bot, by the word to type for it.
THINGS = {
    "domain": "The web address (the domain, and who pays for it)",
    "host": "The machine the bot runs on, or the account with its host",
    "mailbox": "The mailbox that mails come from and platforms write to",
    "card": "The card or budget that pays",
    "keys": "A copy of .env with the keys, kept where the backups are not",
}
OF_A_PLATFORM = {
    "app": "The developer's app at {title}",
    "sign-in": "Who can sign in at {title} as owner of the account or page",
}
MAX_ACCOUNTS = 50
HOW_TO_NAME = "bot handover --set {thing}=PERSON/DEPUTY"


@dataclass(frozen=True, slots=True)
class Holder:
    """Who has a thing in hand, who stands in, and since when that is known."""

    person: str
    deputy: str
    since: datetime


@dataclass(frozen=True, slots=True)
class Keys:
    """With what an account signs in, since when and until when."""

    title: str
    speaks_as: str
    said: str
    ends_at: datetime | None
    works: bool


@dataclass(frozen=True, slots=True)
class Kit:
    """All that the document is made of."""

    now: datetime
    zone: ZoneInfo
    titles: Mapping[str, str]
    holders: Mapping[str, Holder]
    accounts: Sequence[Keys]
    places: Sequence[tuple[str, str]]
    admins: Sequence[str]


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and its lines."""

    title: str
    lines: Sequence[str]


STOP = (
    'bot pause --reason "why"        on the machine; nothing leaves from that second',
    "Pause                           the button at the top of every page",
    "systemctl stop bot-run          or end the program bot run, whatever started it",
    "At the platform itself: take back what the app may do, in the account's settings there.",
)
FIRST_HOUR = (
    "1. On the machine, in the folder below:  . .venv/bin/activate",
    "2. bot                           does it run, and is it all right?",
    "3. bot doctor                    what is wrong, and what to do",
    "4. bot people add YOU@ADDRESS --role admin --anew    you are an admin; open the link",
    "5. bot queue                     what is waiting and what needs you",
    "6. bot handover --set ...        put your name where the one before you stood",
)
LOST = (
    "The password or phone of the last admin: step 4 above.",
    "ENCRYPTION_KEYS: bot accounts key makes a new one; put it into .env, start the bot again, and",
    "  connect these accounts anew, on the page Accounts. Posts wait, none is lost.",
    "SECRET_KEY: put a new one into .env; everybody signs in anew, with new codes (step 4 above).",
    "The database: bot restore FILE, with the newest copy. It comes back paused.",
)


def things(titles: Mapping[str, str]) -> dict[str, str]:
    """What somebody must hold, by the word to type; of each platform an app and a sign-in."""
    theirs = {
        f"{name}-{thing}": said.format(title=title)
        for name, title in titles.items()
        for thing, said in OF_A_PLATFORM.items()
    }
    return THINGS | theirs


def missing(kit: Kit) -> list[str]:
    """What nobody has said, or has no stand-in, or does not work: each with what to do."""
    found = []
    for thing, said in things(kit.titles).items():
        holder = kit.holders.get(thing)
        if holder is None:
            found.append(f"{said}: nobody is named. {HOW_TO_NAME.format(thing=thing)}")
        elif not holder.deputy:
            found.append(f"{said}: no deputy is named. {HOW_TO_NAME.format(thing=thing)}")
    if len(kit.admins) < 2:
        found.append("A second admin: bot people add ADDRESS --role admin")
    found += [f"{one.title}: {one.said}" for one in kit.accounts if not one.works]
    return found


def document(kit: Kit) -> list[Section]:
    """The kit, section by section."""
    lacks = missing(kit)
    return [
        Section("How to stop it", STOP),
        Section("The first hour of who takes over", FIRST_HOUR),
        Section("Where everything lies", [f"{what}: {where}" for what, where in kit.places]),
        Section("Who holds what outside", [_held(kit, *one) for one in things(kit.titles).items()]),
        Section("Accounts and their keys", _accounts(kit) or ["No account is on yet: bot init"]),
        Section("Admins", kit.admins or ["none"]),
        Section("If something is lost", LOST),
        Section("What is missing", lacks or ["Nothing."]),
    ]


def as_text(kit: Kit) -> str:
    """The whole document as plain text."""
    made = f"Handover kit of the campaign bot, made on {in_words(kit.now, kit.zone)}"
    parts = [
        f"{one.title}\n" + "\n".join(f"  {line}" for line in one.lines) for one in document(kit)
    ]
    return "\n\n".join([made, *parts]) + "\n"


def _held(kit: Kit, thing: str, said: str) -> str:
    holder = kit.holders.get(thing)
    if holder is None:
        return f"{said}: nobody is named ({thing})"
    deputy = f"deputy {holder.deputy}" if holder.deputy else "no deputy"
    since = in_words(holder.since, kit.zone).rpartition(",")[0]
    return f"{said}: {holder.person}, {deputy} (as of {since})"


def _accounts(kit: Kit) -> list[str]:
    lines = []
    for one in kit.accounts[:MAX_ACCOUNTS]:
        ends = f"; they end on {in_words(one.ends_at, kit.zone)}" if one.ends_at else ""
        lines.append(f"{one.title}, {one.speaks_as}: {one.said}{ends}")
    more = len(kit.accounts) - MAX_ACCOUNTS
    return [*lines, f"And {more:,} more: bot accounts list"] if more > 0 else lines
