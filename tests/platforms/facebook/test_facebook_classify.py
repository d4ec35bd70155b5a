"""Every row of Facebook's table, and what must never be taken for a refusal."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from bot.platforms.answers import Meaning
from bot.platforms.contract import (
    AccountBlocked,
    NotReached,
    RateLimited,
    Refused,
    Sent,
    Unknown,
    Unreadable,
)
from bot.platforms.facebook import answers as table
from bot.platforms.facebook import listing
from bot.platforms.facebook.classify import classify, fault_in, is_missing
from bot.platforms.facebook.reading import read
from bot.platforms.facebook.uploads import photo_id
from bot.wire import Reply, redact

NOW = datetime(2026, 12, 1, 12, tzinfo=UTC)


def outcome_of(error, status=400, headers=None):
    """The outcome of one error."""
    raw = json.dumps({"error": error}).encode()
    return classify(Reply(status, headers or {}, raw), NOW, lambda text: redact(text, ["s3cret"]))


CASES = [
    (190, 458, table.APP_REMOVED),
    (190, 459, table.CHECKPOINT),
    (190, 464, table.CHECKPOINT),
    (190, 460, table.OWNER_CHANGED),
    (190, 463, table.EXPIRED),
    (102, 463, table.EXPIRED),
    (190, 490, table.ROLE_LOST),
    (190, 492, table.ROLE_LOST),
    (190, 2069032, table.A_PERSONS),
    (190, 467, table.SIGNED_OUT),
    (190, None, table.SIGNED_OUT),
    (102, None, table.SIGNED_OUT),
    (3, None, table.NO_PERMISSION),
    (10, None, table.NO_PERMISSION),
    (200, None, table.NO_PERMISSION),
    (200, 1349125, table.NO_PERMISSION),
    (299, None, table.NO_PERMISSION),
    (200, 1404078, table.AUTHORIZE),
    (200, 2069030, table.A_PERSONS),
    (200, 2069033, table.A_PERSONS),
    (368, 1404082, table.TWICE),
    (506, 1455006, table.TWICE),
    (506, None, table.TWICE),
    (100, 1366051, table.TWICE),
    (1366051, None, table.TWICE),
    (368, 1390008, table.TOO_FAST),
    (368, 4854002, table.CONFIRM_IDENTITY),
    (368, 1404112, table.LIMITED_DAYS),
    (368, 1346003, table.FLAGGED),
    (368, 1404102, table.FLAGGED),
    (368, 1404006, table.FLAGGED),
    (368, None, table.BLOCKED_NOW),
    (368, 77, table.BLOCKED_NOW),
    (4, None, table.TOO_MANY),
    (17, None, table.TOO_MANY),
    (32, None, table.TOO_MANY),
    (341, None, table.TOO_MANY),
    (613, 1996, table.TOO_MANY),
    (80001, None, table.TOO_MANY),
    (80009, None, table.TOO_MANY),
    (80014, None, table.TOO_MANY),
    (100, 33, table.NO_PAGE),
    (100, 1609005, table.BAD_LINK),
    (100, 1609008, table.BAD_LINK),
    (100, 2061006, table.BAD_LINK),
    (1609005, None, table.BAD_LINK),
    (100, 1366046, table.BAD_PICTURE),
    (1366046, None, table.BAD_PICTURE),
    (100, None, table.INVALID),
    (100, 2069019, table.INVALID),
    (1349125, None, table.INVALID),
    (12, None, table.OLD_VERSION),
    (2635, None, table.OLD_VERSION),
    *((code, None, table.MAY_BE_DONE) for code in (1, 2, 99, 960, 1363047, 1609010)),
    (100, 1349125, table.INVALID),
    (100, 1455006, table.TWICE),
    (1455006, None, table.TWICE),
    (190, 2069032, table.A_PERSONS),
    (10, 2069031, table.A_PERSONS),
    (200, 2069032, table.A_PERSONS),
    (1609008, None, table.BAD_LINK),
    (2061006, None, table.BAD_LINK),
    (2069019, None, table.INVALID),
]
PROOF = (100, None, "GraphMethodException", table.PROOF_WANTED)
EVERY = [(code, subcode, "OAuthException", told) for code, subcode, told in CASES] + [PROOF]
KINDS = {
    Meaning.DUPLICATE: Refused,
    Meaning.REFUSED: Refused,
    Meaning.BLOCKED: AccountBlocked,
    Meaning.LIMITED: RateLimited,
    Meaning.UNCLEAR: Unknown,
}


def error_of(code, subcode=None, **more):
    """An error with these numbers."""
    extra = {} if subcode is None else {"error_subcode": subcode}
    return {"message": "words", "type": "OAuthException", "code": code, **extra, **more}


def row_of(code, subcode, kind="OAuthException"):
    """The first row that knows these numbers."""
    return next((row for row in table.TABLE if row.matches(code, subcode, kind)), None)


@pytest.mark.parametrize("status", [400, 401, 403, 429])
@pytest.mark.parametrize("row", table.TABLE, ids=lambda row: f"{min(row.codes)}-{row.told}"[:40])
def test_each_row_has_its_cases_its_outcome_and_its_words(row, status):
    """By code, subcode and type alone: nobody documents the status."""
    cases = [case for case in EVERY if row_of(*case[:3]) is row]
    assert cases
    for code, subcode, kind, told in cases:
        outcome = outcome_of(error_of(code, subcode, type=kind), status)
        assert outcome.reason.startswith(str(told))
        assert told is row.told
        assert type(outcome) is KINDS[row.meaning]
        assert getattr(outcome, "duplicate", False) is (row.meaning == Meaning.DUPLICATE)
    assert set(row.subcodes) <= {subcode for _, subcode, _, _ in cases}


@pytest.mark.parametrize("row", table.TABLE, ids=lambda row: f"{min(row.codes)}-{row.told}"[:40])
def test_every_number_of_a_row_leads_to_it(row):
    """None of its codes and subcodes is caught by a row above."""
    for code in row.codes:
        for subcode in row.subcodes or {None}:
            assert row_of(code, subcode, row.kind or "OAuthException") is row, (code, subcode)


def test_every_number_that_is_not_in_the_table_is_unknown():
    """All up to 10,000, and the long ones around those that are known."""
    known = {code for row in table.TABLE for code in row.codes}
    around = {code + step for code in known for step in (-1, 1) if code > 10_000}
    codes = (set(range(10_000)) | set(range(79_990, 80_030)) | around) - known
    assert {type(outcome_of(error_of(code))) for code in codes} == {Unknown}


@pytest.mark.parametrize(
    ("body", "status", "told"),
    [
        ({"id": "7_8", "error": {"code": 190}}, 400, table.CONTRADICTION),
        ({"id": "7_8", "error": {"code": 190}}, 200, table.CONTRADICTION),
        ({"error": {"code": 190}}, 200, table.CONTRADICTION),
        ({"error": {"code": 4}}, 200, table.CONTRADICTION),
        ({"error": None}, 200, table.CONTRADICTION),
        ({"id": "7_8", "error": None}, 200, table.CONTRADICTION),
        ({"id": "7_8"}, 404, table.CONTRADICTION),
        ({"id": "7"}, 200, table.NO_ID),
        ({"success": True}, 200, table.NO_ID),
        ({"success": True}, 201, table.NO_ID),
        ({"success": True}, 299, table.NO_ID),
        ({"success": True}, 300, table.NO_REASON),
        ({"success": True}, 199, table.NO_REASON),
        ({}, 404, table.NO_REASON),
        ({"error": {"code": 190}}, 500, table.MAY_BE_DONE),
        ({"error": {"code": 190, "is_transient": True}}, 400, table.MAY_BE_DONE),
        ({"error": {"message": "new"}}, 400, table.NEW),
        ([1], 200, table.INCOMPLETE),
        (b'{"id":"7_8","id":"7_9"}', 200, table.INCOMPLETE),
        (b'{"error":{"code":190,"code":2}}', 400, table.INCOMPLETE),
        (b"<html>502</html>", 502, table.INCOMPLETE),
        (b"", 200, table.INCOMPLETE),
    ],
)
def test_a_shape_that_proves_nothing_is_unknown(body, status, told):
    """No JSON, a name said twice, a yes without a post, a no with one."""
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    outcome = classify(Reply(status, {}, raw), NOW, str)
    assert type(outcome) is Unknown
    assert outcome.reason == str(told)


@pytest.mark.parametrize(
    "code", [0, 1, 2, 99, 960, 1363047, 1609010, 2500, 123456, None, "190", True]
)
def test_facebooks_own_faults_and_unknown_codes_are_unknown(code):
    """Meta has published seven copies of one photo while answering code 2."""
    assert type(outcome_of(error_of(code))) is Unknown


@pytest.mark.parametrize("status", [301, 302, 307, 500, 502, 503])
@pytest.mark.parametrize("code", [100, 190, 200, 506, 4])
def test_a_5xx_or_a_redirect_is_never_a_refusal(code, status):
    """Whatever error it carries."""
    assert type(outcome_of(error_of(code), status)) is Unknown


@pytest.mark.parametrize("code", [100, 190, 200, 506])
def test_what_facebook_calls_transient_is_unknown(code):
    """A passing fault may have passed after the post was made."""
    assert type(outcome_of(error_of(code, is_transient=True))) is Unknown


def test_throttling_may_call_itself_transient():
    """It is, and nothing was done."""
    assert type(outcome_of(error_of(4, is_transient=True))) is RateLimited


def test_the_words_are_facebooks_own_for_users_short_and_without_secrets():
    """What a volunteer reads."""
    outcome = outcome_of(error_of(100, error_user_msg="Because s3cret\n" + "x" * 900))
    assert "Because [hidden]" in outcome.reason
    assert len(outcome.reason) < 400


def test_the_detail_names_codes_and_trace():
    """For Meta's support, who ask for the trace."""
    detail = outcome_of(error_of(190, 463, fbtrace_id="Axy")).detail
    assert (detail.status, detail.code, detail.trace) == (400, "190/463", "Axy")
    by_header = outcome_of(error_of(190), headers={"x-fb-trace-id": "Bz"}).detail
    assert (by_header.code, by_header.trace) == ("190", "Bz")
    assert outcome_of({}).detail.code is None


