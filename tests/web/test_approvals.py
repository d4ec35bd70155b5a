"""Who must approve what: nobody, what volunteers write, two people; and somebody by a link."""

import re
import uuid
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from sqlalchemy import select

from bot.decisions import people as deciding
from bot.model.delivery import Decision, Hold
from bot.sandbox import Sandbox
from bot.web.trustee import LASTS

from .conftest import ROLES, by_cli, delivery_of, rule, tables, write
from .site import Site, Visitor, running, token_in

VOLUNTEER, APPROVER, STAFF, ADMIN = ROLES


def waits(site: Site, post: int) -> bool:
    """Whether somebody must approve it."""
    return Hold.APPROVAL in delivery_of(site, post).holds


def is_approved(site: Site, post: int) -> bool:
    row = delivery_of(site, post)
    return row.approved_digest == row.variant_digest


def newest(site: Site, post: int) -> Decision:
    """What was decided of it last."""
    with site.bot.store.read() as session:
        query = select(Decision).where(Decision.post_id == post).order_by(Decision.id.desc())
        return session.scalars(query.limit(1)).one()


def decide(visitor: Visitor, post: int, verb: str, **fields: str) -> str:
    """What is said after a decision."""
    answer = visitor.post(f"/decide/P{post}/{verb}", {"back": f"/posts/{post}", **fields})
    assert answer.status_code == 200
    return answer.text


def edit(visitor: Visitor, post: int, text: str) -> None:
    """Change the words, as the page does."""
    page = visitor.get(f"/posts/{post}/edit").text
    key = re.search(r"/compose/([0-9a-f-]{36})", page)[1]
    version = re.search(r'name="post_version" value="(\d+)"', page)[1]
    answer = visitor.post(
        f"/compose/{key}",
        {"text": text, "to": "x", "when": "next", "election": "no", "do": "queue",
         "post_id": str(post), "post_version": version},
    )  # fmt: skip
    assert answer.url.endswith(f"/posts/{post}"), answer.text


def words() -> str:
    return f"Words of {uuid.uuid4()}."


# The rules


@pytest.mark.parametrize(
    ("approval", "who", "expected"),
    [
        ("off", VOLUNTEER, False),
        ("off", APPROVER, False),
        ("volunteers", VOLUNTEER, True),
        ("volunteers", APPROVER, False),
        ("volunteers", ADMIN, False),
        ("two people", VOLUNTEER, True),
        ("two people", APPROVER, True),
        ("two people", ADMIN, True),
    ],
)
def test_the_rule_says_whose_posts_wait(
    site: Site, crew: dict[str, Visitor], approval: str, who: str, expected: bool
):
    rule(site, approval)
    post = write(crew[who], words())
    assert waits(site, post) is expected
    site.beat()
    assert delivery_of(site, post).state == ("held" if expected else "waiting")


def test_what_waits_never_goes_out(site: Site, crew: dict[str, Visitor]):
    rule(site, "volunteers")
    said = words()
    post = write(crew[VOLUNTEER], said, when="now", sure="yes")
    site.beat()
    assert said not in [entry.text for entry in site.sandbox.ledger.posts("x")]
    decide(crew[APPROVER], post, "approve")
    site.beat()
    assert [entry.text for entry in site.sandbox.ledger.posts("x")].count(said) == 1


def test_who_wrote_it_cannot_approve_it(site: Site, crew: dict[str, Visitor]):
    rule(site, "two people")
    post = write(crew[APPROVER], words())
    said = decide(crew[APPROVER], post, "approve")
    assert "somebody else must approve" in said
    assert waits(site, post)
    decide(crew[ADMIN], post, "approve")
    assert is_approved(site, post)
    assert not waits(site, post)


def test_nor_with_many_others_at_once(site: Site, crew: dict[str, Visitor]):
    rule(site, "two people")
    own, other = write(crew[APPROVER], words()), write(crew[ADMIN], words())
    targets = [("target", f"P{own}"), ("target", f"P{other}"), ("verb", "approve")]
    crew[APPROVER].post("/decide/several", targets)
    assert waits(site, own)
    assert is_approved(site, other)


def test_nor_after_they_became_an_approver(site: Site, named: str, crew: dict[str, Visitor]):
    rule(site, "volunteers")
    post = write(site.person(VOLUNTEER, named), words())
    deciding.change_role(by_cli(site), site.people[named], APPROVER)
    with site.bot.store.read() as session:
        actor = f"person:{site.people[named]}"
        assert session.scalars(select(Decision).where(Decision.actor == actor)).first()
    visitor = Visitor(site)
    fields = {"email": f"{named}@example.org", "password": "correct horse battery staple"}
    visitor.set_up_code(visitor.post("/login", fields, token=visitor.token("/login")))
    decide(visitor, post, "approve")
    assert waits(site, post)


def test_an_approvers_edit_needs_another_approver(site: Site, crew: dict[str, Visitor]):
    rule(site, "two people")
    post = write(crew[VOLUNTEER], words())
    edit(crew[APPROVER], post, words())
    decide(crew[APPROVER], post, "approve")
    assert waits(site, post)
    decide(crew[ADMIN], post, "approve")
    assert is_approved(site, post)


