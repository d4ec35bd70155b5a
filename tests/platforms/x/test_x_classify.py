"""Every row of X's table, with the bodies X is known to send."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from bot.platforms.contract import AccountBlocked, RateLimited, Refused, Sent, Unknown
from bot.platforms.x import classify as table
from bot.platforms.x.classify import classify
from bot.wire import Reply, redact

NOW = datetime(2026, 12, 1, 12, tzinfo=UTC)
PROBLEMS = "https://api.twitter.com/2/problems/"
NEW_PROBLEMS = "https://api.x.com/2/problems/"


def outcome_of(status, body, headers=None):
    """The outcome of one reply."""
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return classify(Reply(status, headers or {}, raw), NOW, lambda text: redact(text, ["s3cret"]))


def problem(detail="", kind="", title="Forbidden", **more):
    """A problem body."""
    return {"title": title, "detail": detail, "type": kind or "about:blank", **more}


def errors(message="", code=None):
    """The older form of an error body."""
    return {"errors": [{"message": message, **({"code": code} if code else {})}]}


REPLY_RULE = (
    "Reply to this conversation is not allowed because you have not been mentioned or otherwise "
    "engaged by the author of the post you are replying to."
)
NO_CREDIT = "Your enrolled account [1] does not have any credits to fulfill this request."
CAPPED = "Usage cap exceeded: Monthly product cap"
CASES = [
    (403, problem("You are not allowed to create a Tweet with duplicate content."), table.TWICE),
    (403, errors("Status is a duplicate.", 187), table.TWICE),
    (403, errors("", 187), table.TWICE),
    (401, problem("Unauthorized"), table.NO_KEYS),
    (401, {}, table.NO_KEYS),
    (402, problem(NO_CREDIT, PROBLEMS + "credits"), table.NO_CREDIT),
    (402, {}, table.NO_CREDIT),
    (403, problem(NO_CREDIT, NEW_PROBLEMS + "credits"), table.NO_CREDIT),
    (403, problem("You hit its spending limit for this billing cycle"), table.SPENT),
    (403, problem("has hit its spending limit", PROBLEMS + "credits"), table.SPENT),
    (403, problem("not configured", NEW_PROBLEMS + "oauth1-permissions"), table.READ_ONLY),
    (403, problem("not configured", PROBLEMS + "oauth1-permissions/"), table.READ_ONLY),
    (403, problem("", PROBLEMS + "client-forbidden"), table.NOT_ENROLLED),
    (403, problem("", reason="client-not-enrolled"), table.NOT_ENROLLED),
    (403, problem("", PROBLEMS + "unsupported-authentication"), table.WRONG_KEYS),
    (403, errors("You currently have access to a subset of X API V2", 453), table.NO_ACCESS),
    (403, problem("", PROBLEMS + "user-suspended"), table.SUSPENDED),
    (403, problem("Your account is suspended and may not"), table.SUSPENDED),
    (403, errors("", 64), table.SUSPENDED),
    (403, errors("To protect our users", 326), table.LOCKED),
    (403, problem("Your account is temporarily locked"), table.LOCKED),
    (400, errors("Your Tweet text is too long. For more"), table.TOO_LONG),
    (403, errors("Tweet needs to be a bit shorter.", 186), table.TOO_LONG),
    (403, problem("a Tweet that is deleted or not visible to you."), table.REPLY_GONE),
    (403, errors("", 385), table.REPLY_GONE),
    (403, problem(REPLY_RULE), table.NO_REPLY),
    (403, errors("", 433), table.NO_REPLY),
    (403, problem("Quoting this post is not allowed because"), table.NO_QUOTE),
    (403, problem("You are not permitted to perform this action."), table.NOT_ALLOWED),
    (400, errors("Your media IDs are invalid."), table.BAD_MEDIA),
    (400, problem("One or more", PROBLEMS + "invalid-request"), table.INVALID),
    (400, problem("Something about the request"), table.INVALID),
    (429, problem("Too Many Requests"), table.TOO_MANY),
    (429, errors("Rate limit exceeded", 88), table.TOO_MANY),
    (429, {}, table.TOO_MANY),
    (429, problem(CAPPED, PROBLEMS + "usage-capped"), table.CAPPED),
    (429, problem("hit its spending limit"), table.SPENT),
]
KINDS = {
    table.DUPLICATE: Refused,
    table.REFUSED: Refused,
    table.BLOCKED: AccountBlocked,
    table.LIMITED: RateLimited,
}


@pytest.mark.parametrize(("status", "body", "reason"), CASES)
def test_each_known_answer_has_its_outcome_and_its_words(status, body, reason):
    """The reason a person is told, and the kind of outcome of its row."""
    outcome = outcome_of(status, body)
    assert outcome.reason.startswith(reason)
    row = next(row for row in table.TABLE if row.reason == reason and status in row.statuses)
    assert type(outcome) is KINDS[row.meaning]
    assert getattr(outcome, "duplicate", False) is (row.meaning == table.DUPLICATE)
    assert outcome.detail.status == status


def test_every_row_has_a_case():
    """A row nobody tried is a row nobody knows to work."""
    tried = {(status, reason) for status, _, reason in CASES}
    for row in table.TABLE:
        assert any((status, row.reason) in tried for status in row.statuses), row


@pytest.mark.parametrize("status", [202, 204, 301, 302, 307, 400, 403, 404, 409, 422, 500, 503])
def test_what_no_row_knows_is_unknown(status):
    """A whole JSON object is not enough when it says nothing known."""
    assert type(outcome_of(status, {})) is Unknown


@pytest.mark.parametrize("status", [500, 502, 503, 504])
def test_a_fault_of_x_is_unknown_whatever_it_says(status):
    """A 5xx may follow a post that was made."""
    body = problem("You are not allowed to create a Tweet with duplicate content.")
    assert type(outcome_of(status, body)) is Unknown


def test_a_403_that_nobody_has_seen_before_is_unknown():
    """Better to look than to guess."""
    assert type(outcome_of(403, problem("Something quite new"))) is Unknown


def test_sent_carries_the_id_the_address_and_the_trace():
    """All that a person needs to find it."""
    outcome = outcome_of(
        201, {"data": {"id": "1234567890123456789", "text": "t"}}, {"x-transaction-id": "ab"}
    )
    assert isinstance(outcome, Sent)
    assert outcome.remote_id == "1234567890123456789"
    assert outcome.url.endswith("/1234567890123456789")
    assert (outcome.detail.status, outcome.detail.trace) == (201, "ab")


def test_the_code_in_the_detail_names_problem_and_number():
    """For whoever reads the attempt later."""
    body = {"type": PROBLEMS + "x-y", "errors": [{"code": 187}, {"code": 88}]}
    assert outcome_of(403, body).detail.code == "x-y 88 187"


def test_the_platforms_words_are_quoted_short_and_without_secrets():
    """X may echo what it was sent."""
    outcome = outcome_of(400, problem("bad s3cret\n" + "y" * 900))
    assert "s3cret" not in outcome.reason
    assert "\n" not in outcome.reason
    assert len(outcome.reason) < 400


def at(delta):
    """A reset header that far from now."""
    return str(int((NOW + delta).timestamp()))


SOON, LATER = timedelta(minutes=10), timedelta(hours=9)
HEADERS = [
    ({}, None),
    ({"x-rate-limit-remaining": "0", "x-rate-limit-reset": at(SOON)}, SOON),
    ({"x-rate-limit-reset": at(SOON)}, SOON),
    ({"retry-after": str(int(SOON.total_seconds()))}, SOON),
    ({"retry-after": "0"}, None),
    ({"retry-after": "soon"}, None),
    ({"retry-after": "9999999"}, None),
    ({"x-rate-limit-remaining": "7", "x-rate-limit-reset": at(SOON)}, None),
    (
        {
            "x-rate-limit-remaining": "80",
            "x-rate-limit-reset": at(SOON),
            "x-app-limit-24hour-remaining": "0",
            "x-app-limit-24hour-reset": at(LATER),
        },
        LATER,
    ),
    (
        {
            "x-rate-limit-remaining": "0",
            "x-rate-limit-reset": at(SOON),
            "x-user-limit-24hour-remaining": "0",
            "x-user-limit-24hour-reset": at(LATER),
        },
        LATER,
    ),
    (
        {
            "x-rate-limit-remaining": "0",
            "x-rate-limit-reset": at(SOON),
            "x-app-limit-24hour-remaining": "9000",
            "x-app-limit-24hour-reset": at(LATER),
        },
        SOON,
    ),
    ({"x-rate-limit-remaining": "0", "x-rate-limit-reset": at(-SOON)}, None),
    ({"x-rate-limit-remaining": "0", "x-rate-limit-reset": at(timedelta(0))}, None),
    ({"x-rate-limit-remaining": "0", "x-rate-limit-reset": at(timedelta(days=33))}, None),
    (
        {"x-rate-limit-remaining": "0", "x-rate-limit-reset": at(timedelta(days=31))},
        timedelta(days=31),
    ),
    ({"x-rate-limit-remaining": "0", "x-rate-limit-reset": "soon"}, None),
    ({"x-rate-limit-remaining": "0", "x-rate-limit-reset": ""}, None),
    ({"x-rate-limit-remaining": "0", "x-rate-limit-reset": "-5"}, None),
    ({"x-rate-limit-remaining": "0", "x-rate-limit-reset": "١٢٣"}, None),
    ({"x-rate-limit-remaining": "0", "x-rate-limit-reset": "9" * 400}, None),
    ({"x-rate-limit-remaining": "0", "x-rate-limit-reset": "99999999999"}, None),
]


@pytest.mark.parametrize(("headers", "expected"), HEADERS)
def test_the_break_lasts_until_the_latest_used_up_window(headers, expected):
    """Missing, past, far and nonsensical times are no times."""
    until = outcome_of(429, problem("Too Many Requests"), headers).until
    assert until == (None if expected is None else NOW + expected)


@pytest.mark.parametrize("status", [202, 203, 206])
def test_an_id_beside_a_success_that_x_does_not_use_is_unknown(status):
    """Accepted is not published."""
    assert type(outcome_of(status, {"data": {"id": "5"}})) is Unknown
