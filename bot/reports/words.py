"""The words people see for what the code calls by name: one table for every door.

States, reasons for a hold, outcomes of a try, decisions, and how times, counts and money are
written. Code names stay in the code and in `--json`.
"""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from bot.clock.local import in_words
from bot.model.delivery import Hold, Standing, State

STATES: dict[str, str] = {
    State.WAITING: "waiting",
    State.HELD: "on hold",
    State.SENDING: "going out",
    State.UNCONFIRMED: "not sure it went out",
    State.SENT: "out",
    State.FAILED: "failed",
    State.CANCELLED: "cancelled",
}

HOLDS: dict[str, str] = {
    Hold.APPROVAL: "it waits for approval",
    Hold.PAUSED: "sending is paused",
    Hold.BLACKOUT: "a quiet time is set",
    Hold.MISSED: "its time went by",
    Hold.BUDGET: "this month's money does not cover it",
    Hold.IMPRINT: "its imprint is not settled",
    Hold.FIRST_RUN: "it was there before the bot first met this account",
    Hold.FILE_GONE: "its file is gone or has a mistake",
    Hold.IN_DOUBT: "it may be out already",
    Hold.ALT_TEXT: "a picture has no alt text",
    Hold.ALREADY_THERE: "the account shows the same words already",
}

OUTCOMES: dict[str | None, str] = {
    None: "no answer yet",
    "sent": "it went out",
    "refused": "refused",
    "account blocked": "the account could not post",
    "rate limited": "told to wait",
    "not reached": "nobody was reached",
    "unknown": "no clear answer came",
}

DECISIONS: dict[str, str] = {
    "approve": "approved it",
    "approve alone": "approved their own words, as nobody else could",
    "edit": "changed the words",
    "move": "gave it another time",
    "write": "wrote it",
    "duplicate": "made a copy of it",
    "pause": "paused sending",
    "resume": "ended the pause",
    "blackout": "set a quiet time",
    "blackout removed": "took a quiet time back",
    "invite": "invited somebody",
    "role": "changed what somebody may do",
    "stop": "stopped somebody from signing in",
    "let in": "let somebody sign in again",
    "new link": "made a new link for somebody to choose a password",
    "approval rule": "changed who must approve",
    "timetable": "changed a timetable",
    "budget": "changed what an account may cost",
    "time zone": "changed an account's time zone",
    "default": "changed whether posts that name no account go there",
    "remove": "removed an account",
    "label": "saw the account shown as automated",
    "feed": "added a feed",
    "feed removed": "removed a feed",
    "share": "made a link for somebody without an account to decide",
    "dismiss": "dismissed an article",
    "restore": "restored a backup",
    "refuse": "refused it",
    "history": "had the past of an account read in",
    "connect": "connected an account",
    "disconnect": "disconnected an account",
    "hold": "put it on hold",
    "release": "released it",
    "cancel": "cancelled it",
    "retry": "asked to try again",
    "take down": "took it down",
    "answer": "answered a question of set-up",
    "bill": "entered a bill",
    "found": "said it is up",
    "not found: absent, now": "said it is not up and to send it now",
    "not found: absent, next": "said it is not up and to send it at the next free time",
    "not found: drop": "dropped it",
    "skip": "skipped this one",
    "end the repeats": "ended the repeats",
    "lapse": "left it out, as nobody had reviewed it in time",
    "review": "marked it as reviewed in the engagement log",
    "review taken back": "took back that it was reviewed",
}

# Why a post that recurs is not repeated on an account, by the reason `store.rounds` gives.
STOPS: dict[str, str] = {
    "taken down": "it is not repeated any more, as it was taken down",
    "gone": "it is not repeated any more, as the last one is gone there",
    "cancelled": "it is not repeated any more; it was cancelled",
    "failed": "it is not repeated while the last one stands as failed",
    "in doubt": "it is not repeated until it is known whether the last one is out",
}

SOURCES: dict[str, str] = {
    "folder": "the posts folder",
    "file": "a file",
    "feed": "an article",
    "sheet": "a spreadsheet",
    "web": "the web app",
    "by hand": "the account's own page, made by hand",
}

ROLES: dict[str, tuple[str, str]] = {
    "volunteer": ("volunteer", "writes posts and changes their own"),
    "approver": ("approver", "also approves, moves and pauses"),
    "staff": ("staff", "reads everything, and downloads reports"),
    "admin": ("admin", "also looks after people, accounts, feeds and settings"),
}

