"""Who may open a page: said when it is registered. A page without `access=` cannot be registered at all."""

from collections.abc import Callable
from enum import Enum
from functools import wraps
from typing import Any, TypeAlias

from flask import Blueprint, Response, abort, g, make_response, redirect, url_for
from flask.typing import ResponseReturnValue

from blueprints import again, signed
from workflow.names import Role


class Access(Enum):
    """Everybody, or whoever is signed in; a set of offices instead of these names who else is kept out.

    A shared page is the same for everybody: nothing of a session is read, so that caches may keep it for a minute.
    Whoever has yet to set up a second factor reaches what is open while setting up, and nothing else.
    """

    PUBLIC = "public"
    SHARED = "shared"
    SIGNED_IN = "signed_in"
    SETTING_UP = "setting_up"


PUBLIC, SHARED, SIGNED_IN, SETTING_UP = Access.PUBLIC, Access.SHARED, Access.SIGNED_IN, Access.SETTING_UP
OPEN_BEFORE = (PUBLIC, SETTING_UP)
KEPT_FOR = "public, max-age=60"

AllowedTo: TypeAlias = Access | frozenset[Role]
View: TypeAlias = Callable[..., ResponseReturnValue]


class Pages(Blueprint):
    """A blueprint of which each page says who may open it."""

    def page(
        self,
        rule: str,
        *,
        access: AllowedTo,
        methods: tuple[str, ...] = ("GET",),
        stranger: View | None = None,
        **options: Any,
    ) -> Callable[[View], View]:
        """Register a page for GET (or the named methods) and for those who may open it.

        Whoever is not signed in gets the page `stranger` when there is one, and else the way to the sign-in page.
        """

        def register(view: View) -> View:
            guarded = _guard(view, access, stranger)
            super(Pages, self).add_url_rule(rule, view_func=guarded, methods=list(methods), **options)
            return guarded

        return register

    def route(self, rule: str, **_options: Any) -> Any:
        """Refuse Flask's own way of registering, which knows no access."""
        raise TypeError(f"{rule}: register a page with page(rule, access=...)")

    def add_url_rule(self, rule: str, *_args: Any, **_options: Any) -> None:
        """Refuse Flask's own way of registering, which knows no access."""
        raise TypeError(f"{rule}: register a page with page(rule, access=...)")


def _guard(view: View, access: AllowedTo, stranger: View | None) -> View:
    @wraps(view)
    def guarded(**values: Any) -> ResponseReturnValue:
        if access is SHARED:
            return _shared(view, values)
        if access is not PUBLIC and (answer := again.take_up()):
            return answer
        if access is not PUBLIC and signed.person() is None:
            return _for_stranger(stranger) if stranger else again.ask_to_sign_in()
        if access not in OPEN_BEFORE and signed.require_person().must_set_up:
            return redirect(url_for("auth.second_factor"), 303)
        if isinstance(access, frozenset) and not access & signed.require_person().roles_on(g.today):
            abort(403)
        return view(**values)

    guarded.access = access  # type: ignore[attr-defined]  # read by the contract test over all routes
    return guarded


def _shared(view: View, values: dict[str, Any]) -> Response:
    g.shared = True
    response = make_response(view(**values))
    if response.status_code == 200:
        response.headers.setdefault("Cache-Control", KEPT_FOR)  # a page may say that it must not be kept
    return response


def _for_stranger(view: View) -> Response:
    """The same page for all who are not signed in; a cache must tell them from those who are."""
    response = _shared(view, {})
    response.vary.add("Cookie")
    return response
