"""No spelling of a secret survives redaction, and ordinary words do."""

import json
from urllib.parse import quote, quote_plus

import pytest

from bot.wire import learn, redact

SECRET = "aB3/x+y= z|\"q'é"


@pytest.mark.parametrize(
    "spelt",
    [
        SECRET,
        quote(SECRET),
        quote(SECRET, safe=""),
        quote(SECRET, safe="").lower(),
        quote_plus(SECRET),
        json.dumps(SECRET),
        repr(SECRET),
    ],
)
def test_a_known_secret_is_hidden_in_every_spelling(spelt):
    """As it is, as in an address, a form, a JSON body or a Python error."""
    assert "x" not in redact(f"failed: {spelt}!", [SECRET])


def test_a_secret_that_begins_with_another_is_hidden_to_its_end():
    """The longer one goes first."""
    assert redact("token-abcdef", ["token-abc", "token-abcdef"]) == "[hidden]"


def test_the_empty_value_of_an_unset_secret_hides_nothing():
    """An unset setting is not a secret."""
    assert redact("plain words", ["", "a"]) == "plain words"


@pytest.mark.parametrize(
    "text",
    [
        "GET /me?access_token=TOPSECRET&fields=id",
        "?input_token=TOPSECRET",
        "'access_token': 'TOPSECRET'",
        '{"access_token":"TOPSECRET"}',
        "oauth_signature=TOPSECRET&a=b",
        'OAuth oauth_token="TOPSECRET", oauth_nonce="TOPSECRET"',
        "Authorization: Bearer TOPSECRET",
        "authorization: OAuth oauth_token=TOPSECRET",
        "{'Authorization': 'Bearer TOPSECRET'}",
        "client_secret=TOPSECRET",
        "appsecret_proof=TOPSECRET",
        "sent with Bearer TOPSECRET to",
        "Basic TOPSECRET==",
    ],
)
def test_what_is_written_like_a_credential_is_hidden_unseen(text):
    """A secret that nobody registered is not printed either."""
    assert "TOPSECRET" not in redact(text)


def test_ordinary_text_stays_as_it_is():
    """Redaction is no censorship."""
    text = "The access to tokens is basic, and the bearer of this letter says: hello=world"
    assert redact(text) == text


def test_a_secret_that_was_learned_is_hidden_wherever_something_is_said():
    """What one room decrypts, another may put into an error."""
    secret = "decrypted-by-a-test-of-redaction"
    assert secret in redact(f"failed: {secret}")
    learn([secret])

    assert secret not in redact(f"failed: {secret}")
