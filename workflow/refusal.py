"""Why something is not allowed: a code with parameters. Sentences live with the translations, never here."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

type_of_parameter = str | int | date | tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Refusal:
    """One reason why an act is refused, as a code and the parameters its sentence needs."""

    code: str
    parameters: Mapping[str, type_of_parameter] = field(default_factory=dict)


def refuse(code: str, **parameters: type_of_parameter) -> Refusal:
    """A refusal with its parameters by name."""
    return Refusal(code, parameters)
