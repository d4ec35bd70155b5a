"""What every Platform of the registry promises, asked of each against the sandbox.

A new Platform is covered by adding its line to the registry and its sandbox.
"""

import hashlib
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from consenting import led_back

from bot.platforms import REGISTRY, open_platform
from bot.platforms.contract import (
    AccountBlocked,
    AccountCounts,
    ConnectStep,
    Counts,
    CountsRead,
    Draft,
    Image,
    NotGranted,
    NotReached,
    PartContent,
    Prepared,
    RateLimited,
    Refused,
    Sent,
    Unknown,
    Unreadable,
)
from bot.platforms.matching import same_post
from bot.settings import load

LINK = "https://example.org/news?a=1&b=2"
DRAFT = Draft(
    "Solidarity & “hope” <3 é 👍🏽", link=LINK, imprint="Promoted by A. Group, 1 Road, E1"
)
OLD = timedelta(minutes=5)

# Faults that only the deadline ends; everything else is given time enough for a busy machine.
SLOW = {"late", "drip"}

CREDENTIAL_VALUES = (b"key-key", b"secret", b"token-token", b"page-token", b"access_token")

# What each planned fault of the sandbox must come out as after a write.
FAULTS = {
    "late": Unknown,
    "cut_before": Unknown,
    "cut_after": Unknown,
    "error_after": Unknown,
    "error_before": Unknown,
    "html_after": Unknown,
    "html_before": Unknown,
    "empty_after": Unknown,
    "wrong_types": Unknown,
    "no_content_type": Sent,
    "drip": Unknown,
    "huge": Unknown,
    "redirect": Unknown,
    "rate_limited": RateLimited,
    "dead_token": AccountBlocked,
    "suspended": AccountBlocked,
    "credits_gone": AccountBlocked,
    "spending_limit": AccountBlocked,
    "duplicate": Refused,
    "hidden_for": Sent,
}


def send(platform, draft=DRAFT):
    """Send a draft as delivery does, and give back its Part and how it ended."""
    part = platform.compose(draft).parts[0]
    prepared = platform.prepare(part)
    assert isinstance(prepared, Prepared)
    return part, platform.send(part, reply_to=None, prepared=prepared)


def hurried(open_on, name):
    """A Platform with a short deadline."""
    return open_on(name, SEND_TIMEOUT_SECONDS="0.3")


def long_ago():
    """A time before anything a test sends."""
    return datetime.now(UTC) - OLD


def test_a_post_is_sent_once_with_its_id_and_address(platform, name, sandbox):
    """The plain case: the ledger has exactly what was composed."""
    part, outcome = send(platform)
    assert isinstance(outcome, Sent)
    assert outcome.url.startswith("https://")
    assert outcome.detail.status in {200, 201}
    (entry,) = sandbox.ledger.posts(name)
    assert (entry.remote_id, entry.text, entry.link) == (outcome.remote_id, part.text, part.link)
    assert not entry.extra


def test_recent_finds_what_was_sent_as_it_was_sent(platform):
    """Shortened links, escaped characters and shims are undone."""
    part, outcome = send(platform)
    seen = platform.recent(long_ago())
    assert [one.remote_id for one in seen] == [outcome.remote_id]
    assert seen[0].link == LINK
    assert same_post(part, seen[0])
    assert not same_post(replace(part, text=part.text + "!"), seen[0])


def test_recent_leaves_out_what_is_older(platform):
    """Only posts made since the time asked for can be what an attempt sent."""
    send(platform)
    assert platform.recent(datetime.now(UTC) + timedelta(seconds=5)) == ()


def test_recent_keeps_a_post_of_the_very_second_asked_for(platform):
    """Platforms tell whole seconds, attempts know microseconds."""
    since = datetime.now(UTC)
    _, outcome = send(platform)
    assert [one.remote_id for one in platform.recent(since)] == [outcome.remote_id]


def test_recent_reads_every_page_in_any_order(platform, name, sandbox):
    """The post looked for may be on the last page of a list in no order."""
    sandbox.post_by_hand(name, "the first of all")
    for number in range(250):
        sandbox.post_by_hand(name, f"post {number}")
    sandbox.fault(name, "out_of_order", None)
    seen = platform.recent(long_ago())
    assert len(seen) == 251
    assert any(one.text == "the first of all" for one in seen)


def test_an_empty_timeline_is_readable(platform):
    """Nothing there is an answer."""
    assert platform.recent(long_ago()) == ()


