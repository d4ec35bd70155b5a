"""The week's report of one bot, and its mail: on Mondays to those who want it, or when asked.

Nobody is sent a week's report twice by itself: a Letter is claimed before its mail leaves. What
surely did not go is tried again each hour until Wednesday 08:00; what nobody can tell is not.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal
from email.message import EmailMessage
from email.utils import parseaddr
from enum import StrEnum
from urllib.parse import quote

from bot.alerts import feeds as silent_feeds
from bot.errors import MailFailed, MailUnsure
from bot.flow import pictures, spending
from bot.flow.pictures import Picture
from bot.model.person import Letter, Person
from bot.reports.weekly import gathering
from bot.reports.weekly import week as weeks
from bot.reports.weekly.document import document, told_at
from bot.reports.weekly.facts import Report, Spent
from bot.reports.weekly.gathering import Place
from bot.reports.weekly.page import whole
from bot.reports.weekly.text import as_text
from bot.reports.weekly.week import Week
from bot.store import charges, letters
from bot.store.engine import Session
from bot.wire import mail
from bot.wiring import Bot

A_MOMENT = timedelta(seconds=1)


class Went(StrEnum):
    """How it went with one Letter."""

    SENT = "sent"
    FAILED = "failed"
    UNSURE = "unsure"
    HAD_IT = "had it already"


@dataclass(frozen=True, slots=True)
class Posted:
    """What became of one mail, and why it did not go where it did not."""

    recipient: str
    went: Went
    reason: str | None = None


def can_mail(bot: Bot) -> bool:
    """Whether a mail server and a sender are set."""
    return bool(bot.settings.mail_url.get_secret_value() and bot.settings.mail_from)


def report(bot: Bot, week: Week, campaign: str | None = None, *, public: bool = False) -> Report:
    """What a week was, with its costs and silent feeds unless it is for everybody."""
    now, zone = bot.clock(), bot.settings.zone
    place = Place(zone, now, bot.titles, bot.ids_on)
    inside = campaign is None and not public
    quiet = silent_feeds.silent(bot.store, now, zone) if inside else None
    with bot.store.read() as session:
        spent = _spent(bot, session, week) if inside else []
        return gathering.gather(session, week, place, campaign, spent, quiet)


def _spent(bot: Bot, session: Session, week: Week) -> list[Spent]:
    """Each Account that costs: the week, and the month in which the week ends."""
    start, end = week.start(bot.settings.zone), week.end(bot.settings.zone)
    month = charges.month_start(min(end - A_MOMENT, bot.clock()))
    spent = charges.spent_by_account(session, start, end)
    return [
        Spent(one.account, spent.get(one.account, Decimal(0)), one)
        for one in spending.of_month(bot, session, None, month)
    ]


@dataclass(frozen=True, slots=True)
class Mailing:
    """A report as it is mailed, to however many: what it says, to whom it may be shown, charts."""

    told: Report
    public: bool
    pictures: Sequence[Picture]


def mailing(bot: Bot, week: Week, campaign: str | None = None, *, public: bool = False) -> Mailing:
    """Gather a week and draw its charts, once for all who get it."""
    told = report(bot, week, campaign, public=public)
    until = min(week.end(told.zone), told.now)
    return Mailing(told, public, pictures.drawn(bot, until, campaign))


def mail_of(bot: Bot, one: Mailing, recipient: str) -> EmailMessage:
    """The report as a mail to one address: plain text, and the same as HTML with its charts."""
    read, made, off = document(one.told, public=one.public), told_at(one.told), _how_to_end(bot)
    text = f"{as_text(read)}\n{made}\n{off}\n"
    letter = mail.compose(bot.settings.mail_from, recipient, read.title, text)
    letter["List-Unsubscribe"] = _unsubscribe(bot)
    shown = {picture.sentence: picture.source for picture in one.pictures}
    content = {picture.name: picture.content for picture in one.pictures}
    mail.with_page(letter, whole(read, f"{made} {off}", shown), content)
    return letter


def _how_to_end(bot: Bot) -> str:
    address = bot.settings.public_url.rstrip("/")
    where = f"{address}/me" if address else "the page “My sign-in” of the web app"
    return f"To get this mail no more: {where}"


def _unsubscribe(bot: Bot) -> str:
    """A page to turn it off on, where there is one, and an address to ask at."""
    sender = parseaddr(bot.settings.mail_from)[1]
    ask = f"<mailto:{sender}?subject={quote('No weekly report, please')}>"
    address = bot.settings.public_url.rstrip("/")
    return f"<{address}/me>, {ask}" if address else ask


def send_one(bot: Bot, one: Mailing, recipient: str) -> Posted:
    """Hand over one mail that somebody asked for just now; no Letter is claimed for it."""
    letter = mail_of(bot, one, recipient)
    try:
        mail.send(bot.settings.mail_url.get_secret_value(), letter)
    except MailFailed as error:
        went = Went.UNSURE if isinstance(error, MailUnsure) else Went.FAILED
        return Posted(recipient, went, str(error))
    return Posted(recipient, Went.SENT)


def send_letters(bot: Bot, is_over: Callable[[], bool] = lambda: False) -> list[Posted]:
    """On a Monday, and until Wednesday: mail last week's report to those who are owed it."""
    week = weeks.to_mail(bot.clock(), bot.settings.zone)
    if week is None or not can_mail(bot):
        return []
    with bot.store.read() as session:
        owed = letters.owed(session, week.name, bot.clock())
    return _send_to(bot, week, owed, is_over)


def send_now(bot: Bot, week: Week) -> list[Posted]:
    """Mail a week's report to everybody who wants it and has not had it."""
    with bot.store.read() as session:
        known = letters.readers(session, week.name)
    posted = _send_to(bot, week, [person for person, letter in known if _is_open(letter)])
    return posted + [
        Posted(person.name, *_had(letter))
        for person, letter in known
        if letter is not None and not _is_open(letter)
    ]


def _is_open(letter: Letter | None) -> bool:
    return letter is None or letter.next_try_at is not None


def _had(letter: Letter) -> tuple[Went, str | None]:
    return (Went.HAD_IT, None) if letter.sent_at else (Went.UNSURE, letter.error)


def _send_to(
    bot: Bot, week: Week, owed: Sequence[Person], is_over: Callable[[], bool] = lambda: False
) -> list[Posted]:
    if not owed:
        return []
    whole_week = mailing(bot, week)
    posted = []
    for person in owed:
        if is_over():
            break
        one = _send_letter(bot, whole_week, person)
        posted += [one] if one is not None else []
    return posted


def _send_letter(bot: Bot, whole_week: Mailing, person: Person) -> Posted | None:
    """Claim, hand over, note how it went; None where another holds the claim."""
    told = whole_week.told
    with bot.store.write() as session:
        claimed = letters.claim(session, person.id, told.week.name, bot.clock())
    if claimed is None:
        return None
    one = send_one(bot, whole_week, person.email)
    with bot.store.write() as session:
        now = bot.clock()
        if one.went == Went.SENT:
            letters.sent(session, claimed, now)
        else:
            sure = one.went == Went.FAILED
            again = weeks.next_try(told.week, now, told.zone) if sure else None
            letters.failed(session, claimed, one.reason or "", again)
    return replace(one, recipient=person.name)
