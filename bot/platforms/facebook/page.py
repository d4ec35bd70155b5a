"""Reads what Facebook says about the Page and its token."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from bot.platforms.contract import AccountCounts, Health, Unreadable
from bot.platforms.facebook.reading import Ask, Declined, Read
from bot.platforms.replies import rows, table, whole, words

# Without these the bot can neither post nor find out whether a post is there.
NEEDED_TO_POST = ("pages_manage_posts", "pages_read_engagement")
NEEDED_TO_COUNT = ("pages_read_user_content", "read_insights")

# How often the Page was opened in a day; page_impressions and its kind are retired.
# https://developers.facebook.com/documentation/pages-api/platforminsights/page, read 2026-11-23
PAGE_VIEWS = "page_views_total"

APP_MODE = (
    "If the Meta app is still in Development mode, nobody but its own staff sees the posts. "
    "Facebook does not tell; check once that the app is Live."
)
NOT_THE_PAGE = (
    "Facebook says this token belongs to something other than the Page in the settings. "
    "Check FACEBOOK_PAGE_ID, or connect the Page again."
)
NOT_A_PAGES = "This is not a Page's token. Connect the Page again."
NOT_VALID = "Facebook says the Page's token is not valid. Connect the Page again."
NO_SCOPE = "The token lacks permissions to post or to look the posts up. Connect the Page again."
SHORT_LIVED = "The Page's token ends; make one from a long-lived user token, which does not."


def from_me(answer: Read, page_id: str, server_date: datetime | None) -> Health:
    """Health by the answer to who the token stands for."""
    if isinstance(answer, Declined):
        return Health(ok=False, problem=answer.why.reason, server_date=server_date)
    if isinstance(answer, Unreadable):
        return Health(ok=False, problem=answer.reason, server_date=server_date)
    is_page = answer.get("id") == page_id
    return Health(
        ok=is_page,
        problem="" if is_page else NOT_THE_PAGE,
        remote_id=words(answer.get("id")) or None,
        name=words(answer.get("name")) or None,
        server_date=server_date,
        warnings=(APP_MODE,),
    )


def with_profile(health: Health, answer: Read) -> Health:
    """The same with the Page's own description; a Page that does not show it stays as it was."""
    about = words(table(answer).get("about"))
    return replace(health, bio=about) if about else health


def with_token(health: Health, answer: Read) -> Health:
    """The same with what Facebook says about the token: kind, validity, end and permissions."""
    token = table(table(answer).get("data"))
    if not token:
        return replace(health, warnings=(*health.warnings, "Facebook did not describe the token."))
    granted = token.get("scopes")
    scopes = granted if isinstance(granted, list) else []
    missing = tuple(name for name in (*NEEDED_TO_POST, *NEEDED_TO_COUNT) if name not in scopes)
    ends = _end(token)
    problem = health.problem or _problem(token, missing)
    return replace(
        health,
        ok=not problem,
        problem=problem,
        missing_scopes=missing,
        expires_at=ends,
        warnings=(*health.warnings, SHORT_LIVED) if ends else health.warnings,
    )


def account_counts(page_id: str, ask: Ask) -> AccountCounts | Unreadable:
    """The Page's own counts. A metric that Facebook retired or does not show costs only itself."""
    answer = ask(page_id, {"fields": "id,followers_count"})
    if isinstance(answer, Declined):
        return answer.why
    if isinstance(answer, Unreadable):
        return answer
    views = ask(f"{page_id}/insights", {"metric": PAGE_VIEWS, "period": "day"})
    return AccountCounts(
        followers=whole(answer.get("followers_count")), page_views=_newest_value(table(views))
    )


def _newest_value(body: Mapping[str, Any]) -> int | None:
    """The value of the last whole day: Facebook lists the days in order."""
    named = next((row for row in rows(body.get("data")) if row.get("name") == PAGE_VIEWS), {})
    values = rows(named.get("values"))
    return whole(values[-1].get("value")) if values else None


def _problem(token: Mapping[str, Any], missing: tuple[str, ...]) -> str:
    if token.get("is_valid") is not True:
        return NOT_VALID
    if words(token.get("type")).upper() != "PAGE":
        return NOT_A_PAGES
    return NO_SCOPE if set(missing) & set(NEEDED_TO_POST) else ""


def _end(token: Mapping[str, Any]) -> datetime | None:
    """When the token ends; Facebook writes 0 for never."""
    seconds = whole(token.get("expires_at"))
    # Ten digits reach the year 2286; more is no time.
    return datetime.fromtimestamp(seconds, UTC) if seconds and seconds < 10**10 else None
