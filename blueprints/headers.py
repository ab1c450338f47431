"""The headers of every answer: what a browser may load, where pages may be shown, what is told to other sites."""

from secrets import token_urlsafe
from wsgiref.headers import Headers

from flask import Flask, Response, current_app, g

POLICY = (
    "default-src 'none'; script-src 'self' 'nonce-{nonce}'; style-src 'self' 'nonce-{nonce}'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
FIXED = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
STATIC_POLICY = "default-src 'none'; frame-ancestors 'none'"
A_YEAR = "max-age=31536000; includeSubDomains"


def prepare(app: Flask) -> None:
    """Add the headers to every answer, and a nonce for the page's own scripts to every request."""
    app.before_request(_make_nonce)
    app.after_request(_add)


def _make_nonce() -> None:
    g.nonce = token_urlsafe(16)


def _add(response: Response) -> Response:
    response.headers.update(FIXED)
    response.headers["Content-Security-Policy"] = POLICY.format(nonce=g.get("nonce") or token_urlsafe(16))
    response.headers.setdefault("Cache-Control", "private, no-cache")
    if current_app.config["SESSION_COOKIE_SECURE"]:
        response.headers["Strict-Transport-Security"] = A_YEAR
    return response


def add_to_static(headers: Headers, _path: str, _url: str) -> None:
    """Add what holds for a file of ours that is opened by itself, such as a picture that could hold a script."""
    for name, value in FIXED.items():
        headers[name] = value
    headers["Content-Security-Policy"] = STATIC_POLICY
