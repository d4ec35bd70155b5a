"""Connecting accounts from a page: whose they are, who did it, and everything that refuses."""

import threading

import pytest
from consenting import came_back
from sqlalchemy import select

from bot.accounts.connect import Choice, Connected
from bot.accounts.credentials import Source
from bot.accounts.rotation import rotate
from bot.accounts.signins import new_mark
from bot.accounts.vault import new_key
from bot.errors import NotAllowed, NotFound
from bot.model.account import Account, Connecting
from bot.model.delivery import Decision
from bot.model.engagement import Charge
from bot.platforms.contract import PartContent, Prepared, Sent
from bot.platforms.x.platform import XPlatform
from bot.platforms.x.prices import USER_READ
from bot.store import accounts
from bot.worker import Heartbeat

MARK = "a mark that stands for one browser's session"
BACK = "https://bot.example.org/accounts/{}/connected"
NAMES = ("x", "facebook")


def begun(bot, name, mark=MARK):
    return bot.connections.begin(name, session_mark=mark, return_to=BACK.format(name))


def finished(bot, name, returned, mark=MARK, actor="ana"):
    return bot.connections.finish(name, returned, session_mark=mark, actor=actor)


def connected(bot, name, mark=MARK):
    return finished(bot, name, came_back(begun(bot, name, mark)), mark)


def row(bot, name):
    with bot.store.read() as session:
        return accounts.named(session, name)


def decisions(bot):
    with bot.store.read() as session:
        return list(session.scalars(select(Decision).order_by(Decision.id)))


def is_untouched(bot, name):
    account = row(bot, name)
    nothing = (account.credentials, account.connected_by, account.connected_at)
    return nothing == (None, None, None) and decisions(bot) == []


@pytest.mark.parametrize("name", NAMES)
def test_an_account_is_connected_from_a_page_and_can_post(bot, sandbox, name, clock):
    """From off to a post that is out, without a restart; who did it is written down."""
    assert bot.platforms[name].missing_settings
    assert bot.connections.missing(name) == ()

    done = connected(bot, name)

    pinned = {"x": sandbox.accounts.x_user_id, "facebook": sandbox.accounts.page_id}[name]
    assert isinstance(done, Connected)
    assert (done.account, done.remote_id, done.warning) == (name, pinned, "")
    account = row(bot, name)
    assert (account.remote_id, account.connected_by) == (pinned, "ana")
    assert account.connected_at == clock()
    assert [(one.verb, one.actor, one.account_id) for one in decisions(bot)] == [
        ("connect", "ana", account.id)
    ]
    standing = bot.connections.standing(name)
    assert (standing.source, standing.connected_by) == (Source.STORED, "ana")
    assert (standing.expires_at, standing.trouble) == (None, "")
    assert account.id in bot.ids_on
    sent = bot.by_id[account.id].send(PartContent("Solidarity"), reply_to=None, prepared=Prepared())
    assert isinstance(sent, Sent)
    assert len(sandbox.ledger.posts(name)) == 1


@pytest.mark.parametrize("name", NAMES)
def test_a_sign_in_that_is_cancelled_changes_nothing(bot, name):
    """And says that it was."""
    with pytest.raises(NotAllowed, match=r"cancelled. Nothing was changed"):
        finished(bot, name, came_back(begun(bot, name), "no"))

    assert is_untouched(bot, name)


@pytest.mark.parametrize("name", NAMES)
def test_an_answer_with_another_state_is_none_of_ours(bot, sandbox, name):
    """Nobody can have their own account connected by a link that somebody else follows; and what
    this person began is still theirs to end."""
    path = {"x": "/oauth/authorize", "facebook": "/dialog/oauth"}[name]
    url = begun(bot, name)
    sandbox.fault(name, "wrong_state", method="POST", path=path)
    forged = came_back(url)

    with pytest.raises(NotAllowed, match="not begun in this browser"):
        finished(bot, name, forged)

    assert is_untouched(bot, name)
    assert isinstance(finished(bot, name, came_back(url)), Connected)


