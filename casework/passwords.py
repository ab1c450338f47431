"""Passwords: how they are kept, and which ones may be chosen."""

from functools import cache
from secrets import token_urlsafe

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from models.text import plain


@cache
def hasher() -> PasswordHasher:
    """What hashes and verifies, by Argon2id with the library's costs."""
    return PasswordHasher()


@cache
def nobodys() -> str:
    """The hash of a password that nobody knows, verified where there is no account."""
    return keep(token_urlsafe(16))


def keep(password: str) -> str:
    """The hash under which a password is kept."""
    return hasher().hash(plain(password))


def verify(kept: str, password: str) -> bool:
    """Whether a password is the one of a kept hash."""
    try:
        return hasher().verify(kept, plain(password))
    except (VerificationError, InvalidHashError):
        return False