def test_a_timeline_that_fails_says_nothing_about_what_is_there(platform, name, sandbox):
    """Every way to fail is Unreadable, never an empty list."""
    for kind in ("html_after", "empty_after", "wrong_types", "dead_token", "cut_before"):
        sandbox.fault(name, kind, on="read")
        assert isinstance(platform.recent(long_ago()), Unreadable), kind


def test_a_timeline_that_drips_is_unreadable_in_time(open_on, name, sandbox):
    """A worker must not be held up by it."""
    sandbox.fault(name, "drip", on="read")
    assert isinstance(hurried(open_on, name).recent(long_ago()), Unreadable)


def test_a_throttled_read_says_until_when(platform, name, sandbox):
    """Looking again sooner would only lengthen it."""
    sandbox.fault(name, "rate_limited", None, on="read")
    now = datetime.now(UTC)
    for read in (platform.recent(long_ago()), platform.counts({"1": now})):
        assert isinstance(read, Unreadable)
        assert now < read.until < now + timedelta(hours=1)


def test_counts_are_read_and_a_deleted_post_is_gone(platform):
    """Figures for what is there, and the ids the Platform says are not."""
    _, first = send(platform)
    _, second = send(platform, Draft("Another"))
    assert platform.delete(second.remote_id).done
    now = datetime.now(UTC)
    read = platform.counts({first.remote_id: now, second.remote_id: now})
    assert isinstance(read, CountsRead)
    assert read.gone == {second.remote_id}
    assert set(read.counts) == {first.remote_id}
    counts = read.counts[first.remote_id]
    assert None not in (counts.views, counts.likes, counts.comments, counts.shares)


def test_counts_that_cannot_be_read_are_not_zero(platform, name, sandbox):
    """A failed reading gives no figures at all."""
    _, outcome = send(platform)
    sandbox.fault(name, "html_after", None, on="read")
    assert isinstance(platform.counts({outcome.remote_id: datetime.now(UTC)}), Unreadable)


def test_an_account_is_counted_itself(platform, name, sandbox):
    """Whatever that Platform tells, and nothing for what it does not."""
    send(platform)
    read = platform.account_counts()
    assert isinstance(read, AccountCounts)
    assert read.followers == {"x": 3_482, "facebook": sandbox.accounts.page_followers}[name]
    assert (read.posts, read.page_views) == {"x": (1, None), "facebook": (None, 0)}[name]


def test_an_account_that_cannot_be_counted_is_not_zero(platform, name, sandbox):
    """A failed reading gives no figures at all."""
    sandbox.fault(name, "html_after", None, on="read")
    assert isinstance(platform.account_counts(), Unreadable)


def test_counts_of_nothing_ask_nothing(platform, sandbox):
    """No ids, no request, no cost."""
    before = len(sandbox.requests)
    assert platform.counts({}) == CountsRead({})
    assert len(sandbox.requests) == before


def test_a_deleted_post_is_done_and_so_is_one_that_is_not_there(platform, sandbox, name):
    """Both mean that nobody sees it."""
    _, outcome = send(platform)
    assert platform.delete(outcome.remote_id).done
    assert platform.delete(outcome.remote_id).done
    assert sandbox.ledger.posts(name)[0].deleted_at is not None


@pytest.mark.parametrize(
    "kind", ["html_after", "empty_after", "wrong_types", "dead_token", "rate_limited", "cut_after"]
)
def test_a_deletion_without_a_clear_answer_is_not_done(platform, name, sandbox, kind):
    """Takedown must not claim what nobody confirmed."""
    _, outcome = send(platform)
    sandbox.fault(name, kind, method="DELETE")
    deletion = platform.delete(outcome.remote_id)
    assert not deletion.done
    assert deletion.reason


def test_health_names_the_account_and_agrees_with_the_credentials(platform):
    """Identity by the Platform's word."""
    health = platform.health()
    assert (health.ok, health.problem) == (True, "")
    assert health.remote_id == platform.expected_remote_id
    assert health.name
    assert health.bio
    assert abs(health.server_date - datetime.now(UTC)) < timedelta(minutes=1)


@pytest.mark.parametrize("kind", ["dead_token", "html_after", "cut_before", "wrong_types"])
def test_health_that_cannot_be_learnt_is_a_problem_in_words(platform, name, sandbox, kind):
    """Silence is not health."""
    sandbox.fault(name, kind, on="read")
    health = platform.health()
    assert not health.ok
    assert health.problem


