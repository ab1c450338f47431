"""Removing what has run out and is no part of the history: sessions, tries to sign in, links, notices, drafts."""

import re
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, or_, select

from models.accounts import PasswordLink
from models.base import table_of
from models.dossiers import Dossier
from models.drafts import Draft
from models.notices import DailyJob, Message, Notice
from models.people import SignInAttempt, SignInSession
from queries.rulebook import procedures

S, T, L, N, M, J = (table_of(one) for one in (SignInSession, SignInAttempt, PasswordLink, Notice, Message, DailyJob))
F, D = table_of(Draft), table_of(Dossier)
KEPT = timedelta(days=30)
DRAFTS_KEPT = timedelta(days=90)
OF_DOSSIER = re.compile(r"/dossiers/(\d{1,15})/")
AT_ONCE = 500
NOTICES_KEPT = timedelta(days=365)


def clean_up(connection: Connection, now: datetime) -> None:
    """Remove sessions ended, tries made and links expired 30 days ago, read notices and finished work of a year ago.

    What was typed and not sent goes after 90 days, or when nothing more is done of its dossier.
    """
    month, year = now - KEPT, now - NOTICES_KEPT
    connection.execute(delete(S).where(or_(S.c.expires_at < month, S.c.revoked_at < month)))
    connection.execute(delete(T).where(T.c.at < month))
    connection.execute(delete(L).where(L.c.expires_at < month))
    connection.execute(delete(M).where(M.c.done_at < year))
    told = select(M.c.id).where(M.c.notice_id == N.c.id)
    connection.execute(delete(N).where(N.c.read_at < year, ~told.exists()))
    connection.execute(delete(J).where(J.c.done_at < year))
    connection.execute(delete(F).where(F.c.saved_at < now - DRAFTS_KEPT))
    _drop_finished(connection)


def _drop_finished(connection: Connection) -> None:
    """Let go of what was typed for dossiers of which nothing more is done: nobody can send it any more.

    A dossier that has ended with a title may still be reviewed, and its decision replaced or corrected.
    """
    addresses = connection.execute(select(F.c.address).where(F.c.address.startswith("/dossiers/")).distinct())
    begun: dict[int, list[str]] = {}
    for address in addresses.scalars():
        if found := OF_DOSSIER.match(address):
            begun.setdefault(int(found[1]), []).append(address)
    ids = sorted(begun)
    for some in (ids[start : start + AT_ONCE] for start in range(0, len(ids), AT_ONCE)):
        ended = connection.execute(select(D.c.id, D.c.procedure_id, D.c.state).where(D.c.id.in_(some), ~D.c.is_open))
        final = [row.id for row in ended if not procedures()[row.procedure_id].actions_from(row.state)]
        gone = [address for dossier_id in final for address in begun[dossier_id]]
        connection.execute(delete(F).where(F.c.address.in_(gone)))
