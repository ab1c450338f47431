"""The typed parameters of addresses: names of closed lists are written with hyphens, and unknown ones are not found."""

from werkzeug.routing import BaseConverter


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


class DigestConverter(BaseConverter):
    """The SHA-256 of a file."""

    regex = "[0-9a-f]{64}"


class TokenConverter(BaseConverter):
    """The secret of a one-time link."""

    regex = "[0-9A-Za-z_-]{43}"


CONVERTERS = {"token": TokenConverter, "kebab": KebabConverter, "code": CodeConverter, "digest": DigestConverter}
