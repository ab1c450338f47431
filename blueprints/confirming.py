"""Showing once that it is really the person signed in who acts, for some acts that are done one after the other."""

from datetime import datetime, timedelta
from typing import Any, NamedTuple

from flask import g, session

from blueprints import signed
from blueprints.auth.base import ConfirmForm, confirmed, has_factor

SHOWN = "shown_to_be"
LASTS = timedelta(minutes=30)


def asks() -> bool:
    """Whether password and code are still to be asked for: they were not given in this session, or long ago."""
    kept = session.get(SHOWN)
    if not isinstance(kept, list) or len(kept) != 2 or kept[0] != signed.require_person().session_id:
        return True
    return not timedelta(0) <= g.now - datetime.fromisoformat(kept[1]) <= LASTS


class Asked(NamedTuple):
    """What is to be shown: the fields for the password and the code, and whether there is a code."""

    form: ConfirmForm
    with_code: bool


def fields() -> Asked | None:
    """The fields to be shown; None where they are not asked for."""
    return Asked(ConfirmForm(), has_factor()) if asks() else None


def settle(sent: Any) -> Asked | None:
    """None when it is the person, which is kept for a while; else the fields with what is wrong beside them."""
    if not asks():
        return None
    form = ConfirmForm(sent)
    if not (form.validate() and confirmed(form)):
        return Asked(form, has_factor())
    session[SHOWN] = [signed.require_person().session_id, g.now.isoformat()]
    return None
