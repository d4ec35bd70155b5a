"""Pictures beside words: what each account gets of them, and what is said of too many."""

from dataclasses import replace

import pytest

from bot.formatting import illustrations
from bot.model.written import Picture, Rendition, Written
from bot.platforms.facebook.rules import FACEBOOK_RULES
from bot.platforms.x.rules import X_RULES


def picture(n, **other):
    still = Rendition(f"{n:064}", "image/jpeg")
    return Picture(f"{n}.jpg", f" Words {n} ", renditions={"x": still, "facebook": still, **other})


def post(*media):
    return Written("W.", media=media, lines={f"media {n}": n + 3 for n in range(1, 30)})


def said(rules, *media, parts=1):
    return [
        (one.is_error, one.said, one.line)
        for one in illustrations.remarks(post(*media), rules, parts)
    ]


def test_pictures_keep_their_order_and_words():
    """Blank signs around the words are not sent."""
    found = illustrations.images(post(picture(2), picture(1)), X_RULES)

    assert [(f"{2:064}", "Words 2"), (f"{1:064}", "Words 1")] == [
        (one.sha256, one.alt) for one in found
    ]


@pytest.mark.parametrize(("rules", "most"), [(X_RULES, 4), (FACEBOOK_RULES, 10)])
def test_one_too_many_is_a_mistake_of_that_account_on_the_line_of_the_first_that_is(rules, most):
    """Said once, however many there are."""
    pictures = [picture(n) for n in range(1, most + 4)]

    assert [] == said(rules, *pictures[:most])
    assert [(True, f"{most + 1} pictures; {most} at most. Take some out.", most + 4)] == said(
        rules, *pictures[: most + 1]
    )
    assert 1 == len(said(rules, *pictures))


def test_what_moves_goes_alone_where_it_moves():
    """On Facebook the same file is a still picture."""
    film = picture(1, x=Rendition("f" * 64, "image/gif", alone=True))

    assert [] == said(X_RULES, film)
    assert [(True, "1.jpg moves, so it must be the only file of its post.", 4)] == said(
        X_RULES, film, picture(2)
    )
    assert [] == said(FACEBOOK_RULES, film, picture(2))


def test_each_part_of_a_thread_has_its_own_room():
    """Four pictures each; a film alone in its part."""
    film = replace(picture(9, x=Rendition("f" * 64, "video/mp4", alone=True)), part=0)
    four = [picture(n) for n in range(1, 5)]

    assert [] == said(X_RULES, *four, film, parts=2)
    assert 2 == len(said(X_RULES, *four, film))
    assert ["5 pictures; 4 at most. Take some out."] == [
        one for _, one, _ in said(X_RULES, *four, picture(5), film, parts=2)
    ]


def test_what_cannot_go_to_one_account_is_a_mistake_there_and_a_change_is_told():
    """The other account gets its own."""
    odd = picture(1, x=Rendition(problem="too long"), facebook=Rendition("e" * 64, note="white"))

    assert [(True, "1.jpg: too long", 4)] == said(X_RULES, odd)
    assert [(False, "1.jpg: white", 4)] == said(FACEBOOK_RULES, odd)
    assert () == illustrations.images(post(odd), X_RULES)


def test_a_file_that_was_never_read_is_a_mistake():
    """Of a platform that is new, for one: a post does not go out without its picture."""
    (mistake,) = said(X_RULES, Picture("1.jpg", "Words"))

    assert (True, 4) == (mistake[0], mistake[2])
    assert "was not read" in mistake[1]
