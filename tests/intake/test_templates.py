"""The templates of a posts folder, and what waits when one is changed."""

import os
import re
import shutil
import textwrap
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.decisions.approve import approve
from bot.errors import PostInvalid
from bot.formatting.template import example_of, filled, mistakes
from bot.intake.postfile import parse
from bot.intake.refresh import Refresher
from bot.intake.templates import SETTLED_AFTER_SECONDS, Templates, template_of
from bot.model.written import Written

SHIPPED = Path(__file__).resolve().parents[2] / "posts"
NAMES = ["action", "article", "event", "petition", "quote"]
FRONT = "---\nfields:\n  what: {means: the event, example: A vigil}\n---\n"


@pytest.fixture
def templates(tmp_path):
    (tmp_path / "templates").mkdir()
    return Templates(tmp_path)


def write(templates, words, name="event", age=10.0, now=None):
    path = templates.root / "templates" / f"{name}.md"
    path.write_text(words, encoding="utf-8")
    moment = (now.timestamp() if now else path.stat().st_mtime) - age
    os.utime(path, (moment, moment))
    return path


def test_those_that_come_with_the_bot_are_right_and_their_examples_fit_everywhere(world):
    """In one post on X, with an imprint's worth of room."""
    shipped = Templates(SHIPPED)
    assert NAMES == [path.stem for path in shipped.paths()]
    for name in NAMES:
        template = shipped.named(name)
        assert [] == mistakes(template)
        written = replace(filled(example_of(template), template), template=None)
        for account in ("x", "facebook"):
            rendered = world.admission.drawn(account, written)
            assert (name, ()) == (name, rendered.errors)
        assert world.admission.drawn("x", written).weights[0] <= 280


def test_a_template_is_read_anew_when_its_file_changes(templates):
    """Nobody has to start the bot again."""
    write(templates, FRONT + "{what}!")
    before = templates.named("event").body
    write(templates, FRONT + "Come: {what}")

    assert ("{what}!", "Come: {what}") == (before, templates.named("event").body)


def test_a_name_that_is_none_is_answered_with_the_nearest(templates):
    """Or with all there are."""
    write(templates, FRONT + "{what}")
    write(templates, FRONT + "{what}", "petition")

    for name, words in (("evnt", "Did you mean event?"), ("zzz", "There are: event, petition")):
        with pytest.raises(PostInvalid, match=words):
            templates.named(name)


def test_a_link_that_leads_elsewhere_is_no_template(templates, tmp_path):
    """Nothing outside the folder is read."""
    (tmp_path / "secret").write_text(FRONT + "{what}", encoding="utf-8")
    (tmp_path / "templates" / "event.md").symlink_to(tmp_path / "secret")
    (tmp_path / "templates" / "pipe.md").mkdir()

    for name in ("event", "pipe"):
        with pytest.raises(PostInvalid, match="there is no template named"):
            templates.named(name)


@pytest.mark.parametrize(
    ("content", "line", "words"),
    [
        ("Just text {what}", 1, "begins with its settings"),
        ("---\nfeilds: {}\n---\nText", 2, "Did you mean fields:"),
        ("---\nat: next\n---\nText", 2, "at: is not known in a template"),
        ("---\nfields:\n  what: {means: a}\n---\nText", 3, "what: example: is missing"),
        ("---\nfields:\n  what: {example: a}\n---\nText", 3, "what: means: is missing"),
        ("---\nfields:\n  what: {exmple: a}\n---\nText", 3, "Did you mean example:"),
        ("---\nfields:\n  what-ever: {}\n---\nText", 3, "letters, digits and _ only"),
        ("---\nfields: [a]\n---\nText", 2, "name: value"),
        ("---\nlink: please\n---\nText", 2, "link: is required"),
        ("---\nname: An event\n---\n", 4, "There is no text"),
        ("---\nname: a\nname: b\n---\nText", 3, "stands there twice"),
    ],
)
def test_every_mistake_in_a_templates_settings_names_its_line(templates, content, line, words):
    """When it is checked, and when a post names it."""
    write(templates, content)
    with pytest.raises(PostInvalid, match=words) as refused:
        template_of("event", content.encode())
    assert line == refused.value.line
    with pytest.raises(PostInvalid, match=rf"templates/event.md, line {line}: .*{words}"):
        templates.named("event")


def test_a_change_is_noticed_once_and_not_while_the_file_is_being_written(templates, clock):
    """Half a template must not become anybody's words."""
    write(templates, FRONT + "{what}", now=clock())
    assert [False, False] == [templates.changed(clock()), templates.changed(clock())]
    clock.move(seconds=30)
    write(templates, FRONT + "{wh", now=clock(), age=SETTLED_AFTER_SECONDS / 2)
    assert not templates.changed(clock())
    clock.move(seconds=SETTLED_AFTER_SECONDS)
    assert [True, False] == [templates.changed(clock()), templates.changed(clock())]
    (templates.root / "templates" / "event.md").unlink()
    assert templates.changed(clock())