@pytest.mark.parametrize("name", NAMES)
def test_an_answer_counts_only_in_the_browser_it_was_begun_in(bot, name):
    """A sign-in is bound to the person's session."""
    returned = came_back(begun(bot, name))

    with pytest.raises(NotAllowed, match="not begun in this browser"):
        finished(bot, name, returned, mark=new_mark())

    assert is_untouched(bot, name)


@pytest.mark.parametrize("name", NAMES)
def test_an_answer_counts_once(bot, name):
    """Going back in the browser does not connect again."""
    returned = came_back(begun(bot, name))
    finished(bot, name, returned)

    with pytest.raises(NotAllowed, match="used already"):
        finished(bot, name, returned)

    assert len(decisions(bot)) == 1


@pytest.mark.parametrize("name", NAMES)
def test_an_answer_is_too_late_after_ten_minutes(bot, name, clock):
    """By our own clock, whatever the Platform says."""
    returned = came_back(begun(bot, name))
    clock.move(minutes=10)

    with pytest.raises(NotAllowed, match="over ten minutes old"):
        finished(bot, name, returned)

    assert is_untouched(bot, name)


@pytest.mark.parametrize("name", NAMES)
def test_an_answer_of_one_account_is_none_for_the_other(bot, name):
    """Each sign-in is of one account."""
    other = NAMES[1 - NAMES.index(name)]
    returned = came_back(begun(bot, name))

    with pytest.raises(NotAllowed, match="not begun in this browser"):
        finished(bot, other, returned)

    assert is_untouched(bot, other)


def test_an_oversized_answer_is_refused(bot):
    """What comes from outside has a cap."""
    returned = came_back(begun(bot, "facebook"))

    with pytest.raises(NotAllowed, match="not begun in this browser"):
        finished(bot, "facebook", {**returned, "code": "c" * 2001})
    with pytest.raises(NotAllowed, match="not begun in this browser"):
        finished(bot, "facebook", returned | {str(n): "" for n in range(20)})


@pytest.mark.parametrize("name", NAMES)
def test_a_code_the_platform_no_longer_takes_says_connect_again(bot, sandbox, name):
    """Used or too old on their side; nothing is stored."""
    returned = came_back(begun(bot, name))
    sandbox.fault(name, "stale_grant", path="/oauth/access_token")

    with pytest.raises(NotAllowed, match="used already or took too long"):
        finished(bot, name, returned)

    assert is_untouched(bot, name)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    "kind", ["cut_before", "cut_after", "html_after", "empty_after", "garbled"]
)
def test_no_broken_answer_connects_anything(bot, sandbox, name, kind):
    """Absence of an error is not success."""
    returned = came_back(begun(bot, name))
    sandbox.fault(name, kind, on="read", path="/oauth/access_token")

    with pytest.raises(NotAllowed, match="Nothing was changed"):
        finished(bot, name, returned)

    assert is_untouched(bot, name)


def test_an_address_that_x_does_not_know_is_told_with_what_to_do(bot, sandbox):
    """The commonest mistake of set-up."""
    sandbox.fault("x", "callback_refused", path="/oauth/request_token")

    with pytest.raises(NotAllowed, match=r"callback address.*https://bot.example.org/accounts/x/"):
        begun(bot, "x")


def test_wrong_app_keys_are_told(open_bot):
    """By the names of the settings, without their values."""
    bot = open_bot(X_API_SECRET="not-the-secret-of-the-app")

    with pytest.raises(NotAllowed, match="Check X_API_KEY and X_API_SECRET") as told:
        begun(bot, "x")
    assert "not-the-secret" not in str(told.value)


@pytest.mark.parametrize("name", NAMES)
def test_another_profile_or_page_is_refused(bot, name):
    """The database has always published as somebody else; nothing is stored."""
    with bot.store.write() as session:
        accounts.named(session, name).remote_id = "4711"

    with pytest.raises(NotAllowed, match=r"always published as account 4711. Nothing was changed"):
        connected(bot, name)

    assert is_untouched(bot, name)


