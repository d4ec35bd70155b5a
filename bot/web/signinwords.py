"""What Flask-Security says, in our words: messages, mails' subjects and labels in one table each.

Its own words never reach a person: they lead with what is invalid instead of what to do now.
Messages by its key; each is translated when it is said, from the same catalogue as the pages.
"""

from typing import Any

from bot.web.language import FOLDER

TOO_SLOW = "That took longer than %(within)s. Begin again."
UNKNOWN_KEY = "That passkey is not known here. Sign in with your password instead."
UNREADABLE = "That could not be read. Type it once more."
NO_SUCH_CODE = "That code does not fit, or it is over. Type the six figures that the app shows now."
ONE_MORE = "Before this can be changed, show once more that it is you."
ON_ITS_WAY = "If somebody in the group has that address, a link is on its way to it."
DIFFER = "The two passwords differ. Type the same one twice."

MESSAGES: dict[str, tuple[str, str]] = {
    "ANONYMOUS_USER_REQUIRED": ("You are signed in already.", "info"),
    "API_ERROR": ("That could not be read. Go back and try once more.", "error"),
    "DISABLED_ACCOUNT": ("You may not sign in any more. Ask an admin of the group.", "error"),
    "EMAIL_NOT_PROVIDED": ("Type your e-mail address.", "error"),
    "FORGOT_PASSWORD": ("I forgot my password", "info"),
    "GENERIC_AUTHN_FAILED": (
        "That did not let you in. Check what you typed, or choose a new password.",
        "error",
    ),
    "GENERIC_RECOVERY": (ON_ITS_WAY, "info"),
    "INVALID_CODE": (NO_SUCH_CODE, "error"),
    "INVALID_EMAIL_ADDRESS": (
        "That is not an e-mail address. One looks like name@example.org.",
        "error",
    ),
    "INVALID_INPUT": (UNREADABLE, "error"),
    "INVALID_INPUT_LENGTH": (UNREADABLE, "error"),
    "INVALID_PASSWORD": ("That is not your password. Try again.", "error"),
    "INVALID_RECOVERY_CODE": (
        "That is none of your recovery codes, or it was used before. Try another one.",
        "error",
    ),
    "INVALID_REDIRECT": ("That address leads away from here, so it was not followed.", "error"),
    "INVALID_RESET_PASSWORD_TOKEN": (
        "That link is not complete, or it was used before. Ask for a new one.",
        "error",
    ),
    "LOGIN": ("Sign in to see this page.", "info"),
    "NO_RECOVERY_CODES_SETUP": ("You have no recovery codes yet. Make some.", "info"),
    "PASSWORD_CHANGE": ("Your password is changed.", "success"),
    "PASSWORD_INVALID_LENGTH": ("A password needs at least %(length)s characters.", "error"),
    "PASSWORD_IS_THE_SAME": ("That is the password you have. Choose another one.", "error"),
    "PASSWORD_MISMATCH": (DIFFER, "error"),
    "PASSWORD_NOT_PROVIDED": ("Type a password.", "error"),
    "PASSWORD_RESET": ("Your new password holds, and you are signed in.", "success"),
    "PASSWORD_RESET_EXPIRED": (
        "That link worked for %(within)s and has ended. Ask for a new one.",
        "error",
    ),
    "PASSWORD_RESET_NO_LOGIN": ("Your new password holds. Sign in with it.", "success"),
    # Said of an address that nobody has, too: who types one learns nothing from the answer.
    "PASSWORD_RESET_REQUEST": (
        "If somebody in the group has the address %(email)s, a link is on its way to it.",
        "info",
    ),
    "PASSWORD_TOO_SIMPLE": (
        "That password is easy to guess. Better: three or four words that do not belong together.",
        "error",
    ),
    "REAUTHENTICATION_REQUIRED": (ONE_MORE, "error"),
    "REAUTHENTICATION_SUCCESSFUL": ("Thank you. Now do it once more.", "info"),
    "REFRESH": (ONE_MORE, "info"),
    "RETYPE_PASSWORD_MISMATCH": (DIFFER, "error"),
    "TWO_FACTOR_CHANGE_METHOD_SUCCESSFUL": (
        "From now on you are asked for a code from your phone, too.",
        "success",
    ),
    "TWO_FACTOR_DISABLED": ("You are not asked for a code any more.", "success"),
    "TWO_FACTOR_INVALID_TOKEN": (NO_SUCH_CODE, "error"),
    "TWO_FACTOR_LOGIN_SUCCESSFUL": ("The code fits. You are signed in.", "success"),
    "TWO_FACTOR_METHOD_NOT_AVAILABLE": ("The code can only come from an app.", "error"),
    "TWO_FACTOR_PERMISSION_DENIED": ("Sign in with your password first.", "error"),
    "TWO_FACTOR_SETUP_EXPIRED": (TOO_SLOW, "error"),
    "UNAUTHENTICATED": ("Sign in to see this page.", "error"),
    "UNAUTHORIZED": (
        "Your role does not let you do this. Ask an admin if you need to.",
        "error",
    ),
    "USER_DOES_NOT_EXIST": (ON_ITS_WAY, "error"),
    "WEBAUTHN_CREDENTIAL_DELETED": ("The passkey %(name)s is gone.", "info"),
    "WEBAUTHN_CREDENTIAL_ID_INUSE": ("This device has a passkey here already.", "error"),
    "WEBAUTHN_CREDENTIAL_WRONG_USAGE": (
        "That passkey was not made for this. Use your password instead.",
        "error",
    ),
    "WEBAUTHN_EXPIRED": (TOO_SLOW, "error"),
    "WEBAUTHN_MISMATCH_USER_HANDLE": (UNKNOWN_KEY, "error"),
    "WEBAUTHN_NAME_DISALLOWED_CHARACTERS": (
        "The name of a passkey may have letters, figures and simple signs only.",
        "error",
    ),
    "WEBAUTHN_NAME_INUSE": (
        "You have a passkey named %(name)s already. Choose another name.",
        "error",
    ),
    "WEBAUTHN_NAME_NOT_FOUND": ("You have no passkey named %(name)s.", "error"),
    "WEBAUTHN_NAME_REQUIRED": ("Give the passkey a name, such as: my phone", "error"),
    "WEBAUTHN_NO_VERIFY": (
        "The passkey could not be checked. Try again, or use your password. (%(cause)s)",
        "error",
    ),
    "WEBAUTHN_ORPHAN_CREDENTIAL_ID": (UNKNOWN_KEY, "error"),
    "WEBAUTHN_REGISTER_SUCCESSFUL": (
        "The passkey %(name)s is added. You can sign in with it.",
        "info",
    ),
    "WEBAUTHN_UNKNOWN_CREDENTIAL_ID": (UNKNOWN_KEY, "error"),
}

SUBJECTS = {
    "PASSWORD_RESET": "A link to choose a new password",
    "PASSWORD_NOTICE": "Your password was changed",
    "PASSWORD_CHANGE_NOTICE": "Your password was changed",
}

# Of its forms' fields by their names, and of the ways of the second step.
LABELS = {
    "email": "E-mail address",
    "password": "Password",
    "password_confirm": "The same password again",
    "new_password": "New password",
    "new_password_confirm": "The new password again",
    "code": "Code",
    "name": "Name",
    "authenticator": "With a code from my phone",
    "webauthn": "With a passkey",
}


def configuration() -> dict[str, Any]:
    """Flask-Security's settings for all of it."""
    return {
        **{f"SECURITY_MSG_{key}": said for key, said in MESSAGES.items()},
        **{f"SECURITY_EMAIL_SUBJECT_{key}": said for key, said in SUBJECTS.items()},
        "SECURITY_EMAIL_HTML": False,
        "SECURITY_I18N_DOMAIN": "messages",
        "SECURITY_I18N_DIRNAME": [str(FOLDER)],
    }
