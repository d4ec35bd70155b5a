"""The id of a post, read from the links that people copy."""

from typing import Any

import pytest

from bot.clock import system_now
from bot.platforms import open_platform
from bot.settings import Settings

PAGE = "777"
LINKS = [
    ("x", "https://x.com/u/status/1234567890123456789?s=20&t=Qx98765Z", "1234567890123456789"),
    ("x", "https://x.com/i/web/status/42", "42"),
    ("x", "https://twitter.com/u/statuses/123/photo/1", "123"),
    ("x", "https://x.com/u", None),
    ("facebook", "https://www.facebook.com/777_12345678", "777_12345678"),
    ("facebook", "https://www.facebook.com/777/posts/9000", "777_9000"),
    ("facebook", "https://www.facebook.com/group/posts/some-words/12345678/?x=1", "777_12345678"),
    (
        "facebook",
        "https://www.facebook.com/permalink.php?story_fbid=123456789&id=777777",
        "777_123456789",
    ),
    ("facebook", "https://www.facebook.com/lfpla/posts/pfbid02abcDEFghi", None),
]


@pytest.mark.parametrize(("name", "url", "remote_id"), LINKS)
def test_a_copied_link_names_its_post_or_nothing(name: str, url: str, remote_id: Any) -> None:
    """A wrong id would count another post's engagement as ours."""
    platform = open_platform(name, Settings(facebook_page_id=PAGE), system_now)

    assert platform.id_in(url) == remote_id