def test_of_several_pages_a_person_chooses(bot, sandbox):
    """Nothing is guessed, and the choice is good once."""
    sandbox.accounts.has_other_page = True
    choice = connected(bot, "facebook")

    assert isinstance(choice, Choice)
    assert [one.remote_id for one in choice.offered] == [
        sandbox.accounts.other_page_id,
        sandbox.accounts.page_id,
    ]
    assert is_untouched(bot, "facebook")
    given = {"mark": choice.mark, "session_mark": MARK, "actor": "ana"}
    with pytest.raises(NotAllowed, match="not begun in this browser"):
        bot.connections.choose(
            "facebook", sandbox.accounts.page_id, **{**given, "session_mark": new_mark()}
        )
    done = bot.connections.choose("facebook", sandbox.accounts.page_id, **given)
    assert done.remote_id == row(bot, "facebook").remote_id == sandbox.accounts.page_id
    with pytest.raises(NotAllowed, match="used already"):
        bot.connections.choose("facebook", sandbox.accounts.page_id, **given)


def test_only_what_was_offered_can_be_chosen(bot, sandbox):
    """A form may be changed by whoever sends it."""
    sandbox.accounts.has_other_page = True
    choice = connected(bot, "facebook")

    with pytest.raises(NotFound, match="not among those offered"):
        bot.connections.choose("facebook", "4711", mark=choice.mark, session_mark=MARK, actor="ana")
    assert is_untouched(bot, "facebook")


def test_a_choice_cannot_be_given_in_place_of_an_answer(bot, sandbox):
    """The two steps are told apart."""
    sandbox.accounts.has_other_page = True
    choice = connected(bot, "facebook")

    with pytest.raises(NotAllowed, match="not begun in this browser"):
        finished(bot, "facebook", {"state": choice.mark, "code": "1"})


def test_the_page_of_this_database_needs_no_choice(bot, sandbox):
    """Connecting again is one click, however many Pages there are."""
    connected(bot, "facebook")
    sandbox.accounts.has_other_page = True

    assert isinstance(connected(bot, "facebook"), Connected)


def test_a_page_on_which_the_person_may_not_write_is_refused(bot, sandbox):
    """Else posts would fail one by one."""
    sandbox.accounts.page_tasks = ("ANALYZE", "MODERATE")

    with pytest.raises(NotAllowed, match="may not write posts on Campaign Sandbox"):
        connected(bot, "facebook")

    assert is_untouched(bot, "facebook")


def test_a_permission_that_was_declined_is_named(bot, sandbox):
    """A box that was unticked in the dialog."""
    sandbox.accounts.page_scopes = ("pages_show_list", "pages_read_engagement")

    with pytest.raises(NotAllowed, match="pages_manage_posts"):
        connected(bot, "facebook")

    assert is_untouched(bot, "facebook")


def test_the_page_token_that_is_kept_does_not_end(bot, sandbox, key):
    """It is made from the long-lived user token, never from the short one."""
    connected(bot, "facebook")
    kept = bot.credentials.vault.open("facebook", row(bot, "facebook").credentials)

    assert kept["FACEBOOK_PAGE_TOKEN"] == sandbox.accounts.page_token
    assert row(bot, "facebook").credentials_expire_at is None


def test_when_a_token_ends_it_is_kept_and_said(bot, sandbox):
    """A Platform that gives no lasting one must not stop us by surprise."""
    sandbox.accounts.page_token = sandbox.accounts.brief_page_token
    connected(bot, "facebook")

    ends = row(bot, "facebook").credentials_expire_at
    assert ends is not None
    assert bot.connections.standing("facebook").expires_at == ends


def test_without_a_key_nothing_is_begun(open_bot):
    """And the command that makes one is named."""
    bot = open_bot(ENCRYPTION_KEYS="")

    assert bot.connections.missing("x") == ("ENCRYPTION_KEYS",)
    with pytest.raises(NotAllowed, match=r"ENCRYPTION_KEYS is empty.*bot accounts key"):
        begun(bot, "x")


