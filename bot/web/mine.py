"""One's own sign-in: password, codes, passkeys, devices, language."""

from flask import Blueprint, abort, flash, redirect, render_template, request, session, url_for
from flask_security.decorators import auth_required
from werkzeug.wrappers import Response

from bot.store import people
from bot.web import language, sessions
from bot.web.here import me, now, the_bot
from bot.web.language import _
from bot.web.permissions import May, needs

pages = Blueprint("mine", __name__)


@pages.get("/me")
@needs(May.READ)
def show() -> str:
    with the_bot().store.read() as rows:
        devices = people.sign_ins(rows, me().id)
    here = sessions.digest(session.get(sessions.SECRET, ""))
    return render_template("mine.html", devices=devices, here=here, keys=me().webauthn)


@pages.post("/me")
@needs(May.READ)
def change() -> Response:
    """The name others see, the language of the pages, and whether the report is mailed."""
    name = " ".join(request.form.get("name", "").split())[:120]
    wanted = request.form.get("language", "")
    with the_bot().store.write() as rows:
        person = people.get(rows, me().id)
        person.name = name or person.name
        if "asks_weekly_mail" in request.form:
            person.weekly_mail = "weekly_mail" in request.form
        person.language = wanted if wanted in language.LANGUAGES else None
    flash(_("Kept."), "good")
    return redirect(url_for("mine.show"))


@pages.post("/me/sign-ins/<int:sign_in>/end")
@needs(May.READ)
def end(sign_in: int) -> Response:
    """Sign out one device."""
    with the_bot().store.write() as rows:
        found = [row for row in people.sign_ins(rows, me().id) if row.id == sign_in]
        if not found:
            abort(404)
        found[0].ended_at = now()
    flash(_("Signed out there."), "good")
    return redirect(url_for("mine.show"))


@pages.post("/me/sign-ins/end-others")
@needs(May.READ)
def end_others() -> Response:
    """Sign out everywhere but here."""
    here = sessions.digest(session.get(sessions.SECRET, ""))
    with the_bot().store.write() as rows:
        people.end_sign_ins(rows, me().id, now(), but_not=here)
    flash(_("Signed out everywhere else."), "good")
    return redirect(url_for("mine.show"))


@pages.post("/me/passkeys/<int:passkey>/delete")
@auth_required("session", within=30, grace=5)
@needs(May.READ)
def delete_passkey(passkey: int) -> Response:
    """Let a device sign in no more; asked only of who has shown lately who they are."""
    found = [key for key in me().webauthn if key.id == passkey]
    if not found:
        abort(404)
    with the_bot().store.write() as rows:
        rows.delete(rows.merge(found[0]))
    flash(_("The passkey is gone."), "good")
    return redirect(url_for("mine.show"))
