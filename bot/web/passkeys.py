"""What is asked of a device that signs somebody in: it finds the person, and knows its owner.

Any device will do, a phone's own lock as well as a key on a chain. As it makes sure itself who
holds it, it stands for the password and the second step at once.
"""

from flask_security import UserMixin, WebauthnUtil
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)


class Passkeys(WebauthnUtil):
    """Flask-Security's, which by itself would take keys on a chain alone."""

    def authenticator_selection(
        self,
        user: UserMixin,  # noqa: ARG002  the same is asked of everybody
        usage: str,  # noqa: ARG002
    ) -> AuthenticatorSelectionCriteria:
        return AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED,
            user_verification=UserVerificationRequirement.REQUIRED,
        )

    def user_verification(
        self,
        user: UserMixin | None,  # noqa: ARG002
        usage: list[str],  # noqa: ARG002
    ) -> UserVerificationRequirement:
        return UserVerificationRequirement.REQUIRED
