"""Who may do what: one table of roles, asked by every page before it does anything.

What belongs to a single post (its author may take it down) is asked beside it, by the same words.
"""

from collections.abc import Callable, Iterable
from enum import StrEnum
from functools import wraps
from typing import Any, TypeVar

from flask import abort
from flask_security import auth_required

from bot.decisions.release import GONE_BY
from bot.errors import NotAllowed
from bot.model.delivery import Delivery
from bot.model.person import Role
from bot.model.post import Post
from bot.web.here import me
from bot.web.language import _


class May(StrEnum):
    """What a page asks for."""

    READ = "read"  # see posts, queue, calendar and engagement
    WRITE = "write"  # write posts; change, move, cancel and take down one's own
    DECIDE = "decide"  # approve, hold, release, move and cancel anybody's, pause, answer doubts
    EXPORT = "export"  # download the engagement log and costs
    REVIEW = "review"  # mark posts of the engagement log as looked at, with a note
    AUDIT = "audit"  # read who decided what
    RUN = "run"  # people, accounts, feeds, timetable, settings


GRANTS: dict[Role, frozenset[May]] = {
    Role.VOLUNTEER: frozenset({May.READ, May.WRITE}),
    Role.APPROVER: frozenset({May.READ, May.WRITE, May.DECIDE, May.REVIEW, May.AUDIT}),
    Role.STAFF: frozenset({May.READ, May.EXPORT, May.REVIEW, May.AUDIT}),
    Role.ADMIN: frozenset(May),
}

F = TypeVar("F", bound=Callable[..., Any])


def may(what: May) -> bool:
    """Whether who is signed in may do that."""
    return what in GRANTS[Role(me().role)]


def may_change(post: Post) -> bool:
    """Whether who is signed in may change, move, cancel or take down this post.

    Nobody may where it was made by hand: it is here for its counts alone.
    """
    own = may(May.WRITE) and post.author == me().actor
    return not post.is_by_hand and (may(May.DECIDE) or own)


def needs(what: May) -> Callable[[F], F]:
    """A page for those who may do that; 403 for others, sign-in for nobody."""

    def around(page: F) -> F:
        @wraps(page)
        @auth_required("session")
        def asked(*args: Any, **kwargs: Any) -> Any:
            if not may(what):
                abort(403)
            return page(*args, **kwargs)

        asked.needs = what  # type: ignore[attr-defined]  # read by the test of every route
        return asked  # type: ignore[return-value]

    return around


def require_movable(rows: Iterable[Delivery]) -> None:
    """NotAllowed where another time would end a hold that is for an approver to end."""
    if not may(May.DECIDE) and any(row.holds - GONE_BY for row in rows):
        raise NotAllowed(_("It is on hold: an approver decides when it goes out."))


def require_change(post: Post) -> None:
    """403 unless this post is one's own or one decides."""
    if not may_change(post):
        abort(403)
