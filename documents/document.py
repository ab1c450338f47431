"""How a kind of document is entered: once, with the class of its facts, by the name of its template and a version."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal, TypeVar, dataclass_transform

T = TypeVar("T")
entered: dict[str, type[Any]] = {}
"""The facts of each kind and version, by their name such as `proposal/v1`."""


class Document:
    """What every document says of itself: its kind, which is the name of its template folder, and the version."""

    __slots__ = ()

    kind: str
    version: int


@dataclass_transform(kw_only_default=True, frozen_default=True)
def document(kind: str, *, version: int = 1) -> Callable[[type[T]], type[T]]:
    """Enter a class as the facts of a kind and version of document, as a frozen record that says both."""

    def enter(facts: type[T]) -> type[T]:
        itself: dict[str, Any] = {"kind": Literal[kind], "version": Literal[version]}
        facts.__annotations__ = itself | facts.__annotations__
        for name, value in (("kind", kind), ("version", version)):
            setattr(facts, name, value)
        made = dataclass(frozen=True, slots=True, kw_only=True)(facts)
        entered[f"{kind}/v{version}"] = made
        return made

    return enter
