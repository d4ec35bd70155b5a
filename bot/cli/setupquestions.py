"""Asks the questions of set-up at a terminal, or says how to answer them where there is none."""

import sys
from collections.abc import Mapping

import click

from bot.accounts import questions
from bot.accounts.questions import Question
from bot.cli import screen
from bot.cli.door import Door
from bot.decisions.answer import answer
from bot.decisions.record import Decider
from bot.errors import UsageError
from bot.store import answers
from bot.wiring import Bot

NO_ADVICE = (
    "Legal information, no advice. Where you are not sure, answer unsure: the bot then keeps to "
    "the careful side."
)


def read(typed: str) -> tuple[str, str]:
    """`registered=no` as a question's key and an answer it takes."""
    key, equals, said = typed.partition("=")
    if not equals:
        raise UsageError(f"--answer {typed[:60]}: write it such as registered=no.")
    return key.strip(), questions.accepted(key.strip(), said)


def ask(
    door: Door, bot: Bot, decider: Decider, typed: Mapping[str, str], *, is_needed: bool
) -> None:
    """Keep what was typed, ask what is open where somebody can answer, and propose a mode."""
    for key, said in typed.items():
        answer(decider, key, said)
    known = _known(bot)
    left = questions.still_open(known)
    if not is_needed and not typed:
        return
    if left and is_needed and sys.stdin.isatty():
        screen.heading(door, f"{len(left)} questions, asked once")
        door.say(f"  {NO_ADVICE}")
        for question in left:
            answer(decider, question.key, _asked(question))
        left, known = [], _known(bot)
    if left:
        screen.heading(door, "Questions that are open")
        door.say(f"  {NO_ADVICE}")
        for question in left:
            door.say(f"  {question.key}: {question.asks}")
            door.say(f"    {question.because}")
        door.say(f"  Answer each so: bot init --answer {left[0].key}={_example(left[0])}")
        return
    mode, why = questions.proposed_mode(known)
    door.say(f"All questions are answered. They propose IMPRINT_MODE={mode}. {why}")


def _known(bot: Bot) -> dict[str, str]:
    with bot.store.read() as session:
        return {key: row.said for key, row in answers.newest(session).items()}


def _example(question: Question) -> str:
    return question.takes[-1] if question.takes else '"..."'


def _asked(question: Question) -> str:
    click.echo(f"\n{question.asks}\n  {question.because}")
    choices = f" ({', '.join(question.takes)})" if question.takes else ""
    while True:
        said: str = click.prompt(f"  Your answer{choices}")
        try:
            return questions.accepted(question.key, said)
        except UsageError as error:
            click.echo(f"  {error}")
