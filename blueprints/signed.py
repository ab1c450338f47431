"""Who asks: the person behind the session's secret, read once a request."""

from typing import Any

from flask import Flask, Response, abort, g, request
from flask.sessions import SecureCookieSessionInterface, SessionMixin
from flask_login import LoginManager, UserMixin, current_user

from blueprints import database
from casework.admin_record import Keeper
from casework.signing_in import SEEN_EVERY, id_of, note_seen
from queries.sessions import SignedIn, signed_in

manager = LoginManager()
manager.session_protection = None  # a changing mobile address must not sign anybody out; sessions are revocable instead


class User(UserMixin):
    """A signed-in person as Flask-Login knows one: its id is the secret of the session."""

    def __init__(self, secret: str, person: SignedIn) -> None:
        self.secret, self.person = secret, person

    def get_id(self) -> str:
        """The secret that the cookie carries."""
        return self.secret


class Sessions(SecureCookieSessionInterface):
    """The cookie of the session, which a page that is the same for everybody neither sets nor mentions."""

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Write the cookie if need be."""
        if not g.get("shared"):
            super().save_session(app, session, response)


@manager.user_loader
def load(secret: str) -> User | None:
    """The user of a secret whose session is still valid."""
    person = signed_in(database.reader(), id_of(secret), g.now)
    return User(secret, person) if person else None


def prepare(app: Flask) -> None:
    """Let the application know who asks, and keep when each session was last used."""
    app.session_interface = Sessions()
    manager.init_app(app)
    app.before_request(note_use)


def person() -> SignedIn | None:
    """Who is signed in, or None; nobody on a page that is the same for everybody."""
    if g.get("shared"):
        return None
    user: Any = current_user
    return user.person if user.is_authenticated else None


def note_use() -> None:
    """Keep when a session was last used, at most once in five minutes and never for a page that is only looked at."""
    if request.method != "POST":
        return
    found = person()
    if found is not None and g.now - found.last_seen_at > SEEN_EVERY:
        with database.act() as connection:
            note_seen(connection, found.session_id, g.now)


def require_person() -> SignedIn:
    """Who is signed in, on a page that nobody else reaches."""
    found = person()
    if found is None:
        abort(401)
    return found


def keeper() -> Keeper:
    """The person signed in, as the record of administrative acts names who acts."""
    found = require_person()
    return Keeper(found.name, found.person_id)
