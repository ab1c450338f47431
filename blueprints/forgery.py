"""The token against forged requests, written differently into every answer.

Pages are compressed and repeat what somebody typed, so their length could betray a text that stands in each of them
unchanged. The token therefore stands in them under a pad that is new with every answer.
"""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as NotBase64
from secrets import token_bytes

from flask import Flask, g
from flask_wtf.csrf import CSRFProtect, generate_csrf


class Padded(CSRFProtect):
    """The library's protection, which reads the token from under its pad."""

    def _get_csrf_token(self) -> str | None:
        given: str | None = super()._get_csrf_token()
        return bare(given) if given else given


def prepare(app: Flask) -> Padded:
    """Refuse every act without its token, and let templates write it; gives the protection, to exempt pages from it."""
    protection = Padded(app)
    app.jinja_env.globals["csrf_token"] = padded  # what the library has put there stands in pages without a pad
    app.context_processor(lambda: {"csrf_token": padded})
    return protection


def padded() -> str:
    """The session's token under this answer's pad."""
    token = generate_csrf()
    if g.get("padded_of") != token:
        pad = token_bytes(len(token))
        g.padded_of, g.padded = token, urlsafe_b64encode(pad + _crossed(pad, token.encode())).decode()
    found: str = g.padded
    return found


def bare(given: str) -> str:
    """The token from under its pad; "" for what was never padded here."""
    try:
        both = urlsafe_b64decode(given.encode())
        half = len(both) // 2
        return _crossed(both[:half], both[half:]).decode()
    except (NotBase64, ValueError):
        return ""


def _crossed(one: bytes, other: bytes) -> bytes:
    return bytes(a ^ b for a, b in zip(one, other, strict=True))
