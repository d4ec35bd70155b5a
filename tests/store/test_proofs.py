"""The proof of what went out: written with it, once, and kept as it was."""

from sqlalchemy import update

from bot.decisions.approve import approve
from bot.decisions.resolve import Answer, resolve
from bot.model.delivery import Part
from bot.platforms.contract import Unknown
from bot.reports import imprints

THREAD = "One half of what we say. " * 9 + "\n\n" + "The other half of it. " * 9


def proven(world):
    with world.store.read() as session:
        return imprints.rows(session)


def test_every_part_that_goes_out_is_proven_with_its_words_and_approver(world):
    """Bytes, place, reason, remote id, time and who approved."""
    delivery_id = world.queue(THREAD, thread=True)
    world.change(
        delivery_id, imprint="Promoted by L, L.", imprint_place="post", imprint_reason="why"
    )
    approve(world.decider(actor="rosa"), str(delivery_id))
    world.send_due()
    first, second = proven(world)

    assert world.x.texts() == [first["text"], second["text"]]
    assert ("post", "why", "rosa", 1, 2) == (
        first["place"],
        first["reason"],
        first["approver"],
        first["part"],
        second["part"],
    )
    assert [one.remote_id for one in world.x.ledger] == [first["remote_id"], second["remote_id"]]


def test_what_a_look_or_a_person_finds_is_proven_too(world):
    """However we learn that it is out."""
    world.x.script.append(Unknown("cut"))
    delivery_id = world.queue()
    world.send_due()
    assert [] == proven(world)
    resolve(world.decider(), str(delivery_id), Answer.SENT, "https://example.org/status/7", "7")

    assert ["7"] == [row["remote_id"] for row in proven(world)]


def test_a_later_change_of_the_part_does_not_touch_the_proof(world):
    """The copy is the record."""
    world.queue("The words that went out.")
    world.send_due()
    with world.store.write() as session:
        session.execute(update(Part).values(text="other words"))

    assert ["The words that went out."] == [row["text"] for row in proven(world)]