def test_changed_words_lose_the_approval(site: Site, crew: dict[str, Visitor]):
    rule(site, "volunteers")
    post = write(crew[VOLUNTEER], words())
    decide(crew[APPROVER], post, "approve")
    edit(crew[VOLUNTEER], post, words())
    assert waits(site, post)
    assert not is_approved(site, post)


def test_another_time_keeps_the_approval(site: Site, crew: dict[str, Visitor]):
    rule(site, "volunteers")
    post = write(crew[VOLUNTEER], words())
    decide(crew[APPROVER], post, "approve")
    before = delivery_of(site, post).due_at
    day = f"{site.bot.clock() + timedelta(days=40):%Y-%m-%d} 10:00"
    decide(crew[VOLUNTEER], post, "move", at=day)
    assert delivery_of(site, post).due_at != before
    assert is_approved(site, post)
    assert delivery_of(site, post).state == "waiting"


@pytest.mark.parametrize("way", ["move", "drag", "edit"])
@pytest.mark.parametrize("approval", ["off", "volunteers"])
def test_its_writer_does_not_end_the_hold_of_an_approver(
    site: Site, crew: dict[str, Visitor], approval: str, way: str
):
    rule(site, approval)
    post = write(crew[VOLUNTEER], words())
    if approval == "volunteers":
        decide(crew[APPROVER], post, "approve")
    decide(crew[APPROVER], post, "hold", reason="Not this week.")
    row = delivery_of(site, post)
    day = f"{site.bot.clock() + timedelta(days=40):%Y-%m-%d}"
    if way == "move":
        assert "an approver decides" in decide(crew[VOLUNTEER], post, "move", at=f"{day} 10:00")
    elif way == "drag":
        sent = {"delivery": str(row.id), "day": day}
        dragged = crew[VOLUNTEER].post("/calendar/move", sent, headers={"HX-Request": "true"})
        assert dragged.status_code == 409
        assert "an approver decides" in dragged.text
        # The same by the form below the days.
        assert "an approver decides" in crew[VOLUNTEER].post("/calendar/move", sent).text
    else:
        edit(crew[VOLUNTEER], post, words())
    assert delivery_of(site, post).state == "held"
    assert waits(site, post)


def test_alone_only_with_a_reason_and_where_nobody_else_could(sandbox: Sandbox, tmp_path: Path):
    with running(tmp_path, sandbox) as site:
        lone = site.person(ADMIN)
        rule(site, "two people")
        post = write(lone, words())
        decide(lone, post, "approve")
        assert waits(site, post)  # never by the ordinary button
        decide(lone, post, "approve-alone")
        assert waits(site, post)  # nor without a reason
        decide(lone, post, "approve-alone", reason="Everybody else is away.")
        assert is_approved(site, post)
        made = newest(site, post)
        assert (made.verb, made.reason) == ("approve alone", "Everybody else is away.")
        assert made.actor == f"person:{site.people[ADMIN]}"

        site.person(APPROVER)
        post = write(lone, words())
        decide(lone, post, "approve-alone", reason="Everybody else is away.")
        assert waits(site, post)


def test_every_decision_is_on_record_with_who_when_before_and_after(
    site: Site, crew: dict[str, Visitor]
):
    rule(site, "volunteers")
    post = write(crew[VOLUNTEER], words())
    at = f"{site.bot.clock() + timedelta(days=50):%Y-%m-%d} 11:00"
    story = (
        (APPROVER, "refuse", {"reason": "A name is wrong."}, "refuse"),
        (ADMIN, "approve", {}, "approve"),
        (VOLUNTEER, "move", {"at": at}, "release"),
        (APPROVER, "hold", {"reason": "Wait for the vote."}, "hold"),
        (APPROVER, "release", {}, "release"),
        (VOLUNTEER, "cancel", {}, "cancel"),
    )
    for who, verb, fields, noted in story:
        begun, before = site.bot.clock(), tables(site)["decision"]
        had = delivery_of(site, post)
        decide(crew[who], post, verb, **fields)
        made = newest(site, post)
        assert made.verb == noted
        assert made.actor == f"person:{site.people[who.title()]}"
        assert begun <= made.made_at <= site.bot.clock()
        assert (made.reason or "") == fields.get("reason", "")
        assert made.before["state"] == had.state
        assert made.after["state"] == delivery_of(site, post).state
        assert tables(site)["decision"][: len(before)] == before
    shown = crew[ADMIN].get("/record").text
    assert "A name is wrong." in shown


def test_what_was_written_is_on_record_before_and_after(site: Site, crew: dict[str, Visitor]):
    rule(site, "off")
    first, second = words(), words()
    post = write(crew[VOLUNTEER], first)
    edit(crew[VOLUNTEER], post, second)
    made = newest(site, post)
    assert made.verb == "edit"
    assert first in str(made.before)
    assert second in str(made.after)


# By a link


