"""What is asked of a device that signs somebody in: it finds the person, and knows its owner.

Any device will do, a phone's own lock as well as a key on a chain. As it makes sure itself who
holds it, it stands for the password and the second step at once.
"""

from importlib import import_module
from typing import TYPE_CHECKING

from flask import Flask, request
from flask_security import UserMixin, WebauthnUtil

if TYPE_CHECKING:
    from webauthn.helpers.structs import (
        AuthenticatorSelectionCriteria,
        UserVerificationRequirement,
    )

# What Flask-Security's two modules import from webauthn, where they can; by module of webauthn.
BROUGHT: dict[str, dict[str, tuple[str, ...]]] = {
    "flask_security.webauthn": {
        "webauthn.helpers": (
            "options_to_json_dict",
            "parse_registration_credential_json",
            "parse_authentication_credential_json",
            "bytes_to_base64url",
        ),
        "webauthn.helpers.exceptions": (
            "InvalidAuthenticationResponse",
            "InvalidJSONStructure",
            "InvalidRegistrationResponse",
        ),
        "webauthn.helpers.structs": (
            "AuthenticatorTransport",
            "PublicKeyCredentialDescriptor",
            "PublicKeyCredentialType",
            "UserVerificationRequirement",
        ),
        "webauthn.authentication.verify_authentication_response": ("VerifiedAuthentication",),
        "webauthn.registration.verify_registration_response": ("VerifiedRegistration",),
    },
    "flask_security.webauthn_util": {
        "webauthn.helpers.structs": (
            "AuthenticatorAttachment",
            "AuthenticatorSelectionCriteria",
            "ResidentKeyRequirement",
            "UserVerificationRequirement",
        ),
    },
}
PAGES = "security.wan_"


class Passkeys(WebauthnUtil):
    """Flask-Security's, which by itself would take keys on a chain alone."""

    def authenticator_selection(
        self,
        user: UserMixin,  # noqa: ARG002  the same is asked of everybody
        usage: str,  # noqa: ARG002
    ) -> "AuthenticatorSelectionCriteria":
        from webauthn.helpers import structs

        return structs.AuthenticatorSelectionCriteria(
            resident_key=structs.ResidentKeyRequirement.REQUIRED,
            user_verification=structs.UserVerificationRequirement.REQUIRED,
        )

    def user_verification(
        self,
        user: UserMixin | None,  # noqa: ARG002
        usage: list[str],  # noqa: ARG002
    ) -> "UserVerificationRequirement":
        from webauthn.helpers.structs import UserVerificationRequirement

        return UserVerificationRequirement.REQUIRED


def start(app: Flask) -> None:
    """Have the library ready whenever a page of passkeys is asked for."""

    @app.before_request
    def ready() -> None:
        if (request.endpoint or "").startswith(PAGES):
            bring()


def bring() -> None:
    """Give Flask-Security the library that `bot.lean` loaded it without; once."""
    pages = import_module("flask_security.webauthn")
    if hasattr(pages, "webauthn"):
        return
    for name, modules in BROUGHT.items():
        for module, wanted in modules.items():
            found = import_module(module)
            vars(import_module(name)).update({one: getattr(found, one) for one in wanted})
    vars(pages)["webauthn"] = import_module("webauthn")  # the last: another request may look for it