def test_without_the_apps_keys_they_are_named(open_bot):
    """Before anybody is sent to a page that cannot work."""
    bot = open_bot(X_API_KEY="", FACEBOOK_APP_SECRET="")

    assert bot.connections.missing("facebook") == ("FACEBOOK_APP_SECRET",)
    with pytest.raises(NotAllowed, match="X_API_KEY"):
        begun(bot, "x")
    with pytest.raises(NotAllowed, match="FACEBOOK_APP_SECRET"):
        begun(bot, "facebook")


def test_the_way_back_must_be_safe(bot):
    """A code must not travel in the open."""
    with pytest.raises(NotAllowed, match="must be https"):
        bot.connections.begin("x", session_mark=MARK, return_to="http://bot.example.org/back")


def test_a_short_mark_of_a_session_is_a_mistake_of_ours(bot):
    """Binding to a guessable mark would bind to nothing."""
    with pytest.raises(ValueError, match="long and random"):
        begun(bot, "facebook", mark="short")


def test_the_environment_wins_and_says_so(open_bot, sandbox):
    """What is in .env is used, shown, and not to be changed from a page."""
    connected(open_bot(), "x")
    own = {
        "X_ACCESS_TOKEN": sandbox.accounts.x_token,
        "X_ACCESS_TOKEN_SECRET": sandbox.accounts.x_token_secret,
    }
    bot = open_bot(**own)

    assert bot.connections.standing("x").source == Source.ENVIRONMENT
    assert bot.connections.standing("x").in_environment == tuple(own)
    assert bot.connections.standing("x").connected_by is None
    with pytest.raises(NotAllowed, match="X_ACCESS_TOKEN and X_ACCESS_TOKEN_SECRET out of"):
        begun(bot, "x")


def test_half_of_the_environments_keys_is_never_mixed_with_what_is_stored(open_bot, sandbox):
    """Two halves of two sign-ins open nothing, or the wrong thing."""
    connected(open_bot(), "x")
    bot = open_bot(X_ACCESS_TOKEN=sandbox.accounts.x_token)

    assert bot.connections.standing("x").source == Source.ENVIRONMENT
    assert bot.platforms["x"].missing_settings == ("X_ACCESS_TOKEN_SECRET",)


def test_another_bot_on_the_database_takes_over_without_a_restart(open_bot):
    """What runs unattended notices what a page did."""
    running, page = open_bot(), open_bot()
    before = running.credentials.opened("x")
    assert running.credentials.refresh() == []

    connected(page, "x")
    assert running.credentials.refresh() == ["x"]
    assert running.credentials.opened("x") is not before
    assert running.platforms["x"].missing_settings == ()
    assert row(running, "x").id in running.ids_on
    # The rooms hold the same Platforms, whichever way they look them up.
    assert running.deliverer.platforms[row(running, "x").id] == running.platforms["x"]
    assert running.admission.platforms["x"] == running.platforms["x"]

    page.connections.disconnect("x", actor="ben", reason="Ana has left")
    assert running.credentials.refresh() == ["x"]
    assert running.ids_on == []
    assert running.credentials.refresh() == []


def test_disconnecting_wipes_what_is_stored(bot):
    """And is written down with its reason; there is nothing to disconnect twice."""
    connected(bot, "facebook")
    pinned = row(bot, "facebook").remote_id
    begun(bot, "facebook")
    bot.connections.disconnect("facebook", actor="ben", reason="Ana has left")

    account = row(bot, "facebook")
    assert (account.credentials, account.connected_by, account.connected_at) == (None, None, None)
    assert account.remote_id == pinned
    last = decisions(bot)[-1]
    assert (last.verb, last.actor, last.reason) == ("disconnect", "ben", "Ana has left")
    assert bot.connections.standing("facebook").source == Source.NONE
    with bot.store.read() as session:
        assert session.scalars(select(Connecting)).all() == []
    with pytest.raises(NotAllowed, match="not connected"):
        bot.connections.disconnect("facebook", actor="ben")


