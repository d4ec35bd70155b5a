"""Where the group's own people stand in the database: named by one table, handed out, taken out."""

import json
from datetime import date, datetime

import pytest
from sqlalchemy import LargeBinary, String, Text, select

from bot.decisions import people as deciding
from bot.decisions.record import Decider
from bot.errors import NotAllowed, NotFound, UsageError
from bot.model.account import Account, Answer, Pause
from bot.model.base import Base
from bot.model.delivery import Decision, Delivery
from bot.model.person import Letter, Manuscript, Passkey, Person, SignIn
from bot.model.post import Post
from bot.model.review import Review
from bot.store import decisions, people, personal

EMAIL, NAME = "ana.perez@example.org", "Ana Pérez"
# Words that are neither who did it nor freely written, but for what is published.
NO_ACTOR = frozenset({"note", "reason", "said"})


def by(world, actor="cli:test"):
    return Decider(world.store, world.clock, actor)


@pytest.fixture
def ana(world):
    """Somebody with a row, or a word, in every place there is; and another admin."""
    deciding.invite(by(world), "ben@example.org", "admin", "Ben")
    person = deciding.invite(by(world), EMAIL, "admin", NAME)
    world.queue()
    now, me = world.clock(), person.actor
    with world.store.write() as session:
        delivery, post = (session.scalars(select(kind)).first() for kind in (Delivery, Post))
        post.author = post.worded_by = me
        account = session.get_one(Account, delivery.account_id)
        account.connected_by = me
        person = session.get_one(Person, person.id)
        person.password, person.tf_totp_secret = "hash-of-hers", "totp-of-hers"
        person.mf_recovery_codes, person.fs_webauthn_user_handle = ["code-of-hers"], "handle"
        session.add_all(
            [
                SignIn(
                    person_id=person.id,
                    secret_digest="digest-of-hers",
                    device="Firefox on Linux",
                    started_at=now,
                    seen_at=now,
                ),
                Passkey(
                    person_id=person.id,
                    name="her phone",
                    credential_id=b"id",
                    public_key=b"k",
                    device_type="single",
                    usage="first",
                    lastuse_datetime=now,
                ),
                Manuscript(
                    key="k",
                    person_id=person.id,
                    form={"text": "half a thought"},
                    created_at=now,
                    saved_at=now,
                ),
                Letter(person_id=person.id, week="2026-W47", claimed_at=now),
                Answer(question="contact", said=f"ask {NAME}, ok?", actor=me, answered_at=now),
                Pause(reason="x", actor=me, ended_by=NAME, started_at=now, ended_at=now),
                Review(
                    delivery_id=delivery.id, note=f"see {EMAIL.upper()}", reviewed_at=now, actor=me
                ),
            ]
        )
        note = {"note": f"{NAME} has the picture"}
        decisions.record(session, made_at=now, actor=me, verb="review", after=note)
        decisions.record(session, made_at=now, actor=EMAIL, verb="hold", reason=f"{NAME} asks")
    return person


def everything(world):
    """Every word of every table."""
    found = []
    with world.store.read() as session:
        for table in Base.metadata.sorted_tables:
            found += [str(tuple(row)) for row in session.execute(select(table))]
    return "\n".join(found)


def test_the_table_names_every_place_where_a_person_may_stand():
    """A new column that says who, or a new table of somebody's own, must be added to it."""
    own = {
        table.name
        for table in Base.metadata.sorted_tables
        for key in table.foreign_keys
        if key.column.table.name == "person"
    }
    who = {
        f"{table.name}.{column.name}"
        for table in Base.metadata.sorted_tables
        for column in table.columns
        if column.name in ("actor", "author", "approver") or column.name.endswith("_by")
    }
    free = {
        f"{table.name}.{column.name}"
        for table in Base.metadata.sorted_tables
        for column in table.columns
        if column.name in NO_ACTOR
        and ("actor" in table.columns or table.name == "decision")
        and isinstance(column.type, (String, Text))
    }
    assert own == {kind.__tablename__ for kind in personal.OWN.values()}
    assert who == {personal._name(column) for column in personal.ACTORS}
    assert free == {personal._name(column) for column in personal.FREE}