@pytest.mark.parametrize(("kind", "expected"), FAULTS.items())
def test_every_fault_of_the_platform_has_its_outcome(open_on, name, sandbox, kind, expected):
    """Nothing raises, and nothing that may have been done is called undone."""
    try:
        sandbox.fault(name, kind)
    except ValueError:
        pytest.skip(f"{kind} does not happen on {name}")
    _, outcome = send(hurried(open_on, name) if kind in SLOW else open_on(name))
    assert type(outcome) is expected
    if isinstance(outcome, Refused):
        assert outcome.duplicate


def test_every_cut_of_the_platforms_own_reply_is_unknown(platform, name, sandbox):
    """A 201 or 200 that breaks off anywhere must not pass for anything else."""
    for length in range(0, 700, 9):
        sandbox.fault(name, "cut_at", bytes=length)
        _, outcome = send(platform, Draft(f"cut at {length}"))
        whole = isinstance(outcome, Sent) and length > 300
        assert whole or isinstance(outcome, Unknown), length


def test_a_second_post_of_the_same_words_is_refused_as_a_duplicate(platform):
    """Evidence for delivery that the first one landed."""
    send(platform)
    _, outcome = send(platform)
    assert isinstance(outcome, Refused)
    assert outcome.duplicate


def test_text_that_is_too_long_is_refused(platform):
    """By the Platform itself, when our own check was passed by."""
    _, outcome = send(platform, Draft("word " * 20_000))
    assert isinstance(outcome, Refused)
    assert not outcome.duplicate


def test_a_platform_that_cannot_be_reached_was_not_reached(open_on, name):
    """Nobody listens: nothing was sent, and everything else says so in words."""
    nowhere = "http://127.0.0.1:1/api"
    platform = open_on(name, X_API_URL=nowhere, FACEBOOK_GRAPH_URL=nowhere)
    _, outcome = send(platform)
    assert isinstance(outcome, NotReached)
    assert isinstance(platform.recent(long_ago()), Unreadable)
    assert isinstance(platform.counts({"1": datetime.now(UTC)}), Unreadable)
    assert not platform.delete("1").done
    assert not platform.health().ok


def test_no_reason_carries_a_credential(open_on, name, sandbox):
    """Whatever fails, what is stored and shown names no secret."""
    secrets = load(sandbox.settings(), None).secrets()
    patient, quick = open_on(name), hurried(open_on, name)
    shown = []
    for kind in FAULTS:
        try:
            sandbox.fault(name, kind)
        except ValueError:
            continue
        platform = quick if kind in SLOW else patient
        shown.append(repr(send(platform, Draft(f"text for {kind}"))[1]))
    assert shown
    for secret in secrets:
        assert not [text for text in shown if secret in text]


def test_nothing_secret_is_written_into_an_address(answered_by, name):
    """Addresses end up in the logs of servers and proxies; every call is looked at."""
    platform, server = answered_by(name, b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")
    send(platform)
    platform.recent(long_ago())
    platform.counts({"1_1": datetime.now(UTC)})
    platform.delete("1_1")
    platform.health()
    assert len(server.requests) >= 5
    for request in server.requests:
        address = request.partition(b"\r\n")[0]
        for secret in CREDENTIAL_VALUES:
            assert secret not in address


def test_the_parts_of_a_draft_stand_in_order(platform):
    """Text, then link where it is part of the text, then the imprint on its own last line."""
    (part,) = platform.compose(DRAFT).parts
    lines = part.text.split("\n\n")
    assert lines[0] == DRAFT.text
    assert lines[-1] == DRAFT.imprint
    assert (part.link == LINK) != (LINK in lines)


def test_a_link_beside_pictures_is_in_the_words(platform):
    """A picture post has no link of its own anywhere."""
    image = Image("0" * 64, "image/png", "A banner")
    (part,) = platform.compose(replace(DRAFT, images=(image,))).parts
    assert part.link is None
    assert part.text.split("\n\n") == [DRAFT.text, LINK, DRAFT.imprint]


PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 50
IMAGES = (Image("1" * 64, "image/png", "A banner é"), Image("2" * 64, "image/png", ""))
PICTURED = Draft("With pictures", link=LINK, images=IMAGES)


def stored(image):
    """The bytes of a picture, different for each."""
    return PNG + image.sha256.encode()


def test_pictures_are_uploaded_unseen_and_sent_in_order_with_their_alt_texts(
    open_on, name, sandbox
):
    """What was approved, and nothing visible before the one request."""
    platform = open_on(name, picture_bytes=stored)
    part = platform.compose(PICTURED).parts[0]
    prepared = platform.prepare(part)
    assert sandbox.ledger.posts(name) == []
    assert len(prepared.media_ids) == 2
    assert isinstance(platform.send(part, reply_to=None, prepared=prepared), Sent)
    (entry,) = sandbox.ledger.posts(name)
    digests = [hashlib.sha256(stored(image)).hexdigest() for image in IMAGES]
    assert [attached.sha256 for attached in entry.media] == digests
    assert [attached.alt for attached in entry.media] == ["A banner é", None]
    (seen,) = platform.recent(long_ago())
    assert same_post(part, seen)


def test_pictures_are_not_dropped_in_silence(open_on, name):
    """Nowhere to take them from, or one that is gone: refused rather than sent bare."""
    for source in (None, lambda image: None):
        platform = open_on(name, picture_bytes=source)
        assert isinstance(platform.prepare(platform.compose(PICTURED).parts[0]), Refused)


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("cut_after", NotReached),
        ("error_after", NotReached),
        ("html_before", NotReached),
        ("empty_after", NotReached),
        ("wrong_types", NotReached),
        ("rate_limited", RateLimited),
        ("dead_token", AccountBlocked),
    ],
)
def test_an_upload_that_fails_has_published_nothing(open_on, name, sandbox, kind, expected):
    """In doubt it may be made again, because nobody sees it."""
    platform = open_on(name, picture_bytes=stored)
    sandbox.fault(name, kind, on="upload")
    assert type(platform.prepare(platform.compose(PICTURED).parts[0])) is expected
    assert sandbox.ledger.posts(name) == []