def test_an_account_that_was_blocked_goes_on_once_it_is_connected_again(bot, clock):
    """Nobody has to know of a second switch."""
    with bot.store.write() as session:
        account = accounts.named(session, "facebook")
        accounts.park(session, account.id, clock().replace(year=2030), "gone", blocked=True)

    connected(bot, "facebook")

    account = row(bot, "facebook")
    assert (account.parked_until, account.is_blocked) == (None, False)


def test_a_rate_limit_stays_when_an_account_is_connected(bot, clock):
    """New keys make no new allowance."""
    until = clock().replace(year=2030)
    with bot.store.write() as session:
        accounts.park(session, accounts.named(session, "x").id, until, "too many", blocked=False)

    connected(bot, "x")

    assert row(bot, "x").parked_until == until


def test_a_platform_that_cannot_be_asked_just_now_is_connected_with_a_warning(bot, sandbox):
    """Its own sign-in page has said who we are; only the trial is missing."""
    returned = came_back(begun(bot, "x"))
    sandbox.fault("x", "error_before", on="read", path="/2/users/me")
    done = finished(bot, "x", returned)

    assert done.warning.startswith("It is connected, but could not be tried: ")
    assert row(bot, "x").remote_id == sandbox.accounts.x_user_id


def test_a_sign_in_that_names_another_than_its_token_is_refused(bot, sandbox):
    """Who it is for is asked, not taken from one answer."""
    returned = came_back(begun(bot, "x"))
    given = sandbox.accounts
    text = (
        f"oauth_token={given.x_token}&oauth_token_secret={given.x_token_secret}"
        "&user_id=4711&screen_name=others"
    )
    sandbox.fault("x", "garbled", on="read", path="/oauth/access_token", text=text)

    with pytest.raises(NotAllowed, match="of another account than it said"):
        finished(bot, "x", returned)
    assert is_untouched(bot, "x")


def test_of_two_that_connect_at_once_the_first_is_kept(bot, sandbox, monkeypatch):
    """Another account cannot slip in while the first one's answer is awaited."""
    health = XPlatform.health

    def meanwhile(platform):
        with bot.store.write() as session:
            accounts.named(session, "x").remote_id = "4711"
        return health(platform)

    monkeypatch.setattr(XPlatform, "health", meanwhile)

    with pytest.raises(NotAllowed, match="another account meanwhile"):
        connected(bot, "x")
    assert is_untouched(bot, "x")


def test_what_the_trial_costs_is_written_down(bot):
    """X charges for being asked who we are."""
    connected(bot, "x")
    with bot.store.read() as session:
        (charge,) = session.scalars(select(Charge))

    assert (charge.purpose, charge.account_id) == ("check", row(bot, "x").id)
    assert charge.amount_micros == USER_READ * 1_000_000


def test_a_new_key_takes_over_by_rotation(open_bot, key):
    """The first key locks and every key opens; after rotating, the old one may go."""
    connected(open_bot(), "x")
    newer = new_key()
    both = open_bot(ENCRYPTION_KEYS=f"{newer}, {key}")
    assert both.platforms["x"].missing_settings == ()
    assert open_bot(ENCRYPTION_KEYS=newer).credentials.troubles.keys() == {"x"}

    assert rotate(both.store, both.credentials.vault).done == ("x",)

    alone = open_bot(ENCRYPTION_KEYS=newer)
    assert (alone.platforms["x"].missing_settings, alone.credentials.troubles) == ((), {})
    assert open_bot().credentials.troubles.keys() == {"x"}


def test_rotating_without_the_old_key_changes_nothing(open_bot):
    """Half of it must not be lost on the way."""
    connected(open_bot(), "x")
    before = row(open_bot(), "x").credentials
    lost = open_bot(ENCRYPTION_KEYS=new_key())

    assert rotate(lost.store, lost.credentials.vault).locked == ("x",)

    assert row(lost, "x").credentials == before