def usage(*minutes):
    """The usage header with these waiting times."""
    rows = [{"type": "pages", "estimated_time_to_regain_access": m} for m in minutes]
    return {"x-business-use-case-usage": json.dumps({"1": rows[:1], "2": rows[1:]})}


@pytest.mark.parametrize(
    ("headers", "minutes"),
    [
        ({}, None),
        (usage(19), 19),
        (usage(5, 60, 7), 60),
        (usage(0), None),
        (usage(-5), None),
        (usage("19"), None),
        (usage(10**9), None),
        (usage(1), 1),
        (usage(46_080), 46_080),
        (usage(46_081), None),
        ({"x-business-use-case-usage": "not json"}, None),
        ({"x-business-use-case-usage": "[]"}, None),
        ({"x-business-use-case-usage": '{"1": null}'}, None),
        ({"x-business-use-case-usage": '{"1": [{"call_count": 100}]}'}, None),
    ],
)
def test_the_break_lasts_as_long_as_the_header_says(headers, minutes):
    """The latest believable time, or none."""
    until = outcome_of(error_of(80001), headers=headers).until
    assert until == (None if minutes is None else NOW + timedelta(minutes=minutes))


def sent(body, status=200):
    """The outcome of one reply without an error."""
    return classify(Reply(status, {}, json.dumps(body).encode()), NOW, str)


