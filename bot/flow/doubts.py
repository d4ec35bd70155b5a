"""A person's answer to whether a post is out, after one more look."""

from bot.decisions.record import Decider, named
from bot.decisions.resolve import Answer, must_be_in_doubt, resolve, wants_an_answer
from bot.delivery import listing
from bot.errors import CannotLook, UsageError
from bot.flow.planning import plan
from bot.model.delivery import Delivery
from bot.platforms.contract import Seen, Unreadable
from bot.store import deliveries
from bot.wiring import Bot


def in_doubt(bot: Bot, target: str) -> Delivery:
    """The one Delivery of that name that wants an answer; NotAllowed or UsageError otherwise."""
    with bot.store.write() as session:
        rows = named(session, target)
        doubted = [row for row in rows if wants_an_answer(row)]
        if not doubted:
            must_be_in_doubt(rows[0])
        if len(doubted) > 1:
            titles = {row.id: bot.by_id[row.account_id].rules.title for row in doubted}
            names = " or ".join(f"{key} ({title})" for key, title in titles.items())
            raise UsageError(f"{target} is in doubt on several accounts. Answer for one: {names}.")
    return doubted[0]


def answer_doubt(
    bot: Bot, decider: Decider, target: str, answer: Answer, url: str = "", *, sure: bool = False
) -> tuple[Delivery, bool]:
    """Apply a person's answer after one more look; True when that look found it.

    CannotLook when sending again was asked for, nothing could be looked at, and nobody is `sure`.
    """
    doubted = in_doubt(bot, target)
    seen = bot.confirmer.look(doubted.id, only_finds=True) if doubted.is_in_doubt else None
    if isinstance(seen, Seen):
        with bot.store.read() as session:
            return deliveries.get(session, doubted.id), True
    sends_again = answer in (Answer.ABSENT_NOW, Answer.ABSENT_NEXT)
    if sends_again and isinstance(seen, Unreadable) and not sure:
        raise CannotLook(
            f"We could not look whether it is up: {seen.reason} If you have looked yourself and it "
            "is surely not there, type the same again with --sure. Nothing goes wrong by waiting."
        )
    is_found = answer == Answer.SENT and doubted.is_in_doubt
    remote_id = _id_at(bot, doubted, url) if is_found else ""
    decided = resolve(decider, doubted.id, answer, url, remote_id, doubted.doubt_since)
    plan(bot)
    with bot.store.read() as session:
        return deliveries.get(session, decided.id), False


def _id_at(bot: Bot, row: Delivery, url: str) -> str:
    """The id of the post a link leads to: as our own timeline lists it, else as the link says."""
    platform = bot.by_id[row.account_id]
    if not url.startswith(("https://", "http://")):
        raise UsageError("Give the link of the post itself, as the platform shows it.")
    seen = listing.read(platform, row.doubt_since or row.created_at)
    listed = () if isinstance(seen, Unreadable) else seen
    remote_id = next((one.remote_id for one in listed if one.url == url), platform.id_in(url))
    if remote_id is None:
        raise UsageError(
            "This link does not say which post it is. Open the post by its date and copy the "
            "address from there; it has the post's number in it."
        )
    return remote_id
