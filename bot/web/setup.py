"""What a group settles once: the questions of set-up, and the settings as they are."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from bot.accounts import questions
from bot.decisions.answer import answer
from bot.errors import BotError
from bot.settings import is_secret, names
from bot.store import answers
from bot.web.here import decider, the_bot
from bot.web.language import _
from bot.web.permissions import May, needs

pages = Blueprint("setup", __name__)


@pages.get("/settings")
@needs(May.RUN)
def show() -> str:
    bot = the_bot()
    with bot.store.read() as session:
        known = {key: row.said for key, row in answers.newest(session).items()}
    shown = [
        (name, _value(field), _(str(type(bot.settings).model_fields[field].description)))
        for name, field in names().items()
    ]
    return render_template(
        "settings.html",
        questions=questions.QUESTIONS,
        known=known,
        shown=shown,
        proposed=_proposed(known),
    )


def _proposed(known: dict[str, str]) -> tuple[str, str]:
    """The IMPRINT_MODE that the answers point to, and why, in the language of the page."""
    mode, _why = questions.proposed_mode(known)
    question = questions.asking_for_always(known)
    if question is None:
        return mode, _(questions.OF_EACH)
    return mode, _(questions.NOT_NO, question=_(question.asks))


def _value(field: str) -> str:
    """A setting as people read it; of a secret only whether it is set."""
    value = getattr(the_bot().settings, field)
    if is_secret(field):
        return _("set") if value.get_secret_value() else _("not set")
    if isinstance(value, tuple):
        return ", ".join(str(one) for one in value)
    return str(value) if value not in (None, "") else _("not set")


@pages.post("/settings/answers")
@needs(May.RUN)
def answers_() -> Response:
    """Keep what was answered; what is left empty stays open."""
    kept = 0
    for question in questions.QUESTIONS:
        said = request.form.get(question.key, "").strip()
        if not said:
            continue
        try:
            answer(decider(), question.key, questions.accepted(question.key, said))
            kept += 1
        except BotError as error:
            flash(str(error), "bad")
    if kept:
        flash(_("Kept. The bot takes them up when it is started again."), "good")
    return redirect(url_for("setup.show"))
