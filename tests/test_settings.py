"""Settings: one table, every mistake at once, no value shown."""

from datetime import timedelta

import pytest

from bot.errors import SettingsError
from bot.settings import duration, is_loopback, is_secret, likely_typos, load, names


def mistakes(environ, env_file=None):
    with pytest.raises(SettingsError) as refused:
        load(environ, env_file)
    return str(refused.value)


# design.md, "What people touch": checks outside the repository use these names and defaults.
FIXED = [
    "DATABASE_URL",
    "BACKUP_KEEP",
    "POSTS_DIR",
    "TIMEZONE",
    "SECRET_KEY",
    "ENCRYPTION_KEYS",
    "PUBLIC_URL",
    "PORT",
    "X_API_KEY",
    "X_API_SECRET",
    "X_ACCESS_TOKEN",
    "X_ACCESS_TOKEN_SECRET",
    "X_API_URL",
    "X_LONG_POSTS",
    "X_MONTHLY_BUDGET_USD",
    "UTM_CAMPAIGNS",
    "KNOWN_ACRONYMS",
    "FACEBOOK_PAGE_ID",
    "FACEBOOK_PAGE_TOKEN",
    "FACEBOOK_APP_ID",
    "FACEBOOK_APP_SECRET",
    "FACEBOOK_GRAPH_URL",
    "FACEBOOK_GRAPH_VERSION",
    "CONFIRM_AFTER",
    "COUNT_AFTER",
    "FEED_EVERY",
    "SEND_TIMEOUT_SECONDS",
    "SEND_THREADS",
    "MIN_SPACING_MINUTES",
    "TOO_LATE_MINUTES",
    "IMPRINT_PROMOTER",
    "IMPRINT_ADDRESS",
    "IMPRINT_ON_BEHALF_OF",
    "IMPRINT_FALLBACK",
    "IMPRINT_MODE",
    "FETCH_ALLOW_HOSTS",
    "ALERT_URLS",
    "MAIL_URL",
    "MAIL_FROM",
    "QUIET_HOURS",
    "PING_URL",
    "PRIVACY_URL",
    "SECURITY_CONTACT",
    "METRICS_TOKEN",
    "LOG_FORMAT",
]


def test_the_names_of_settings_are_those_of_the_design():
    """Not one more, not one less."""
    assert sorted(FIXED) == sorted(names())


def test_the_defaults_are_those_of_the_design():
    """An empty environment is a good one."""
    found = load({}, None)

    assert "sqlite:///var/bot.db" == found.database_url.get_secret_value()
    assert ("posts", "Europe/London", 8000) == (str(found.posts_dir), found.timezone, found.port)
    assert [15, 60, 300, 900] == [after.total_seconds() for after in found.confirm_after]
    hours = [age / timedelta(hours=1) for age in found.count_after]
    assert [1, 6, 24, 48, 72, 168, 336, 672] == hours
    assert (20, 8, 20, 180) == (
        found.send_timeout_seconds,
        found.send_threads,
        found.min_spacing_minutes,
        found.too_late_minutes,
    )
    assert ("https://api.x.com", "https://graph.facebook.com", "v26.0") == (
        found.x_api_url,
        found.facebook_graph_url,
        found.facebook_graph_version,
    )
    assert (None, "") == (found.imprint_mode, found.imprint_fallback)
    assert "Europe/London" == found.zone.key


BAD = {
    "TIMEZONE": "Europe/Londn",
    "PORT": "eighty-value",
    "X_API_URL": "http://evil-value.example.org",
    "FACEBOOK_GRAPH_URL": "ftp://value.example.org",
    "PUBLIC_URL": "http://value.example.org",
    "FACEBOOK_GRAPH_VERSION": "26-value",
    "CONFIRM_AFTER": "value",
    "COUNT_AFTER": "1h,value",
    "SEND_TIMEOUT_SECONDS": "0",
    "SEND_THREADS": "999",
    "MIN_SPACING_MINUTES": "inf",
    "TOO_LATE_MINUTES": "-1",
    "X_MONTHLY_BUDGET_USD": "nan",
    "IMPRINT_MODE": "value",
    "LOG_FORMAT": "value",
    "QUIET_HOURS": "value",
    "DATABASE_URL": "mysql://user:value@host/name",
    "FEED_EVERY": "999999999999999d",
    "ENCRYPTION_KEYS": "value",
    "METRICS_TOKEN": "value",
}


def test_every_mistake_is_listed_at_once_by_name_and_without_its_value():
    """One start shows them all."""
    said = mistakes({**BAD, "X_API_SECRET_FILE": "/nowhere/value"})

    assert len(BAD) + 2 == len(said.splitlines())
    for name in (*BAD, "X_API_SECRET_FILE"):
        assert f"  {name}: " in said
    assert "did you mean Europe/London" in said
    assert "value" not in said.replace("Value", "")


@pytest.mark.parametrize("text", ["", ",", " , "])
def test_no_look_at_all_is_no_choice(text):
    """Blank is the default; commas alone are a mistake."""
    if text:
        assert "CONFIRM_AFTER" in mistakes({"CONFIRM_AFTER": text})
    else:
        assert 4 == len(load({"CONFIRM_AFTER": text}, None).confirm_after)


def test_looks_are_put_in_order():
    """However they were written."""
    found = load({"CONFIRM_AFTER": "1m, 0s"}, None).confirm_after

    assert (timedelta(0), timedelta(minutes=1)) == found