def test_a_picture_that_is_none_is_refused(open_on, name):
    """The Platform looks at the bytes, not at the name."""
    platform = open_on(name, picture_bytes=lambda image: b"not a picture")
    assert isinstance(platform.prepare(platform.compose(PICTURED).parts[0]), Refused)


def test_an_upload_that_reaches_nobody_was_not_reached(open_on, name):
    """And neither was anything else."""
    nowhere = "http://127.0.0.1:1/api"
    platform = open_on(name, picture_bytes=stored, X_API_URL=nowhere, FACEBOOK_GRAPH_URL=nowhere)
    assert isinstance(platform.prepare(platform.compose(PICTURED).parts[0]), NotReached)


def test_measure_finds_links_where_they_stand(platform):
    """Positions are of the text given."""
    text = f"See {LINK} now"
    (link,) = platform.measure(text).links
    assert (link.text, text[link.start : link.end]) == (LINK, LINK)


def test_measure_finds_mentions_and_hashtags(platform):
    """What the lint and the preview show."""
    length = platform.measure("With @friends for #Peace in #2026")
    assert [span.text for span in length.mentions] == ["@friends"]
    assert [span.text for span in length.hashtags] == ["#Peace"]


def test_a_price_is_an_amount_and_never_negative(platform):
    """Exact decimals, not floats."""
    price = platform.price(PartContent("text"))
    assert isinstance(price, Decimal)
    assert price >= 0


def test_a_simulator_is_not_live_and_the_default_is(platform, name):
    """Set-up questions are asked of live accounts only."""
    assert platform.is_live is False
    assert open_platform(name, load({}, None), datetime.now).is_live is True


def test_a_person_is_told_where_to_look(platform, open_on, name, sandbox):
    """At the account's own page; of a simulator, at the page it draws."""
    assert platform.profile_url == f"{sandbox.url}/"
    real = {"x": "X_API_URL", "facebook": "FACEBOOK_GRAPH_URL"}[name]
    live = open_on(name, **{real: f"https://api.{name}.com"})
    assert live.profile_url.startswith("https://")
    assert live.profile_url.endswith(f"/{live.expected_remote_id}")


def test_missing_credentials_are_named(name, platform):
    """An account without credentials is off and says so."""
    bare = open_platform(name, load({}, None), datetime.now)
    assert platform.missing_settings == ()
    assert bare.missing_settings
    assert set(bare.missing_settings) <= {
        field.upper() for field in type(load({}, None)).model_fields
    }
    assert bare.expected_remote_id is None


