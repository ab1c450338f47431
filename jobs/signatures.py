"""Signing a paper with a key of the server: done again from the same bytes when it was cut off, recorded once."""

from datetime import datetime
from typing import Any

from obstore.exceptions import BaseError as ObjectStoreError
from sqlalchemy import Row

from casework import clock, signing
from casework.owed import GiveUp, Task
from casework.signing import Made
from casework.storage import get, put
from casework.unit_of_work import reading, unit_of_work
from documents.signing.keys import SigningFault
from documents.signing.office import Office
from jobs.tools import Tools
from workflow.names import SigningPart, SigningTrouble

LONGEST_NAME = 200
STAMPING = frozenset({SigningTrouble.TIME_STAMP, SigningTrouble.TIME_STAMP_REFUSED, SigningTrouble.TIME_STAMP_WRONG})
LATER = STAMPING | {SigningTrouble.TOKEN, SigningTrouble.PROOF, SigningTrouble.STORAGE}
"""What may be over the next time; of all else somebody must do something first."""


def sign(task: Task, now: datetime, tools: Tools) -> None:
    """Put the signature on the file that stands before it; what cannot be signed keeps the reason."""
    with reading(tools.engine) as connection:
        wanted = signing.to_sign(connection, task.row.id)
    if wanted.file_sha256 is not None:
        return
    try:
        made = _make(wanted, tools)
    except (SigningFault, ObjectStoreError, OSError, ValueError) as error:
        trouble = SigningTrouble(error.cause) if isinstance(error, SigningFault) else SigningTrouble.STORAGE
        with unit_of_work(tools.engine) as connection:
            signing.record_trouble(connection, task.row.id, trouble)
        if trouble in LATER:
            raise
        raise GiveUp(str(error)) from error
    with unit_of_work(tools.engine) as connection:
        signing.record(connection, task.row.id, made, now)


def _make(wanted: Row[Any], tools: Tools) -> Made:
    office, moment = tools.office, clock.real_now()
    if office is None:
        raise SigningFault("key_missing", "SIGNING_KEYS_PATH is not set")
    if wanted.part == SigningPart.SEAL:
        key = office.key("seal", wanted.code, moment)
        content = office.sign(get(tools.storage, wanted.signed), "seal", key, _image(office, wanted.login, moment))
    else:
        key = office.key("signer", wanted.login, moment)
        content = office.sign(get(tools.storage, wanted.issued), "signer", key)
    whose = (key.holder[:LONGEST_NAME], key.issuer[:LONGEST_NAME], key.serial)
    return Made(put(tools.storage, content), *whose, signed_at=moment, stamped=office.level != "B-B")


def _image(office: Office, login: str, moment: datetime) -> bytes | None:
    """The image that the seal covers in part; none where the signer's key is not here."""
    try:
        return office.key("signer", login, moment).image
    except SigningFault:
        return None
