"""What the preview shows is what the simulated platforms received, byte for byte."""

import random

import pytest

from bot import flow
from bot.clock import system_now
from bot.wiring import admission_of, open_platforms
from tests.acceptance.conftest import Desk

WORDS = (
    *("Families", "guard", "the", "río", "Guapinol.", "They", "ask:", "“Who", "buys", "ore?”"),
    *("✊🏾", "🇭🇳", "#Honduras", "bbc.co.uk", "https://example.org/a?b=c#d", "e\u0301l", "—"),
    *(
        "<b>",
        "&amp;",
        "\\n",
        "100%",
        "和平",
        "\n",
        "\n\n",
        "\n---\n",
        "  ",
        "'quoted'",
        "café",
        "…",
    ),
)
FRONTS = (
    {},
    {"link": "https://example.org/act?x=1#y", "utm": "yes", "campaign": "Río"},
    {"numbering": "(1/3)", "link": "https://example.org/act", "link_part": "first"},
    {"numbering": "1/3"},
)


@pytest.mark.parametrize("seed", range(4))
def test_the_ledger_holds_what_was_previewed(desk: Desk, seed: int) -> None:
    """Generated texts, long and short, with and without a link, as one post or a thread."""
    chance = random.Random(seed)
    desk.env |= {
        "IMPRINT_MODE": "always",
        "IMPRINT_PROMOTER": "LFPLA",
        "IMPRINT_ADDRESS": "PO Box 100, London N1 1AA",
    }
    text = " ".join(chance.choices(WORDS, k=40 + 60 * seed)).replace("\n---\n ", "\n---\n")
    path = desk.write("post.md", f"{text}\n", at="now", thread="yes", **FRONTS[seed])
    bot = desk.opened()
    admission = admission_of(bot.settings, system_now, open_platforms(bot.settings, system_now))
    checked = flow.check(admission, path, desk.posts, bot.store)
    bot.store.close()
    assert () == checked.errors

    desk.once()

    for name, rendered in checked.rendered.items():
        parts = [(part.text, part.link) for part in rendered.variant.parts]
        posts = desk.sandbox.ledger.posts(name)
        assert parts == [(post.text, post.link) for post in posts]
    assert seed == 0 or len(checked.rendered["x"].variant.parts) > 1
