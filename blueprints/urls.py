"""The typed parameters of addresses: names of closed lists are written with hyphens, and unknown ones are not found."""

from collections.abc import Callable
from datetime import date

from werkzeug.routing import BaseConverter, IntegerConverter, Map, Rule, ValidationError

from blueprints.incoming import LARGEST


class IdConverter(IntegerConverter):
    """A key or a year; one that is larger than any the databases hold is not found."""

    regex = "[0-9]{1,10}"

    def __init__(self, map: Map) -> None:  # noqa: A002 - Werkzeug's own
        super().__init__(map, max=LARGEST)


class KebabConverter(BaseConverter):
    """A name in small letters with hyphens, underscores inside the program."""

    regex = "[a-z0-9]+(?:-[a-z0-9]+)*"

    def to_python(self, value: str) -> str:
        """The name as the program writes it."""
        return value.replace("-", "_")

    def to_url(self, value: str) -> str:
        """The name as the address writes it."""
        return str(value).replace("_", "-")


class CodeConverter(BaseConverter):
    """The code of a criterion or an indicator, such as 17 or 17.1."""

    regex = "[0-9A-Za-z]+(?:\\.[0-9A-Za-z]+)*"


class SlugConverter(BaseConverter):
    """The key of a procedure or criteria set, which has its hyphens inside the program too."""

    regex = "[a-z0-9]+(?:-[a-z0-9]+)*"


class DayConverter(BaseConverter):
    """A day as 2026-01-05."""

    regex = "[0-9]{4}-[0-9]{2}-[0-9]{2}"

    def to_python(self, value: str) -> date:
        """The day; one that no calendar has is not found."""
        try:
            return date.fromisoformat(value)
        except ValueError as wrong:
            raise ValidationError from wrong


class DigestConverter(BaseConverter):
    """The SHA-256 of a file."""

    regex = "[0-9a-f]{64}"


class TokenConverter(BaseConverter):
    """The secret of a one-time link."""

    regex = "[0-9A-Za-z_-]{43}"


class SpelledConverter(BaseConverter):
    """A look-up code as people type it: in small letters or capitals, with or without hyphens."""

    regex = "[0-9A-Za-z-]{1,40}"

    def to_python(self, value: str) -> str:
        """The code as it is kept."""
        return value.replace("-", "").lower()


class ScannedConverter(BaseConverter):
    """The whole path in a paper's QR code, which is in capitals: /V/, the look-up code and the seal."""

    regex = "V/[0-9A-Z][0-9A-Z./-]{0,400}"
    part_isolating = False


CONVERTERS = {
    "int": IdConverter,
    "kebab": KebabConverter,
    "slug": SlugConverter,
    "code": CodeConverter,
    "day": DayConverter,
    "digest": DigestConverter,
    "token": TokenConverter,
    "spelled": SpelledConverter,
    "scanned": ScannedConverter,
}


class LateRule(Rule):
    """A rule that compiles what writes its addresses when the first of them is written, not at every start."""

    def _compile_builder(self, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:  # noqa: FBT001, FBT002 - Werkzeug's own
        compiled = super()._compile_builder

        def first(rule: Rule, **values: object) -> tuple[str, str]:
            build: Callable[..., tuple[str, str]] = compiled(append_unknown).__get__(rule)
            setattr(rule, "_build_unknown" if append_unknown else "_build", build)
            return build(**values)

        return first