def test_sent_carries_the_address_facebook_names():
    """Read back with the write itself."""
    outcome = sent({"id": "7_8", "permalink_url": "https://www.facebook.com/7/posts/8"})
    assert outcome == Sent("7_8", "https://www.facebook.com/7/posts/8", outcome.detail)


@pytest.mark.parametrize(
    "url", [None, "", 5, "javascript:alert(1)", "https://", "/7/posts/8", "https://a b"]
)
def test_an_address_that_is_none_is_made_from_the_id(url):
    """Staff click on it."""
    assert sent({"id": "7_8", "permalink_url": url}).url == "https://www.facebook.com/7_8"


@pytest.mark.parametrize("status", [301, 400, 404, 500])
def test_an_id_beside_any_other_status_is_unknown(status):
    """Only a success may name a post."""
    assert type(sent({"id": "7_8"}, status)) is Unknown


@pytest.mark.parametrize(("code", "subcode", "kind", "told"), EVERY)
def test_no_known_answer_to_a_look_reads_as_an_empty_timeline(code, subcode, kind, told):
    """Each says in its own words why there is none."""
    body = {"error": error_of(code, subcode, type=kind), "data": []}
    answer = Reply(400, {}, json.dumps(body).encode())
    found = listing.read_published(lambda _: read(answer, NOW, str), NOW, "")
    assert isinstance(found, Unreadable)
    assert found.reason.startswith(str(told))


@pytest.mark.parametrize(("code", "subcode", "kind", "told"), EVERY)
def test_no_known_answer_to_an_upload_leaves_a_doubt(code, subcode, kind, told):
    """Nothing of it is visible: what is unclear is simply made again."""
    error = error_of(code, subcode, type=kind)
    outcome = photo_id(Reply(400, {}, json.dumps({"error": error}).encode()), NOW, str)
    expected = KINDS[row_of(code, subcode, kind).meaning]
    assert type(outcome) is (NotReached if expected is Unknown else expected)


def test_a_page_too_large_for_facebook_is_asked_for_in_smaller_ones():
    """Code 1 on a list: half as many, and no more than twice."""
    asked = []

    def ask(query):
        asked.append(query["limit"])
        body = {"data": []} if query["limit"] <= 25 else {"error": error_of(1)}
        return read(Reply(200 if "data" in body else 500, {}, json.dumps(body).encode()), NOW, str)

    assert listing.read_published(ask, NOW, "") == ()
    assert asked == [100, 50, 25]


def test_a_page_too_large_at_any_size_is_unreadable():
    """Asked three times and no more."""
    asked = []

    def ask(query):
        asked.append(query["limit"])
        return read(Reply(500, {}, json.dumps({"error": error_of(1)}).encode()), NOW, str)

    assert isinstance(listing.read_published(ask, NOW, ""), Unreadable)
    assert asked == [100, 50, 25]


@pytest.mark.parametrize(
    ("code", "subcode", "is_gone"),
    [(100, 33, True), (100, 34, False), (100, None, False), (101, 33, False), (190, 463, False)],
)
def test_only_one_answer_says_that_a_post_is_not_there(code, subcode, is_gone):
    """Its words: the object does not exist, or this token may not see it."""
    fault = fault_in({"error": {"code": code, "error_subcode": subcode}})
    assert is_gone == is_missing(fault)


@pytest.mark.parametrize(
    ("status", "is_out"), [(199, False), (200, True), (201, True), (300, False)]
)
def test_a_post_is_out_when_a_yes_names_it(status, is_out):
    """Any yes."""
    outcome = classify(Reply(status, {}, b'{"id": "7_8"}'), NOW, str)
    assert is_out == isinstance(outcome, Sent)
