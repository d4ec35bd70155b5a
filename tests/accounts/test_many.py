"""Several accounts of one platform in one database: added, told apart, rotated, removed."""

import pytest

from bot.accounts import rotation
from bot.accounts.adding import Adding
from bot.accounts.rotation import rotate
from bot.accounts.vault import Locked, new_key
from bot.decisions import removal, rules
from bot.delivery import sweep
from bot.errors import BotError, NotAllowed, NotFound, UsageError
from bot.intake.postfile import parse
from bot.model.delivery import State
from bot.store import accounts, deliveries


def adding(bot):
    return Adding(bot.credentials, bot.clock, "ana")


def keys_of(neighbour, platform):
    """What a person types to add that neighbour's profile or Page."""
    own = neighbour.accounts
    if platform == "x":
        return {"X_ACCESS_TOKEN": own.x_token, "X_ACCESS_TOKEN_SECRET": own.x_token_secret}
    return {"FACEBOOK_PAGE_ID": own.page_id, "FACEBOOK_PAGE_TOKEN": own.page_token}


def add(bot, neighbour, name, platform="x"):
    return adding(bot).add(name, platform, keys_of(neighbour, platform))


def queue(bot, text):
    """Admit a post that is due; the ids of its Deliveries by Account name."""
    from bot.intake.admission import Source

    with bot.store.write() as session:
        written = parse(text.encode())
        admitted = bot.admission.admit(session, written, Source("test", text, text, "ana"))
        return {accounts.by_id(session, row.account_id).name: row.id for row in admitted.deliveries}


def send_due(bot):
    bot.planner.plan_due()
    while hints := sweep.due(bot.store, bot.clock, bot.accounts_on):
        for one in hints:
            bot.deliverer.deliver(one.delivery_id)


def texts(ledger, platform):
    return [entry.text for entry in ledger.posts(platform)]


def state(bot, delivery_id):
    with bot.store.read() as session:
        return deliveries.get(session, delivery_id)


def test_each_account_gets_its_own_text_with_its_own_keys(bot, sandbox):
    """Two X profiles and a Page, of which two share the app's keys and nothing else."""
    first, second = sandbox.neighbour(), sandbox.neighbour()
    add(bot, first, "bogota-x")
    add(bot, second, "lima-x")
    add(bot, first, "bogota-page", "facebook")

    both = "---\nto: [bogota-x, bogota-page]\nat: now\nurgent: yes\nx: Corto\n---\n"
    queue(bot, f"{both}Largo, from Bogota")
    queue(bot, "---\nto: [lima-x]\nat: now\nurgent: yes\n---\nFrom Lima")
    send_due(bot)

    assert texts(first.ledger, "x") == ["Corto"]
    assert texts(first.ledger, "facebook") == ["Largo, from Bogota"]
    assert texts(second.ledger, "x") == ["From Lima"]
    assert sandbox.ledger.posts() == []


def test_a_title_says_which_where_two_share_a_platform(bot, sandbox):
    """X alone stays X; beside another it is named."""
    add(bot, sandbox.neighbour(), "bogota-page", "facebook")

    assert bot.titles["x"] == bot.platforms["x"].rules.title == "X"
    assert bot.titles["bogota-page"] == "Facebook (bogota-page)"
    assert bot.platforms["facebook"].rules.title == "Facebook (facebook)"


def test_a_post_that_names_no_account_goes_to_none_that_was_added(open_bot, sandbox):
    """Thousands must not be reached by a line that is missing."""
    bot = open_bot(**sandbox.settings())
    add(bot, sandbox.neighbour(), "bogota-x")

    assert queue(bot, "Hello").keys() == {"x", "facebook"}
    rules.set_default(bot.decider(), "bogota-x", by_default=True)
    bot.credentials.refresh()
    assert queue(bot, "Hello again").keys() == {"x", "facebook", "bogota-x"}


