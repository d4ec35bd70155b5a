"""Filling a template: strict about fields, plain about values."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import PostInvalid
from bot.formatting.template import Field, Template, example_of, fill, filled, mistakes
from bot.formatting.text import tidy
from bot.model.written import Written

EVENT = Template(
    "event",
    "An event",
    {
        "what": Field("the event", "A vigil"),
        "where": Field("the place", "the embassy"),
        "access": Field("how accessible", "Step-free.", ""),
    },
    "{what}\n\nWhere: {where}\n\n{text}\n\n{access}\n\nAll are welcome.",
    {"x": "{what}\n{where}"},
    lines={"body": 20, "x": 12, "fields.what": 4},
)
LINES = {"template": 2, "fields": 3, "fields.what": 4, "fields.wher": 5, "body": 9}


def post(body="Come early.", **given):
    fields = {"what": "A vigil", "where": "the park"} | given
    chosen = {name: value for name, value in fields.items() if value is not None}
    return Written(body=body, template="event", fields=chosen, lines=LINES)


def test_the_words_of_the_template_stand_around_the_fields():
    """The text where it says so, other words for X."""
    made = filled(post(access="Step-free."), EVENT)

    assert (
        "A vigil\n\nWhere: the park\n\nCome early.\n\nStep-free.\n\nAll are welcome." == made.body
    )
    assert {"x": "A vigil\nthe park"} == made.texts


def test_a_line_whose_fields_are_all_empty_leaves_no_gap():
    """A field that may be left out, and was."""
    assert filled(post(), EVENT).body.endswith("Come early.\n\nAll are welcome.")


def test_line_breaks_of_a_value_are_kept_and_its_braces_mean_nothing():
    """What looks like a field in a value is words."""
    made = filled(post(what="One {where}\n\ntwo }} {{"), EVENT)

    assert made.body.startswith("One {where}\n\ntwo }} {{\n\nWhere: the park")


def test_a_brace_written_twice_is_one():
    """For the rare text that shows braces."""
    assert "{a} b" == fill("{{a}} {b}", {"b": "b"})


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1).filter(tidy))
def test_any_value_stands_there_as_it_was_written(value):
    """No sign of it is taken for the template's."""
    assert tidy(f"<{value}>") == fill("<{a}>", {"a": value})


def test_words_of_the_posts_own_for_a_platform_go_before_the_templates():
    """And nothing is put into them."""
    made = filled(replace(post(), texts={"x": "Short {what}."}), EVENT)

    assert {"x": "Short {what}."} == made.texts


@pytest.mark.parametrize(
    ("written", "line", "words"),
    [
        (post(where=None), 2, r"fields: where is missing \(the place\)"),
        (post(where=None, wher="here"), 5, r"wher is no field of event\. Did you mean where\?"),
        (post(zzz="here"), None, r"zzz is no field of event\. Known: what, where, access"),
        (post(text="here"), None, "text: stands below the second --- line"),
        (post(body=""), 2, "There is no text. The template event needs one"),
    ],
)
def test_every_mistake_of_a_post_is_named(written, line, words):
    """With its line, where there is one."""
    with pytest.raises(PostInvalid, match=words) as refused:
        filled(written, EVENT)
    if line:
        assert line == refused.value.line


def test_a_field_that_would_stand_nowhere_is_refused():
    """The post has words of its own where the template would put it."""
    template = replace(EVENT, body="{what} {access} {text}")
    with pytest.raises(PostInvalid, match="where: would stand nowhere"):
        filled(replace(post(), texts={"x": "Short."}), template)


def test_a_text_that_the_template_has_no_place_for_is_refused():
    """It would never be read."""
    with pytest.raises(PostInvalid, match="has no place for a text") as refused:
        filled(post(), replace(EVENT, body="{what} {where} {access}"))
    assert 9 == refused.value.line


def test_a_template_that_needs_a_link_says_so():
    """A petition without its link helps nobody."""
    needy = replace(EVENT, needs_link=True)
    with pytest.raises(PostInvalid, match="link: is missing"):
        filled(post(), needy)
    assert filled(replace(post(), link="https://example.org/"), needy).link


@pytest.mark.parametrize(
    ("body", "line", "words"),
    [
        ("{what}\n{wen} {where} {access} {text}", 21, r"\{wen\} is not one of its fields"),
        ("{what} {where} {access}\n\n{Where}", 22, r"Did you mean where\?"),
        ("{what} {where} {access} a } b", 20, "A } stands alone"),
        ("{what} {where} {access} a { b", 20, "A { stands alone"),
        ("{what}", None, "The field access stands in no text"),
    ],
)
def test_mistakes_of_a_template_are_named_with_their_line(body, line, words):
    """Before any post uses it, and when one does."""
    wrong = replace(EVENT, body=body)
    (found,) = mistakes(wrong)
    with pytest.raises(PostInvalid, match=rf"templates/event\.md.*{words}"):
        filled(post(), wrong)

    assert line == found[0]


def test_a_template_without_mistakes_has_none_and_its_examples_make_a_post():
    """What bot check shows of it."""
    assert [] == mistakes(EVENT)
    assert "Where: the embassy" in filled(example_of(EVENT), EVENT).body
