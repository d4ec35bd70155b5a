"""Every row of X's table, with the bodies X is known to send."""

import json
import re
from datetime import UTC, datetime, timedelta

import pytest
from raw_server import reply

from bot.platforms.answers import Meaning
from bot.platforms.contract import (
    AccountBlocked,
    Image,
    NotReached,
    RateLimited,
    Refused,
    Sent,
    Unknown,
    Unreadable,
)
from bot.platforms.x import answers as table
from bot.platforms.x.classify import classify, weigh
from bot.platforms.x.uploads import upload
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
    (400, errors("", 385), table.REPLY_GONE),
    (403, problem(REPLY_RULE), table.NO_REPLY),
    (403, errors("", 433), table.NO_REPLY),
    (403, problem("Quoting this post is not allowed because"), table.NO_QUOTE),
    (403, problem("You are not permitted to perform this action."), table.NOT_ALLOWED),
    (400, errors("Your media IDs are invalid."), table.BAD_MEDIA),
    (400, problem("One or more", PROBLEMS + "invalid-request"), table.INVALID),
    (400, problem("One or more", NEW_PROBLEMS + "invalid-request"), table.INVALID),
    (403, errors("Application cannot perform write actions.", 261), table.NO_WRITING),
    (403, errors("This request looks like it might be automated.", 226), table.AUTOMATED),
    (403, errors("User is over daily status update limit.", 185), table.DAY_IS_FULL),
    (403, errors("", 63), table.SUSPENDED),
    (429, problem("Too Many Requests"), table.TOO_MANY),
    (429, errors("Rate limit exceeded", 88), table.TOO_MANY),
    (429, {}, table.TOO_MANY),
    (429, problem(CAPPED, PROBLEMS + "usage-capped"), table.CAPPED),
    (429, problem(CAPPED), table.CAPPED),
    (429, problem("hit its spending limit"), table.SPENT),
    *((status, problem("Service Unavailable"), table.BROKEN) for status in range(500, 600)),
]
KINDS = {
    Meaning.DUPLICATE: Refused,
    Meaning.REFUSED: Refused,
    Meaning.BLOCKED: AccountBlocked,
    Meaning.LIMITED: RateLimited,
    Meaning.UNCLEAR: Unknown,
}


def row_of(status, body):
    """The first row that knows this answer."""
    evidence = weigh(status, body)
    return next((row for row in table.TABLE if row.matches(evidence)), None)


@pytest.mark.parametrize("row", table.TABLE, ids=lambda row: f"{row.statuses[0]}-{row.told}"[:40])
def test_each_row_has_its_cases_its_outcome_and_its_words(row):
    """A row without a case, or a mark or a status of it without one, fails here."""
    cases = [case for case in CASES if row_of(case[0], case[1]) is row]
    assert cases
    for status, body, told in cases:
        outcome = outcome_of(status, body)
        assert outcome.reason.startswith(str(told))
        assert told is row.told
        assert type(outcome) is KINDS[row.meaning]
        assert getattr(outcome, "duplicate", False) is (row.meaning == Meaning.DUPLICATE)
        assert outcome.detail.status == status
    seen = [weigh(status, body) for status, body, _ in cases]
    assert {evidence.status for evidence in seen} == set(row.statuses)
    assert set(row.codes) <= {code for evidence in seen for code in evidence.codes}
    assert not row.problem or any(row.problem in evidence.problem for evidence in seen)
    assert not row.pattern or any(re.search(row.pattern, one.text, re.IGNORECASE) for one in seen)


def test_every_case_is_known_to_some_row():
    """None tests what the table does not have."""
    assert [case for case in CASES if row_of(case[0], case[1]) is None] == []


@pytest.mark.parametrize(
    ("status", "body", "told"),
    [
        (200, b"<html>502</html>", table.INCOMPLETE),
        (403, b"", table.INCOMPLETE),
        (201, b'{"data":{"id":"5"', table.INCOMPLETE),
        (201, b'{"data":{"id":"5"},"data":{"id":"6"}}', table.INCOMPLETE),
        (403, b'{"status":403,"type":"about:blank","type":"about:blank"}', table.INCOMPLETE),
        (200, {"data": {}}, table.NO_ID),
        (201, {"errors": [{"message": "Unauthorized", "code": 187}]}, table.NO_ID),
        (401, {"data": {"id": "5"}, "title": "Unauthorized"}, table.CONTRADICTION),
        (403, {"data": {"id": "5"}, "errors": [{"code": 187}]}, table.CONTRADICTION),
        (429, {"data": {"id": "5"}}, table.CONTRADICTION),
        (201, {"data": {"id": "5"}, "title": "Forbidden", "status": 403}, table.CONTRADICTION),
        (404, {"title": "Not Found"}, table.NEW),
    ],
)
def test_a_shape_that_proves_nothing_is_unknown(status, body, told):
    """No JSON, a name said twice, a yes without a post, a no with one."""
    outcome = outcome_of(status, body)
    assert type(outcome) is Unknown
    assert outcome.reason == str(told)


@pytest.mark.parametrize("body", [problem("Something quite new"), errors("New", 999_999), {}])
def test_whatever_no_row_knows_is_unknown_at_any_status(body):
    """Only 401, 402 and 429 speak for themselves; unknown codes and types never do."""
    plain = {status for row in table.TABLE for status in row.statuses if not _has_marks(row)}
    spoken_for = plain | {200, 201}
    unknown = [status for status in range(100, 600) if status not in spoken_for]
    assert {401, 402, 429} == plain - set(range(500, 600))
    assert {type(outcome_of(status, body)) for status in unknown} == {Unknown}


def _has_marks(row):
    return bool(row.problem or row.codes or row.pattern)


@pytest.mark.parametrize("status", [400, 403])
def test_a_number_that_is_not_in_the_table_is_unknown(status):
    """Each number X has ever used, up to its highest, at the two statuses that refuse."""
    known = {code for row in table.TABLE if status in row.statuses for code in row.codes}
    kinds = {code: type(outcome_of(status, errors("", code))) for code in range(1, 600)}
    assert {code for code, kind in kinds.items() if kind is not Unknown} == known


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


def _wired(status, body):
    """A case as a server sends it."""
    return reply(json.dumps(body).encode(), status=f"{status} Said")


def test_no_known_answer_to_a_look_reads_as_an_empty_timeline(answered_by):
    """Each says in its own words why there is none; only a limit may name a time."""
    platform, server = answered_by("x", *(_wired(status, body) for status, body, _ in CASES))
    for _, _, told in CASES:
        found = platform.recent(NOW)
        assert isinstance(found, Unreadable)
        assert found.reason.startswith(str(told))
        assert found.until is None
    assert server.connections == len(CASES)


def test_no_known_answer_to_an_upload_leaves_a_doubt():
    """Nothing of it is visible: what is unclear is simply made again."""
    image = Image("1" * 64, "image/png", "")
    for status, body, told in CASES:
        outcome = upload(image, b"x", lambda *_, s=status, b=body: outcome_of(s, b))
        expected = KINDS[row_of(status, body).meaning]
        assert type(outcome) is (NotReached if expected is Unknown else expected)
        assert outcome.reason.startswith(str(told))