def test_an_account_of_its_own_limits(open_bot, sandbox):
    """Its budget comes before the environment's; without one that one holds."""
    bot = open_bot(X_MONTHLY_BUDGET_USD="10")
    add(bot, sandbox.neighbour(), "bogota-x")
    with bot.store.read() as session:
        key = accounts.named(session, "bogota-x").id

    assert bot.budgets.limits[key] == 10
    rules.set_budget(bot.decider(), "bogota-x", 0)
    bot.credentials.refresh()
    assert bot.deliverer.limits.monthly_budgets[key] == 0

    ids = queue(bot, "---\nto: [bogota-x]\nat: now\nurgent: yes\n---\nToo dear")
    send_due(bot)
    assert "budget" in state(bot, ids["bogota-x"]).holds


@pytest.mark.parametrize(
    ("name", "platform", "says"),
    [
        ("Bogota", "x", "no name for an account"),
        ("bogota x", "x", "no name for an account"),
        ("facebook", "x", "account of facebook"),
        ("bogota", "mastodon", "no platform mastodon"),
    ],
)
def test_a_name_that_will_not_do_is_refused(bot, sandbox, name, platform, says):
    """Before anything is asked of a platform."""
    with pytest.raises(BotError, match=says):
        adding(bot).add(name, platform, keys_of(sandbox.neighbour(), "x"))
    assert not sandbox.requests


def test_no_two_accounts_speak_for_one_profile(open_bot, sandbox):
    """Each post would be out twice, and neither would know."""
    bot = open_bot(**sandbox.settings())
    neighbour = sandbox.neighbour()
    add(bot, neighbour, "bogota-x")

    for twin, keys in (("again", neighbour), ("ours", sandbox)):
        with pytest.raises(NotAllowed, match="here already, as"):
            adding(bot).add(twin, "x", keys_of(keys, "x"))
    assert set(bot.platforms) == {"x", "facebook", "bogota-x"}


def test_keys_that_do_not_work_are_not_kept(bot, sandbox):
    """Tried first; what is said names no key."""
    keys = keys_of(sandbox.neighbour(), "x") | {"X_ACCESS_TOKEN_SECRET": "wrong-but-secret"}

    with pytest.raises(NotAllowed) as refused:
        adding(bot).add("bogota-x", "x", keys)
    assert "wrong-but-secret" not in str(refused.value)
    assert "bogota-x" not in bot.platforms


def test_new_keys_of_another_profile_are_refused_under_the_old_name(bot, sandbox):
    """A name is pinned to whom it first spoke for."""
    add(bot, sandbox.neighbour(), "bogota-x")

    with pytest.raises(NotAllowed, match="always published as"):
        add(bot, sandbox.neighbour(), "bogota-x")


def test_a_removed_account_sends_nothing_and_keeps_its_log(open_bot, sandbox):
    """What waits is withdrawn with plain words, in a bot that runs, too."""
    bot, running = open_bot(), open_bot()
    neighbour = sandbox.neighbour()
    add(bot, neighbour, "bogota-x")
    running.credentials.refresh()
    out = queue(bot, "---\nto: [bogota-x]\nat: now\nurgent: yes\n---\nFirst")["bogota-x"]
    send_due(running)
    waits = queue(bot, "---\nto: [bogota-x]\nat: now\nurgent: yes\n---\nSecond")["bogota-x"]

    assert removal.remove(bot.decider(reason="It has ended"), "bogota-x") == 1

    assert running.credentials.refresh() == ["bogota-x"]
    send_due(running)
    assert texts(neighbour.ledger, "x") == ["First"]
    assert state(bot, out).state == State.SENT
    assert state(bot, waits).state == State.CANCELLED
    assert state(bot, waits).reason == "The account bogota-x was removed: It has ended"
    with pytest.raises(NotFound, match="no account named bogota-x"):
        running.platform_named("bogota-x")
    with bot.store.read() as session:
        row = accounts.ever_named(session, "bogota-x")
    assert (row.credentials, row.sealed_with) == (None, None)


