"""Reading one post file: what is accepted, and every mistake with its line."""

from datetime import datetime

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.errors import PostInvalid
from bot.intake.postfile import FIELDS, MAX_FILE_BYTES, parse
from bot.model.written import Written


def of(front, body="The text."):
    return parse(f"---\n{front}\n---\n{body}\n".encode())


def test_a_whole_file_is_read_as_it_was_written():
    """Every field that can be used today."""
    written = of(
        "to: [x, facebook]  # both\n"
        "at: 1/12/2026 18:30\n"
        "expires: 2026-12-02 22:00\n"
        "too_late: 30m\n"
        "campaign: honduras\n"
        "labels: [spyware, 'no: really']\n"
        "link: https://example.org/article#part\n"
        "thread: yes\nurgent: no\nelection: unsure\nagain: on\n"
        "x: |\n  a shorter text\n  for X only #Honduras\n"
        'facebook: "a longer one: #Honduras"',
        "The text.\n\n---\n\nA line of dashes stays.  ",
    )

    assert (
        Written(
            body="The text.\n\n---\n\nA line of dashes stays.",
            to=("x", "facebook"),
            timing="typed",
            at=datetime(2026, 12, 1, 18, 30),
            expires=datetime(2026, 12, 2, 22, 0),
            too_late_seconds=1800,
            campaign="honduras",
            labels=("spyware", "no: really"),
            link="https://example.org/article#part",
            thread=True,
            again=True,
            texts={
                "x": "a shorter text\nfor X only #Honduras",
                "facebook": "a longer one: #Honduras",
            },
        )
        == written
    )


def test_a_post_that_recurs_has_its_wordings_in_its_text():
    """What was typed is kept in one way of writing it."""
    written = of("every: Every 2 Weeks\nuntil: 31/3/2027", "One.\n***\nTwo.")

    assert ("2 weeks", "2027-03-31") == (written.every, written.until)
    assert "One.\n***\nTwo." == written.body


def test_wordings_may_stand_in_the_words_of_the_platforms_it_goes_to_alone():
    """A platform that the post is not for needs none."""
    front = "to: x\nevery: month\nuntil: 2027-03-31\nx: |\n  One.\n  ***\n  Two."

    assert "One.\n***\nTwo." == of(front, "").texts["x"]


def test_wordings_that_say_the_same_are_refused():
    """X would refuse them; capitals and blanks make no difference."""
    with pytest.raises(PostInvalid, match="two of the wordings say the same") as refused:
        of("every: week\nuntil: 2027-03-31", "No to the coup.\n***\nNO to the  coup!")
    assert 5 == refused.value.line


def test_fields_keep_their_line_breaks_and_know_their_lines():
    """As plain text, whatever stands in them."""
    written = of("template: Event\nfields:\n  what: A vigil\n  where: |\n    One {x}\n    two", "")

    assert {"what": "A vigil", "where": "One {x}\ntwo"} == written.fields
    assert ("event", 4, 5) == (
        written.template,
        written.lines["fields.what"],
        written.lines["fields.where"],
    )


def test_text_alone_is_a_post():
    """At the next free slot, to every account."""
    assert Written(body="Hands off Honduras. #Honduras") == parse(
        b"\xef\xbb\xbfHands off Honduras. #Honduras\r\n"
    )
    assert Written(body="Words") == parse(b"---\n---\nWords")


@pytest.mark.parametrize(("word", "timing"), [("next", "next"), ("NOW", "now")])
def test_next_and_now_are_words(word, timing):
    """However they are written."""
    assert (timing, None) == (of(f"at: {word}").timing, of(f"at: {word}").at)


def test_blank_lines_before_the_settings_do_not_make_them_text():
    """Else the settings would be published; lines are counted all the same."""
    assert "honduras" == parse(b"\n \n---\ncampaign: honduras\n---\nText").campaign
    with pytest.raises(PostInvalid) as refused:
        parse(b"\n\n---\ncampain: honduras\n---\nText")
    assert 4 == refused.value.line


def test_countries_and_truths_stay_words():
    """Norway is no `no`."""
    assert ("no", "yes", "1.10") == of("labels: [no, yes, 1.10]").labels
    assert "on" == of("campaign: on").campaign


