"""Approve exactly the stored words; a later change of them loses the approval.

Where an Account asks for a second person, whoever wrote the words cannot approve them. Only where
there is nobody else may they, with a reason, and the record says so.
"""

from bot.decisions.record import Decider
from bot.errors import NotAllowed, UsageError
from bot.model.account import Account, Approval
from bot.model.delivery import Delivery, Hold, State
from bot.model.person import ACTOR
from bot.store import people, posts
from bot.store.decisions import APPROVE, APPROVE_ALONE
from bot.store.engine import Session

OWN_WORDS = "You wrote these words, so somebody else must approve them."


def approve(decider: Decider, target: str, *, alone: bool = False) -> list[Delivery]:
    """Approve what waits for approval; NotAllowed when nothing of it does.

    `alone` approves one's own words where nobody else could; it needs a reason.
    """
    if alone and not decider.reason:
        raise UsageError("Say why nobody else can approve it; the reason is kept with the post.")
    approved: list[int] = []
    refused: list[str] = []

    def change(session: Session, delivery: Delivery) -> bool:
        if delivery.state not in (State.WAITING, State.HELD, State.FAILED):
            return False
        obstacle = _obstacle(session, decider, delivery, alone=alone)
        if obstacle:
            refused.append(obstacle)
            return False
        delivery.approved_digest = delivery.variant_digest
        delivery.clear(Hold.APPROVAL)
        approved.append(delivery.id)
        return True

    rows = decider.on(target, APPROVE_ALONE if alone else APPROVE, change)
    if not approved:
        raise NotAllowed(next(iter(refused), f"{target} does not wait for approval."))
    return rows


def _obstacle(session: Session, decider: Decider, delivery: Delivery, *, alone: bool) -> str:
    """Why this person cannot approve it; empty when they can."""
    if not is_own(session, decider.actor, delivery):
        return ""
    others = others_who_could(session, delivery)
    if others:
        return f"{OWN_WORDS} Ask {' or '.join(others)}."
    return "" if alone else f"{OWN_WORDS} Nobody else can: approve it alone, and say why."


def is_own(session: Session, actor: str, delivery: Delivery) -> bool:
    """Whether a second person is asked for, and this one wrote the words.

    At a terminal everybody who puts a file in the folder has one name, so that there only the
    rule of two people binds.
    """
    approval = session.get_one(Account, delivery.account_id).approval
    post = posts.get(session, delivery.post_id)
    binds = approval == Approval.TWO_PEOPLE or actor.startswith(ACTOR)
    return approval != Approval.OFF and binds and actor in (post.author, post.worded_by)


def others_who_could(session: Session, delivery: Delivery) -> list[str]:
    """Names of those who may approve and wrote none of it."""
    post = posts.get(session, delivery.post_id)
    writers = [
        int(name.removeprefix(ACTOR))
        for name in (post.author, post.worded_by)
        if name and name.startswith(ACTOR)
    ]
    return [person.name for person in people.approvers(session, writers)]
