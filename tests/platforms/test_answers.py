"""Every Platform's table of answers: each has its source, and tells a person what to do now."""

import re
from datetime import date
from importlib import import_module

import pytest

from bot.platforms import REGISTRY
from bot.platforms.answers import Answer, Meaning, Source, Told, outcome_of
from bot.platforms.contract import NO_DETAIL, AccountBlocked, RateLimited, Refused, Unknown

DEMANDS = re.compile(
    r"\b(appeal|buy|change|check|connect|give|just wait|look|make|open|or wait|put|raise|send"
    r"|shorten|sign in|switch off|take|use)\b",
    re.IGNORECASE,
)
TODAY = date(2026, 11, 25)


def answers_of(name):
    """The rows of a Platform's table, and the shapes that stand beside it."""
    module = import_module(f"bot.platforms.{name}.answers")
    shapes = [value for value in vars(module).values() if isinstance(value, Answer)]
    assert len(shapes) >= 4
    return [*module.TABLE, *shapes]


EVERY = [
    pytest.param(name, answer, id=f"{name}: {answer.told.happened}"[:60])
    for name in sorted(REGISTRY)
    for answer in answers_of(name)
]


@pytest.mark.parametrize(("name", "answer"), EVERY)
def test_every_answer_names_its_source_and_the_day_it_was_read(name, answer):
    """A page of the vendor or a report in public; nobody has to believe us."""
    assert len(answer.source.where) > 5
    assert date(2026, 1, 1) < answer.source.read_on <= TODAY


@pytest.mark.parametrize(("name", "answer"), EVERY)
def test_every_answer_says_what_happened_and_what_to_do_now(name, answer):
    """In plain sentences, without a code in front, and without an exclamation."""
    assert DEMANDS.search(answer.told.then), answer.told
    for sentence in (answer.told.happened, answer.told.then):
        assert sentence.endswith(".")
        assert "!" not in sentence
        assert not sentence[0].isdigit()


@pytest.mark.parametrize(
    ("meaning", "kind"),
    [
        (Meaning.DUPLICATE, Refused),
        (Meaning.REFUSED, Refused),
        (Meaning.BLOCKED, AccountBlocked),
        (Meaning.LIMITED, RateLimited),
        (Meaning.UNCLEAR, Unknown),
    ],
)
def test_each_meaning_has_one_outcome(meaning, kind):
    """With the Platform's own words only where the content is to be changed."""
    answer = Answer(meaning, Told("It happened.", "Do this."), Source("a test", TODAY))
    outcome = outcome_of(answer, NO_DETAIL, said="Words.", until=None)
    assert type(outcome) is kind
    assert outcome.reason == "It happened. Do this." + " It said: Words." * (kind is Refused)
    assert getattr(outcome, "duplicate", False) is (meaning == Meaning.DUPLICATE)