APPROVALS: dict[str, str] = {
    "off": "nobody has to approve",
    "volunteers": "what volunteers write needs an approver",
    "two people": "every post needs a second person",
}

# What a person needs to answer for a post in doubt; each is filled with what it names.
EVIDENCE: dict[str, str] = {
    "link": "Its link: %(url)s",
    "it": "It was sent %(when)s",
    "part": "Part %(n)s of %(of)s was sent %(when)s",
    "looked": "; the bot has looked %(times)s",
    "not looked": "; the bot has not looked yet",
    "page": "Look yourself: %(page)s",
    "edited": "Its file was changed meanwhile; that is taken up once this is answered.",
}
TIMES = {1: "once", 2: "twice"}
MANY_TIMES = "%(n)s times"

# Where somebody decided, by the beginning of the actor's name.
DOORS: dict[str, str] = {"cli": "terminal", "web": "web app", "link": "by a link"}

ARTICLE_DECISIONS: dict[str, str] = {
    "post": "would go to the queue",
    "review": "would wait for approval",
    "seen": "would only be remembered",
    "refused": "could not become a post",
    "excluded": "would be left out by its words",
    "other section": "would be left out, being of another section",
    "other author": "would be left out, being by another author",
    "too old": "would be left out as too old",
    "over limit": "would be left out, the day being full",
    "lapsed": "was not reviewed in time",
}

# What the heartbeat says of each event; the first that fits, by event and the field in brackets.
EVENTS: dict[str, str] = {
    "purged": "Let go of what is past its time ({rows} rows); figures stay as they are.",
    "letter (sent)": "The week's report went to {recipient}.",
    "letter (failed)": (
        "The week's report did not go to {recipient}. {reason} It is tried again in an hour."
    ),
    "letter (unsure)": (
        "The week's report may not have reached {recipient}. {reason} See: bot doctor"
    ),
    "told": "Somebody was told through {receiver}: {titles}",
    "not told": "Nobody could be told: {titles}. {reason} It is tried again.",
    "not pinged": "The dead man's switch was not pinged. {reason}",
    "started": "Started.",
    "leads": "Reads the folder and feeds, plans and counts for all workers.",
    "engine stopped": "The fleet's engine does not answer. It is tried again. ({reason})",
    "stopped": "Stopped. Nothing is under way.",
    "queued": "{post} is in the queue.",
    "quarantined": "{file}{where}: {reason} Left out.",
    "held back (held)": "{post} on {account}: on hold: {reason}",
    "held back": "{post} on {account} waits: {reason}",
    "attempt ended (sent)": "{post} is out on {account}.",
    "attempt ended (part)": "{post} on {account}: a part is out, the next one follows.",
    "attempt ended (refused)": "{post} on {account}: refused. {reason} See: bot queue",
    "attempt ended (account blocked)": "{post} on {account} waits: {reason} See: bot queue",
    "attempt ended (rate limited)": "{post} on {account} waits, none is lost: {reason}",
    "attempt ended (not reached)": "{post} on {account}: not sent. {reason} It is tried again.",
    "attempt ended (unknown)": (
        "{post} on {account}: no answer came. Not sent again; looking at its page first."
    ),
    "looked (Seen)": "{post} on {account}: looked, and found it on its page.",
    "looked (Unreadable)": "{post} on {account}: its page cannot be read. Looking again later.",
    "looked (NoneType)": "{post} on {account}: looked, and it is not on its page.",
    "already there": "{account} shows the words of {post} already: {url} See: bot queue",
    "paused": "{account} is paused: {reason} See: bot doctor",
    "behind": "Nobody ran here for a while: the pages are read before anything goes out.",
    "not read": "The page of {account} cannot be read now. {reason}",
    "reading raised": "Reading a page met something the bot did not foresee. {reason}",
    "tick failed": "{tick} did not work. {reason} It is tried again.",
    "delivery failed": "A post could not be tried just now. {reason} None is lost.",
    "prepare failed": "A picture or link could not be handed over. {reason}",
    "send raised": "A post met something the bot did not foresee. {reason}",
    "count raised": "Counts met something the bot did not foresee. {reason}",
    "counts unreadable": "Counts could not be read. {reason}",
    "counts wait": "${spent} are spent, all of the month's money: no counts until the next month.",
    "connected": "{account} is connected.",
    "disconnected": "{account} is disconnected. Its posts wait, none is lost.",
    "keys changed": "{account} was connected or disconnected: taken over.",
    "locked": "{account} is off: {reason}",
    "check raised": "Asking how {account} is met something the bot did not foresee. {reason}",
}

