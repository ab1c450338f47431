"""Removing what has run out and is no part of the history: sessions, tries to sign in, links, notices once read."""

from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, or_, select

from models.accounts import PasswordLink
from models.base import table_of
from models.notices import DailyJob, Message, Notice
from models.people import SignInAttempt, SignInSession

S, T, L, N, M, J = (table_of(one) for one in (SignInSession, SignInAttempt, PasswordLink, Notice, Message, DailyJob))
KEPT = timedelta(days=30)
NOTICES_KEPT = timedelta(days=365)


def clean_up(connection: Connection, now: datetime) -> None:
    """Remove sessions ended, tries made and links expired 30 days ago, read notices and finished work of a year ago."""
    month, year = now - KEPT, now - NOTICES_KEPT
    connection.execute(delete(S).where(or_(S.c.expires_at < month, S.c.revoked_at < month)))
    connection.execute(delete(T).where(T.c.at < month))
    connection.execute(delete(L).where(L.c.expires_at < month))
    connection.execute(delete(M).where(M.c.done_at < year))
    told = select(M.c.id).where(M.c.notice_id == N.c.id)
    connection.execute(delete(N).where(N.c.read_at < year, ~told.exists()))
    connection.execute(delete(J).where(J.c.done_at < year))
