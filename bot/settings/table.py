"""The table of settings: every name with its default and its meaning."""

import base64
import difflib
import re
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, available_timezones

from bot.settings import addresses
from bot.settings.field import Field, SecretStr, Table, field_validator

WEB = frozenset({"http", "https"})
LOOPBACK_HOSTS = frozenset({"127.0.0.1", "localhost", "::1"})
MAX_DURATION_SECONDS = 10 * 366 * 86400
ENCRYPTION_KEY_BYTES = 32
SHORTEST_TOKEN = 16
UNIT_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}


def duration(text: str) -> timedelta:
    """`90s`, `15m`, `6h` or `2d` as a timedelta; ValueError otherwise."""
    match = re.fullmatch(r"\s*(\d+(?:\.\d+)?)\s*([smhd])\s*", str(text).lower())
    if match is None:
        raise ValueError("write a time such as 30s, 15m, 6h or 2d")
    seconds = float(match[1]) * UNIT_SECONDS[match[2]]
    if seconds > MAX_DURATION_SECONDS:
        raise ValueError("write a time of ten years at the most")
    return timedelta(seconds=seconds)


def _durations(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    return tuple(duration(part) for part in value.split(",") if part.strip())


def _one_duration(value: Any) -> Any:
    return duration(value) if isinstance(value, str) else value


def _words(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    return tuple(word for word in re.split(r"[,\s]+", value) if word)


def _phrases(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    return tuple(phrase.strip() for phrase in value.split(",") if phrase.strip())


def _blank_is_none(value: Any) -> Any:
    return None if isinstance(value, str) and not value.strip() else value


def _is_encryption_key(text: str) -> bool:
    try:
        return len(base64.urlsafe_b64decode(text.encode("ascii"))) == ENCRYPTION_KEY_BYTES
    except ValueError:
        return False


Durations = Annotated[tuple[timedelta, ...], _durations]
Duration = Annotated[timedelta, _one_duration]
Words = Annotated[tuple[str, ...], _words]
Phrases = Annotated[tuple[str, ...], _phrases]
OptionalAmount = Annotated[float | None, _blank_is_none]
OptionalMode = Annotated[Literal["always", "election", "never"] | None, _blank_is_none]


def is_loopback(url: str) -> bool:
    """Whether a URL's host is this machine, and so a simulator rather than a live Platform."""
    return (urlsplit(url).hostname or "") in LOOPBACK_HOSTS


class Settings(Table):
    """Every setting with its default and meaning. Secrets may come from `NAME_FILE` instead."""

    database_url: SecretStr = Field(
        SecretStr("sqlite:///var/bot.db"),
        description="Where everything is kept: an SQLite file, or postgresql://user:password@host/name.",
        json_schema_extra={"group": "Where things are"},
    )
    backup_keep: int = Field(
        14,
        ge=0,
        le=30,
        description="How many nightly copies of an SQLite database are kept beside it, at most 30, "
        "so that nothing lives on in them. 0: none is made.",
    )
    posts_dir: Path = Field(Path("posts"), description="The folder volunteers put post files in.")
    timezone: str = Field(
        "Europe/London", description="The zone in which times are typed and shown."
    )
    log_format: Literal["text", "json"] = Field(
        "text", description="How the log reads: text for people, json for machines."
    )
    port: int = Field(8000, ge=0, le=65535, description="The web app's port.")
    public_url: str = Field(
        "", description="The web app's address in mails and alarms: https, or http on this machine."
    )
    secret_key: SecretStr = Field(
        SecretStr(""), description="Signs sessions and links of the web app. Long and random."
    )
    encryption_keys: SecretStr = Field(
        SecretStr(""),
        description="Keys that encrypt stored credentials, newest first, separated by commas. "
        "Make one with: bot accounts key",
    )

    x_api_key: SecretStr = Field(
        SecretStr(""),
        description="X: the app's API key (consumer key). See docs/credentials.md.",
        json_schema_extra={"group": "X"},
    )
    x_api_secret: SecretStr = Field(SecretStr(""), description="X: the app's API secret.")
    x_access_token: SecretStr = Field(
        SecretStr(""), description="X: the account's access token, with read and write permission."
    )
    x_access_token_secret: SecretStr = Field(
        SecretStr(""), description="X: the account's access token secret."
    )
    x_api_url: str = Field("https://api.x.com", description="X: where its API is.")
    x_long_posts: bool = Field(
        False, description="X: yes if the account has Premium: posts of up to 25,000 characters."
    )
    x_monthly_budget_usd: OptionalAmount = Field(
        None,
        ge=0,
        description="X: US dollars a month this bot may spend; posts beyond it wait on hold. "
        "Empty: no limit.",
    )

    facebook_page_id: str = Field(
        "",
        description="Facebook: the Page's number.",
        json_schema_extra={"group": "Facebook"},
    )
    facebook_page_token: SecretStr = Field(
        SecretStr(""),
        description="Facebook: a Page token made from a long-lived user token. "
        "See docs/credentials.md.",
    )
    facebook_app_id: str = Field(
        "", description="Facebook: the app's number; lets the bot ask when the token ends."
    )
    facebook_app_secret: SecretStr = Field(SecretStr(""), description="Facebook: the app's secret.")
    facebook_graph_url: str = Field(
        "https://graph.facebook.com", description="Facebook: where its Graph API is."
    )
    facebook_graph_version: str = Field(
        "v26.0", pattern=r"^v\d{1,3}\.\d{1,2}$", description="Facebook: the Graph API's version."
    )

    min_spacing_minutes: float = Field(
        20,
        ge=0,
        le=10_080,
        description="Minutes between two posts of one account, for posts without a typed time.",
        json_schema_extra={"group": "Timing"},
    )
    too_late_minutes: float = Field(
        180,
        ge=0,
        le=525_600,
        description="A typed time missed by more than this waits for a person.",
    )
    confirm_after: Durations = Field(
        "15s,1m,5m,15m",
        validate_default=True,
        description="When to look whether a post we are not sure of went out.",
    )
    count_after: Durations = Field(
        "1h,6h,1d,2d,3d,7d,14d,28d",
        validate_default=True,
        description="The ages at which a post's engagement is counted.",
    )
    feed_every: Duration = Field(
        "15m", validate_default=True, description="How often feeds are read, at the most."
    )
    send_timeout_seconds: float = Field(
        20, gt=0, le=300, description="Seconds one request to a platform may take in all."
    )
    send_threads: int = Field(8, ge=1, le=64, description="How many accounts are served at once.")
    quiet_hours: str = Field(
        "21:00-08:00",
        pattern=r"^(\d{2}:\d{2}-\d{2}:\d{2})?$",
        description="Hours in which only urgent alarms are sent. Empty: none are quiet.",
    )

    imprint_mode: OptionalMode = Field(
        None,
        description="When the imprint is added: always, election (posts that may sway a vote) or "
        "never. Empty: always.",
        json_schema_extra={"group": "Imprint (the legal 'Promoted by' line)"},
    )
    imprint_promoter: str = Field("", description="Who promotes the posts: usually the group.")
    imprint_address: str = Field("", description="The promoter's postal address, or a PO box.")
    imprint_on_behalf_of: str = Field("", description="On whose behalf, with address, if anyone's.")
    imprint_fallback: str = Field(
        "",
        pattern=r"^(profile|pinned|https://\S+)?$",
        description="Where X's imprint stands when the post has no room: profile, pinned, or "
        "the https address of a page that shows it. Empty: such a post is an error.",
    )

    utm_campaigns: Phrases = Field(
        (),
        description="Campaigns whose links are tagged for your statistics (utm_...), by commas.",
        json_schema_extra={"group": "Form"},
    )
    known_acronyms: Phrases = Field(
        (),
        description="Acronyms your readers know, by commas; honduras:COFADEH for a campaign's.",
    )

    fetch_allow_hosts: Words = Field(
        (),
        description="Hosts of feeds that may be on this machine or a private network, for tests.",
        json_schema_extra={"group": "Feeds, alarms and mail"},
    )
    alert_urls: SecretStr = Field(
        SecretStr(""),
        description="Where alarms go, as Apprise URLs, tried in this order; budget=URL takes only "
        "those about money. See docs/alarms.md.",
    )
    mail_url: SecretStr = Field(SecretStr(""), description="The mail server, as an smtp:// URL.")
    mail_from: str = Field("", description="The sender of mails.")
    ping_url: SecretStr = Field(
        SecretStr(""),
        description="An address to ping each minute while all is well (a dead man's switch).",
    )
    metrics_token: SecretStr = Field(
        SecretStr(""),
        description="Opens /metrics of the web app to a Prometheus that sends it as its bearer "
        "token; 16 characters or more. Empty: there is no such page.",
    )
    privacy_url: str = Field("", description="The group's privacy notice.")
    security_contact: str = Field(
        "",
        pattern=r"^(mailto:[^\s@]+@[^\s@]+|https://\S+)?$",
        description="Where weaknesses are reported: mailto:… or https://…; shown in security.txt.",
    )

    @field_validator("confirm_after")
    @classmethod
    def _in_order(cls, value: tuple[timedelta, ...]) -> tuple[timedelta, ...]:
        if not value:
            raise ValueError("write at least one time, such as 15s,1m,5m,15m")
        return tuple(sorted(value))

    @field_validator("database_url")
    @classmethod
    def _known_database(cls, value: SecretStr) -> SecretStr:
        if not re.match(
            r"(sqlite|postgres|postgresql|postgresql\+psycopg):/", value.get_secret_value()
        ):
            raise ValueError("it must begin with sqlite:/// or postgresql://")
        return value

    @field_validator("encryption_keys")
    @classmethod
    def _usable_keys(cls, value: SecretStr) -> SecretStr:
        for n, key in enumerate(_phrases(value.get_secret_value()), 1):
            if not _is_encryption_key(key):
                raise ValueError(f"key {n} is not one. Make one with: bot accounts key")
        return value

    @field_validator("metrics_token")
    @classmethod
    def _long_enough(cls, value: SecretStr) -> SecretStr:
        if 0 < len(value.get_secret_value()) < SHORTEST_TOKEN:
            raise ValueError(f"it must have {SHORTEST_TOKEN} characters or more")
        return value

    @field_validator("timezone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        if value not in available_timezones():
            near = difflib.get_close_matches(value, sorted(available_timezones()), 1)
            raise ValueError(f"no such zone{f'; did you mean {near[0]}?' if near else ''}")
        return value

    @field_validator("alert_urls")
    @classmethod
    def _known_receivers(cls, value: SecretStr) -> SecretStr:
        addresses.read(value.get_secret_value())
        return value

    @field_validator("ping_url")
    @classmethod
    def _pingable(cls, value: SecretStr) -> SecretStr:
        parts = urlsplit(value.get_secret_value())
        if value.get_secret_value() and (parts.scheme not in WEB or not parts.hostname):
            raise ValueError("write an address such as https://hc-ping.com/…")
        return value

    @field_validator("quiet_hours")
    @classmethod
    def _hours_of_a_day(cls, value: str) -> str:
        if any(hour > "23:59" or hour[3:] > "59" for hour in value.split("-") if hour):
            raise ValueError("write hours of a day, such as 21:00-08:00")
        return value

    @field_validator("x_api_url", "facebook_graph_url", "public_url")
    @classmethod
    def _web_address(cls, value: str) -> str:
        if not value:
            return value
        parts = urlsplit(value)
        if parts.scheme not in WEB or not parts.hostname or parts.username:
            raise ValueError("write an address such as https://api.example.org")
        if parts.scheme == "http" and not is_loopback(value):
            raise ValueError("use https; http is only for this machine")
        return value.rstrip("/")

    @property
    def zone(self) -> ZoneInfo:
        """The zone in which times are typed and shown."""
        return ZoneInfo(self.timezone)

    @property
    def min_spacing(self) -> timedelta:
        return timedelta(minutes=self.min_spacing_minutes)

    @property
    def too_late(self) -> timedelta:
        return timedelta(minutes=self.too_late_minutes)

    @property
    def alarm_addresses(self) -> tuple[addresses.Address, ...]:
        """Where alarms go, in the order in which they are tried."""
        return addresses.read(self.alert_urls.get_secret_value())

    @property
    def encryption_key_list(self) -> tuple[str, ...]:
        """The keys one by one, newest first; empty where none is set."""
        keys: tuple[str, ...] = _phrases(self.encryption_keys.get_secret_value())
        return keys

    def secrets(self) -> tuple[str, ...]:
        """Every secret value that is set, for redaction."""
        values = (getattr(self, name) for name in type(self).model_fields)
        found = [value.get_secret_value() for value in values if isinstance(value, SecretStr)]
        urls = (address.url for address in self.alarm_addresses)
        return tuple(value for value in (*found, *self.encryption_key_list, *urls) if value)

    def with_credentials(self, values: Mapping[str, str]) -> "Settings":
        """A copy with these settings, by name, in place of its own; KeyError for no setting."""
        fields = {names()[name]: value for name, value in values.items()}
        changed = {
            field: SecretStr(value) if is_secret(field) else value
            for field, value in fields.items()
        }
        return self.model_copy(update=changed)


def names() -> dict[str, str]:
    """Each field's name by the environment variable that sets it."""
    return {field.upper(): field for field in Settings.model_fields}


def is_secret(field: str) -> bool:
    """Whether a field's value must never be shown."""
    return Settings.model_fields[field].annotation is SecretStr
