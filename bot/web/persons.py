"""Who may use the web app: invitations, roles, and starting anew after a lost phone."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_security.decorators import auth_required
from werkzeug.wrappers import Response

from bot.decisions import people as deciding
from bot.errors import BotError
from bot.model.person import Role
from bot.store import people
from bot.web.here import decider, the_bot
from bot.web.invitations import link
from bot.web.language import _
from bot.web.permissions import May, needs

pages = Blueprint("persons", __name__)


@pages.get("/people")
@needs(May.RUN)
def show() -> str:
    with the_bot().store.read() as session:
        everybody = people.all_of(session)
    return render_template("people.html", everybody=everybody, roles=list(Role), made=None)


@pages.post("/people")
@auth_required("session", within=30, grace=5)
@needs(May.RUN)
def invite() -> str | Response:
    """Add somebody; the link is shown once, to be handed over by whoever invites."""
    form = request.form
    try:
        person = deciding.invite(
            decider(), form.get("email", ""), form.get("role", ""), form.get("name", "")
        )
    except BotError as error:
        flash(str(error), "bad")
        return redirect(url_for("persons.show"))
    if person.password is not None:
        said = _(
            "%(who)s is in already. For a new link, use the button beside the name.",
            who=person.name,
        )
        flash(said, "calm")
        return redirect(url_for("persons.show"))
    return _with_link(person.id, person.name)


@pages.post("/people/<int:person_id>/<verb>")
@auth_required("session", within=30, grace=5)
@needs(May.RUN)
def change(person_id: int, verb: str) -> str | Response:
    """Role, stop, let in, or start anew."""
    by = decider()
    try:
        if verb == "role":
            deciding.change_role(by, person_id, request.form.get("role", ""))
        elif verb == "stop":
            deciding.stop(by, person_id)
        elif verb == "let-in":
            deciding.let_in(by, person_id)
        elif verb == "anew":
            person = deciding.start_anew(by, person_id)
            return _with_link(person.id, person.name)
        else:
            return redirect(url_for("persons.show"))
    except BotError as error:
        flash(str(error), "bad")
        return redirect(url_for("persons.show"))
    flash(_("Done."), "good")
    return redirect(url_for("persons.show"))


def _with_link(person_id: int, name: str) -> str:
    with the_bot().store.read() as session:
        everybody = people.all_of(session)
    return render_template(
        "people.html", everybody=everybody, roles=list(Role), made=(name, link(person_id))
    )
