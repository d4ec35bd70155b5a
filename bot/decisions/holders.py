"""Say who holds a thing outside the bot and who stands in; the names before are not kept."""

from collections.abc import Collection

from bot.decisions.record import Decider
from bot.errors import UsageError
from bot.store import answers

LONGEST = 200


def name(decider: Decider, thing: str, said: str, known: Collection[str]) -> None:
    """`PERSON/DEPUTY` for one thing; nothing after the = takes the names out."""
    if thing not in known:
        raise UsageError(f"“{thing[:40]}” is none of these: {', '.join(known)}.")
    person, _, deputy = (part.strip() for part in " ".join(said.split()).partition("/"))
    if max(len(person), len(deputy)) > LONGEST or (deputy and not person):
        raise UsageError("Write PERSON/DEPUTY: names or roles, 200 characters each at most.")
    with decider.store.write() as session:
        answers.forget(session, answers.HOLDER + thing)
        if person:
            kept = f"{person}/{deputy}"
            answers.add(session, answers.HOLDER + thing, kept, decider.actor, decider.clock())
        decider.note(session, "handover", after={"thing": thing})
