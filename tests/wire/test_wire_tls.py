"""A real TLS server with a certificate made for the test: trusted, mistrusted and misnamed."""

import shutil
import ssl
import subprocess

import pytest
from raw_server import reply

from bot import wire
from bot.wire import dial

OPENSSL = shutil.which("openssl")
pytestmark = pytest.mark.skipif(OPENSSL is None, reason="openssl is not installed")


@pytest.fixture
def certificate(tmp_path):
    """A certificate for localhost and its key."""
    made, key = tmp_path / "certificate.pem", tmp_path / "key.pem"
    words = [OPENSSL, "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"]
    words += ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"]
    subprocess.run([*words, "-keyout", key, "-out", made], check=True, capture_output=True)
    return made, key


@pytest.fixture
def port(serve, certificate):
    """The port of a server that answers over TLS."""
    made, key = certificate
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(made, key)

    def answer(connection):
        with context.wrap_socket(connection, server_side=True) as secured:
            received = b""
            while not received.endswith(b"\r\n\r\nx"):
                received += secured.recv(65536)
            secured.sendall(reply(b'{"ok": true}'))

    return serve(answer, read_request=False).port


def test_a_trusted_certificate_lets_the_request_through(port, certificate, session, monkeypatch):
    """The way every live request goes."""
    trust = ssl.create_default_context(cafile=certificate[0])
    monkeypatch.setattr(dial, "_trust", lambda: trust)
    assert session.post(f"https://localhost:{port}/", data=b"x").json() == {"ok": True}


@pytest.mark.parametrize("verify", [True, False])
def test_a_certificate_nobody_vouches_for_is_refused_before_anything_is_sent(port, session, verify):
    """Even when a library asks not to look."""
    with pytest.raises(wire.NotSent):
        session.post(f"https://localhost:{port}/", data=b"x", verify=verify)


def test_a_certificate_for_another_name_is_refused(port, certificate, session, monkeypatch):
    """A good certificate of the wrong host."""
    trust = ssl.create_default_context(cafile=certificate[0])
    monkeypatch.setattr(dial, "_trust", lambda: trust)
    with pytest.raises(wire.NotSent):
        session.post(f"https://127.0.0.1:{port}/", data=b"x")