MISTAKES = [
    ("colon: in value: here", 2, "cannot be read"),
    ("\tcampaign: honduras", 2, "There is a tab here. Use spaces."),
    ("x: |\n\tshort", 3, "There is a tab here. Use spaces."),
    ("campaign: a: b", 2, "quotation marks"),
    ("thread: yes\ncampaign: &a b", 3, "quotation marks"),
    ("campaign: *a", 2, "quotation marks"),
    ("campaign: !!python/object:os.system x", 2, "quotation marks"),
    ("thread: yes\nthread: no", 3, "thread: stands there twice"),
    ("campain: honduras", 2, "Did you mean campaign:"),
    ("colour: red", 2, "Known:"),
    ("at: 18:30", 2, "is not a date"),
    ("at: 2026-02-31 10:00", 2, "31 February 2026 does not exist"),
    ("at: 2026-12-01", 2, "no time of day"),
    ("at: tomorrow", 2, "is not a date"),
    ("at: [2026-12-01 10:00]", 2, "One value"),
    ("expires: 12/31/2026 10:00", 2, "no month 31"),
    ("too_late: soon", 2, "too_late: “soon” is not a length of time. Write 30m or 2h."),
    ("too_late: 3 hours", 2, "too_late: “3 hours” is not a length of time. Write 30m or 2h."),
    ("medias: a.jpg", 2, "Did you mean media:?"),
    ("lang: klingon", 2, "Others need no mark"),
    ("weather: fair", 2, "Known: again, at, campaign, election"),
    ("labours: red", 2, "Known:"),
    ("picture: a.jpg", 2, "Did you mean media:?"),
    ("Photo: a.jpg", 2, "Did you mean media:?"),
    ("image: a.jpg", 2, "Did you mean media:?"),
    ("time: 2026-12-01 18:30", 2, "Did you mean at:"),
    ("date: 2026-12-01 18:30", 2, "Did you mean at:"),
    ("when: next", 2, "Did you mean at:"),
    ("text: Hello", 2, "The text goes below the second --- line."),
    ("to: all", 2, "“all” is not an account. Take the line out"),
    ("at: 2026-12-01 18.30", 2, "Write the time with a colon: 18:30."),
    ("at: 18.30", 2, "Write the time with a colon: 18:30."),
    ("at: 1/12/2026 8:30am", 2, "Write the time with a colon: 08:30."),
    ("at: 1/12/2026 6 p.m.", 2, "Write the time with a colon: 18:00."),
    ("at: 1.12.2026", 2, "is not a date"),
    ("at: 2026-12-01 28.30", 2, "is not a date"),
    ("too_late: 99999999999999999999d", 2, "too_late: .*ten years"),
    ("link: example.org", 2, "not a web address"),
    ("link: javascript:alert(1)", 2, "not a web address"),
    ("link: https://a b", 2, "not a web address"),
    (f"link: https://a.org/{'a' * 2000}", 2, "2,000"),
    ("thread: maybe", 2, "neither yes nor no"),
    ("election: perhaps", 2, "yes, no or unsure"),
    (f"campaign: {'a' * 101}", 2, "At most 100"),
    (f"labels: [{'a' * 101}]", 2, "at most 100"),
    ("labels: ','", 2, "One word at least"),
    ("to: []", 2, "One word at least"),
    ("to:", 2, "to: has no value"),
    ("campaign:", 2, "campaign: has no value"),
    ("thread: yes\nlabels: #spyware", 3, "would be lost"),
    ("x: Come to the march #Honduras", 2, "would be lost"),
    ("x: Come to\n  the march #Honduras", 3, "would be lost"),
    ("x: ' '", 2, "x: has no text"),
    ("x: [a, b]", 2, "One value"),
    ("x: {a: b}", 2, "One value"),
    ("[a, b]: c", 2, "One value"),
    ("- a\n- b", 2, "name: value"),
    ("just words", 2, "name: value"),
    ("media: [{file: a.jpg, weather: fair}]", 2, "media"),
    ("template: a/b", 2, "no template's name"),
    ("template: [a]", 2, "One value"),
    ("fields: {a: b}", 2, "fields: belongs to a template"),
    ("template: event\nfields: here", 3, "name: value"),
    ("template: event\nfields:\n  what:", 4, "what: has no value"),
    ("template: event\nfields: {a: b, A: c}", 3, "a: stands there twice"),
    ("template: event\nfields: {a: [b]}", 3, "One value"),
    ("fieldz: {a: b}", 2, "Did you mean fields:"),
    ("every: 2 weeks", 2, "Add a line such as until:"),
    ("every: fortnight\nuntil: 2027-03-31", 2, "does not say how often"),
    ("until: 2026-12-01", 2, "until: goes with every:"),
    ("every: week\nuntil: 2027-03-31 18:00", 3, "without a time"),
    ("every: week\nuntil: 2027-03-31\nat: now", 4, "at: now does not go with every:"),
    ("every: week\nuntil: 2027-03-31\nexpires: 2027-03-31 18:00", 4, "until: is the last day"),
    ("every: week\nuntil: 2027-03-31", 5, "two wordings at least"),
    ("every: week\nuntil: 2027-03-31\nx: |\n  A\n  ***\n  B", 9, "two wordings at least"),
    ("utm: perhaps", 2, "neither yes nor no"),
    ("numbering: 1 of 3", 2, "1/3"),
    ("link_part: 0", 2, "first, last"),
    ("a: " + "[" * 900 + "]" * 900, 1, "brackets"),
    ("a: [" + "b, " * 1500 + "]", 1, "too many settings"),
    ("a: {" * 40, None, "."),
    (r'x: "null \0 here"', 2, "invisible control"),
    (r'campaign: "half a rose \ud83c"', 2, "invisible control"),
]


