"""One post: what each account gets, how it stands there, what may be decided, and its story."""

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, render_template

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
        growth = growths.of_post(bot, session, post_id, owned)
        own = _own(session, [row for row, _ in owned if Hold.APPROVAL in row.holds])
    return render_template(
        "post.html",
        post=post,
        story=story,
        rows=rows,
        told=told,
        own=own,
        is_files=is_files(post),
        growth=growth,
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