@pytest.mark.parametrize(
    ("text", "seconds"), [("90s", 90), ("15m", 900), (" 6H ", 21_600), ("1.5d", 129_600), ("0s", 0)]
)
def test_a_duration_has_a_number_and_a_unit(text, seconds):
    """As the files of volunteers have it."""
    assert timedelta(seconds=seconds) == duration(text)


@pytest.mark.parametrize("text", ["", "15", "m", "-1m", "15 minutes", "1h30m", "9e99d"])
def test_what_is_no_duration_is_refused(text):
    """With examples."""
    with pytest.raises(ValueError, match="write a time"):
        duration(text)


def test_the_environment_comes_before_the_file_and_nothing_is_interpolated(tmp_path):
    """A dollar sign in a secret is a dollar sign."""
    file = tmp_path / ".env"
    file.write_text("X_API_KEY='a${HOME}b$c'\nPORT=1\nTIMEZONE=\nIMPRINT_MODE=\n", encoding="utf-8")
    found = load({"PORT": "2"}, file)

    assert ("a${HOME}b$c", 2) == (found.x_api_key.get_secret_value(), found.port)
    assert ("Europe/London", None) == (found.timezone, found.imprint_mode)


def test_no_quiet_hours_is_an_answer_not_the_default(tmp_path):
    """Whoever empties the line wants to be told at night, too."""
    file = tmp_path / ".env"
    file.write_text("QUIET_HOURS=\n", encoding="utf-8")

    assert ("", "21:00-08:00") == (load({}, file).quiet_hours, load({}, None).quiet_hours)


def test_a_secret_may_come_from_a_file_of_its_own(tmp_path):
    """Whose end of line is not part of it."""
    file = tmp_path / "key"
    file.write_text("s3cret\n")

    assert "s3cret" == load({"X_API_KEY_FILE": str(file)}, None).x_api_key.get_secret_value()
    both = mistakes({"X_API_KEY_FILE": str(file), "X_API_KEY": "other"})
    assert "not both" in both
    assert "other" not in both
    file.write_bytes(b"a" * 70_000)
    assert "too large" in mistakes({"X_API_KEY_FILE": str(file)})
    file.write_bytes(b"\xff")
    assert "cannot be read" in mistakes({"X_API_KEY_FILE": str(file)})


def test_a_settings_file_that_is_not_text_is_refused(tmp_path):
    """By its name."""
    file = tmp_path / ".env"
    file.write_bytes(b"X_API_KEY=\xff\n")
    assert ".env cannot be read" in mistakes({}, file)


def test_likely_typos_are_warned_about(tmp_path):
    """In the file all, in the environment near misses."""
    file = tmp_path / ".env"
    file.write_text("X_API_KEYS=1\nFAVOURITE=2\nX_API_KEY=3\n")
    found = likely_typos({"FACEBOOK_PAGE_TOKN": "1", "X_RANDOM": "1", "HOME": "/"}, file)

    assert 3 == len(found)
    assert "Did you mean X_API_KEY?" in found[0]
    assert "FAVOURITE" in found[1]
    assert "Did you mean FACEBOOK_PAGE_TOKEN?" in found[2]


def test_secrets_are_known_and_never_shown():
    """Neither by repr nor by str."""
    found = load({"X_API_KEY": "s3cret", "FACEBOOK_PAGE_TOKEN": "t0ken"}, None)

    assert {"s3cret", "t0ken"} <= set(found.secrets())
    assert "s3cret" not in repr(found)
    for field in ("x_api_key", "facebook_page_token", "database_url", "mail_url", "alert_urls"):
        assert is_secret(field)
    assert not is_secret("port")


@pytest.mark.parametrize(
    ("url", "simulated"),
    [
        ("http://127.0.0.1:8080/x", True),
        ("http://localhost/x", True),
        ("http://[::1]:1/x", True),
        ("https://api.x.com", False),
        ("https://127.0.0.1.example.org", False),
        ("https://localhost.example.org", False),
    ],
)
def test_only_this_machine_is_a_simulator(url, simulated):
    """Whose host only begins like it is not."""
    assert simulated == is_loopback(url)


KEY = "Zm9yIGEgdGVzdCBvbmx5LCAzMiBieXRlcyBsb25nISE="


def test_encryption_keys_are_read_one_by_one():
    """The first locks, every one opens; each is a secret by itself."""
    other = KEY.replace("Z", "Y", 1)
    found = load({"ENCRYPTION_KEYS": f" {KEY},\n{other} "}, None)

    assert (KEY, other) == found.encryption_key_list
    assert {KEY, other} <= set(found.secrets())
    assert () == load({}, None).encryption_key_list


@pytest.mark.parametrize("keys", ["short", "é" * 44, KEY[:-4], f"{KEY},nonsense"])
def test_a_key_that_cannot_encrypt_is_told_with_the_command_that_makes_one(keys):
    """At the start, and without its value."""
    said = mistakes({"ENCRYPTION_KEYS": keys})

    assert f"key {1 + keys.count(',')} is not one. Make one with: bot accounts key" in said
    assert keys not in said


def test_stored_credentials_take_the_place_of_settings():
    """In a copy; a secret stays one."""
    plain = load({"X_ACCESS_TOKEN": "first-token", "FACEBOOK_PAGE_ID": "1"}, None)
    changed = plain.with_credentials({"X_ACCESS_TOKEN": "other-token", "FACEBOOK_PAGE_ID": "2"})

    assert "other-token" == changed.x_access_token.get_secret_value()
    assert ("2", "1") == (changed.facebook_page_id, plain.facebook_page_id)
    assert "other-token" in changed.secrets()
    assert "other-token" not in repr(changed)
    with pytest.raises(KeyError):
        plain.with_credentials({"X_TOKEN": "1"})
