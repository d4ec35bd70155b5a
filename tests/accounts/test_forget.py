"""`bot forget`: what came from a Platform is gone, also from the file; what we wrote stays."""

import pytest
from consenting import came_back
from sqlalchemy import func, select

from bot import flow, wiring
from bot.accounts import health
from bot.cli.forget import certificate
from bot.errors import AlreadyRunning, NotAllowed, NotFound
from bot.flow.forgetting import forget_account
from bot.model.account import AccountCheck
from bot.model.delivery import Decision, Delivery, Hold, Part, State
from bot.model.engagement import AccountCount, Snapshot, Tally
from bot.model.post import Post
from bot.model.stranger import Stranger
from bot.store import accounts, byhand, engagement, forgetting, workers
from bot.store.lock import only_heartbeat

MARK = "a mark that stands for one browser's session"
BACK = "https://bot.example.org/accounts/{}/connected"
THEIRS, OURS = "Words that were typed on the page itself", "Words of our own"


def count(bot, table):
    with bot.store.read() as session:
        return session.scalar(select(func.count()).select_from(table))


@pytest.fixture
def known(bot, sandbox, clock, tmp_path):
    """An account with everything that is ever stored of one, and a post that waits for it."""
    name = "facebook"
    url = bot.connections.begin(name, session_mark=MARK, return_to=BACK.format(name))
    bot.connections.finish(name, came_back(url), session_mark=MARK, actor="ana")
    posts = tmp_path / "posts"
    posts.mkdir()
    for n, (at, words) in enumerate([("now", OURS), ("2026-12-24 12:00", "Later")]):
        (posts / f"{n}.md").write_text(f"---\nto: facebook\nat: {at}\n---\n{words}\n")
        flow.add(bot, posts / f"{n}.md")
    with bot.store.write() as session:
        for row in session.scalars(select(Delivery)):
            row.holds, row.state = row.holds - {Hold.FIRST_RUN}, State.WAITING.value
        worker = workers.begin(session, host="here", pid=1, now=clock())
    flow.send_due(bot, worker.id)
    health.check(bot.store, clock, name, bot.platforms[name], bot.expected_imprint)
    clock.move(hours=2)
    bot.collector.collect_due()
    with bot.store.write() as session:
        account = accounts.named(session, name)
        seen = byhand.Public("77", "https://x.example.org/77", THEIRS, None, clock(), 9)
        byhand.add(session, account, seen, clock())
        part = session.scalars(select(Part).where(Part.remote_id == "77")).one()
        engagement.record(session, part.id, clock(), {"likes": 4})
        session.add_all(
            [
                Stranger(
                    account_id=account.id,
                    remote_id="78",
                    url="u",
                    text=THEIRS,
                    published_at=clock(),
                    seen_at=clock(),
                ),
                AccountCount(account_id=account.id, day=clock().date(), taken_at=clock()),
            ]
        )
        workers.end(session, worker.id, clock())
    return bot


def test_an_account_is_forgotten_and_certified(known, tmp_path):
    """Keys, checks, words and counts from there go; our own words, links and decisions stay."""
    assert all(count(known, one) for one in (AccountCheck, Snapshot, Tally, Stranger))
    with known.store.read() as session:
        account = accounts.named(session, "facebook")
        was = account.remote_id, account.display_name
    done = forget_account(known, "facebook", "ana", keep_counts=False)
    told = "\n".join(certificate(done, "Tuesday 1 December 2026, 14:00"))

    assert [0] * 5 == [
        count(known, one) for one in (AccountCheck, Snapshot, Tally, Stranger, AccountCount)
    ]
    with known.store.read() as session:
        account = accounts.named(session, "facebook")
        assert (None, None, None) == (account.credentials, account.remote_id, account.display_name)
        states = {
            post.written["body"]: delivery.state
            for post, delivery in session.execute(select(Post, Delivery).join(Delivery))
        }
        assert {OURS: "sent", "Later": "cancelled", "": "cancelled"} == states
        (ours,) = session.scalars(select(Part).where(Part.text == OURS))
        assert ours.url
        assert "forget" in session.scalars(select(Decision.verb)).all()
    whole = b"".join(path.read_bytes() for path in tmp_path.glob("bot.db*"))
    assert OURS.encode() in whole
    assert THEIRS.encode() not in whole
    assert f"{was[1]} (number {was[0]})" in told
    assert told.startswith("Certificate of deletion\nOn Tuesday 1 December 2026, 14:00, ana had")
    assert "withdrawn: 1 post" in told
    assert f"{forgetting.BY_HAND}: 1" in told
    assert known.platforms["facebook"].missing_settings


def test_counts_may_be_kept_and_the_same_account_come_again(known):
    """They are about nobody; what was made by hand stays in the log without its words."""
    before = count(known, Snapshot)
    done = forget_account(known, "facebook", "ana", keep_counts=True)

    assert before == count(known, Snapshot) > 0
    assert done.counts_kept
    with known.store.write() as session:
        account = accounts.named(session, "facebook")
        seen = byhand.Public("77", "https://x.example.org/77", THEIRS, None, known.clock(), 9)
        assert byhand.add(session, account, seen, known.clock())


def test_it_is_refused_while_the_bot_runs_or_a_post_is_in_doubt(known):
    """Nothing is changed: else it would come back a moment later."""
    with only_heartbeat(known.store), pytest.raises(AlreadyRunning):
        forget_account(known, "facebook", "ana", keep_counts=False)
    with known.store.write() as session:
        row = session.scalars(select(Delivery).where(Delivery.state == "waiting")).one()
        row.state, row.doubt_since, row.asked_at = "unconfirmed", known.clock(), known.clock()
    with pytest.raises(NotAllowed, match="may or may not be out"):
        forget_account(known, "facebook", "ana", keep_counts=False)
    with pytest.raises(NotFound):
        forget_account(known, "myspace", "ana", keep_counts=False)
    assert count(known, AccountCheck)
    assert not known.platforms["facebook"].missing_settings


def test_keys_in_the_environment_are_for_a_person_to_take_out(open_bot, sandbox):
    """The bot cannot, and would begin to read again."""
    given = sandbox.settings()
    names = ("FACEBOOK_PAGE_ID", "FACEBOOK_PAGE_TOKEN")
    bot = open_bot(**{name: given[name] for name in names})
    with pytest.raises(NotAllowed, match=r"FACEBOOK_PAGE_TOKEN out of \.env"):
        forget_account(bot, "facebook", wiring.terminal_actor(), keep_counts=False)
