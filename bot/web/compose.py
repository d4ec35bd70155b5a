"""Writing a post: one form, the real preview beside it, and nothing typed is ever lost."""

from os import SEEK_END
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from bot import flow
from bot.errors import PostInvalid
from bot.formatting.language import LANGUAGES
from bot.intake import form as forms
from bot.intake.amendment import Admitted
from bot.model.delivery import State
from bot.model.person import Manuscript
from bot.model.written import Picture, Written, from_json, pictures_from_json, pictures_to_json
from bot.platforms import REGISTRY
from bot.store import accounts, deliveries, listing, manuscripts, people, posts
from bot.web import asking, standing, wording
from bot.web import manuscripts as drafts
from bot.web.here import author, me, now, the_bot
from bot.web.language import _
from bot.web.permissions import May, needs, require_change
from bot.web.posts import is_files
from bot.web.previews import Preview, previewed

pages = Blueprint("compose", __name__)
# What a link to this page may fill in.
MAY_BE_ASKED = ("text", "link", "campaign", "at")
MOST_PICTURES = 10
MAX_FILE = 15_000_000
Answer = str | Response | tuple[str, int]


@pages.get("/compose")
@needs(May.WRITE)
def new() -> str:
    asked = {name: request.args[name] for name in MAY_BE_ASKED if name in request.args}
    return _page(drafts.blank({"at": "next", **asked}))


@pages.get("/compose/<key>")
@needs(May.WRITE)
def resume(key: str) -> Answer:
    """Go on with a draft; one that became a post leads there."""
    row = drafts.mine(key)
    if row is not None and "sheet" in row.form:
        return redirect(url_for("sheets.preview", key=key))
    if row is not None:
        return _page(row)
    with the_bot().store.read() as session:
        post = posts.by_key(session, flow.WEB, key)
    if post is None:
        abort(404)
    return redirect(url_for("posts.show", post_id=post.id))


@pages.get("/posts/<int:post_id>/edit")
@needs(May.WRITE)
def edit(post_id: int) -> Answer:
    with the_bot().store.read() as session:
        post = posts.get(session, post_id)
        under_way = manuscripts.of_post(session, post_id)
    require_change(post)
    if is_files(post):
        flash(_("Its words are in its file; change them there."), "bad")
        return redirect(url_for("posts.show", post_id=post_id))
    return _page(drafts.of_post(post, under_way))


@pages.post("/posts/<int:post_id>/duplicate")
@needs(May.WRITE)
def duplicate(post_id: int) -> Response:
    """The same words and pictures as a new draft, at the next free time."""
    with the_bot().store.read() as session:
        post = posts.get(session, post_id)
    if post.is_by_hand:
        said = _("This was made by hand on the page itself, so it is not sent again from here.")
        flash(said, "bad")
        return redirect(url_for("posts.show", post_id=post_id))
    row = drafts.blank()
    drafts.fill(row, from_json(post.written))
    row.form |= {"at": "next", "expires": "", "again": "yes"}
    drafts.keep(row)
    return redirect(url_for("compose.resume", key=row.key))


@pages.post("/compose/<key>/save")
@needs(May.WRITE)
def save(key: str) -> Answer:
    """Keep what is typed, as it is typed."""
    _kept(key)
    return render_template("_saved.html", at=now())


@pages.post("/compose/<key>/preview")
@needs(May.WRITE)
def preview(key: str) -> Answer:
    """What each account would get of what is typed; the draft is kept on the way."""
    row = _kept(key)
    return render_template("_previews.html", seen=_seen(row), row=row)


@pages.post("/compose/<key>/pictures")
@needs(May.WRITE)
def add_picture(key: str) -> Answer:
    """Take up files, make them fit, and ask for a description of each."""
    row, wrong = _take_files(_kept(key))
    return render_template(
        "_pictures.html", row=row, pictures=drafts.pictures(row), wrong=wrong, focus=not wrong
    )


@pages.post("/compose/<key>/discard")
@needs(May.WRITE)
def discard(key: str) -> Response:
    drafts.drop(key)
    flash(_("The draft is gone."), "good")
    return redirect(url_for("today.show"))


@pages.post("/compose/<key>")
@needs(May.WRITE)
def submit(key: str) -> Answer:
    """Queue it, or do what another button of the form says."""
    done = _already(key)
    if done is not None:
        _let_go(key)
        return redirect(url_for("posts.show", post_id=done))
    row = _kept(key)
    do = request.form.get("do", "look")
    if do.startswith("remove-"):
        return _page(_remove(row, do.removeprefix("remove-")))
    if do == "add":
        row, wrong = _take_files(row)
        return _page(row, {"file": wrong[0]} if wrong else {}, focus="alt")
    if do != "queue":
        return _page(row)
    return _queue(row)


def _queue(row: Manuscript) -> Answer:
    written, wrong = drafts.read(row)
    if written is None:
        return _page(row, wrong), 422
    if written.timing == "now" and request.form.get("sure") != "yes":
        _let_go(row.key)
        return render_template("compose_now.html", row=row, seen=_seen(row), typed=row.form)
    try:
        admitted = _admit(row, written)
    except flow.Overtaken as error:
        return _overtaken(row, str(error)), 409
    except PostInvalid as error:
        return _page(row, {forms.OTHER: error.reason}), 422
    drafts.drop(row.key)
    _let_go(row.key)
    _tell(admitted)
    return redirect(url_for("posts.show", post_id=admitted.post.id))


def _let_go(key: str) -> None:
    """Tell the browser that it need not keep these words any longer."""
    flash(key, "kept")