TICKS: dict[str, str] = {
    "watch": "Reading our own pages",
    "sweep": "Sending what is due",
    "confirm": "Looking at what may be out",
    "plan": "Giving posts their times",
    "folder": "Reading the posts folder",
    "feeds": "Reading the feeds",
    "counts": "Counting engagement",
    "letters": "Sending the weekly report",
    "alarms": "Telling of troubles",
    "ping": "Saying outside that all is well",
    "accounts": "Looking after the accounts",
    "by hand": "Logging posts made by hand",
    "own pages": "Counting the accounts themselves",
    "purge": "Letting go of what is past its time",
    "lead": "Seeing which worker reads, plans and counts",
    "alive": "Saying that the bot runs",
}

# How a worker is, by its signs of life.
STANDINGS: dict[str, str] = {
    Standing.ALIVE: "runs",
    Standing.SILENT: "gives no sign of life",
    Standing.STOPPED: "was stopped",
}

# What an alarm is headed with, by the name of its trouble.
ALARMS: dict[str, str] = {
    "late": "Posts are late",
    "heartbeat": "The bot has stopped",
    "blocked": "An account may not post",
    "doubts": "An account waits for your answer",
    "locked": "An account is off",
    "off": "An account is off",
    "behind": "A page cannot be read",
    "sign-in": "A sign-in failed",
    "permissions": "A permission is missing",
    "ends": "A sign-in ends soon",
    "clock": "The clock is wrong",
    "no time": "Posts have no time",
    "post": "A post needs you",
    "approval": "A post waits for approval",
    "unread": "Something could not become a post",
    "money low": "80 % of the money is spent",
    "money spent": "The month's money is spent",
    "bot itself": "Something fails again and again",
    "database": "The database does not answer",
    "disk": "The disk is nearly full",
    "backup failed": "A backup failed",
    "backup old": "The last backup is old",
    "feed": "A feed cannot be read",
    "letter": "A report may not have arrived",
    "test": "A test",
}

# What to do now, by the same names.
ALARM_STEPS: dict[str, str] = {
    "late": "See which wait and why: bot queue. What is still in time goes by itself.",
    "heartbeat": "Start it again on its machine: bot run. None of the posts is lost.",
    "blocked": "Sign in at the platform and do what it asks, then: bot accounts check",
    "doubts": "Look at the page and answer for one of them: bot queue",
    "locked": "See what is missing: bot accounts",
    "off": "See what is missing: bot accounts",
    "behind": "Nothing, if it passes by itself. Else: bot doctor",
    "sign-in": "Connect the account again, then: bot accounts check",
    "permissions": "Connect the account again and allow everything: bot accounts",
    "ends": "Connect the account again before then: bot accounts",
    "clock": "Set the machine's clock by the network: timedatectl set-ntp true",
    "no time": "Give the account more times: bot timetable show",
    "post": "See it and decide: bot queue",
    "approval": "Approve it, or give it another time: bot queue",
    "unread": "Put it right; it is read again by itself. See: bot check",
    "money low": "Raise the limit, or post less with links. See: bot report --costs",
    "money spent": "Raise the limit, or wait for the next month. See: bot report --costs",
    "bot itself": "See what it is: bot doctor",
    "database": "Nothing is sent until it answers. See: bot doctor",
    "disk": "Free some space. On a full disk nothing is sent.",
    "backup failed": "Try it by hand: bot backup",
    "backup old": "Make one, and have it made each night: bot backup",
    "feed": "Look whether its address is still right: bot feeds list",
    "letter": "Send it again: bot report --week --send",
    "test": "Nothing: alarms reach you here.",
}

# How an alarm is told.
ALARM_SUBJECT = "Campaign bot: {titles}"
ALARM_OVER_SUBJECT = "Over: {titles}"
ALARM_SINCE = "Since {since}."
ALARM_STEP = "What to do now: {step}"
ALARM_OVER = "This is over since {ended}. It began on {since}: {said}"
TEST_SAID = "This is a test of the campaign bot's alarms, asked for by a person."

# What every event carries beside what it is about.
NOT_TOLD = {"event", "action", "level", "time", "exception"}


# A unit of time, its seconds, and the seconds from which the next larger one is used.
UNITS = (("minute", 60, 3600), ("hour", 3600, 86_400))


def state(name: str, holds: list[str] | frozenset[str] = frozenset()) -> str:
    """A state in plain words, with the reasons of a hold."""
    said = STATES[name]
    reasons = ", ".join(HOLDS[hold] for hold in sorted(holds))
    return f"{said}: {reasons}" if reasons else said


