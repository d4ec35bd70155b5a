"""What every answer tells the browser, and which requests are not ours.

ASVS 5.0: 3.4.1 to 3.4.6 and 14.3.2 (headers), 3.5.1 (requests from other sites).
"""

from urllib.parse import urlsplit

from flask import Flask, Response, abort, request

CSP = (
    "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; "
    "frame-ancestors 'none'; form-action 'self'"
)
ALWAYS = {
    "Content-Security-Policy": CSP,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}
HSTS = "max-age=31536000; includeSubDomains"
LASTING = frozenset({"static", "vendor"})
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
OWN_SITE = frozenset({"same-origin", "none"})


def add(app: Flask, public_url: str) -> None:
    """Give every answer of the app its headers, and refuse what another site sends."""
    is_https = public_url.startswith("https://")
    own = {urlsplit(public_url).hostname, *LOOPBACK}

    @app.before_request
    def refuse_other_names() -> None:
        # Links in mails name the host that was asked for; nobody else may choose it.
        if host_of(request.host) not in own:
            abort(400)

    @app.before_request
    def refuse_other_sites() -> None:
        if request.method in SAFE:
            return
        if request.is_json:
            abort(415)  # no page of ours sends it
        origin = request.headers.get("Origin")
        site = request.headers.get("Sec-Fetch-Site")
        if site is not None and site not in OWN_SITE:
            abort(403)
        if origin and origin != "null" and urlsplit(origin).netloc != request.host:
            abort(403)

    @app.after_request
    def headers(answer: Response) -> Response:
        for name, value in ALWAYS.items():
            answer.headers.setdefault(name, value)
        if is_https:
            answer.headers["Strict-Transport-Security"] = HSTS
        if request.endpoint in LASTING and answer.status_code < 400:
            answer.headers["Cache-Control"] = "public, max-age=31536000, immutable"
        else:
            answer.headers.setdefault("Cache-Control", "no-store")
        return answer


def host_of(address: str) -> str:
    """The name in `name:port`; empty where it is none."""
    try:
        return urlsplit(f"//{address}").hostname or ""
    except ValueError:
        return ""