def _admit(row: Manuscript, written: Written) -> Admitted:
    bot = the_bot()
    if row.post_id is None:
        return flow.write(bot, row.key, written, author())
    with bot.store.read() as session:
        require_change(posts.get(session, row.post_id))
    return flow.change(bot, row.post_id, row.post_version or 0, written, author())


def _tell(admitted: Admitted) -> None:
    titles = the_bot().titles
    with the_bot().store.read() as session:
        for one in admitted.deliveries:
            title = titles.get(accounts.by_id(session, one.account_id).name, "")
            if one.state == State.WAITING and one.due_at:
                when = wording.moment(one.due_at)
                flash(_("%(where)s: queued; it goes out %(when)s.", where=title, when=when), "good")
            elif one.state == State.HELD:
                why = one.reason or _("An approver looks at it first.")
                flash(_("%(where)s: kept. %(why)s", where=title, why=why), "good")
    for said in (*admitted.errors, *admitted.notes):
        flash(said, "calm")


def _already(key: str) -> int | None:
    """The post this form became before: a second tap, or a page gone back to."""
    with the_bot().store.read() as session:
        post = posts.by_key(session, flow.WEB, key)
    return post.id if post is not None else None


def _kept(key: str) -> Manuscript:
    """The draft with what the form says now, stored."""
    if len(key) != 36:
        abort(404)
    row = drafts.mine(key)
    if row is None:
        if _already(key) is not None:
            abort(404)  # a preview that comes after its post was queued makes no new draft
        row = drafts.blank()
        row.key = key
        post_id = asking.number("post_id")
        if post_id is not None:
            _begin_edit(row, post_id)
    row.form = drafts.typed(request.form)
    row.form.pop("post_id", None)
    row.form.pop("post_version", None)
    return drafts.keep(row)


def _begin_edit(row: Manuscript, post_id: int) -> None:
    with the_bot().store.read() as session:
        post = posts.get(session, post_id)
    require_change(post)
    if is_files(post):
        abort(403)
    row.post_id = post_id
    row.post_version = asking.number("post_version") or 0
    row.media = pictures_to_json(from_json(post.written).media)


def _take_files(row: Manuscript) -> tuple[Manuscript, list[str]]:
    """The draft with the files of this request as pictures, and what is wrong with the others."""
    taken: list[Picture] = []
    wrong = []
    for file in request.files.getlist("file")[:MOST_PICTURES]:
        if not file.filename:
            continue
        try:
            if file.stream.seek(0, SEEK_END) > MAX_FILE:
                raise PostInvalid(_("has more than 15 MB. Make it smaller."))
            if len(row.media) + len(taken) >= MOST_PICTURES:
                raise PostInvalid(_("is one too many; %(n)s at most.", n=MOST_PICTURES))
            name = file.filename.replace("\\", "/").rpartition("/")[2][:100]
            taken.append(flow.keep_picture(the_bot(), name, file.stream))
        except PostInvalid as error:
            wrong.append(f"{file.filename[:100]} {error.reason}")
    return drafts.add_pictures(row, taken), wrong


def _remove(row: Manuscript, number: str) -> Manuscript:
    """Take a picture out; what is typed beside those after it moves up with them."""
    described = list(drafts.pictures(row))
    places = [str(n) for n in range(1, len(described) + 1)]
    if number in places:
        del described[places.index(number)]
    beside = ("alt.", "credit.", "people.", "part.")
    row.form = {name: value for name, value in row.form.items() if not name.startswith(beside)}
    drafts.keep(row)
    return drafts.set_pictures(row, described)


def _seen(row: Manuscript) -> Preview:
    written, wrong = drafts.read(row)
    return previewed(written, wrong, row.post_id)


def _page(row: Manuscript, wrong: dict[str, str] | None = None, focus: str = "") -> str:
    bot = the_bot()
    with bot.store.read() as session:
        campaigns, labels = listing.filed_under(session)
        others = _others(session, row)
    return render_template(
        "compose.html",
        row=row,
        form=row.form,
        wrong=wrong or {},
        focus=focus,
        seen=_seen(row),
        pictures=pictures_from_json(row.media),
        accounts=_offered(row.form.get("to") or ""),
        by_default=set(bot.admission.default_names),
        is_many=len(bot.platforms) > standing.MOST_OFFERED,
        own_words=list(REGISTRY),
        campaigns=campaigns,
        labels=labels,
        templates=_templates(),
        langs=LANGUAGES,
        others=others,
    )


def _offered(typed: str) -> list[str]:
    """The accounts to tick: all of a few; of many those posts go to unasked, and those chosen."""
    platforms = the_bot().platforms
    names = standing.offered() or [*the_bot().admission.default_names, *typed.split(", ")]
    known = [name for name in dict.fromkeys(names) if name in platforms]
    return [name for name in known if not platforms[name].missing_settings]


def _others(session: Any, row: Manuscript) -> list[str]:
    """Who else is changing the same post."""
    if row.post_id is None:
        return []
    found = manuscripts.of_post(session, row.post_id)
    return [people.get(session, one.person_id).name for one in found if one.person_id != me().id]


def _templates() -> list[Any]:
    found = []
    for path in the_bot().templates.paths():
        try:
            found.append(the_bot().templates.named(path.stem))
        except PostInvalid:
            continue  # told where files are checked; here it is simply not offered
    return found


def _overtaken(row: Manuscript, said: str) -> str:
    """Both versions side by side; one's own stays a draft."""
    with the_bot().store.read() as session:
        post = posts.get(session, row.post_id or 0)
        rows = deliveries.of_post(session, post.id)
        theirs = [part.text for one in rows for part in deliveries.parts(session, one.id)]
    row.post_version = post.version
    drafts.keep(row)
    return render_template("overtaken.html", row=row, said=said, theirs=theirs, post=post)
