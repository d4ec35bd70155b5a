"""One post: what each account gets, how it stands there, what may be decided, and its story."""

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, render_template, request

from bot.decisions.approve import is_own, others_who_could
from bot.intake.folderfiles import SOURCE as FOLDER
from bot.intake.foldersheets import is_of_folder
from bot.intake.sheetrows import SOURCE as SHEET
from bot.model.delivery import Delivery, Hold
from bot.reports import queue
from bot.reports.figures.figure import SHOWN
from bot.store import deliveries, posts
from bot.store.engine import Session
from bot.web import figurewords
from bot.web import growth as growths
from bot.web.here import me, now, the_bot
from bot.web.permissions import May, needs
from bot.web.teller import Teller

pages = Blueprint("posts", __name__)
# Their words are their file's; what a page changed there the next reading would take back.


@pages.get("/posts/<int:post_id>")
@needs(May.READ)
def show(post_id: int) -> str:
    bot = the_bot()
    with bot.store.read() as session:
        post = posts.get(session, post_id)
        owned = deliveries.of_posts(session, [post_id])
        story = queue.story(session, post_id, owned)
        told = Teller.plain(now(), bot.settings.zone, bot.platforms)
        rows = [_completed(one, post) for one in story["deliveries"]]
        own = _own(session, [row for row, _ in owned if Hold.APPROVAL in row.holds])
    return render_template(
        "post.html",
        post=post,
        story=story,
        rows=rows,
        told=told,
        own=own,
        is_files=is_files(post),
        shown=SHOWN,
    )


@pages.get("/posts/<int:post_id>/growth")
@needs(May.READ)
def growth(post_id: int) -> str:
    """How it grew, for the post's page to take up, or as a page of its own."""
    bot = the_bot()
    with bot.store.read() as session:
        owned = deliveries.of_posts(session, [posts.get(session, post_id).id])
        grown = growths.of_post(bot, session, post_id, owned)
    is_piece = request.headers.get("HX-Request") and request.headers.get("HX-Target")
    return render_template(
        "_growth.html" if is_piece else "growth.html",
        post_id=post_id,
        rows=[(str(row.id), account.name) for row, account in owned if str(row.id) in grown],
        only=request.args.get("delivery", ""),
        growth=grown,
        shown=SHOWN,
        words=figurewords,
    )


def _own(session: Session, asked: Sequence[Delivery]) -> dict[str, tuple[bool, list[str]]]:
    """Of what waits for approval: whether it is one's own, and who else could approve it then."""
    own = {row.id: is_own(session, me().actor, row) for row in asked}
    others = others_who_could(session, asked[0]) if any(own.values()) else []
    return {str(key): (found, others) for key, found in own.items()}


def _completed(one: dict[str, Any], post: Any) -> dict[str, Any]:
    platform = the_bot().platforms[one["account"]]
    return {
        **one,
        "id": post.id,
        "campaign": post.campaign,
        "labels": [],
        "written_by": post,
        "most": platform.rules.max_weight,
        "page": platform.profile_url,
    }


def is_files(post: Any) -> bool:
    """Whether a file in the posts folder owns its words."""
    is_row = post.source == SHEET and is_of_folder(post.key)
    return post.source == FOLDER or is_row
