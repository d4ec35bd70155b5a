"""Flask-Security, set up: passwords, passkeys, codes from an app, and links to choose a password.

ASVS 5.0: 6.2 (passwords), 6.3 (throttling, second factor), 6.4.1 (one-time links), 6.5.1, 11.4.2.
"""

import base64
import hashlib
from datetime import UTC, datetime, timedelta
from typing import Any

from flask import Flask
from flask_security import Security
from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from bot.web import signinwords
from bot.web.codes import Codes
from bot.web.mails import Mails
from bot.web.passkeys import Passkeys
from bot.web.passwords import Passwords
from bot.web.signedin import People
from bot.wiring import Bot

CHOOSE_WITHIN = timedelta(days=3)
FRESH_FOR = timedelta(minutes=30)


def derived(secret: str, purpose: str) -> bytes:
    """A key of its own for each purpose, so that no two share one."""
    return hashlib.scrypt(secret.encode(), salt=purpose.encode(), n=2**12, r=8, p=1, dklen=32)


def configuration(secret: str) -> dict[str, Any]:
    """Flask-Security's settings; the reasons stand beside those that need one."""
    totp = base64.b64encode(derived(secret, "codes from an app")).decode()
    recovery = base64.urlsafe_b64encode(derived(secret, "recovery codes")).decode()
    return {
        **signinwords.configuration(),
        "SECRET_KEY": derived(secret, "sessions").hex(),
        "SECURITY_PASSWORD_SALT": derived(secret, "passwords").hex(),
        "SECURITY_PASSWORD_HASH": "argon2",
        "SECURITY_PASSWORD_SCHEMES": ["argon2"],
        "SECURITY_DEPRECATED_PASSWORD_SCHEMES": [],
        # OWASP's minimum for Argon2id, read 23 November 2026: 19 MiB, two rounds, one lane.
        "SECURITY_PASSWORD_HASH_PASSLIB_OPTIONS": {
            "argon2__type": "ID",
            "argon2__memory_cost": 19_456,
            "argon2__rounds": 2,
            "argon2__parallelism": 1,
        },
        "SECURITY_PASSWORD_LENGTH_MIN": 12,
        "SECURITY_PASSWORD_CONFIRM_REQUIRED": False,
        "SECURITY_EMAIL_VALIDATOR_ARGS": {"check_deliverability": False},
        "SECURITY_RETURN_GENERIC_RESPONSES": True,
        "SECURITY_DATETIME_FACTORY": lambda: datetime.now(UTC),
        "SECURITY_CHANGEABLE": True,
        "SECURITY_RECOVERABLE": True,
        "SECURITY_RESET_PASSWORD_WITHIN": CHOOSE_WITHIN,
        # Whoever chose the password a moment ago need not type it twice; codes are still asked for.
        "SECURITY_AUTO_LOGIN_AFTER_RESET": True,
        "SECURITY_TWO_FACTOR": True,
        "SECURITY_TWO_FACTOR_ENABLED_METHODS": ["authenticator"],
        "SECURITY_TWO_FACTOR_RESCUE_EMAIL": False,
        "SECURITY_TWO_FACTOR_ALWAYS_VALIDATE": True,
        "SECURITY_TWO_FACTOR_AUTHENTICATOR_VALIDITY": 60,  # seconds a phone's clock may be off
        "SECURITY_TOTP_SECRETS": {"1": totp},
        "SECURITY_TOTP_ISSUER": "Campaign bot",
        "SECURITY_MULTI_FACTOR_RECOVERY_CODES": True,
        "SECURITY_MULTI_FACTOR_RECOVERY_CODES_N": 8,
        "SECURITY_MULTI_FACTOR_RECOVERY_CODES_KEYS": [recovery],
        "SECURITY_WEBAUTHN": True,
        "SECURITY_WAN_RP_NAME": "Campaign bot",
        "SECURITY_WAN_ALLOW_USER_HINTS": False,  # whether somebody is known is nobody's business
        "SECURITY_FRESHNESS": FRESH_FOR,
        "SECURITY_POST_LOGIN_VIEW": "/",
        "SECURITY_POST_LOGOUT_VIEW": "/login",
        "SECURITY_POST_CHANGE_VIEW": "/me",
        "SECURITY_POST_RESET_VIEW": "/",
        "SECURITY_TWO_FACTOR_POST_SETUP_VIEW": "/me",
        "SECURITY_WAN_POST_REGISTER_VIEW": "/me",
        "SECURITY_LOGIN_USER_TEMPLATE": "security/login_user.html",
        "WTF_CSRF_CHECK_DEFAULT": True,
        "WTF_CSRF_TIME_LIMIT": None,  # as long as the sign-in lasts
        "WTF_CSRF_SSL_STRICT": False,  # the Origin is compared instead; see headers
    }


def add(app: Flask, bot: Bot) -> Security:
    """Give the app its people."""
    people = People(bot.store, bot.clock)
    return Security(
        app,
        people,
        mail_util_cls=Mails,
        password_util_cls=Passwords,
        totp_cls=Codes,
        webauthn_util_cls=Passkeys,
    )


# Tries at each door a quarter of an hour: few of one person from one place, more from one place in
# all, so that nobody can lock somebody else out. ASVS 6.1.1.
OF_ONE_PERSON = RateLimitItemPerMinute(8, 15)
FROM_ONE_PLACE = RateLimitItemPerMinute(60, 15)
DOORS = frozenset(
    {
        "security.login",
        "security.two_factor_token_validation",
        "security.mf_recovery",
        "security.forgot_password",
        "security.reset_password",
        "security.verify",
        "security.change_password",
        "security.wan_signin_response",
        "trustee.decide",
    }
)


# Only who knows the password comes to these, so that no stranger can use up the tries: they are
# counted wherever they come from.
SECOND_STEP = frozenset({"security.two_factor_token_validation", "security.mf_recovery"})


class Throttle:
    """Counts tries in memory; one web process serves the group."""

    def __init__(self) -> None:
        self._limiter = MovingWindowRateLimiter(MemoryStorage())

    def refuses(self, door: str, place: str, person: str) -> bool:
        """Whether one more try is one too many; it is counted either way."""
        of_one = self._limiter.hit(OF_ONE_PERSON, *_tried(door, place, person))
        of_all = self._limiter.hit(FROM_ONE_PLACE, door, place)
        return not (of_one and of_all)

    def forget(self, door: str, place: str, person: str) -> None:
        """A try that succeeded starts the count anew."""
        self._limiter.clear(OF_ONE_PERSON, *_tried(door, place, person))


def _tried(door: str, place: str, person: str) -> tuple[str, str, str]:
    """What is counted together. A digest, as links are longer than what is remembered."""
    known = hashlib.sha256(person.lower().encode()).hexdigest()
    return door, "" if door in SECOND_STEP else place, known