@pytest.mark.parametrize("is_replaced", [False, True])
def test_a_lost_key_means_connect_again_and_never_a_crash(open_bot, is_replaced):
    """The account is off and says why; the others, and everything else, go on."""
    connected(open_bot(), "x")
    lost = open_bot(ENCRYPTION_KEYS=new_key() if is_replaced else "")

    assert lost.platforms["x"].missing_settings
    assert "ENCRYPTION_KEYS" in lost.connections.standing("x").trouble
    assert lost.ids_on == []
    if is_replaced:
        connected(lost, "x")
        assert lost.connections.standing("x").trouble == ""
        assert lost.platforms["x"].missing_settings == ()


def test_what_is_stored_for_one_account_does_not_open_for_another(open_bot):
    """Whoever can write to the database cannot make one account speak as another."""
    bot = open_bot()
    connected(bot, "x")
    with bot.store.write() as session:
        box = accounts.named(session, "x").credentials
        accounts.named(session, "facebook").credentials = box
        accounts.named(session, "x").remote_id = "4711"

    again = open_bot()
    assert "cannot be opened" in again.connections.standing("facebook").trouble
    assert "always published as 4711" in again.connections.standing("x").trouble
    assert again.ids_on == []


def test_an_unknown_account_is_told_with_those_there_are(bot):
    """Names come from addresses that people type."""
    for call in (
        lambda: bot.connections.standing("mastodon"),
        lambda: begun(bot, "mastodon"),
        lambda: finished(bot, "mastodon", {}),
        lambda: bot.connections.disconnect("mastodon", actor="ana"),
    ):
        with pytest.raises(NotFound, match="x, facebook"):
            call()


def test_sign_ins_that_nobody_ended_do_not_pile_up(bot, clock):
    """What is over goes when the next one begins, and a second try replaces the first."""
    for _ in range(3):
        begun(bot, "facebook", mark=new_mark())
    clock.move(minutes=11)
    begun(bot, "facebook")
    begun(bot, "facebook")

    with bot.store.read() as session:
        assert len(session.scalars(select(Connecting)).all()) == 1
        assert session.scalar(select(Account.credentials).where(Account.name == "x")) is None


@pytest.mark.parametrize("engine_name", ["postgresql"])
def test_all_of_it_works_on_postgresql_too(open_bot, sandbox, database_url):
    """From the first step, by way of a choice, to the end."""
    sandbox.accounts.has_other_page = True
    bot, running = (open_bot(DATABASE_URL=database_url) for _ in range(2))
    connected(bot, "x")
    choice = connected(bot, "facebook")
    bot.connections.choose(
        "facebook", sandbox.accounts.page_id, mark=choice.mark, session_mark=MARK, actor="ana"
    )
    assert running.credentials.refresh() == ["x", "facebook"]
    assert len(running.ids_on) == 2
    assert rotate(bot.store, bot.credentials.vault).locked == ()

    for name in NAMES:
        bot.connections.disconnect(name, actor="ana")
    assert [one.verb for one in decisions(bot)] == ["connect"] * 2 + ["disconnect"] * 2
    running.credentials.refresh()
    assert running.ids_on == []


def test_two_threads_that_look_at_once_take_over_once(open_bot):
    """Several sweeps, one new Platform."""
    running, page = open_bot(), open_bot()
    connected(page, "x")
    found = []
    ready = threading.Barrier(4)

    def look():
        ready.wait()
        found.extend(running.credentials.refresh())

    threads = [threading.Thread(target=look) for _ in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()

    assert found == ["x"]


def test_the_heartbeat_sends_on_an_account_that_was_connected_meanwhile(open_bot):
    """It looks before it asks what is due."""
    running, page = open_bot(), open_bot()
    connected(page, "x")
    assert running.ids_on == []

    Heartbeat(running).sweep()

    assert running.ids_on == [row(running, "x").id]
