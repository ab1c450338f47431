"""The application: settings, extensions, pages, error pages and commands put together. Imported by nobody."""

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix
from whitenoise import WhiteNoise

from blueprints import (
    admin,
    auth,
    compiled,
    council,
    database,
    design,
    desk,
    errors,
    face,
    forgery,
    headers,
    health,
    incoming,
    log,
    looked,
    notices,
    outgoing,
    packed,
    register,
    sentences,
    signed,
    signing,
    urls,
)
from casework.storage import open_storage
from commands import Commands, settings_or_end
from models.database import make_engine
from settings import Settings

A_YEAR_SECONDS = 365 * 24 * 3600


def create_app(settings: Settings | None = None) -> Flask:
    """Make the application for these settings, or for those of the environment."""
    settings = settings or settings_or_end()
    app = Flask(__name__, static_folder=None)
    configure(app, settings)
    for part in (incoming, compiled, log, packed, database, headers, face, sentences, errors):
        part.prepare(app)
    protection = forgery.prepare(app)
    for view in (auth.NEEDS_NO_SESSION, register.NEEDS_NO_SESSION):
        protection.exempt(view)
    for part in (signed, looked):
        part.prepare(app)
    for desks in (auth, desk, council, outgoing, signing, admin, register, notices, health):
        app.register_blueprint(desks.pages)
    if settings.development:
        app.register_blueprint(design.pages)
    app.cli = Commands()
    serve_static(app)
    trust_proxies(app, settings.proxies)
    return app


def configure(app: Flask, settings: Settings) -> None:
    """Set what the parts of the application look up: cookies, limits, engine and storage."""
    app.config.update(
        SECRET_KEY=settings.secret_key,
        SESSION_COOKIE_NAME="datchuan",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.secure_cookies,
        WTF_CSRF_TIME_LIMIT=None,
        MAX_CONTENT_LENGTH=errors.LARGEST_REQUEST,
        PRACTICE=settings.practice,
    )
    app.url_map.converters.update(urls.CONVERTERS)
    app.url_rule_class = urls.LateRule
    app.jinja_environment = compiled.Templates
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.extensions["settings"] = settings
    app.extensions["engine"] = make_engine(settings.database_url)
    app.extensions["storage"] = open_storage(settings.files_path)


def serve_static(app: Flask) -> None:
    """Serve style sheets, fonts and scripts under addresses that carry their hash, kept by browsers for a year."""
    app.wsgi_app = WhiteNoise(  # type: ignore[method-assign]  # Flask's documented way to put a layer around
        app.wsgi_app,
        root=str(packed.static_folder()),
        prefix="static/",
        max_age=A_YEAR_SECONDS,
        immutable_file_test=lambda _path, _url: True,
        allow_all_origins=False,
        add_headers_function=headers.add_to_static,
    )


def trust_proxies(app: Flask, count: int) -> None:
    """Take the address of whoever asks from what the last so many proxies say; without any, nobody's word for it."""
    if count:
        only_the_address = {"x_proto": 0, "x_host": 0, "x_port": 0, "x_prefix": 0}
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=count, **only_the_address)  # type: ignore[method-assign]  # as above
