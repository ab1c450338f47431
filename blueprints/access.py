"""Who may open a page: said when it is registered. A page without `access=` cannot be registered at all."""

from collections.abc import Callable
from enum import Enum
from functools import wraps
from typing import Any, TypeAlias

from flask import Blueprint, abort, g
from flask.typing import ResponseReturnValue

from blueprints import again, signed
from workflow.names import Role


class Access(Enum):
    """Everybody, or whoever is signed in; a set of offices instead of these names who else is kept out."""

    PUBLIC = "public"
    SIGNED_IN = "signed_in"


PUBLIC, SIGNED_IN = Access.PUBLIC, Access.SIGNED_IN

AllowedTo: TypeAlias = Access | frozenset[Role]
View: TypeAlias = Callable[..., ResponseReturnValue]


class Pages(Blueprint):
    """A blueprint of which each page says who may open it."""

    def page(
        self, rule: str, *, access: AllowedTo, methods: tuple[str, ...] = ("GET",), **options: Any
    ) -> Callable[[View], View]:
        """Register a page for GET (or the named methods) and for those who may open it."""

        def register(view: View) -> View:
            guarded = _guard(view, access)
            super(Pages, self).add_url_rule(rule, view_func=guarded, methods=list(methods), **options)
            return guarded

        return register

    def route(self, rule: str, **_options: Any) -> Any:
        """Refuse Flask's own way of registering, which knows no access."""
        raise TypeError(f"{rule}: register a page with page(rule, access=...)")

    def add_url_rule(self, rule: str, *_args: Any, **_options: Any) -> None:
        """Refuse Flask's own way of registering, which knows no access."""
        raise TypeError(f"{rule}: register a page with page(rule, access=...)")


def _guard(view: View, access: AllowedTo) -> View:
    @wraps(view)
    def guarded(**values: Any) -> ResponseReturnValue:
        if access is not PUBLIC and signed.person() is None:
            return again.ask_to_sign_in()
        if isinstance(access, frozenset) and not access & signed.require_person().roles_on(g.today):
            abort(403)
        return view(**values)

    guarded.access = access  # type: ignore[attr-defined]  # read by the contract test over all routes
    return guarded
