"""What the pages of signing share: whose turn it is, and how it stands with one's key."""

from datetime import datetime
from typing import NamedTuple

from flask import current_app, g

from blueprints import signed
from blueprints.access import Pages
from blueprints.face import word
from casework import clock
from documents.signing.office import Office
from queries.days import VIETNAM
from queries.signatures import Line, parts_of
from workflow.names import Role, SigningPart
from workflow.policy import SIGNERS

pages = Pages("signing", __name__)
SIGNING = frozenset(role for roles in SIGNERS.values() for role in roles)
CLERKS = frozenset({Role.RECORDS_CLERK})


class Ready(NamedTuple):
    """How it stands with a key: whose certificate it is and until when, or why it cannot be used."""

    holder: str = ""
    until: datetime | None = None
    trouble: str = ""


def office() -> Office | None:
    """How papers are signed here; None where the server holds no keys."""
    found: Office | None = current_app.extensions["settings"].office
    return found


def key_for(part: SigningPart, lines: tuple[Line, ...]) -> Ready:
    """The key by which the server would sign these papers now."""
    here = office()
    if here is None:
        return Ready(trouble=word("signing_troubles", "key_missing"))
    from documents.signing.keys import SigningFault  # what opens keys is loaded where there are some

    name = lines[0].unit_code if part is SigningPart.SEAL and lines else signed.require_person().login
    try:
        key = here.key(part.value, name, clock.real_now())
    except SigningFault as fault:
        return Ready(trouble=word("signing_troubles", fault.cause))
    return Ready(key.holder, key.certificate.not_valid_after_utc.astimezone(VIETNAM))


def own_part(wished: str) -> SigningPart | None:
    """The signature that the person gives here: the wished one of several, else the first; None without any."""
    parts = parts_of(signed.require_person().actor, g.today)
    return next((part for part in parts if part.value == wished), parts[0] if parts else None)
