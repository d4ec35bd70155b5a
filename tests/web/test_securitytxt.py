"""`security.txt`: whom to tell about a weakness, and none where nobody is named."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot import wiring
from bot.clock import system_now
from bot.errors import SettingsError
from bot.settings import load
from bot.web.application import create

from .site import SECRET


@pytest.fixture
def page(tmp_path: Path) -> Iterator[Callable[..., Any]]:
    """What anybody gets there, with these settings."""
    opened = []

    def asked(**given: str) -> Any:
        given |= {"DATABASE_URL": f"sqlite:///{tmp_path}/bot.db", "SECRET_KEY": SECRET}
        bot = wiring.build(load(given, None), create=True)
        opened.append(bot)
        client = create(bot).test_client()
        return client.get("/.well-known/security.txt", base_url="http://localhost")

    yield asked
    for bot in opened:
        bot.store.close()


def test_whom_to_tell_until_when_and_in_which_languages(page: Callable[..., Any]) -> None:
    """As RFC 9116 asks: a contact, an end within a year, and where it really stands."""
    shown = page(
        SECURITY_CONTACT="mailto:security@example.org", PUBLIC_URL="https://campaign.example.org"
    )
    fields = dict(line.split(": ", 1) for line in shown.text.splitlines())
    ends = datetime.fromisoformat(fields.pop("Expires"))

    assert (200, "text/plain; charset=utf-8") == (shown.status_code, shown.content_type)
    assert {
        "Contact": "mailto:security@example.org",
        "Preferred-Languages": "en, es",
        "Canonical": "https://campaign.example.org/.well-known/security.txt",
    } == fields
    assert timedelta(days=30) < ends - system_now() < timedelta(days=365)


def test_without_a_contact_there_is_none_and_a_wrong_one_is_a_mistake(
    page: Callable[..., Any],
) -> None:
    """An address that nobody reads would be worse."""
    assert 404 == page().status_code
    with pytest.raises(SettingsError, match="SECURITY_CONTACT"):
        load({"SECURITY_CONTACT": "security@example.org\nContact: mailto:a@b.c"}, None)
