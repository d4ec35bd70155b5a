"""What the settings of a recurring post and of a template must have beside each other. Pure.

Only what the file alone can tell is looked at here; what needs today's date is `intake.occasions`'.
"""

import re

from bot.errors import PostInvalid, UsageError
from bot.formatting.rotation import wordings
from bot.formatting.text import comparison_key
from bot.model.written import Written
from bot.platforms import REGISTRY

FEWEST_WORDINGS = 2
TWO_WORDINGS = (
    "every: needs two wordings at least, as X refuses the same words again. Part them by a line "
    "with *** alone."
)


def template_key(typed: str) -> str:
    """A template's name as its file has it; UsageError for anything that is no plain name."""
    name = typed.strip().lower().removesuffix(".md").removeprefix("templates/")
    if not re.fullmatch(r"[a-z0-9][a-z0-9_-]{0,49}", name):
        raise UsageError(f"“{typed[:60]}” is no template's name. Write for example: event")
    return name


def refuse_odd_forms(written: Written) -> None:
    """PostInvalid where settings of recurrence or templates do not go together."""
    lines = written.lines
    if written.fields and written.template is None:
        raise PostInvalid(
            "fields: belongs to a template. Name it: template: event", line=lines.get("fields")
        )
    if written.every is None and written.until is not None:
        raise PostInvalid("until: goes with every:, such as every: 2 weeks", line=lines["until"])
    if written.every is not None:
        _refuse_odd_recurrence(written)


def _refuse_odd_recurrence(written: Written) -> None:
    line = written.lines.get("every")
    if written.until is None:
        raise PostInvalid(
            "every: needs a last day. Add a line such as until: 2027-03-31", line=line
        )
    if written.timing == "now":
        raise PostInvalid(
            "at: now does not go with every:. Take the line out, or write the first time.",
            line=written.lines.get("at", line),
        )
    if written.expires is not None:
        raise PostInvalid(
            "expires: does not go with every:. until: is the last day.",
            line=written.lines.get("expires", line),
        )
    _refuse_few_wordings(written, line)


def _refuse_few_wordings(written: Written, line: int | None) -> None:
    # Of an Account with a name of its own only the database knows where it is: see `later_drawn`.
    for name in [name for name in REGISTRY if written.to is None or name in written.to]:
        own = name if name in written.texts else "body"
        found = wordings(written.text_for(name))
        if len(found) < FEWEST_WORDINGS:
            raise PostInvalid(TWO_WORDINGS, line=written.lines.get(own, line))
        if len({comparison_key(words, None) for words in found}) < len(found):
            raise PostInvalid(
                "every: two of the wordings say the same.", line=written.lines.get(own, line)
            )
