"""The second factor: codes that a telephone makes from a shared secret, and recovery codes for when it is lost.

A code counts once: the step of time to which the last one belonged is kept, and only a later one is taken. The
telephone knows the real time, so its moment is the real one even where a practice province lives in another month.
"""

import re
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from hmac import compare_digest
from secrets import choice

from pyotp import TOTP, random_base32
from sqlalchemy import Connection, and_, delete, insert, or_, select, update

from casework.admin_record import Keeper, keep
from casework.errors import Refused
from models.accounts import RecoveryCode, SecondFactor, SecondFactorDuty
from models.base import table_of
from models.people import RoleGrant
from queries.days import day_of
from workflow.names import AdminAct, Role
from workflow.refusal import refuse

F, C, D, G = table_of(SecondFactor), table_of(RecoveryCode), table_of(SecondFactorDuty), table_of(RoleGrant)
ISSUER = "Đạt Chuẩn"
DRIFT = (-1, 0, 1)  # steps of 30 seconds by which a telephone's clock may be wrong
CODES = 10
LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
GROUPS, GROUP = 4, 4


@dataclass(frozen=True, slots=True)
class Code:
    """A code as it was typed, and the real moment at which it was."""

    typed: str
    instant: datetime


def begin(connection: Connection, person_id: int, now: datetime) -> None:
    """Make somebody a new secret, which does not count yet; refused while there is one that counts."""
    if is_set(connection, person_id):
        raise Refused((refuse("factor.set_already"),))
    connection.execute(delete(F).where(F.c.person_id == person_id))
    connection.execute(insert(F), {"person_id": person_id, "secret": random_base32(), "begun_at": now})


def address_of(secret: str, login: str) -> str:
    """What the picture for the telephone says: the secret, whose it is, and of which service."""
    return TOTP(secret).provisioning_uri(name=login, issuer_name=ISSUER)


def confirm(connection: Connection, by: Keeper, code: Code, now: datetime) -> tuple[str, ...]:
    """Let a secret count from its first right code on, and give 10 recovery codes; refused for a wrong code."""
    kept = connection.execute(select(F).where(F.c.person_id == by.person_id).with_for_update()).first()
    if kept is None or kept.confirmed_at is not None:
        raise Refused((refuse("factor.not_begun"),))
    step = _step_of(kept.secret, code)
    if step is None:
        raise Refused((refuse("factor.code_wrong"),))
    connection.execute(update(F).where(F.c.person_id == by.person_id).values(confirmed_at=now, last_step=step))
    keep(connection, by, AdminAct.FACTOR_CONFIRMED, now, by.person_id)
    return renew_codes(connection, kept.person_id)


def renew_codes(connection: Connection, person_id: int) -> tuple[str, ...]:
    """Give 10 new recovery codes in place of those there were, of which only hashes are kept."""
    if not is_set(connection, person_id):
        raise Refused((refuse("factor.none"),))
    codes = tuple(_make_code() for _ in range(CODES))
    connection.execute(delete(C).where(C.c.person_id == person_id))
    rows = [{"person_id": person_id, "code_hash": _hash(person_id, code)} for code in codes]
    connection.execute(insert(C), rows)
    return codes


def remove(connection: Connection, person_id: int, by: Keeper, now: datetime) -> None:
    """Take a second factor away with its recovery codes; refused where there is none."""
    connection.execute(delete(C).where(C.c.person_id == person_id))
    removed = connection.execute(delete(F).where(F.c.person_id == person_id, F.c.confirmed_at.is_not(None)))
    if removed.rowcount == 0:
        raise Refused((refuse("factor.none"),))
    keep(connection, by, AdminAct.FACTOR_REMOVED, now, person_id)


def turn_off(connection: Connection, by: Keeper, now: datetime) -> None:
    """Turn one's own second factor off; refused to whoever holds an office that obliges to it."""
    if by.person_id is None or is_obliged(connection, by.person_id, day_of(now)):
        raise Refused((refuse("factor.obliged"),))
    remove(connection, by.person_id, by, now)


def is_set(connection: Connection, person_id: int) -> bool:
    """Whether somebody has a second factor that counts."""
    found = select(F.c.person_id).where(F.c.person_id == person_id, F.c.confirmed_at.is_not(None))
    return connection.execute(found).first() is not None


def is_obliged(connection: Connection, person_id: int, today: date) -> bool:
    """Whether somebody holds an office that obliges to a second factor."""
    held = and_(G.c.valid_from <= today, or_(G.c.valid_to.is_(None), G.c.valid_to >= today))
    obliged = select(D.c.role).join(G, G.c.role == D.c.role).where(G.c.person_id == person_id, held)
    return connection.execute(obliged).first() is not None


def is_owed(connection: Connection, person_id: int, today: date) -> bool:
    """Whether somebody is obliged to a second factor and has none."""
    return is_obliged(connection, person_id, today) and not is_set(connection, person_id)


def accept(connection: Connection, person_id: int, code: Code, now: datetime) -> bool:
    """Whether a code is right, of the telephone or for recovery; a right one is used up by it."""
    typed = re.sub(r"[\s-]", "", code.typed).casefold()
    if not typed.isdigit():
        return _use_recovery(connection, person_id, typed, now)
    secret = connection.execute(select(F.c.secret).where(F.c.person_id == person_id)).scalar()
    step = _step_of(secret, Code(typed, code.instant)) if secret else None
    if step is None:
        return False
    later = update(F).where(F.c.person_id == person_id, F.c.confirmed_at.is_not(None), F.c.last_step < step)
    return connection.execute(later.values(last_step=step)).rowcount == 1


def oblige(connection: Connection, roles: frozenset[Role], by: Keeper, now: datetime) -> None:
    """Lay down which offices oblige to a second factor, from each holder's next sign-in on."""
    before = {Role(role) for role in connection.execute(select(D.c.role).order_by(D.c.role)).scalars()}
    if before == roles:
        return
    connection.execute(delete(D).where(D.c.role.in_([role.value for role in before - roles])))
    for role in sorted(roles - before):
        connection.execute(insert(D), {"role": role.value, "since": now})
    keep(connection, by, AdminAct.DUTY_CHANGED, now, roles=",".join(sorted(roles)))


def _step_of(secret: str, code: Code) -> int | None:
    """The step of time to which a code belongs, or None for a wrong one; all are compared, whichever it is."""
    totp, typed = TOTP(secret), re.sub(r"\s", "", code.typed).encode()
    here = totp.timecode(code.instant)
    right = [here + drift for drift in DRIFT if compare_digest(totp.generate_otp(here + drift).encode(), typed)]
    return right[-1] if right else None


def _use_recovery(connection: Connection, person_id: int, code: str, now: datetime) -> bool:
    unused = and_(C.c.person_id == person_id, C.c.code_hash == _hash(person_id, code), C.c.used_at.is_(None))
    return connection.execute(update(C).where(unused).values(used_at=now)).rowcount == 1


def _make_code() -> str:
    return "-".join("".join(choice(LETTERS) for _ in range(GROUP)) for _ in range(GROUPS))


def _hash(person_id: int, code: str) -> str:
    return sha256(f"{person_id}:{code.replace('-', '')}".encode()).hexdigest()
