"""Keep what a person answered to a question of set-up."""

from bot.decisions.record import Decider
from bot.store import answers


def answer(decider: Decider, question: str, said: str) -> None:
    """Note the answer; an earlier one stays in the record."""
    with decider.store.write() as session:
        before = answers.newest(session).get(question)
        answers.add(session, question, said, decider.actor, decider.clock())
        decider.note(
            session,
            "answer",
            before={question: before.said} if before else None,
            after={question: said},
        )