def test_what_is_held_is_handed_out_readable_and_opens_no_door(world, ana):
    """All of it, in words and times; of passwords, codes and keys only that they are there."""
    with world.store.read() as session:
        told = personal.export(session, people.get(session, ana.id))
    text = json.dumps(told, ensure_ascii=False)

    assert (EMAIL, NAME, "admin") == tuple(told["person"][key] for key in ("email", "name", "role"))
    assert "Firefox on Linux" == told["sign_ins"][0]["device"]
    assert "her phone" == told["passkeys"][0]["name"]
    assert {"text": "half a thought"} == told["drafts"][0]["form"]
    assert "2026-W47" == told["mails"][0]["week"]
    assert {"review", "hold"} == {one["verb"] for one in told["done"]["decision.actor"]}
    assert {"post.author", "post.worded_by", "account.connected_by", "pause.ended_by"} <= set(
        told["done"]
    )
    assert ["invite"] == [one["verb"] for one in told["decided_about"]]
    assert {"answer.said", "decision.reason", "review.note"} == {
        one["in"] for one in told["mentioned"]
    }
    assert personal.KEPT_HIDDEN == told["person"]["password"]
    for secret in ("hash-of-hers", "totp-of-hers", "code-of-hers", "digest-of-hers"):
        assert secret not in text


def test_who_is_forgotten_is_nowhere_and_their_decisions_keep_a_number(world, ana):
    """No name and no address in any table; what they decided is still somebody's."""
    assert NAME in everything(world)
    went = deciding.forget(by(world), ana.id)
    left = everything(world)

    for word in (EMAIL, NAME, "Pérez", "P\\u00e9rez", "half a thought", "Firefox", "her phone"):
        assert word.casefold() not in left.casefold()
    for secret in ("hash-of-hers", "totp-of-hers", "code-of-hers", "digest-of-hers", "handle"):
        assert secret not in left
    assert {"drafts": 1, "mails": 1, "passkeys": 1, "sign_ins": 1} == {
        name: rows for name, rows in went.items() if name != "names"
    }
    with world.store.read() as session:
        kept = session.scalars(select(Decision).where(Decision.actor == ana.actor)).all()
        assert {"review", "hold"} == {one.verb for one in kept}
        assert {"note": f"person {ana.id} has the picture"} in [one.after for one in kept]
        (last,) = session.scalars(select(Decision).where(Decision.verb == "forget"))
        assert ("cli:test", {"person": ana.id}) == (last.actor, last.after)
        assert f"person {ana.id}" == people.names(session)[ana.actor]
        assert ["Ben"] == [one.name for one in people.all_of(session)]
        assert people.by_email(session, f"person-{ana.id}@forgotten.invalid") is None


def test_a_number_is_never_given_again_and_nobody_comes_back_under_it(world, ana):
    """Else the decisions of one would become those of another."""
    deciding.forget(by(world), ana.id)
    anew = deciding.invite(by(world), EMAIL, "volunteer", NAME)

    assert anew.id != ana.id
    for again in (deciding.let_in, deciding.start_anew, deciding.forget, deciding.stop):
        with pytest.raises(NotFound):
            again(by(world), ana.id)
    with pytest.raises(UsageError):
        deciding.invite(by(world), f"person-{ana.id}@forgotten.invalid", "admin")


def test_a_name_that_two_people_have_is_taken_from_neither(world, ana):
    """What one of them typed may be the other's."""
    deciding.invite(by(world), "other@example.org", "volunteer", NAME.upper())
    deciding.forget(by(world), ana.id)

    assert f"{NAME} asks" in everything(world)
    assert EMAIL not in everything(world)


def test_the_last_admin_is_not_forgotten(world):
    """Somebody must be able to let others in."""
    only = deciding.invite(by(world), EMAIL, "admin", NAME)
    with pytest.raises(NotAllowed, match="last admin"):
        deciding.forget(by(world), only.id)
    assert NAME in everything(world)


def test_bytes_and_days_are_left_out_or_told_as_words():
    """What JSON cannot hold."""
    kinds = {type(column.type) for table in Base.metadata.sorted_tables for column in table.columns}
    assert LargeBinary in kinds
    assert {datetime, date, frozenset} == set(personal.SAID)