def link_to(visitor: Visitor, site: Site, post: int, name: str = "Ana") -> str:
    """The address a trustee gets."""
    answer = visitor.post(f"/deliveries/{delivery_of(site, post).id}/share", {"name": name})
    assert answer.status_code == 200, answer.text
    token = re.search(r'/ask/([^"<\s]+)', answer.text)[1]
    return f"{site.url}/ask/{token}"


@pytest.fixture
def asked(site: Site, crew: dict[str, Visitor]) -> tuple[int, str]:
    """A post that waits, and the link to it."""
    rule(site, "volunteers")
    post = write(crew[VOLUNTEER], words())
    return post, link_to(crew[APPROVER], site, post)


def answer(site: Site, link: str, **fields: str) -> int:
    """Press a button of the page behind the link, as somebody without an account."""
    trustee = Visitor(site)
    token = token_in(trustee.get(link).text) or trustee.token("/login")
    return trustee.post(link, fields, token=token).status_code


def test_opening_the_link_shows_the_words_and_spends_nothing(site: Site, asked: tuple[int, str]):
    post, link = asked
    before = tables(site)
    for _ in range(3):
        page = Visitor(site).get(link)
        assert "Words of" in page.text
        assert Visitor(site).http.head(link, timeout=30).status_code == 200
    assert tables(site) == before
    assert answer(site, link, do="approve") == 200
    assert is_approved(site, post)


def test_a_trustee_decides_once(site: Site, asked: tuple[int, str]):
    post, link = asked
    assert answer(site, link, do="approve") == 200
    made = newest(site, post)
    assert (made.verb, made.actor) == ("approve", "link:Ana")
    before = tables(site)
    assert answer(site, link, do="refuse", reason="No, after all.") == 410
    assert tables(site) == before
    assert "It is decided" in Visitor(site).get(link).text


def test_a_no_needs_a_reason_and_is_kept(site: Site, asked: tuple[int, str]):
    post, link = asked
    assert answer(site, link, do="refuse") == 422
    assert answer(site, link, do="refuse", reason="The date is wrong.") == 200
    assert waits(site, post)
    made = newest(site, post)
    assert (made.verb, made.actor, made.reason) == ("refuse", "link:Ana", "The date is wrong.")
    assert answer(site, link, do="approve") == 410
    assert waits(site, post)


def test_a_new_link_does_not_open_the_old_one_again(
    site: Site, crew: dict[str, Visitor], asked: tuple[int, str]
):
    post, link = asked
    answer(site, link, do="refuse", reason="The date is wrong.")
    again = link_to(crew[APPROVER], site, post, "Bea")
    assert answer(site, link, do="approve") == 410
    assert waits(site, post)
    assert answer(site, again, do="approve") == 200
    assert is_approved(site, post)


def test_the_link_ends_by_itself(site: Site, asked: tuple[int, str]):
    post, link = asked
    now = site.bot.clock()
    with time_machine.travel(now + LASTS - timedelta(minutes=1)):
        assert Visitor(site).get(link).status_code == 200
    with time_machine.travel(now + LASTS + timedelta(minutes=1)):
        assert Visitor(site).get(link).status_code == 410
        assert answer(site, link, do="approve") == 410
    assert waits(site, post)


def test_the_link_stands_for_these_words_alone(
    site: Site, crew: dict[str, Visitor], asked: tuple[int, str]
):
    post, link = asked
    edit(crew[VOLUNTEER], post, words())
    assert Visitor(site).get(link).status_code == 410
    assert answer(site, link, do="approve") == 410
    assert waits(site, post)


@pytest.mark.parametrize("bent", ["x", "cut", "calendar", "swapped"])
def test_a_link_made_up_opens_nothing(
    site: Site, crew: dict[str, Visitor], asked: tuple[int, str], bent: str
):
    post, link = asked
    token = link.rpartition("/")[2]
    page = crew[ADMIN].get("/calendar").text
    made = {
        "x": "x",
        "cut": token[:-4],
        "calendar": re.search(r"/calendar/([^/\"]+)\.ics", page)[1],
        "swapped": ".".join(["WzEsIngiLCJBbmEiLDBd", *token.split(".")[1:]]),
    }[bent]
    assert Visitor(site).get(f"/ask/{made}").status_code == 404
    assert answer(site, f"{site.url}/ask/{made}", do="approve") == 404
    assert waits(site, post)


def test_the_button_needs_the_token_of_its_page(site: Site, asked: tuple[int, str]):
    post, link = asked
    assert Visitor(site).post(link, {"do": "approve"}, token="").status_code == 400
    assert waits(site, post)


def test_nobody_gets_round_the_second_person_by_a_link_to_themselves(
    site: Site, crew: dict[str, Visitor]
):
    rule(site, "two people")
    post = write(crew[APPROVER], words())
    number = delivery_of(site, post).id
    refused = crew[APPROVER].post(f"/deliveries/{number}/share", {"name": "Ana"})
    assert refused.status_code == 409
    assert "/ask/" not in refused.text
    link = link_to(crew[ADMIN], site, post)
    assert answer(site, link, do="approve") == 200
    assert is_approved(site, post)