def times(number: int) -> str:
    """How to say a number of times, to be filled with it: `once`, `twice`, `%(n)s times`."""
    return TIMES.get(number, MANY_TIMES)


def zone_words(zone: ZoneInfo) -> str:
    """`London time` for Europe/London."""
    place = zone.key.rpartition("/")[2].replace("_", " ")
    return place if place in {"UTC", "GMT"} else f"{place} time"


def moment(at: datetime, zone: ZoneInfo) -> str:
    """`Tuesday 1 December 2026 at 08:30 (London time)`."""
    day, _, clock = in_words(at, zone).rpartition(", ")
    return f"{day} at {clock} ({zone_words(zone)})"


def distance(at: datetime, now: datetime) -> tuple[int, str] | None:
    """How many of which unit a time is off, `(3, "day")`; None where that is now."""
    size = abs((at - now).total_seconds())
    if size < 45:
        return None
    noun, length = next(
        ((noun, length) for noun, length, until in UNITS if size < until - length / 2),
        ("day", 86_400),
    )
    return max(1, round(size / length)), noun


def away(at: datetime, now: datetime) -> str:
    """How far off a time is: `in 3 days`, `now`, `2 hours ago`."""
    off = distance(at, now)
    if off is None:
        return "now"
    said = plural(*off)
    return f"in {said}" if at > now else f"{said} ago"


def span(length: timedelta) -> str:
    """How long, in words: `one hour`, `15 minutes`, `moments` for less than one."""
    start = datetime(2000, 1, 1, tzinfo=UTC)
    said = away(start + length, start).removeprefix("in ")
    return {"now": "moments", "1 hour": "one hour", "1 day": "one day"}.get(said, said)


def goes_out(at: datetime | None, zone: ZoneInfo, now: datetime) -> str:
    """`goes out Tuesday 1 December 2026 at 08:30 (London time), in 3 days`."""
    if at is None:
        return "has no time yet"
    if at - now < timedelta(seconds=45):
        return "goes out now"
    return f"goes out {moment(at, zone)}, {away(at, now)}"


def actor(name: str) -> str:
    """`ana (terminal)` for `cli:ana`; any other name as it stands."""
    door, colon, person = name.partition(":")
    return f"{person} ({DOORS[door]})" if colon and door in DOORS else name


def plural(number: int, noun: str) -> str:
    """`1 post`, `1,204 posts`."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def count(number: int | None) -> str:
    """`1,204`; a dash where the platform did not say."""
    return "–" if number is None else f"{number:,}"


def money(dollars: Decimal) -> str:
    """`$0.20`; a third digit where a cent would hide the price."""
    cents = dollars * 100
    return f"${dollars:.2f}" if cents == cents.to_integral_value() else f"${dollars:.3f}"


def sentence(text: str) -> str:
    """What a person typed, ended like a sentence."""
    return text if text.endswith((".", "!", "?", "…")) else f"{text}."


def excerpt(text: str, width: int = 60) -> str:
    """The beginning of a text on one line; no word is cut that is not itself too long."""
    line = " ".join(text.split())
    if len(line) <= width:
        return line
    kept = line[:width].rpartition(" ")[0] or line[: width - 1]
    return f"{kept.rstrip(' ,;:')}…"


def event_line(told: Mapping[str, Any]) -> str:
    """One event of the heartbeat as a sentence; one without words as its fields."""
    name = str(told.get("event", ""))
    kind = told.get("outcome") or told.get("found") or told.get("state")
    if kind == "sent" and told.get("state") != State.SENT:
        kind = "part"
    template = EVENTS.get(f"{name} ({kind})") or EVENTS.get(name)
    # Only the last line of a traceback: which error it was.
    went_wrong = str(told.get("exception") or "").strip().rpartition("\n")[2]
    reason = " ".join(str(told.get("reason") or went_wrong).split())
    fields = {
        **told,
        "reason": sentence(reason) if reason else "",
        "where": f", line {told['line']}" if told.get("line") else "",
        "tick": TICKS.get(str(told.get("tick")), str(told.get("tick"))),
    }
    try:
        said = template.format_map(fields) if template else ""
    except KeyError:
        said = ""
    if not said:
        pairs = [f"{key}={value}" for key, value in told.items() if key not in NOT_TOLD]
        said = " ".join([name, *pairs, *filter(None, [went_wrong])])
    # What a terminal would obey instead of show came from outside, by an address or a title.
    return " ".join("".join(sign if sign.isprintable() else " " for sign in said).split())
