"""Passwords: how they are kept, and which ones may be chosen."""

import re
from functools import cache
from secrets import token_urlsafe

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from casework.errors import Refused
from models.keys import search_key
from models.text import plain
from workflow.refusal import Refusal, refuse

SHORTEST, LONGEST = 10, 200
FEWEST_LETTERS = 5
WORDS = """
    abc abcd abcdef abcdefgh admin administrator anhyeuem asdfgh asdfghjkl baomat bimat boss caobang changeme computer
    congchuc conyeu datchuan demo doimatkhau dragon emyeuanh facebook football giadinh hanhphuc hanoi hello huyen
    iloveyou internet khongbiet khongco letmein login macdinh master matkhau matkhaumoi maytinh monkey myeu nguyen
    nongthon nongthonmoi ntm pass password princess qazwsx quantri quantrivien qwer qwert qwerty qwertyuiop root
    secret sunshine superman system taikhoan test thaydoi thuchanh tinh toiyeuem trang tuan ubnd user vietnam
    vietnamvodich welcome xinchao yeuem yeuanh zaq zxcvbnm
"""
COMMON = frozenset(WORDS.split())
_AROUND = re.compile(r"^[\W\d_]+|[\W\d_]+$")
_BEHIND = re.compile(r"[\W\d_]+$")
_TWICE = re.compile(r"^(.+?)\1+$")
_PLAIN = str.maketrans("@$013457", "asoieast")


@cache
def hasher() -> PasswordHasher:
    """What hashes and verifies, by Argon2id with the library's costs."""
    return PasswordHasher()


@cache
def nobodys() -> str:
    """The hash of a password that nobody knows, verified where there is no account."""
    return unknown()


def unknown() -> str:
    """The hash of a password that nobody knows, for an account that has none yet."""
    return keep(token_urlsafe(32))


def keep(password: str) -> str:
    """The hash under which a password is kept."""
    return hasher().hash(plain(password))


def verify(kept: str, password: str) -> bool:
    """Whether a password is the one of a kept hash."""
    try:
        return hasher().verify(kept, plain(password))
    except (VerificationError, InvalidHashError):
        return False


def choose(password: str, login: str) -> str:
    """The hash of a password that somebody chose for an account; refused with every reason at once."""
    wrong = tuple(faults(plain(password), login))
    if wrong:
        raise Refused(wrong)
    return keep(password)


def faults(password: str, login: str, present: str = "") -> list[Refusal]:
    """Why a password may not be chosen: too short or long, known to everybody, like the login, or the present one."""
    found = []
    if present and password == present:
        found.append(refuse("person.password_same"))
    if len(password) < SHORTEST:
        found.append(refuse("person.password_short", need=SHORTEST))
    if len(password) > LONGEST:
        found.append(refuse("person.password_long", most=LONGEST))
    if is_common(password):
        found.append(refuse("person.password_common"))
    if login and login in password.casefold():
        found.append(refuse("person.password_has_login"))
    return found


def is_common(password: str) -> bool:
    """Whether a password is one that is tried first.

    That is a few letters repeated, digits alone, or a common word, also the one of the practice accounts, however it
    is dressed up: with digits and signs around it or in place of its letters, or said twice.
    """
    small = password.casefold()
    if len(set(small)) < FEWEST_LETTERS or not re.search(r"[^\W\d_]", small):
        return True
    bare, begun = _AROUND.sub("", small), _BEHIND.sub("", small)
    dressed = (bare, bare.translate(_PLAIN), begun.translate(_PLAIN))
    return any(_TWICE.sub(r"\1", search_key(one).replace(" ", "")) in COMMON for one in dressed)