@pytest.mark.parametrize(("front", "line", "words"), MISTAKES)
def test_every_mistake_names_its_line_and_what_to_write(front, line, words):
    """The traps of YAML among them."""
    with pytest.raises(PostInvalid, match=words) as refused:
        of(front)

    assert line is None or line == refused.value.line


@pytest.mark.parametrize(
    ("content", "line", "words"),
    [
        (b"", 1, "The file is empty."),
        (b" \n\n", 1, "The file is empty."),
        (b"to: x\n\nText", 1, "Put a line --- above the settings and another below them."),
        (b"\nAt : now\nText", 2, "looks like a setting"),
        (b"X: short\n---\nText", 1, "looks like a setting"),
        (b"facebook: long", 1, "looks like a setting"),
        (b"media: a.jpg", 1, "looks like a setting"),
        (b"---\nto: x\n----\nText.", 3, "exactly ---"),
        ("---\nto: x\n—\nText.".encode(), 3, "exactly ---"),
        (b"---\nto: x\n---\n \n", 4, "no text"),
        (b"---\nto: x\nThe text.", 1, "Put a line --- between the settings and the text."),
        ("—\nto: x\n---\nText".encode(), 1, "exactly ---"),
        (b"--\nto: x\n--\nText", 1, "exactly ---"),
        (b"----\nto: x\n---\nText", 1, "exactly ---"),
        (b"One.\nBogot\xe1\n", 2, "UTF-8"),
        ("Hola".encode("utf-16"), 1, "UTF-8"),
        (b"One.\nTwo\x00\n", 2, "invisible control"),
        (b"One.\nTwo\x0cThree\n", 2, "invisible control"),
        ("One.\nTwo\x85\n".encode(), 2, "invisible control"),
        (b"One.\n\nTwo\x1b[31m\n", 3, "invisible control"),
        (b"a" * (MAX_FILE_BYTES + 1), None, "262,144"),
    ],
)
def test_a_file_that_is_no_post_says_why_and_where(content, line, words):
    """Encoding, control signs, fences, size."""
    with pytest.raises(PostInvalid, match=words) as refused:
        parse(content)

    assert line == refused.value.line


def test_a_tab_and_every_script_are_fine_in_the_text():
    """Only control signs are refused."""
    text = "Qué\tviva \u0627\u0644\u0634\u0639\u0628 \U0001f339\u200d\u2764\ufe0f"

    assert text == parse(text.encode()).body


def test_keys_and_accounts_may_be_written_in_capitals():
    """Phones begin every line with one."""
    assert ("x", "facebook") == of("To: X, Facebook").to
    assert ("now", {"x": "Hello"}) == (of("At: now").timing, of("X: Hello").texts)
    with pytest.raises(PostInvalid, match="at: stands there twice"):
        of("at: now\nAt: next")


@pytest.mark.parametrize("marks", ['""', "''", "“”", "‘’", "'\"\"'"])
def test_quotation_marks_around_a_time_do_no_harm(marks):
    """Straight or curly, as a word processor makes them."""
    half = len(marks) // 2
    typed = f"at: {marks[:half]}2026-12-01 18:30{marks[half:]}"

    assert datetime(2026, 12, 1, 18, 30) == of(typed).at


def test_a_text_that_only_begins_with_a_word_and_a_colon_is_a_text():
    """No setting goes by that name."""
    assert "Honduras: hands off!" == parse(b"Honduras: hands off!").body


def check(content):
    try:
        found = parse(content)
    except PostInvalid as error:
        found = error
    if isinstance(found, PostInvalid):
        assert found.reason
        assert found.line is None or 1 <= found.line <= content.count(b"\n") * 2 + 3
    else:
        assert isinstance(found, Written)


@given(st.binary(max_size=300))
@example(b"---\n? [")
@example(b"---\n%YAML 9\n---\n")
def test_no_bytes_raise_anything_but_post_invalid(content):
    """Whatever lies in the folder, the rest goes on."""
    check(content)


@given(
    st.lists(
        st.tuples(
            st.sampled_from([*FIELDS, "at", "x", "facebook", "media"]),
            st.one_of(
                st.text(max_size=30),
                st.text(alphabet="0123456789-/: T[]{}&*!|>'\"#,ymdhsno\n\t", max_size=30),
            ),
        ),
        max_size=6,
    ),
    st.text(max_size=60),
)
def test_no_settings_raise_anything_but_post_invalid(fields, body):
    """Known names with any values."""
    front = "\n".join(f"{name}: {value}" for name, value in fields)
    check(f"---\n{front}\n---\n{body}".encode("utf-8", "replace"))


@given(st.text(alphabet=st.characters(exclude_categories=["C", "Zl", "Zp"]), max_size=80))
def test_a_quoted_text_goes_through_unchanged(text):
    """Nothing an author quotes is lost."""
    import json

    from bot.formatting.text import tidy

    words = tidy(text.replace("\ufeff", "").strip())
    if words:
        written = of(f"x: {json.dumps(words, ensure_ascii=False)}")
        assert words.strip() == written.texts["x"]