def test_without_credentials_nothing_raises(open_on, name):
    """Every network method still answers."""
    bare = open_on(
        name,
        X_API_KEY="",
        X_API_SECRET="",
        X_ACCESS_TOKEN="",
        X_ACCESS_TOKEN_SECRET="",
        FACEBOOK_PAGE_TOKEN="",
    )
    _, outcome = send(bare)
    assert isinstance(outcome, AccountBlocked | NotReached | Unknown)
    assert isinstance(bare.recent(long_ago()), Unreadable)
    assert isinstance(bare.counts({"1": datetime.now(UTC)}), Unreadable)
    assert not bare.health().ok
    assert not bare.delete("1").done


BACK = "https://bot.example.org/accounts/back"


def test_what_connecting_needs_is_named_by_its_settings(open_on, name, platform):
    """The app's own keys; the Account's own are told apart from them."""
    known = {field.upper() for field in type(load({}, None)).model_fields}
    bare = open_platform(name, load({}, None), datetime.now)

    assert platform.missing_to_connect == bare.credential_settings == ()
    assert set(bare.missing_to_connect) < known
    assert bare.missing_to_connect
    assert set(platform.credential_settings) < known
    assert not set(platform.credential_settings) & set(bare.missing_to_connect)


def test_a_person_lets_us_in_and_what_they_give_works(open_on, name, sandbox):
    """From the first step to a Platform that is on; no credential in any address."""
    platform = open_on(name)
    step = platform.connect_begin(BACK)
    assert isinstance(step, ConnectStep)
    place, answer = led_back(step.url)
    assert place == BACK
    assert step.state in answer.values()
    (grant,) = platform.connect_finish(step.kept, answer, BACK)

    assert grant.problem == ""
    assert set(platform.credential_settings) <= set(grant.credentials)
    assert not open_on(name, **dict.fromkeys(grant.credentials, "none")).health().ok
    granted = open_on(name, **grant.credentials)
    assert (granted.health().ok, granted.health().remote_id) == (True, grant.remote_id)
    hidden = [*grant.credentials.values(), *step.kept.values()]
    hidden = [one for one in hidden if one not in (grant.remote_id, step.state)]
    assert not any(one in step.url or one in repr((step, grant)) for one in hidden)


def test_every_step_is_begun_with_another_state(open_on, name):
    """Else it could be guessed."""
    platform = open_on(name)

    assert platform.connect_begin(BACK).state != platform.connect_begin(BACK).state


@pytest.mark.parametrize("answer", [{}, {"error": "access_denied"}, {"denied": "1"}, {"code": ""}])
def test_an_answer_without_a_yes_grants_nothing(open_on, name, answer):
    """In plain words."""
    platform = open_on(name)
    step = platform.connect_begin(BACK)

    assert isinstance(platform.connect_finish(step.kept, answer, BACK), NotGranted)


BROKEN = (
    *("cut_before", "cut_after", "html_before", "html_after", "empty_after", "wrong_types"),
    *("garbled", "redirect", "huge", "rate_limited", "dead_token", "error_before", "suspended"),
)


@pytest.mark.parametrize("kind", BROKEN)
def test_no_broken_answer_grants_anything(open_on, name, sandbox, kind):
    """Whatever comes in place of a token."""
    platform = open_on(name, SEND_TIMEOUT_SECONDS="3")
    step = platform.connect_begin(BACK)
    answer = led_back(step.url)[1]
    sandbox.fault(name, kind, on="read", path="/oauth/access_token")
    granted = platform.connect_finish(step.kept, answer, BACK)

    assert isinstance(granted, NotGranted)
    assert "Nothing was changed" in granted.reason


def test_rules_name_their_source_and_the_day_it_was_read(platform, name):
    """Data without a date cannot be checked again."""
    rules = platform.rules
    assert rules.platform == name
    assert rules.source.startswith("https://")
    assert rules.read_on.year >= 2026
    assert rules.park_for > timedelta(0)


def test_unknown_counts_are_none():
    """The default says nothing, not zero."""
    assert Counts() == Counts(None, None, None, None, None, None, None, None, None, None)


def test_opening_every_platform_loads_no_library_that_speaks():
    """`bot check` must not wait for libraries it does not use."""
    code = (
        "import sys\n"
        "from bot.clock import system_now\n"
        "from bot.platforms import REGISTRY, open_platform\n"
        "from bot.settings import load\n"
        "for name in REGISTRY: open_platform(name, load({}, None), system_now)\n"
        "print([m for m in ('tweepy', 'facebook') if m in sys.modules])\n"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=30
    )
    assert ran.stdout.strip() == "[]"


def test_the_registry_is_not_empty():
    """Parametrised tests over nothing would pass."""
    assert len(REGISTRY) >= 2
