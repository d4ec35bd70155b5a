"""A Post as written survives its column."""

from datetime import datetime

from bot.model.written import Picture, Written, from_json, to_json


def test_what_is_written_comes_back_the_same():
    """Every field, by way of JSON."""
    import json

    written = Written(
        body="Text",
        to=("x",),
        timing="typed",
        at=datetime(2026, 12, 1, 18, 30),
        expires=datetime(2026, 12, 2, 18, 30),
        too_late_seconds=60,
        labels=("a", "b"),
        media=(Picture("a.jpg", "A march", "Ana", "agreed"),),
        texts={"x": "Short"},
    )

    assert written == from_json(json.loads(json.dumps(to_json(written))))
    assert Written(body="b") == from_json(to_json(Written(body="b")))


def test_a_platforms_own_words_come_before_the_body():
    """And the body serves the others."""
    written = Written(body="Long", texts={"x": "Short"})

    assert ("Short", "Long") == (written.text_for("x"), written.text_for("facebook"))
