"""What people do on the pages beside writing: each through its own form, to its effect."""

from pathlib import Path

import pytest
from icalendar import Calendar
from world import HandClock

from bot.model.delivery import State
from bot.sandbox import Sandbox
from bot.store import deliveries, posts

from .conftest import delivery_of, rule, write
from .site import Site, Visitor, running


@pytest.fixture(scope="module", autouse=True)
def off(site: Site) -> None:
    """Nobody has to approve."""
    rule(site, "off")


@pytest.fixture
def volunteer(crew: dict[str, Visitor]) -> Visitor:
    return crew["volunteer"]


@pytest.fixture
def approver(crew: dict[str, Visitor]) -> Visitor:
    return crew["approver"]


def public(site: Site, remote_id: str) -> bool:
    """Whether the platform shows it."""
    return site.sandbox.ledger.live("x", remote_id) is not None


def test_its_author_takes_a_sent_post_down_and_says_why(site: Site, volunteer: Visitor):
    """Without a reason it stays; with one it is gone there, and the record has both."""
    post_id = write(volunteer, "A march that was called off.", when="now", sure="yes")
    site.beat()
    row = delivery_of(site, post_id)
    assert State.SENT == row.state
    with site.bot.store.read() as session:
        (part,) = deliveries.parts(session, row.id)
    path = f"/decide/{row.id}/take-down"

    assert "Say why" in volunteer.post(path, {"back": f"/posts/{post_id}"}).text
    assert public(site, part.remote_id)
    page = volunteer.post(path, {"reason": "It was called off", "back": f"/posts/{post_id}"})

    assert "It is gone from X." in page.text
    assert not public(site, part.remote_id)
    assert delivery_of(site, post_id).gone_at is not None
    assert "took it down" in page.text
    assert "It was called off" in page.text


def test_a_quiet_time_is_set_shown_and_taken_back(approver: Visitor):
    """The calendar shows it on its days."""
    sent = {"from": "24/12/2030", "until": "26/12/2030", "reason": "Christmas with the family"}

    page = approver.post("/quiet-times", sent)

    assert "Set. Nothing goes out until Friday 27 December 2030, 00:00." in page.text
    december = "/calendar?day=2030-12-01"
    assert "Christmas with the family" in approver.get(december).text
    number = page.text.split("/quiet-times/")[1].split("/remove")[0]
    assert "Taken back." in approver.post(f"/quiet-times/{number}/remove").text
    assert "Christmas with the family" not in approver.get(december).text


def test_what_makes_no_sense_as_a_quiet_time_is_told(approver: Visitor):
    """It would end before it begins."""
    sent = {"from": "26/12/2030", "until": "24/12/2030", "reason": "Christmas"}

    assert "before it begins" in approver.post("/quiet-times", sent).text


def test_the_same_again_is_a_draft_with_its_words(site: Site, volunteer: Visitor):
    """The post itself stays as it is."""
    post_id = write(volunteer, "The same every year: we meet on the bridge.", campaign="bridges")

    page = volunteer.post(f"/posts/{post_id}/duplicate")

    assert "/compose/" in page.url
    assert "The same every year: we meet on the bridge." in page.text
    assert 'value="bridges"' in page.text
    assert State.WAITING == delivery_of(site, post_id).state


def test_neighbours_in_the_queue_change_places(site: Site, volunteer: Visitor, approver: Visitor):
    """Only for those who decide, as somebody else's post moves with it."""
    first = write(volunteer, "The first of two that take free times.")
    second = write(volunteer, "The second of two that take free times.")
    was = delivery_of(site, first).due_at, delivery_of(site, second).due_at
    path = f"/decide/{delivery_of(site, second).id}/earlier"

    assert 403 == volunteer.post(path, {"back": "/queue"}).status_code
    approver.post(path, {"back": "/queue"})

    assert was == (delivery_of(site, second).due_at, delivery_of(site, first).due_at)


def test_a_subscription_has_what_goes_out_and_ends_with_the_password(
    site: Site, volunteer: Visitor
):
    """A calendar program signs in nowhere; the address is its key."""
    write(volunteer, "Seen in everybody's own calendar, commas; and all.")
    page = volunteer.get("/calendar").text
    address = page.split('id="ics" readonly value="')[1].split('"')[0]
    path = "/" + address.split("/", 3)[3]

    answer = Visitor(site).get(path)

    assert "text/calendar" in answer.headers["Content-Type"]
    events = Calendar.from_ical(answer.text).walk("VEVENT")
    words = [str(event["DESCRIPTION"]) for event in events]
    assert "Seen in everybody's own calendar, commas; and all." in words
    assert 404 == Visitor(site).get(path.replace(".ics", "x.ics")).status_code


def test_a_list_is_remembered_where_somebody_likes_it_better(volunteer: Visitor):
    """And the calendar again."""
    page = volunteer.post("/calendar/view", {"as": "list"})
    assert "Show it as a calendar" in page.text
    assert "Show it as a calendar" in volunteer.get("/calendar").text

    assert "Show it as a list" in volunteer.post("/calendar/view", {"as": "grid"}).text


@pytest.mark.parametrize(("verb", "state"), [("accept", "waiting"), ("dismiss", "cancelled")])
def test_an_article_is_accepted_or_dismissed(tmp_path: Path, verb: str, state: str):
    """It waits for its review until then."""
    clock = HandClock()
    with (
        Sandbox(clock=clock) as sandbox,
        running(tmp_path, sandbox, clock, FETCH_ALLOW_HOSTS="127.0.0.1") as site,
    ):
        admin = site.person("admin", "Ada")
        admin.post("/feeds", {"url": sandbox.feed_url, "name": "news"})
        clock.move(minutes=1)
        title = "River defenders freed in Honduras"
        sandbox.add_article(title, summary="Families sang outside the court all night.")
        assert "New articles: 1." in admin.post("/feeds/news/read").text
        assert title in admin.get("/articles").text
        with site.bot.store.read() as session:
            (post,) = posts.by_source(session, "feed")

        page = admin.post(f"/articles/{post.id}/{verb}")

        assert title not in page.text
        with site.bot.store.read() as session:
            assert {state} == {row.state for row in deliveries.of_post(session, post.id)}


def test_a_template_is_filled_field_by_field(site: Site, volunteer: Visitor):
    """What is missing is said, and what was filled in is the post."""
    folder = site.folder / "posts" / "templates"
    folder.mkdir(exist_ok=True)
    (folder / "vigil.md").write_text(
        "---\nname: A vigil\nfields:\n  where: {means: the place, example: Trafalgar Square}\n"
        "---\nWe hold a vigil at {where}. Bring a candle.\n"
    )
    page = volunteer.get("/compose")
    assert "A vigil" in page.text
    key = page.text.split('data-key="')[1].split('"')[0]
    given = {"template": "vigil", "text": "", "when": "next", "to": "x", "election": "no"}

    asked = volunteer.post(f"/compose/{key}", {**given, "do": "look"})
    assert 'name="fields.where"' in asked.text
    missing = volunteer.post(f"/compose/{key}", {**given, "do": "queue"})
    assert 422 == missing.status_code
    filled = {**given, "fields.where": "Plaza Mayor", "do": "queue"}

    assert (
        "We hold a vigil at Plaza Mayor. Bring a candle."
        in volunteer.post(f"/compose/{key}", filled).text
    )