@pytest.fixture
def staged(world, templates):
    """A post made with a template waits on X."""
    write(templates, FRONT + "{what}. Come!")
    world.template = templates.named
    delivery = world.queue("", template="event", fields={"what": "A vigil"}, at=None)
    assert ["A vigil. Come!"] == [part.text for part in world.parts(delivery)]
    return delivery


def refresh(world):
    return Refresher(world.store, world.admission).refresh()


def test_a_changed_template_words_anew_what_nobody_has_approved(world, templates, staged):
    """And nothing else of it."""
    write(templates, FRONT + "{what}. Bring a friend.")

    assert (1, 0) == (refresh(world), refresh(world))
    assert ["A vigil. Bring a friend."] == [part.text for part in world.parts(staged)]


def test_what_was_approved_keeps_its_words(world, templates, staged):
    """Exactly those."""
    approve(world.decider(), "P1")
    write(templates, FRONT + "{what}. Bring a friend.")

    assert 0 == refresh(world)
    assert ["A vigil. Come!"] == [part.text for part in world.parts(staged)]


@pytest.mark.parametrize("change", ["broken", "gone", "another field", "too long"])
def test_a_template_that_cannot_word_it_any_more_leaves_it_its_words(
    world, templates, staged, change
):
    """They were right when they were written."""
    words = {
        "broken": FRONT + "{wha}",
        "another field": FRONT.replace("what", "who") + "{who}",
        "too long": FRONT + "{what} " + "and on " * 60,
    }
    if change == "gone":
        shutil.rmtree(templates.root / "templates")
    else:
        write(templates, words[change])

    assert 0 == refresh(world)
    assert (["A vigil. Come!"], "waiting") == (
        [part.text for part in world.parts(staged)],
        world.state(staged),
    )


def test_the_same_post_made_twice_is_noticed_by_its_words(world, staged):
    """However they came about."""
    with pytest.raises(PostInvalid, match="Same as P1 on X"):
        world.queue("A vigil. Come!")


def test_a_post_says_at_which_line_its_template_is_wrong(world, templates):
    """The template's name stands in the file; what is wrong stands elsewhere."""
    write(templates, FRONT + "{wha}")
    world.template = templates.named
    written = Written(body="", template="event", fields={"what": "A"}, lines={"template": 2})
    with pytest.raises(PostInvalid, match=r"templates/event\.md, line 5: \{wha\}") as refused:
        world.admission.filled(written)
    assert 2 == refused.value.line


def test_a_day_of_an_event_that_is_over_is_pointed_out_through_the_template(world, templates):
    """The same lint as for any post."""
    write(templates, FRONT + "{what}")
    world.template = templates.named
    when = (world.clock() - timedelta(days=3)).strftime("%A %d %B %Y")
    written = Written(body="", template="event", fields={"what": f"Come on {when}."})

    assert any(
        "over" in remark.said or "past" in remark.said
        for remark in world.admission.drawn("x", written).remarks
    )


def samples():
    """What docs/volunteers.md shows: blocks of indented lines that begin with settings."""
    page = (SHIPPED.parent / "docs" / "volunteers.md").read_text(encoding="utf-8")
    blocks = re.findall(r"(?:^(?:    .*)?\n)+", page, re.MULTILINE)
    texts = [textwrap.dedent(block).strip("\n") for block in blocks]
    return [text for text in texts if text.startswith("---\n")]


def test_what_the_page_for_volunteers_shows_works_as_it_stands(world, templates):
    """Whoever copies it gets what it says."""
    world.template = Templates(SHIPPED).named
    own = [text for text in samples() if "means:" in text]
    posts = [text for text in samples() if text not in own]
    for text in posts:
        written = parse(text.encode())
        assert not world.admission.drawn("x", written).errors
        assert world.admission.times(written)
    (talk,) = (template_of("talk", text.encode()) for text in own)
    made = filled(example_of(talk), talk)

    assert [] == mistakes(talk)
    assert "Soup and bread" in made.body
    for name in ("template", "every"):
        assert any(f"\n{name}: " in text for text in posts)


@pytest.mark.parametrize("name", ["a-vigil", "write-every-two-weeks"])
def test_the_example_posts_are_right(world, name):
    """Every wording of them, on both accounts."""
    world.template = Templates(SHIPPED).named
    written = parse((SHIPPED / "examples" / "forms" / f"{name}.md").read_bytes())
    for account in ("x", "facebook"):
        drawn = [world.admission.drawn(account, written)]
        drawn += world.admission.later_drawn(account, written)
        assert [()] * (3 if written.every else 1) == [one.errors for one in drawn]