def test_a_removed_account_comes_back_by_its_name_alone(bot, sandbox):
    """Its log goes on where it stopped."""
    neighbour = sandbox.neighbour()
    add(bot, neighbour, "bogota-x")
    removal.remove(bot.decider(reason="A mistake"), "bogota-x")

    with pytest.raises(NotAllowed, match="as bogota-x, which was removed"):
        add(bot, neighbour, "other-x")
    add(bot, neighbour, "bogota-x")
    assert not bot.platforms["bogota-x"].missing_settings


def test_nothing_is_removed_while_a_post_may_be_out(bot, sandbox):
    """Without keys nobody could look any more."""
    add(bot, sandbox.neighbour(), "bogota-x")
    sandbox.fault("x", "cut_after")
    ids = queue(bot, "---\nto: [bogota-x]\nat: now\nurgent: yes\n---\nPerhaps")
    send_due(bot)
    assert state(bot, ids["bogota-x"]).state == State.UNCONFIRMED

    with pytest.raises(NotAllowed, match="may be out or is being sent"):
        removal.remove(bot.decider(reason="Gone"), "bogota-x")
    assert not bot.platforms["bogota-x"].missing_settings


def test_a_rotation_that_is_killed_halfway_goes_on(open_bot, sandbox, key, monkeypatch):
    """Every box opens at any moment, under one key or the other; the next run does the rest."""
    bot = open_bot()
    for number in range(3):
        add(bot, sandbox.neighbour(), f"n{number}")
    newer = new_key()
    both = open_bot(ENCRYPTION_KEYS=f"{newer}, {key}")
    monkeypatch.setattr(rotation, "AT_ONCE", 1)

    def killed(done):
        if done == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        rotate(both.store, both.credentials.vault, killed)
    assert rotation.left(both.store, both.credentials.vault) == 1
    both.credentials.refresh()
    assert all(both.credentials.opened(f"n{number}") for number in range(3))
    assert open_bot(ENCRYPTION_KEYS=newer).credentials.troubles.keys() == {"n2"}

    assert rotate(both.store, both.credentials.vault).done == ("n2",)
    assert open_bot(ENCRYPTION_KEYS=newer).credentials.troubles == {}


def test_credentials_that_cannot_be_opened_send_nothing_and_say_why(bot, sandbox):
    """One that reads the wrong box is off from then on; the others go on."""
    first, second = sandbox.neighbour(), sandbox.neighbour()
    add(bot, first, "bogota-x")
    add(bot, second, "lima-x")
    with bot.store.write() as session:
        box = accounts.named(session, "lima-x").credentials
        accounts.named(session, "bogota-x").credentials = box
    bot.credentials.refresh()

    ids = queue(bot, "---\nto: [bogota-x, lima-x]\nat: now\nurgent: yes\n---\nHello")
    send_due(bot)

    assert texts(first.ledger, "x") == []
    assert texts(second.ledger, "x") == ["Hello"]
    assert "cannot be opened" in state(bot, ids["bogota-x"]).reason
    assert bot.platforms["bogota-x"].missing_settings
    with pytest.raises(Locked):
        bot.credentials.opened("bogota-x")


def test_few_are_kept_open(bot, sandbox, monkeypatch):
    """A thousand accounts do not hold a thousand connections."""
    from bot.accounts import credentials

    monkeypatch.setattr(credentials, "KEPT_OPEN", 2)
    for number in range(3):
        add(bot, sandbox.neighbour(), f"n{number}")
    first = bot.credentials.opened("n0")
    for number in range(3):
        assert bot.credentials.opened(f"n{number}").health().ok

    assert len(bot.credentials._open) == 2
    assert bot.credentials.opened("n0") is not first


def test_a_key_is_asked_for_and_what_is_typed_must_be_one(bot):
    """Nothing of it is shown."""
    with pytest.raises(UsageError, match="X_ACCESS_TOKEN_SECRET is empty"):
        adding(bot).add("bogota-x", "x", {"X_ACCESS_TOKEN": "1-a"})
