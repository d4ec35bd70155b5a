"""Two wordings compared fairly, on the same account and at the same age, or called undecided."""

import re
from collections.abc import Sequence

from flask import Blueprint, render_template, request

from bot.reports.figures import counted, wordings
from bot.reports.figures.counted import Counted
from bot.reports.figures.figure import AGES
from bot.store.engine import Session
from bot.store.figures import Asked
from bot.web import figurewords
from bot.web.asking import LARGEST
from bot.web.here import now, the_bot
from bot.web.language import _
from bot.web.permissions import May, needs

pages = Blueprint("wordings", __name__)
TARGET = re.compile(r"\s*[Pp]?(\d{1,9})(?:/(\d{1,3}))?\s*", re.ASCII)
AGE = 24


@pages.get("/engagement/wordings")
@needs(May.READ)
def show() -> str:
    typed = (request.args.get("first", "")[:20], request.args.get("second", "")[:20])
    verdicts: list[wordings.Verdict] = []
    wrong = ""
    if any(typed):
        with the_bot().store.read() as session:
            pair = [_posts(session, name) for name in typed]
        missing = [name for name, posts in zip(typed, pair, strict=True) if not posts]
        wrong = _("%(name)s is no post that is out.", name=missing[0] or "?") if missing else ""
        if not missing:
            verdicts = wordings.judge(typed, pair[0], pair[1], AGE, now(), the_bot().titles)
    return render_template(
        "wordings.html",
        typed=typed,
        verdicts=verdicts,
        wrong=wrong,
        words=figurewords,
        age=AGES[AGE],
    )


def _posts(session: Session, name: str) -> Sequence[Counted]:
    """Every time it went out, on each account; nothing where it is no post."""
    found = TARGET.fullmatch(name)
    if found is None or int(found[1]) > LARGEST:
        return []
    asked = Asked(post_ids=(int(found[1]),))
    posts = counted.read(session, asked, the_bot().settings.zone, (AGE,))
    return [one for one in posts if found[2] is None or one.wording == int(found[2]) - 1]
